"""Pictures of an edition: each made for its place in the theme, named by its content, kept until it changes.

Only files of the workspace are read, and nothing is fetched. Pillow is imported only when a picture was not made
before. What a picture holds besides (where it was taken, by which camera) does not leave the workspace.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.content import safe_url
from newsletter.errors import did_you_mean
from newsletter.files import write_atomic
from newsletter.model import FOCUS_PATTERN, Edition, Image, Picture
from newsletter.render.reading import TOO_LARGE, Opened, UnusableError, is_drawing, opened
from newsletter.render.theme import Theme
from newsletter.render.themefile import TALLEST, Slot
from newsletter.versions import version_of

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

FOLDER = "images"
"""Where a build keeps an issue's pictures."""
VERSION = "3"
"""Of what is made of a picture; another one makes every picture anew."""
MAX_BYTES = 40 << 20
"""Largest file, in bytes."""
QUALITIES = (82, 76, 71, 66, 60)
"""Of JPEG, 1 to 95: the first, or a lower one where a picture is too heavy for its place. Below, it would be seen."""
SHIFTS = {"left": (0.0, 0.5), "right": (1.0, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0)}
TOLD = {
    "still": (
        "moves, and only its first picture is shown",
        "a GIF goes on moving where nothing is cropped: give it the shape of its place",
    ),
    "pages": ("has several pages, and only the first is shown", "export the page that is meant"),
    "blank": (
        "begins with a picture of one colour, and Outlook shows no other",
        "let it begin with one that can stand alone",
    ),
}
"""What a picture can be used in spite of, as message and hint."""
LIGHTER = {
    "jpg": "choose a calmer one, or set the 'weight' of its place in theme.yaml",
    "png": "it is a PNG, for something in it is transparent: fill its ground, or reduce its colours",
    "gif": "a moving one goes out as it is: make it smaller, or shorter",
}
"""What to do about a picture that is too heavy, by its suffix."""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture made for its place: its bytes, suffix, size as shown in CSS pixels, and which of TOLD it needs."""

    data: bytes
    suffix: str
    size: tuple[int, int]
    told: tuple[str, ...] = ()


@dataclass(slots=True)
class Pictures:
    """The pictures of an edition, by item; their files by name; and what is wrong, as (item, message, hint)."""

    by_item: dict[str, Picture] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Those that have a place and cannot be shown."""


def prepare(edition: Edition, theme: Theme, root: Path, cache: Path) -> Pictures:
    """Make the pictures of an edition.

    Args:
        edition: whose items have images.
        theme: has a slot for the layouts that show pictures.
        root: folder of the workspace; no file outside it is read.
        cache: folder for what was made before.
    """
    found = Pictures()
    for key, image, slot in _wanted(edition, theme):
        if image.alt is None:
            found.problems.append((key, "its picture has no 'alt'", "write what it shows; alt: '' for decoration"))
        try:
            if "://" in image.src:
                found.by_item[key] = _remote(image, slot)
            else:
                made = _made(root, image, slot, cache)
                name = f"{_stem(image.src)}-{hashlib.sha256(made.data).hexdigest()[:12]}.{made.suffix}"
                found.files[name] = made.data
                for what, hint in _told(made, slot):
                    found.problems.append((key, f"its picture '{image.src[:80]}' {what}", hint))
                page = f"{FOLDER}/{name}"
                base = edition.publication.base_url if edition.publication.images == "hosted" else None
                src = f"{base.rstrip('/')}/{edition.path}/{page}" if base else page
                found.by_item[key] = Picture(src, page, *made.size, image.alt or "", image.credit)
        except UnusableError as error:
            found.refused.add(key)
            found.problems.append((key, f"its picture '{image.src[:80]}' {error}", error.hint))
    return found


def sources(edition: Edition, theme: Theme, root: Path) -> dict[str, str]:
    """Return a hash for each picture file that the edition reads, by its name; '' for one that cannot be read."""
    hashes: dict[str, str] = {}
    for _, image, _ in _wanted(edition, theme):
        if "://" not in image.src:
            try:
                raw = _read(root, image.src)
                hashes[image.src] = hashlib.sha256(_engine(raw) + raw).hexdigest()
            except UnusableError:
                hashes[image.src] = ""
    return hashes


