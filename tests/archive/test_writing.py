"""Whatever text an item has, it survives its YAML, under our reader and an ordinary one."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.editing import splice
from newsletter.archive.reading import parse_file
from newsletter.archive.writing import item_lines
from newsletter.model import Item

ROOT = Path("workspace")
TRICKY = st.sampled_from([*"\n\n  \t:#-'\"\\&*!|>%@`{}[],?~=<", "\x85", "\u2028", "\ufeff", "\x00", "é", "ع", "😀"])
TEXT = st.text(st.one_of(TRICKY, st.characters(exclude_categories=["Cs"])), max_size=60)


def read_back(item: Item, indent: int = 0) -> Item:
    raw = ("\n".join(item_lines(item, indent)) + "\n").encode()
    (back,) = parse_file(raw, ROOT, "archive/any.yaml").items
    return back


@given(title=TEXT.filter(bool), text=TEXT, indent=st.integers(0, 3))
def test_any_text_survives(title: str, text: str, indent: int) -> None:
    item = Item(
        id="x",
        title=title,
        category=text,
        summary=text,
        tags=(text, title),
        translations={"no": {"title": text, "summary": title}},
        image={"src": title, "alt": text, "credit": text},
        links=[{"label": title, "url": text}],
    )
    assert read_back(item, indent) == item


@given(text=TEXT.filter(bool))
def test_an_ordinary_reader_sees_the_same_text(text: str) -> None:
    lines = item_lines(Item(id="x", title=text, summary=text, date=datetime.date(2017, 9, 29)))
    (read,) = yaml.safe_load("\n".join(lines) + "\n")
    assert read == {"id": "x", "title": text, "date": datetime.date(2017, 9, 29), "summary": text}


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Plain words, and more; (so) on", "Plain words, and more; (so) on"),
        ("36th Session", "36th Session"),
        ("http://example.org/a#b", "http://example.org/a#b"),
        ("no", '"no"'),
        ("Yes", '"Yes"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("08", '"08"'),
        ("12:30", '"12:30"'),
        ("2017-09", '"2017-09"'),
        ("2017-09-29", '"2017-09-29"'),
        ("1e3", '"1e3"'),
        ("0x1F", '"0x1F"'),
        ("Iran: a school", '"Iran: a school"'),
        ("C # sharp", '"C # sharp"'),
        ('The "other" one', 'The "other" one'),
        ('"Quoted"', "'\"Quoted\"'"),
        ("- dash", '"- dash"'),
        (" led by a space", '" led by a space"'),
        ("bell\x07", '"bell\\x07"'),
    ],
)
def test_quotes_only_where_needed(title: str, written: str) -> None:
    assert item_lines(Item(id="x", title=title))[1] == f"  title: {written}"


def test_keys_come_in_the_order_of_the_model_and_a_summary_is_a_literal_block() -> None:
    item = Item(
        source="a.txt:3",
        tags=["youth", "no"],
        summary="First.\n\n  - indented\n# not a comment",
        date="2017-09-29",
        title="T",
        category="News",
        id="t",
    )
    assert "\n".join(item_lines(item)) == (
        "- id: t\n  category: News\n  title: T\n  date: 2017-09-29\n  summary: |-\n"
        "    First.\n\n      - indented\n    # not a comment\n"
        '  tags:\n    - youth\n    - "no"\n  source: a.txt:3'
    )


def test_a_summary_that_no_block_can_hold_is_quoted_line_by_line() -> None:
    lines = item_lines(Item(id="t", title="T", summary=" set in\nnext\n"))
    assert lines[2:] == ['  summary: " set in\\n\\', '    next\\n"']


ITEMS = st.builds(
    Item,
    id=st.from_regex(r"[a-z]{1,6}", fullmatch=True),
    title=TEXT.filter(bool),
    summary=TEXT,
    date=st.none() | st.dates(datetime.date(2017, 9, 1), datetime.date(2017, 9, 5)),
)


@given(st.lists(ITEMS, max_size=6, unique_by=lambda item: item.id), st.integers(0, 6))
def test_items_that_come_one_by_one_stand_where_they_belong(items: list[Item], cut: int) -> None:
    name = "archive/2017/2017-09.yaml"
    raw, _ = splice(b"", ROOT, name, items[:cut], {})
    raw, file = splice(raw, ROOT, name, items[cut:], {})
    days = [item.date or datetime.date.min for item in file.items]
    assert days == sorted(days, reverse=True)
    assert sorted(item.id for item in file.items) == sorted(item.id for item in items)
    assert file.items == tuple(sorted(items, key=lambda item: item.date or datetime.date.min, reverse=True))
