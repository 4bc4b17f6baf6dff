"""``newsletter build``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.build import Builder, Built, newest_unpublished
from newsletter.cli.common import GetWorkspace, complete_issue, echo_json, echo_note, note_misnamed
from newsletter.errors import ContentError, Problem, UsageError, display_path
from newsletter.services import GMAIL_CLIPS_AT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.parallel import Outcome
    from newsletter.workspace import Workspace


@click.command()
@click.argument("issues", metavar="[ISSUE]...", nargs=-1, shell_complete=complete_issue)
@click.option("--all", "every", is_flag=True, help="Build every issue; what has not changed is not done again.")
@click.option("--force", is_flag=True, help="Build even what has not changed.")
@click.option("--jobs", type=click.IntRange(min=1), help="With several issues: processes at once [default: cores].")
@click.option("--json", "as_json", is_flag=True, help="Print what was built as JSON.")
@click.pass_obj
def build(
    get_workspace: GetWorkspace,
    issues: tuple[str, ...],
    every: bool,
    force: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Build issues into build/ISSUE/: email.html, email.txt, web.html, email.eml, manifest.json.

    An issue with several languages is built once in each, into build/ISSUE/LANG/.

    Without ISSUE, the newest that is not published. What was left out and why is told on stderr.

    \b
    Examples:
      newsletter build
      newsletter build 2017-09
      newsletter build --all
      newsletter build 2017-09 --json | jq .[0].html_bytes
    """
    if every and issues:
        raise UsageError("name issues, or say --all, not both")
    workspace = get_workspace()
    if not issues:
        note_misnamed(workspace)
    names = _names(workspace, issues, every)
    results: list[Built] = []
    problems: list[Problem] = []
    failed = 0
    for outcome in _outcomes(workspace, names, force, jobs):
        for each in outcome:
            (results if isinstance(each, Built) else problems).append(each)  # type: ignore[arg-type]
        failed += any(isinstance(each, Problem) for each in outcome)
    if as_json:
        echo_json([_as_json(built) for built in results])
    for built in results:
        _tell(built, quiet=as_json, brief=len(results) > 1)
    if len(results) + failed > 1:
        unchanged = sum(built.unchanged for built in results)
        click.echo(
            f"built {len(results) - unchanged}, unchanged {unchanged}, failed {failed}",
            err=True,
        )
    if problems:
        raise ContentError(problems)


def _names(workspace: Workspace, issues: tuple[str, ...], every: bool) -> list[str]:
    if every:
        names = workspace.issue_names()
        if not names:
            raise UsageError("there is no issue yet: start one with 'newsletter new'")
        return names
    if issues:
        return list(dict.fromkeys(workspace.issue_path(issue).stem for issue in issues))
    return [newest_unpublished(workspace)]


def _outcomes(workspace: Workspace, names: list[str], force: bool, jobs: int | None) -> Iterator[Outcome]:
    if len(names) == 1:
        yield Builder(workspace).build(names[0], force=force)
        return
    from newsletter.cli.progress import progress  # noqa: PLC0415 - one issue needs no bar
    from newsletter.parallel import build_many  # noqa: PLC0415

    yield from progress(build_many(workspace, names, force=force, jobs=jobs), len(names), "Building")


def _tell(built: Built, *, quiet: bool, brief: bool) -> None:
    name = f"{built.issue}/{built.language}" if built.language else built.issue
    for note in built.notes:
        echo_note(f"{note.position}: {note}" if note.position else f"{name}: {note}")
    if built.clipped:
        echo_note(f"{name}: {built.sent_bytes:,} bytes as sent: Gmail cuts a mail at about {GMAIL_CLIPS_AT:,}")
    if quiet:
        return
    state = " (unchanged)" if built.unchanged else ""
    folder = display_path(built.folder)
    if brief:
        click.echo(f"{folder}{state}")
        return
    click.echo(f"{built.subject}{state}")
    for name in built.files:
        size = f"  {built.html_bytes:,} bytes, {built.sent_bytes:,} as sent" if name == "email.html" else ""
        if not name.startswith(("images/", "events/")):
            click.echo(f"  {folder}/{name}{size}")
    if built.images:
        weight = sum(built.images.values())
        click.echo(f"  {folder}/images/  {len(built.images)} pictures, {weight:,} bytes")


def _as_json(built: Built) -> dict[str, Any]:
    return {
        "issue": built.issue,
        "language": built.language,
        "subject": built.subject,
        "folder": str(built.folder),
        "files": list(built.files),
        "html_bytes": built.html_bytes,
        "sent_bytes": built.sent_bytes,
        "unchanged": built.unchanged,
        "notes": [{"code": note.code, "message": note.message, "item": note.item} for note in built.notes],
    }
