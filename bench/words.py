"""News items of one fixed seed: both sides of the bench get the same words, and so does every machine."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass

CATEGORIES = ("News", "Article", "Spotlight Interviews with Co-operators", "COOP Champions")

WORDS = (  # noqa: SIM905 - a paragraph reads better than a list of 60 strings
    "cooperative members ILO study tour statistics workers rural women youth finance housing "
    "care platform gig economy Asia Africa Japan Iran Sri Lanka Kenya livelihoods refugees "
    "migrants training leaders partnership federation union enterprises social solidarity "
    "standards recommendation research agriculture fair trade decent work school education "
    "inclusive quality local development apex movement interview experience next steps "
).split()


@dataclass(frozen=True, slots=True)
class News:
    """One generated item; the summary is about 300 characters of plain text."""

    category: str
    title: str
    date: datetime.date
    summary: str
    url: str


def news(count: int, month: str = "2017-09", seed: int = 2017) -> list[News]:
    """Return ``count`` items of ``month`` (YYYY-MM), spread over the four categories and over 28 days."""
    chance = random.Random(f"{seed} {month}")
    first = datetime.date.fromisoformat(f"{month}-01")
    return [
        News(
            category=CATEGORIES[index % len(CATEGORIES)],
            title=_sentence(chance, 70).removesuffix("."),
            date=first + datetime.timedelta(days=chance.randrange(28)),
            summary=" ".join(_sentence(chance, 95) for _ in range(3)),
            url=f"https://coop.example.org/news/{month}/{index:05d}",
        )
        for index in range(count)
    ]


def months(count: int, last: str = "2017-08") -> Iterator[str]:
    """Yield ``count`` months (YYYY-MM), backwards from ``last``."""
    year, month = map(int, last.split("-"))
    for _ in range(count):
        yield f"{year:04d}-{month:02d}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def listing(items: list[News]) -> str:
    """Return the items as the listing text that ``newsletter archive import`` reads."""
    lines = ["News, stories and statements on cooperatives", ""]
    for number, item in enumerate(items, 1):
        day = f"{item.date.day} {item.date:%B %Y}"
        lines += [f"  {number}. {item.category}", ""]
        for paragraph in (item.title, day, item.summary):
            lines += [f"    {paragraph}", ""]
    return "\n".join(lines)


def _sentence(chance: random.Random, length: int) -> str:
    """Return a sentence of about ``length`` characters."""
    words = [chance.choice(WORDS)]
    while sum(map(len, words)) + len(words) < length:
        words.append(chance.choice(WORDS))
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."
