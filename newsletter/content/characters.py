"""Characters that have no place in a text, and bidi controls that must not reach beyond it.

Dropped: C0 and C1 controls but tab and newline, U+FEFF, lone surrogates, noncharacters (Unicode 23.7).
Kept: ZWJ and ZWNJ (emoji, Persian, Indic scripts), LRM, RLM and ALM (marks, which open nothing).
"""

from __future__ import annotations

import re
import unicodedata

_PLANE_ENDS = "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))

FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + _PLANE_ENDS
"""What :func:`clean` always drops, as the inside of a character class."""

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
_UNCLEAN = re.compile(f"[{FORBIDDEN}\r\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NO_BREAK = re.compile("[\u00a0\u2007\u202f]")
_SPACE = re.compile("[^\\S\u00a0\u2007\u202f]+")
_LINE_END = re.compile("\r\n?|\u2028")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")

PDF, PDI = "\u202c", "\u2069"
_EMBEDDINGS = frozenset("\u202a\u202b\u202d\u202e")


def clean(text: str) -> str:
    """Return ``text`` without what :func:`dropped` counts, and with every bidi control closed.

    CRLF, CR and LINE SEPARATOR become a newline, PARAGRAPH SEPARATOR two. A text with nothing to mend comes
    back as the same object.
    """
    return text if is_clean(text) else _clean(text)[0]


def dropped(text: str) -> int:
    """Return how many characters :func:`clean` removes; line ends that it rewrites do not count."""
    return 0 if is_clean(text) else _clean(text)[1]


def is_clean(text: str) -> bool:
    """Whether ``text`` holds no forbidden character, no odd line end and no bidi control at all."""
    # printable is narrower than clean, and ten times as quick to find out
    return text.replace("\n", "").replace("\u00a0", "").isprintable() or not _UNCLEAN.search(text)


def text_direction(text: str) -> str:
    """Return ``ltr`` or ``rtl``, as the first letter that has a direction says (UAX #9, P2 and P3); else ''."""
    if text[:1].isascii() and text[:1].isalpha():
        return "ltr"
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return ""


def squeeze(text: str) -> str:
    """Return ``text`` as one line: every run of white space is a space, but no-break spaces stay."""
    if text.isascii() or not _NO_BREAK.search(text):
        return " ".join(text.split())
    return _SPACE.sub(" ", text).strip()


def _clean(text: str) -> tuple[str, int]:
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    text, count = _FORBIDDEN.subn("", text)
    if not _BIDI.search(text):
        return text, count
    text, strays = _close(text)
    return text, count + strays


def _close(text: str) -> tuple[str, int]:
    """Close what is open at the end and drop closers that close nothing (UAX #9, BD9, X5a to X7).

    A PDI also ends the embeddings within its isolate; a PDF never ends an isolate.
    """
    waiting: list[str] = []  # the closers that are due, the outermost first
    strays = 0

    def judge(match: re.Match[str]) -> str:
        nonlocal strays
        control = match[0]
        if control not in (PDF, PDI):
            waiting.append(PDF if control in _EMBEDDINGS else PDI)
        elif control == PDI and PDI in waiting:
            while waiting.pop() != PDI:
                pass
        elif control == PDF and waiting[-1:] == [PDF]:
            waiting.pop()
        else:
            strays += 1
            return ""
        return control

    text = _BIDI.sub(judge, text)
    return text + "".join(reversed(waiting)), strays
