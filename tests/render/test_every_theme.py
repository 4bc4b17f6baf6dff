"""What holds for every built-in theme, with issues that ask for everything: in the markup, and in a real browser."""

from __future__ import annotations

import datetime
import re

import lxml.html
import pytest
from browser import VISIBLE_TEXT
from conftest import THEMES, Show, built_in

from newsletter.model import Edition, Extra, Figure, Image, Item, Message, Picture, Section
from newsletter.publication import Publication
from newsletter.render.pipeline import render
from newsletter.render.rehearsal import PICTURES, PUBLICATION
from newsletter.render.theme import Theme
from newsletter.services import GMAIL_CLIPS_AT
from newsletter.services.plain import SERVICE


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
@pytest.mark.parametrize("width", [320, *(pytest.param(width, marks=pytest.mark.full) for width in (375, 1280))])
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


SIDES = """() => Object.fromEntries(['The first vote', 'Baker', 'Once a week', 'الإنجليزية', 'Lyon', '12'].map(text => {
  const at = document.evaluate(`//body//text()[contains(., '${text}')]`, document).iterateNext();
  const range = document.createRange(), around = at.parentElement.closest('p,td,li,blockquote');
  range.selectNodeContents(at);
  const style = getComputedStyle(around.matches('blockquote *') ? around.closest('blockquote') : around);
  return [text, [range.getBoundingClientRect().left, style.borderLeftWidth, style.borderRightWidth]];
}))"""
"""Where texts of an item begin on the page, and how wide the borders at their sides are."""


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["mail", "web"])
def test_an_item_in_the_other_direction_is_set_in_it(show: Show, theme: Theme, kind: str) -> None:
    """An English item of an Arabic edition: all of it begins at the left, and its quotes have their bars there."""
    extra = Extra(
        name="Baker",
        quote="The first vote",
        where="Lyon",
        when="In spring",
        figures=(Figure(value="12", label="a"),) * 2,
    )
    day = datetime.date(2020, 1, 1)
    text = "A few words.\n\n> Once a week\n\n- bread"
    item = Item(id="a", title="A bakery", date=day, language="en", summary=text, extra=extra)
    publication = Publication.model_validate(PUBLICATION | {"description": "News of a few."})
    section = Section(
        "news",
        publication.categories[0],
        "All of it!",
        "feature",
        "What it is.",
        (item,),
        heading_language="en",
        blurb_language="en",
    )
    told = {"description": "en", "name": "en"}
    edition = Edition(publication, "1", 1, day, "ar", "x", "y", "", None, (section,), foreign=told)
    message = render(edition, theme)
    html = message.web if kind == "web" else SERVICE.fill(message).html
    for said in ("All of it!", "What it is.", "News of a few.", "Federation of Examples"):
        assert f'<span lang="en" dir="ltr">{said}</span>' in html
    page = show(html, 1280)
    sides = page.evaluate(SIDES)
    left = page.evaluate(
        "document.evaluate(`//body//h3//text()`, document).iterateNext().parentElement.getBoundingClientRect().left"
    )
    for words, bar in {"Baker": 0, "الإنجليزية": 0, "12": 0, "The first vote": 1, "Once a week": 1}.items():
        begins, before, after = sides[words]
        assert after == "0px", words
        assert (before != "0px") == bool(bar), words
        assert begins - left < 30, words
    assert sides["Lyon"][0] - left < 200  # behind its label, which is Arabic


