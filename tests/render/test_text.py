"""The plain-text part: widths, wrapping, links, and the classic template as a person reads it."""

from __future__ import annotations

import dataclasses
import datetime
import re
import sys
from typing import Any

import pytest
from conftest import built_in
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import wcwidth

from newsletter.content import clean
from newsletter.model import Edition, Extra, Item, Link, Section
from newsletter.publication import Category, Limits, Organisation, Publication, Sender, TextOptions
from newsletter.render import pipeline
from newsletter.render import text as module
from newsletter.render.text import Links, finish, heading, rule, width, wrap
from newsletter.services.plain import SERVICE

THEME = built_in("classic")
BREAKS = " \t\n\u2003\u3000"


# Widths


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("plain", 5),
        ("Coopératives – « l’économie » €", 31),
        ("кооператив", 10),
        ("協同組合", 8),
        ("ｆｕｌｌ", 8),
        ("협동조합", 8),
        ("e\u0301", 1),
        ("مَرْحَبًا", 5),
        ("می\u200cخواهم", 7),
        ("👩\u200d👩\u200d👧", 2),
        ("a\u202eb\u202c", 2),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_what_is_taken_for_narrow_is_narrow() -> None:
    narrow = [chr(code) for code in range(sys.maxunicode) if module._NARROW.fullmatch(chr(code))]
    assert len(narrow) > 900
    assert {wcwidth(letter) for letter in narrow} == {1}


# Wrapping


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        (" \n ", [""]),
        ("one two  three\nfour", ["one two", "three four"]),
        ("1234567890 1", ["1234567890", "1"]),
        ("12345678901 2", ["12345678901", "2"]),
        ("a 123456789012345 b", ["a", "123456789012345", "b"]),
        ("see https://www.ilo.org/a-b/c?d=e now", ["see", "https://www.ilo.org/a-b/c?d=e", "now"]),
        ("deux\u00a0mots ensemble", ["deux\u00a0mots", "ensemble"]),
        ("nbsp\u00a0 at ends", ["nbsp at", "ends"]),
        ("協同組合の世界大会", ["協同組合の", "世界大会"]),
        ("協同組合は。世界", ["協同組合", "は。世界"]),
        ("協同組「合」", ["協同組", "「合」"]),
        ("協同組合「世界」", ["協同組合", "「世界」"]),
        ("協同ILO (協同) x", ["協同ILO", "(協同) x"]),
        ("詳細https://ilo.org/x/yをご覧", ["詳細", "https://ilo.org/x/y", "をご覧"]),
        ("협동조합 협동 조합", ["협동조합", "협동 조합"]),
        ("e\u0301" * 10 + " e", ["e\u0301" * 10, "e"]),
        ("x" * 5000, ["x" * 5000]),
    ],
)
def test_wrap_at_ten_columns(text: str, lines: list[str]) -> None:
    assert wrap(text, 10).split("\n") == lines


def test_wrap_behind_prefixes() -> None:
    assert wrap("one two three", 10, "- ", "  ") == "- one two\n  three"
    assert wrap("協同組合の世界", 10, "・", "  ") == "・協同組合\n  の世界"
    assert wrap("", 10, "- ", "  ") == "-"
    assert wrap("one two", 2, "> > > ", "> > > ") == "> > > one\n> > > two"


WORDS = st.lists(
    st.sampled_from(
        [
            *"aé協「」。、(（）ーっ한" + BREAKS,
            "word",
            "longer-word",
            "\u00a0",
            "e\u0301",
            "👩\u200d👧",
            "مَر",
            "https://ilo.org/x",
        ]
    )
).map("".join)


