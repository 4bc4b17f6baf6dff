"""What was acknowledged is in the files: when the server is killed, started anew, and when fingers or languages differ."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
import urllib.error
from http.client import HTTPException
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from serving import Serve, Serving, Visit, mail, publication, serve, serving, visit  # noqa: F401 - fixtures

from newsletter import yamlfile


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.full)])
def test_killed_in_the_middle_of_saving(serve: Serve, publication: Path, kills: int) -> None:
    issue = publication / "issues/2020-03.yaml"
    begun = issue.read_bytes()
    chance = random.Random(2017)
    written = 0
    for _ in range(kills):
        serving = serve(publication)
        acknowledged: list[int] = []

        def save(serving: Serving = serving, acknowledged: list[int] = acknowledged, first: int = written) -> None:
            for number in range(first + 1, first + 200):
                body = {"changes": [{"do": "set", "key": "subject", "value": f"Subject {number}"}]}
                try:
                    status, _ = serving.ask("/api/issues/2020-03/changes", body)
                except (urllib.error.URLError, HTTPException, OSError):
                    return
                if status == 200:
                    acknowledged.append(number)

        saving = threading.Thread(target=save)
        saving.start()
        while not acknowledged:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.05, 0.4))
        serving.end(signal.SIGKILL)
        saving.join(30)
        data = yamlfile.load(issue).data
        assert isinstance(data, dict)
        now = int(str(data["subject"]).removeprefix("Subject "))
        assert now in (acknowledged[-1], acknowledged[-1] + 1)  # the one that was under way may have come through
        written = now
    serving = serve(publication)
    assert serving.told("/api/issues/2020-03")["subject"] == f"Subject {written}"
    while serving.told("/api/issues/2020-03")["undo"]:
        serving.told("/api/undo", {})
    assert issue.read_bytes() == begun
    history = serving.told("/api/history?limit=5")
    assert history[0]["state"] == "undone"
    assert "Subject" in history[0]["diff"]
    serving.told("/api/redo", {})
    assert b"Subject 1" in issue.read_bytes()


def test_what_would_be_a_mistake_is_not_saved(serving: Serving) -> None:
    before = (serving.root / "issues/2020-03.yaml").read_bytes()
    for change in (
        {"do": "section", "category": "News", "key": "limit", "value": -1},
        {"do": "set", "key": "date", "value": "2020-02-31"},
        {"do": "set", "key": "subject", "value": "Dear [[first_nme|you]]"},
        {"do": "lead", "item": "no-such-item"},
        {"do": "set", "key": "theme", "value": "no-such-theme"},
    ):
        status, answer = serving.ask("/api/issues/2020-03/changes", {"changes": [change]})
        told = json.loads(answer)
        assert status == 422, told
        assert told["problems"][0]["message"]
    assert (serving.root / "issues/2020-03.yaml").read_bytes() == before


@pytest.mark.browser
def test_the_words_of_each_language(serve: Serve, publication: Path, visit: Visit) -> None:
    (publication / "newsletter.yaml").write_text(
        (publication / "newsletter.yaml").read_text("utf-8").replace("letter/{issue}", "letter/{issue}/{language}")
        + "languages: [en, fr]\n",
        "utf-8",
    )
    serving = serve(publication)
    page = visit(serving, "/issue/2020-03")
    page.locator("[data-tool=more]").click()
    page.select_option("[data-tool=language]", "fr")
    expect(mail(page).locator("html")).to_have_attribute("lang", "fr")
    page.keyboard.press("Escape")
    page.get_by_label("Subject", exact=True).fill("Du pain pour tous")
    expect(page.locator("#title")).to_have_text("Du pain pour tous")
    expect(page.locator("#saving")).to_have_text("Saved")
    data = yamlfile.load(publication / "issues/2020-03.yaml").data
    assert isinstance(data, dict)
    assert data["translations"] == {"fr": {"subject": "Du pain pour tous"}}
    assert "subject" not in data


@pytest.mark.browser
def test_by_finger(serving: Serving, chromium_browser: Browser, publication: Path) -> None:
    context = chromium_browser.new_context(viewport={"width": 1024, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(f"{serving.address}/issue/2020-03")
    row = page.locator("[data-anchor=news] .item", has_text="Housing cooperatives")
    expect(row).to_be_visible()
    row.scroll_into_view_if_needed()
    start = row.bounding_box()
    goal = page.locator("[data-anchor=news] .item").first.bounding_box()
    assert start
    assert goal
    touch = context.new_cdp_session(page)

    def finger(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", start["x"] + 30, start["y"] + 14)
    page.wait_for_timeout(600)  # a finger that rests takes hold
    for step in range(1, 9):
        finger("touchMove", start["x"] + 30, start["y"] + 14 + (goal["y"] + 4 - start["y"] - 14) * step / 8)
    finger("touchEnd", 0, 0)
    expect(page.locator("[data-anchor=news] .item").first).to_contain_text("Housing cooperatives")
    expect(page.locator("#saving")).to_have_text("Saved")
    assert "housing-cooperatives-meet-in-lyon" in (publication / "issues/2020-03.yaml").read_text("utf-8")
    context.close()


def test_a_date_that_someone_else_changed_is_shown(serving: Serving) -> None:
    change = {"do": "set", "key": "date", "value": "2020-04-30", "was": "2020-02-29"}
    status, answer = serving.ask("/api/issues/2020-03/changes", {"changes": [change]})
    conflict = json.loads(answer)["conflict"]
    assert (status, conflict["theirs"], conflict["yours"]) == (409, "2020-03-31", "2020-04-30")
    status, _ = serving.ask("/api/issues/2020-03/changes", {"changes": [change | {"was": conflict["theirs"]}]})
    assert status == 200
    assert "date: 2020-04-30\n" in (serving.root / "issues/2020-03.yaml").read_text("utf-8")