FRAMES = """() => [...document.querySelectorAll('body p')].filter(e => e.textContent.trim() === 'Sponsored').map(label => {
  const box = e => { const s = getComputedStyle(e); return [parseFloat(s.borderTopWidth), s.borderTopColor, s.backgroundColor]; };
  for (let e = label; e; e = e.parentElement) {
    const [width, line, ground] = box(e);
    if (width && e.getBoundingClientRect().height > 60) return [e.textContent, line, e.querySelector('a') !== null];
  }
})"""
"""Of each block that somebody paid for: what the frame around its label says, and the colour of the frame."""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_somebody_paid_for_is_framed(
    show: Show, theme: Theme, mails: list[tuple[str, Message]], scheme: str
) -> None:
    for html in (mails[0][0], mails[0][1].web):
        frames = show(html, 640, scheme).evaluate(FRAMES)
        assert ["Call for papers" in text for text, *_ in frames] == [True, False]
        assert "Ground between stones." in frames[1][0]
        assert all(len(" ".join(text.split())) < 80 for text, *_ in frames)  # the block, and nothing else
        assert frames[1][1] == rgb(theme.tokens["rule" if scheme == "light" else "dark_rule"])


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_a_credit_stands_directly_below_its_picture(mails: list[tuple[str, Message]]) -> None:
    html = mails[0][0]
    at = html.index(f'src="{PICTURES["everything"].page}"')
    assert html.index("Photo: A", at) < html.index("A bakery becomes a cooperative", at + 200)


def issue_of(count: int, *, pictured: bool = False) -> tuple[Edition, dict[str, Picture]]:
    """Return a plain issue: so many news with an address, a date and a few lines, in the layouts that issues have."""
    publication = Publication.model_validate(PUBLICATION | {"web_version": "https://coop.example.org/{issue}"})
    day = datetime.date(2020, 3, 14)
    image = Image(src="images/a.jpg", alt="Bakers at their oven") if pictured else None
    items = tuple(
        Item(
            id=f"item-{number}",
            category="News",
            title=f"The {number}th bakery of the region becomes a cooperative",
            date=day,
            summary="Twelve bakers bought their bakery, and it opened again within a week. " * 4,
            url=f"https://coop.example.org/news/2020/03/{number}",
            image=image,
        )
        for number in range(count)
    )
    ends = [0, count // 2, count * 3 // 4, count - 1, count] if not pictured else [0, count]
    layouts = ("cards", "list", "portrait", "feature")
    news = publication.categories[0]
    sections = tuple(
        Section(layout, news, layout.title(), layout, "", items[begin:end])  # type: ignore[arg-type]
        for layout, begin, end in zip(layouts, ends, ends[1:], strict=False)
    )
    edition = Edition(publication, "2020-03", 1, day, "en", "Coop Letter", "News", "A few words.", None, sections)
    address = "https://coop.example.org/letter/2020-03/images/bakers-at-their-oven-0123456789ab.jpg"
    return edition, {item.id: Picture(address, "images/b.jpg", 528, 297, "Bakers at their oven") for item in items}


def test_the_themes_weigh_what_they_should() -> None:
    """Bytes of the same issue, of 12 and of 60 items: letter at most 0.7 of classic, magazine 1.15."""
    for edition, _ in (issue_of(12), issue_of(60)):
        bytes_of = {name: len(render(edition, built_in(name)).html.encode()) for name in THEMES}
        assert bytes_of["letter"] <= 0.7 * bytes_of["classic"]
        assert bytes_of.get("magazine", 0) <= 1.15 * bytes_of["classic"]


def test_forty_items_with_pictures_are_not_clipped(theme: Theme) -> None:
    edition, pictures = issue_of(40, pictured=True)
    html = SERVICE.fill(render(edition, theme, pictures=pictures)).html
    assert html.count("<img") == 40
    assert len(html.encode()) < GMAIL_CLIPS_AT


def test_a_theme_that_extends_another_has_what_it_does_not_say() -> None:
    letter, classic = built_in("letter"), built_in("classic")
    assert letter.files["email.txt"] == classic.files["email.txt"]
    assert letter.files["_style.mjml"] != classic.files["_style.mjml"]
    assert set(letter.tokens) == set(classic.tokens)
    assert letter.tokens["radius"] == classic.tokens["radius"]
    assert letter.tokens["accent"] != classic.tokens["accent"]
