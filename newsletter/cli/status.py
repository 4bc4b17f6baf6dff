"""``newsletter status``."""

from __future__ import annotations

from dataclasses import asdict

import click

from newsletter.build import Builder
from newsletter.cli.common import GetWorkspace, echo_json, echo_note, note_misnamed
from newsletter.cli.items import one_line
from newsletter.standing import Row, overview


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def status(get_workspace: GetWorkspace, as_json: bool) -> None:
    """Show every issue and where it stands: draft, built, changed since built, proofed, approved, changed since
    approved, published, or with mistakes.

    \b
    Examples:
      newsletter status
      newsletter status --json | jq '.[] | select(.state == "draft") | .issue'
    """
    workspace = get_workspace()
    note_misnamed(workspace)
    rows = overview(Builder(workspace))
    for number, names in _same_number(rows).items():
        echo_note(f"{' and '.join(names)} have the same number, {number}")
    if as_json:
        echo_json([asdict(row) for row in rows])
    elif not rows:
        click.echo("there is no issue yet: start one with 'newsletter new'", err=True)
    else:
        _table(rows)
    if any(row.mistakes for row in rows):
        raise click.exceptions.Exit(1)


def _same_number(rows: list[Row]) -> dict[int, list[str]]:
    """Return the numbers that several issues have, with the issues' names."""
    names: dict[int, list[str]] = {}
    for row in rows:
        if row.number is not None:
            names.setdefault(row.number, []).append(row.issue)
    return {number: issues for number, issues in names.items() if len(issues) > 1}


def _table(rows: list[Row]) -> None:
    from rich.console import Console  # noqa: PLC0415 - 30 ms that --json does not need
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("issue", "no.", "date", "items", "state", "subject"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("issue", "date"))
    for row in rows:
        number = "" if row.number is None else str(row.number)
        subject = row.mistakes[0] if row.mistakes else row.subject
        count = (
            f"{len(row.mistakes)} mistake{'s' if len(row.mistakes) > 1 else ''}" if row.mistakes else one_line(row.told)
        )
        cells = (row.issue, number, row.date, str(row.items), count, subject)
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)
