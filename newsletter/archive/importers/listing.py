"""The listing: a heading, then numbered entries of category, title, date and summary, each set apart by a blank line.

::

    News, stories and statements on cooperatives

      1. News

        Emerging cooperative responses to gig economy in Asia

        27 September 2017

        One or more paragraphs.

What tells an entry's first line from a numbered line of a summary is its indentation; where a listing has lost it,
a date that follows, or a category that is known. A date within a text is written as ``\\29 September 2017``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from newsletter.archive.folding import fold, title_key
from newsletter.archive.importers import Imported, Importer, Source
from newsletter.archive.importers.dates import NoSuchDayError, is_date, read_date, resembles_date
from newsletter.archive.naming import UNNAMED
from newsletter.errors import ContentError, Position, Problem
from newsletter.model import Item
from newsletter.yamlfile import decode

_HEADER = re.compile(r"(\d{1,9})[.)](?:\s+(\S.*))?")
_ALMOST_HEADER = re.compile(r"(?:(\d{1,9})\s*[-\u2013\u2014:/]|[*\u2022\u00b7#-]|\((\d{1,9})\))\s*(\S.*)")
_LINE_END = re.compile(r"\r\n|\r|\n")
TAB = 8
"""Columns to the next tab stop."""
PEEK = 65536
"""So many bytes tell whether a source is a listing."""
AHEAD = 4
"""Within so many lines below its first line an entry shows its date."""


class Line(NamedTuple):
    """A line that is not blank: its number, the columns that it is set in, its text from there on."""

    number: int
    indent: int
    text: str
    raw: str


Block = list[Line]


@dataclass(slots=True)
class Entry:
    """An entry in the making."""

    line: Line
    number: int
    category: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def content_indent(self) -> int | None:
        """Columns that the text below the first line is set in."""
        return self.blocks[0][0].indent if self.blocks else None

    @property
    def is_indented(self) -> bool:
        """Whether the text stands further in than the first line."""
        return self.content_indent is not None and self.content_indent > self.line.indent


def read_listing(source: Source) -> Imported:
    """Read a listing; what finds no place in an item is among the problems.

    Raises:
        ContentError: the source is empty, not UTF-8, or no listing.
    """
    text = decode(source.raw, Path(source.name))
    reader = _Reader(source)
    reader.read(list(_blocks(text)))
    if not reader.entries:
        what = "this is no listing" if text.strip() else "the file is empty"
        raise ContentError.at(
            source.name, what, "entries begin with a line such as '1. News', then title, date and summary", 1, 1
        )
    items = [item for entry in reader.entries if (item := reader.item(entry)) is not None]
    return Imported(tuple(items), tuple(sorted(reader.problems)))


def _blocks(text: str) -> Iterator[Block]:
    block: Block = []
    for number, raw in enumerate(_LINE_END.split(text), 1):
        line = raw.lstrip("\ufeff")
        content = line.strip()
        if content:
            block.append(Line(number, _columns(line[: len(line) - len(line.lstrip())]), content, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _columns(space: str) -> int:
    column = 0
    for char in space:
        column = 0 if char == "\f" else column + (TAB - column % TAB if char == "\t" else 1)
    return column


class _Reader:
    """Finds the entries, then makes items of them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.known = {fold(name) for name in source.categories}
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self.heading = ""
        self.compact = False
        self.lines: list[Line] = []
        self.at = 0

    def problem(self, line: Line, message: str, hint: str = "") -> None:
        """Note what could not be placed."""
        self.problems.append(Problem(Position(self.source.name, line.number), message, hint, "warning"))

    def read(self, blocks: Sequence[Block]) -> None:
        """Find the entries of all blocks."""
        self.lines = [line for block in blocks for line in block]
        for index, block in enumerate(blocks):
            rest: Block = []
            for place, line in enumerate(block):
                header = self._header(line, first=place == 0)
                self.at += 1
                if header is None:
                    rest.append(line)
                    continue
                self._place(rest, None)
                rest = []
                self.entries.append(header)
                if len(self.entries) == 1:
                    self.compact = place < len(block) - 1
            self._place(rest, blocks[index + 1][0] if index + 1 < len(blocks) else None)

    def _header(self, line: Line, *, first: bool) -> Entry | None:
        """Return the entry that ``line`` begins, or None when it belongs to the text of the one before."""
        match = _HEADER.fullmatch(line.text)
        if not match and self.entries and (almost := _ALMOST_HEADER.fullmatch(line.text)):
            self._warn_of(line, almost[1] or almost[2], almost[3])
        if not match or not (first or self.compact):
            return None
        entry = Entry(line, int(match[1]), match[2] or "")
        return entry if not self.entries or self._begins(entry, self.entries[-1]) else None

    def _warn_of(self, line: Line, number: str | None, category: str) -> None:
        """Say so when a line names a category as an entry does, but in another way: 2 - News, * News."""
        if fold(category) in self.known:
            before = self.entries[-1].number
            written = f"{number or before + 1}. {category}"
            told = f"it is kept in the text of entry {before}: write '{written}'"
            self.problem(line, f"'{line.text}' may begin an entry", told)

    def _begins(self, entry: Entry, before: Entry) -> bool:
        """Whether what looks like an entry after ``before`` is one."""
        line, inner = entry.line, before.content_indent
        if inner is None:
            return line.indent <= before.line.indent
        in_order = entry.number in (1, before.number + 1)
        if before.is_indented:
            return line.indent < inner or (in_order and self._date_follows())
        if self._date_follows() or fold(entry.category) in self.known or (in_order and not entry.category):
            return True
        if in_order and len(line.text) < 60 and line.text[-1] not in ".!?;:,":
            self.problem(line, f"'{line.text}' may begin an entry", f"it is kept in the text of entry {before.number}")
        return False

    def _date_follows(self) -> bool:
        for line in self.lines[self.at + 1 : self.at + 1 + AHEAD]:
            if _HEADER.fullmatch(line.text):
                return False
            if is_date(line.text):
                return True
        return False

    def _place(self, block: Block, following: Line | None) -> None:
        if not block:
            return
        first = block[0]
        text = " ".join(line.text for line in block)
        if not self.entries:
            if self.heading:
                self.problem(first, f"'{text}' stands before the first entry", "it was left out")
            self.heading = self.heading or text
            return
        entry = self.entries[-1]
        outside = entry.is_indented and first.indent <= entry.line.indent and first.indent < (entry.content_indent or 0)
        again = bool(self.heading) and title_key(text) == title_key(self.heading)
        if again and (outside or (entry.blocks and not entry.is_indented)):
            return
        if not outside:
            entry.blocks.append(block)
        elif not (following and (match := _HEADER.fullmatch(following.text)) and int(match[1]) == 1):
            self.problem(first, f"'{text}' belongs to no entry", "it was left out: put it where it belongs")

    def item(self, entry: Entry) -> Item | None:
        """Return the item of an entry, or None when it has no title."""
        title, rest = self._title(entry)
        date, rest = self._date(rest)
        if not title:
            lost = " ".join(line.text for block in entry.blocks for line in block)
            self.problem(entry.line, f"entry {entry.number} has no title", f"left out: '{entry.line.text} {lost}'")
            return None
        if date:
            self.known.add(fold(entry.category))
        elif rest:
            self._look_for_date(rest)
        return Item(
            id=UNNAMED,
            category=entry.category,
            title=" ".join(_unescaped(line.text) for line in title),
            date=date,
            summary=_summary(rest),
            source=f"{Path(self.source.name).name}:{entry.line.number}",
        )

    def _title(self, entry: Entry) -> tuple[Block, list[Block]]:
        if not entry.blocks:
            return [], []
        block, *rest = entry.blocks
        dated = next((index for index, line in enumerate(block) if is_date(line.text)), None)
        if dated is None and self.compact and not (rest and is_date(rest[0][0].text)):
            dated = 1
        if dated is None:
            return block, rest
        return block[:dated], [*filter(None, [block[dated:]]), *rest]

    def _date(self, blocks: list[Block]) -> tuple[datetime.date | None, list[Block]]:
        if not blocks:
            return None, blocks
        (line, *others), *rest = blocks
        try:
            date = read_date(line.text)
        except NoSuchDayError:
            self.problem(line, f"there is no day {line.text}", "it is kept in the text, and the item has no date")
            return None, blocks
        if date is None:
            if resembles_date(line.text):
                hint = "write it as 29 September 2017; it is kept in the text, and the item has no date"
                self.problem(line, f"'{line.text}' is not understood as a date", hint)
            return None, blocks
        return date, [others, *rest] if others else rest

    def _look_for_date(self, blocks: list[Block]) -> None:
        for block in blocks[1:]:
            if len(block) == 1 and is_date(block[0].text):
                hint = "it is kept in the text, and the item has no date"
                self.problem(block[0], f"the date {block[0].text} does not follow the title", hint)


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("\\") and is_date(text.lstrip("\\")) else text


