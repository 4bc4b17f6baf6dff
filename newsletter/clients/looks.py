"""Looks of a mail in the preview: HTML in, HTML out, for any browser. The dark ones that invert are simulations.

What clients do in the dark, with dates and sources: docs/dark-mode.md. A mail may be simulated for a client first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal

import tinycss2

from newsletter.clients.colours import Role, Turn, role_of, turned_token
from newsletter.clients.support import Client
from newsletter.clients.trees import Document, elements, parsed
from newsletter.clients.uses import written

_STYLE = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_WITH_MEDIA = re.compile(r"<(?:source|link|meta)\b[^>]*>", re.IGNORECASE)
_GAP = r"(?:\s|/\*(?:[^*]|\*(?!/))*\*/)*"
_SCHEME = re.compile(
    rf"\({_GAP}prefers-color-scheme{_GAP}(?::{_GAP}(?P<wanted>[a-z-]+){_GAP})?\)", re.IGNORECASE | re.DOTALL
)
_DECLARED = re.compile(
    r"<meta\b[^>]*\bname\s*=\s*[\"']?color-scheme\b[^>]*\bdark\b|(?<![\w-])color-scheme\s*:[^;}<]*\bdark\b",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"<head\b[^>]*>|<html\b[^>]*>(?!.*<head\b)|^\s*<!doctype[^>]*>(?!.*<html\b)", re.IGNORECASE | re.DOTALL
)

ALWAYS, NEVER = "(min-width:0px)", "(min-width:99999px)"
"""Media conditions that hold in every window, and in none."""
_DEFAULTS = ":root{color-scheme:dark !important}html{background-color:#1b1b1b;color:#ffffff}"


def light(html: str) -> str:
    """Return the mail as on a light screen, whatever the screen that shows it."""
    return _first_style(_in_scheme(html, "light"), ":root{color-scheme:light !important}")


def dark(html: str) -> str:
    """Return the mail on a dark screen in a client that lets its own dark rules apply (Apple Mail)."""
    scheme = "dark" if _DECLARED.search(html) else "light"
    return _first_style(_in_scheme(html, "dark"), f":root{{color-scheme:{scheme} !important}}")


def without_styles(html: str) -> str:
    """Return the mail without ``<style>`` and ``<link>``: what a client shows that drops them."""
    return _LINK.sub("", _STYLE.sub("", html))


def inverted_full(html: str) -> str:
    """Return the mail as clients show it that turn every colour, light or dark (Gmail on iPhone, classic Outlook).

    A simulation: what stands in pictures stays, the mail's own dark rules do not apply.
    """
    return _inverted(_in_scheme(html, "light"), "full")


def inverted_part(html: str, *, outlook: bool = False) -> str:
    """Return the mail as clients show it that turn light grounds and dark texts (Gmail on Android, Outlook.com).

    A simulation, as :func:`inverted_full`. With ``outlook`` the rules under ``[data-ogsc]`` and ``[data-ogsb]``
    apply, which only Outlook.com and the new Outlooks know.
    """
    return _inverted(_in_scheme(html, "light"), "part", outlook=outlook)


def in_the_dark(html: str, client: Client) -> str:
    """Return the mail (simulated for the client before) as the client shows it on a dark screen, as far as is known."""
    if client.recolours == "part" and client.family == "outlook":
        return _inverted(_in_scheme(html, "dark" if client.own_dark else "light"), "part", outlook=True)
    if client.own_dark:
        return dark(html)
    looks: dict[str, Callable[[str], str]] = {"full": inverted_full, "part": inverted_part}
    return looks.get(client.recolours, light)(html)


# --- media conditions


def _in_scheme(html: str, scheme: Literal["light", "dark"]) -> str:
    """Put what ``prefers-color-scheme`` comes to in its place: in stylesheets and in ``media`` attributes."""

    def settled(match: re.Match[str]) -> str:
        wanted = (match["wanted"] or scheme).lower()
        return ALWAYS if wanted == scheme else NEVER

    def in_whole(match: re.Match[str]) -> str:
        return _SCHEME.sub(settled, match[0])

    return _WITH_MEDIA.sub(in_whole, _STYLE.sub(in_whole, html))


def _first_style(html: str, css: str) -> str:
    """Put a stylesheet before all others."""
    match = _HEAD.search(html)
    at = match.end() if match else 0
    return f"{html[:at]}<style>{css}</style>{html[at:]}"


# --- colours


def _inverted(html: str, turn: Turn, *, outlook: bool = False) -> str:
    document = parsed(html)
    for style in document.root.iter("style"):
        style.text = _turned_sheet(style.text or "", turn)
    for element in elements(document.root):
        _turn_element(element, turn, outlook=outlook)
    if outlook:
        _mark_page(document)
    return _first_style(str(document), _DEFAULTS)


def _mark_page(document: Document) -> None:
    """The text of the page itself is turned, whatever the mail says: the rules for it apply below the body."""
    for name in ("data-ogsc", "data-ogsb"):
        if document.body.get(name) is None:
            document.body.set(name, "")


_ATTRIBUTES: dict[str, Role] = {
    "bgcolor": "ground",
    "bordercolor": "line",
    "color": "text",
    "text": "text",
    "link": "text",
    "vlink": "text",
    "alink": "text",
}
_MARKS: dict[Role, str] = {"text": "data-ogsc", "ground": "data-ogsb"}


def _turn_element(element: Any, turn: Turn, *, outlook: bool) -> None:
    style = element.get("style")
    if style:
        css, roles = _turned_style(style, turn)
        element.set("style", css)
        for mark in _MARKS.keys() & roles if outlook else ():
            element.set(_MARKS[mark], "")
    for name, role in _ATTRIBUTES.items():
        value = element.get(name)
        if value:
            element.set(name, _turned_attribute(value, role, turn))
            if outlook and role in _MARKS:
                element.set(_MARKS[role], "")


@lru_cache(maxsize=1_000)
def _turned_attribute(value: str, role: Role, turn: Turn) -> str:
    text = value.strip()
    if re.fullmatch(r"[0-9A-Fa-f]{6}", text):
        text = f"#{text}"
    token = tinycss2.parse_one_component_value(text)
    return turned_token(token, role, turn) or value


@lru_cache(maxsize=20_000)
def _turned_style(style: str, turn: Turn) -> tuple[str, tuple[Role, ...]]:
    """Return declarations with their colours turned, and what the turned colours were for."""
    nodes = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    roles: dict[Role, None] = {}
    css = ";".join(_turned_declaration(node, turn, roles) for node in nodes if node.type == "declaration")
    return css, tuple(roles)


def _turned_declaration(node: Any, turn: Turn, roles: dict[Role, None]) -> str:
    role = role_of(node.lower_name)
    important = " !important" if node.important else ""
    if role is None:
        return f"{node.name}:{written(node.value)}{important}"
    parts = []
    for token in node.value:
        turned_to = turned_token(token, role, turn)
        if turned_to:
            roles[role] = None
        parts.append(turned_to or token.serialize())
    return f"{node.name}:{' '.join(''.join(parts).split())}{important}"


@lru_cache(maxsize=200)
def _turned_sheet(css: str, turn: Turn) -> str:
    return "\n".join(_turned_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), turn))


def _turned_rules(nodes: Iterable[Any], turn: Turn) -> Iterable[str]:
    for node in nodes:
        if (
            node.type == "at-rule"
            and node.content is not None
            and node.lower_at_keyword in ("media", "supports", "layer")
        ):
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield f"@{node.at_keyword} {written(node.prelude)}{{\n{chr(10).join(_turned_rules(inner, turn))}\n}}"
        elif node.type == "qualified-rule" and not re.search(r"data-ogs[cb]", prelude := written(node.prelude)):
            yield f"{prelude}{{{_turned_style(tinycss2.serialize(node.content), turn)[0]}}}"
        elif node.type != "error":
            yield node.serialize()
