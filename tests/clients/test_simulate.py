"""What a client takes out of a mail, and what is said about it."""

from __future__ import annotations

import re

import pytest
from conftest import Mails
from hypothesis import given
from hypothesis import strategies as st
from offered import daily
from playwright.sync_api import Page

from newsletter.clients import mso
from newsletter.clients.simulate import Removed, Simulated, simulate
from newsletter.clients.support import CLIENTS, Client, data_date, find_client
from newsletter.clients.trees import parsed

OUTLOOK, GMAIL, YAHOO = (find_client(key) for key in ("outlook-classic", "gmail-web", "yahoo-web"))


def mail(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def in_body(simulated: Simulated) -> str:
    return re.sub(r".*<body[^>]*>|</body>.*", "", simulated.html, flags=re.DOTALL)


def found(simulated: Simulated, feature: str) -> Removed:
    (removed,) = [one for one in simulated.removed if one.feature == feature]
    return removed


# --- one thing at a time


@pytest.mark.parametrize(
    ("client", "body", "expected"),
    [
        ("outlook-classic", '<p style="color:red;border-radius:4px">a</p>', '<p style="color:red">a</p>'),
        ("outlook-classic", '<p style="border-radius:4px">a</p>', "<p>a</p>"),
        ("apple-mac", '<p style="border-radius:4px">a</p>', '<p style="border-radius:4px">a</p>'),
        # supported in part, and the data tell where not
        ("outlook-classic", '<p style="padding:4px">a</p>', "<p>a</p>"),
        ("outlook-classic", '<div style="width:4px">a</div>', "<div>a</div>"),
        ("outlook-classic", '<p style="max-width:4px">a</p>', "<p>a</p>"),
        ("outlook-classic", '<p style="display:inline-block">a</p>', "<p>a</p>"),
        ("outlook-classic", '<p style="color:red !important">a</p>', "<p>a</p>"),
        ("outlook-classic", '<p style="margin:-4px">a</p>', "<p>a</p>"),
        ("apple-mac", '<p style="margin:-4px">a</p>', '<p style="margin:-4px">a</p>'),
        ("gmail-web", '<div style="margin:-4px">a</div>', "<u></u><div><div>a</div></div>"),
        ("outlook-classic", '<div style="background:#fff url(a.png) no-repeat">a</div>',
         '<div style="background-color:#fff">a</div>'),
        ("outlook-classic", '<div style="background:url(a.png)">a</div>', "<div>a</div>"),
        ("outlook-new", '<p style="background:linear-gradient(red,blue)">a</p>', "<div><p>a</p></div>"),
        ("outlook-classic", '<p style="font-family:system-ui, Arial">a</p>', '<p style="font-family: Arial">a</p>'),
        ("outlook-classic", '<p style="border:9px solid red">a</p>', "<p>a</p>"),
        ("outlook-classic", '<p style="color:rgb(1 2 3)">a</p>', "<p>a</p>"),
        ("outlook-classic", '<p style="mso-line-height-rule:exactly">a</p>',
         '<p style="mso-line-height-rule:exactly">a</p>'),
        # rewritten
        ("yahoo-web", '<table style="height:4px"></table>', '<div><table style="min-height:4px"></table></div>'),
        ("gmail-web", '<p style="color:red;background:oklch(40% 0.2 30)">a</p>', "<u></u><div><p>a</p></div>"),
        # elements and attributes
        ("outlook-classic", "<article>a <b>b</b></article>", "a <b>b</b>"),
        ("gmail-web", "<nav>a</nav><header>b</header>", "<u></u><div>a<header>b</header></div>"),
        ("gmail-web", '<svg><path d="M0 0"></path></svg>a', "<u></u><div>a</div>"),
        ("gmail-web", '<p hidden="">a</p>', "<u></u><div><p>a</p></div>"),
        ("gmail-web", '<img src="a.webp" alt="A">', '<u></u><div><img src="a.webp" alt="A"></div>'),
        ("outlook-classic", '<img src="a.webp?v=1" alt="A">', '<img alt="A">'),
        ("gmail-web", '<img src="data:image/png;base64,AA" alt="A">', '<u></u><div><img alt="A"></div>'),
        ("outlook-classic", '<img src="data:image/png;base64,AA" alt="A">',
         '<img src="data:image/png;base64,AA" alt="A">'),
        ("outlook-classic", '<img src="data:image/gif;base64,AA" alt="A">', '<img alt="A">'),
        ("outlook-classic", '<!--[if mso]><v:rect style="width:9px" fillcolor="#123456" stroke="f"><v:textbox><p>a</p>'
         '</v:textbox></v:rect><![endif]-->',
         '<div style="display:inline-block;width:9px;background-color:#123456"><p>a</p></div>'),
    ],
)  # fmt: skip
def test_what_is_left(client: str, body: str, expected: str) -> None:
    assert in_body(simulate(mail(body), find_client(client))) == expected


@pytest.mark.parametrize(
    ("client", "css", "expected"),
    [
        ("gmail-web", "p{color:red}", "p{color:red}"),
        ("gmail-guest", "p{color:red}", ""),
        ("gmail-web", "a:not(b),p{color:red}", "p{color:red}"),
        ("gmail-web", "[data-x] p{color:red}", ""),
        ("gmail-web", "[class~=x]{color:red}", "[class~=x]{color:red}"),
        ("gmail-web", "[class=x]{color:red}", ""),
        ("gmail-web", "body,:root,.body{color:red}", ".body{color:red}"),
        ("gmail-web", "p:hover{color:red}", "p:hover{color:red}"),
        ("gmail-web", "p:focus{color:red}", ""),
        ("gmail-web", "@media (max-width:9px){p{color:red}}", "@media (max-width:9px){\np{color:red}\n}"),
        ("gmail-web", "@media (max-height:9px){p{color:red}}", ""),
        ("gmail-web", "@media (prefers-color-scheme:dark){p{color:red}}", ""),
        ("gmail-web", "@font-face{font-family:x}p{color:red}", "p{color:red}"),
        # as an error, and what is within an at-rule, a whole element goes
        ("gmail-web", "p{color:red}}q{}", ""),
        ("gmail-web", "p{color:red}@media screen{@media print{p{color:red}}}", ""),
        ("outlook-com", "@media screen{@media print{p{color:red}}}", "@media screen{\n\n}"),
        ("outlook-com", "p:first-child,.x:first-child{color:red}", "p:first-child{color:red}"),
        ("outlook-com", "p[class]{color:red}.x[class]{color:red}[a^=b]{color:red}", "p[class]{color:red}"),
        ("outlook-classic", "p>a{color:red}p a{color:red}", "p a{color:red}"),
        ("outlook-classic", ".a.b{color:red}p.a{color:red}", "p.a{color:red}"),
        ("outlook-classic", "p{padding:1px}td{padding:1px}td,p{padding:1px}",
         "td{padding:1px}\ntd, p{padding:1px}"),
        ("yahoo-web", "@media (prefers-reduced-motion:reduce){p{color:red}}", ""),
        ("apple-mac", "@media (prefers-color-scheme:dark){p{color:red}}",
         "@media (prefers-color-scheme:dark){\np{color:red}\n}"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_stylesheet(client: str, css: str, expected: str) -> None:
    html = simulate(mail("", f"<style>{css}</style>"), find_client(client)).html
    assert re.findall(r"<style>(.*?)</style>", html, re.DOTALL) == [expected]


@pytest.mark.parametrize(("media", "kept"), [("screen", True), ("(prefers-color-scheme:dark)", False)])
def test_the_media_of_a_stylesheet_count(media: str, kept: bool) -> None:
    html = simulate(mail("", f'<style media="{media}">p{{color:red}}</style>'), GMAIL).html
    assert ("color:red" in html) is kept


def test_gmail_reads_no_more_than_16_kb_of_styles() -> None:
    small, large = "a{color:red}" * 100, "b{color:red}" * 1300
    assert len(large) < 16_384 < len(large) + len(small)
    fits = simulate(mail("", f"<style>{large}</style><style>{small}</style>"), GMAIL)
    assert "b{color:red}" in fits.html and "a{color:red}" not in fits.html
    removed = found(fits, "html-style")
    assert (removed.what, removed.support, removed.note) == ("stylesheet", "no", "beyond 16 KB of styles")
    assert "a{color:red}" in simulate(mail("", f"<style>{large}</style><style>{small}</style>"), YAHOO).html


def test_gmail_reads_no_styles_in_the_body() -> None:
    simulated = simulate(mail("<style>p{color:red}</style><p>a</p>"), GMAIL)
    assert "color:red" not in simulated.html
    assert found(simulated, "html-style").note == "only in the head"


# --- the list


def test_a_loss_says_what_where_and_since_when() -> None:
    html = mail('<p>\n</p><table><tr><td class="b c"><p style="opacity:0.5">Some text</p></td></tr></table>' * 5)
    removed = found(simulate(html, OUTLOOK), "css-opacity")
    assert (removed.title, removed.what, removed.written) == ("opacity", "property", "opacity: 0.5")
    assert (removed.count, len(removed.places), removed.support, removed.tested) == (5, 3, "no", "2019")
    assert removed.url == "https://www.caniemail.com/features/css-opacity/"
    assert [place.line for place in removed.places] == [2, 3, 4]
    assert (removed.places[0].path, removed.places[0].near) == ("tr > td.b > p", "Some text")


def test_a_place_in_a_stylesheet_has_its_line_and_selector() -> None:
    removed = found(simulate(mail("", "<style>\np{color:red}\n.x{opacity:0}\n</style>"), OUTLOOK), "css-opacity")
    assert [(place.line, place.path) for place in removed.places] == [(3, ".x")]


def test_what_is_supported_in_part_stays_and_is_listed() -> None:
    simulated = simulate(mail('<table><tr><td style="padding:4px">a</td></tr></table>'), OUTLOOK)
    assert "padding:4px" in simulated.html
    assert found(simulated, "css-padding").support == "partly"  # "buggy" beside other cells, which nothing can decide


def test_what_a_condition_does_not_touch_is_not_listed() -> None:
    removed = simulate(mail('<p style="border-radius:4px">a</p>'), YAHOO).removed
    assert [one.feature for one in removed if one.what == "property"] == []
    removed = simulate(mail('<p style="border-radius:4px / 8px">a</p>'), YAHOO).removed
    assert [(one.feature, one.note) for one in removed] == [("css-border-radius", "not with a slash")]


def test_vml_is_said_to_be_drawn_as_boxes() -> None:
    html = mail("<!--[if mso]><v:roundrect><w:anchorlock/><center>a</center></v:roundrect><![endif]-->")
    assert simulate(html, OUTLOOK).notes == ("VML is drawn as plain boxes: 1",)
    assert simulate(html, GMAIL).notes == ()


def test_it_says_whose_and_of_when_it_is(sample_mail: str) -> None:
    simulated = simulate(sample_mail, GMAIL)
    assert (simulated.client, simulated.date) == (GMAIL, data_date())


# --- whole mails


def words(html: str) -> str:
    root = parsed(html).root
    for element in [one for one in root.iter() if not isinstance(one.tag, str) or one.tag in ("style", "title", "xml")]:
        element.drop_tree()
    return " ".join(root.text_content().split())


@pytest.mark.parametrize("client", daily(CLIENTS))
def test_no_text_is_lost_and_no_mail_fails(mails: Mails, sample_mail: str, client: Client) -> None:
    for html in (sample_mail, *(each for each, _ in mails)):
        simulated = simulate(html, client)
        assert words(simulated.html) == words(mso.taken(html) if client.mso else html)
        assert simulated.html.startswith("<!doctype html><html")
        assert simulate(html, client) == simulated


def test_the_themes_lose_nothing_in_apple_mail(mails: Mails) -> None:
    lost = {one.feature for html, _ in mails for one in simulate(html, find_client("apple-mac")).removed}
    assert lost == {"css-word-break"}  # supported in part: break-word acts as break-all


def test_what_a_client_shows_loses_nothing_the_second_time(mails: Mails) -> None:
    for key in ("gmail-android", "outlook-com", "apple-iphone", "yahoo-web"):
        once = simulate(mails[0][0], find_client(key))
        twice = simulate(once.html, find_client(key))
        assert [one for one in twice.removed if one.support == "no"] == [], key


SOUP = st.lists(
    st.sampled_from(
        ["<p", "<table><tr>", "</td>", ' style="', '"', "color:red;", "{", "}", "@media ", "(", ")", "<style>",
         "</style>", "<!--[if mso]>", "<![endif]-->", "<!--", "-->", "<!doctype html>", "<html", "<body ", ">", "a",
         "url(", "\\", "/*", ":not(", "<svg>", "<v:rect>", "&amp;", "&#0;", "\x00", "é", "\ud800", "<?xml version='1.0'?>",
         "<head>", "<frameset>", "!important", "rgb(", "0,", "[", "]", "bgcolor=", "#12", "<template>", "\n"]
    ) | st.text(max_size=6),
    max_size=40,
).map("".join)  # fmt: skip


@given(SOUP, st.sampled_from(CLIENTS))
def test_no_html_is_too_odd(html: str, client: Client) -> None:
    assert "<body" in simulate(html, client).html


def test_deep_html_does_not_fail() -> None:
    assert "end" in simulate("<div>" * 1000 + "end", OUTLOOK).html


# --- as a browser shows it

STYLES = """() => [...document.body.querySelectorAll('*')].map(e => {
  const s = getComputedStyle(e);
  return [e.localName, s.borderTopLeftRadius, s.backgroundImage, e.localName === 'table' ? 'none' : s.maxWidth];
})"""


@pytest.mark.browser
def test_classic_outlook_shows_neither_round_corners_nor_grounds_of_pictures(mails: Mails, page: Page) -> None:
    page.set_content(mails[0][0])
    assert any(radius != "0px" for _, radius, *_ in page.evaluate(STYLES))
    page.set_content(simulate(mails[0][0], OUTLOOK).html)
    assert {tuple(values[1:]) for values in page.evaluate(STYLES)} == {("0px", "none", "none")}


@pytest.mark.browser
def test_classic_outlook_shows_what_stands_in_its_comments(sample_mail: str, page: Page) -> None:
    page.set_content(sample_mail)
    assert page.locator("table.side-outlook").count() == 0
    page.set_content(simulate(sample_mail, OUTLOOK).html)
    boxes = [box for each in page.locator("table.side-outlook").all() if (box := each.bounding_box())]
    assert boxes and {box["width"] for box in boxes} == {600}


@pytest.mark.browser
def test_gmail_with_another_account_shows_the_inline_styles_only(mails: Mails, page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    html = simulate(mails[0][0], find_client("gmail-guest")).html
    page.set_content(html)
    assert page.evaluate("[...document.styleSheets].reduce((n, sheet) => n + sheet.cssRules.length, 0)") == 0
    assert page.evaluate("document.body.firstElementChild.localName") == "u"
