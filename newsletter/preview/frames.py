"""What stands in the frames of the page: the mail in one of its looks, plain text, the web version, the source."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from newsletter.build import Drawn
from newsletter.errors import UsageError
from newsletter.render.images import FOLDER

KINDS = ("email", "web", "text", "prose", "source")
"""The mail; its web version; its text part as a mail client shows it, and in a proportional font; its HTML."""


def frame(drawn: Drawn, kind: str) -> str:
    """Return the page that shows a ``kind`` of :data:`KINDS` of an edition. Pictures are asked for at ``images/``."""
    if kind == "email":
        return local(drawn)
    if kind == "web":
        return drawn.message.web
    if kind in ("text", "prose"):
        return as_page(drawn.outgoing.text, _TEXT_STYLES[kind])
    if kind == "source":
        return as_page(drawn.outgoing.html, _SOURCE_STYLE)
    raise UsageError(f"there is no view '{kind}' (there are: {', '.join(KINDS)})")


def local(drawn: Drawn) -> str:
    """Return the mail with its own pictures asked for beside the page, and not where they will be."""
    publication = drawn.edition.publication
    if publication.images != "hosted" or not publication.base_url:
        return drawn.outgoing.html
    there = f"{publication.base_url.rstrip('/')}/{drawn.edition.path}/{FOLDER}/"
    return drawn.outgoing.html.replace(escape(there), f"{FOLDER}/")


_BASE = "margin:0;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;"
_TEXT_STYLES: Mapping[str, str] = {
    "text": f"{_BASE}font:14px/1.45 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace",
    "prose": f"{_BASE}font:15px/1.45 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
}
_SOURCE_STYLE = f"{_BASE}font:12px/1.5 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace"


def as_page(text: str, style: str) -> str:
    """Return a page that shows ``text`` as it is."""
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>text</title>'
        "<style>:root{color-scheme:light dark}</style></head>"
        f'<body style="{escape(style)}">{escape(text)}</body></html>'
    )
