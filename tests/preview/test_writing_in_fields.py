"""Fields that save themselves: nothing typed is lost, taken back under the hand, or written where it was not meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import Serve, Serving, Visit, git, mail, publication, serve, serving, visit  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

ISSUE = "issues/2020-03.yaml"
FRENCH = """\
  translations:
    fr: {title: Une boulangerie devient une coopérative, summary: Douze boulangers.}
"""


def saved(page: Page) -> None:
    """Wait until all that was done is in the files."""
    expect(page.locator("#saving")).to_have_text("Saved")


def has(path: Path, text: str) -> bool:
    return text in path.read_text("utf-8")


def french(root: Path) -> None:
    """Give the publication a French edition, with one item."""
    publication, archive = root / "newsletter.yaml", root / "archive/2020/2020-03.yaml"
    words = publication.read_text("utf-8").replace("letter/{issue}", "letter/{language}/{issue}")
    publication.write_text(words + "languages: [en, fr]\n", "utf-8")
    text = archive.read_text("utf-8")
    address = "  url: https://coop.example.org/news/bakery\n"
    assert address in text
    archive.write_text(text.replace(address, address + FRENCH), "utf-8")


def test_a_pause_after_a_word_keeps_the_space(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    subject, editorial = page.get_by_label("Subject", exact=True), page.get_by_label("Editorial")
    subject.fill("")
    subject.press_sequentially("Bread ")
    expect(page.locator("#title")).to_have_text("Bread")  # the page was told anew
    subject.press_sequentially("for all")
    expect(page.locator("#title")).to_have_text("Bread for all")
    editorial.press_sequentially("Dear all,\n\n")
    expect(mail(page).get_by_text("Dear all,")).to_be_visible()
    editorial.press_sequentially("spring.")
    expect(mail(page).get_by_text("spring.")).to_be_visible()
    expect(editorial).to_have_value("Dear all,\n\nspring.")
    expect(page.locator("#sheet")).to_be_hidden()


def test_typing_while_everything_is_told_anew_is_no_conflict(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    subject = page.get_by_label("Subject", exact=True)
    text = "A subject"
    subject.fill(text)
    for number in range(12):
        (publication / "newsletter.yaml").touch()
        subject.press_sequentially(f" {number}", delay=20)
        text += f" {number}"
        page.wait_for_timeout([40, 480, 510, 560][number % 4])
    expect(page.locator("#title")).to_have_text(text)
    expect(subject).to_have_value(text)
    expect(page.locator("#sheet")).to_be_hidden()


@pytest.mark.parametrize("mine", [pytest.param(False, marks=pytest.mark.full), True])
def test_after_a_conflict_one_writes_on(serving: Serving, visit: Visit, publication: Path, mine: bool) -> None:
    issue = publication / ISSUE
    issue.write_text(issue.read_text("utf-8") + "subject: At first\n", "utf-8")
    page = visit(serving, "/issue/2020-03")
    subject = page.get_by_label("Subject", exact=True)
    expect(subject).to_have_value("At first")
    subject.fill("Mine")
    issue.write_text(issue.read_text("utf-8").replace("At first", "Theirs"), "utf-8")
    page.get_by_role("button", name="Put mine in its place" if mine else "Keep what is in the file").click()
    expect(page.locator("#title")).to_have_text("Mine" if mine else "Theirs")
    expect(subject).to_have_value("Mine" if mine else "Theirs")
    subject.press("End")
    subject.press_sequentially(", longer")
    expect(page.locator("#title")).to_have_text("Mine, longer" if mine else "Theirs, longer")
    expect(page.locator("#sheet")).to_be_hidden()


def test_what_was_typed_last_outlives_the_page(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    page.get_by_label("Subject", exact=True).fill("Typed, and left at once")
    page.reload()
    expect(page.locator("#title")).to_have_text("Typed, and left at once")
    page.get_by_label("Subject", exact=True).fill("Once more")
    page.locator("a.home").click()
    expect(page.get_by_text("Once more")).to_be_visible()
    assert has(publication / ISSUE, "subject: Once more")


@pytest.mark.full
def test_what_was_refused_says_so_and_stays(serving: Serving, visit: Visit, publication: Path) -> None:
    issue = publication / ISSUE
    good = issue.read_text("utf-8")
    page = visit(serving, "/issue/2020-03")
    subject = page.get_by_label("Subject", exact=True)
    expect(page.locator("#title")).to_have_text(re.compile("Coop"))
    issue.write_text(good + "lead: [\n", "utf-8")
    expect(page.locator("mistake-panel")).to_be_visible()
    subject.fill("Typed meanwhile")
    expect(page.locator("#saving")).to_have_text("Not saved")
    expect(page.locator(".field.unsaved input")).to_have_value("Typed meanwhile")
    issue.write_text(good, "utf-8")
    expect(page.locator("mistake-panel")).to_be_hidden()
    subject.blur()
    saved(page)
    expect(page.locator(".field.unsaved")).to_have_count(0)
    assert has(issue, "subject: Typed meanwhile")


@pytest.mark.full
def test_a_preview_begun_anew_takes_what_its_old_page_writes(
    serve: Serve, chromium_browser: Browser, publication: Path
) -> None:
    first = serve(publication)
    context = chromium_browser.new_context()
    page = context.new_page()
    page.goto(first.address + "/issue/2020-03")
    expect(page.locator("#title")).to_have_text(re.compile("Coop"))
    first.end()
    serve(publication, "--port", first.address.rpartition(":")[2])
    page.get_by_label("Subject", exact=True).fill("After the pause")
    expect(page.locator("#title")).to_have_text("After the pause")
    assert has(publication / ISSUE, "subject: After the pause")
    context.close()


@pytest.mark.full
def test_a_title_that_is_typed_back_is_the_archives(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    mail(page).get_by_role("heading", name="Housing cooperatives meet").click()
    field = page.locator(".pointed textarea")
    field.fill("Another title")
    expect(mail(page).get_by_role("heading", name="Another title")).to_be_visible()
    field.fill("Housing cooperatives meet in Lyon")
    expect(mail(page).get_by_role("heading", name="Housing cooperatives meet in Lyon")).to_be_visible()
    assert git(publication, "diff") == ""


@pytest.mark.full
def test_what_is_taken_back_is_not_shown_on(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    page.locator(".item", has_text="Housing cooperatives").dblclick()
    page.locator("#sheet").get_by_label("Title").first.fill("Another title")
    expect(mail(page).get_by_role("heading", name="Another title")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(mail(page).get_by_role("heading", name="Housing cooperatives meet in Lyon")).to_be_visible()
    expect(page.locator("#sheet")).to_be_hidden()
    assert git(publication, "diff") == ""


def test_in_an_edition_its_own_language_is_written(serving: Serving, visit: Visit, publication: Path) -> None:
    french(publication)
    page = visit(serving, "/issue/2020-03?language=fr")
    mail(page).get_by_role("heading", name="Une boulangerie").click()
    page.locator(".pointed textarea").fill("Le pain est à tous")
    expect(mail(page).get_by_role("heading", name="Le pain est à tous")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".item", has_text="Le pain est à tous").dblclick()
    expect(page.locator("#sheet").get_by_label("Title").first).to_have_value("Le pain est à tous")
    page.keyboard.press("Escape")
    mail(page).get_by_role("heading", name="News", exact=True).click()
    page.locator(".pointed input").fill("Actualités")
    expect(mail(page).get_by_role("heading", name="Actualités")).to_be_visible()
    page.keyboard.press("Escape")
    saved(page)
    other = visit(serving, "/issue/2020-03")
    expect(mail(other).get_by_role("heading", name="A bakery becomes a cooperative")).to_be_visible()
    expect(mail(other).get_by_role("heading", name="News", exact=True)).to_be_visible()


@pytest.mark.full
def test_a_layout_is_chosen_twice(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    page.get_by_role("button", name="What to do with the section News").click()
    page.get_by_role("menuitem", name="Heading, layout").click()
    for name in ("list", "quote"):
        page.locator(f"#sheet input[value={name}]").click()
        expect(page.locator("[data-anchor=news] header .hint")).to_have_text(name)
    assert has(publication / ISSUE, "layout: quote")


def test_a_date_is_typed(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.get_by_text("Number, date, theme").click()
    page.locator("issue-outline input[type=date]").focus()
    page.keyboard.type("03302020", delay=30)
    page.keyboard.press("Tab")
    expect(mail(page).get_by_text("March 30, 2020").first).to_be_visible()
    assert [each for each in sent if '"value":"0' in each or '"value":""' in each] == []
    number = page.get_by_label("Number", exact=True)
    number.fill("4.5")
    number.blur()
    expect(page.locator(".field.unsaved input[type=number]")).to_have_value("4.5")
    assert "4.5" not in "".join(sent)


@pytest.mark.full
def test_a_press_too_many_adds_nothing_twice(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    page.locator(".item", has_text="Housing cooperatives").dblclick()
    page.locator("#sheet summary", has_text="Comments").click()
    page.locator("#sheet").get_by_label("A comment for a colleague").fill("Is this the right day?")
    page.get_by_role("button", name="Add", exact=True).evaluate("button => { button.click(); button.click(); }")
    expect(page.locator(".item", has_text="Housing cooperatives").locator(".marks")).to_have_text("1 comment")
    saved(page)
    assert (publication / ISSUE).read_text("utf-8").count("Is this the right day?") == 1


def test_the_hand_stays_where_it_was(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    rows = page.locator("[data-anchor=news] .item")
    gone = rows.first.get_attribute("data-item")
    rows.first.focus()
    page.keyboard.press("Delete")
    expect(rows).to_have_count(1)
    expect(rows.first).to_be_focused()
    assert gone
    page.get_by_text("Left out (1)").click()
    page.get_by_role("button", name="What to do with the section News").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Heading, layout")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Down")).to_be_focused()
    # a colleague saves: the menu stays, and so does what is unfolded
    issue = publication / ISSUE
    issue.write_text(issue.read_text("utf-8") + "subject: A colleague's\n", "utf-8")
    expect(page.locator("#title")).to_have_text("A colleague's")
    page.keyboard.press("Enter")
    expect(page.locator(".part[data-anchor]").last).to_have_attribute("data-anchor", "news")
    expect(page.get_by_role("button", name="What to do with the section News")).to_be_focused()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()


@pytest.mark.full
def test_a_double_click_puts_an_item_in(serving: Serving, visit: Visit) -> None:
    page = visit(serving, "/issue/2020-03")
    page.locator(".entry", has_text="A new roof").dblclick()
    expect(page.locator("[data-anchor=news] .item", has_text="A new roof")).to_be_visible()
    expect(page.locator(".entry.here", has_text="A new roof")).to_be_visible()


def test_an_issue_without_an_item_gets_one(serving: Serving, visit: Visit, publication: Path) -> None:
    issue = publication / "issues/2020-05.yaml"
    issue.write_text("number: 3\ndate: 2020-05-31  # the last day\n", "utf-8")
    page = visit(serving, "/issue/2020-05")
    expect(page.locator("mistake-panel")).to_be_visible()
    expect(page.locator("issue-outline")).to_contain_text("nothing to show")
    page.locator(".entry", has_text="A new roof").dblclick()
    expect(page.locator("[data-anchor=news] .item", has_text="A new roof")).to_be_visible()
    expect(page.locator("mistake-panel")).to_be_hidden()
    expect(page.get_by_label("Subject", exact=True)).to_be_visible()
    assert has(issue, "date: 2020-05-31  # the last day")


@pytest.mark.full
def test_made_up_content_is_not_edited(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03?data=arabic")
    expect(page.locator("#outline")).to_have_attribute("inert", "")
    page.locator("archive-list .window").focus()
    page.locator(".entry", has_text="A new roof").dblclick()
    expect(page.locator("#toast")).to_contain_text("made up")
    assert git(publication, "diff") == ""
    page.get_by_role("button", name="More").click()
    page.get_by_label("Content").select_option("")
    expect(page.locator("#outline")).not_to_have_attribute("inert", "")
    panel, button = page.locator("#more").bounding_box(), page.get_by_role("button", name="More").bounding_box()
    assert panel
    assert button
    assert panel["y"] >= button["y"] + button["height"]  # it stays below its button when it is drawn anew
