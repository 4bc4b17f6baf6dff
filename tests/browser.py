"""Chromium for the tests and the screenshots: found on PATH, started without any background traffic."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",  # CI runs as root, where the sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # the same letter widths whatever the machine's font settings
)
LOCAL = ("file:", "data:", "blob:", "about:")


def find_chromium() -> str:
    """Return Chromium's path. Raises :class:`RuntimeError` that says how to get one."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("Chromium is missing: 'sh tests/setup.sh browser' installs it, or says how")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def block_network(context: BrowserContext) -> list[str]:
    """Let ``context`` read local files only; return the list that blocked addresses gather in."""
    blocked: list[str] = []

    def decide(route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            blocked.append(route.request.url)
            route.abort()

    context.route("**/*", decide)
    return blocked
