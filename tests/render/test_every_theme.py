"""What holds for every built-in theme, with issues that ask for everything: in the markup, and in a real browser."""

from __future__ import annotations

import re

import lxml.html
import pytest
from browser import VISIBLE_TEXT
from conftest import Show, built_in

from newsletter.model import Message
from newsletter.render.pipeline import render
from newsletter.render.rehearsal import PICTURES, editions


def test_the_markup_is_sound(mails: list[tuple[str, Message]]) -> None:
    for html, message in mails:
        document = lxml.html.document_fromstring(html)
        levels = [int(heading.tag[1]) for heading in document.iter("h1", "h2", "h3", "h4")]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
        assert all('role="presentation"' in table for table in re.findall(r"<table\b[^>]*>", html))
        marks = re.findall(r"<!--\[if [^\]]*\]>(?:<!-->)?|(?:<!--)?<!\[endif\]-->", html)
        assert [mark.startswith("<!--[if") for mark in marks] == [True, False] * (len(marks) // 2)
        assert document.get("lang") == message.edition.language
        assert all(image.get("alt") is not None and image.get("width") for image in document.iter("img"))
        ids = [element.get("id") for element in document.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        anchors = [link.get("href")[1:] for link in document.iter("a") if link.get("href", "").startswith("#")]
        assert set(anchors) <= set(ids)


def test_nothing_that_an_item_has_is_missing(mails: list[tuple[str, Message]]) -> None:
    for html, message in mails:
        said = " ".join(lxml.html.document_fromstring(html).text_content().split())
        for item in message.edition.items:
            assert " ".join(item.title.split()) in said
            assert not item.extra or (item.extra.where in said and item.extra.when in said)
        document = lxml.html.document_fromstring(html)
        for section in message.edition.sections:
            shown = [link for item in section.items for link in item.links]
            for link in shown:  # in every layout
                assert len(document.xpath(f"//a[@href='{link.url}'][text()='{link.label}']")) >= len(
                    [each for each in shown if each == link]
                )
        for section in message.edition.sections:
            assert section.heading in said
    html, message = mails[0]
    assert f'src="{PICTURES["everything"].page}"' in html
    assert 'href="https://coop.example.org/1.pdf"' in html
    assert "Photo: A" in html


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_nothing_is_wider_than_the_window(show: Show, mails: list[tuple[str, Message]], width: int) -> None:
    for html, message in mails if width == 320 else mails[:3]:
        for document in (html, message.web):
            page = show(document, width)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            outside = [text for text, *_, left, right in page.evaluate(VISIBLE_TEXT) if left < 0 or right > width + 0.5]
            assert outside == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark", "no styles"])
def test_text_can_be_read(show: Show, mails: list[tuple[str, Message]], scheme: str) -> None:
    bare = scheme == "no styles"
    for html, message in mails[:2]:
        for document in (html,) if bare else (html, message.web):
            texts = show(document, 375, "light" if bare else scheme, bare=bare).evaluate(VISIBLE_TEXT)
            assert len(texts) > 40
            assert [entry for entry in texts if entry[1] < 12 or entry[2] < 4.5] == []


@pytest.mark.browser
def test_links_are_large_enough_to_tap(show: Show, mails: list[tuple[str, Message]]) -> None:
    page = show(mails[0][0], 375)
    heights = "es => es.filter(e => e.checkVisibility() && e.textContent.trim() && !e.closest('li')).map(e => [e.textContent, e.getBoundingClientRect().height])"
    links = page.eval_on_selector_all("a[href]", heights)
    assert len(links) > 10
    assert [entry for entry in links if entry[1] < 24] == []  # WCAG 2.2, 2.5.8; those within a sentence are excepted


def test_letter_is_the_leanest() -> None:
    """Bytes of the same issue: letter at most 0.7 of classic (12 and 60 items, no pictures)."""
    classic, letter = built_in("classic"), built_in("letter")
    for index in (0, 2):
        one, other = (len(render(list(editions(theme))[index], theme).html) for theme in (classic, letter))
        assert other <= 0.7 * one


def test_a_theme_that_extends_another_has_what_it_does_not_say() -> None:
    letter, classic = built_in("letter"), built_in("classic")
    assert letter.files["email.txt"] == classic.files["email.txt"]
    assert letter.files["_style.mjml"] != classic.files["_style.mjml"]
    assert set(letter.tokens) == set(classic.tokens)
    assert letter.tokens["radius"] == classic.tokens["radius"]
    assert letter.tokens["accent"] != classic.tokens["accent"]
