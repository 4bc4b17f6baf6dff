"""``newsletter new``."""

from __future__ import annotations

import calendar
import datetime
import re
from pathlib import Path

import click

from newsletter.cli.common import GetWorkspace, complete_issue, echo_note, note_misnamed
from newsletter.errors import ContentError, UsageError, display_path
from newsletter.files import write_atomic
from newsletter.issues import definition, ledger
from newsletter.model import Query
from newsletter.reference import write_schemas
from newsletter.scaffold import scaffold
from newsletter.workspace import ISSUE_NAME, Workspace

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@click.command()
@click.argument("issue")
@click.option("--month", metavar="YYYY-MM", help="Carry the items of this month [default: ISSUE, when it is a month].")
@click.option("--since-last", is_flag=True, help="Carry what has come since the last published issue.")
@click.option("--date", metavar="YYYY-MM-DD", help="Date of the issue [default: the month's last day, or today].")
@click.option("--number", type=click.IntRange(min=0), help="Its number [default: one more than the highest].")
@click.option("--from", "source", metavar="ISSUE", shell_complete=complete_issue, help="Take the sections of an issue.")
@click.pass_obj
def new(
    get_workspace: GetWorkspace,
    issue: str,
    month: str | None,
    since_last: bool,
    date: str | None,
    number: int | None,
    source: str | None,
) -> None:
    """Start an issue: write issues/ISSUE.yaml, numbered on, with every key explained.

    \b
    Examples:
      newsletter new 2017-10
      newsletter new 2017-10 --from 2017-09
      newsletter new autumn-special --since-last --date 2017-10-15
    """
    workspace = get_workspace()
    path = _new_path(workspace, issue)
    note_misnamed(workspace)
    if month and since_last:
        raise UsageError("--month or --since-last, not both")
    if month and not MONTH.fullmatch(month):
        raise UsageError(f"'{month}' is not a month: write it as YYYY-MM")
    if not month and not since_last:
        month = issue if MONTH.fullmatch(issue) else None
    if since_last and not ledger.read(workspace.ledger_dir):
        raise UsageError("no issue is published yet: use --month")
    day = _day(date, month)
    select = f"  month: {month or day.strftime('%Y-%m')}" if not since_last else "  since: last-issue"
    text = scaffold(
        "issue.yaml",
        {
            "number": str(_next_number(workspace) if number is None else number),
            "date": str(day),
            "select": select,
        },
    )
    if source:
        text = _with_sections(text, workspace, source)
    write_atomic(path, text.encode(), durable=True)
    write_schemas(workspace.state_dir)
    click.echo(display_path(path))
    if not since_last:
        wanted = month or day.strftime("%Y-%m")
        count = len(workspace.archive.select(Query(month=wanted)))
        click.echo(f"the archive has {count} items of {wanted}", err=True)


def _new_path(workspace: Workspace, issue: str) -> Path:
    if not ISSUE_NAME.fullmatch(issue):
        raise UsageError("ISSUE is a file's name and an address: use letters, digits, '-', '_' and '.'")
    if re.fullmatch(r"\d{4}-\d{1,2}", issue) and not MONTH.fullmatch(issue):
        year, _, month = issue.partition("-")
        near = f"{year}-{int(month):02d}"
        raise UsageError(f"'{issue}' is not a month" + (f": did you mean {near}?" if MONTH.fullmatch(near) else ""))
    path = workspace.issues_dir / f"{issue}.yaml"
    if path.exists():
        raise UsageError(f"{display_path(path)} exists already")
    return path


def _day(date: str | None, month: str | None) -> datetime.date:
    if date:
        try:
            return datetime.date.fromisoformat(date)
        except ValueError:
            raise UsageError(f"'{date}' is not a date: write it as YYYY-MM-DD") from None
    if month:
        year, number = int(month[:4]), int(month[5:])
        return datetime.date(year, number, calendar.monthrange(year, number)[1])
    return datetime.datetime.now().astimezone().date()


def _next_number(workspace: Workspace) -> int:
    """Return one more than the highest number among definitions and published issues."""
    numbers = [published.entry.number or 0 for published in ledger.read(workspace.ledger_dir)]
    for name in workspace.issue_names():
        try:
            numbers.append(definition.load(workspace.issue_path(name)).definition.number or 0)
        except ContentError as error:
            click.echo(f"note: issues/{name}.yaml has mistakes and is not counted: {error.problems[0]}", err=True)
    return max(numbers, default=0) + 1


def _with_sections(text: str, workspace: Workspace, source: str) -> str:
    """Put the sections of another issue in place of the commented ones: structure, not content."""
    earlier = definition.load(workspace.issue_path(source)).definition
    if not earlier.sections:
        return text
    lines = ["sections:"]
    for section in earlier.sections:
        # a section of pinned items only has none yet: it waits as a comment
        mark = "# " if section.only else "  "
        lines.append(f"{mark}- category: {_quoted(section.category)}")
        for key in ("heading", "layout", "columns", "limit"):
            value = getattr(section, key)
            if value not in ("", None):
                lines.append(f"{mark}  {key}: {_quoted(str(value))}")
        if section.order:
            lines.append(f"{mark}  order: {section.order}")
        if section.only:
            lines += [f"{mark}  only: true", f"{mark}  items: [an-item-id]"]
    waiting = sum(section.only for section in earlier.sections)
    if waiting == len(earlier.sections):
        lines[0] = "# sections:"
    if waiting:
        echo_note(f"{waiting} section{'s' if waiting > 1 else ''} of pinned items only came over as a comment")
    start = text.index("# sections:")
    end = text.index("\n\n", start)
    return text[:start] + "\n".join(lines) + text[end:]


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w][\w \-]*", text) else "'" + text.replace("'", "''") + "'"
