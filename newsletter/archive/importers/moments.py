"""Dates and times as machines write them into pages: ISO 8601, RFC 5322, or as people do."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate

from newsletter.archive.importers.dates import NoSuchDayError, read_date

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?![\d-])")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):?(\d{2})(?::?\d{2}(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
EARLIEST = 1900
LATEST = 2200


def day_of(text: str) -> datetime.date | None:
    """Return the day of a date or time, in its own time zone; None for what is none, or no year of a page."""
    text = text.strip()
    parts: tuple[int, int, int] | None = None
    if match := _DAY.match(text):
        parts = (int(match[1]), int(match[2]), int(match[3]))
    elif written := parsedate(text) if "," in text and ":" in text else None:
        parts = written[:3]
    try:
        day = datetime.date(*parts) if parts else read_date(text)
    except (ValueError, NoSuchDayError):
        return None
    return day if day and EARLIEST <= day.year <= LATEST else None


def moment_of(text: str) -> tuple[str, str]:
    """Return an event's beginning or end as an item has it, and its time zone.

    A time that says how far it is from UTC is told in UTC, since nothing says which zone it is; of one that does not,
    the day is known and nothing else. Empty for what is no date.
    """
    match = _MOMENT.match(text.strip())
    if match and match[4]:
        try:
            zone = match[4].upper().replace("Z", "+00:00")
            local = datetime.datetime.fromisoformat(f"{match[1]}T{match[2]}:{match[3]}{zone}")
            utc = local.astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            return "", ""
        return f"{utc:%Y-%m-%d %H:%M}", "UTC"
    day = day_of(text)
    return (day.isoformat(), "") if day else ("", "")
