"""Conditional comments as classic Outlook (the Word engine) takes them.

What stands in ``<!--[if mso]> … <![endif]-->`` is shown, what stands in ``<!--[if !mso]><!--> … <!--<![endif]-->``
is not. Outlook 2016, 2019, 2021 and the classic Outlook of Microsoft 365 all call themselves ``mso 16``
(https://stackoverflow.design/email/base/mso).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

VERSIONS = {"mso": 16.0, "vml": 1.0, "true": 1.0}
"""What the engine says that it is. ``IE`` it is not (that was Outlook before 2007)."""

_MARK = re.compile(
    r"<!--\[if\s(?P<hidden>[^\]<>]*)\]>(?:\s*<!--+>|\s*--+>)?"
    r"|<!\[if\s(?P<revealed>[^\]<>]*)\]>"
    r"|(?P<end>(?:<!--\s*)?<!\[endif\]\s*(?:--)?>)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\s*(\(|\)|&|\||!|(?:(gte|lte|gt|lt)\s+)?([a-z]+)(?:\s+(\d+(?:\.\d+)?))?)", re.IGNORECASE)


def taken(html: str) -> str:
    """Return the HTML as the Word engine reads it, line for line: without conditional comments."""
    parts: list[str] = []
    conditions: list[bool] = []
    end = 0
    for mark in _MARK.finditer(html):
        _keep(parts, html[end : mark.start()], all(conditions))
        end = mark.end()
        if mark["end"] is None:
            conditions.append(holds(mark["hidden"] or mark["revealed"] or ""))
        elif conditions:
            conditions.pop()
    _keep(parts, html[end:], all(conditions))
    return "".join(parts)


def _keep(parts: list[str], text: str, shown: bool) -> None:
    parts.append(text if shown else "\n" * text.count("\n"))


def holds(condition: str) -> bool:
    """Tell whether ``gte mso 9``, ``(mso)|(IE)`` and the like hold; what cannot be read does not."""
    tokens = list(_TOKEN.finditer(condition))
    if "".join(match[0] for match in tokens).strip() != condition.strip():
        return False
    try:
        value, rest = _either(tokens)
    except IndexError:
        return False
    return value and not rest


_Tokens = list["re.Match[str]"]


def _either(tokens: _Tokens) -> tuple[bool, _Tokens]:
    value, tokens = _both(tokens)
    while tokens and tokens[0][1] == "|":
        other, tokens = _both(tokens[1:])
        value = value or other
    return value, tokens


def _both(tokens: _Tokens) -> tuple[bool, _Tokens]:
    value, tokens = _one(tokens)
    while tokens and tokens[0][1] == "&":
        other, tokens = _one(tokens[1:])
        value = value and other
    return value, tokens


def _one(tokens: _Tokens) -> tuple[bool, _Tokens]:
    first, tokens = tokens[0], tokens[1:]
    if first[1] == "!":
        value, tokens = _one(tokens)
        return not value, tokens
    if first[1] == "(":
        value, tokens = _either(tokens)
        return value, tokens[1:]
    return _compared(first), tokens


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "gte": operator.ge,
    "lte": operator.le,
    "gt": operator.gt,
    "lt": operator.lt,
    "": lambda ours, theirs: int(ours) == int(theirs),
}


def _compared(token: re.Match[str]) -> bool:
    ours = VERSIONS.get((token[3] or "").lower())
    return ours is not None and (token[4] is None or _COMPARE[(token[2] or "").lower()](ours, float(token[4])))
