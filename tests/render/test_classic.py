"""The theme classic, through the real pipeline and in a real browser: what a designer would check by eye."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from browser import VISIBLE_TEXT
from conftest import Show

from newsletter.errors import ContentError, Position
from newsletter.model import Edition, Item, Link, Message, Section
from newsletter.publication import LAYOUTS, Layout, Publication
from newsletter.render.pipeline import render
from newsletter.render.theme import find_theme
from newsletter.services.plain import SERVICE

THEME = find_theme("classic", [Path(__file__).parents[2] / "templates"], {})
DAY = datetime.date(2020, 3, 14)
PUBLICATION = Publication.model_validate(
    {
        "title": "Coop Letter",
        "description": "News of a small federation",
        "organisation": {"name": "Federation of Examples", "postal_address": "1 Example Street\nGeneva"},
        "sender": {"name": "Coop Letter", "address": "letter@coop.example.org"},
        "web_version": "https://coop.example.org/letter/{issue}",
        "unsubscribe": "https://coop.example.org/unsubscribe",
        "reason": "You get this mail because you asked for it.",
        "language": "en-GB",
        "categories": [{"name": "News", "blurb": "What the federation did."}],
    }
)
NEWS = PUBLICATION.categories[0]
SUMMARY = "Twelve bakers bought their bakery. It opened again within a week, and it has bread for all of us. " * 3


def item(number: int = 1, title: str = "A bakery becomes a cooperative", **more: Any) -> Item:
    given = {"date": DAY, "summary": SUMMARY, "url": f"https://coop.example.org/news/{number}", "category": "News"}
    return Item(id=f"item-{number}", title=title, **given | more)


def section(layout: Layout, items: Sequence[Item], overflow: Sequence[Item] = (), anchor: str = "") -> Section:
    return Section(anchor or layout, NEWS, f"Our {layout}", layout, "What it *is*.", tuple(items), tuple(overflow))


def edition(*sections: Section, lead: Item | None = None, editorial: str = "", language: str = "en-GB") -> Edition:
    return Edition(
        publication=PUBLICATION,
        issue="2020-03",
        number=1,
        date=DAY,
        language=language,
        subject="Coop Letter & friends, March 2020",
        preheader="Bread, bees and a house in Lyon",
        editorial=editorial,
        lead=lead,
        sections=sections,
        web_version="https://coop.example.org/letter/2020-03",
    )


LINKS = (
    Link(label="En français", url="https://coop.example.org/fr", language="fr"),
    Link(label="PDF", url="https://x.org/a.pdf"),
)
FULL = edition(
    section("cards", [item(n, links=LINKS) for n in range(1, 8)], [item(n) for n in range(8, 11)]),
    section("list", [item(n) for n in range(11, 14)]),
    section("feature", [item(14, links=LINKS), item(15)]),
    section("portrait", [item(16, "Ada Example, Geneva"), item(17, "مريم مثال", language="ar")]),
    lead=item(18, "Housing cooperatives meet in Lyon"),
    editorial="Dear [[first_name|colleague]],\n\nbread for **all**.\n\n- one\n- two\n\n> said she\n\n# A heading",
)
BARE = edition(
    *[section(layout, [item(n, url="", summary="", date=None)]) for n, layout in enumerate(THEME.file.layouts)],
    lead=item(18, url=""),
)
LONG = "W" * 5000
HOSTILE = edition(
    *[
        section(
            layout,
            [item(n, LONG, summary=f"{LONG}\n\n> {LONG}\n\n- {LONG}", links=(Link(label=LONG, url="https://x.org"),))],
        )
        for n, layout in enumerate(THEME.file.layouts)
    ],
    section("cards", [item(8, "</mj-text></td><script>x()</script> {{ 7*7 }} --> <!--[if mso]> ]]>")], anchor="wild"),
    lead=item(9, LONG),
    editorial=LONG,
)
ARABIC = edition(
    section("cards", [item(1, "تعاونية رشد", summary="نص")]), section("portrait", [item(2)]), language="ar"
)
EDITIONS = {"full": FULL, "bare": BARE, "hostile": HOSTILE, "arabic": ARABIC}


@pytest.fixture(scope="module")
def messages() -> dict[str, Message]:
    return {name: render(edition, THEME) for name, edition in EDITIONS.items()}


@pytest.fixture(scope="module")
def sent(messages: dict[str, Message]) -> dict[str, str]:
    """Each edition as ``plain`` sends it."""
    return {name: SERVICE.fill(message).html for name, message in messages.items()}


def test_the_templates_have_no_mistakes() -> None:
    THEME.check()


@pytest.mark.parametrize("name", EDITIONS)
def test_a_mail_is_sound(sent: dict[str, str], name: str) -> None:
    html = sent[name]
    document = lxml.html.document_fromstring(html)
    levels = [int(heading.tag[1]) for heading in document.iter("h1", "h2", "h3", "h4")]
    assert html.lower().startswith("<!doctype html>")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
    tables = re.findall(r"<table\b[^>]*>", html)  # those in Outlook's comments too
    assert all('role="presentation"' in table for table in tables)
    assert document.get("lang") == EDITIONS[name].language
    assert document.get("dir") == ("rtl" if name == "arabic" else "ltr")
    assert document.findtext(".//title") == "Coop Letter & friends, March 2020"
    assert "<script" not in html
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for link in document.iter("a"):
        if link.get("href", "").startswith("#"):
            assert link.get("href")[1:] in ids


@pytest.mark.parametrize("name", EDITIONS)
def test_conditional_comments_stay_balanced(sent: dict[str, str], name: str) -> None:
    marks = re.findall(r"<!--\[if [^\]]*\]>(?:<!-->)?|(?:<!--)?<!\[endif\]-->", sent[name])
    assert marks
    assert [mark.startswith("<!--[if") for mark in marks] == [True, False] * (len(marks) // 2)


def test_what_outlook_needs_is_there(sent: dict[str, str]) -> None:
    html = sent["full"]
    buttons = re.findall(r'<!--\[if mso\]><v:roundrect xmlns:v="[^"]+" .*?</v:roundrect><!\[endif\]-->', html)
    assert len(buttons) == 3  # the lead and two interviews
    assert all("<w:anchorlock" in button and "Read more" in button for button in buttons)
    assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in html
    assert "mso-line-height-rule:exactly" in html


def test_dark_rules_survive(sent: dict[str, str]) -> None:
    html = sent["full"]
    tokens = THEME.tokens
    assert '<meta name="color-scheme" content="light dark"' in html
    assert '<meta name="supported-color-schemes" content="light dark"' in html
    assert "@media (prefers-color-scheme:dark)" in html
    assert f"[data-ogsc] .body{{color:{tokens['dark_ink']} !important}}" in html
    assert f"[data-ogsb] .sheet>table{{background:{tokens['dark_sheet']} !important}}" in html
    classes = set(re.findall(r"\.([a-z][\w-]*)", "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))))
    used = set(" ".join(re.findall(r'class="([^"]*)"', html)).split())
    assert classes - used <= {"mj-column-per-100", "moz-text-html"}


def test_the_preheader_stands_once_and_is_padded(sent: dict[str, str]) -> None:
    html = sent["full"]
    assert html.count("Bread, bees and a house in Lyon") == 1
    assert re.search(r'<div style="display:none[^"]*">Bread, bees and a house in Lyon(\u034f\u200c\u00a0){100,}', html)


def test_every_placeholder_is_filled(messages: dict[str, Message], sent: dict[str, str]) -> None:
    message = messages["full"]
    assert all(placeholder.token in message.html + message.text for placeholder in message.placeholders)
    assert not re.search(r"nl[0-9a-f]{12}\d+z", sent["full"] + message.web)
    assert "Dear colleague," in sent["full"]
    assert "Dear colleague," in message.web


def test_what_is_over_the_limit_is_counted_and_linked(sent: dict[str, str], messages: dict[str, Message]) -> None:
    document = lxml.html.document_fromstring(sent["full"])
    (more,) = [link for link in document.iter("a") if link.text_content() == "3 more on the web"]
    assert more.get("href") == "https://coop.example.org/letter/2020-03#cards"
    web = lxml.html.document_fromstring(messages["full"].web)
    assert {f"item-{number}" for number in range(1, 19)} <= {element.get("id") for element in web.iter()}


def test_the_contents_count_what_a_section_has(sent: dict[str, str]) -> None:
    document = lxml.html.document_fromstring(sent["full"])
    (contents,) = [cell for cell in document.iter("td") if cell.text_content().lstrip().startswith("In this issue")]
    assert "Our cards 10" in [paragraph.text_content() for paragraph in contents.iter("p")]


def test_addresses_that_a_service_does_not_offer_are_left_out() -> None:
    html = render(FULL, THEME, offers=()).html
    assert "View in your browser" not in html
    assert "Unsubscribe" not in html
    assert "3 more on the web" in html
    assert 'href=""' not in html


def test_items_without_an_address_have_no_dead_ends(sent: dict[str, str]) -> None:
    document = lxml.html.document_fromstring(sent["bare"])
    assert "Read more" not in sent["bare"]
    assert "roundrect" not in sent["bare"]
    for heading in document.iter("h2", "h3"):
        assert not heading.xpath(".//a[@href]")


def test_contents_stand_from_the_publications_number_on() -> None:
    few = edition(section("cards", [item(1)]), section("list", [item(2), item(3)]))
    enough = edition(section("cards", [item(1)]), section("list", [item(2), item(3), item(4)]))
    never = PUBLICATION.model_copy(update={"limits": PUBLICATION.limits.model_copy(update={"contents": 0})})
    assert "In this issue" not in render(few, THEME).html
    message = render(enough, THEME)
    assert "In this issue" in message.html
    assert "In this issue" in message.web
    html = render(
        Edition(**{name: getattr(enough, name) for name in enough.__slots__} | {"publication": never}), THEME
    ).html
    assert "In this issue" not in html


# What an item costs in bytes beside its own title, date, summary and address. npm's mjml with an mj-text for each
# takes about 900.
BOUNDS: dict[Layout, int] = {"cards": 340, "list": 260, "feature": 1250, "portrait": 720}


@pytest.mark.parametrize("layout", BOUNDS)
def test_an_item_is_lean(layout: Layout) -> None:
    few, many = (
        len(render(edition(section(layout, [item(n) for n in range(100, 100 + count)])), THEME).html.encode())
        for count in (10, 40)
    )
    own = len("A bakery becomes a cooperative" + "14 March 2020" + "https://coop.example.org/news/100")
    own += 0 if layout == "list" else len(SUMMARY.strip())
    assert (many - few) / 30 - own <= BOUNDS[layout]
    assert many < 102_000  # where Gmail clips


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of ``#rrggbb``."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_of_the_theme_can_be_read() -> None:
    tokens, pairs = THEME.tokens, [(pair.text, ground) for pair in THEME.file.contrast for ground in pair.on]
    assert {text for text, _ in pairs} >= {
        f"{dark}{name}" for dark in ("", "dark_") for name in ("ink", "quiet", "accent")
    }
    for text, ground in pairs:
        assert contrast(tokens.get(text, text), tokens.get(ground, ground)) >= 4.5, (text, ground)
    assert not THEME.warnings


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"accent": "#7ec3f5"}, ["'accent' (#7ec3f5) can hardly be read on 'sheet' (#ffffff): a contrast of 1.9"]),
        ({"masthead": "#ffe680"}, ["'#ffffff' (#ffffff) can hardly be read on 'masthead' (#ffe680)"]),
        (
            {"dark_sheet": "#555555"},
            ["'dark_quiet'", "'dark_accent'", "'dark_sheet' (#555555) can hardly be read on 'dark_accent'"],
        ),
        ({"ink": "#000000"}, []),
    ],
)
def test_a_colour_that_is_too_faint_is_told_with_one_that_will_do(chosen: dict[str, str], told: list[str]) -> None:
    def where(*keys: str) -> Position:
        return Position("/".join(keys), 1)

    roots = [Path(__file__).parents[2] / "templates"]
    theme = find_theme("classic", roots, chosen, where=where)
    for words in told:
        assert any(words in problem.message for problem in theme.warnings), theme.warnings
    assert bool(theme.warnings) == bool(told)
    for problem in theme.warnings:
        assert problem.position.path == f"theme/tokens/{next(iter(chosen))}"
        key, colour = problem.hint.split("'")[1].split(": ")
        mended = find_theme("classic", roots, chosen | {key: colour}, where=where)
        assert not any(each.message.startswith(problem.message.split(" (")[0]) for each in mended.warnings)


def test_a_pair_that_the_theme_misnames_is_a_mistake(tmp_path: Path) -> None:
    text = "name: x\ndescription: y\ntokens:\n  ink: {type: color, default: '#000000'}\ncontrast:\n  - {text: inc, on: ['#ffffff']}\n"
    (tmp_path / "x").mkdir()
    (tmp_path / "x/theme.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"theme\.yaml:6:5: error: 'inc' is no colour \(did you mean 'ink'\?\)"):
        find_theme("x", [tmp_path], {})


# --- in the browser


@pytest.mark.full  # every theme is looked at in test_every_theme
@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 375])
@pytest.mark.parametrize("name", EDITIONS)
def test_nothing_is_wider_than_a_phone(
    show: Show, sent: dict[str, str], messages: dict[str, Message], name: str, width: int
) -> None:
    for html in (sent[name], messages[name].web):
        page = show(html, width)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        outside = [text for text, *_, left, right in page.evaluate(VISIBLE_TEXT) if left < 0 or right > width + 0.5]
        assert outside == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark", "no styles"])
def test_text_is_large_enough_and_has_contrast(
    show: Show, sent: dict[str, str], messages: dict[str, Message], scheme: str
) -> None:
    bare = scheme == "no styles"
    for html in (sent["full"], sent["full"] if bare else messages["full"].web):
        found = show(html, 375, "light" if bare else scheme, bare=bare).evaluate(VISIBLE_TEXT)
        assert len(found) > 60
        assert [entry for entry in found if entry[1] < 13 or entry[2] < 4.5] == []


@pytest.mark.browser
def test_links_are_large_enough_to_tap(show: Show, sent: dict[str, str]) -> None:
    page = show(sent["full"], 375)
    heights = "es => es.filter(e => e.checkVisibility()).map(e => [e.textContent, e.getBoundingClientRect().height])"
    found = page.eval_on_selector_all("a[href]", heights)
    assert len(found) > 30
    assert [entry for entry in found if entry[1] < 24] == []  # WCAG 2.2, 2.5.8 Target size (minimum)


@pytest.mark.browser
def test_arabic_begins_on_the_right(show: Show, sent: dict[str, str]) -> None:
    page = show(sent["arabic"], 700)
    for selector in ("h1", ".head h2", "h3", "p"):
        assert page.eval_on_selector(selector, "e => getComputedStyle(e).textAlign") in ("right", "start")
        assert page.eval_on_selector(selector, "e => getComputedStyle(e).letterSpacing") == "normal"
    title = page.eval_on_selector(
        "h3",
        "e => { const r = document.createRange(); r.selectNodeContents(e.querySelector('a')); "
        "return Math.round([...r.getClientRects()].at(-1).right) }",
    )
    assert title == 700 - 50 - 36  # viewport, page beside the sheet, padding


@pytest.mark.browser
def test_dark_mode_has_its_own_colours(show: Show, sent: dict[str, str], messages: dict[str, Message]) -> None:
    sheet = THEME.tokens["dark_sheet"]
    expected = f"rgb({', '.join(str(int(sheet[place : place + 2], 16)) for place in (1, 3, 5))})"
    ground = "e => getComputedStyle(e).backgroundColor"
    assert show(sent["full"], 700, "dark").eval_on_selector(".sheet > table", ground) == expected
    assert show(messages["full"].web, 700, "dark").eval_on_selector("body", ground) == expected


def test_a_text_in_the_other_direction_says_so_and_its_date_stays_ours() -> None:
    items = [item(1, "An English title."), item(2, "تعاونية جديدة"), item(3, "Un titre", language="fr")]
    for language, foreign in (("ar", 1), ("en-GB", 2)):
        mail = lxml.html.document_fromstring(render(edition(section("cards", items), language=language), THEME).html)
        cells = mail.xpath("//td[h3]")
        assert [cell.get("dir") for cell in cells] == [
            {"ar": "ltr", "en-GB": "rtl"}[language] if number == foreign else "ltr" if number == 3 else None
            for number in (1, 2, 3)
        ]
        ours = {"ar": "rtl", "en-GB": "ltr"}[language]
        assert [cell.xpath("string(p[1]/span/@dir)") for cell in cells] == [
            ours if number in (foreign, 3) else "" for number in (1, 2, 3)
        ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_when_and_where_stand_in_every_part_of_every_layout(layout: Layout) -> None:
    event = item(1, "A congress", extra={"when": "5–6 July 2020", "where": "Geneva & online"})
    message = render(edition(section(layout, [event])), THEME)
    for part in (message.html, message.web):
        said = " ".join(lxml.html.document_fromstring(part).text_content().split())
        assert "5–6 July 2020" in said
        assert "Geneva & online" in said
    assert "5–6 July 2020" in message.text
    assert "Geneva & online" in message.text


def test_a_lead_alone_has_one_rule_before_the_footer() -> None:
    message = render(edition(lead=item(1)), THEME)
    assert not re.search("=\n+=", message.text)


def test_the_width_of_the_text_part_is_the_publications(tmp_path: Path) -> None:
    theme = find_theme("classic", [Path(__file__).parents[2] / "templates"], {}, cache_dir=tmp_path)
    for columns in (72, 40, 60):  # what is compiled for one must do for the next
        narrow = PUBLICATION.model_copy(update={"text": PUBLICATION.text.model_copy(update={"width": columns})})
        message = render(dataclasses.replace(edition(section("cards", [item(1)])), publication=narrow), theme)
        assert "=" * columns in message.text
        assert "=" * (columns + 1) not in message.text


def test_web_fonts_stand_first_and_outlook_never_tries_them() -> None:
    tokens = {"web_fonts": "https://fonts.example.org/a.css", "heading_web_font": "Inter", "text_web_font": "O Brien"}
    theme = find_theme("classic", [Path(__file__).parents[2] / "templates"], tokens).check()
    message = render(edition(section("cards", [item(1, "A bakery", url="https://coop.example.org/1")])), theme)
    assert "font:20px/27px 'Inter',Georgia" in message.html
    assert "font:16px/25px 'O Brien',Helvetica" in message.html
    assert '<!--[if !mso]><!--><link href="https://fonts.example.org/a.css"' in message.html
    (outlook,) = re.findall(r"<!--\[if mso\]><style>\n\*\{(.*?)</style>", message.html, re.DOTALL)
    assert "font-family:Helvetica" in outlook
    assert "h1,h2,h3,h4{font-family:Georgia" in outlook
    assert "Inter" not in outlook
    assert '"Inter", Georgia' in message.web
    assert '<link rel="stylesheet" href="https://fonts.example.org/a.css">' in message.web
