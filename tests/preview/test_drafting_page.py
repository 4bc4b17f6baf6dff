"""An officer's hour on the page: everything by mouse and keyboard, and what it leaves in the text files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from serving import Serving, Visit, git, mail, publication, serve, serving, visit  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def saved(page: Page) -> None:
    """Wait until all that was done is in the files."""
    expect(page.locator("#saving")).to_have_text("Saved")


def drag(page: Page, what: Locator, onto: Locator) -> None:
    """Drag by mouse, as a hand does: press, move in steps, let go."""
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), onto.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 40, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 20, steps=3)
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] - 3, steps=8)
    page.mouse.up()


def test_an_officers_hour(serving: Serving, visit: Visit, publication: Path) -> None:
    issue = publication / "issues/2020-03.yaml"
    issue.write_text("# The spring issue, begun by hand.\n" + issue.read_text("utf-8") + "# the end\n", "utf-8")
    begun = {path: path.read_bytes() for path in publication.rglob("*.yaml")}
    page = visit(serving, "/issue/2020-03")
    expect(page.locator("#title")).to_have_text(re.compile("Coop Letter"))

    # search, and drag from the archive into a section
    page.keyboard.press("/")
    page.keyboard.type("roof")
    entry = page.locator(".entry", has_text="A new roof")
    expect(page.locator("archive-list .hint").first).to_have_text("1 item")
    drag(page, entry, page.locator("[data-anchor=news] .items"))
    expect(page.locator("[data-anchor=news] .item", has_text="A new roof")).to_be_visible()
    expect(mail(page).get_by_role("heading", name="A new roof for the mill")).to_be_visible()
    expect(page.locator(".entry.here", has_text="A new roof")).to_be_visible()

    # by keyboard: from the list into the issue, then up
    page.locator("archive-list input[type=search]").fill("miller")
    page.keyboard.press("Enter")  # at once: it means what was typed
    row = page.locator("[data-anchor=interviews] .item", has_text="The miller speaks")
    expect(row).to_be_visible()
    row.focus()
    place = page.locator("[data-anchor=interviews] .item").all_text_contents().index(row.text_content() or "")
    page.keyboard.press("Alt+ArrowUp" if place else "Alt+ArrowDown")
    expect(page.locator("[data-anchor=interviews] .item").nth(0 if place else 1)).to_contain_text("The miller speaks")
    saved(page)

    # the lead, the words, an override
    page.locator(".item", has_text="A bakery becomes").focus()
    page.keyboard.press("l")
    expect(page.locator(".lead-part .item")).to_contain_text("A bakery becomes a cooperative")
    page.get_by_label("Subject", exact=True).fill("Bread for all: a bakery & its bakers")
    page.get_by_label("Editorial").fill("Dear [[first_name|colleague]],\n\nspring is here.")
    expect(mail(page).get_by_text("spring is here.")).to_be_visible()
    page.locator(".item", has_text="Housing cooperatives").dblclick()
    page.locator("#sheet").get_by_label("Title").first.fill("Lyon: housing cooperatives meet")
    page.keyboard.press("Escape")
    expect(mail(page).get_by_role("heading", name="Lyon: housing cooperatives meet")).to_be_visible()
    saved(page)

    # a click on a title in the mail, and its field is there
    mail(page).get_by_role("heading", name="A new roof for the mill").click()
    field = page.locator(".pointed textarea")
    expect(field).to_have_value("A new roof for the mill")
    field.fill("The mill has a new roof")
    expect(mail(page).get_by_role("heading", name="The mill has a new roof")).to_be_visible()
    page.keyboard.press("Escape")
    saved(page)

    # the theme, from pictures
    page.get_by_text("Number, date, theme").click()
    page.get_by_role("button", name="Choose a theme").click()
    page.locator(".pictures button", has_text="letter").click()
    saved(page)

    diff = git(publication, "diff", "--unified=0")
    changed = [line for line in diff.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert [line for line in changed if line.startswith("-")] == []
    text = issue.read_text("utf-8")
    assert text.startswith("# The spring issue, begun by hand.\n")
    assert "# the end\n" in text
    for wanted in (
        'subject: "Bread for all: a bakery & its bakers"',
        "lead: a-bakery-becomes-a-cooperative",
        "theme: letter",
        "a-new-roof",
        "the-miller-speaks",
        "Dear [[first_name|colleague]],",
        "The mill has a new roof",
    ):
        assert wanted in text
    others = {path: path.read_bytes() for path in publication.rglob("*.yaml") if path != issue}
    assert others == {path: data for path, data in begun.items() if path != issue}

    # all of it taken back: the same bytes
    for _ in range(40):
        if page.locator("#undo").is_disabled():
            break
        page.locator("#undo").click()
        saved(page)
        page.wait_for_timeout(80)
    assert {path: path.read_bytes() for path in publication.rglob("*.yaml")} == begun
    expect(page.locator("#undo")).to_be_disabled()
    page.locator("#redo").click()
    expect(page.locator("[data-anchor=news] .item", has_text="A new roof")).to_be_visible()


def test_a_date_is_saved_when_it_is_whole(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    page.get_by_text("Number, date, theme").click()
    field = page.locator("issue-outline input[type=date]")
    field.focus()
    page.keyboard.type("04302021")  # on its way there are the 31st of April and the year 2
    expect(page.locator("#saving")).to_have_text("Saved")
    expect(field).to_have_value("2021-04-30")
    assert "date: 2021-04-30\n" in (publication / "issues/2020-03.yaml").read_text("utf-8")
    assert [each["what"] for each in serving.told("/api/history")] == ["date"]
