"""The pictures of docs/gallery: every theme and layout as Chromium shows them. ``make gallery`` runs this.

The made-up issue of docs/gallery/workspace is built in each theme. Each part of the mail is cut out of pictures of the
whole: on a desktop and on a phone; in light, in dark, without pictures, and from right to left.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page
from shots import ROOT, Scheme, chromium, opened

from newsletter.build import Builder
from newsletter.files import write_atomic
from newsletter.issues.definition import load
from newsletter.model import Edition, Section
from newsletter.publication import LAYOUTS
from newsletter.render.theme import find_theme
from newsletter.workspace import Workspace

ISSUE = "2031-05"
FOLDER = ROOT / "docs/gallery"
THEMES = sorted(path.parent.name for path in (ROOT / "templates").glob("*/theme.yaml"))
MAX_BYTES = 56_000
"""Largest picture of a layout."""
MAX_WHOLE = 130_000
"""Largest picture of a whole mail."""
MAX_TOTAL = 2_500_000
"""All pictures together."""
TALLEST = 1800
"""So many CSS pixels of a part are shown; a longer one fades out."""
SCALE = 0.45
"""Of the pictures of layouts."""
GAP = 16
GROUND, CAPTION = "#dfe4e8", "#3a4650"

WIDTHS = {"desktop": 680, "phone": 375}

PARTS = {
    "top": "masthead; editorial and contents stand here or below the lead",
    "lead": "the item that stands first",
    "cards": "news: picture, title, date, summary",
    "columns": "cards in two columns; one below the other on a phone",
    "list": "one line each; the summary stands in the web version",
    "feature": "interviews: a quote, a question, a button",
    "portrait": "people: a face, or an initial",
    "events": "by month: the day, when and where, a calendar file",
    "resources": "publications: cover, kind, languages",
    "callout": "one message and one button",
    "quote": "somebody’s words",
    "numbers": "two to four figures",
    "image": "a picture over the whole width",
    "text": "plain text",
    "block": "a block of the publication, here a sponsor’s",
    "foot": "who sends it, and how to leave",
}
"""What is shown of each theme, in the order of the page."""


@dataclass(frozen=True)
class Look:
    """A way to look at a mail."""

    caption: str
    language: str = "en-GB"
    scheme: Scheme = "light"
    images: bool = True


LOOKS = (Look("light"), Look("dark", scheme="dark"), Look("images off", images=False), Look("Arabic", language="ar"))

TOPS = """marks => {
  const squash = text => text.replace(/\\s+/g, ' ').trim();
  const follows = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  const says = (e, text) => [...e.childNodes].some(n => n.nodeType === 3 && squash(n.data).startsWith(text));
  const all = [...document.body.querySelectorAll('*')];
  const found = [{name: 'top', e: document.querySelector('h1')}];
  for (const {name, anchor, text, alt, selector} of marks) {
    const fits = e => selector ? e.matches(selector) : alt ? e.alt === alt : says(e, text);
    const after = found.findLast(each => each.name).e;
    const e = document.getElementById(anchor || '') || all.find(each => follows(after, each) && fits(each));
    if (e) found.push({name, e});
  }
  const frame = e => {
    const others = found.map(each => each.e).filter(each => each !== e);
    const alone = parent => !parent.matches('body') && !others.some(each => parent.contains(each));
    while (alone(e.parentElement)) e = e.parentElement;
    return e;
  };
  const top = e => Math.round(frame(e).getBoundingClientRect().top + scrollY);
  return found.filter(each => each.name).map(({name, e}) => [name, top(e)]);
}"""
"""Where the parts of a page begin: each at the top of the largest element that holds its mark and no other one. Marks
without a name are where no part begins."""


def name_of(section: Section) -> str:
    """Return which part of the page a section shows; blocks but the sponsor's have a name of their own."""
    if section.block:
        return "block" if section.sponsored else section.anchor
    return "columns" if section.columns > 1 else section.layout


def marks(edition: Edition) -> list[dict[str, str]]:
    """Return how to find each part in the page: by its anchor, by what it says, or by a link in it."""
    last = next(each.anchor for each in reversed(edition.sections) if not each.block)
    found = [
        {"name": "", "text": edition.editorial.split("\n\n")[-1][:20]},
        {"name": "", "selector": f'[href="#{last}"]'},
        {"name": "lead", "text": edition.lead.title if edition.lead else ""},
    ]
    for section in edition.sections:
        (item, *_), mark = section.items, {"name": name_of(section), "anchor": section.anchor}
        if section.layout == "divider":
            mark["selector"] = "hr"
        elif section.block and section.layout == "image" and item.image:
            mark["alt"] = item.image.alt or ""
        else:
            mark["text"] = re.split(r"[*_<\[]", item.title or item.summary)[0][:20].strip()
        found.append(mark)
    return [*found, {"name": "foot", "selector": f'[href="{edition.publication.unsubscribe}"]'}]


