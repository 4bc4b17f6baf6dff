"""Recognising the item that announces an issue of the publication itself."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.model import Item
from newsletter.publication import Publication

REMAINDER = re.compile(
    r"[\s,.:;–—|-]*"
    r"(?:(?:no|nr|n|nº|num|number|issue|#|№|numéro|número|العدد)?[.°º]?\s*\d{1,5})?"  # No. 8
    r"[\s,.:;–—|()-]*"
    r"(?:[^\W\d_]+\.?(?:\s*[-–/]\s*[^\W\d_]+\.?)?)?"  # September, or July-August
    r"(?:\s+(?:de\s+)?\d{4})?[)\s.]*",  # 2017
    re.IGNORECASE,
)
"""What may follow the publication's name in an announcement: a number, a month, a year, and nothing else."""


@lru_cache(maxsize=64)
def _names(publication_names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted((" ".join(name.casefold().split()) for name in publication_names), key=len, reverse=True))


def is_announcement(item: Item, publication: Publication) -> bool:
    """Return whether ``item`` announces an issue of ``publication``: "ILO COOP eNewsUpdate No. 8, September 2017"."""
    title = " ".join(item.title.casefold().split())
    for name in _names((publication.title, *publication.aliases)):
        if title.startswith(name):
            rest = title[len(name) :]
            return bool(REMAINDER.fullmatch(rest)) and (not rest or not rest[0].isalnum())
    return False
