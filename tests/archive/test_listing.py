"""The listing format, as real listings are."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.importers import Imported, Source, fitting
from newsletter.archive.importers.listing import read_listing
from newsletter.archive.listing import format_listing, unfaithful
from newsletter.archive.naming import UNNAMED
from newsletter.errors import ContentError
from newsletter.model import Item

HEADING = "News, stories and statements on cooperatives"
DAY = datetime.date(2017, 9, 29)


def read(text: str | bytes, *categories: str) -> Imported:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_listing(Source("folder/list.txt", raw, categories))


def said(item: Item) -> tuple[str, str, datetime.date | None, str]:
    return item.category, item.title, item.date, item.summary


def test_the_seed(seed: Path) -> None:
    raw = seed.read_bytes()
    imported = read_listing(Source(str(seed), raw))
    assert imported.problems == ()
    assert [item.category for item in imported.items] == [
        "News", "News", "Spotlight Interviews with Co-operators", "Article", "News", "News", "News", "News", "News",
        "COOP Champions",
    ]  # fmt: skip
    assert [item.date and item.date.day for item in imported.items] == [29, 29, 28, 28, 27, 27, 27, 27, 26, 26]
    assert imported.items[9].source == "ilo-coop-news-2017-09.txt:63"
    assert format_listing(imported.items, HEADING).rstrip() == raw.decode().rstrip()


ENTRY = "Heading\n\n  1. News\n\n    A title\n\n    29 September 2017\n\n    First\n    line.\n\n    Second.\n"


@pytest.mark.parametrize(
    "text",
    [
        ENTRY,
        "\ufeff" + ENTRY,
        ENTRY.replace("\n", "\r\n"),
        ENTRY.replace("\n", "\r"),
        ENTRY.replace("    ", "\t\t").replace("  1", "\t1"),
        ENTRY.replace(" ", "\u00a0").replace("First", "First"),
        ENTRY.replace("    ", "\u00a0\u00a0\u00a0\u00a0"),
        ENTRY.replace("    ", "            "),
        ENTRY.replace("    ", "").replace("  ", ""),
        ENTRY.replace("\n\n", "\n\n\n \t\n"),
        ENTRY.replace("1. ", "1.   "),
        ENTRY.replace("1. ", "1) "),
        ENTRY.replace("Heading\n", ""),
        ENTRY.replace("News\n\n", "News\n"),
        ENTRY.replace("title\n\n", "title\n"),
        ENTRY.replace("2017\n\n", "2017\n"),
        ENTRY.replace("News\n\n", "News\n").replace("title\n\n", "title\n").replace("2017\n\n", "2017\n"),
        ENTRY.replace("29 September 2017", "Sept. 29, 2017"),
        ENTRY.replace("29 September 2017", "29 سبتمبر 2017"),
        ENTRY.replace("A title", "A\n    title"),
        ENTRY.replace("\n", "  \n").replace("line.  ", "line.").replace("First  ", "First"),
        ENTRY + "\f",
    ],
)
def test_the_same_entry_in_other_clothes(text: str) -> None:
    imported = read(text)
    assert [tuple(part.replace("\u00a0", " ") if isinstance(part, str) else part for part in said(item))
            for item in imported.items] == [("News", "A title", DAY, "First\nline.\n\nSecond.")]  # fmt: skip
    assert imported.problems == ()
    assert imported.items[0].id == UNNAMED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. News\n\n  Title\n", [("News", "Title", None, "")]),
        ("1.\n\n  Title\n\n  2017-09-29\n", [("", "Title", DAY, "")]),
        ("1. News\n\n  Title\n\n  Only text.\n", [("News", "Title", None, "Only text.")]),
        ("1. News\n\n  Title\n\n  2017-09-29\n\n1. Article\n\n  Next page\n\n  2017-09-29\n",
         [("News", "Title", DAY, ""), ("Article", "Next page", DAY, "")]),
        (f"{HEADING}\n\n  1. News\n\n    One\n\n{HEADING}\n\n  1. News\n\n    Two\n",
         [("News", "One", None, ""), ("News", "Two", None, "")]),
        (f"{HEADING}\n\n1. News\n\nOne\n\n2017-09-29\n\nText.\n\n{HEADING}\n\n1. News\n\nTwo\n\n2017-09-29\n",
         [("News", "One", DAY, "Text."), ("News", "Two", DAY, "")]),
        (f"{HEADING}\n\n  1. News\n\n    One\n\nAnother heading\n\n\t1. Article\n\n\t\tTwo\n\n\t\t2017-09-29\n",
         [("News", "One", None, ""), ("Article", "Two", DAY, "")]),
        ("1. News\nOne\n2017-09-29\nText.\n2. News\nTwo\n2017-09-29\n",
         [("News", "One", DAY, "Text."), ("News", "Two", DAY, "")]),
        ("  1. News\n\n    3. Things to know\n\n    2017-09-29\n\n    1. Members first\n\n    2. Training\n",
         [("News", "3. Things to know", DAY, "1. Members first\n\n2. Training")]),
        (" 9. News\n\n    One\n\n10. News\n\n    Two\n\n    2017-09-29\n",
         [("News", "One", None, ""), ("News", "Two", DAY, "")]),
        ("1. News\n\n  One\n\n  2017-09-29\n\n  See:\n\n      code\n\n  \\29 September 2017\n",
         [("News", "One", DAY, "See:\n\n    code\n\n29 September 2017")]),
    ],
)  # fmt: skip
def test_what_real_listings_do(text: str, expected: list[tuple[str, str, datetime.date | None, str]]) -> None:
    imported = read(text)
    assert [said(item) for item in imported.items] == expected
    assert imported.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1. News\n\n  T\n\n  31 September 2017\n", 5, "there is no day 31 September 2017"),
        ("1. News\n\n  T\n\n  29/09/2017\n", 5, "'29/09/2017' is not understood as a date"),
        ("1. News\n\n  T\n\n  Subtitle\n\n  29 September 2017\n", 7, "does not follow the title"),
        ("1. News\n\n  29 September 2017\n\n  Text\n", 1, "entry 1 has no title"),
        ("1. News\n\n2. News\n\n  T\n", 1, "entry 1 has no title"),
        (
            "  1. News\n\n    T\n\n    2017-09-29\n\nPage 2 of 7\n\n  2. News\n\n    U\n",
            7,
            "'Page 2 of 7' belongs to no",
        ),
        ("Heading\n\nLost words\n\n1. News\n\n  T\n", 3, "'Lost words' stands before the first entry"),
        ("1. News\n\nT\n\n2017-09-29\n\nText.\n\n2. Unheard of\n\nWords.\n", 9, "'2. Unheard of' may begin an entry"),
    ],
)
def test_what_finds_no_place_is_told_with_its_line(text: str, line: int, message: str) -> None:
    (problem,) = read(text).problems
    assert (problem.position.line, problem.severity) == (line, "warning")
    assert message in problem.message


def test_numbers_may_be_large() -> None:
    text = "  99999. News\n\n    One\n\n    2017-09-29\n\n  100000. News\n\n    Two\n\n    2017-09-29\n"
    assert [item.title for item in read(text).items] == ["One", "Two"]


def test_a_known_category_begins_an_entry_where_nothing_else_tells() -> None:
    flat = "1. News\n\nOne\n\n2017-09-29\n\nText.\n\n2. Spotlight\n\nTwo\n"
    assert [item.title for item in read(flat, "Spotlight").items] == ["One", "Two"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "list.txt:1:1: error: the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"Dear all,\n\nthis is a letter.\n", "this is no listing"),
        (b"1. News\n\n  Caf\xe9\n", "list.txt:3:6: error: byte 0xe9 is not valid UTF-8"),
    ],
)
def test_what_is_no_listing(raw: bytes, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(raw)
    assert message in str(caught.value)


def test_a_listing_is_recognised() -> None:
    assert fitting(Source("-", ENTRY.encode())).name == "listing"


LINE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40).map(
    lambda text: text.strip().strip("\ufeff").strip()
).filter(bool)  # fmt: skip
DATE_LIKE = st.sampled_from(["29 September 2017", "\\29 September 2017", "\\\\2017-09-29", "31 September 2017", "2. News",
                             "1. News", "3.", "29/09/2017", HEADING, "Heading"])  # fmt: skip
WORDS = st.one_of(LINE, DATE_LIKE)
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=3).map("\n".join), max_size=4).map("\n\n".join)
ITEMS = st.builds(
    Item, id=st.just("x"), category=LINE | st.just(""), title=WORDS, date=st.none() | st.dates(), summary=PARAGRAPHS
)


@given(st.lists(ITEMS, min_size=1, max_size=5))
def test_ordinary_items_come_back_as_they_were(items: list[Item]) -> None:
    assert unfaithful(items) == []
    back = read(format_listing(items, "Heading")).items
    assert list(map(said, back)) == list(map(said, items))


@pytest.mark.parametrize(
    "changes",
    [{"summary": "a\n\n\n\nb"}, {"summary": " set in"}, {"title": "two\nlines"}, {"category": "News\n\nmore"},
     {"summary": "trailing\n"}],
)  # fmt: skip
def test_what_a_listing_cannot_hold_is_said(changes: dict[str, str]) -> None:
    good = Item(id="good", title="Good", summary="Text")
    bad = Item.model_validate({"id": "bad", "title": "Bad", **changes})
    assert unfaithful([good, bad]) == [bad]


@pytest.mark.parametrize("line", ["2 - News", "2: News", "* News", "(2) News", "\u2022 News"])
def test_a_category_that_is_written_otherwise_is_told(line: str) -> None:
    text = f"  1. News\n\n    One\n\n    2 March 2020\n\n    Text.\n\n  {line}\n\n    Two\n\n    3 March 2020\n"
    found = read_listing(Source("x.txt", text.encode(), ["News"]))
    (problem,) = [each for each in found.problems if "may begin an entry" in each.message]
    assert problem.position.line == 9
    assert "it is kept in the text of entry 1: write '2. News'" in problem.hint
    (item,) = found.items
    assert "Two" in item.summary
