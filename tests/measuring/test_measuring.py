"""What is told about a rendered mail: its parts add up in every theme, its links are all there."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from conftest import Mails, built_in, rehearsed

from newsletter.measuring import link_kind, measure, reading
from newsletter.measuring.parts import parts_of
from newsletter.measuring.scanning import scan
from newsletter.model import Edition, Message
from newsletter.render.pipeline import render
from newsletter.render.rehearsal import PICTURES, editions
from newsletter.render.theme import Theme
from newsletter.services.plain import SERVICE


def test_the_parts_of_every_mail_add_up(mails: Mails) -> None:
    for html, message in mails:
        outgoing = SERVICE.fill(message)
        found = measure(message.edition, outgoing, len(html.encode()) + 500)
        assert sum(part.bytes for part in found.parts) == found.html_bytes == len(html.encode())
        assert found.sent_bytes == found.html_bytes + 500
        assert {part.kind for part in found.parts} >= {"head", "masthead", "footer"}
        for part in found.parts:
            assert part.links == sum(link.part == (part.name or part.kind) for link in found.links)
        assert sum(part.links for part in found.parts) == len(found.links)
        assert sum(part.pictures for part in found.parts) == len(found.pictures)


def test_every_section_is_found_in_its_order(mails: Mails) -> None:
    _, message = mails[0]
    edition = message.edition
    found = measure(edition, SERVICE.fill(message), 0)
    shown = [part.name for part in found.parts if part.kind in ("section", "block")]
    assert shown == [section.anchor for section in edition.sections if section.layout != "divider"]
    kinds = [part.kind for part in found.parts]
    assert kinds[:2] == ["head", "masthead"]
    assert kinds[-1] == "footer"
    assert {"lead", "editorial"} <= set(kinds[2:4] + kinds[4:5])


def test_links_stand_in_the_part_that_shows_them(mails: Mails) -> None:
    _, message = mails[0]
    found = measure(message.edition, SERVICE.fill(message), 0)
    where = {(link.address, link.part) for link in found.links}
    assert ("https://coop.example.org/news?id=1&page=2", "lead") in where
    assert ("mailto:letter@coop.example.org", "footer") in where
    assert ("mailto:letter@coop.example.org", "block-call") in where
    for section in message.edition.sections:
        for item in section.items:
            if item.url:
                assert (item.url, section.anchor) in where


def test_a_section_that_grows_costs_more_and_no_other_does(theme: Theme) -> None:
    whole = next(iter(editions(theme)))
    small = measured(render(whole, theme, pictures=PICTURES))
    first = whole.sections[0]
    longer = first.items[1].model_copy(update={"summary": "word " * 500})
    grown = dataclasses.replace(first, items=(first.items[0], longer, *first.items[2:]))
    large = measured(
        render(dataclasses.replace(whole, sections=(grown, *whole.sections[1:])), theme, pictures=PICTURES)
    )
    assert large.pop(first.anchor) >= small.pop(first.anchor) + 2499
    assert large == small


def measured(message: Message) -> dict[str, int]:
    found = measure(message.edition, SERVICE.fill(message), 0)
    return {part.name or part.kind: part.bytes for part in found.parts}


def test_links_are_told_by_what_they_are() -> None:
    message = rehearsed(built_in("classic"))[0][1]
    tokens = measure(
        message.edition, dataclasses.replace(SERVICE.fill(message), html=message.html), 0, {}, message.placeholders
    )
    filled = measure(message.edition, SERVICE.fill(message), 0)
    for found, kind in ((tokens, "placeholder"), (filled, "web")):
        unsubscribe = [link for link in found.links if link.name == "unsubscribe"]
        assert [(link.text, link.kind) for link in unsubscribe] == [("Unsubscribe", kind)]
    assert {link.kind for link in filled.links} == {"web", "mail", "inside"}
    assert all(link.text for link in filled.links)
    buttons = [link.text for link in filled.links if link.part == "lead"]
    assert "Apply now" in buttons


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://example.org/", "web"),
        ("HTTP://example.org", "web"),
        ("mailto:a@example.org?subject=x", "mail"),
        ("tel:+41221234567", "phone"),
        ("#news", "inside"),
        ("*|UNSUB|*", "placeholder"),
        ("{{ unsubscribe }}", "placeholder"),
        ("https://example.org/?u={{ id }}", "placeholder"),
        ("javascript:alert(1)", "other"),
        ("page.html", "other"),
        ("https://a@example.org", "other"),
    ],
)
def test_kinds_of_addresses(address: str, kind: str) -> None:
    assert link_kind(address) == kind


def test_pictures_are_weighed_once_each() -> None:
    message = rehearsed(built_in("classic"))[0][1]
    found = measure(message.edition, SERVICE.fill(message), 0, {"images/b.jpg": 4000, "images/d.png": 50})
    assert found.picture_bytes == 4050
    weights = {picture.address.rpartition("/")[2]: picture.bytes for picture in found.pictures}
    assert weights["b.jpg"] == 4000
    assert weights["c.png"] is None
    assert {picture.part for picture in found.pictures} >= {"masthead", "lead", "block-about", "cards"}


def test_everything_is_plain_data() -> None:
    message = rehearsed(built_in("letter"))[0][1]
    found = measure(message.edition, SERVICE.fill(message), 200_000)
    data = json.loads(json.dumps(found.as_json()))
    assert data["clipped"] is True
    assert data["clips_at"] == 102_000
    assert data["parts"][0]["kind"] == "head"
    assert data["reading"]["minutes"] == found.reading.minutes


FLAT = """<html><head><style>p{}</style></head><body><h1>Coop Letter</h1>
<h2>A bakery becomes a cooperative &amp; stays one</h2><p>Twelve</p>
<h2 id="news">News</h2><p>one</p><p>two</p>
<h2>Our list</h2><p>three</p>
<p>1 Example Street, Geneva</p></body></html>
"""


def test_a_theme_without_any_frame_is_measured_too() -> None:
    """All in one element; a section without its anchor is known by its heading."""
    whole = next(iter(editions(built_in("classic"))))
    news, other = whole.sections[0], whole.sections[1]
    edition = dataclasses.replace(
        whole,
        editorial="",
        sections=(
            dataclasses.replace(news, anchor="news", heading="News"),
            dataclasses.replace(other, heading="Our list"),
        ),
    )
    ranges = parts(edition, FLAT)
    assert [text.split("<p>")[0].strip() for text in ranges] == [
        "<html><head><style>p{}</style></head>",
        "<body><h1>Coop Letter</h1>",
        "<h2>A bakery becomes a cooperative &amp; stays one</h2>",
        '<h2 id="news">News</h2>',
        "<h2>Our list</h2>",
        "",
    ]
    assert ranges[-1].startswith("<p>1 Example Street")


def test_a_masthead_that_is_a_logo_is_a_part_too() -> None:
    whole = next(iter(editions(built_in("classic"))))
    html = FLAT.replace("<h1>Coop Letter</h1>", "<p>No. 12</p>")
    assert "<p>No. 12</p>" in parts(dataclasses.replace(whole, editorial="", sections=()), html)[1]


def parts(edition: Edition, html: str) -> list[str]:
    return [html[each.begin : each.end] for each in parts_of(edition, scan(html), edition.preheader)]


@pytest.mark.parametrize("html", ["", "</p></td><td", "<!-- <a href='b'> -->", "<p><b></p>x</b><a href='x'>"])
def test_what_is_no_mail_is_measured_without_an_error(html: str) -> None:
    message = rehearsed(built_in("letter"))[0][1]
    outgoing = dataclasses.replace(SERVICE.fill(message), html=html, text="")
    found = measure(message.edition, outgoing, 0)
    assert sum(part.bytes for part in found.parts) == len(html)


@pytest.mark.parametrize(
    ("language", "text", "words", "characters", "seconds"),
    [
        ("en-GB", "one two three " * 76, 228, 0, 60),
        ("ar", "كلمة " * 138, 138, 0, 60),
        ("fr", "l’une aujourd'hui 3,5 % - *\n-----\n", 3, 0, 1),
        ("sw", "neno " * 184, 184, 0, 60),
        ("zh-Hant", "新聞" * 255, 0, 510, 120),
        ("ja", "ニュース" * 357 + " ILO COOP", 2, 4 * 357, 241),
        ("en", "Read it [1]\n\n[1] https://example.org/a/b/c\nhttps://example.org", 2, 0, 1),
        ("en", "", 0, 0, 0),
    ],
)
def test_how_long_it_reads(language: str, text: str, words: int, characters: int, seconds: int) -> None:
    found = reading(text, language)
    assert (found.words, found.characters, found.seconds) == (words, characters, seconds)
    assert found.minutes == -(-seconds // 60)


def test_the_walk_is_linear_on_what_is_broken() -> None:
    """No expression goes back and forth: these would take hours."""
    for html in (
        "<body>" + "<a href='" * 3000,
        "<body><a " + "x" * 100_000,
        "<body>" + "<!--" * 20_000,
        "<body>" + "<p>" * 50_000 + "</q>" * 1000,
    ):
        assert scan(html).html == html


def test_the_walk_reads_entities_and_quotes() -> None:
    found = scan(
        '<body><a href="a?b&amp;c=\'d\'" title=">">x &lt;<b>y</b>\n&nbsp;z</a><a name="n">no</a><img alt=\'p "q"\' src="i.png"/>'
    )
    assert [(link.address, link.text) for link in found.links] == [("a?b&c='d'", "x <y z")]
    assert [(picture.address, picture.alt) for picture in found.pictures] == [("i.png", 'p "q"')]
    assert re.sub(r"\s", "", found.stream) == "x<yzno"
