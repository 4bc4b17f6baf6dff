"""Putting the styles into the elements, at the price of the distinct pieces of a mail and not of its length.

An element's style follows from its own tag, class and style, and from those of its ancestors. A mail of a
thousand items repeats a few dozen such paths. So the inliner (premailer, or css-inline) sees a *specimen*: a
document that holds each distinct path once. What it puts there is put into every element of that path, and is
remembered (by the hash of stylesheet and path) for the next mail; on a hit no inliner is even imported.

Where the stylesheet looks at more than that (siblings, positions, ids, other attributes) each element is its own
path, and the specimen is the whole document.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Protocol

from newsletter.files import write_atomic
from newsletter.versions import version_of

TOKEN = re.compile(
    r"(<(?:(?!style\b|title\b|script\b)/?[a-z](?:[^'\">]+|\"[^\"]*\"|'[^']*')*|!--.*?--|!DOCTYPE[^>]*"
    r"|(?:style|title|script)\b.*?</(?:style|title|script)\s*)>)",
    re.DOTALL | re.IGNORECASE,
)
"""A tag, a comment, a doctype, or a raw-text element as a whole. Splitting by it gives text and tokens in turn."""
NAME = re.compile(r"[a-zA-Z][^\s/>]*")
RAW_TEXT = frozenset(("style", "title", "script"))
ATTRIBUTE = re.compile(r"""\s(class|style)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
LOOKS_BEYOND_THE_PATH = re.compile(r"[+~\[#]|:(?:first|last|nth|only|empty|root|has|not|is|where)\b", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLOCK = re.compile(r"\{[^{}]*\}")
CLASS_NAME = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
STYLE_ELEMENT = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)


class Inliner(Protocol):
    """Resolves a stylesheet: takes a document with one ``<style>``, gives it back with ``style`` attributes."""

    name: str
    """Name and version: part of the key under which results are remembered."""

    def __call__(self, html: str) -> str:
        """Return ``html`` inlined; rules that cannot be inlined stay in its ``<style>``."""


@dataclass(slots=True)
class StyleCache:
    """What an inliner resolved before: stylesheet hash → path hash → style. ``folder`` keeps it between runs."""

    folder: Path | None = None
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)

    def sheet(self, key: str) -> dict[str, str]:
        """Return what is known of one stylesheet; an unreadable file is as good as none."""
        if key not in self.sheets:
            try:
                known = json.loads((self._path(key)).read_bytes()) if self.folder else {}
            except (OSError, ValueError):
                known = {}
            valid = isinstance(known, dict) and all(isinstance(value, str) for value in known.values())
            self.sheets[key] = known if valid else {}
        return self.sheets[key]

    def keep(self, key: str) -> None:
        """Write one stylesheet's styles to the folder, if there is one."""
        if self.folder:
            write_atomic(self._path(key), json.dumps(self.sheets[key], ensure_ascii=False).encode())

    def _path(self, key: str) -> Path:
        return (self.folder or Path()) / f"styles-{key[:32]}.json"