def _wanted(edition: Edition, theme: Theme) -> Iterator[tuple[str, Image, Slot]]:
    """Yield each picture that has a place: the logo, and those of items, by what they are found by."""
    if logo := edition.publication.logo:
        alt = logo.alt or edition.publication.organisation.name
        yield "logo", Image(src=logo.src, alt=alt), Slot(width=logo.width)
        if logo.dark:
            yield "logo:dark", Image(src=logo.dark, alt=alt), Slot(width=logo.width)
    slots = {name: _widened(name, slot, theme) for name, slot in theme.file.images.items()}
    if edition.lead and edition.lead.image and "lead" in slots:
        yield edition.lead.id, edition.lead.image, slots["lead"]
    for section in edition.sections:
        name = "columns" if section.columns > 1 and section.layout == "cards" else section.layout
        slot = slots.get("sponsored" if section.sponsored and "sponsored" in slots else name)
        for item in (*section.items, *section.overflow):
            if item.image and slot:
                round_ = section.layout == "portrait" and not item.image.focus  # in a circle even a drawing is cropped
                yield item.id, item.image.model_copy(update={"focus": "center"}) if round_ else item.image, slot


def _widened(name: str, slot: Slot, theme: Theme) -> Slot:
    """Return a place as wide as the publication's own ``width`` and ``spacing`` make it; faces stay as they are."""
    room = [_room(values) for values in (theme.tokens, {key: each.default for key, each in theme.file.tokens.items()})]
    if room[0] == room[1] or name == "portrait":
        return slot
    width = min(1200, max(16, round(slot.width * room[0] / room[1])))
    height = slot.height and min(1200, max(16, round(slot.height * width / slot.width)))
    return slot.model_copy(update={"width": width, "height": height})


def _room(tokens: Mapping[str, str]) -> int:
    """Return how wide the text of a mail is, in pixels; 1 for a theme that does not say."""
    sizes = [tokens.get(name, "0px") for name in ("width", "spacing")]
    width, spacing = (int(size[:-2]) if re.fullmatch(r"\d+px", size) else 0 for size in sizes)
    return max(width - 2 * spacing, 1)


def _remote(image: Image, slot: Slot) -> Picture:
    address = safe_url(image.src)
    if address is None or not address.startswith(("http://", "https://")):
        raise UnusableError("is no address of a picture", "it must begin with https://, or be a file of the workspace")
    return Picture(address, address, slot.width, None, image.alt or "", image.credit)


def _read(root: Path, src: str) -> bytes:
    if "\0" in src:
        raise UnusableError("is no file's name")
    path = (root / src.strip()).resolve()
    if not path.is_relative_to(root.resolve()):
        raise UnusableError("lies outside the workspace", "copy it into images/")
    if path.exists() and not path.is_file():
        raise UnusableError("is no file")
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UnusableError("does not exist", _near(root, src)) from None
    except OSError as error:
        raise UnusableError(f"cannot be read: {error.strerror or error}") from None
    if not raw:
        raise UnusableError("is an empty file")
    if len(raw) > MAX_BYTES:
        raise UnusableError(f"is larger than {MAX_BYTES >> 20} MiB", TOO_LARGE)
    return raw


def _near(root: Path, src: str) -> str:
    """Say where a file was looked for, or which one is written almost so."""
    wanted = src.strip().replace("\\", "/")
    folder = (root / wanted).parent
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    for name in names:
        if name.casefold() == wanted.rpartition("/")[2].casefold():
            return f"did you mean '{(folder / name).relative_to(root).as_posix()}'?"
    near = did_you_mean(wanted.rpartition("/")[2], names) if folder.is_relative_to(root) else ""
    return near or f"it is looked for in {root.name}/, the workspace"


def _told(made: Made, slot: Slot) -> Iterator[tuple[str, str]]:
    """Yield what is to be told of a picture that goes out all the same, as message and hint."""
    yield from (TOLD[each] for each in made.told)
    if len(made.data) > slot.most_bytes:
        weight = math.ceil(len(made.data) / 1000)
        yield f"weighs {weight:,} KB, and its place allows {slot.most_bytes // 1000:,}", LIGHTER[made.suffix]


def _engine(raw: bytes) -> bytes:
    """Return what draws a picture, where that may be missing or change; nothing for one of pixels."""
    return f"resvg {version_of('resvg_py', 'resvg_py')} ".encode() if is_drawing(raw) else b""


def _made(root: Path, image: Image, slot: Slot, cache: Path) -> Made:
    """Return a picture made for ``slot``; from the cache when it was made before."""
    raw = _read(root, image.src)
    wanted = f"{VERSION} {slot.width}x{slot.height} {slot.most_bytes} {image.focus}"
    key = hashlib.sha256(wanted.encode() + b"\0" + _engine(raw) + raw).hexdigest()[:32]
    kept = next(iter(sorted(cache.glob(f"{key}.*"))), None) if cache.is_dir() else None
    if kept is not None and len(parts := kept.name.split(".")) >= 3:
        width, height = map(int, parts[1].split("x"))
        return Made(kept.read_bytes(), parts[-1], (width, height), tuple(parts[2:-1]))
    made = fitted(raw, slot, image.focus)
    name = ".".join((key, f"{made.size[0]}x{made.size[1]}", *made.told, made.suffix))
    write_atomic(cache / name, made.data)
    return made


