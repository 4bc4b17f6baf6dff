"""What readers with a keyboard, a screen reader, a large finger or no pictures meet, in every theme."""

from __future__ import annotations

import dataclasses

import pytest
from access import faults
from conftest import NOT_THERE, Mails, Show
from playwright.sync_api import Page

from newsletter.render.pipeline import render
from newsletter.render.rehearsal import editions
from newsletter.render.theme import Theme
from newsletter.services.plain import SERVICE

MAIL_ONLY = {
    # A mail program shows the mail within a page of its own, and that page has the landmarks. The mail is an
    # article there (role="article", named after its subject): a main of its own would be a second one.
    "landmark-one-main": {"enabled": False},
    "region": {"enabled": False},
}


WINDOWS = {
    "ltr": [(1280, "light"), (375, "dark")],
    "rtl": [(1280, "light"), (375, "dark")],
    "ltr, the other way round": [(1280, "dark"), (375, "light")],
}


@pytest.mark.browser
@pytest.mark.parametrize("way", [pytest.param(way, marks=pytest.mark.full if way != "ltr" else ()) for way in WINDOWS])
def test_axe_finds_nothing_in_a_full_issue(show: Show, mails: Mails, way: str) -> None:
    html, message = next(mail for mail in mails if f'dir="{way[:3]}"' in mail[0][:200])
    for document, rules in ((html, MAIL_ONLY), (message.web, {})):
        page = show(document, 1280)
        assert page.evaluate("[...document.images].length > 1 && [...document.images].every(i => !i.naturalWidth)")
        for width, scheme in WINDOWS[way]:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            assert faults(page, rules) == []


@pytest.mark.full
@pytest.mark.browser
def test_axe_finds_nothing_in_an_issue_of_little(show: Show, mails: Mails) -> None:
    little = [mail for mail in mails if len(mail[1].edition.items) == 1]
    assert len(little) > 8
    for html, message in little[::3]:  # the layouts differ less from each other than from the full issue
        for document, rules in ((html, MAIL_ONLY), (message.web, {})):
            page = show(document, 375, "dark")
            assert faults(page, rules) == []


@pytest.mark.full
@pytest.mark.browser
def test_axe_finds_nothing_in_an_issue_of_many(show: Show, theme: Theme) -> None:
    """With contents and ways back to the top. Of sixty items in each section six say it all."""
    many = next(each for each in editions(theme) if len(each.items) > 60)
    sections = tuple(dataclasses.replace(section, items=section.items[:6]) for section in many.sections)
    message = render(dataclasses.replace(many, sections=sections), theme, pictures=NOT_THERE)
    for document, rules in ((SERVICE.fill(message).html, MAIL_ONLY), (message.web, {})):
        assert faults(show(document, 375), rules) == []


@pytest.mark.browser
def test_axe_is_asked(page: Page) -> None:
    page.set_content('<html lang=en><title>t</title><main><h1>a</h1><p style="color:#aaa">b<img src=c></p></main>')
    found = faults(page, {})
    assert {fault.partition(":")[0] for fault in found} == {"color-contrast", "image-alt"}


TARGETS = """() => {
  const size = r => Math.min(r.right - r.left, r.bottom - r.top);
  const union = (a, b) => ({left: Math.min(a.left, b.left), right: Math.max(a.right, b.right),
                            top: Math.min(a.top, b.top), bottom: Math.max(a.bottom, b.bottom)});
  const targets = [...document.querySelectorAll('a[href]')].filter(e => e.checkVisibility() && e.getClientRects().length);
  const boxes = targets.map(e => [e, ...e.querySelectorAll('*')].flatMap(n => [...n.getClientRects()])
    .filter(r => r.width && r.height).reduce(union));
  const inSentence = e => {
    if (getComputedStyle(e).display !== 'inline') return false;
    let block = e.parentElement;
    while (getComputedStyle(block).display === 'inline') block = block.parentElement;
    const copy = block.cloneNode(true);
    copy.querySelectorAll('a').forEach(a => a.remove());
    return /\\p{L}/u.test(copy.textContent);
  };
  const centre = r => [(r.left + r.right) / 2, (r.top + r.bottom) / 2];
  const near = ([x, y], r) => Math.hypot(x - Math.min(Math.max(x, r.left), r.right), y - Math.min(Math.max(y, r.top), r.bottom)) < 12;
  const clash = (one, other) => {
    if (near(centre(one), other)) return true;
    const [[x, y], [u, v]] = [centre(one), centre(other)];
    return size(other) < 24 && Math.hypot(x - u, y - v) < 24;
  };
  return [targets.length, targets.filter((e, i) => size(boxes[i]) < 23.99 && !inSentence(e)
      && boxes.some((box, j) => j !== i && clash(boxes[i], box)))
    .map(e => `${e.outerHTML.slice(0, 120)} ${e.getBoundingClientRect().width} x ${e.getBoundingClientRect().height}`)];
}"""
"""The number of links, and those that WCAG 2.2, 2.5.8 Target Size (Minimum) finds too small: under 24 by 24 CSS
pixels, not in a sentence, and a circle of 24 pixels around their middle meets another link or its circle."""


SMALL = '<a href="#" style="display:inline-block;width:{}px;height:{}px">x</a>'


@pytest.mark.browser
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (SMALL.format(24, 24) * 2, 0),
        (SMALL.format(10, 30) * 2, 2),
        (SMALL.format(10, 30) + " " * 80 + SMALL.format(10, 30), 2),
        (SMALL.format(10, 30) + "&nbsp;" * 8 + SMALL.format(10, 30), 0),
        (SMALL.format(10, 30) + SMALL.format(30, 30), 1),  # its circle meets the large one
        (SMALL.format(10, 10), 0),
        ('<a href="#">x</a> · <a href="#">y</a>', 2),
        ('see <a href="#">x</a>, <a href="#">y</a>', 0),
        ('<ul><li>see</li><li style="line-height:16px"><a href="#">x</a></li><li><a href="#">y</a></li></ul>', 2),
    ],
)
def test_small_links_are_found(page: Page, html: str, expected: int) -> None:
    page.set_content(f'<!doctype html><body style="font:16px/18px sans-serif">{html}')
    count, small = page.evaluate(TARGETS)
    assert count == html.count("<a ")
    assert len(small) == expected


@pytest.mark.browser
@pytest.mark.parametrize("width", [375, 1280])
def test_links_are_large_enough_to_tap(show: Show, mails: Mails, width: int) -> None:
    for html, message in mails[:2] + mails[-1:]:
        for document in (html, message.web):
            count, small = show(document, width).evaluate(TARGETS)
            assert count >= (12 if len(message.edition.items) > 1 else 1)
            assert small == []
