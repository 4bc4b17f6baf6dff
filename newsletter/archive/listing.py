"""Items written as a listing, the format that :mod:`newsletter.archive.importers.listing` reads."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from newsletter.archive.importers import Source
from newsletter.archive.importers.dates import is_date, write_date
from newsletter.archive.importers.listing import read_listing
from newsletter.model import Item


def format_listing(items: Iterable[Item], heading: str = "") -> str:
    """Return ``items`` as a listing under ``heading``; importing it changes nothing (but see :func:`unfaithful`)."""
    blocks = [heading] if heading else []
    for number, item in enumerate(items, 1):
        blocks.append(f"  {number}. {item.category}".rstrip())
        blocks.append(f"    {_escaped(item.title)}")
        if item.date:
            blocks.append(f"    {write_date(item.date)}")
        if item.summary:
            lines = item.summary.split("\n")
            blocks.append("\n".join(f"    {_escaped(line)}" if line.strip() else "" for line in lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _escaped(line: str) -> str:
    text = line.lstrip()
    return line.replace(text, f"\\{text}", 1) if is_date(text.lstrip("\\").strip()) else line


def unfaithful(items: Sequence[Item]) -> list[Item]:
    """Return those of ``items`` that a listing cannot hold as they are: more than one blank line, a text set in …"""

    def said(item: Item) -> tuple[str, str, datetime.date | None, str]:
        return item.category, item.title, item.date, item.summary

    def comes_back(group: Sequence[Item]) -> bool:
        text = format_listing(group, "Heading")
        return list(map(said, read_listing(Source("listing", text.encode())).items)) == list(map(said, group))

    if not items or comes_back(items):
        return []
    return [item for item in items if not comes_back([item])]
