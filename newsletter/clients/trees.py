"""A mail's HTML as a tree, and back: the doctype is kept, nothing in it can make this fail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

_DOCTYPE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(<!doctype[^>]*>)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that no tree can hold."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its doctype (or an empty string) and its root, an ``<html>`` with a head and a body."""

    doctype: str
    root: Any

    def __str__(self) -> str:
        """Return the HTML."""
        text: str = html.tostring(self.root, encoding="unicode", include_meta_content_type=True)
        return self.doctype + text

    @property
    def head(self) -> Any:
        """The head."""
        return self.root.find("head")

    @property
    def body(self) -> Any:
        """The body."""
        return self.root.find("body")


def parsed(text: str) -> Document:
    """Return HTML as a tree; odd HTML as the parser takes it, and none at all as an empty page."""
    text = _CONTROL.sub("\ufffd", text)
    doctype = match[1] if (match := _DOCTYPE.match(text)) else ""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, AssertionError):
        root = html.document_fromstring(b"<html><head></head><body></body></html>")
    if root.tag != "html":
        whole = html.Element("html")
        whole.append(root)
        root = whole
    if root.find("head") is None:
        root.insert(0, html.Element("head"))
    if root.find("body") is None:
        root.append(html.Element("body"))
    return Document(doctype, root)


def elements(root: Any) -> list[Any]:
    """Return all elements, without comments and the like, in document order."""
    return [element for element in root.iter() if isinstance(element.tag, str)]


def place(element: Any) -> tuple[str, str]:
    """Return where an element stands: the end of its path (``td > p.lead``), and the text in it or near it."""
    path = " > ".join(_named(one) for one in reversed([element, *list(element.iterancestors())[:2]]))
    around = element if next(element.iterancestors("head"), None) is None else None
    text = ""
    while around is not None and not text and around.tag not in ("body", "html"):
        text = " ".join(" ".join(around.itertext(with_tail=False)).split()) or (around.get("alt") or "").strip()
        around = around.getparent()
    return path, text if len(text) <= 60 else text[:59].rstrip() + "…"


def _named(element: Any) -> str:
    names = (element.get("class") or "").split()
    return str(element.tag) + (f"#{element.get('id')}" if element.get("id") else f".{names[0]}" if names else "")


def unwrap(element: Any) -> None:
    """Take an element's tags away and leave what stands between them."""
    if element.getparent() is not None:
        element.drop_tag()


def drop(element: Any) -> None:
    """Take an element away with all that it holds; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()