@dataclass(slots=True)
class _Node:
    """A distinct path of the document: an element as the stylesheet sees it."""

    number: int
    parent: _Node | None
    name: str
    classes: str
    style: str
    key: str
    children: list[_Node] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether it can hold other elements."""
        return self.name not in VOID


LEFTOVER = "leftover"
"""Key under which the rules that cannot be inlined are remembered."""


def inline(html: str, css: str, inliner: Inliner, cache: StyleCache | None = None) -> str:
    """Return ``html`` with the rules of ``css`` in its elements' ``style`` attributes.

    Everything else of ``html`` stays as it is: doctype, comments, its own ``<style>`` elements, addresses. Rules
    that no attribute can hold (``:hover``, ``@media``) go into a ``<style>`` of their own before ``</head>``.
    Classes that no remaining style element names are removed.
    """
    css = COMMENT.sub("", css).strip()
    cache = cache if cache is not None else StyleCache()
    by_path = not LOOKS_BEYOND_THE_PATH.search(BLOCK.sub("{}", css))
    document = _Document(html, by_path)
    sheet_key = hashlib.sha256(f"{inliner.name}\0{css}".encode()).hexdigest()
    known = cache.sheet(sheet_key) if by_path else {}
    if LEFTOVER not in known or any(node.key not in known for node in document.nodes):
        known.update((node.key, node.style) for node in document.nodes)  # for what a parser may move out of sight
        known.update(_resolve(document, css, inliner))
        if by_path:
            cache.keep(sheet_key)
    leftover = known[LEFTOVER]
    kept = frozenset(CLASS_NAME.findall(" ".join(STYLE_ELEMENT.findall(html)) + leftover))
    result = document.rewritten(known, kept)
    if leftover:
        result = result.replace("</head>", f'<style type="text/css">{leftover}</style></head>', 1)
    return result


class _Document:
    """The document cut at its tags, each start tag with its path."""

    def __init__(self, html: str, by_path: bool) -> None:
        self.nodes: list[_Node] = []
        self._by_path = by_path
        self._parts = TOKEN.split(html)
        self._starts: list[tuple[int, _Node]] = []
        self._cut()

    def _cut(self) -> None:
        """Find the path of each start tag; a tag that was seen below the same parent is not looked at again."""
        met: dict[tuple[int, str], _Node] = {}
        found: dict[tuple[int, str, str, str], _Node] = {}
        parent = _Node(-1, None, "", "", "", "")
        stack = [parent]
        parts, starts = self._parts, self._starts
        for index in range(1, len(parts), 2):
            tag = parts[index]
            if tag[1] == "/":
                _close(stack, tag)
                parent = stack[-1]
                continue
            node = met.get((parent.number, tag))
            if node is None:
                node = self._path(parent, tag, found)
                if node is None:
                    continue
                if self._by_path:
                    met[parent.number, tag] = node
            starts.append((index, node))
            if node.holds and tag[-2] != "/":
                stack.append(node)
                parent = node

    def _path(self, parent: _Node, tag: str, found: dict[tuple[int, str, str, str], _Node]) -> _Node | None:
        """Return the path of a start tag, known or new; None for comments, doctypes and raw-text elements."""
        match = NAME.match(tag, 1)
        if match is None or match[0].lower() in RAW_TEXT:
            return None
        name = match[0].lower()
        classes, style = _seen(tag)
        where = (parent.number, name, classes, style)
        node = found.get(where) if self._by_path else None
        if node is None:
            node = found[where] = self._node(parent, name, classes, style)
        return node

    def _node(self, parent: _Node, name: str, classes: str, style: str) -> _Node:
        path = f"{parent.key}\0{name}\0{classes}\0{style}"
        key = hashlib.blake2b(path.encode(), digest_size=12).hexdigest() if self._by_path else str(len(self.nodes))
        node = _Node(len(self.nodes), parent, name, classes, style, key)
        parent.children.append(node)
        self.nodes.append(node)
        return node

    def specimen(self, css: str) -> str:
        """Return the document that the inliner sees: each distinct path once, or every element of the whole."""
        sheet = f"<style>{css}</style>"
        if self._by_path:
            roots = [node for node in self.nodes if node.parent is not None and node.parent.number == -1]
            return "<!DOCTYPE html>" + "".join(_specimen(roots, sheet))
        whole = self._parts.copy()
        for index, node in self._starts:
            whole[index] = _with_number(whole[index], node)
        return STYLE_ELEMENT.sub("", "".join(whole)).replace("</head>", f"{sheet}</head>", 1)

    def rewritten(self, styles: dict[str, str], kept: frozenset[str]) -> str:
        """Return the document with each start tag's style and classes replaced."""
        done: dict[tuple[int, str], str] = {}
        parts = self._parts.copy()
        for index, node in self._starts:
            tag = parts[index]
            known = done.get((node.number, tag))
            if known is None:
                known = done[node.number, tag] = _with(tag, styles.get(node.key, node.style), node, kept)
            parts[index] = known
        return "".join(parts)


def _close(stack: list[_Node], tag: str) -> None:
    name = tag[2:-1].strip().lower()
    for index in range(len(stack) - 1, 0, -1):
        if stack[index].name == name:
            del stack[index:]
            return


