"""caniemail's published data (https://www.caniemail.com/api/data.json), condensed to the facts we use.

Kept are values, versions, dates and note numbers. Notes are kept as *conditions* in our own few words
(``only-on:table``): what :mod:`newsletter.clients.conditions` can decide; what it cannot, stays a bare number.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Any

from newsletter.errors import ContentError, Position, Problem

LEAST = 250
"""Features that a client must have been tested for, out of some 300, to be offered."""

_LETTERS = string.ascii_lowercase + string.ascii_uppercase + string.digits

GUEST = "gmail.guest"
"""Gmail's app with an account that is not Google's: caniemail tells it in notes on the app."""

_WORD = r"`[^`]+`"
_LIST = rf"{_WORD}(?:(?:,| or| and|, and|, or)? ?{_WORD})*"

_GUESTS = re.compile(r"with (non Google accounts|non Gmail account)")
_RECOGNISED: tuple[tuple[str, str, str], ...] = (
    (r"css-important", r"lower ?case", "fine"),
    (r"css-important", r"space before", "fine"),
    (r"css-important", r"Not supported inline", "not-inline"),
    (r"css-padding", r"[Oo]nly supported on table cells", "only-on:td,th"),
    (r"css-at-font-face", r"distant fonts are ignored", "never"),
    (r"css-at-media$", r"Only supports `screen`", "sizes-only"),
    (r"css-at-media$", r"nested", "nested"),
    (r"css-at-media$", r"height based", "height"),
    (r"css-at-media$", r"landscape", "landscape"),
    (r"css-at-media-orientation", r"portrait", "portrait"),
    (r"css-background$", r"Only `background-color` values", "colour-only"),
    (r"css-(background|mask)", r"multiple values", "no-comma"),
    (r"css-text-decoration$", r"multiple values|Only supports the line", "one-word"),
    (r"css-background$", r"`/ value`", "no-slash"),
    (r"css-border-radius", r"slash", "no-slash"),
    (r"css-border$", r"bigger than 8px", "at-most-8px"),
    (r"css-display$", r"Only supports `display:none`", "only-value:none"),
    (r"css-font-weight", r"0 and 599|600 and 1000|Only the following numeric", "weights"),
    (r"css-list-style", r"`list-style-image` values|Only `list-style-type` values", "no-url"),
    (r"css-cursor", r"URL", "no-url"),
    (r"css-height", r"Replaces `height` by `min-height`", "as-min-height"),
    (r"css-rgba?$", r"style` attribute of an element, the whole", "spaced-all"),
    (r"css-rgba?$", r"Whitespace syntax is not supported", "spaced"),
    (r"css-rgba?$", r"Alpha value", "alpha"),
    (r"css-modern-color", r"remove all inline styles", "all"),
    (r"css-(margin|text-indent)", r"[Nn]egative values are not supported", "no-negative"),
    (r"css-pseudo", r"Only supported on type selectors", "types-only"),
    (r"css-selector-attribute", r"Only supports `\[attr~=value\]`", "attribute:~="),
    (r"css-selector-attribute", r"Only supports `\[attr=value\]`", "attribute:="),
    (r"css-selector-attribute", r"Only supports `\[attr\]`, `\[attr=value\]`", "attribute:,=,~=,|="),
    (r"css-selector-attribute", r"with a class selector", "not-with-class"),
    (r"css-word-spacing|css-font-size$", r"`rem`", "no-unit:rem"),
    (r"css-left-right", r"Percentages", "no-unit:%"),
    (r"css-left-right", r"`left` and `top`", "no-property:left,top"),
    (r"css-overflow$", r"`overflow-block` & `overflow-inline` not", "no-property:overflow-block,overflow-inline"),
    (r"html-body", r"Replaced by a `<div>`", "as-div"),
    (r"html-style", r"inside the `<body>`", "head-only"),
    (r"html-style", r"16 KB", "16-kb"),
    (r"html-style", r"before their rules are used", "fine"),
    (r"html-semantics", r"tags are stripped", ""),
    (r"html-svg|html-audio|html-object|html-video|html-form", r"and (all|any|its entire) ?(its)? ?.*content", "whole"),
    (r"html-base|html-lists|html-target|html-mailto|html-anchor", r"", ""),
    (r"image-", r"Converts", "fine"),
    (r"image-base64", r"Base 64 gif", "no-value:gif"),
)
"""Where a feature's name and a note read so, the condition is this; the first that fits."""

