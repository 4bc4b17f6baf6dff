"""Facts about a rendered edition: what it weighs and which part costs what, its pictures, its links, how long it reads.

Nothing here judges; preview, proof and preflight show these figures. A few milliseconds for a mail of 100 KB.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal

from newsletter.content import safe_url
from newsletter.measuring.parts import PartKind, Range, parts_of
from newsletter.measuring.reading import Reading, reading
from newsletter.measuring.scanning import Scan, scan
from newsletter.model import Edition, Placeholder
from newsletter.services import GMAIL_CLIPS_AT, Outgoing

__all__ = ["Link", "Measures", "Part", "PartKind", "Picture", "Reading", "measure", "reading"]

LinkKind = Literal["web", "mail", "phone", "inside", "placeholder", "other"]
NO_WEIGHTS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of the mail costs, in bytes of HTML (UTF-8). ``name`` is a section's anchor, ``label`` its heading.

    Of kind ``head``: everything before the body, most of it styles. What no part claims belongs to the one before.
    """

    kind: PartKind
    name: str
    label: str
    bytes: int
    links: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the HTML: where it leads, what a reader sees of it, and the part that it stands in.

    ``kind`` is ``inside`` for a jump within the mail, ``placeholder`` for what the mailing service fills in (a
    neutral token, or the service's own tag). ``name`` says which address of the mail itself it is: unsubscribe,
    web_version.
    """

    address: str
    text: str
    part: str
    kind: LinkKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the HTML asks for. ``bytes`` is None where its weight is not known (it stands elsewhere)."""

    address: str
    alt: str | None
    part: str
    bytes: int | None


@dataclass(frozen=True, slots=True)
class Measures:
    """All facts about one edition. Sizes are bytes; those of the parts make up ``html_bytes``."""

    html_bytes: int
    sent_bytes: int
    text_bytes: int
    clips_at: int
    parts: tuple[Part, ...]
    pictures: tuple[Picture, ...]
    picture_bytes: int
    """Of those whose weight is known, each file once."""
    links: tuple[Link, ...]
    reading: Reading
    items: int
    sections: int

    @property
    def clipped(self) -> bool:
        """Whether Gmail would cut the mail."""
        return self.sent_bytes > self.clips_at

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {"clipped": self.clipped, **asdict(self)}


def measure(
    edition: Edition,
    outgoing: Outgoing,
    sent_bytes: int,
    weights: Mapping[str, int] = NO_WEIGHTS,
    placeholders: Iterable[Placeholder] = (),
) -> Measures:
    """Measure a rendered edition. Pure.

    Args:
        edition: what was rendered.
        outgoing: as the service takes it; with neutral tokens still in it when ``placeholders`` tells of them.
        sent_bytes: what the service says of it (:meth:`newsletter.services.Service.sent_bytes`).
        weights: bytes of the pictures by name (``images/bakery.jpg``, or ``bakery.jpg``).
        placeholders: what neutral tokens there are.
    """
    found = scan(outgoing.html)
    ranges = parts_of(edition, found, outgoing.preheader)
    links = tuple(_links(edition, found, ranges, placeholders))
    pictures = tuple(_pictures(found, ranges, weights))
    files = {picture.address: picture.bytes for picture in pictures if picture.bytes is not None}
    return Measures(
        html_bytes=len(outgoing.html.encode("utf-8", "surrogatepass")),
        sent_bytes=sent_bytes,
        text_bytes=len(outgoing.text.encode("utf-8", "surrogatepass")),
        clips_at=GMAIL_CLIPS_AT,
        parts=tuple(_parts(outgoing.html, ranges, links, pictures)),
        pictures=pictures,
        picture_bytes=sum(files.values()),
        links=links,
        reading=reading(outgoing.text, edition.language),
        items=len(edition.items),
        sections=sum(not section.block for section in edition.sections),
    )


def _parts(html: str, ranges: Sequence[Range], links: Sequence[Link], pictures: Sequence[Picture]) -> Iterable[Part]:
    """Yield the parts in the order of the mail; one that stands in several places, once."""
    sizes: dict[tuple[PartKind, str, str], int] = {}
    for each in ranges:
        key = (each.kind, each.name, each.label)
        sizes[key] = sizes.get(key, 0) + len(html[each.begin : each.end].encode("utf-8", "surrogatepass"))
    for (kind, name, label), size in sizes.items():
        part = name or kind
        yield Part(
            kind,
            name,
            label,
            size,
            sum(each.part == part for each in links),
            sum(each.part == part for each in pictures),
        )


def _at(ranges: Sequence[Range], offset: int) -> str:
    found = ranges[bisect_right(ranges, offset, key=lambda each: each.begin) - 1]
    return found.name or found.kind


def _links(
    edition: Edition, found: Scan, ranges: Sequence[Range], placeholders: Iterable[Placeholder]
) -> Iterable[Link]:
    own = {edition.publication.unsubscribe: "unsubscribe", edition.web_version: "web_version"}
    tokens = {placeholder.token: placeholder.name for placeholder in placeholders}
    for each in found.links:
        token = next((token for token in tokens if token in each.address), "")
        kind: LinkKind = "placeholder" if token else link_kind(each.address)
        name = tokens.get(token) or own.get(each.address, "")
        yield Link(each.address, each.text, _at(ranges, each.at), kind, name)


def link_kind(address: str) -> LinkKind:
    """Say what an address is, as it stands in the HTML of a mail."""
    if address.startswith("#"):
        return "inside"
    if any(mark in address for mark in ("{{", "{%", "*|", "%%", "[[", "<%", "${", "[unsubscribe", "{$")):
        return "placeholder"
    kinds: dict[str, LinkKind] = {"http": "web", "https": "web", "mailto": "mail", "tel": "phone"}
    kind = kinds.get(address.partition(":")[0].lower(), "other")
    return kind if kind == "other" or safe_url(address) else "other"


def _pictures(found: Scan, ranges: Sequence[Range], weights: Mapping[str, int]) -> Iterable[Picture]:
    known = {name.rpartition("/")[2]: weight for name, weight in weights.items()}
    for each in found.pictures:
        # the names of the program's own pictures are made of their content
        yield Picture(each.address, each.alt, _at(ranges, each.at), known.get(each.address.rpartition("/")[2]))