@given(WORDS | st.text().map(clean), st.integers(5, 40), st.sampled_from(["", "- ", "> > "]))
@example("「" * 9, 5, "")
@example("ab（（協", 5, "")
@example("a協\xa0 a", 5, "")
@example("aa協\xa0a", 5, "")
@example("https://ilo.org/x「(", 5, "")
@example("協\xa0 a", 5, "> > ")
def test_wrap_keeps_every_character_and_the_width(text: str, columns: int, prefix: str) -> None:
    lines = wrap(text, columns, prefix, prefix).split("\n")
    own = [f"{line} ".removeprefix(prefix).rstrip() for line in lines]
    assert re.sub(r"\s", "", "".join(own)) == re.sub(r"\s", "", text)
    for line, content in zip(lines, own, strict=True):
        assert not line[-1:].isspace()
        # what is too wide is a single piece that must not be broken
        assert width(line) <= columns or len(list(module._pieces(content))) == 1
    if not re.search("[\u00a0\u2007\u202f]", text):  # one that ends a line has gone when it is wrapped again
        assert wrap(wrap(text, columns), columns) == wrap(text, columns)


@given(st.lists(st.sampled_from(["協", "組", "「", "」", "。", "、", "ー", "っ", "（", "）", "a", "bc"])).map("".join))
def test_no_line_begins_or_ends_with_the_wrong_mark(text: str) -> None:
    lines = wrap(text, 6).split("\n")
    assert not any(re.match("[」。、ーっ）]", line) for line in lines[1:])
    assert not any(re.search("[「（]$", line) for line in lines[:-1])


def test_rule_and_heading() -> None:
    assert rule("=", 5) == "====="
    assert heading("News", "=") == "News\n===="
    assert heading("協同組合") == "協同組合\n--------"
    assert heading("one two three", "=", 8) == "one two\nthree\n======="
    assert heading("x" * 20, "=", 8) == "x" * 20 + "\n========"
    assert heading("") == ""


def test_finish() -> None:
    assert finish("\n\na \n-- \nb\t\n\n \n\nc\u00a0\n\n") == "a\n--\nb\n\nc\n"


# Links


def test_links_are_numbered_through_and_listed_by_section() -> None:
    links = Links()
    assert links.mark("One", "https://x.org/1") == "One [1]"
    assert links.mark("Two", "https://x.org/2") == "Two [2]"
    assert links.mark("One again", "https://x.org/1") == "One again [1]"
    assert links.listing() == "[1] https://x.org/1\n[2] https://x.org/2"
    assert links.listing() == ""
    assert links.mark("Three", "https://x.org/1") == "Three [3]"
    assert links.listing() == "[3] https://x.org/1"


@pytest.mark.parametrize("style", ["section", "inline"])
@pytest.mark.parametrize(
    ("label", "url", "expected"),
    [
        ("Title", "", "Title"),
        ("https://x.org/", "https://x.org", "https://x.org"),
        ("x.org", "https://x.org/", "https://x.org/"),
        ("", "https://x.org", "https://x.org"),
        ("coop@ilo.org", "mailto:coop@ilo.org", "coop@ilo.org"),
        ("+41-22", "tel:+41-22", "+41-22"),
    ],
)
def test_an_address_is_not_said_twice(style: Any, label: str, url: str, expected: str) -> None:
    links = Links(style)
    assert links.mark(label, url) == expected
    assert links.line(label, url) == expected
    assert links.listing() == ""


def test_links_inline() -> None:
    links = Links("inline", 20)
    assert links.mark("One", "https://x.org/1") == "One (https://x.org/1)"
    assert links.mark("Write", "mailto:a@b.org") == "Write (a@b.org)"
    assert links.mark("Write", "mailto:a@b.org?subject=x") == "Write (mailto:a@b.org?subject=x)"
    assert links.line("A title of two lines", "https://x.org", "- ", "  ") == (
        "- A title of two\n  lines\n  https://x.org"
    )
    assert links.listing() == ""


def test_prose() -> None:
    source = (
        "One **two** [three](https://x.org) four.  \nfive\n\n- six seven\n- eight\n\n> nine ten\n\n---\n\n## Eleven"
    )
    assert Links(width=16).prose(source, "  ") == (
        "  One *two*\n  three [1]\n  four.\n  five\n\n  - six seven\n  - eight\n\n"
        "  > nine ten\n\n     * * *\n\n  Eleven"
    )
    assert Links().prose("") == ""


# The template

SPOTLIGHT = Category(name="Spotlight", layout="feature", blurb="Spotlight is a series.")
NEWS = Category(name="News")
BRIEF = Category(name="Brief", layout="list")
CHAMPIONS = Category(name="Champions", layout="portrait", blurb="Champions are colleagues.")


