"""Items on the screen or for a script: table, json, jsonl, yaml, listing."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from newsletter.cli.common import echo_json
from newsletter.content.characters import clean
from newsletter.model import Item

FORMATS = ("table", "json", "jsonl", "yaml", "listing")


def as_data(item: Item) -> dict[str, Any]:
    """Return ``item`` as plain data, without what is empty."""
    return item.model_dump(mode="json", exclude_defaults=True)


def print_items(items: Sequence[Item], form: str, heading: str) -> None:
    """Print ``items`` on stdout in one of :data:`FORMATS`; ``heading`` stands over a listing."""
    if form == "table":
        _print_table(items)
    elif form == "listing":
        _print_listing(items, heading)
    elif form == "yaml":
        click.echo(as_yaml(items), nl=False)
    elif form == "json":
        echo_json([as_data(item) for item in items])
    else:
        for item in items:
            click.echo(json.dumps(as_data(item), ensure_ascii=False))


def as_yaml(items: Sequence[Item]) -> str:
    """Return ``items`` as a file of the archive has them."""
    from newsletter.archive.writing import item_lines  # noqa: PLC0415 - only this format needs it

    return "\n".join("\n".join(item_lines(item)) + "\n" for item in items) or "[]\n"


def _print_listing(items: Sequence[Item], heading: str) -> None:
    from newsletter.archive.listing import format_listing, unfaithful  # noqa: PLC0415 - as above

    click.echo(format_listing(items, heading), nl=False)
    for item in unfaithful(items):
        click.echo(f"warning: '{item.id}' does not come back from a listing as it is in the archive", err=True)


def _print_table(items: Sequence[Item]) -> None:
    if sys.stdout.isatty():
        _print_rich(items)
        return
    for item in items:
        day = item.date.isoformat() if item.date else "undated"
        click.echo(f"{day:10}  {item.id}  {one_line(item.category)}: {one_line(item.title)}")


def _print_rich(items: Sequence[Item]) -> None:
    from rich.console import Console  # noqa: PLC0415 - 16 ms, for a terminal only
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("date", no_wrap=True)
    table.add_column("category", max_width=24)
    table.add_column("title, and id", overflow="fold", ratio=1)
    for item in items:
        what = Text(one_line(item.title)).append(f"\n{item.id}", style="dim")
        table.add_row(str(item.date or "undated"), Text(one_line(item.category)), what)
    Console().print(table)


def one_line(text: str) -> str:
    """Return ``text`` without control characters, in one line: content must not steer a terminal."""
    return " ".join(clean(text).split())
