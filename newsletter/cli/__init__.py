"""The ``newsletter`` command: parsing, calling, printing. Each command group is a module, loaded when it is called."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from newsletter import __version__
from newsletter.errors import ContentError, NewsletterError, did_you_mean, display_path

COMMANDS = {
    "init": (
        "newsletter.cli.init",
        "init",
        "Make a workspace: a commented newsletter.yaml and a sample issue.",
    ),
    "archive": (
        "newsletter.cli.archive",
        "archive",
        "The news items: import, add, list, search, show, edit, check.",
    ),
    "new": (
        "newsletter.cli.new",
        "new",
        "Start an issue: issues/ISSUE.yaml for a month or since the last one.",
    ),
    "status": ("newsletter.cli.status", "status", "Show the issues and where each stands."),
    "build": ("newsletter.cli.build", "build", "Build issues: HTML, plain text, web version and .eml."),
    "preview": ("newsletter.cli.preview", "preview", "Show an issue in the browser, and follow every edit."),
    "proof": ("newsletter.cli.proof", "proof", "One file, and a PDF, for the person who approves an issue."),
    "approve": ("newsletter.cli.approve", "approve", "Record that somebody approved an issue as it is now."),
    "translate": (
        "newsletter.cli.translate",
        "translate",
        "Hand the texts of an issue to a translator, and take them back.",
    ),
    "themes": ("newsletter.cli.themes", "themes", "The themes: list, show, copy, check."),
    "schema": ("newsletter.cli.schema", "schema", "Print a JSON Schema, for editors."),
    "doctor": ("newsletter.cli.doctor", "doctor", "Check that this machine and this workspace are ready."),
    "completion": (
        "newsletter.cli.completion",
        "completion",
        "Print the script that completes words in your shell.",
    ),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called: start-up stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; offer near names when there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = did_you_mean(args[0], list(COMMANDS))
            ctx.fail(f"there is no command '{args[0]}'" + (f": {near}" if near else ""))
        return super().resolve_command(ctx, args)


def _workspace() -> Any:
    from newsletter.workspace import Workspace  # noqa: PLC0415 - not every command needs one

    return Workspace.find()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", package_name="enewsupdate", message="newsletter %(version)s")
@click.option("-C", "directory", metavar="DIR", type=click.Path(exists=True, file_okay=False), help="Work in DIR.")
@click.pass_context
def cli(ctx: click.Context, directory: str | None) -> None:
    """Turn an archive of news items into a finished email.

    \b
    Examples:
      newsletter init demo && cd demo     a workspace of your own
      newsletter archive import news.txt  news items into the archive
      newsletter new 2017-10              start October's issue
      newsletter build                    HTML, plain text, web version, .eml
    """
    if directory:
        os.chdir(directory)
    ctx.obj = _workspace


def main() -> None:
    """Run the program; a person's mistake is printed without a traceback.

    Exit codes: 0 done, 1 the content has errors, 2 wrong usage, 130 interrupted.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # looking for plugins costs 15 ms, and there are none
    gc.set_threshold(50_000)  # a short life needs little tidying: 20 ms of a build's 200
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.exit(cli(standalone_mode=False, prog_name="newsletter"))  # the code of an Exit, or None
    except NewsletterError as error:
        _print_error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output has gone
        sys.exit(0)
    except OSError as error:
        click.echo(f"error: {_about(error)}", err=True)
        sys.exit(1)


def _about(error: OSError) -> str:
    """Say what the system refused; of a file of our own making, only the folder means something to a person."""
    path = Path(str(error.filename)) if error.filename else None
    if path and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC):
        folder = path if path.is_dir() else path.parent
        while folder.name.startswith(".") and folder.parent != folder:
            folder = folder.parent
        return f"{display_path(folder)}: cannot write here: {error.strerror}"
    return f"{display_path(path)}: {error.strerror}" if path else str(error.strerror or error)


def _print_error(error: NewsletterError) -> None:
    if not isinstance(error, ContentError):
        click.echo(f"error: {error}", err=True)
        return
    for problem in error.problems:
        click.echo(str(problem), err=True)
    count = len(error.problems)
    if count > 1:
        click.echo(f"{count} problems", err=True)
