"""Markdown to HTML that can stand in a mail: a parser first, then an allow-list sanitiser.

CommonMark, with what a news text wants otherwise: a bare address is a link; raw HTML and addresses that are not
allowed are visible text; an image is its alternative text (a mail loads nothing that a text names); headings are h3 and
h4; there are no code blocks, so that an indented paragraph is a paragraph; and ``*|NAME|*`` and ``7*7`` are no
emphasis. The result is well-formed (void elements are closed), since an ``mj-text`` is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING

from newsletter.content.characters import clean, is_clean
from newsletter.content.urls import safe_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

TAGS = frozenset(["p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "h3", "h4", "hr"])
"""Elements that content may have."""

MAX_DEPTH = 40
"""Deepest nest of quotes and lists. The parser leaves out what is deeper; such a text is taken as plain."""

_INLINE = ("*", "_", "[", "<", "`", "\\", "\t", "://")
_ENTITY = re.compile("&#?[0-9A-Za-z]+;")
_BLOCK = re.compile(r" *(?:[#>+=~-]|[0-9]{1,9}[.)](?:[ \n]|$))")
_BLOCK_BELOW = re.compile(rf"\n{_BLOCK.pattern}|  \n")
_BLANK = re.compile(r"\n *(?=\n)[ \n]*")


def to_html(markdown: str) -> str:
    """Return ``markdown`` as a sequence of block elements (see :data:`TAGS`), or '' for an empty text.

    Only ``a`` (href) and ``ol`` (start) have attributes. Whatever comes in, the result is well-formed, and
    every character that is no markup is visible text.
    """
    paragraphs = plain_paragraphs(markdown)
    return _to_html(markdown) if paragraphs is None else _paragraphs_html(paragraphs)


def inline_html(markdown: str) -> str:
    """Return one line of ``markdown``, such as a blurb, without any block element around or in it."""
    paragraphs = plain_paragraphs(markdown)
    if paragraphs is not None:
        return "\n".join(map(_escape, paragraphs))
    return _inline_html(markdown)


@lru_cache(maxsize=2048)  # the mail and its plain-text part ask for the same texts
def plain_paragraphs(text: str) -> tuple[str, ...] | None:
    """Return the paragraphs of a text without any Markdown, or None where the parser must look at it.

    Lines of a paragraph are stripped. None is always right; paragraphs only when the parser would find the same.
    """
    # a look for each is quicker than one for any of them
    if any(map(text.__contains__, _INLINE)) or _BLOCK.match(text) or not is_clean(text):
        return None
    if "&" in text and _ENTITY.search(text):
        return None
    if "\n" not in text:
        paragraphs = [text.strip(" ")]
    elif _BLOCK_BELOW.search(text):
        return None
    else:
        paragraphs = _split(text)
    # the parser takes all of Unicode's spaces from the ends of a paragraph, or not, depending on its version
    if any(part != part.strip() for part in paragraphs):
        return None
    return tuple(part for part in paragraphs if part)


def parse(markdown: str) -> list[Token] | None:
    """Return the block tokens of ``markdown``, cleaned, or None when it is nested too deeply to be meant.

    Inline tokens are only text, softbreak, hardbreak, code_inline, em, strong and safe links.
    """
    tokens = _parser().parse(clean(markdown))
    return None if any(token.level >= MAX_DEPTH - 2 for token in tokens) else tokens


def raw_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text whose Markdown is not meant: all of it is text."""
    return [part for part in _split(clean(text)) if part]


def _split(text: str) -> list[str]:
    return ["\n".join(line.strip(" ") for line in part.split("\n")).strip("\n") for part in _BLANK.split(text)]


def _escape(text: str) -> str:
    """Escape text as the sanitiser does."""
    return escape(text, quote=False)


def _paragraphs_html(paragraphs: Iterable[str]) -> str:
    return "\n".join(f"<p>{_escape(paragraph)}</p>" for paragraph in paragraphs)


@lru_cache(maxsize=1024)
def _to_html(markdown: str) -> str:
    tokens = parse(markdown)
    if tokens is None:
        return _paragraphs_html(raw_paragraphs(markdown))
    parser = _parser()
    return _sanitiser()(parser.renderer.render(tokens, parser.options, {}))


@lru_cache(maxsize=256)
def _inline_html(markdown: str) -> str:
    return _sanitiser()(_parser().renderInline(clean(markdown).strip()))


@cache
def _sanitiser() -> Callable[[str], str]:
    import nh3  # noqa: PLC0415 - late: only texts with Markdown in them need it

    cleaner = nh3.Cleaner(
        tags=set(TAGS),
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel=None,
    )

    def sanitise(html: str) -> str:
        safe = cleaner.clean(html)
        # HTML's way of writing, made XML's; no text can look like this, since its < and & are escaped
        for markup, same in (("<br>", "<br />"), ("<hr>", "<hr />"), ("&nbsp;", "\u00a0"), ("<p></p>\n", "")):
            safe = safe.replace(markup, same)
        return safe.strip()

    return sanitise


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - late: 30 ms that plain texts do not need

    options = {"html": False, "linkify": True, "maxNesting": MAX_DEPTH}
    parser = MarkdownIt("commonmark", options).disable(["code", "fence"]).enable("linkify")
    # an address with http:// or https:// in front leads there; a name with a dot in it may be anything
    links = parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})  # type: ignore[union-attr]
    for scheme in ("ftp:", "//", "mailto:"):
        links.add(scheme, None)
    # every address is let through here and judged in _settle, which can put an unsafe one back as text
    parser.validateLink = lambda _: True  # type: ignore[method-assign, assignment]
    parser.normalizeLink = str  # type: ignore[method-assign, assignment]
    parser.normalizeLinkText = str  # type: ignore[method-assign, assignment]
    parser.inline.ruler.before("emphasis", "asterisk", _asterisk)
    parser.core.ruler.before("text_join", "settle", _settle_all)
    return parser


def _asterisk(state: StateInline, silent: bool) -> bool:  # noqa: ARG001 - the parser's signature
    """Leave the asterisks of ``*|NAME|*`` and ``7*7`` to the text: neither is emphasis, and both must be seen."""
    text, place = state.src, state.pos
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    merge_tag = "|" in (before, after) and "*" not in (before, after)
    if text[place] != "*" or not (merge_tag or (before.isdigit() and after.isdigit())):
        return False
    state.pending += "*"
    state.pos += 1
    return True


def _settle_all(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.children = list(_settle(token.children or []))
        elif token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2") else "h4"


def _settle(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield inline tokens with images as their text, unsafe links as their source, bad entities as theirs."""
    closing, address = "", None
    for token in tokens:
        if token.type == "image":
            yield from (part for part in _settle(token.children or []) if not part.type.startswith("link_"))
        elif token.type == "link_open":
            url = str(token.attrs.get("href", ""))
            address = safe_url(url)
            token.attrs = {"href": address} if address else {}
            if address or token.markup != "linkify":
                autolink = token.markup == "autolink"
                closing = "" if address else ">" if autolink else f"]({clean(url)})"
                yield token if address else _as_text(token, "<" if autolink else "[")
        elif token.type == "link_close" and token.markup == "linkify" and not address:
            continue
        elif token.type == "link_close" and closing:
            yield _as_text(token, closing)
        elif token.type == "text_special" and not is_clean(token.content):
            yield _as_text(token, token.markup)
        else:
            yield token


def _as_text(token: Token, content: str) -> Token:
    token.type, token.tag, token.nesting, token.content = "text", "", 0, content
    return token
