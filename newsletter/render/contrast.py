"""Whether text can be read on its ground (WCAG 2.2, success criterion 1.4.3), and the nearest colour that can."""

from __future__ import annotations

import colorsys

TEXT, LARGE = 4.5, 3.0
"""Least contrast of text, and of text from 24 px on (18.66 px where it is bold)."""


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, from 0 (black) to 1 (white)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours ``#rrggbb``, from 1 (the same) to 21 (black and white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def nearest(colour: str, others: list[str], least: float) -> str:
    """Return the colour of the same hue, as near as can be, whose contrast with all ``others`` is enough; or ''."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    for step in range(1, 256):
        for moved in (lightness - step / 255, lightness + step / 255):
            if 0 <= moved <= 1:
                parts = colorsys.hls_to_rgb(hue, moved, saturation)
                found = "#" + "".join(f"{round(part * 255):02x}" for part in parts)
                if all(contrast(found, other) >= least for other in others):
                    return found
    return ""


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue
