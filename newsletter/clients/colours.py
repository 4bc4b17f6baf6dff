"""Colours turned as a dark client turns them: in CIELAB, the lightness changed, the hue kept.

No client publishes what it does; white becomes about #1b1b1b here, black becomes white.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

Role = Literal["text", "ground", "line"]
Turn = Literal["full", "part"]

DARKEST = 10.0
"""Lightness (0 to 100) that white turns into."""
_WHITE = (0.95047, 1.0, 1.08883)
"""D65, the white of sRGB (IEC 61966-2-1)."""

_TEXT = frozenset(("color", "fill", "caret-color", "-webkit-text-fill-color", "-webkit-text-stroke-color"))
_LINE = ("border", "outline", "column-rule")


def role_of(name: str) -> Role | None:
    """Return what a property's colours are for; ``None`` where it has none that a client would turn."""
    if name in _TEXT or name.startswith("text-decoration"):
        return "text"
    if name.startswith(_LINE):
        return "line"
    return "ground" if name.startswith("background") else None


def turned_lightness(lightness: float, role: Role, turn: Turn) -> float:
    """Return the lightness in the dark: all is turned (``full``), or light grounds, dark texts and lines (``part``)."""
    other = DARKEST + (100 - lightness) * (100 - DARKEST) / 100
    if turn == "full" or role == "line":
        return other
    return max(lightness, other) if role == "text" else min(lightness, other)


@cache
def turned(red: float, green: float, blue: float, role: Role, turn: Turn) -> str:
    """Return a colour (parts from 0 to 1) as it becomes, ``#rrggbb``."""
    lightness, a, b = _lab(red, green, blue)
    to = turned_lightness(lightness, role, turn)
    if abs(to - lightness) < 0.01:
        return _hex((red, green, blue))
    for step in range(21):  # less colourful until a screen can show it
        parts = _srgb(to, a * (1 - step / 20), b * (1 - step / 20))
        if all(-0.002 <= part <= 1.002 for part in parts):
            return _hex(parts)
    return _hex(parts)


def turned_token(token: Any, role: Role, turn: Turn) -> str:
    """Return a value of CSS as it becomes; an empty string where it is no colour, or stays as it is."""
    from tinycss2.color4 import parse_color  # noqa: PLC0415 - needed only for these looks

    if token.type not in ("hash", "ident", "function"):
        return ""
    try:
        colour = parse_color(token)
        if colour is None or isinstance(colour, str):  # currentcolor
            return ""
        red, green, blue = (float(part or 0) for part in colour.to("srgb").coordinates)
    except (ValueError, TypeError, NotImplementedError, ArithmeticError):
        return ""
    found = turned(red, green, blue, role, turn)
    if colour.alpha is None or colour.alpha >= 1:
        return "" if found == _hex((red, green, blue)) else found
    return f"{found}{round(255 * max(colour.alpha, 0)):02x}" if colour.alpha else ""


def _lab(red: float, green: float, blue: float) -> tuple[float, float, float]:
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue))
    xyz = (
        0.4124564 * r + 0.3575761 * g + 0.1804375 * b,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        0.0193339 * r + 0.1191920 * g + 0.9503041 * b,
    )
    x, y, z = (_root(value / white) for value, white in zip(xyz, _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _cube(value: float) -> float:
    return value**3 if value**3 > 216 / 24389 else (116 * value - 16) * 27 / 24389


def _srgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    middle = (lightness + 16) / 116
    x, y, z = (
        _cube(value) * white
        for value, white in zip((middle + a / 500, middle, middle - b / 200), _WHITE, strict=True)
    )  # fmt: skip
    linear = (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )
    red, green, blue = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in linear)
    return red, green, blue


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * min(max(part, 0), 1)):02x}" for part in parts)
