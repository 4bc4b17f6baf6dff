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


VISIBLE_TEXT = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const lum = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const found = [];
  for (const e of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const own = e.localName === 'img' ? e.alt && !e.naturalWidth && style.fontSize !== '0px'
      : [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility() || !box.width) continue;
    let ground = [255, 255, 255];
    for (let p = e; p; p = p.parentElement) {
      const c = parse(getComputedStyle(p).backgroundColor);
      if (c.length === 3 || c[3] > 0) { ground = c; break; }
    }
    const [a, b] = [lum(parse(style.color).slice(0, 3)), lum(ground.slice(0, 3))].sort((x, y) => x - y);
    found.push([e.outerHTML.slice(0, 80), parseFloat(style.fontSize), (b + .05) / (a + .05), box.left, box.right]);
  }
  return found;
}"""
"""Every visible text of a page, and what stands for a picture that is not there: its element, font size (px), contrast with its ground, left and right edge."""
