"""The page in Debian's Firefox, as in Chromium: seen, followed, changed by mouse and keyboard (see ``tests/firefox.py``)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from firefox import PATIENCE, Firefox, firefox
from PIL import Image
from serving import Serve, Serving, publication, serve, serving  # noqa: F401 - fixtures

pytestmark = [pytest.mark.full, pytest.mark.browser]

MAIL = "document.querySelector('mail-frame iframe').contentDocument"
HEADING = f"[...{MAIL}.querySelectorAll('h1, h2, h3, h4')].find(each => each.textContent.includes('%s'))"
TITLES = "[...document.querySelectorAll('[data-anchor=%s] .item .what')].map(each => each.textContent)"
SHEET = "document.querySelector('#sheet').open"


def one(selector: str, text: str = "") -> str:
    """Return the expression of the first element of a selector that has ``text``."""
    return f"[...document.querySelectorAll({selector!r})].find(each => each.textContent.includes({text!r}))"


@pytest.fixture(scope="module", params=["light"])
def fox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox for these tests."""
    with firefox(tmp_path_factory.mktemp("firefox"), request.param) as running:
        yield running


Open = Callable[..., Firefox]


@pytest.fixture
def opened(fox: Firefox, serving: Serving) -> Iterator[Open]:
    """Open a page of the preview, and wait for its mail: ``opened("/issue/2020-03", width=1280)``.

    What the pages ask of anyone but the preview, and every error on the console, fails the test.
    """
    fox.asked, fox.wrong = [], []

    def open_page(path: str = "/issue/2020-03", **size: int) -> Firefox:
        fox.visit(serving.address + path, **size)
        if path.startswith("/issue/"):
            fox.wait(
                f"document.querySelector('mail-frame iframe') && {MAIL}?.body?.textContent.includes('Twelve bakers')"
            )
        return fox

    yield open_page
    fox.ask("session.status")  # whatever has been told until now is heard
    assert fox.wrong == []
    assert [address for address in fox.asked if not address.startswith((serving.address, "data:", "blob:"))] == []
    fox.visit("about:blank")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def written(fox: Firefox, path: Path, what: str) -> None:
    """Wait until it is in the file, and the page knows."""
    end = time.monotonic() + PATIENCE
    while what not in path.read_text("utf-8"):
        assert time.monotonic() < end, path.read_text("utf-8")
        time.sleep(0.05)
    fox.wait("document.querySelector('#saving').textContent", "Saved")


def test_it_follows_the_files(opened: Open, publication: Path) -> None:
    fox = opened(height=500)
    fox.value("window.stays = true")
    looks = f"(style => [style.color, style.fontFamily, style.fontSize])(getComputedStyle({HEADING % 'A bakery'}))"
    before = fox.value(looks)
    assert before[0] != "rgb(0, 0, 0)"
    fox.value("document.querySelector('mail-frame iframe').contentWindow.scrollTo(0, 300)")
    edit(publication / "archive/2020/2020-03.yaml", "Twelve bakers", "Thirteen bakers")
    fox.wait(f"{MAIL}.body.textContent.includes('Thirteen bakers')")
    assert fox.value("stays")
    assert fox.value(looks) == before
    assert fox.value("document.querySelector('mail-frame iframe').contentWindow.scrollY") == pytest.approx(300, abs=1)

    edit(publication / "issues/2020-03.yaml", "select:\n", "lead: no-such-item\nselect:\n")
    fox.wait("document.querySelector('mistake-panel').textContent.includes('issues/2020-03.yaml:3:7')")
    assert fox.value(f"{MAIL}.body.textContent.includes('Thirteen bakers')")
    edit(publication / "issues/2020-03.yaml", "lead: no-such-item\n", "")
    fox.wait("document.querySelector('mistake-panel').hidden")


