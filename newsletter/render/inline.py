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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Protocol

from newsletter.files import write_atomic
from newsletter.versions import version_of

RAW = "[sS][tT][yY][lL][eE]|[tT][iI][tT][lL][eE]|[sS][cC][rR][iI][pP][tT]"
TOKEN = re.compile(
    rf"""(<(?:/[a-zA-Z][^>]*|(?:{RAW})\b.*?</(?:{RAW})\s*"""
    r"""|[a-zA-Z][^'">]*(?:"[^"]*"[^'">]*|'[^']*'[^'">]*)*|!--.*?--|![dD][^>]*)>)""",
    re.DOTALL,
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


MOST_SHEETS = 16
"""So many stylesheets are kept in memory."""


@dataclass(slots=True)
class StyleCache:
    """What an inliner resolved before, by stylesheet. ``folder`` keeps it between runs."""

    folder: Path | None = None
    sheets: dict[tuple[str, str, frozenset[str]], Sheet] = field(default_factory=dict)

    def sheet(self, css: str, kept: frozenset[str], inliner: Inliner) -> Sheet:
        """Return what is known of a stylesheet whose page keeps the classes ``kept``."""
        key = (inliner.name, css, kept)
        if key not in self.sheets:
            if len(self.sheets) >= MOST_SHEETS:  # a theme is being worked on: each change makes another
                self.sheets.clear()
            name = hashlib.sha256(f"{inliner.name}\0{css}".encode()).hexdigest()[:32]
            file = self.folder / f"styles-{name}.json" if self.folder else None
            self.sheets[key] = Sheet(css, kept, _read(file), file)
        return self.sheets[key]


def _read(file: Path | None) -> dict[str, str]:
    """Return path hash → style; an unreadable file is as good as none."""
    try:
        known = json.loads(file.read_bytes()) if file else {}
    except (OSError, ValueError):
        return {}
    valid = isinstance(known, dict) and all(isinstance(value, str) for value in known.values())
    return known if valid else {}


@dataclass(slots=True)
class _Node:
    """A distinct path of a document: an element as the stylesheet sees it."""

    parent: _Node | None
    name: str
    classes: str = ""
    style: str = ""
    key: str = ""
    """A hash of all this and of the key of its parent."""
    resolved: bool = False
    added: str = ""
    """The attributes that take the place of its own class and style."""
    children: dict[tuple[str, str, str], _Node] = field(default_factory=dict)
    """Its paths below, by name, classes and style."""
    met: dict[str, tuple[_Node | None, str]] = field(default_factory=dict)
    """Tags that were seen below it: their path, if they open an element, and what they become."""


LEFTOVER = "leftover"
"""Key under which the rules that cannot be inlined are remembered."""
MOST_MET = 500
"""So many tags are remembered below one path; addresses make each tag another."""


class UnbalancedError(ValueError):
    """A document whose tags do not close each other."""


def inline(html: str, css: str, inliner: Inliner, cache: StyleCache | None = None, *, strict: bool = False) -> str:
    """Return ``html`` with the rules of ``css`` in its elements' ``style`` attributes.

    Everything else of ``html`` stays as it is: doctype, comments, its own ``<style>`` elements, addresses. Rules
    that no attribute can hold (``:hover``, ``@media``) go into a ``<style>`` of their own before ``</head>``.
    Classes that no remaining style element names are removed.

    Raises:
        UnbalancedError: ``strict``, and an end tag closes nothing, or something is never closed.
    """
    css, by_path = _prepared(css)
    own = " ".join(STYLE_ELEMENT.findall(html))
    kept = frozenset(CLASS_NAME.findall(own))
    if by_path:
        sheet = (cache or StyleCache()).sheet(css, kept, inliner)
        result, leftover = sheet.inlined(html, inliner, strict), sheet.leftover
    elif strict:
        raise UnbalancedError("this stylesheet is inlined without a look at what closes what")
    else:
        result, leftover = _whole(html, css, kept, inliner)
    if leftover:
        result = result.replace("</head>", f'<style type="text/css">{leftover}</style></head>', 1)
    return result


@lru_cache(maxsize=16)
def _prepared(css: str) -> tuple[str, bool]:
    """Return a stylesheet without comments, and whether an element's path is all that it looks at."""
    css = COMMENT.sub("", css).strip()
    return css, not LOOKS_BEYOND_THE_PATH.search(BLOCK.sub("{}", css))


class Sheet:
    """A stylesheet, and the paths that were met with it: a tree of nodes below ``root``."""

    def __init__(self, css: str, kept: frozenset[str], known: dict[str, str], file: Path | None) -> None:
        self.css = css
        self._known = known
        self._file = file
        self._kept = kept | frozenset(CLASS_NAME.findall(self.leftover))
        self._root = _Node(None, "")

    @property
    def leftover(self) -> str:
        """The rules that no attribute can hold."""
        return self._known.get(LEFTOVER, "")

    def inlined(self, html: str, inliner: Inliner, strict: bool = False) -> str:
        """Return ``html`` with styles; the inliner is asked only for paths that were never met before."""
        parts = TOKEN.split(html)
        result, unknown = self._rewritten(parts, strict)
        if unknown or LEFTOVER not in self._known:
            self._learn(unknown, inliner)
            result, _ = self._rewritten(parts, strict)
        return "".join(result)

    def _rewritten(self, parts: list[str], strict: bool) -> tuple[list[str], list[_Node]]:
        """Return the parts with each start tag as it becomes, and the paths whose style nobody knows yet.

        A tag that was met below the same parent is not looked at again.
        """
        result = parts.copy()
        unknown: list[_Node] = []
        parent = self._root
        for index in range(1, len(parts), 2):
            tag = parts[index]
            if tag[1] == "/":
                if parent.name == tag[2:-1] and parent.parent:
                    parent = parent.parent
                elif strict:
                    raise UnbalancedError(tag)
                else:
                    parent = _closed(parent, tag[2:-1])
                continue
            node, result[index] = parent.met.get(tag) or self._meet(parent, tag, unknown)
            if node is not None:
                parent = node
        if strict and parent is not self._root:
            raise UnbalancedError(f"<{parent.name}> is not closed")
        return result, unknown

    def _meet(self, parent: _Node, tag: str, unknown: list[_Node]) -> tuple[_Node | None, str]:
        """Look at a tag for the first time: return the path that it opens, if any, and what it becomes."""
        match = NAME.match(tag, 1)
        if match is None or (name := match[0].lower()) in RAW_TEXT:  # a comment, a doctype, a style element
            parent.met[tag] = (None, tag)
            return None, tag
        attributed = ATTRIBUTE.search(tag) is not None
        classes, style = _seen(tag) if attributed else ("", "")
        node = parent.children.get((name, classes, style))
        if node is None:
            node = parent.children[name, classes, style] = self._node(parent, name, classes, style)
        if not node.resolved:
            unknown.append(node)
        bare = ATTRIBUTE.sub("", tag) if attributed else tag
        at = 1 + len(name)
        met = (None if name in VOID or tag[-2] == "/" else node), bare[:at] + node.added + bare[at:]
        if node.resolved and len(parent.met) < MOST_MET and "href" not in tag:
            parent.met[tag] = met
        return met

    def _node(self, parent: _Node, name: str, classes: str, style: str) -> _Node:
        path = f"{parent.key}\0{name}\0{classes}\0{style}"
        node = _Node(parent, name, classes, style, hashlib.blake2b(path.encode(), digest_size=12).hexdigest())
        if node.key in self._known:
            self._resolve(node)
        return node

    def _resolve(self, node: _Node) -> None:
        style = self._known[node.key]
        classes = " ".join(name for name in node.classes.split() if name in self._kept)
        node.added = (f' class="{classes}"' if classes else "") + (f' style="{style}"' if style else "")
        node.resolved = True

    def _learn(self, unknown: list[_Node], inliner: Inliner) -> None:
        """Let the inliner see a specimen, which holds each unknown path once, and remember what it says."""
        self._known.update((node.key, node.style) for node in unknown)  # for what a parser may move out of sight
        leftover = ""
        if self.css:
            styles, leftover = _asked(inliner, self._specimen(unknown))
            self._known.update(styles)
        if LEFTOVER not in self._known:
            self._known[LEFTOVER] = leftover
            self._kept |= frozenset(CLASS_NAME.findall(leftover))
        for node in unknown:
            self._resolve(node)
        if self._file:
            write_atomic(self._file, json.dumps(self._known, ensure_ascii=False).encode())

    def _specimen(self, unknown: list[_Node]) -> str:
        """Return a document that holds each of the paths once, and the stylesheet."""
        heads = [
            node for page in self._root.children.values() for node in page.children.values() if node.name == "head"
        ]
        wanted = {id(way) for node in (*unknown, *heads) for way in _upwards(node)}
        sheet = f"<style>{self.css}</style>"
        body = "".join(_below(self._root, wanted, sheet))
        return f"<!DOCTYPE html>{'' if heads else sheet}{body}"


def _closed(parent: _Node, name: str) -> _Node:
    """Return the path that is open behind an end tag; one that closes nothing leaves all as it was."""
    name = name.strip().lower()
    for node in _upwards(parent):
        if node.name == name and node.parent:
            return node.parent
    return parent


def _upwards(node: _Node) -> Iterator[_Node]:
    while node.parent is not None:
        yield node
        node = node.parent


def _whole(html: str, css: str, kept: frozenset[str], inliner: Inliner) -> tuple[str, str]:
    """Return ``html`` with styles, and the leftover rules, by letting the inliner see every element."""
    parts = TOKEN.split(html)
    specimen = parts.copy()
    starts: list[int] = []
    for index in range(1, len(parts), 2):
        match = NAME.match(parts[index], 1)
        if match and match[0].lower() not in RAW_TEXT:
            at = match.end()
            specimen[index] = f'{parts[index][:at]} data-path="{len(starts)}"{parts[index][at:]}'
            starts.append(index)
    seen = STYLE_ELEMENT.sub("", "".join(specimen)).replace("</head>", f"<style>{css}</style></head>", 1)
    styles, leftover = _asked(inliner, seen)
    kept |= frozenset(CLASS_NAME.findall(leftover))
    for number, style in styles:
        index = starts[int(number)]
        tag = parts[index]
        classes = " ".join(name for name in _seen(tag)[0].split() if name in kept)
        added = (f' class="{classes}"' if classes else "") + (f' style="{style}"' if style else "")
        at = NAME.match(tag, 1).end()  # type: ignore[union-attr]
        parts[index] = tag[:at] + added + ATTRIBUTE.sub("", tag[at:])
    return "".join(parts), leftover


def _seen(tag: str) -> tuple[str, str]:
    """Return class and style of a tag, as a double-quoted attribute can hold them."""
    # what stood in single quotes will stand in double ones: fonts that premailer writes as "Times New Roman"
    found = {name.lower(): double or single.replace('"', "'") for name, double, single in ATTRIBUTE.findall(tag)}
    return found.get("class", ""), found.get("style", "")


def _asked(inliner: Inliner, html: str) -> tuple[list[tuple[str, str]], str]:
    """Return what the inliner gives each element with a ``data-path``, and the rules that no attribute can hold."""
    result = inliner(html)
    styles = [
        (path[1], compact(_seen(tag)[1]))
        for tag in TOKEN.findall(result)
        if (path := re.search(r'\sdata-path="([0-9a-f]+)"', tag)) and NAME.match(tag, 1)
    ]
    return styles, " ".join(unescape(" ".join(STYLE_ELEMENT.findall(result))).split())


def _below(node: _Node, wanted: set[int], sheet: str) -> Iterator[str]:
    """Yield what stands below ``node``, as far as it is wanted; the sheet stands in the head."""
    for child in node.children.values():
        if id(child) not in wanted:
            continue
        yield f"<{child.name}"
        if not child.resolved:
            yield f' data-path="{child.key}"'
        if child.classes:
            yield f' class="{child.classes}"'
        if child.style:
            yield f' style="{child.style}"'
        yield ">"
        if child.name == "head":
            yield sheet
        yield from _below(child, wanted, sheet)
        if child.name not in VOID:
            yield f"</{child.name}>"


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
