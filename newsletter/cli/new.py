"""``newsletter new``."""

from __future__ import annotations

import click

from newsletter.cli.common import GetWorkspace, complete_issue, echo_note, note_misnamed
from newsletter.errors import UsageError, display_path
from newsletter.files import write_atomic
from newsletter.issues import definition
from newsletter.model import Query
from newsletter.reference import write_schemas
from newsletter.scaffold.issue import begin, new_path


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
    path = new_path(workspace, issue)
    note_misnamed(workspace)
    if month and since_last:
        raise UsageError("--month or --since-last, not both")
    text, notes = begin(workspace, issue, month=month, since_last=since_last, date=date, number=number, source=source)
    for note in notes:
        echo_note(note)
    write_atomic(path, text.encode(), durable=True)
    write_schemas(workspace.state_dir)
    click.echo(display_path(path))
    wanted = definition.parse(text, path).definition.select
    if wanted and wanted.month:
        count = len(workspace.archive.select(Query(month=wanted.month)))
        click.echo(f"the archive has {count} items of {wanted.month}", err=True)
