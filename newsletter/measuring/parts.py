"""Which bytes of a mail belong to which part of the edition.

A theme may set a mail in any way, so nothing is known of its elements. What is known is what it shows: the anchors of
the sections, titles, the first words of an editorial, the postal address. Each is found in the HTML, and between two
of them lies a border: where the element begins that holds the second and not the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from newsletter.content import plain
from newsletter.measuring.scanning import Scan
from newsletter.model import PERSONAL_PATTERN, Edition, Item, Section

PartKind = Literal["head", "masthead", "editorial", "contents", "lead", "section", "block", "footer"]

LONG_ENOUGH = 60
"""So many characters of a text are looked for; one may go on in another element."""
SHORT = 8


@dataclass(frozen=True, slots=True)
class Range:
    """From ``begin`` to ``end`` (characters of the HTML) stands this part."""

    kind: PartKind
    name: str
    label: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something of a part that was found: in which element."""

    kind: PartKind
    element: int
    name: str = ""
    label: str = ""


def parts_of(edition: Edition, found: Scan, preheader: str) -> list[Range]:
    """Return the parts in the order of the HTML, without a gap from its beginning to its end.

    ``preheader``, as filled in, stands hidden at the beginning and is no place to find titles at.
    """
    hidden = "".join(preheader.split())
    begin = len(hidden) if found.stream.startswith(hidden) else 0
    marks = sorted(_marks(edition, found, begin), key=lambda mark: mark.element)
    borders = _borders(found, marks)
    ranges = [Range("head", "", "", 0, found.body)] if found.body else []
    for mark, start, end in zip(marks, borders, [*borders[1:], len(found.html)], strict=True):
        if start < end:
            ranges.append(Range(mark.kind, mark.name, mark.label, start, end))
    return ranges


def _borders(found: Scan, marks: list[_Mark]) -> list[int]:
    """Return where each marked part begins; the first begins with the body."""
    borders = [found.body]
    for before, mark in pairwise(marks):
        border = found.begins[_apart(found, before.element, mark.element)]
        while border in found.opening_comments:
            border = found.opening_comments[border]
        borders.append(max(border, borders[-1]))
    return borders


def _apart(found: Scan, one: int, other: int) -> int:
    """Return the outermost element that holds ``other`` and not ``one``; ``other`` where there is none."""
    way, within = found.path(other), set(found.path(one))
    return next((element for element in way if element not in within), other)


def _marks(edition: Edition, found: Scan, begin: int) -> Iterator[_Mark]:
    yield _masthead(edition, found, begin)
    editorial = _editorial(edition, found, begin)
    if editorial >= 0:
        yield _Mark("editorial", editorial)
    anchors = {section.anchor for section in edition.sections}
    inside = (link.element for link in found.links if link.address[:1] == "#" and link.address[1:] in anchors)
    if (contents := next(inside, -1)) >= 0:
        yield _Mark("contents", contents)
    if edition.lead and (lead := _title(edition.lead, found, begin)) >= 0:
        yield _Mark("lead", lead, "", edition.lead.title)
    place = begin
    for section in edition.sections:
        element = _section(section, found, place, begin)
        if element >= 0:
            place = found.place_of(element)
            label = section.heading or section.items[0].title or section.anchor.removeprefix("block-")
            yield _Mark("block" if section.block else "section", element, section.anchor, label)
    footer = _footer(edition, found, place)
    if footer >= 0:
        yield _Mark("footer", footer)


def _masthead(edition: Edition, found: Scan, begin: int) -> _Mark:
    """Return the element with the publication's title; where a logo says it, the first with any text."""
    place = found.find(edition.publication.title, begin)
    return _Mark("masthead", found.owner(place if place >= 0 else begin) if found.owners else -1)


def _editorial(edition: Edition, found: Scan, begin: int) -> int:
    """Return the element with the first words of the editorial that no placeholder stands in."""
    for piece in PERSONAL_PATTERN.split(plain(edition.editorial)) if edition.editorial else ():
        if piece and len(piece) >= SHORT and (place := _words(piece, found, begin)) >= 0:
            return found.owner(place)
    return -1


def _words(text: str, found: Scan, begin: int) -> int:
    wanted = "".join(text.split())[:LONG_ENOUGH]
    return found.find(wanted, begin)


def _title(item: Item, found: Scan, begin: int) -> int:
    place = found.find(item.title, begin)
    return found.owner(place) if place >= 0 else -1


def _section(section: Section, found: Scan, place: int, begin: int) -> int:
    """Return the element that a section shows for certain; -1 where nothing of it can be found (a line cannot)."""
    if section.anchor in found.anchors:
        return found.anchors[section.anchor]
    first = section.items[0] if section.items else None
    texts = [section.heading]
    if first:
        figures = first.extra.figures if first.extra else ()
        texts += [first.title, plain(first.summary), *(f"{each.value}{each.label}" for each in figures[:1])]
    for text in filter(None, texts):
        for start in (place, begin):
            if (at := _words(text, found, start)) >= 0:
                return found.owner(at)
    alt = first.image.alt if first and first.image else ""
    shown = (picture.element for picture in found.pictures if alt and picture.alt == alt)
    return next(shown, -1)


def _footer(edition: Edition, found: Scan, place: int) -> int:
    """Return the element with the postal address, the organisation or the reason, where it stands behind the rest."""
    publication = edition.publication
    lines = publication.organisation.postal_address.strip().splitlines()
    for text in (*lines[:1], publication.organisation.name, publication.reason):
        at = found.find_last(text)
        if at >= place:
            return found.owner(at)
    return -1