def test_by_keyboard(opened: Open, publication: Path) -> None:
    issue = publication / "issues/2020-03.yaml"
    begun = issue.read_bytes()
    fox = opened()
    fox.press("/")
    fox.type("roof")
    fox.wait("document.querySelector('archive-list .hint').textContent", "1 item")
    fox.press("ArrowDown")
    fox.press("Enter")
    fox.wait(one("[data-anchor=news] .item", "A new roof"))
    fox.wait(HEADING % "A new roof for the mill")
    assert "a-new-roof" in issue.read_text("utf-8")

    fox.wait(f"{one('[data-anchor=news] .item', 'A new roof')}.focus() ?? true")
    titles = fox.value(TITLES % "news")
    place = titles.index("A new roof for the mill")
    step = -1 if place else 1
    fox.press("Alt", "ArrowUp" if place else "ArrowDown")
    fox.wait(f"({TITLES % 'news'}).indexOf('A new roof for the mill') === {place + step}")
    fox.wait("document.activeElement.textContent.includes('A new roof')")

    fox.press("s")
    fox.wait("document.activeElement.labels?.[0].textContent", "Subject")
    fox.type("Bread for all: a bakery & its bakers")
    written(fox, issue, 'subject: "Bread for all: a bakery & its bakers"')
    fox.wait("document.title.startsWith('Bread for all')")

    # all of it taken back: the same bytes
    done = (
        "fetch('/api/history').then(told => told.json()).then(all => all.filter(each => each.state === 'done').length)"
    )
    for left in reversed(range(fox.value(done))):
        fox.wait("!document.querySelector('#undo').disabled")
        fox.click("document.querySelector('#undo')")
        fox.wait(done, left)
    fox.wait("document.querySelector('#undo').disabled")
    assert issue.read_bytes() == begun


def test_by_mouse(opened: Open, publication: Path) -> None:
    fox = opened()
    first, second = fox.value(TITLES % "news")
    start, end = fox.box(one("[data-anchor=news] .item", second)), fox.box(one("[data-anchor=news] .item", first))
    hold = (start["x"] + 40, start["y"] + 12)
    fox.mouse(hold, "down", (hold[0] + 10, hold[1] - 8), (end["x"] + 40, end["y"] + 20), (end["x"] + 40, end["y"] + 4))
    fox.wait("document.querySelector('.ghost') && document.querySelector('[data-anchor=news] .drop-mark')")
    fox.mouse("up")
    fox.wait(TITLES % "news", [second, first])

    # from the archive
    fox.press("/")
    fox.type("roof")
    fox.wait("document.querySelector('archive-list .hint').textContent", "1 item")
    start, end = fox.box(one(".entry", "A new roof")), fox.box("document.querySelector('[data-anchor=news] .items')")
    hold, goal = (start["x"] + 40, start["y"] + 12), (end["x"] + 40, end["y"] + end["height"] - 3)
    fox.mouse(hold, "down", (hold[0] + 20, hold[1] + 8), (goal[0], goal[1] - 9), goal, "up")
    fox.wait(f"({TITLES % 'news'}).at(-1)", "A new roof for the mill")

    # a click on a title in the mail, and its field is there
    fox.wait(HEADING % "A new roof")
    fox.value(f"{HEADING % 'A new roof'}.scrollIntoView({{block: 'center'}})")
    frame, inner = (
        fox.box("document.querySelector('mail-frame iframe')"),
        fox.value(f"{HEADING % 'A new roof'}.getBoundingClientRect()"),
    )
    scale = fox.value(
        "(frame => frame.getBoundingClientRect().width / frame.offsetWidth)(document.querySelector('mail-frame iframe'))"
    )
    fox.mouse(
        (frame["x"] + (inner["x"] + 20) * scale, frame["y"] + (inner["y"] + inner["height"] / 2) * scale), "down", "up"
    )
    fox.wait("document.activeElement.closest('.pointed') && document.activeElement.value === 'A new roof for the mill'")
    fox.type("The mill has a new roof")
    fox.wait(HEADING % "The mill has a new roof")
    fox.press("Escape")
    fox.wait("!document.querySelector('.pointed').matches(':popover-open')")
    written(fox, publication / "issues/2020-03.yaml", "The mill has a new roof")


