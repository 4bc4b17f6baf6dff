"""What the tests share: the seed, the real program, a small workspace, a real browser; and no network."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import block_network, chromium
from hypothesis import settings
from playwright.sync_api import Browser, Page
from starter import Starter

from newsletter.build import Builder
from newsletter.issues.definition import load
from newsletter.model import Message
from newsletter.render.pipeline import render
from newsletter.render.rehearsal import PICTURES, editions
from newsletter.render.theme import Theme, find_theme
from newsletter.services.plain import SERVICE
from newsletter.workspace import Workspace

ROOT = Path(__file__).parent.parent
THEMES = sorted(path.parent.name for path in (ROOT / "templates").glob("*/theme.yaml"))
VNU = ROOT / "build/checkers/node_modules/vnu-jar/build/dist/vnu.jar"  # where tests/setup.sh puts it

settings.register_profile("default", deadline=None, derandomize=True, max_examples=30)
settings.register_profile("full", deadline=None, max_examples=2000)
settings.load_profile("default")


@dataclass(frozen=True)
class Result:
    """What a run of the program came to."""

    code: int
    stdout: str
    stderr: str


Run = Callable[..., Result]


def _searched() -> str:
    """Return where the program is imported from: this folder, whatever else is installed."""
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo" and args[0] not in (None, "localhost", "127.0.0.1", "::1"):
        raise RuntimeError(f"a test reached for the network: {args[0]}")
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in ("127.0.0.1", "::1"):
        raise RuntimeError(f"a test reached for the network: {args[1]}")


sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session")
def seed() -> Path:
    """The listing that the archive starts with: ten items of September 2017."""
    return ROOT / "tests/data/ilo-coop-news-2017-09.txt"


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """What starts the program for :func:`run`."""
    starter = Starter(ROOT)
    yield starter
    starter.close()


@pytest.fixture
def run(tmp_path: Path, starter: Starter) -> Run:
    """Run the real program: ``run("build", "2017-09", cwd=folder, stdin="", env={…})``.

    With an environment of its own it is started by Python as a person's is; else quickly (see :mod:`starter`).
    """

    def program(
        *args: str | Path, cwd: Path | None = None, stdin: str = "", env: dict[str, str] | None = None
    ) -> Result:
        environment = os.environ | {"PYTHONPATH": _searched()} | (env or {})
        folder = cwd or tmp_path
        if env is None and hasattr(os, "fork"):
            return Result(*starter.run(list(map(str, args)), folder, stdin, environment))
        done = subprocess.run(
            [sys.executable, "-m", "newsletter", *map(str, args)],
            cwd=folder,
            input=stdin,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return program


PUBLICATION = """\
title: Coop Letter
description: News of a small federation
organisation:
  name: Federation of Examples
  url: https://coop.example.org
  postal_address: |
    Federation of Examples
    1 Example Street, Geneva
sender:
  name: Coop Letter
  address: letter@coop.example.org
base_url: https://coop.example.org/letter
web_version: https://coop.example.org/letter/{issue}
unsubscribe: https://coop.example.org/unsubscribe
reason: You get this mail because you asked for it.
categories:
  - name: News
  - name: Interviews
    layout: feature
    heading: {one: Interview, other: Interviews}
    blurb: People of the movement, in their own words.
"""

ITEMS = """\
- id: a-bakery-becomes-a-cooperative
  category: News
  title: A bakery becomes a cooperative
  date: 2020-03-14
  summary: Twelve bakers bought **their** bakery. It opened again within a week.
  url: https://coop.example.org/news/bakery
- id: five-questions-to-a-beekeeper
  category: Interviews
  title: Five questions to a beekeeper
  date: 2020-03-09
  summary: |-
    People of the movement, in their own words. Bees share everything but the sting.
- id: housing-cooperatives-meet-in-lyon
  category: News
  title: Housing cooperatives meet in Lyon
  date: 2020-03-02
"""

ISSUE = """\
number: 1
date: 2020-03-31
select:
  month: 2020-03
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A small workspace: two categories, three items of March 2020, the issue 2020-03."""
    root = tmp_path / "workspace"
    files = {"newsletter.yaml": PUBLICATION, "archive/2020/2020-03.yaml": ITEMS, "issues/2020-03.yaml": ISSUE}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def built_in(name: str) -> Theme:
    """Return a theme of this repository, checked."""
    return find_theme(name, [ROOT / "templates"], {}).check()


@pytest.fixture(scope="session", params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    """Every theme of this repository in turn."""
    return built_in(request.param)


Mails = list[tuple[str, Message]]


NOT_THERE = {key: dataclasses.replace(picture, src=picture.page) for key, picture in PICTURES.items()}
"""Pictures that are files which are not there: many a reader sees a mail without its pictures."""


def rehearsed(theme: Theme) -> Mails:
    """Return each made-up issue in a theme, as ``plain`` sends it: the HTML and the whole message."""
    messages = [render(edition, theme, pictures=NOT_THERE) for edition in editions(theme)]
    return [(SERVICE.fill(message).html, message) for message in messages]


@pytest.fixture(scope="session")
def mails(theme: Theme) -> Mails:
    """Each made-up issue in every theme in turn (see :func:`rehearsed`)."""
    return rehearsed(theme)


@pytest.fixture(scope="session")
def sample_mail() -> str:
    """The sample issue's mail, as ``plain`` sends it."""
    workspace = Workspace(ROOT)
    (edition,) = Builder(workspace).editions(load(workspace.issue_path("2017-09")))
    return SERVICE.fill(render(edition, built_in("classic"), offers=SERVICE.offers(edition))).html


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker. Without it they fail: what readers see is never skipped."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium_browser: Browser) -> Iterator[Page]:
    """A page of 1280 × 800 that fails the test when it asks the network for anything."""
    context = chromium_browser.new_context(viewport={"width": 1280, "height": 800})
    blocked = block_network(context)
    yield context.new_page()
    context.close()
    assert not blocked, f"the page asked the network for {blocked}"


Show = Callable[..., Page]


@pytest.fixture
def show(page: Page, tmp_path: Path) -> Show:
    """Open a document at a width; ``bare`` takes every style element from it, as some mail apps do."""

    def opened(html: str, width: int, scheme: Any = "light", *, bare: bool = False) -> Page:
        path = tmp_path / "shown.html"
        path.write_text(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL) if bare else html, "utf-8")
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path.as_uri())
        return page

    return opened


@pytest.fixture(scope="session")
def vnu() -> Callable[..., str]:
    """The Nu HTML checker: ``vnu(path, …)`` returns its messages, one a line; empty when all is valid."""
    if not VNU.is_file():
        pytest.fail("the Nu HTML checker is missing: 'sh tests/setup.sh checkers' installs it, or says how")

    def check(*paths: Path, options: tuple[str, ...] = ()) -> str:
        command = ["java", "-jar", str(VNU), "--format", "gnu", *options, *map(str, paths)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False).stderr

    return check