def publication(**options: Any) -> Publication:
    return Publication(
        title="ILO COOP eNewsUpdate",
        description="Stories on cooperatives",
        organisation=Organisation(
            name="Cooperatives Unit",
            url="https://www.ilo.org/coop",
            postal_address="4 route des Morillons\n1211 Geneva",
        ),
        sender=Sender(name="COOP", address="coop@ilo.org"),
        reason="You asked for it.",
        categories=(SPOTLIGHT, NEWS, BRIEF, CHAMPIONS),
        **options,
    )


def item(name: str, title: str, **more: Any) -> Item:
    return Item(id=name, **{"title": title, "date": datetime.date(2017, 9, 27), **more})


def section(category: Category, *items: Item, overflow: tuple[Item, ...] = ()) -> Section:
    return Section(category.name, category, category.name, category.layout, category.blurb, items, overflow)


def edition(*sections: Section, **more: Any) -> Edition:
    base = {"publication": publication(), "issue": "2017-09", "number": 8, "date": datetime.date(2017, 9, 29)}
    texts = {"language": "en-GB", "subject": "Subject", "preheader": "Preheader", "editorial": "", "lead": None}
    return Edition(**(base | texts | more), sections=sections)


def render(composed: Edition, unsubscribe: str = "https://u.example", web_version: str = "https://w.example") -> str:
    changed = composed.publication.model_copy(update={"unsubscribe": unsubscribe or None})
    composed = dataclasses.replace(composed, publication=changed, web_version=web_version or None)
    return SERVICE.fill(pipeline.render(composed, THEME, offers=SERVICE.offers(composed), web=False)).text


def assert_tidy(text: str, columns: int = 72) -> None:
    assert text.endswith("\n")
    assert not text.startswith("\n")
    assert "\n\n\n" not in text
    for line in text.split("\n"):
        assert line == line.rstrip()
        assert width(line) <= columns or len(line.split()) <= 2 or "](" in line


FULL = edition(
    section(
        SPOTLIGHT,
        item(
            "s",
            "Rah-e-Roshd: The first cooperative school working to advance inclusive and quality education in Iran",
            url="https://x.org/s",
            summary="For this issue ILO interviewed [the founder](https://x.org/f).",
            links=(Link(label="Read it in Persian", url="https://x.org/fa"),),
        ),
    ),
    section(
        NEWS,
        item("n1", "Emerging responses", url="https://x.org/n1"),
        item("n2", "A meeting", date=None, extra=Extra(when="3 October", where="Geneva"), summary="Come."),
        overflow=(item("n3", "Three"), item("n4", "Four")),
    ),
    section(
        BRIEF,
        item("b1", "Short one", url="https://x.org/b1", links=(Link(label="Turkish", url="https://x.org/tr"),)),
        item("b2", "No date", date=None),
    ),
    section(CHAMPIONS, item("c", "Yumi Nabeshima", summary="")),
    lead=item("lead", "The lead", category="Article", url="https://x.org/lead", summary="It *leads*."),
    editorial="Dear colleague,\n\nwelcome.\n\nSimel",
)

EXPECTED = """\
ILO COOP eNewsUpdate
No. 8 | 29 September 2017
Stories on cooperatives
========================================================================

Dear colleague,

welcome.

Simel

In this issue
=============
- Spotlight (1)
- News (4)
- Brief (2)
- Champions (1)

========================================================================

The lead [1]
27 September 2017

It *leads*.

[1] https://x.org/lead

========================================================================

Spotlight
=========

Spotlight is a series.

Rah-e-Roshd: The first cooperative school working to advance inclusive
and quality education in Iran [2]
27 September 2017

For this issue ILO interviewed the founder [3].

Read it in Persian [4]

[2] https://x.org/s
[3] https://x.org/f
[4] https://x.org/fa

News
====

Emerging responses [5]
27 September 2017

A meeting
When: 3 October
Where: Geneva

Come.

2 more on the web:
https://w.example

[5] https://x.org/n1

Brief
=====

- Short one (27 Sept 2017) [6]
  Turkish [7]
- No date

[6] https://x.org/b1
[7] https://x.org/tr

Champions
=========

Champions are colleagues.

Yumi Nabeshima
27 September 2017

========================================================================
Cooperatives Unit
4 route des Morillons
1211 Geneva
https://www.ilo.org/coop

You asked for it.

Read it on the web:
https://w.example

Unsubscribe:
https://u.example
"""