def in_theme(theme: str, folder: Path) -> dict[str, tuple[Edition, Path]]:
    """Build the issue in a theme, in a copy of its workspace; return edition and mail by language."""
    shutil.copytree(FOLDER / "workspace", folder, ignore=shutil.ignore_patterns("build", ".newsletter"))
    path = folder / "newsletter.yaml"
    text = path.read_text("utf-8")
    for key, value in (("theme", theme), ("images", "attached")):  # attached: the mail shows the files beside it
        text, count = re.subn(rf"^{key}: .*$", f"{key}: {value}", text, flags=re.MULTILINE)
        if count != 1:
            raise SystemExit(f"{path}: there must be one line '{key}: …'")
    path.write_text(text, "utf-8")
    builder = Builder(Workspace(folder))
    builder.build(ISSUE)
    editions = builder.editions(load(builder.workspace.issue_path(ISSUE)))
    return {each.language: (each, builder.workspace.build_dir / each.path / "email.html") for each in editions}


def photograph(page: Page) -> Image.Image:
    """Return the whole page as a picture."""
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def cut(whole: Image.Image, tops: list[Any]) -> dict[str, Image.Image]:
    """Cut the picture of a page where its parts begin."""
    begins = [0, *(top for _, top in tops[1:])]
    ends = [*begins[1:], whole.height]
    return {
        name: whole.crop((0, begin, whole.width, end))
        for (name, _), begin, end in zip(tops, begins, ends, strict=True)
        if end > begin
    }


Parts = dict[str, Image.Image]


def look_at(browser: Browser, mails: Mapping[str, tuple[Edition, Path]], look: Look, width: int) -> Parts:
    """Return pictures of the parts of a mail, looked at in one way; ``whole`` is all of it."""
    edition, path = mails[look.language]
    with opened(browser, path, width, 800, look.scheme, images=look.images) as page:
        tops, whole = page.evaluate(TOPS, marks(edition)), photograph(page)
    missing = set(PARTS) - {name for name, _ in tops}
    if missing:
        raise SystemExit(f"{path}: not found in the page: {', '.join(sorted(missing))}")
    return {**cut(whole, tops), "whole": whole}


def reduced(picture: Image.Image, scale: float) -> Image.Image:
    """Return a picture at a scale."""
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def faded(picture: Image.Image) -> Image.Image:
    """Return a picture; what is taller than :data:`TALLEST` fades out there."""
    if picture.height <= TALLEST:
        return picture
    fade = Image.linear_gradient("L").resize((picture.width, 160))
    shown = picture.crop((0, 0, picture.width, TALLEST))
    shown.paste(Image.new("RGB", fade.size, GROUND), (0, TALLEST - 160), fade)
    return shown


def pair(caption: str, pictures: Iterable[Image.Image]) -> Image.Image:
    """Return desktop and phone side by side, under their caption."""
    cells = [reduced(faded(picture), SCALE) for picture in pictures]
    width = sum(cell.width for cell in cells) + GAP // 2 * (len(cells) - 1)
    sheet = Image.new("RGB", (width, 22 + max(cell.height for cell in cells)), GROUND)
    ImageDraw.Draw(sheet).text((0, 2), caption, CAPTION, ImageFont.load_default(14))
    left = 0
    for cell in cells:
        sheet.paste(cell, (left, 22))
        left += cell.width + GAP // 2
    return sheet


def grid(cells: list[Image.Image]) -> Image.Image:
    """Return pictures in two columns, each row as high as the higher of the two."""
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    heights = [max(cell.height for cell in row) for row in rows]
    width = 2 * cells[0].width + 3 * GAP
    sheet = Image.new("RGB", (width, sum(heights) + GAP * (len(rows) + 1)), GROUND)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for number, cell in enumerate(row):
            sheet.paste(cell, (GAP + number * (cell.width + GAP), top))
        top += height + GAP
    return sheet


