"""Where in which template an MJML document went wrong.

A render that fails is rendered again from marked templates (:func:`~newsletter.render.markup.mark`), looked
through for the mistakes that :mod:`~newsletter.render.lint` knows, and, failing that, held against what the
engine says itself.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from newsletter.errors import Position, Problem
from newsletter.render.components import facts
from newsletter.render.lint import mjml_faults
from newsletter.render.markup import MARK, tokens
from newsletter.render.mjml import EngineError, convert

_MARK = re.compile(rf'{MARK}="([^"]*):(\d+)"')
_TAG_MARK = re.compile(rf'<[^\s<>]+ {MARK}="([^"]*):(\d+)"')
_OWN_MARK = re.compile(rf' {MARK}="[^"]*"')
_PLACE = re.compile(r" in root template at position (\d+):(\d+)$")
_PLAIN = {
    "unexpected end of stream": "something is opened here or before and not closed",
    "unexpected token": "the MJML engine did not expect this here",
    "unexpected element": "this tag cannot stand here",
    "unable to parse next template": "the MJML engine cannot read this",
    "unable to find mjml element": "there is no <mjml> in it",
}
"""What the engine says, and what it means."""


def check(marked: str) -> list[Problem]:
    """Return the mistakes of a rendered and marked document, each at its template's place.

    Unlike a look at single templates, this sees what macros and includes make of each other.
    """
    return [Problem(_position(marked, fault.offset), fault.message, fault.hint) for fault in mjml_faults(marked)]


def diagnose(said: str, marked: str) -> list[Problem]:
    """Return the mistakes behind what the engine ``said`` of a document, given with marks."""
    if problems := check(marked):
        return problems
    try:
        convert(marked)
    except EngineError as error:
        said = str(error)
    place = _PLACE.search(said)
    offset = _characters(marked, int(place[1])) if place else _culprit(marked)
    said = _PLACE.sub("", said).removesuffix(" in root template")
    return [Problem(_position(marked, offset), _PLAIN.get(said, said), f"mjml: {said}")]


def _characters(text: str, offset: int) -> int:
    """Return the offset in characters for one in bytes of UTF-8."""
    return len(text.encode()[:offset].decode(errors="ignore"))


def _culprit(marked: str) -> int:
    """Return the offset of the first element with HTML in it that cannot be converted alone, or 0."""
    components = facts().components
    starts: list[tuple[str, int]] = []
    for tag in tokens(marked):
        if tag["open"] is not None and not tag["empty"]:
            component = components.get(tag["name"])
            if component and component.content == "html":
                starts.append((tag["name"], tag.start()))
        elif tag["close"] is not None and starts and tag["closed"] == starts[-1][0]:
            _, start = starts.pop()
            if not _stands_alone(marked[start : tag.end()]):
                return start
    return starts[0][1] if starts else 0


def _stands_alone(element: str) -> bool:
    try:
        convert(f"<mjml><mj-body><mj-section><mj-column>{element}</mj-column></mj-section></mj-body></mjml>")
    except EngineError:
        return False
    return True


def _position(marked: str, offset: int) -> Position:
    """Return the place in a template that the character at ``offset`` of marked MJML came from."""
    own = _TAG_MARK.match(marked, offset)
    if own:
        return _sharpen(html.unescape(own[1]), int(own[2]), marked, offset)
    marks = list(_MARK.finditer(marked, 0, offset))
    if not marks:
        first = _MARK.search(marked)
        return Position(html.unescape(first[1]), 1) if first else Position("template")
    last = marks[-1]
    line = int(last[2]) + marked.count("\n", last.end(), offset)
    return _sharpen(html.unescape(last[1]), line, marked, offset)


def _sharpen(path: str, line: int, marked: str, offset: int) -> Position:
    """Look the words at ``offset`` up in the template: the nearest line with them is the right one.

    Counting lines from a mark is a guess, since Jinja drops some and content brings some.
    """
    end = marked.find("\n", offset)
    words = _OWN_MARK.sub("", marked[offset : end if end >= 0 else None])
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, ValueError):
        return Position(path, line)
    for length in (80, 40, 20, 10, 5):
        near = [number for number, text in enumerate(lines, 1) if words[:length] in text] if words else []
        if near:
            best = min(near, key=lambda number: abs(number - line))
            found = lines[best - 1]
            sure = found.count(words[:length]) == 1
            return Position(path, best, found.index(words[:length]) + 1 if sure else 0)
    return Position(path, line)
