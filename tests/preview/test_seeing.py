"""What the page shows, and that it follows every file: the real program, a real browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from access import faults
from conftest import ROOT
from PIL import Image
from playwright.sync_api import Page, expect
from serving import Serve, Serving, Visit, mail, publication, serve, serving, visit  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def scrolled(page: Page) -> int:
    return int(page.evaluate("document.querySelector('mail-frame iframe').contentWindow.scrollY"))


def test_every_file_shows_without_a_reload(serve: Serve, publication: Path, visit: Visit) -> None:
    shutil.copytree(ROOT / "templates/classic", publication / "templates/ours")
    (publication / "newsletter.yaml").write_text(
        (publication / "newsletter.yaml").read_text("utf-8") + "theme: {name: ours, tokens: {masthead: '#224466'}}\n",
        "utf-8",
    )
    Image.new("RGB", (800, 450), "#884422").save(publication / "bakery.png")
    edit(
        publication / "archive/2020/2020-03.yaml",
        "  url: https://coop.example.org/news/bakery\n",
        "  url: https://coop.example.org/news/bakery\n  image: {src: bakery.png, alt: Bread}\n",
    )
    serving = serve(publication)
    page = visit(serving, "/issue/2020-03", height=500)
    expect(mail(page).get_by_role("heading", name="A bakery becomes a cooperative")).to_be_visible()
    page.evaluate("window.stays = true")
    page.evaluate("document.querySelector('mail-frame iframe').contentWindow.scrollTo(0, 300)")
    was = scrolled(page)
    assert was > 100

    edit(publication / "archive/2020/2020-03.yaml", "Twelve bakers", "Thirteen bakers")
    expect(mail(page).get_by_text("Thirteen bakers")).to_be_attached()
    edit(publication / "issues/2020-03.yaml", "number: 1", "number: 77")
    expect(mail(page).get_by_text("No. 77").first).to_be_attached()
    edit(publication / "newsletter.yaml", "News of a small federation", "News of a large federation")
    expect(mail(page).get_by_text("News of a large federation").first).to_be_attached()
    edit(publication / "newsletter.yaml", "#224466", "#662244")
    expect(mail(page).locator("[style*='#662244'], [bgcolor='#662244']").first).to_be_attached()
    word = "<mj-section><mj-column><mj-text>A word of the theme</mj-text></mj-column></mj-section>"
    edit(publication / "templates/ours/email.mjml", "</mj-body>", f"{word}</mj-body>")
    expect(page.locator("mistake-panel")).to_have_text("")
    expect(mail(page).get_by_text("A word of the theme")).to_be_attached()
    before = mail(page).get_by_alt_text("Bread").get_attribute("src")
    Image.new("RGB", (800, 450), "#228844").save(publication / "bakery.png")
    expect(mail(page).get_by_alt_text("Bread")).not_to_have_attribute("src", before or "")
    assert page.evaluate("stays")
    assert scrolled(page) == was


def test_a_mistake_stands_over_the_last_good_frame(serving: Serving, visit: Visit) -> None:
    page = visit(serving, "/issue/2020-03")
    expect(mail(page).get_by_role("heading", name="A bakery becomes a cooperative")).to_be_visible()
    issue = serving.root / "issues/2020-03.yaml"
    edit(issue, "select:\n", "lead: no-such-item\nselect:\n")
    panel = page.locator("mistake-panel")
    expect(panel).to_contain_text("issues/2020-03.yaml:3:7")
    expect(panel).to_contain_text("no-such-item")
    expect(panel.locator("pre .here")).to_contain_text("3lead: no-such-item")
    expect(panel.locator(".caret")).to_have_text(re.compile(r"^ {6}\^"))
    expect(mail(page).get_by_role("heading", name="A bakery becomes a cooperative")).to_be_visible()
    edit(issue, "lead: no-such-item\n", "")
    expect(panel).to_be_hidden()
    edit(serving.root / "archive/2020/2020-03.yaml", "category: News", "category: [News")
    expect(panel).to_contain_text("archive/2020/2020-03.yaml:")
    edit(serving.root / "archive/2020/2020-03.yaml", "category: [News", "category: News")
    expect(panel).to_be_hidden()
    edit(serving.root / "newsletter.yaml", "sender:", "sendre:")
    expect(panel).to_contain_text("newsletter.yaml:9:1")
    edit(serving.root / "newsletter.yaml", "sendre:", "sender:")
    expect(panel).to_be_hidden()


def test_looks(serving: Serving, visit: Visit) -> None:
    page = visit(serving, "/issue/2020-03", scheme="dark")
    ground = "body => getComputedStyle(body.querySelector('td, div') && [...body.querySelectorAll('*')].find(e => getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)')).backgroundColor"
    seen = {}
    for look in ("light", "dark", "full", "part"):
        page.select_option("[data-tool=look]", look)
        expect(page.locator(".pane")).to_have_attribute("data-look", look)
        expect(mail(page).get_by_text("Twelve bakers")).to_be_visible()
        page.wait_for_timeout(300)
        seen[look] = mail(page).locator("body").evaluate(ground)
    assert len(set(seen.values())) >= 2, seen
    page.select_option("[data-tool=look]", "light")
    page.locator("[data-tool=more]").click()
    page.get_by_label("Without <style>").check()
    expect(mail(page).locator("style")).to_have_count(1)  # the look's own
    page.get_by_label("Without <style>").uncheck()
    page.get_by_role("button", name="As usual").click()
    page.keyboard.press("Escape")

    page.select_option("[data-tool=client]", "gmail-web")
    expect(page.locator("size-bar")).to_contain_text("Gmail, web:")
    page.locator("size-bar button", has_text="Gmail, web:").click()
    expect(page.locator("#sheet")).to_contain_text("From the data of caniemail as of 20")
    page.keyboard.press("Escape")
    page.select_option("[data-tool=client]", "")

    page.get_by_text("Both", exact=True).click()
    expect(page.locator(".pane")).to_have_count(2)
    assert mail(page, 1).locator("html").evaluate("html => html.clientWidth") == 375
    for kind, text in {"Text": "Twelve bakers", "Web": "Twelve bakers", "Source": "<!doctype html>"}.items():
        page.locator(".segments.kind").get_by_text(kind, exact=True).click()
        expect(mail(page).locator("body")).to_contain_text(text, ignore_case=True)
    page.locator(".segments.kind").get_by_text("Inbox", exact=True).click()
    expect(page.locator(".inbox .line")).to_have_count(6)
    expect(page.locator(".inbox")).to_contain_text("Coop Letter No. 1, March 2020")


def test_without_images_their_words_show(serving: Serving, visit: Visit) -> None:
    Image.new("RGB", (800, 450), "#884422").save(serving.root / "bakery.png")
    edit(
        serving.root / "archive/2020/2020-03.yaml",
        "  url: https://coop.example.org/news/bakery\n",
        "  image: {src: bakery.png, alt: Bread on a table}\n",
    )
    page = visit(serving, "/issue/2020-03")
    picture = mail(page).get_by_alt_text("Bread on a table")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.locator("[data-tool=more]").click()
    page.get_by_label("Without images").check()
    page.wait_for_timeout(500)
    expect(picture).to_be_attached()
    assert picture.evaluate("image => image.naturalWidth") == 0


def test_awkward_content_and_comparing(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    page.locator("[data-tool=more]").click()
    for data, text in {
        "one": "A bakery",
        "empty": "beekeeper",
        "long": "eleven housing",
        "bare": "A bakery",
        "many": "A bakery",
        "arabic": "تعاونية",
    }.items():
        page.select_option("[data-tool=data]", data)
        expect(mail(page).locator("body")).to_contain_text(text)
    expect(mail(page).locator("html")).to_have_attribute("dir", "rtl")
    for theme in ("letter", "magazine"):
        page.select_option("[data-tool=theme]", theme)
        expect(mail(page).locator("body")).to_contain_text("تعاونية")
    page.get_by_role("button", name="As usual").click()
    assert (publication / "issues/2020-03.yaml").read_text("utf-8").count("theme") == 0
    page.select_option("[data-tool=compare]", "build")
    expect(page.locator(".pane")).to_have_count(2)
    expect(mail(page, 1).locator("body")).to_contain_text("has not been built")
    (publication / "issues/2020-02.yaml").write_text("date: 2020-02-28\n", "utf-8")
    page.select_option("[data-tool=compare]", "2020-02")
    expect(mail(page, 1).get_by_role("heading", name="A new roof for the mill")).to_be_attached()


def test_two_tabs_are_in_step(serving: Serving, visit: Visit) -> None:
    one, other = visit(serving, "/issue/2020-03"), visit(serving, "/issue/2020-03")
    one.get_by_label("Preheader").fill("Seen by both")
    expect(other.get_by_label("Preheader")).to_have_value("Seen by both")
    # both begin with the same, and write something else: nobody's words vanish unseen
    other.get_by_label("Preheader").focus()
    one.get_by_label("Preheader").fill("Mine alone")
    other.keyboard.type(" and more")
    expect(other.locator("#sheet")).to_contain_text("Changed by someone else meanwhile")
    expect(other.locator("#sheet")).to_contain_text("Mine alone")
    other.get_by_role("button", name="Put mine in its place").click()
    expect(one.get_by_label("Preheader")).to_have_value(re.compile("and more"))


def test_a_new_issue_from_the_first_page(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".card iframe").content_frame.get_by_text("A bakery becomes").first).to_be_attached()
    page.get_by_role("button", name="New issue").click()
    page.get_by_label("Which items").select_option("2020-02")
    page.get_by_role("button", name="Begin it").click()
    expect(mail(page).get_by_role("heading", name="A new roof for the mill")).to_be_visible()
    assert "number: 2" in (publication / "issues/2020-02.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1360, "light"),
        (375, "dark"),
        pytest.param(1360, "dark", marks=pytest.mark.full),
        pytest.param(375, "light", marks=pytest.mark.full),
    ],
)
def test_axe_finds_nothing(serving: Serving, visit: Visit, width: int, scheme: str) -> None:
    page = visit(serving, "/", width=width, scheme=scheme)
    expect(page.locator(".card")).to_have_count(1)
    assert faults(page, {}, "iframe") == []
    page = visit(serving, "/issue/2020-03", width=width, scheme=scheme)
    expect(mail(page).get_by_text("Twelve bakers")).to_be_visible()
    assert faults(page, {}, "iframe") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width < 900:
        page.get_by_role("button", name="Issue", exact=True).click()
    page.locator("[data-anchor=news] .dots").first.click()
    assert faults(page, {}, "iframe") == []
    page.get_by_role("menuitem", name="Heading, layout").click()
    expect(page.locator("#sheet")).to_be_visible()
    assert faults(page, {}, "iframe") == []
    page.keyboard.press("Escape")
    page.locator(".item", has_text="A bakery").first.dblclick()
    expect(page.locator("#sheet")).to_contain_text("In this issue only")
    page.locator("#sheet summary").first.click()
    assert faults(page, {}, "iframe") == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert faults(page, {}, "iframe") == []
    page.keyboard.press("Escape")
    if width < 900:
        page.get_by_role("button", name="Archive", exact=True).click()
        assert faults(page, {}, "iframe") == []
    edit(serving.root / "issues/2020-03.yaml", "number: 1", "number: one")
    expect(page.locator("mistake-panel")).to_be_visible()
    assert faults(page, {}, "iframe") == []
