"""Items of a series often begin with the series' own blurb: what remains is their own."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DOUBLE = dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02", '"')
_SINGLE = dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u0060\u00b4\uff07\u02bc", "'")
_QUOTES = _DOUBLE | _SINGLE
_IGNORED = frozenset(["Zs", "Cc", "Cf", "Pd"])  # categories: spaces, controls, joiners and soft hyphens, dashes

_WIDE_ENDS = "\u3002\uff0e\uff01\uff1f"  # no space follows these
_ENDS = ".!?:;\u2026\u061f\u06d4\u0964\u0965\u0589" + _WIDE_ENDS
_ENDING = re.compile(f"[{re.escape(_ENDS)}\"'\u201d\u2019\u00bb)\\]\u300d\u300f]*")


def own_part(summary: str, blurb: str) -> str:
    """Return ``summary`` without the ``blurb`` that it begins with, otherwise exactly as it stands.

    Case, white space, kinds of quotes and all dashes and hyphens are not compared ("Co-operators" is
    "Cooperators"). The blurb counts only where it ends as a sentence or a line does; a summary that goes on
    in the same sentence stays whole. A summary that is all blurb leaves ''.
    """
    wanted = _folded(blurb)
    end = _match(summary, wanted) if wanted else None
    if end is None:
        return summary
    marks = _ENDING.match(summary, end)[0]  # type: ignore[index]  # it matches nothing, too
    rest = summary[end + len(marks) :]
    own = rest.lstrip()
    gap = rest[: len(rest) - len(own)]
    ended = any(mark in _ENDS for mark in marks) and (gap or any(mark in _WIDE_ENDS for mark in marks))
    return own if not own or ended or "\n" in gap else summary


@lru_cache(maxsize=1024)
def _fold(letter: str) -> str:
    """Fold one character; per character, so that the place in the summary is known."""
    if letter in _QUOTES:
        return _QUOTES[letter]
    if unicodedata.category(letter) in _IGNORED:
        return ""
    return unicodedata.normalize("NFKD", letter).casefold()


@lru_cache(maxsize=64)
def _folded(blurb: str) -> str:
    return "".join(map(_fold, blurb)).rstrip(_ENDS + "\"'")


def _match(summary: str, wanted: str) -> int | None:
    """Return where in ``summary`` the folded text ``wanted`` ends, or None when it does not begin with it."""
    done = 0
    for place, letter in enumerate(summary):
        folded = _fold(letter)
        if not wanted.startswith(folded, done):
            return None
        done += len(folded)
        if done == len(wanted):
            return place + 1
    return None
