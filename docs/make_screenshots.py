"""The pictures of docs/images: the sample issue as Chromium shows it. ``make screenshots`` runs this.

The mail is shown on a desktop, on a phone, in dark mode and without pictures; the web version beside it; the mail in
each theme; and one picture of desktop and phone together for the README.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser
from shots import ROOT, Scheme, chromium, opened

from newsletter.build import Builder
from newsletter.files import write_atomic
from newsletter.issues.definition import load
from newsletter.render.pipeline import render
from newsletter.render.theme import find_theme
from newsletter.services.plain import SERVICE
from newsletter.workspace import Workspace

ISSUE = "2017-09"
FOLDER = ROOT / "docs/images"
MAX_BYTES = 150_000
"""Largest picture: the repository and the README stay light."""


@dataclass(frozen=True)
class Shot:
    """One picture: a file of build/, in a window of ``width`` × ``height`` CSS pixels."""

    name: str
    file: str
    width: int
    height: int
    scheme: Scheme = "light"
    images: bool = True


SHOTS = (
    Shot("email-desktop", "email.html", 1280, 1060),
    Shot("email-phone", "email.html", 375, 1500),
    Shot("email-dark", "email.html", 1280, 1060, scheme="dark"),
    Shot("email-images-off", "email.html", 1280, 1060, images=False),
    Shot("web", "web.html", 1280, 960),
    Shot("web-phone", "web.html", 375, 1500),
)

THEMES = ("classic", "magazine", "letter")

PREVIEWS: tuple[tuple[str, str, int, Scheme], ...] = (
    ("preview", "", 1360, "light"),
    ("preview-dark", "?device=both&look=dark", 1500, "dark"),
)
"""The preview's own page: name, what differs from how it opens, width, and the system's colours."""

OVERVIEW = """<!doctype html><style>
body {{ margin: 0; width: 1000px; height: 600px; overflow: hidden; position: relative; background: #d3dfe8 }}
div {{ position: absolute; overflow: hidden; background: #ffffff; box-shadow: 0 2px 12px #0b2f4f33 }}
.desktop {{ left: 48px; top: 40px; width: 640px; height: 560px; border-radius: 8px 8px 0 0 }}
.desktop img {{ width: 1024px; margin-left: -226px }}
.phone {{ right: 56px; top: 60px; width: 264px; height: 510px; border: 8px solid #16283a; border-radius: 28px }}
.phone img {{ width: 264px }}
</style><div class="desktop"><img src="{desktop}"></div><div class="phone"><img src="{phone}"></div>"""
"""Desktop and phone, drawn over the pictures that were just made."""


def take(browser: Browser, shot: Shot) -> Path:
    """Take one picture and return its path."""
    path = FOLDER / f"{shot.name}.png"
    file = ROOT / "build" / ISSUE / shot.file
    with opened(browser, file, shot.width, shot.height, shot.scheme, images=shot.images) as page:
        page.screenshot(path=path)
    return path


def compose(browser: Browser, desktop: Path, phone: Path) -> Path:
    """Draw desktop and phone side by side, for the README."""
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(OVERVIEW.format(desktop=desktop.as_uri(), phone=phone.as_uri()))
        file.flush()
        page.goto(Path(file.name).as_uri())
        path = FOLDER / "overview.png"
        page.screenshot(path=path)
    page.close()
    return path


def in_theme(name: str) -> Shot:
    """Render the sample issue in a theme with its own colours, and return the picture to take of it."""
    workspace = Workspace(ROOT)
    (edition,) = Builder(workspace).editions(load(workspace.issue_path(ISSUE)))
    message = render(edition, find_theme(name, workspace.theme_roots, {}), offers=SERVICE.offers(edition))
    write_atomic(ROOT / "build/themes" / f"{name}.html", SERVICE.fill(message).html.encode())
    return Shot(f"theme-{name}", f"../themes/{name}.html", 680, 1000)


def preview(browser: Browser) -> list[Path]:
    """Run the preview and take its pictures: the page on a desktop, the same in the dark on both devices."""
    command = [sys.executable, "-m", "newsletter", "preview", ISSUE, "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout
        address = server.stdout.readline().split()[2]
        made = []
        for name, query, width, scheme in PREVIEWS:
            context = browser.new_context(viewport={"width": width, "height": 820}, color_scheme=scheme)
            page = context.new_page()
            page.goto(address + query)
            page.locator("mail-frame iframe").first.content_frame.get_by_text("IN THIS ISSUE").or_(
                page.locator("mail-frame iframe").first.content_frame.get_by_text("In this issue")
            ).first.wait_for()
            page.wait_for_timeout(600)  # what stands in the bars comes after the frame
            path = FOLDER / f"{name}.png"
            page.screenshot(path=path)
            with Image.open(path) as taken:  # a page has few colours
                taken.convert("RGB").quantize(200, dither=Image.Dither.NONE).save(path, optimize=True)
            made.append(path)
            context.close()
        server.terminate()
    return made


def main() -> int:
    """Build the sample, take every picture, and say what was made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    build = [sys.executable, "-m", "newsletter", "build", ISSUE]
    subprocess.run(build, cwd=ROOT, check=True, stdout=sys.stderr)
    with chromium() as browser:
        made = {shot.name: take(browser, shot) for shot in SHOTS}
        made |= {shot.name: take(browser, shot) for shot in map(in_theme, THEMES)}
        made |= {path.stem: path for path in preview(browser)}
        made["overview"] = compose(browser, made["email-desktop"], made["email-phone"])
    for path in made.values():
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")
    heavy = [path.name for path in made.values() if path.stat().st_size > MAX_BYTES]
    if heavy:
        print(f"larger than {MAX_BYTES:,} bytes: {', '.join(heavy)}", file=sys.stderr)
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