_GENERIC: tuple[tuple[str, str], ...] = (
    (rf"[Nn]ot supported on ({_LIST})", "not-on"),
    (rf"[Oo]nly (?:works|supported) on (?:the )?({_LIST})", "only-on"),
    (rf"^(?:Partial\. )?Only ({_LIST}) (?:is|are) supported", "only-element"),
    (rf"but (?:not|`not) +({_LIST})", "no-value"),
    (rf"({_LIST}) (?:values? )?(?:is|are) not supported", "no-value"),
)


def condensed(published: dict[str, Any]) -> dict[str, Any]:
    """Return the facts in caniemail's published JSON, as ``caniemail.json`` holds them.

    Raises :class:`ContentError` where this is not that JSON.
    """
    try:
        features = sorted(published["data"], key=lambda feature: feature["slug"])
        clients = _clients(features)
        return {
            "source": "https://www.caniemail.com",
            "date": published["last_update_date"][:10],
            "clients": dict(zip(_LETTERS, clients, strict=False)),
            "features": {feature["slug"]: _feature(feature, clients) for feature in features},
        }
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        problem = Problem(Position("", 1, 1), f"this is not caniemail's published data: {error!r}")
        raise ContentError([problem]) from error


def _clients(features: list[dict[str, Any]]) -> list[str]:
    counted: dict[str, int] = {}
    for feature in features:
        for family, platforms in feature["stats"].items():
            for platform in platforms:
                counted[f"{family}.{platform}"] = counted.get(f"{family}.{platform}", 0) + 1
    return [*sorted(name for name, count in counted.items() if count >= LEAST), GUEST]


def _feature(feature: dict[str, Any], clients: list[str]) -> dict[str, Any]:
    """Return one feature: clients (their letters) by what the last test of each found, ``a 1 6 2023-01``."""
    notes = feature["notes_by_num"] or {}
    conditions = {number: _condition(feature["slug"], note) for number, note in notes.items()}
    support: dict[str, str] = {}
    used: set[str] = set()
    for letter, client in zip(_LETTERS, clients, strict=False):
        family, platform = client.split(".")
        tests = feature["stats"].get(family, {}).get("ios" if client == GUEST else platform)
        if tests:
            version, found = list(tests.items())[-1]
            value, *numbers = found.replace("#", "").split()
            if family == "gmail":
                value, numbers = _for_account(value, numbers, notes, guest=client == GUEST)
            used.update(numbers)
            key = " ".join((value, *numbers, version))
            support[key] = support.get(key, "") + letter
    return {
        "title": feature["title"].replace("`", ""),
        "category": feature["category"],
        "tested": "-".join(part.zfill(2) for part in feature["last_test_date"].split("-")),
        "conditions": {n: text for n, text in sorted(conditions.items()) if text and n in used},
        "support": support,
    }


def _for_account(value: str, numbers: list[str], notes: dict[str, str], *, guest: bool) -> tuple[str, list[str]]:
    """Return what holds for a Google account, or for another (``guest``), where notes tell them apart."""
    ours = [number for number in numbers if _GUESTS.search(notes.get(number, ""))]
    others = [number for number in numbers if number not in ours]
    if not ours or value == "n":
        return value, numbers
    guests_only = any(re.search(r"[Oo]nly", notes[number]) for number in ours)
    if guest == guests_only:
        return ("a" if others else "y"), others
    values = [number for number in ours if re.search(rf"{_LIST} are not supported", notes[number])]
    return ("a", [*others, *values]) if values else ("n", others)


def _condition(slug: str, note: str) -> str:
    for name, text, condition in _RECOGNISED:
        if re.match(name, slug) and re.search(text, note):
            return condition
    for text, condition in _GENERIC:
        if match := re.search(text, note):
            words = list(_words(match[1]))
            name = "not-on" if slug.startswith("html-") and condition == "no-value" else condition
            return f"{name}:{','.join(words)}"
    return ""


def _words(text: str) -> Iterator[str]:
    for word in re.findall(r"`([^`]+)`", text):
        yield word.strip("<>").split(":")[-1].strip().removesuffix("()")
