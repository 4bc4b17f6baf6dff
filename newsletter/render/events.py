"""When an event takes place, in the reader's language, and events by month.

Dates and times are CLDR's (Unicode TR 35, part 4); a time is shown as the event's own clock has it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from newsletter.model import Extra, Item


def moment(text: str, zone: str = "") -> datetime.date | datetime.datetime:
    """Return what ``starts`` and ``ends`` hold: a day, or a day and time in the zone ``zone``."""
    if len(text) == len("YYYY-MM-DD"):
        return datetime.date.fromisoformat(text)
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone or "UTC"))


def when(extra: Extra | None, language: str) -> str:
    """Return when an event takes place, in words: its own words, or what its days and times say; or ''."""
    if extra is None or extra.when or not extra.starts:
        return extra.when if extra else ""
    return _when(extra.starts, extra.ends, extra.timezone, language)


@lru_cache(maxsize=512)
def _when(starts: str, ends: str, zone: str, language: str) -> str:
    from babel import Locale  # noqa: PLC0415 - events only
    from babel.dates import format_date, format_interval, format_time, get_timezone_name  # noqa: PLC0415

    def both(day: str, time: str) -> str:
        glue = str(Locale.parse(language).datetime_formats["medium"])
        return glue.replace("{1}", day).replace("{0}", time)

    first, last = moment(starts, zone), moment(ends or starts, zone)
    if starts[:10] == (ends or starts)[:10]:
        days = format_date(_day(first), "full", locale=language)
    else:
        days = format_interval(_day(first), _day(last), "yMMMMd", locale=language)
    if not isinstance(first, datetime.datetime) or not isinstance(last, datetime.datetime):
        return days
    clock = get_timezone_name(first, "long", locale=language)
    begin, end = (format_time(each, "short", tzinfo=each.tzinfo, locale=language) for each in (first, last))
    if not ends or first.date() == last.date():
        time = f"{begin}\u2013{end}" if ends else begin
        return f"{both(days, time)} ({clock})"
    one, other = (format_date(_day(each), "long", locale=language) for each in (first, last))
    return f"{both(one, begin)} \u2013 {both(other, end)} ({clock})"


def _day(value: datetime.date | datetime.datetime) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value


def by_month(items: Iterable[Item], language: str) -> list[tuple[str, list[Item]]]:
    """Return events in their order as ``(month, events)``; those whose day is not known have no month."""
    groups = groupby(items, lambda item: item.extra.starts[:7] if item.extra else "")
    return [(_month(month, language) if month else "", list(group)) for month, group in groups]


@lru_cache(maxsize=256)
def _month(month: str, language: str) -> str:
    from babel.dates import format_skeleton  # noqa: PLC0415 - 20 ms of import

    name = format_skeleton("yMMMM", datetime.date.fromisoformat(f"{month}-01"), locale=language)
    return name[:1].upper() + name[1:]
