"""``newsletter doctor``."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator

import click

from newsletter import __version__
from newsletter.cli.common import GetWorkspace, echo_json
from newsletter.errors import ContentError, NewsletterError, UsageError
from newsletter.workspace import Workspace

Result = tuple[str, bool | None, str]
"""What was looked at; fine, not fine, or (None) not needed; and what was seen."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def doctor(get_workspace: GetWorkspace, as_json: bool) -> None:
    """Check that this machine and this workspace are ready. Exit code 1 when something is not.

    \b
    Examples:
      newsletter doctor
      newsletter doctor --json
    """
    results = [*_machine(), *_workspace(get_workspace)]
    if as_json:
        echo_json([{"check": what, "ok": fine, "seen": seen} for what, fine, seen in results])
    else:
        for what, fine, seen in results:
            mark = {True: "ok", False: "NO", None: "--"}[fine]
            click.echo(f"{mark}  {what}: {seen}")
    if any(fine is False for _, fine, _ in results):
        raise click.exceptions.Exit(1)


def _look(what: str, see: Callable[[], str]) -> Result:
    try:
        return what, True, see()
    except ContentError as error:
        more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
        return what, False, f"{error.problems[0]}{more}"
    except (NewsletterError, OSError, ImportError, ValueError) as error:
        return what, False, f"{type(error).__name__}: {error}"


def _machine() -> Iterator[Result]:
    yield "newsletter", True, __version__
    version = sys.version_info
    yield "Python", version >= (3, 11), f"{version.major}.{version.minor}.{version.micro}"
    yield _look("MJML engine", _mjml)
    yield _look("inliner", _inliner)
    yield _look("full text search", _fts)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    yield "editor", True if editor else None, editor or "set EDITOR for 'newsletter archive edit'"
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    yield "Chromium", True if browser else None, browser or "only needed for screenshots and tests"


def _mjml() -> str:
    from newsletter.render.mjml import to_html  # noqa: PLC0415
    from newsletter.versions import version_of  # noqa: PLC0415

    source = "<mjml><mj-body><mj-section><mj-column><mj-text>ok</mj-text></mj-column></mj-section></mj-body></mjml>"
    if "ok" not in to_html(source, lambda: source):
        raise ValueError("gives no HTML: reinstall mjml-python")
    return f"mjml-python {version_of('mjml', 'mjml-python')}"


def _inliner() -> str:
    from newsletter.render.inline import Premailer, inline  # noqa: PLC0415

    premailer = Premailer()
    page = "<html><head></head><body><p>ok</p></body></html>"
    if "#123456" not in inline(page, "p { color: #123456 }", premailer):
        raise ValueError("puts no styles into elements: reinstall premailer")
    return premailer.name


def _fts() -> str:
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(":memory:") as connection:
        connection.execute("create virtual table t using fts5(x)")
    return f"SQLite {sqlite3.sqlite_version}"


def _workspace(get_workspace: GetWorkspace) -> Iterator[Result]:
    try:
        workspace: Workspace = get_workspace()
    except UsageError as error:
        yield "workspace", None, str(error)
        return
    yield "workspace", True, str(workspace.root)
    yield _look("newsletter.yaml", lambda: workspace.publication.title)
    yield _look("archive", lambda: f"{sum(count for _, count in workspace.archive.months())} items")
    yield _look("theme", lambda: _theme(workspace))
    yield _look("issues", lambda: _issues(workspace))


def _theme(workspace: Workspace) -> str:
    from newsletter.build import Builder  # noqa: PLC0415

    return Builder(workspace).theme(workspace.publication).name


def _issues(workspace: Workspace) -> str:
    from newsletter.issues import definition  # noqa: PLC0415

    names = workspace.issue_names()
    definition.load_all(map(workspace.issue_path, names))
    return f"{len(names)}"
