"""Dates as people write them in listings: English, French, Spanish and Arabic, day or month first, or ISO 8601."""

from __future__ import annotations

import datetime
import re
from functools import cache, lru_cache
from typing import Literal

from newsletter.archive.folding import fold

# fmt: off
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
# fmt: on
LOCALES = ("en", "en_GB", "fr", "es", "ar", "ar_SY", "ar_MA", "ar_DZ", "ar_MR")
"""Whose names of months and weekdays are known (CLDR); Arabic has one set in Egypt and the Gulf, others elsewhere."""
LONGEST = 60
"""No date is longer, in characters."""

_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|o|a)?\.?")
_YEAR = re.compile(r"\d{4}")
_FILLERS = frozenset({"de", "del", "of", "the", "le", "el", "on"} | {fold(word) for word in ("في", "يوم")})
_NUMERIC = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


class NoSuchDayError(ValueError):
    """The text is a date, but of a day that the calendar does not have."""


@lru_cache(4096)
def read_date(text: str) -> datetime.date | None:
    """Return the date that ``text`` is, all of it; None when it is none, or one that can be read in two ways.

    Raises:
        NoSuchDayError: such as 31 September 2017.
    """
    if len(text) > LONGEST or not any(map(str.isdigit, text)):
        return None
    words = _words(text)
    iso = _ISO.fullmatch(words[0]) if len(words) == 1 else None
    parts = tuple(map(int, iso.groups())) if iso else _parts(words)
    if parts is None:
        return None
    try:
        return datetime.date(*parts)
    except ValueError:
        raise NoSuchDayError(text) from None


def is_date(text: str) -> bool:
    """Whether ``text`` is a date of the calendar."""
    try:
        return read_date(text) is not None
    except NoSuchDayError:
        return False


def resembles_date(text: str) -> bool:
    """Whether ``text`` was probably meant as a date, though it cannot be read as one: 29/09/2017, September 2017."""
    if len(text) > LONGEST or not any(map(str.isdigit, text)):
        return False
    words = _words(text)
    if len(words) == 1:
        return _NUMERIC.fullmatch(words[0]) is not None
    numbers = [word for word in words if word[0].isdigit()]
    others = [word for word in words if not word[0].isdigit() and word not in "-–—"]
    return bool(numbers and others) and all(_month([word]) or word in _weekdays() for word in others)


def write_date(date: datetime.date) -> str:
    """Return ``date`` as the listing has it: 29 September 2017."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year:04}"


def _words(text: str) -> list[str]:
    words = [word for word in re.split(r"[\s,،]+", fold(text)) if word]
    return [word for word in words if word not in _FILLERS]


def _parts(words: list[str]) -> tuple[int, int, int] | None:
    """Return year, month and day of the words of a date, or None."""
    if len(words) > 3 and not words[0][0].isdigit() and words[0].rstrip(".") in _weekdays():
        words = words[1:]
    if len(words) < 3 or not _YEAR.fullmatch(words[-1]):
        return None
    year = int(words[-1])
    for day, names in ((words[0], words[1:-1]), (words[-2], words[:-2])):
        match, month = _DAY.fullmatch(day), _month(names)
        if match and month:
            return year, month, int(match[1])
    return None


def _month(words: list[str]) -> int | None:
    """Return the number of a month; two names of one month may stand with a slash between (أيلول/سبتمبر)."""
    names = [name.strip(" .") for name in " ".join(words).split("/")]
    found = {_ENGLISH.get(name) or _months().get(name) for name in names}
    return found.pop() if len(found) == 1 else None


_ENGLISH = {name.lower(): number for number, name in enumerate(MONTHS, 1)}


@cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names  # noqa: PLC0415 - 35 ms, not needed for English

    found: dict[str, int] = {"sept": 9}
    for locale in LOCALES:
        for width in _WIDTHS:
            for context in _CONTEXTS:
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(" ".join(fold(name).split()).strip("."), number)
    return found


@cache
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names  # noqa: PLC0415 - as above

    names = (
        name
        for locale in LOCALES
        for width in _WIDTHS
        for context in _CONTEXTS
        for name in get_day_names(width, context, locale).values()
    )
    return frozenset(fold(name).strip(".") for name in names)