def test_dialogs_menus_and_the_sheet_of_keys(opened: Open, publication: Path) -> None:
    fox = opened()
    fox.press("?")
    fox.wait(f"{SHEET} && document.querySelector('#sheet .keys').checkVisibility()")
    fox.press("Escape")
    fox.wait(f"!{SHEET}")

    fox.click(one(".item", "A bakery"), times=2)
    fox.wait(SHEET)
    fox.click("document.querySelector('#sheet header button')")
    fox.wait(f"!{SHEET}")

    row = one(".item", "A bakery")
    fox.click(f"{row}.querySelector('.dots')")
    fox.wait(f"{row}.querySelector('.menu').matches(':popover-open')")
    button, panel = fox.box(f"{row}.querySelector('.dots')"), fox.box(f"{row}.querySelector('.menu')")
    beside(button, panel)
    fox.press("ArrowDown")
    assert fox.value("document.activeElement.textContent").startswith("Up")
    fox.press("Escape")
    fox.wait(f"!{row}.querySelector('.menu').matches(':popover-open')")

    fox.click("document.querySelector('[data-tool=more]')")
    fox.wait("document.querySelector('#more').matches(':popover-open')")
    beside(fox.box("document.querySelector('[data-tool=more]')"), fox.box("document.querySelector('#more')"))
    fox.click("document.querySelector('#more [data-tool=images]')")
    fox.wait("new URLSearchParams(location.search).get('images')", "off")
    fox.wait("document.querySelector('#more').matches(':popover-open')")
    fox.press("Escape")
    fox.wait("!document.querySelector('#more').matches(':popover-open')")

    # a date, as one types it
    fox.click("document.querySelector('#outline details summary')")
    fox.value("document.querySelector('#outline input[type=date]').focus()")
    fox.type("04302020")
    written(fox, publication / "issues/2020-03.yaml", "date: 2020-04-30")


def beside(button: dict[str, float], panel: dict[str, float]) -> None:
    """A menu stands below its button or above it, and ends at its edge."""
    below, above = panel["y"] - (button["y"] + button["height"]), button["y"] - (panel["y"] + panel["height"])
    assert 0 <= max(below, above) <= 12
    assert panel["x"] <= button["x"] <= panel["x"] + panel["width"]


@pytest.mark.parametrize("fox", ["dark"], indirect=True)
def test_in_the_dark(opened: Open) -> None:
    fox = opened()
    assert fox.value("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    ground = f"getComputedStyle({HEADING % 'A bakery'}).color"
    light = fox.value(ground)
    fox.press("d")
    fox.wait("document.querySelector('.pane').dataset.look", "dark")
    fox.wait(f"{ground} !== '{light}'")


@pytest.mark.parametrize("width", [1280, 375])
def test_it_fits(opened: Open, tmp_path: Path, width: int) -> None:
    fox = opened("/", width=width)
    fox.wait("document.querySelector('.card iframe')?.contentDocument?.body?.textContent.includes('Twelve bakers')")
    assert fox.value("document.documentElement.scrollWidth") == width
    fox = opened(width=width)
    assert fox.value("document.documentElement.scrollWidth") == width
    fox.screenshot(tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as picture:
        assert picture.width == width
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 100


def test_a_phone_is_as_wide_as_it_says(opened: Open) -> None:
    """A phone's scroll bar lies over the page, and takes no width from it."""
    fox = opened(height=500)
    fox.click(one(".segments.device label", "Phone"))
    fox.wait("document.querySelector('.pane.phone')")
    fox.wait(f"{MAIL}?.body?.textContent.includes('Twelve bakers')")
    assert fox.value(f"{MAIL}.documentElement.clientWidth") == 375
