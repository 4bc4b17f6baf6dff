"""Markdown as plain text: blocks for the plain-text part, one line for a preheader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from newsletter.content.characters import squeeze
from newsletter.content.markdown import parse, plain_paragraphs, raw_paragraphs

if TYPE_CHECKING:
    from markdown_it.token import Token

LinkText = Callable[[str, str], str]
"""Takes the label and the address of a link; returns what stands in the text."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of plain text, not wrapped yet; a newline in ``text`` is a line break that was meant.

    ``first`` and ``rest`` are what stands before its first and its further lines: indentation, quote marks, a
    bullet or a number. A ``tight`` block follows the one before without a blank line. A rule has no text.
    """

    text: str
    first: str = ""
    rest: str = ""
    tight: bool = False
    kind: Literal["paragraph", "heading", "rule"] = "paragraph"


def text_blocks(markdown: str, link: LinkText) -> list[TextBlock]:
    """Return ``markdown`` as blocks of text.

    Emphasis keeps its asterisks, as mail programs write it and some show it; code has no marks.
    """
    return _blocks(markdown, link, "*")


def plain(markdown: str) -> str:
    """Return ``markdown`` as one line of text without any marks; of a link, its label; lists keep numbers."""
    paragraphs = plain_paragraphs(markdown)
    text = _plain(markdown) if paragraphs is None else " ".join(paragraphs)
    return squeeze(text)


@lru_cache(maxsize=256)
def _plain(markdown: str) -> str:
    blocks = _blocks(markdown, lambda label, _: label, "")
    return " ".join(block.first.lstrip("> -") + block.text for block in blocks if block.kind != "rule")


def _blocks(markdown: str, link: LinkText, emphasis: str) -> list[TextBlock]:
    paragraphs = plain_paragraphs(markdown)
    if paragraphs is None:
        tokens = parse(markdown)
        if tokens is not None:
            return [block for block in _Walk(link, emphasis).blocks(tokens) if _says_something(block)]
        paragraphs = tuple(raw_paragraphs(markdown))
    return [TextBlock(paragraph.replace("\n", " ")) for paragraph in paragraphs]


def _says_something(block: TextBlock) -> bool:
    return bool(block.text.strip()) or block.first != block.rest or block.kind == "rule"


@dataclass(slots=True)
class _Container:
    """A quote, a list or an item of one, open while its blocks are read."""

    first: str = ""
    rest: str = ""
    is_list: bool = False
    number: int | None = None  # of a list's next item; None has bullets


class _Walk:
    """Reads block tokens in their order and knows what they stand in."""

    def __init__(self, link: LinkText, emphasis: str) -> None:
        self._link = link
        self._emphasis = emphasis
        self._open: list[_Container] = []
        self._begins = True  # nothing has been said yet in the outermost list

    def blocks(self, tokens: Iterable[Token]) -> Iterator[TextBlock]:
        """Yield the blocks that ``tokens`` hold."""
        tight, kind = False, "paragraph"
        for token in tokens:
            if token.type == "inline":
                text = inline_text(token.children or [], self._link, self._emphasis)
                yield self._block(text, tight, "heading" if kind == "heading" else "paragraph")
            elif token.type == "hr":
                yield self._block("", False, "rule")
            elif token.type in ("paragraph_open", "heading_open"):
                tight, kind = token.hidden, token.type.removesuffix("_open")
            elif token.nesting > 0:
                self._enter(token)
            elif token.type not in ("paragraph_close", "heading_close"):
                # an item without anything in it still shows its mark
                if token.type == "list_item_close" and self._open[-1].first != self._open[-1].rest:
                    yield self._block("", True, "paragraph")
                self._open.pop()

    def _enter(self, token: Token) -> None:
        if token.type == "blockquote_open":
            self._open.append(_Container("> ", "> "))
        elif token.type == "list_item_open":
            group = self._open[-1]
            mark = "- " if group.number is None else f"{group.number}. "
            if group.number is not None:
                group.number += 1
            self._open.append(_Container(mark, " " * len(mark)))
        else:
            self._begins = self._begins or not any(group.is_list for group in self._open)
            number = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
            self._open.append(_Container(is_list=True, number=number))

    def _block(self, text: str, tight: bool, kind: Literal["paragraph", "heading", "rule"]) -> TextBlock:
        first = "".join(container.first for container in self._open)
        rest = "".join(container.rest for container in self._open)
        for container in self._open:
            container.first = container.rest
        tight, self._begins = tight and not self._begins, False
        return TextBlock(text, first, rest, tight, kind)


def inline_text(tokens: Iterable[Token], link: LinkText, emphasis: str) -> str:
    """Return inline tokens as text, with ``emphasis`` around what is emphasised (once, however strongly)."""
    parts: list[str] = []
    begin, address, depth = 0, "", 0
    for token in tokens:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "softbreak":
            parts.append(" ")
        elif token.type == "hardbreak":
            parts.append("\n")
        elif token.type == "link_open":
            begin, address = len(parts), str(token.attrs["href"])
        elif token.type == "link_close":
            parts[begin:] = [link("".join(parts[begin:]), address)]
        else:  # em and strong
            depth += token.nesting
            if depth == (token.nesting > 0):
                parts.append(emphasis)
    return "".join(parts)
