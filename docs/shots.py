"""What the programs that make the docs' pictures share: a file shown in Chromium as a reader sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import block_network, chromium  # noqa: E402 - the tests' folder is no package

__all__ = ["ROOT", "Scheme", "chromium", "opened"]

Scheme = Literal["light", "dark"]

GEORGIA = "".join(
    f"@font-face{{font-family:Georgia;font-weight:{weight};font-style:{style};size-adjust:94%;"
    f'src:local("Georgia{name}"),local("Gelasio{name or " Regular"}"),local("Noto Serif{name or " Regular"}")}}'
    for weight, style, name in (("400", "normal", ""), ("700", "normal", " Bold"), ("400", "italic", " Italic"))
)
"""Most readers have Georgia, a machine that makes pictures seldom: the nearest free font stands in for it."""


def without_pictures(route: Route) -> None:
    """Let everything through but pictures."""
    if route.request.resource_type == "image":
        route.abort()
    else:
        route.fallback()


@contextmanager
def opened(
    browser: Browser, path: Path, width: int, height: int, scheme: Scheme = "light", *, images: bool = True
) -> Iterator[Page]:
    """Show a file in a window of ``width`` × ``height`` CSS pixels that reaches no network."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    block_network(context)
    if not images:
        context.route("**/*", without_pictures)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        page.add_style_tag(content=GEORGIA)
        page.evaluate("document.fonts.ready")
        yield page
    finally:
        context.close()
