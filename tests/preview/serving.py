"""The real preview on a port of its own, and a browser that reaches nothing but it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

ITEMS = """\
- id: market-day
  category: News
  title: Market day in April
  date: 2020-04-18
  summary: Forty stalls, and rain.
- id: a-new-roof
  category: News
  title: A new roof for the mill
  date: 2020-02-20
  summary: It took three weekends.
- id: the-miller-speaks
  category: Interviews
  title: The miller speaks
  date: 2020-02-11
  summary: Grain knows no hurry.
"""
"""Of other months than the issue's."""

expect.set_options(timeout=20_000)  # CI may be busy with other tests


@dataclass
class Serving:
    """A running preview: where it answers, its process, the workspace."""

    root: Path
    address: str
    process: subprocess.Popen[str]
    token: str = ""
    said: list[str] = field(default_factory=list)

    def ask(
        self, path: str, body: Any = None, headers: dict[str, str] | None = None, method: str = ""
    ) -> tuple[int, bytes]:
        """Send a request as the page does (with its token when there is a body); return status and answer."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        known = {"content-type": "application/json", "x-newsletter-token": self.token} if data is not None else {}
        given = {name: value for name, value in (known | (headers or {})).items() if value}
        request = urllib.request.Request(self.address + path, data, given, method=method or None)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def told(self, path: str, body: Any = None) -> Any:
        """Return what it answers, as JSON; it must be no refusal."""
        status, answer = self.ask(path, body)
        assert status == 200, answer.decode()
        return json.loads(answer)

    def change(self, *changes: dict[str, Any], issue: str = "2020-03") -> Any:
        """Change the issue as the page does."""
        return self.told(f"/api/issues/{issue}/changes", {"changes": list(changes)})

    def end(self, how: int = signal.SIGINT) -> int:
        """End it and return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(10)


Serve = Callable[..., Serving]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start the real program: ``serve(root, "--port", "0")``."""
    running: list[Serving] = []

    def start(root: Path, *options: str) -> Serving:
        command = [sys.executable, "-m", "newsletter", "preview", "--no-open", *(options or ("--port", "0"))]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "preview at" in line:
                break
        found = re.search(r"http://[^/]+", "".join(said))
        assert found, said
        serving = Serving(root, found[0], process, said=said)
        running.append(serving)
        query = re.search(r"\?token=\S+", "".join(said))
        _, page = serving.ask(f"/{query[0] if query else ''}")
        token = re.search(rb'name="token" content="([^"]+)"', page)
        assert token, page
        serving.token = token[1].decode()
        return serving

    yield start
    for serving in running:
        if serving.process.poll() is None:
            serving.process.kill()
        serving.process.wait(10)
        if serving.process.stdout:
            serving.process.stdout.close()


@pytest.fixture
def publication(workspace: Path) -> Path:
    """The small workspace with items of other months as well, in git, so that a diff can be seen."""
    for month in ("2020-02", "2020-04"):
        items = [part for part in re.split(r"(?m)^(?=- )", ITEMS) if f"date: {month}" in part]
        (workspace / f"archive/2020/{month}.yaml").write_text("".join(items), "utf-8")
    (workspace / ".gitignore").write_text("build/\n.newsletter/\n", "utf-8")
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    git(workspace, "-c", "user.name=Test", "-c", "user.email=test@coop.example.org", "commit", "-qm", "Begin")
    return workspace


def git(root: Path, *arguments: str) -> str:
    """Run git and return what it says."""
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.fixture
def serving(serve: Serve, publication: Path) -> Serving:
    """The preview of the small workspace."""
    return serve(publication)


Visit = Callable[..., Page]
REFUSED = re.compile(
    r"Blocked script execution in .* because the document's frame is sandboxed|.*img-src 'none'"
    r"|Failed to load resource: the server responded with a status of 4(04|09|22)"
)
"""What a browser says of scripts in content, of images that are off, and of what the preview refuses."""


def is_wrong(message: ConsoleMessage) -> bool:
    return message.type == "error" and not REFUSED.match(message.text)


@pytest.fixture
def visit(chromium_browser: Browser) -> Iterator[Visit]:
    """Open a page of the preview: ``visit(serving, "/issue/2020-03", width=1280)``.

    Whatever the pages ask of anyone but the preview, every mistake in a script and every message of an error on the
    console fails the test.
    """
    contexts, wrong = [], []

    def open_page(serving: Serving, path: str, *, width: int = 1360, height: int = 850, scheme: Any = "light") -> Page:
        context = chromium_browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)

        def decide(route: Route) -> None:
            if route.request.url.startswith((serving.address, "data:", "blob:")):
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", decide)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"mistake in a script: {error}"))
        page.on("console", lambda message: wrong.append(message.text) if is_wrong(message) else None)
        page.goto(serving.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong, wrong


def mail(page: Page, index: int = 0) -> Any:
    """Return the frame of the stage that shows the mail."""
    return page.locator("mail-frame").nth(index).locator("iframe").content_frame