@lru_cache(maxsize=4096)
def _seen(attributes: str) -> tuple[str, str]:
    """Return class and style of a tag's attributes, as a double-quoted attribute can hold them."""
    # what stood in single quotes will stand in double ones: fonts that premailer writes as "Times New Roman"
    found = {name.lower(): double or single.replace('"', "'") for name, double, single in ATTRIBUTE.findall(attributes)}
    return found.get("class", ""), found.get("style", "")


def _with(tag: str, style: str, node: _Node, kept: frozenset[str]) -> str:
    """Return a start tag with another style, and only the classes that a style element still names."""
    classes = " ".join(name for name in node.classes.split() if name in kept)
    if style == node.style and classes == node.classes:
        return tag
    bare = ATTRIBUTE.sub("", tag)
    added = (f' class="{classes}"' if classes else "") + (f' style="{style}"' if style else "")
    at = 1 + len(node.name)
    return bare[:at] + added + bare[at:]


def _resolve(document: _Document, css: str, inliner: Inliner) -> Iterator[tuple[str, str]]:
    """Let the inliner see each distinct path once; yield path key and style, and the leftover rules."""
    if not css:
        yield from ((node.key, node.style) for node in document.nodes)
        yield LEFTOVER, ""
        return
    result = inliner(document.specimen(css))
    keys = [node.key for node in document.nodes]
    for tag in TOKEN.findall(result):
        number = re.search(r'\sdata-path="(\d+)"', tag)
        if number and NAME.match(tag, 1):
            yield keys[int(number[1])], compact(_seen(tag)[1])
    left = " ".join(STYLE_ELEMENT.findall(result))
    yield LEFTOVER, " ".join(unescape(left).split())


def _with_number(tag: str, node: _Node) -> str:
    at = 1 + len(node.name)
    return f'{tag[:at]} data-path="{node.number}"{tag[at:]}'


def _specimen(nodes: Iterable[_Node], sheet: str) -> Iterator[str]:
    for node in nodes:
        yield f'<{node.name} data-path="{node.number}"'
        if node.classes:
            yield f' class="{node.classes}"'
        if node.style:
            yield f' style="{node.style}"'
        yield ">"
        if node.name == "head":
            yield sheet
        yield from _specimen(node.children, sheet)
        if node.name not in VOID:
            yield f"</{node.name}>"


QUOTED = re.compile(r"""("[^"]*"|'[^']*'|&quot;.*?&quot;|url\([^)]*\))""")
SPACE_AROUND = re.compile(r"\s*([:;,])\s*")


def compact(style: str) -> str:
    """Return declarations without the white space and the last semicolon that no client needs."""
    parts = QUOTED.split(style)
    parts[::2] = [SPACE_AROUND.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts).strip().rstrip(";")


class Premailer:
    """The publication's named inliner: premailer, set up not to touch anything but styles."""

    def __init__(self) -> None:
        self.name = f"premailer {version_of('premailer', 'premailer')}"

    def __call__(self, html: str) -> str:
        """Inline one document. Never uses the network, never logs."""
        import logging  # noqa: PLC0415

        from premailer import Premailer as Engine  # noqa: PLC0415 - 140 ms, and not needed on a cache hit

        engine = Engine(
            html,
            allow_network=False,
            cssutils_logging_level=logging.CRITICAL,
            disable_validation=True,
            disable_leftover_css=False,
            disable_basic_attributes=["align", "bgcolor", "width", "height", "valign"],
            remove_classes=False,
            strip_important=False,
            keep_style_tags=False,
            preserve_internal_links=True,
            preserve_handlebar_syntax=False,
        )
        result: str = engine.transform()
        return result


class CssInline:
    """css-inline (Rust), an optional extra."""

    def __init__(self) -> None:
        self.name = f"css-inline {version_of('css_inline', 'css_inline')}"

    def __call__(self, html: str) -> str:
        """Inline one document. Never uses the network."""
        import css_inline  # noqa: PLC0415

        return str(
            css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, keep_style_tags=False).inline(html)
        )


INLINERS: dict[str, Callable[[], Inliner]] = {"premailer": Premailer, "css-inline": CssInline}
