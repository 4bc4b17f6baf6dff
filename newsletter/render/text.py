"""The plain-text part: widths, wrapping, links, and the filters that a text template gets.

Nothing here knows a layout; that is the template's. What it guarantees: no line ends in a space (so ``-- ``,
behind which a mail program sees a signature, cannot stand on a line of its own), an address is never broken,
never two blank lines in a row, one newline at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, Literal

from newsletter.content import plain, plain_paragraphs, text_blocks
from newsletter.content.characters import squeeze
from newsletter.publication import Publication

WIDTH = 72
"""Columns of a line, when nothing else is said."""

# every character of these has the width 1 (checked by a test), so that most texts need no table of widths
_NARROW = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u0391-\u03a1\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea"
    "\u060c-\u060f\u061b\u0620-\u064a\u0660-\u066f\u0671-\u06d3"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*"
)

# a line may break between two of these: Han, kana, bopomofo, their punctuation, full-width forms
_WIDE_SCRIPT = (
    "\u2e80-\u2fdf\u3001-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff60\uff65-\uff9f\uffe0-\uffe6\U00020000-\U0003ffff"
)
_NEVER_FIRST = (
    ",.:;!?)\\]}\u00bb\u2019\u201d\u2025\u2026\u3001\u3002\u3005\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b\u301c"
    "\u301f\u303b\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u308e\u3095\u3096\u309d\u309e\u30a0\u30a1\u30a3\u30a5"
    "\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u30ee\u30f5\u30f6\u30fb\u30fc\u30fd\u30fe\u31f0-\u31ff"
    "\uff01\uff05\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d\uff60-\uff64\uff70"
)
_NEVER_LAST = (
    "(\\[{\u00ab\u2018\u201c\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a\u301d"
    "\uff04\uff08\uff3b\uff5b\uff5f\uffe5"
)
_MARKS = "\u0300-\u036f\u200c\u200d\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"

_NO_BREAK = "\u00a0\u2007\u202f"
_LOOSE_NO_BREAK = re.compile(f"(?:^| )[{_NO_BREAK}]|[{_NO_BREAK}](?: |$)")

_SCHEME = re.compile("^(?:https?://|mailto:|tel:)")
_HAS_WIDE_SCRIPT = re.compile(f"[{_WIDE_SCRIPT}]")


def width(text: str) -> int:
    """Return the columns that ``text`` takes: East Asian wide characters 2, combining marks 0."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    wcwidth, wcswidth = _tables()
    columns = wcswidth(text)
    return columns if columns >= 0 else sum(max(0, wcwidth(letter)) for letter in text)


@cache
def _piece() -> re.Pattern[str]:
    """One piece: what may not end a line, then a wide character or a run of others, then what may not begin a line.

    Compiled when a wide script first needs it: 4 ms that most languages never do.
    """
    return re.compile(
        f"[{_NEVER_LAST}]*(?:[{_WIDE_SCRIPT}]|(?:[^{_WIDE_SCRIPT}{_NEVER_LAST}]|[{_NEVER_LAST}](?=[^{_WIDE_SCRIPT}{_NEVER_LAST}]))+)"
        f"[{_NEVER_FIRST}{_MARKS}{_NO_BREAK}]*|[{_NEVER_LAST}]+"
    )


_columns = width  # wrap() has a parameter of that name


@cache
def _tables() -> tuple[Callable[[str], int], Callable[[str], int]]:
    import wcwidth  # noqa: PLC0415 - late: 25 ms that most languages never need

    return wcwidth.wcwidth, wcwidth.wcswidth