def _summary(blocks: Iterable[Block]) -> str:
    """Return the paragraphs as they stand, without the indentation that all of them share."""
    blocks = list(blocks)
    common = min((line.indent for block in blocks for line in block), default=0)
    return "\n\n".join("\n".join(_body(block, common)) for block in blocks).lstrip()


def _body(block: Block, common: int) -> Iterator[str]:
    for line in block:
        # two spaces at the end of a line are Markdown's line break; more or fewer are nothing
        end = "  " if line.raw.endswith("  ") and line is not block[-1] else ""
        yield _set_in(line, common) + _unescaped(line.text) + end


def _set_in(line: Line, common: int) -> str:
    """Return the space before the text of ``line`` that goes beyond ``common`` columns."""
    if line.indent == common:
        return ""
    space = line.raw[: len(line.raw) - len(line.raw.lstrip())]
    cut = next((index for index in range(len(space)) if _columns(space[:index]) >= common), 0)
    return " " * (_columns(space[:cut]) - common) + space[cut:]


def _fits(source: Source) -> bool:
    start = source.raw[:PEEK].decode("utf-8", "ignore")
    return any(_HEADER.fullmatch(line.strip()) for line in _LINE_END.split(start))


IMPORTER = Importer("listing", "numbered entries of category, title, date and summary", _fits, read_listing)
