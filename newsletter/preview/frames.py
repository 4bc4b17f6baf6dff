"""What stands in the frames of the page: the mail in one of its looks, plain text, the web version, the source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from newsletter.build import Drawn
from newsletter.clients import looks
from newsletter.clients.simulate import Simulated, simulate
from newsletter.clients.support import Client, find_client
from newsletter.errors import UsageError
from newsletter.render.images import FOLDER

LOOKS: Mapping[str, Callable[[str], str]] = {
    "light": looks.light,
    "dark": looks.dark,
    "full": looks.inverted_full,
    "part": looks.inverted_part,
}
"""How a screen or a client colours the mail; the last two are simulations."""
KINDS = ("email", "web", "text", "prose", "source")
"""The mail; its web version; its text part as a mail client shows it, and in a proportional font; its HTML."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a frame shows its content: in a look, as a client does, with or without ``<style>``.

    ``dark`` is as the mail itself says; with a client, as that client does it.
    """

    look: str = "light"
    client: str = ""
    styles: bool = True


def frame(drawn: Drawn, kind: str, sight: Sight) -> str:
    """Return the page that shows a ``kind`` of :data:`KINDS` of an edition. Pictures are asked for at ``images/``.

    Raises:
        UsageError: there is no such view, look or client.
    """
    if kind == "email":
        return seen(local(drawn), sight)
    if kind == "web":
        return seen(drawn.message.web, Sight(sight.look, "", sight.styles))
    if kind in ("text", "prose"):
        return seen(as_page(drawn.outgoing.text, _TEXT_STYLES[kind]), Sight(sight.look))
    if kind == "source":
        return seen(as_page(drawn.outgoing.html, _SOURCE_STYLE), Sight(sight.look))
    raise UsageError(f"there is no view '{kind}' (there are: {', '.join(KINDS)})")


def seen(html: str, sight: Sight) -> str:
    """Return HTML as a client and a screen show it. Raises :class:`UsageError` when there is no such one."""
    if sight.look not in LOOKS:
        raise UsageError(f"there is no look '{sight.look}' (there are: {', '.join(LOOKS)})")
    if sight.client:
        html = simulated(html, sight.client).html
    if not sight.styles:
        html = looks.without_styles(html)
    if sight.client and sight.look == "dark":
        return looks.in_the_dark(html, known(sight.client))
    return LOOKS[sight.look](html)


@lru_cache(maxsize=8)
def simulated(html: str, client: str) -> Simulated:
    """Return the mail as a client shows it, and what it lost."""
    return simulate(html, known(client))


def known(client: str) -> Client:
    """Return a client by its key. Raises :class:`UsageError` when there is none."""
    try:
        return find_client(client)
    except KeyError:
        raise UsageError(f"there is no client '{client}'") from None


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
_PAPER = "body{background:#fff;color:#1d2126}@media (prefers-color-scheme:dark){body{background:#1b1d20;color:#e4e6e8}}"


def as_page(text: str, style: str) -> str:
    """Return a page that shows ``text`` as it is."""
    return (
        '<!doctype html><html lang=""><head><meta charset="utf-8"><title>text</title>'
        f'<meta name="color-scheme" content="light dark"><style>{_PAPER}</style></head>'
        f'<body style="{escape(style)}">{escape(text)}</body></html>'
    )
