"""Inlining by distinct paths gives each element what inlining the whole document gives it."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
from conftest import NOT_THERE, ROOT, Show
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.render.inline import CssInline, Inliner, Premailer, StyleCache, compact, inline
from newsletter.render.pipeline import render
from newsletter.render.rehearsal import editions
from newsletter.render.theme import Theme, find_theme

CSS = """
body { color: #222 }
h2, h3 { font-family: Georgia, 'Times New Roman', serif; margin: 0 }
h3 { font-size: 18px }
.panel h3 { font-size: 20px; mso-line-height-rule: exactly }
.panel > p { padding: 4px }
p.date { color: #666 !important }
a { color: #1a5fa8 }
a:hover { text-decoration: underline }
@media (max-width: 480px) { .panel { padding: 0 !important } }
"""

PAGE = """<!doctype html>
<html lang="en"><head><title>A <b> title</title>
<!--[if mso]><style>.x { color: red }</style><![endif]-->
<style>.panel { background: #eee } [data-ogsc] .panel { color: #fff } @font-face { font-family: F; src: url(f) }</style>
</head><body><!--[if mso]><table role="presentation"><tr><td><![endif]-->
<div class="panel unused"><h3 style="color:red">A</h3><p>Text &lt;b&gt; {{ 7*7 }} <a href="https://e.org/?a=1&amp;b={{ x }}">a</a></p>
<p class="date">1 May</p><img alt="a > b" src="x.png"><br></div>
<h3>B</h3><p class="date">2 May</p>
<!--[if mso]></td></tr></table><![endif]--></body></html>"""

INLINERS = [Premailer, CssInline]


def styles(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return tag and declarations of every element, in document order."""
    found = []
    for element in lxml_html.document_fromstring(html).iter():
        if isinstance(element.tag, str) and element.tag not in ("html", "head", "style", "title"):
            pairs = [
                part.split(":", 1)
                for part in compact(element.get("style", "").replace('"', "'")).split(";")
                if ":" in part
            ]
            found.append((element.tag, dict(pairs)))
    return found


def whole(html: str, css: str, inliner: Inliner) -> str:
    """Inline the whole document at once, as the engine would without us."""
    hidden = html.replace("<style>", '<style data-premailer="ignore" data-css-inline="ignore">')
    return inliner(hidden.replace("</head>", f"<style>{css}</style></head>", 1))


@pytest.mark.parametrize("kind", INLINERS)
def test_each_element_has_what_the_whole_document_would_give_it(kind: type[Inliner]) -> None:
    ours, theirs = styles(inline(PAGE, CSS, kind())), styles(whole(PAGE, CSS, kind()))
    assert ours == theirs
    assert ("h3", {"color": "red", "font-family": "Georgia,'Times New Roman',serif", "margin": "0",
                   "font-size": "20px", "mso-line-height-rule": "exactly"}) in ours  # fmt: skip


TAGS = ["div", "p", "h3", "td", "a", "span"]


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Draw a document of nested elements with classes of the sheet, at random."""
    chance = random.Random(draw(st.integers(0, 10**9)))

    def element(depth: int) -> str:
        tag = chance.choice(["div", "span", "section"]) if depth else chance.choice(["p", "h3", "a", "h2"])
        attributes = chance.choice(["", ' class="panel"', ' class="date panel"', ' style="margin:1px"', ' href="#x"'])
        inside = "".join(element(depth - 1) for _ in range(chance.randint(1, 3))) if depth else "text"
        return f"<{tag}{attributes}>{inside}</{tag}>"

    return f"<!doctype html><html><head></head><body>{element(3)}{element(2)}</body></html>"


@given(pages())
def test_any_nesting_is_inlined_as_a_whole_would_be(page: str) -> None:
    premailer = Premailer()
    assert styles(inline(page, CSS, premailer)) == styles(whole(page, CSS, premailer))


KNOWN = StyleCache()


@given(pages())
def test_paths_that_come_later_are_inlined_like_the_first(page: str) -> None:
    premailer = Premailer()
    assert inline(page, CSS, premailer, KNOWN) == inline(page, CSS, premailer)


def test_one_new_path_is_all_that_the_inliner_is_asked_for() -> None:
    asked: list[str] = []

    class Watched(Premailer):
        def __call__(self, html: str) -> str:
            asked.append(html)
            return super().__call__(html)

    cache = StyleCache()
    inline(PAGE, CSS, Watched(), cache)
    more = PAGE.replace("<h3>B</h3>", '<h3>B</h3><div class="panel"><h2>C</h2></div>')
    result = inline(more, CSS, Watched(), cache)
    assert styles(result) == styles(whole(more, CSS, Premailer()))
    assert asked[1].count("data-path") == 2
    assert "a:hover" in result
    inline(more, CSS, Watched(), cache)
    assert len(asked) == 2


def test_many_addresses_and_many_sheets_do_not_fill_the_memory() -> None:
    cache = StyleCache()
    links = "".join(
        f'<p><a href="https://e.org/{number}" title="{number}">x</a></p><p id="i{number}"></p>'
        for number in range(3000)
    )
    page = PAGE.replace("<h3>B</h3>", links)
    for number in range(40):
        inline(PAGE, f"{CSS} p {{ margin: {number}px }}", Premailer(), cache)
    assert len(cache.sheets) <= 16
    assert inline(page, CSS, Premailer(), cache) == inline(page, CSS, Premailer(), cache)
    (sheet,) = (sheet for sheet in cache.sheets.values() if sheet.css == CSS.strip())
    waiting, most = [sheet._root], 0
    while waiting:
        node = waiting.pop()
        most = max(most, len(node.met))
        waiting += node.children.values()
    assert 10 < most <= 500


def test_everything_else_stays_as_it_is() -> None:
    result = inline(PAGE, CSS, Premailer())
    assert result.startswith("<!doctype html>")
    for kept in (
        "[data-ogsc] .panel { color: #fff }", "@font-face { font-family: F; src: url(f) }", "<title>A <b> title</title>",
        '<!--[if mso]><table role="presentation"><tr><td><![endif]-->', "<!--[if mso]></td></tr></table><![endif]-->",
        "{{ 7*7 }}", 'href="https://e.org/?a=1&amp;b={{ x }}"', 'alt="a > b"', "&lt;b&gt;",
    ):  # fmt: skip
        assert kept in result


def test_rules_that_no_attribute_holds_stay_in_a_style() -> None:
    head = inline(PAGE, CSS, Premailer()).partition("</head>")[0]
    assert "a:hover" in head
    assert "@media (max-width: 480px)" in head
    assert "p.date" not in head


def test_classes_that_no_style_names_are_removed() -> None:
    result = inline(PAGE, CSS, Premailer())
    assert 'class="panel"' in result
    assert "unused" not in result
    assert 'class="date"' not in result


@pytest.mark.parametrize(
    "css", ["h3 + p { color: red }", "p:first-child { color: red }", "[href] { color: red }", "#a { color: red }"]
)
def test_a_sheet_that_looks_beyond_the_path_is_inlined_as_a_whole(css: str) -> None:
    page = '<html><head></head><body><p id="a">1</p><h3>x</h3><p>2</p><p><a href="#a">3</a></p></body></html>'
    premailer = Premailer()
    result = inline(page, css, premailer)
    assert styles(result) == styles(whole(page, css, premailer))
    assert result.count("color:red") == 1


def test_what_is_remembered_gives_the_same_bytes(tmp_path: Path) -> None:
    fresh = inline(PAGE, CSS, Premailer())
    inline(PAGE, CSS, Premailer(), StyleCache(tmp_path))

    class Never:
        name = Premailer().name

        def __call__(self, html: str) -> str:  # noqa: ARG002
            raise AssertionError("everything was known, and yet the inliner was asked")

    assert inline(PAGE, CSS, Never(), StyleCache(tmp_path)) == fresh


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"leftover": 3}', b"\xff\xfe", b"null"])
def test_a_spoilt_cache_is_as_good_as_none(tmp_path: Path, rubbish: bytes) -> None:
    fresh = inline(PAGE, CSS, Premailer(), StyleCache(tmp_path))
    (file,) = tmp_path.glob("styles-*.json")
    file.write_bytes(rubbish)
    assert inline(PAGE, CSS, Premailer(), StyleCache(tmp_path)) == fresh


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("color: #333; margin: 0 0 4px;", "color:#333;margin:0 0 4px"),
        ("font-family: 'A : B', serif", "font-family:'A : B',serif"),
        ("background: url(a ;b: c) ;", "background:url(a ;b: c)"),
        ("", ""),
    ],
)
def test_compact(style: str, expected: str) -> None:
    assert compact(style) == expected


# --- every theme: what a browser makes of its sheet as a <style> is what the elements have


@pytest.fixture
def with_sheet(theme: Theme, tmp_path: Path) -> Theme:
    """The same theme, but for its stylesheet: it stays a style element."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    for path in (tmp_path / "templates").glob("*/*.mjml"):
        path.write_text(path.read_text("utf-8").replace('<mj-style inline="inline">', "<mj-style>"), "utf-8")
    return find_theme(theme.name, [tmp_path / "templates"], {})


COMPUTED = """() => {
  const root = getComputedStyle(document.documentElement), names = [...root];
  const plain = names.map(name => root.getPropertyValue(name));
  return [...document.body.querySelectorAll('*')].map(e => {
    const style = getComputedStyle(e), found = [e.localName];
    names.forEach((name, index) => {
      const value = style.getPropertyValue(name);
      if (value !== plain[index]) found.push(`${name}: ${value}`);
    });
    return found;
  });
}"""
"""Of every element: its name and all that a browser computes for it, as far as it is not the root's."""
MATCHED = "selectors => [...document.body.querySelectorAll('*')].map(e => selectors.map(s => e.matches(s)))"
DECLARED = "() => [...document.body.querySelectorAll('*')].map(e => e.getAttribute('style') || '')"


@pytest.mark.full
@pytest.mark.browser
def test_every_element_of_every_theme_looks_as_its_sheet_says(show: Show, theme: Theme, with_sheet: Theme) -> None:
    for edition in list(editions(theme))[:2]:
        ours, sheet = (render(edition, each, pictures=NOT_THERE, web=False).html for each in (theme, with_sheet))
        assert len(ours.split("</head>")[0]) < len(sheet.split("</head>")[0])
        for width, scheme in ((1280, "light"), (375, "dark")):
            expected = show(sheet, width, scheme).evaluate(COMPUTED)
            found = show(ours, width, scheme).evaluate(COMPUTED)
            assert len(found) > 100
            assert found == expected


@pytest.mark.browser
def test_no_declaration_of_any_sheet_is_dropped(show: Show, theme: Theme, with_sheet: Theme) -> None:
    """Those that a browser does not know (mso-…) are on each element that their rule matches as well."""
    used: set[str] = set()
    for edition in list(editions(theme))[:2]:
        ours, sheet = (render(edition, each, pictures=NOT_THERE, web=False).html for each in (theme, with_sheet))
        (css,) = (css for css in re.findall(r"<style[^>]*>(.*?)</style>", sheet, re.DOTALL) if css.strip() not in ours)
        rules = [
            (selector.strip(), [declaration.split(":")[0].strip() for declaration in block.split(";")])
            for selectors, block in re.findall(r"([^{}]+)\{([^{}]*)\}", css)
            for selector in selectors.split(",")
        ]
        matched = show(sheet, 1280).evaluate(MATCHED, [selector for selector, _ in rules])
        declared = show(ours, 1280).evaluate(DECLARED)
        assert len(matched) == len(declared)
        for matches, style in zip(matched, declared, strict=True):
            names = {part.split(":")[0].strip() for part in style.split(";")}
            for matches_it, (selector, wanted) in zip(matches, rules, strict=True):
                if matches_it:
                    used.add(selector)
                    assert names >= set(wanted), (selector, style)
    assert len(used) > 20
