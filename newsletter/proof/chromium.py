"""Chromium, where there is one: it prints a page as PDF, and knows how high a document is and how it looks.

It runs once for each, with a profile of its own that is thrown away, and cannot reach any host.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.proof.frames import attribute

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PATIENCE = 120
"""How long it may take, in seconds."""
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
HIGHEST = 16_000
"""No picture of a page is higher, in CSS pixels."""
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_WHOLE = ("--hide-scrollbars", "--run-all-compositor-stages-before-draw", "--virtual-time-budget=3000")
"""A picture is taken when everything is painted; the seconds are those of the page's own clock."""
_HEIGHTS = re.compile(r"<html[^>]*\sdata-heights=\"([^\"]*)\"")
_MEASURE = """<script>addEventListener('load', () => {
  const found = {};
  for (const frame of document.querySelectorAll('iframe'))
    found[frame.name] = Math.ceil(frame.contentDocument.documentElement.getBoundingClientRect().height);
  document.body.replaceChildren();
  document.documentElement.dataset.heights = JSON.stringify(found);
})</script>"""


def find() -> str | None:
    """Return Chromium (or what is made of it) on PATH, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def print_pdf(program: str, html: str) -> bytes:
    """Return a page as PDF, as its print styles say. Raises :class:`NewsletterError` when Chromium fails."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        out = folder / "page.pdf"
        _run(program, folder, html, f"--print-to-pdf={out}", "--no-pdf-header-footer")
        if not out.is_file():
            raise NewsletterError(f"{Path(program).name} printed nothing")
        return out.read_bytes()


def heights(program: str, documents: Mapping[str, str], widths: Mapping[str, int]) -> dict[str, int]:
    """Return how high documents are at their widths, by name, in CSS pixels; none where it cannot be found out.

    Nothing in a document runs; the page around them asks.
    """
    frames = "".join(
        f'<iframe name="{name}" width="{widths[name]}" height="10" sandbox="allow-same-origin"'
        f' srcdoc="{attribute(html)}"></iframe>'
        for name, html in documents.items()
    )
    policy = f"{_POLICY}; script-src 'unsafe-inline'"
    page = f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}">{_MEASURE}<body>{frames}'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        told = _run(program, Path(name), page, "--dump-dom")
    match = _HEIGHTS.search(told)
    try:
        return {str(key): int(value) for key, value in json.loads(unescape(match[1])).items()} if match else {}
    except (ValueError, TypeError):
        return {}


def pictures(program: str, documents: Mapping[str, str], sizes: Mapping[str, tuple[int, int]]) -> dict[str, bytes]:
    """Return documents as they look, by name: PNG of their sizes (CSS pixels), what is over :data:`HIGHEST` cut off.

    Raises:
        NewsletterError: Chromium fails, or paints nothing.
    """
    frames, places, left = "", {}, 0
    for name, html in documents.items():
        width, height = sizes[name][0], min(sizes[name][1], HIGHEST)
        places[name] = (left, 0, left + width, height)
        # with an origin of its own a frame is another process, and a picture is taken before that has painted
        frames += (
            f'<iframe width="{width}" height="{height}" sandbox="allow-same-origin" srcdoc="{attribute(html)}"'
            f' style="position:absolute;top:0;left:{left}px;border:0"></iframe>'
        )
        left += width
    page = f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{_POLICY}"><body>{frames}'
    window = f"--window-size={max(left, 600)},{max(place[3] for place in places.values())}"
    for _ in range(2):  # a machine that is very busy may need a second try
        if found := _painted(program, page, window, places):
            return found
    raise NewsletterError(f"{Path(program).name} painted nothing")


def _painted(
    program: str, page: str, window: str, places: Mapping[str, tuple[int, int, int, int]]
) -> dict[str, bytes] | None:
    """Return the parts of a picture of a page, or None where one of them is of a single colour."""
    from PIL import Image  # noqa: PLC0415 - 40 ms

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        out = Path(name) / "page.png"
        _run(program, Path(name), page, f"--screenshot={out}", window, *_WHOLE)
        if not out.is_file():
            return None
        with Image.open(out) as whole:
            parts = {name: whole.convert("RGB").crop(place) for name, place in places.items()}
    blank = any(all(low == high for low, high in _bands(part)) for part in parts.values())
    return None if blank else {name: _png(part) for name, part in parts.items()}


def _bands(pixels: Pixels) -> list[tuple[int, int]]:
    return [band.getextrema() for band in pixels.split()]  # type: ignore[misc]  # of one band it is a pair


def _png(pixels: Pixels) -> bytes:
    written = io.BytesIO()
    pixels.save(written, "PNG")
    return written.getvalue()


def _run(program: str, folder: Path, html: str, *options: str) -> str:
    page = folder / "page.html"
    page.write_text(html, "utf-8", "surrogatepass")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # it does not start otherwise
    command = [program, *QUIET, *as_root, f"--user-data-dir={folder / 'profile'}", *options, page.as_uri()]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=PATIENCE, check=False
        )
    except OSError as error:
        raise NewsletterError(f"{program} does not start: {error.strerror or error}") from None
    except subprocess.TimeoutExpired:
        raise NewsletterError(f"{Path(program).name} did not end within {PATIENCE} seconds") from None
    if done.returncode:
        said = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise NewsletterError(f"{Path(program).name} ended with code {done.returncode} {said[:200]}".rstrip())
    return done.stdout
