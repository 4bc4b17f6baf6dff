"""A mail light, dark, inverted and without styles: as a real browser shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest
from browser import VISIBLE_TEXT
from conftest import Mails, Show
from hypothesis import given
from hypothesis import strategies as st
from offered import daily
from playwright.sync_api import Page

from newsletter.clients.colours import turned, turned_lightness
from newsletter.clients.looks import dark, in_the_dark, inverted_full, inverted_part, light, without_styles
from newsletter.clients.simulate import simulate
from newsletter.clients.support import CLIENTS, Client, find_client
from newsletter.clients.trees import parsed

Look = Callable[[str], str]


def outlook(html: str) -> str:
    return inverted_part(html, outlook=True)


LOOKS: list[Look] = [light, dark, inverted_full, inverted_part, outlook, without_styles]
INVERTED: list[Look] = [inverted_full, inverted_part, outlook]


def named(look: Look) -> str:
    return look.__name__


def styled(css: str, body: str = "<p>a</p>") -> str:
    return f"<!doctype html><html><head><style>{css}</style></head><body>{body}</body></html>"


def background(page: Page, selector: str = "body") -> str:
    return str(page.evaluate("name => getComputedStyle(document.querySelector(name)).backgroundColor", selector))


# --- conditions

RED, GREEN = "rgb(255, 0, 0)", "rgb(0, 128, 0)"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("condition", "in_light", "in_dark"),
    [
        ("(prefers-color-scheme: dark)", False, True),
        ("(prefers-color-scheme:light)", True, False),
        pytest.param("( PREFERS-COLOR-SCHEME : Dark )", False, True, marks=pytest.mark.full),
        pytest.param("(prefers-color-scheme)", True, True, marks=pytest.mark.full),
        pytest.param("(prefers-color-scheme: /* as it is */ dark)", False, True, marks=pytest.mark.full),
        pytest.param(
            "screen and (prefers-color-scheme:dark) and (min-width:100px)", False, True, marks=pytest.mark.full
        ),
        pytest.param("(prefers-color-scheme:dark) and (min-width:9000px)", False, False, marks=pytest.mark.full),
        ("not all and (prefers-color-scheme:dark)", True, False),
        ("not (prefers-color-scheme:dark)", True, False),
        ("print, (prefers-color-scheme:dark)", False, True),
        ("(prefers-color-scheme:dark) or (min-width:9000px)", False, True),
        ("(min-width:100px)", True, True),
    ],
)
def test_media_conditions_are_settled(show: Show, condition: str, in_light: bool, in_dark: bool) -> None:
    html = styled(f"body{{background:red}}@media {condition}{{body{{background:green}}}}")
    attribute = f'<!doctype html><style>body{{background:red}}</style><style media="{condition}">body{{background:green}}</style>'
    cases = product((html, attribute), ((light, in_light), (dark, in_dark)))
    for text, (look, applies) in cases:
        # on a screen of the other kind: it is the look that decides
        screen = "dark" if look is light else "light"
        assert background(show(look(text), 1280, screen)) == (GREEN if applies else RED), (text, look, screen)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("head", "scheme"),
    [
        ("", "light"),
        ('<meta name="color-scheme" content="light dark">', "dark"),
        ("<style>:root{color-scheme:light dark}</style>", "dark"),
        ("<style>@media (prefers-color-scheme:dark){p{color:red}}</style>", "light"),
        ("<style>:root{color-scheme:only light}</style>", "light"),
    ],
)
def test_a_mail_that_declares_the_dark_gets_dark_fields(show: Show, head: str, scheme: str) -> None:
    html = f"<!doctype html><html><head>{head}</head><body><input></body></html>"
    for screen in ("light", "dark"):
        for look, expected in ((dark, scheme), (light, "light")):
            page = show(look(html), 1280, screen)
            assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == expected


def test_text_about_media_conditions_stays() -> None:
    html = "<!doctype html><html><head></head><body>(prefers-color-scheme: dark)</body></html>"
    assert "<body>(prefers-color-scheme: dark)</body>" in dark(html)


@pytest.mark.browser
def test_the_sample_is_dark_in_the_dark_and_light_in_the_light(show: Show, sample_mail: str) -> None:
    assert background(show(dark(sample_mail), 1280, "light")) == "rgb(10, 22, 34)"
    assert background(show(light(sample_mail), 1280, "dark")) == "rgb(240, 243, 246)"


# --- styles


def test_without_styles_the_attributes_stay() -> None:
    html = (
        '<!doctype html><head><style media=screen>p{}</style><link rel=x href=y></head><p style="color:red">a<style>b{}'
    )
    assert without_styles(html) == '<!doctype html><head></head><p style="color:red">a'


# --- inverted


@pytest.mark.parametrize(
    ("lightness", "role", "full", "part"),
    [
        (100, "ground", 10, 10),
        (0, "text", 100, 100),
        (20, "ground", 82, 20),
        (95, "text", 14.5, 95),
        (20, "line", 82, 82),
    ],
)
def test_lightness(lightness: float, role: str, full: float, part: float) -> None:
    assert turned_lightness(lightness, role, "full") == full  # type: ignore[arg-type]
    assert turned_lightness(lightness, role, "part") == part  # type: ignore[arg-type]


def test_white_is_near_black_and_a_hue_stays() -> None:
    assert turned(1, 1, 1, "ground", "full") == "#1b1b1b"
    assert turned(0, 0, 0, "text", "part") == "#ffffff"
    red = turned(0.4, 0, 0, "text", "full")
    assert int(red[1:3], 16) > int(red[3:5], 16) + 50


@pytest.mark.parametrize(
    ("before", "full", "part"),
    [
        ('<p style="color:#000">a</p>', '<p style="color:#ffffff">a</p>', '<p style="color:#ffffff">a</p>'),
        ('<p style="color:#fff">a</p>', '<p style="color:#1b1b1b">a</p>', '<p style="color:#fff">a</p>'),
        ('<p style="background:WHITE url(a.png)">a</p>', '<p style="background:#1b1b1b url(a.png)">a</p>', None),
        ('<p style="background-color:rgba(255,255,255,.5)">a</p>', '<p style="background-color:#1b1b1b80">a</p>', None),
        ('<p style="border:1px solid black">a</p>', '<p style="border:1px solid #ffffff">a</p>', None),
        ('<p style="color:inherit;background:transparent">a</p>', '<p style="color:inherit;background:transparent">a</p>', None),
        ('<p style="color:currentcolor">a</p>', '<p style="color:currentcolor">a</p>', None),
        ('<p style="color:#000 !important">a</p>', '<p style="color:#ffffff !important">a</p>', None),
        ('<table bgcolor="ffffff"></table>', '<table bgcolor="#1b1b1b"></table>', None),
        ('<font color="black">a</font>', '<font color="#ffffff">a</font>', None),
        ('<table bgcolor="no colour"></table>', '<table bgcolor="no colour"></table>', None),
        ('<img src="white.png" alt="white">', '<img src="white.png" alt="white">', None),
    ],
)  # fmt: skip
def test_colours_are_turned(before: str, full: str, part: str | None) -> None:
    for look, expected in ((inverted_full, full), (inverted_part, part or full)):
        assert f"<body>{expected}</body>" in look(f"<!doctype html><html><body>{before}</body></html>")


def test_rules_are_turned_but_those_for_outlook() -> None:
    css = "p{color:#000}@media (min-width:1px){p{color:#000}}[data-ogsc] p{color:#111}@font-face{font-family:x}"
    html = inverted_full(styled(css))
    assert html.count("p{color:#ffffff}") == 2
    assert "[data-ogsc] p{color:#111}" in html and "@font-face{font-family:x}" in html


@pytest.mark.browser
def test_own_dark_rules_do_not_apply_but_those_for_outlook_there(show: Show) -> None:
    css = "@media (prefers-color-scheme:dark){p{background:red}}[data-ogsb] p{background:green}"
    for look, expected in ((inverted_full, "rgba(0, 0, 0, 0)"), (inverted_part, "rgba(0, 0, 0, 0)"), (outlook, GREEN)):
        assert background(show(look(styled(css)), 1280, "dark"), "p") == expected


@pytest.mark.browser
@pytest.mark.parametrize("look", INVERTED, ids=named)
def test_what_the_mail_leaves_open_is_dark_too(show: Show, look: Look) -> None:
    page = show(look("<p>a <a href='x'>b</a></p>"), 1280)
    assert background(page, "html") == "rgb(27, 27, 27)"
    assert all(contrast > 4.5 for _, _, contrast, *_ in page.evaluate(VISIBLE_TEXT))


@pytest.mark.browser
@pytest.mark.full
@pytest.mark.parametrize("look", [dark, *INVERTED], ids=named)
def test_every_theme_can_be_read_in_the_dark(mails: Mails, show: Show, look: Look) -> None:
    found = show(look(mails[0][0]), 1280).evaluate(VISIBLE_TEXT)
    assert len(found) > 50
    assert [(text, round(contrast, 1)) for text, _, contrast, *_ in found if contrast < 4.4] == []


@pytest.mark.browser
@pytest.mark.parametrize("client", daily(CLIENTS))
def test_the_sample_can_be_read_in_every_client_in_the_dark(show: Show, sample_mail: str, client: Client) -> None:
    html = in_the_dark(simulate(sample_mail, client).html, client)
    found = show(html, 375 if client.phone else 1280, "dark").evaluate(VISIBLE_TEXT)
    assert len(found) > 30
    assert [(text, round(contrast, 1)) for text, _, contrast, *_ in found if contrast < 4.4] == []


@pytest.mark.parametrize(
    ("client", "look"),
    [
        ("apple-mac", dark),
        ("gmail-web", light),
        ("gmail-ios", inverted_full),
        ("gmail-android", inverted_part),
        ("outlook-classic", inverted_full),
        ("outlook-new", outlook),
        ("yahoo-web", light),
    ],
)
def test_what_a_client_does_in_the_dark(sample_mail: str, client: str, look: Look) -> None:
    assert in_the_dark(sample_mail, find_client(client)) == look(sample_mail)


# --- all of them


def words(html: str) -> str:
    root = parsed(html).root
    for element in [one for one in root.iter() if not isinstance(one.tag, str) or one.tag in ("style", "title")]:
        element.drop_tree()
    return " ".join(root.text_content().split())


@pytest.mark.parametrize("look", LOOKS, ids=named)
def test_no_text_is_lost(mails: Mails, sample_mail: str, look: Look) -> None:
    for html in (sample_mail, *(each for each, _ in mails)):
        shown = look(html)
        assert words(shown) == words(html)
        assert re.match(r"<!doctype html><html", shown)


@given(st.text(st.sampled_from("<>/=\"' ;:{}()@#!apstylebocr0\x00\ud800é-"), max_size=60), st.sampled_from(LOOKS))
def test_no_html_is_too_odd(html: str, look: Look) -> None:
    assert isinstance(look(html), str)


@given(st.text(max_size=30), st.sampled_from(INVERTED))
def test_no_style_is_too_odd(style: str, look: Look) -> None:
    quoted = style.replace("&", "&amp;").replace('"', "&quot;")
    assert "</body>" in look(f'<body style="{quoted}">a</body>')