def _stem(src: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in Path(src).stem.lower())
    return "-".join(filter(None, kept.split("-")))[:40] or "picture"


def fitted(raw: bytes, slot: Slot, focus: str = "") -> Made:
    """Return a picture made for ``slot``.

    It is turned as its EXIF says, cropped around ``focus``, reduced to twice the slot at most (never enlarged), in
    sRGB, as JPEG, or as PNG where something is transparent. A moving GIF stays as it is where nothing is cropped, but
    for comments; else its first picture stands for it. An SVG is as large as its slot lets it be, and cropped only
    around a ``focus`` that somebody chose.

    Raises:
        UnusableError: it is no picture, damaged, or too large.
    """
    if is_drawing(raw) and not focus:
        return _whole(raw, slot)
    from PIL import Image as Pillow  # noqa: PLC0415 - 40 ms, for new pictures only
    from PIL import ImageOps  # noqa: PLC0415

    seen = _seen(raw, slot)
    width, height = _shape(seen.pixels.size, slot)
    goes_on = seen.format == "GIF" and seen.several and (width, height) == seen.pixels.size
    told = tuple(_about(seen, goes_on))
    if goes_on:
        from newsletter.render.gif import bare  # noqa: PLC0415 - seldom

        return Made(bare(raw), "gif", _shown(seen.pixels.size, slot), told)
    wide = min(2 * slot.width, width)
    size = (wide, max(round(wide * height / width), 1))
    pixels = ImageOps.fit(seen.pixels, size, Pillow.Resampling.LANCZOS, centering=_centre(focus))
    data, suffix = _encoded(pixels, slot.most_bytes)
    return Made(data, suffix, _shown(pixels.size, slot), told)


def _whole(raw: bytes, slot: Slot) -> Made:
    """Return all of a drawing, within its slot."""
    from newsletter.render.svg import drawn  # noqa: PLC0415 - seldom

    seen = drawn(raw, slot, whole=True)
    data, suffix = _encoded(seen.pixels, slot.most_bytes)
    width, height = (max(1, round(side / 2)) for side in seen.pixels.size)
    return Made(data, suffix, (width, height), tuple(_about(seen, goes_on=False)))


def _seen(raw: bytes, slot: Slot) -> Opened:
    if not is_drawing(raw):
        return opened(raw)
    from newsletter.render.svg import drawn  # noqa: PLC0415 - seldom

    return drawn(raw, slot)


def _about(seen: Opened, goes_on: bool) -> Iterator[str]:
    """Yield what is to be told (of TOLD) of a file that has more than the one picture."""
    if seen.several and seen.format == "TIFF":
        yield "pages"
    elif seen.several:
        if not goes_on:
            yield "still"
        if _is_blank(seen.pixels):
            yield "blank"


def _is_blank(pixels: Pixels) -> bool:
    bands = [band.getextrema() for band in pixels.split()]
    return all(least == most for least, most in bands) or (pixels.mode == "RGBA" and bands[3][1] == 0)


def _encoded(pixels: Pixels, most: int) -> tuple[bytes, str]:
    """Return a picture as PNG where something is transparent, else as JPEG of ``most`` bytes where that can be."""
    written = io.BytesIO()
    if pixels.mode == "RGBA" and any(pixels.getchannel("A").histogram()[:255]):
        pixels.save(written, "PNG", optimize=True)
        return written.getvalue(), "png"
    for quality in QUALITIES:
        written = io.BytesIO()
        pixels.convert("RGB").save(written, "JPEG", quality=quality, optimize=True, progressive=True)
        if written.tell() <= most:
            break
    return written.getvalue(), "jpg"


def _shape(size: tuple[int, int], slot: Slot) -> tuple[int, int]:
    """Return the size of the largest part of a picture that has the slot's shape."""
    width, height = size
    if slot.height is None:
        return width, min(height, round(width * TALLEST))
    if width * slot.height > height * slot.width:
        return max(1, round(height * slot.width / slot.height)), height
    return width, max(1, round(width * slot.height / slot.width))


def _shown(size: tuple[int, int], slot: Slot) -> tuple[int, int]:
    """Return the size at which a picture is shown: the slot's width, or its own where that is less."""
    width = min(slot.width, size[0])
    return width, max(1, round(width * size[1] / size[0]))


def _centre(focus: str) -> tuple[float, float]:
    match = FOCUS_PATTERN.fullmatch(focus)
    if match and match[1]:
        return int(match[1]) / 100, int(match[2]) / 100
    return SHIFTS.get(focus, (0.5, 0.5))
