"""An event as an iCalendar file (RFC 5545) that a reader adds to a calendar; the same bytes for the same input."""

from __future__ import annotations

import datetime

from newsletter.content import plain
from newsletter.model import Edition, Item
from newsletter.render.events import moment


def to_ics(item: Item, edition: Edition) -> bytes:
    """Return the event ``item`` as the bytes of a calendar of one event.

    A time is written in UTC (RFC 5545 section 3.3.5, form 2), which every calendar shows on its own clock. A last
    day is the day after, as the standard has it (section 3.6.1). The event has the same id in each language and in
    each issue, so that a calendar that knows it takes it for the same.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - 60 ms, for issues with events only

    extra = item.extra
    if extra is None or not extra.starts:
        raise ValueError(f"'{item.id}' does not say when it starts")
    domain = edition.publication.sender.address.rpartition("@")[2]
    first, last = moment(extra.starts, extra.timezone), moment(extra.ends or extra.starts, extra.timezone)
    event = Event()
    event.add("uid", f"{item.id}@{domain}")
    event.add("dtstamp", datetime.datetime.combine(edition.date, datetime.time(), datetime.UTC))
    event.add("summary", item.title)
    if isinstance(first, datetime.datetime):
        event.add("dtstart", first.astimezone(datetime.UTC))
        if extra.ends and isinstance(last, datetime.datetime):
            event.add("dtend", last.astimezone(datetime.UTC))
    else:
        event.add("dtstart", first)
        event.add("dtend", last + datetime.timedelta(days=1))
    if extra.where:
        event.add("location", extra.where)
    if item.summary:
        event.add("description", plain(item.summary))
    if item.url:
        event.add("url", item.url)
    calendar = Calendar()
    calendar.add("prodid", f"-//{edition.publication.title}//newsletter//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def calendars(edition: Edition) -> dict[str, bytes]:
    """Return a calendar for each event of an edition that says when it starts, by the name of its file."""
    return {
        f"events/{item.id}.ics": to_ics(item, edition) for item in edition.web_items if item.extra and item.extra.starts
    }