def test_the_whole_text() -> None:
    assert render(FULL).split("\n") == EXPECTED.split("\n")


def test_inline_links_stand_where_they_are_said() -> None:
    text = render(edition(*FULL.sections, publication=publication(text=TextOptions(links="inline", width=60))))
    assert "and quality education in Iran\nhttps://x.org/s\n27 September 2017\n" in text
    assert "the founder\n(https://x.org/f)." in text
    assert "- Short one (27 Sept 2017)\n  https://x.org/b1\n  Turkish\n  https://x.org/tr\n- No date\n" in text
    assert "[1]" not in text
    assert_tidy(text, 60)


def test_what_is_missing_leaves_no_gap() -> None:
    bare = publication(limits=Limits(contents=0))
    text = render(edition(section(NEWS, item("a", "Title", date=None)), publication=bare, number=None), "", "")
    assert text.startswith(
        "ILO COOP eNewsUpdate\n29 September 2017\nStories on cooperatives\n" + "=" * 72 + "\n\nNews\n"
    )
    assert text.endswith("\n1211 Geneva\nhttps://www.ilo.org/coop\n\nYou asked for it.\n")
    assert "In this issue" not in text
    assert_tidy(text)


def test_overflow_without_a_web_version() -> None:
    over = section(NEWS, item("a", "Title"), overflow=(item("b", "Two"),))
    assert "\n\n1 more\n\n" in render(edition(over), web_version="")


HOSTILE = [
    *("<script>alert(1)</script>", "</mj-text>", "{{ 7*7 }}", "{% x %}", "{# x #}", "*|UNSUB|*", "]]>", "-->"),
    *(
        "<!--[if mso]>",
        "\"double\" 'single'",
        "x" * 5000,
        "👩‍👩‍👧 ❤️",
        "التعاونيات في العالم",
        "協同組合" * 100,
        "%(num)d %s",
    ),
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_content_is_plain_text(hostile: str) -> None:
    items = [item("a", hostile, summary=hostile, links=(Link(label=hostile, url="https://x.org"),))]
    text = render(edition(section(NEWS, *items), section(BRIEF, *items), lead=items[0], editorial=hostile))
    wanted = re.sub(r"\s", "", hostile)
    # title and link three times, summary twice (a list has none), and the editorial
    assert re.sub(r"\s", "", text).count(wanted) == 9 or hostile.startswith("協")
    assert text.endswith("https://u.example\n")
    assert_tidy(text)


def test_controls_and_signature_marks_do_no_harm() -> None:
    title = clean("a\x00b \u202eevil\r\n-- \nsig")
    text = render(
        edition(section(NEWS, item("a", title, summary="-- \nnot a signature\n\n--  \nend")), editorial="-- \nx")
    )
    assert "\nab \u202eevil -- sig\u202c\n" in text
    assert "-- \n" not in text
    assert_tidy(text)


def test_wide_headings_are_underlined_in_full() -> None:
    wide = Category(name="協同組合ニュース")
    assert "\n協同組合ニュース\n================\n" in render(edition(section(wide, item("a", "題"))))


LINES = st.lists(
    st.sampled_from(
        ["a", "word", " ", "\n", "\n\n", "- ", "-- ", "1. ", "*", "> ", "協", "---", "[x](https://x.org)", "#"]
    )
)


@given(LINES.map("".join), LINES.map(lambda parts: clean("".join(parts)) or "t"))
def test_the_text_is_always_tidy(summary: str, title: str) -> None:
    entries = (item("a", title, url="https://x.org/a", summary=summary), item("b", title))
    text = render(edition(section(NEWS, *entries), section(BRIEF, *entries), editorial=summary))
    assert "\n\n\n" not in text
    assert not re.search(r"\s\n(?!\n)|[ \t]\n", text.replace("\n\n", "\n"))
    assert text.endswith("https://u.example\n")
