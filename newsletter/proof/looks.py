"""The mail as light and as dark devices show it, whatever the device of the one who looks.

A mail asks which one it is by ``prefers-color-scheme``; here the answer is written into it.
"""

from __future__ import annotations

import re

_STYLES = re.compile(r"<style\b[^>]*>.*?</style>|<(?:meta|link|source)\b[^>]*>", re.DOTALL | re.IGNORECASE)
_ASKS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_SCHEME = re.compile(
    r"(color-schemes?\s*:\s*|content\s*=\s*[\"'])(?:only\s+)?(?:light\s+dark|dark\s+light)(?=[;}\"'\s])"
)
YES, NO = "(min-width:0px)", "(max-width:0px)"
"""What every window answers with yes, and with no."""


def light(html: str) -> str:
    """Return a mail as it looks where all is light."""
    return _as(html, "light")


def dark(html: str) -> str:
    """Return a mail as it looks in dark mode, where it says itself what is dark."""
    return _as(html, "dark")


def _as(html: str, scheme: str) -> str:
    def answered(style: re.Match[str]) -> str:
        text = _ASKS.sub(lambda asks: YES if asks[1].lower() == scheme else NO, style[0])
        return _SCHEME.sub(rf"\g<1>{scheme}", text)

    return _STYLES.sub(answered, html)
