"""Events: when they take place in each language, by month, and as calendars."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from icalendar import Calendar

from newsletter.model import Extra, Item
from newsletter.render.events import by_month, when


@pytest.mark.parametrize(
    ("language", "extra", "said"),
    [
        ("en_GB", {"starts": "2017-10-05"}, "Thursday, 5 October 2017"),
        ("en_GB", {"starts": "2017-10-05", "ends": "2017-10-07"}, "5–7 Oct 2017"),
        ("en_GB", {"starts": "2017-10-30", "ends": "2017-11-02"}, "30 Oct\u2009–\u20092 Nov 2017"),
        ("en_US", {"starts": "2017-10-05 14:00", "timezone": "Africa/Nairobi"}, "Thursday, October 5, 2017, 2:00\u202fPM (East Africa Time)"),
        ("fr", {"starts": "2017-10-05 9:00", "ends": "2017-10-05 10:30", "timezone": "Europe/Zurich"}, "jeudi 5 octobre 2017, 09:00–10:30 (heure d’été d’Europe centrale)"),
        ("ar", {"starts": "2017-10-05"}, "الخميس، 5 أكتوبر 2017"),
        ("en", {"starts": "2017-10-05", "when": "the week after the harvest"}, "the week after the harvest"),
        ("en", {"where": "Geneva"}, ""),
    ],
)  # fmt: skip
def test_when_it_takes_place(language: str, extra: dict[str, str], said: str) -> None:
    assert when(Extra.model_validate(extra), language) == said


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"starts": "2017-13-05"}, "there is no '2017-13-05' in the calendar"),
        ({"starts": "next week"}, "'next week' is no day or time"),
        ({"starts": "2017-10-05 25:00", "timezone": "UTC"}, "there is no '2017-10-05 25:00'"),
        ({"starts": "2017-10-05 14:00"}, "'starts' (2017-10-05 14:00) has a time"),
        ({"starts": "2017-10-05", "ends": "2017-10-04"}, "'ends' (2017-10-04) is before 'starts'"),
        ({"starts": "2017-10-05", "ends": "2017-10-06 10:00"}, "give both a time, or none"),
        ({"ends": "2017-10-04"}, "'ends' without 'starts'"),
        ({"starts": "2017-10-05 14:00", "timezone": "Europe/Zürich"}, "there is no time zone 'Europe/Zürich'"),
    ],
)
def test_a_mistake_in_an_event(run: Run, workspace: Path, extra: dict[str, str], told: str) -> None:
    path = workspace / "archive/2020/2020-03.yaml"
    lines = "".join(f"    {key}: {value}\n" for key, value in extra.items())
    path.write_text(path.read_text("utf-8") + "  extra:\n" + lines, "utf-8")
    done = run("build", cwd=workspace)
    assert done.code == 1
    assert "2020-03.yaml:" in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_events_by_month_and_those_without_a_day_apart() -> None:
    items = [
        Item(id=name, title=name, extra=extra)
        for name, extra in (
            ("a", Extra(starts="2017-10-05")),
            ("b", Extra(starts="2017-10-30", ends="2017-11-02")),
            ("c", Extra(starts="2018-01-01")),
            ("d", Extra(when="some day")),
        )
    ]
    assert [(month, [item.id for item in group]) for month, group in by_month(items, "fr")] == [
        ("Octobre 2017", ["a", "b"]),
        ("Janvier 2018", ["c"]),
        ("", ["d"]),
    ]


EVENTS = """\
- {id: late, category: Events, title: "Assembly; members, only", date: 2020-03-02, url: "https://coop.example.org/a",
   summary: "Bring *bread*.", extra: {starts: 2020-05-04 18:00, ends: 2020-05-04 20:00, timezone: Europe/Zurich, where: "Lyon, hall 3"}}
- {id: early, category: Events, title: Fair, date: 2020-03-01, extra: {starts: 2020-04-30, ends: 2020-05-02}}
- {id: unknown, category: Events, title: Some day, date: 2020-03-30}
"""


@pytest.fixture
def built(run: Run, workspace: Path) -> Path:
    (workspace / "archive/events.yaml").write_text(EVENTS, "utf-8")
    path = workspace / "newsletter.yaml"
    path.write_text(path.read_text("utf-8") + "  - {name: Events, layout: events}\n", "utf-8")
    done = run("build", cwd=workspace)
    assert done.code == 0, done.stderr
    return workspace / "build/2020-03"


def test_the_next_event_comes_first(built: Path) -> None:
    text = (built / "email.txt").read_text("utf-8")
    places = [text.index(words) for words in ("April 2020", "Fair", "May 2020", "Assembly", "Some day")]
    assert places == sorted(places)
    assert "Monday, May 4, 2020" in " ".join(text.split())


def test_each_event_with_a_day_has_a_calendar_that_all_parts_lead_to(built: Path) -> None:
    assert sorted(path.name for path in (built / "events").iterdir()) == ["early.ics", "late.ics"]
    address = "https://coop.example.org/letter/2020-03/events/late.ics"
    assert f'href="{address}"' in (built / "email.html").read_text("utf-8")
    assert address in (built / "email.txt").read_text("utf-8")
    assert 'href="events/late.ics"' in (built / "web.html").read_text("utf-8")


def event(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))  # RFC 5545 section 3.1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    (found,) = Calendar.from_ical(raw).walk("VEVENT")
    return {key: found[key] for key in found}


def test_what_a_calendar_says(built: Path) -> None:
    late = event(built / "events/late.ics")
    assert late["DTSTART"].to_ical() == b"20200504T160000Z"
    assert late["DTEND"].to_ical() == b"20200504T180000Z"
    assert str(late["SUMMARY"]) == "Assembly; members, only"
    assert str(late["DESCRIPTION"]) == "Bring bread."
    assert str(late["UID"]) == "late@coop.example.org"
    assert late["DTSTAMP"].to_ical() == b"20200331T000000Z"
    early = event(built / "events/early.ics")
    assert early["DTSTART"].to_ical() == b"20200430"
    assert early["DTEND"].to_ical() == b"20200503"  # the day after the last (RFC 5545 section 3.6.1)


def test_a_calendar_of_an_event_that_left_is_removed(built: Path, run: Run) -> None:
    workspace = built.parent.parent
    (workspace / "archive/events.yaml").write_text("".join(EVENTS.splitlines(keepends=True)[:2]), "utf-8")
    assert run("build", cwd=workspace).code == 0
    assert [path.name for path in (built / "events").iterdir()] == ["late.ics"]