def wrap(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> str:
    """Return ``text`` in lines of at most ``width`` columns, with ``first`` or ``rest`` before each.

    White space but no-break spaces is where a line may end. A word that is too long (an address is) stays
    whole on a line of its own, but Chinese and Japanese, which have no spaces, break between characters
    (no line begins with a closing mark or ends with an opening one). No line ends in a space.
    """
    # what is printable has no white space but spaces, and most texts have single ones
    text = text.strip(" ") if text.isprintable() and "  " not in text else squeeze(text)
    if not text.isascii() and _LOOSE_NO_BREAK.search(text):
        # beside a space it holds nothing together, and at the end of a line it would be seen as white space
        text = " ".join(filter(None, (word.strip(_NO_BREAK) for word in text.split(" "))))
    if not text:
        return first.rstrip()
    if text.isascii() or _NARROW.fullmatch(text):
        return first + f"\n{rest}".join(_narrow_lines(text, width - len(first), width - len(rest)))
    lines = _wide_lines(text, width - _columns(first), width - _columns(rest))
    return first + f"\n{rest}".join(map(str.rstrip, lines))


def _narrow_lines(text: str, first: int, rest: int) -> list[str]:
    """Break a text of narrow characters and single spaces; what most texts are."""
    if len(text) <= first:
        return [text]
    if first == rest:
        return _line(rest).findall(text)
    line = _line(first).match(text)
    begin = line.end() if line else 0
    return [text[:begin].rstrip(" "), *_line(rest).findall(text, begin)]


@lru_cache(maxsize=64)
def _line(columns: int) -> re.Pattern[str]:
    """A line: as many words as there is room for, or one that is too long, and the space where it ends."""
    return re.compile(f"(.{{1,{max(columns, 1)}}}|[^ ]+)(?: |$)")


def _wide_lines(text: str, first: int, rest: int) -> list[str]:
    lines: list[str] = []
    line, used, room = "", 0, first
    for gap, piece in _pieces(text):
        columns = _piece_width(piece)
        if line and used + len(gap) + columns <= room:
            line += gap + piece
            used += len(gap) + columns
        else:
            if line:
                lines.append(line)
                room = rest
            line, used = piece, columns
    return [*lines, line]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield what cannot be broken, each with the space before it or ''."""
    for word in text.split(" "):
        if not _HAS_WIDE_SCRIPT.search(word):
            yield " ", word
            continue
        gap = " "
        for piece in _piece().findall(word):
            yield gap, piece
            gap = ""


@lru_cache(maxsize=4096)
def _piece_width(piece: str) -> int:
    return width(piece)


def rule(mark: str = "-", width: int = WIDTH) -> str:
    """Return a line of ``mark``, ``width`` columns long."""
    return mark * width


def heading(text: str, mark: str = "-", width: int = WIDTH) -> str:
    """Return ``text`` wrapped and underlined with ``mark``, as long as its longest line is wide."""
    lines = wrap(text, width)
    longest = max(map(_columns, lines.split("\n")))
    return f"{lines}\n{mark * min(longest, width)}" if lines else ""


def finish(text: str) -> str:
    """Return a whole text: no trailing spaces, never two blank lines in a row, one newline at the end."""
    text = "\n".join(map(str.rstrip, text.split("\n")))
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip("\n") + "\n"


class Links:
    """The links of one mail, in order: numbered through the mail and listed by section, or inline."""

    def __init__(self, style: Literal["section", "inline"] = "section", width: int = WIDTH) -> None:
        self._style = style
        self._width = width
        self._count = 0
        self._waiting: dict[str, int] = {}

    def mark(self, label: str, url: str) -> str:
        """Return ``label`` with what leads to ``url``: a number, or the address in brackets.

        A label that is the address itself stands as the address, once.
        """
        if not url:
            return label
        address = _shown(url)
        if _names(label, url):
            return address
        return f"{label} ({address})" if self._style == "inline" else f"{label} [{self._number(address)}]"

    def line(self, label: str, url: str, first: str = "", rest: str = "") -> str:
        """Return a linked title, wrapped; inline, its address stands on the line below."""
        if url and self._style == "inline" and not _names(label, url):
            return f"{wrap(label, self._width, first, rest)}\n{rest}{_shown(url)}"
        return wrap(self.mark(label, url), self._width, first, rest)

    def prose(self, markdown: str, indent: str = "") -> str:
        """Return Markdown as wrapped text, every line behind ``indent``."""
        paragraphs = plain_paragraphs(markdown)
        if paragraphs is not None:
            return "\n\n".join([wrap(paragraph, self._width, indent, indent) for paragraph in paragraphs])
        parts: list[str] = []
        for block in text_blocks(markdown, self.mark):
            if parts:
                parts.append("\n" if block.tight else "\n\n")
            if block.kind == "rule":
                parts.append("* * *".center(self._width).rstrip())
                continue
            first, rest = indent + block.first, indent + block.rest
            for number, line in enumerate(block.text.split("\n")):
                parts.append(("\n" if number else "") + wrap(line, self._width, rest if number else first, rest))
        return "".join(parts)

    def listing(self) -> str:
        """Return the numbered addresses since the last listing, one a line; '' where there are none."""
        lines = [f"[{number}] {address}" for address, number in self._waiting.items()]
        self._waiting.clear()
        return "\n".join(lines)

    def _number(self, address: str) -> int:
        if address not in self._waiting:
            self._count += 1
            self._waiting[address] = self._count
        return self._waiting[address]


def _shown(url: str) -> str:
    """Return an address as a person reads it: a mailto or tel of nothing else without its scheme."""
    scheme, _, rest = url.partition(":")
    return rest if scheme in ("mailto", "tel") and not re.search("[?;%,]", rest) else url


def _names(label: str, url: str) -> bool:
    """Whether a label says nothing but the address."""
    if " " in label and " " not in url:
        return not label.strip()
    return not label.strip() or _bare(label) == _bare(url)


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.strip()).rstrip("/")


def text_filters(publication: Publication) -> dict[str, Callable[..., Any]]:
    """Return the filters of a text template, for the width and the links of ``publication``.

    ``publication|links`` makes a :class:`Links`; ``wrap``, ``heading`` and ``rule`` (of a mark: ``"="|rule``)
    know the width; ``columns`` is how wide a text is, ``plain`` is one line without marks; ``finish`` stands around
    the whole.
    """
    columns = publication.text.width
    return {
        "links": lambda which: Links(which.text.links, which.text.width),
        "columns": width,
        "wrap": _at_rendering(lambda text, first="", rest="": wrap(text, columns, first, rest)),
        "heading": _at_rendering(lambda text, mark="-": heading(text, mark, columns)),
        "rule": _at_rendering(lambda mark="-": rule(mark, columns)),
        "plain": plain,
        "finish": finish,
    }


def _at_rendering(work: Callable[..., str]) -> Callable[..., str]:
    """Return a filter that Jinja does not work out while it compiles: another publication has another width."""
    from jinja2 import pass_context  # noqa: PLC0415 - loaded already, with the templates

    return pass_context(lambda _, *given: work(*given))
