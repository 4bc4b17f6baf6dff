"""One walk over the HTML of a mail: where its elements, texts, links and pictures stand.

A parser that builds a tree does not say at which byte an element begins; this one says nothing else. It reads what
the program wrote: elements are closed, attributes quoted. What is not costs accuracy, never an error.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from html import unescape

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][^\s/>]*)([^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*)>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ID = re.compile(r"\sid\s*=\s*[\"']([^\"']*)")
_OPENS = re.compile(r"<!--\[if[^\]]*\]>\s*<(?![/!])")
_VOID = frozenset(["img", "br", "hr", "meta", "link", "input", "col", "wbr", "area", "base", "source"])
_BODY = re.compile(r"<body\b", re.IGNORECASE)


@dataclass(slots=True)
class FoundLink:
    """An ``<a href>``: where it begins, its address, its text (of a picture, what it shows)."""

    at: int
    element: int
    address: str
    text: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """An ``<img>``; ``alt`` is None where there is none."""

    at: int
    element: int
    address: str
    alt: str | None


@dataclass(slots=True)
class Scan:
    """What the walk found. Offsets count characters; elements are known by their number."""

    html: str
    body: int = 0
    """Where the body begins; 0 where there is none."""
    begins: list[int] = field(default_factory=list)
    """Of each element, where it begins."""
    parents: list[int] = field(default_factory=list)
    """Of each element, the one that it stands in; -1 for none."""
    anchors: dict[str, int] = field(default_factory=dict)
    """Id to its element."""
    links: list[FoundLink] = field(default_factory=list)
    pictures: list[FoundPicture] = field(default_factory=list)
    opening_comments: dict[int, int] = field(default_factory=dict)
    """End of each comment that opens something for Outlook, to its beginning."""
    stream: str = ""
    """All text of the body without white space, so that text is found however it is set."""
    places: list[int] = field(default_factory=list)
    """Where in the stream each text begins."""
    owners: list[int] = field(default_factory=list)
    """Of each text, the element that holds it."""

    def path(self, element: int) -> list[int]:
        """Return an element and all that it stands in, the outermost first."""
        way = []
        while element >= 0:
            way.append(element)
            element = self.parents[element]
        return way[::-1]

    def find(self, text: str, begin: int = 0) -> int:
        """Return where in :attr:`stream` a text stands, from ``begin`` on: where one begins with it, if one does.

        -1 when it does not.
        """
        wanted = "".join(text.split())
        at = first = self.stream.find(wanted, begin) if wanted else -1
        while at >= 0 and self.places[bisect_left(self.places, at) : bisect_right(self.places, at)] != [at]:
            at = self.stream.find(wanted, at + 1)
        return at if at >= 0 else first

    def find_last(self, text: str) -> int:
        """Return where a text stands for the last time; -1 when it does not."""
        wanted = "".join(text.split())
        return self.stream.rfind(wanted) if wanted else -1

    def owner(self, place: int) -> int:
        """Return the element that holds what stands at a place of :attr:`stream`."""
        return self.owners[bisect_right(self.places, place) - 1]

    def place_of(self, element: int) -> int:
        """Return the place in :attr:`stream` of the first text behind the beginning of an element."""
        later = (place for place, owner in zip(self.places, self.owners, strict=True) if owner >= element)
        return next(later, len(self.stream))


def scan(html: str) -> Scan:
    """Walk over a mail. Time grows with its length only."""
    walk = _Walk(html)
    for match in _TOKEN.finditer(html, walk.found.body):
        walk.text(match.start())
        walk.position = match.end()
        closing, name, attributes = match.groups()
        if name is None:
            walk.comment(match)
        elif closing:
            walk.close(name.lower())
        else:
            walk.open(name.lower(), match.start(), attributes)
    return walk.done()


class _Walk:
    """Where the walk is: which elements are open, and the link among them."""

    def __init__(self, html: str) -> None:
        body = _BODY.search(html)
        self.found = Scan(html, body.start() if body else 0)
        self.position = self.found.body
        self._names: list[str] = []
        self._current = -1
        self._link: FoundLink | None = None
        self._texts: list[str] = []
        self._length = 0

    def text(self, end: int) -> None:
        """Take the text up to ``end``."""
        if self.position == end:
            return
        text = unescape(self.found.html[self.position : end])
        if self._link:
            self._link.text += text
        if squeezed := "".join(text.split()):
            self.found.places.append(self._length)
            self.found.owners.append(self._current)
            self._texts.append(squeezed)
            self._length += len(squeezed)

    def comment(self, match: re.Match[str]) -> None:
        """Remember a comment that opens something."""
        if _OPENS.match(match[0]):
            self.found.opening_comments[match.end()] = match.start()

    def open(self, name: str, at: int, attributes: str) -> None:
        """Enter an element."""
        element = len(self.found.begins)
        self.found.begins.append(at)
        self.found.parents.append(self._current)
        if marked := _ID.search(attributes):
            self.found.anchors.setdefault(unescape(marked[1]), element)
        if name == "a":
            self._open_link(at, element, _attributes(attributes))
        elif name == "img":
            self._picture(at, element, _attributes(attributes))
        if name not in _VOID and not attributes.endswith("/"):
            self._names.append(name)
            self._current = element

    def close(self, name: str) -> None:
        """Leave an element, and what was left open in it; an end that ends nothing is passed over."""
        if name == "a":
            self._link = None
        if name in self._names:
            while self._names.pop() != name:
                self._current = self.found.parents[self._current]
            self._current = self.found.parents[self._current]

    def done(self) -> Scan:
        """Return what was found."""
        self.found.stream = "".join(self._texts)
        for link in self.found.links:
            link.text = " ".join(link.text.split()) or link.label
        return self.found

    def _open_link(self, at: int, element: int, values: dict[str, str]) -> None:
        if "href" in values:
            self._link = FoundLink(at, element, values["href"].strip(), label=values.get("aria-label", ""))
            self.found.links.append(self._link)

    def _picture(self, at: int, element: int, values: dict[str, str]) -> None:
        self.found.pictures.append(FoundPicture(at, element, values.get("src", ""), values.get("alt")))
        if self._link and values.get("alt"):
            self._link.text += f" {values['alt']} "


def _attributes(text: str) -> dict[str, str]:
    return {match[1].lower(): unescape(match[2] or match[3] or "") for match in _ATTRIBUTE.finditer(text)}