def in_columns(picture: Image.Image, columns: int, scale: float) -> Image.Image:
    """Return a tall picture cut into columns side by side, each of them cut between two lines of text."""
    ends = [0]
    for number in range(1, columns):
        ends.append(quiet_row(picture, round(picture.height * number / columns)))
    ends.append(picture.height)
    cells = [picture.crop((0, top, picture.width, end)) for top, end in pairwise(ends)]
    cells = [reduced(cell, scale) for cell in cells]
    high = max(cell.height for cell in cells)
    sheet = Image.new("RGB", (sum(cell.width + GAP for cell in cells) + GAP, high + 2 * GAP), GROUND)
    for number, cell in enumerate(cells):
        sheet.paste(cell, (GAP + number * (cell.width + GAP), GAP))
    return sheet


def quiet_row(picture: Image.Image, near: int) -> int:
    """Return the row nearest to ``near`` in the middle of the largest plain stretch within 200 pixels."""
    best, begin = (0, near), None
    for row in range(max(near - 200, 0), min(near + 200, picture.height)):
        strip = picture.crop((50, row, picture.width - 50, row + 1))
        plain = ImageChops.difference(strip, strip.transpose(Image.Transpose.FLIP_LEFT_RIGHT)).getbbox() is None
        begin = (row if begin is None else begin) if plain else None
        if begin is not None and row - begin > best[0]:
            best = (row - begin, (row + begin) // 2)
    return best[1]


def save(picture: Image.Image, path: Path, most: int) -> int:
    """Write a picture as WebP of at most ``most`` bytes, as good as that allows; return its bytes."""
    for quality in range(75, 9, -5):
        written = io.BytesIO()
        picture.save(written, "WEBP", quality=quality, method=6)
        if written.tell() <= most:
            break
    write_atomic(path, written.getvalue())
    return written.tell()


def show(browser: Browser, theme: str, folder: Path) -> Iterator[tuple[Path, int]]:
    """Make the pictures of a theme in ``folder``, which is not there yet; yield their paths and bytes."""
    mails = in_theme(theme, folder)
    seen = {(look, width): look_at(browser, mails, look, width) for look in LOOKS for width in WIDTHS.values()}
    whole = in_columns(seen[LOOKS[0], WIDTHS["desktop"]]["whole"], 5, 0.36)
    yield FOLDER / f"{theme}.webp", save(whole, FOLDER / f"{theme}.webp", MAX_WHOLE)
    for part in PARTS:
        cells = [pair(look.caption, (seen[look, width][part] for width in WIDTHS.values())) for look in LOOKS]
        path = FOLDER / f"{theme}-{part}.webp"
        yield path, save(grid(cells), path, MAX_BYTES)


def written() -> Iterator[str]:
    """Yield the lines of the gallery's page."""
    yield "# Gallery\n"
    yield (
        "Every theme and every layout: on a desktop (680 pixels) and on a phone (375); in light, in dark, with the\n"
        "pictures turned off as many mail programs do, and from right to left. The issue is made up, and so are the\n"
        "[workspace](workspace/newsletter.yaml) that it is built from and its pictures. `make gallery` makes this page."
    )
    for theme in THEMES:
        yield f"\n## {theme}\n"
        yield f"{find_theme(theme, [ROOT / 'templates'], {}).file.description}\n"
        yield f"![The whole issue in the theme {theme}, in five columns]({theme}.webp)\n"
        yield "| layout | on a desktop and on a phone |\n| --- | --- |"
        for part, what in PARTS.items():
            name = f"`{part}`" if part in LAYOUTS else part
            alt = f"Theme {theme}, {part}: on a desktop and a phone; in light, in dark, without pictures, in Arabic"
            yield f"| {name}<br>{what} | ![{alt}]({theme}-{part}.webp) |"


def main() -> int:
    """Draw the issue's pictures, take every picture of the gallery, write its page, and say what was made."""
    begin, total = time.monotonic(), 0
    subprocess.run([sys.executable, FOLDER / "draw_pictures.py"], check=True, stdout=subprocess.DEVNULL)
    print(f"drew the issue's pictures ({time.monotonic() - begin:.0f} s)", file=sys.stderr)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        for theme in THEMES:
            for path, size in show(browser, theme, Path(folder) / theme):
                total += size
                print(f"{path.relative_to(ROOT)}  {size:,} bytes")
            print(f"{theme} is done ({time.monotonic() - begin:.0f} s)", file=sys.stderr)
    write_atomic(FOLDER / "README.md", ("\n".join(written()) + "\n").encode())
    print(f"{total:,} bytes in all")
    if total > MAX_TOTAL:
        print(f"more than {MAX_TOTAL:,} bytes: lower SCALE or MAX_BYTES", file=sys.stderr)
    return 1 if total > MAX_TOTAL else 0


if __name__ == "__main__":
    sys.exit(main())
