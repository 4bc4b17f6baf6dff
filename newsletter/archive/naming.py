"""Ids of items: short and readable, made of the title once and never changed afterwards."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Collection

UNNAMED = "unnamed"
"""Id of an item that has none yet; the archive gives it one. No item of the archive is called so."""
MAX_LENGTH = 48
"""Longest id made of a title, in characters; one that is told apart by its date or a number is longer."""
FEW = 2000
"""How many ids are compared letter by letter."""

_APOSTROPHES = re.compile("(?<=\\w)['\u2019\u02bc](?=\\w)")
_DANGLING = re.compile(
    "(?:-(?:an?|and|as|at|by|for|from|in|into|its|of|on|or|our|the|their|to|with|d|de|des|du|et|l|la|le|les|y|el|en))+$"
)
_OTHERS = re.compile(r"[^a-z0-9]+")


def make_id(title: str, date: datetime.date | None, taken: Collection[str]) -> str:
    """Return an id that is not ``taken``: the title's words, then its date, then a number tell items apart."""
    base = slug(title)
    if base not in taken and base != UNNAMED:
        return base
    if date and f"{base}-{date}" not in taken:
        return f"{base}-{date}"
    base = f"{base}-{date}" if date else base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def first_ids(title: str, date: datetime.date | None) -> tuple[str, str]:
    """Return the ids that an item of this title and date gets when they are free."""
    base = slug(title)
    return base, f"{base}-{date}"


def slug(title: str) -> str:
    """Return the words of ``title`` in Latin letters and digits, joined by hyphens, cut at a word."""
    if title.isascii():
        words = _OTHERS.sub("-", _APOSTROPHES.sub("", title).lower()).strip("-")
    else:
        from slugify import slugify  # noqa: PLC0415 - its tables are needed for other scripts only

        words = str(slugify(_APOSTROPHES.sub("", title)))
    if len(words) > MAX_LENGTH:
        cut = words.rfind("-", 1, MAX_LENGTH + 1)
        words = _DANGLING.sub("", words[: cut if cut > 0 else MAX_LENGTH].strip("-"))
    return words or "item"


def nearest(item_id: str, known: Collection[str], limit: int = 3) -> list[str]:
    """Return the ``known`` ids that are spelt nearly like ``item_id``, or hold its words; the nearest first."""
    words = set(item_id.split("-"))
    if len(known) > FEW:  # difflib takes 10 µs for each: look at those first that share words, or the beginning
        shared = {other: len(words.intersection(other.split("-"))) for other in known}
        head = item_id[:3]
        known = sorted(
            (other for other in known if shared[other] or other.startswith(head)), key=lambda other: -shared[other]
        )[:FEW]
    near = difflib.get_close_matches(item_id, known, n=limit, cutoff=0.6)
    holding = [other for other in known if other not in near and (item_id in other or words < set(other.split("-")))]
    return [*near, *holding][:limit]
