"""Pictures of an edition: each made for its place in the theme, named by its content, kept until it changes.

Only files of the workspace are read, and nothing is fetched. Pillow is imported only when a picture was not made
before. What a picture holds besides (where it was taken, by which camera) does not leave the workspace.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.content import safe_url
from newsletter.files import write_atomic
from newsletter.model import FOCUS_PATTERN, Edition, Image, Item, Picture
from newsletter.render.theme import Theme
from newsletter.render.themefile import Slot

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

FOLDER = "images"
"""Where a build keeps an issue's pictures."""
VERSION = "1"
"""Of what is made of a picture; another one makes every picture anew."""
MAX_BYTES = 40 << 20
"""Largest file, in bytes."""
MOST_FRAMES = 500
"""So many of a moving picture are looked at."""
MAX_SIDE = 16_000
MAX_PIXELS = 80_000_000
"""Largest picture, in pixels: what is larger is a mistake or an attack."""
TOO_LARGE = "make it smaller: 1,200 pixels are enough"
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF")
"""What is read; Pillow knows many more, and some of them start other programs."""
TALLEST = 1.25
"""Height to width of a picture in a place without a height: more is cropped."""
HEAVY = 1_000_000
"""Bytes of a picture that a reader waits for."""
QUALITY = 82
"""Of JPEG, 1 to 95."""
SHIFTS = {"left": (0.0, 0.5), "right": (1.0, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0)}


