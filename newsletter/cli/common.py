"""What several commands share: arguments with completion, and small ways of printing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from newsletter.errors import NewsletterError
from newsletter.workspace import Workspace

GetWorkspace = Callable[[], Workspace]
"""What commands get as ``click.pass_obj``: finds and loads the workspace when it is called."""


def complete_issue(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Complete the name of an issue."""
    try:
        names = Workspace.find().issue_names()
    except NewsletterError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def note_misnamed(workspace: Workspace) -> None:
    """Say which files in issues/ are not read, and why."""
    for told in workspace.misnamed():
        echo_note(told)


def echo_json(value: Any) -> None:
    """Print a value as indented JSON, for scripts."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def echo_note(text: str) -> None:
    """Print a note on stderr."""
    click.echo(f"note: {text}", err=True)