class UnusableError(Exception):
    """A picture that cannot be used; its words say why, and ``hint`` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(slots=True)
class Pictures:
    """The pictures of an edition, by item; their files by name; and what is wrong, as (item, message, hint)."""

    by_item: dict[str, Picture] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def prepare(edition: Edition, theme: Theme, root: Path, cache: Path) -> Pictures:
    """Make the pictures of an edition.

    Args:
        edition: whose items have images.
        theme: has a slot for the layouts that show pictures.
        root: folder of the workspace; no file outside it is read.
        cache: folder for what was made before.
    """
    found = Pictures()
    for item, slot in _wanted(edition, theme):
        image = item.image
        if image is None:
            continue
        if image.alt is None:
            found.problems.append((item.id, "its picture has no 'alt'", "write what it shows; alt: '' for decoration"))
        try:
            if "://" in image.src:
                found.by_item[item.id] = _remote(image, slot)
            else:
                name, data, (width, height) = _made(root, image, slot, cache)
                found.files[name] = data
                if len(data) > HEAVY:
                    told = f"its picture weighs {len(data) / 1e6:.1f} MB, and readers wait for it"
                    found.problems.append((item.id, told, "make it smaller; a moving one goes out as it is"))
                page = f"{FOLDER}/{name}"
                base = edition.publication.base_url if edition.publication.images == "hosted" else None
                src = f"{base.rstrip('/')}/{edition.path}/{page}" if base else page
                found.by_item[item.id] = Picture(src, page, width, height, image.alt or "", image.credit)
        except UnusableError as error:
            found.problems.append((item.id, f"its picture '{image.src[:80]}' {error}", error.hint))
    return found


def sources(edition: Edition, theme: Theme, root: Path) -> dict[str, str]:
    """Return a hash for each picture file that the edition reads, by its name; '' for one that cannot be read."""
    hashes: dict[str, str] = {}
    for item, _ in _wanted(edition, theme):
        if item.image and "://" not in item.image.src:
            try:
                hashes[item.image.src] = hashlib.sha256(_read(root, item.image.src)).hexdigest()
            except UnusableError:
                hashes[item.image.src] = ""
    return hashes


def _wanted(edition: Edition, theme: Theme) -> Iterator[tuple[Item, Slot]]:
    """Yield the items that have an image and a place for it."""
    slots = theme.file.images
    if edition.lead and edition.lead.image and "lead" in slots:
        yield edition.lead, slots["lead"]
    for section in edition.sections:
        slot = slots.get("columns" if section.columns > 1 and section.layout == "cards" else section.layout)
        for item in (*section.items, *section.overflow):
            if item.image and slot:
                yield item, slot


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
        raise UnusableError("does not exist", f"it is looked for in {root.name}/, the workspace") from None
    except OSError as error:
        raise UnusableError(f"cannot be read: {error.strerror or error}") from None
    if not raw:
        raise UnusableError("is an empty file")
    if len(raw) > MAX_BYTES:
        raise UnusableError(f"is larger than {MAX_BYTES >> 20} MiB", TOO_LARGE)
    return raw


def _made(root: Path, image: Image, slot: Slot, cache: Path) -> tuple[str, bytes, tuple[int, int]]:
    """Return name, bytes and shown size of a picture made for ``slot``; from the cache when it was made before."""
    raw = _read(root, image.src)
    wanted = f"{VERSION} {slot.width}x{slot.height} {image.focus}"
    key = hashlib.sha256(wanted.encode() + b"\0" + raw).hexdigest()[:32]
    kept = next(iter(sorted(cache.glob(f"{key}.*"))), None) if cache.is_dir() else None
    if kept is not None and len(parts := kept.name.split(".")) == 3:
        data, (width, height), suffix = kept.read_bytes(), map(int, parts[1].split("x")), parts[2]
    else:
        data, suffix, (width, height) = fitted(raw, slot, image.focus)
        write_atomic(cache / f"{key}.{width}x{height}.{suffix}", data)
    return f"{_stem(image.src)}-{hashlib.sha256(data).hexdigest()[:12]}.{suffix}", data, (width, height)


def _stem(src: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in Path(src).stem.lower())
    return "-".join(filter(None, kept.split("-")))[:40] or "picture"


def fitted(raw: bytes, slot: Slot, focus: str = "") -> tuple[bytes, str, tuple[int, int]]:
    """Return a picture made for ``slot``, its suffix, and the size at which it is shown, in CSS pixels.

    It is turned as its EXIF says, cropped around ``focus``, reduced to twice the slot at most (never enlarged),
    in sRGB, as JPEG, or as PNG where something is transparent. A moving GIF stays as it is where nothing is cropped,
    else its first picture stands for it.

    Raises:
        UnusableError: it is no picture, damaged, or too large.
    """
    from PIL import Image as Pillow  # noqa: PLC0415 - 40 ms, for new pictures only
    from PIL import ImageOps, UnidentifiedImageError  # noqa: PLC0415

    if raw[:1024].lstrip()[:1] == b"<" and b"<svg" in raw[:4096].lower():
        raise UnusableError("is an SVG, which mail programs do not show", "export it as PNG")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged EXIF, say, which is left out anyway
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            pixels, moving = _opened(raw)
    except UnidentifiedImageError:
        raise UnusableError("is no picture that can be read", "use JPEG, PNG, WebP, AVIF or GIF") from None
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        raise UnusableError(f"has more than {MAX_PIXELS:,} pixels", TOO_LARGE) from None
    except (OSError, SyntaxError, ValueError) as error:
        raise UnusableError(f"is damaged: {error}", "export it again") from None
    shape = _shape(pixels.size, slot)
    if moving and slot.height is None and shape == pixels.size:
        return raw, "gif", _shown(pixels.size, slot)
    size = (min(2 * slot.width, shape[0]), round(min(2 * slot.width, shape[0]) * shape[1] / shape[0]))
    pixels = ImageOps.fit(pixels, (size[0], max(size[1], 1)), Pillow.Resampling.LANCZOS, centering=_centre(focus))
    written = io.BytesIO()
    if pixels.mode == "RGBA" and any(pixels.getchannel("A").histogram()[:255]):
        pixels.save(written, "PNG", optimize=True)
        return written.getvalue(), "png", _shown(pixels.size, slot)
    pixels.convert("RGB").save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue(), "jpg", _shown(pixels.size, slot)


def _opened(raw: bytes) -> tuple[Pixels, bool]:
    """Return a picture as it should be seen, and whether it moves."""
    from PIL import Image as Pillow  # noqa: PLC0415
    from PIL import ImageOps  # noqa: PLC0415

    with Pillow.open(io.BytesIO(raw), formats=FORMATS) as opened:
        if max(opened.size) > MAX_SIDE or opened.width * opened.height > MAX_PIXELS:
            raise UnusableError(f"has {opened.width:,} × {opened.height:,} pixels", TOO_LARGE)
        moving = opened.format == "GIF" and bool(getattr(opened, "is_animated", False))
        for number in reversed(range(min(getattr(opened, "n_frames", 1), MOST_FRAMES)) if moving else range(1)):
            opened.seek(number)
            opened.load()  # every one of them, or a half would pass for a whole
        return _srgb(ImageOps.exif_transpose(opened)), moving


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


def _srgb(pixels: Pixels) -> Pixels:
    """Return a picture in sRGB, as RGB or RGBA, without anything else that its file held."""
    from PIL import ImageCms  # noqa: PLC0415

    if pixels.mode == "F":
        raise UnusableError("has brightness in fractions, as measurements have", "export it as PNG of 8 bits")
    if pixels.mode.startswith("I"):  # 16 bits a pixel: the eight that count most
        pixels = pixels.convert("I").point(lambda value: value / 256).convert("L")
    profile = pixels.info.get("icc_profile")
    transparent = pixels.mode in ("RGBA", "LA", "PA") or "transparency" in pixels.info
    if profile and pixels.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(pixels, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            pixels = converted or pixels
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile says nothing about the colours
    return pixels.convert("RGBA" if transparent else "RGB")


def _centre(focus: str) -> tuple[float, float]:
    match = FOCUS_PATTERN.fullmatch(focus)
    if match and match[1]:
        return int(match[1]) / 100, int(match[2]) / 100
    return SHIFTS.get(focus, (0.5, 0.5))
