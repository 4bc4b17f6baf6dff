"""A picture's file read as pixels, or why it cannot be."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

MOST_FRAMES = 500
"""So many of a moving picture are looked at."""
MAX_SIDE = 16_000
MAX_PIXELS = 80_000_000
"""Largest picture, in pixels: what is larger is a mistake or an attack."""
MAX_MOVING = 5 * MAX_PIXELS
"""The same for all pictures of a moving one."""
TOO_LARGE = "make it smaller: 1,200 pixels are enough"
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF")
"""What is read; Pillow knows many more, and some of them start other programs."""
SEVERAL = ("GIF", "PNG", "WEBP", "AVIF", "TIFF")
"""What moves, or has pages. A camera's JPEG has a second picture too (MPO), which nobody is meant to see."""
DAMAGED = (OSError, SyntaxError, ValueError, LookupError, EOFError, RuntimeError, struct.error)
"""What Pillow raises for files with mistakes in them."""
GZIP = b"\x1f\x8b"


class UnusableError(Exception):
    """A picture that cannot be used; its words say why, and ``hint`` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Opened:
    """The first picture of a file as it should be seen, in RGB or RGBA; the file's format; whether there are more."""

    pixels: Pixels
    format: str
    several: bool


def is_drawing(raw: bytes) -> bool:
    """Say whether a file is XML, maybe compressed, as SVG is. What its name ends with does not matter."""
    head = raw[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith((b"<", b"\xff\xfe", b"\xfe\xff", GZIP))


def opened(raw: bytes, formats: tuple[str, ...] = FORMATS) -> Opened:
    """Read a picture: turned as its EXIF says, in sRGB, without anything else that its file holds.

    Raises:
        UnusableError: it is no picture, damaged, or too large.
    """
    from PIL import Image as Pillow  # noqa: PLC0415 - 40 ms, for new pictures only
    from PIL import UnidentifiedImageError  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged EXIF, say, which is left out anyway
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            return _opened(raw, formats)
    except UnidentifiedImageError:
        raise UnusableError("is no picture that can be read", "use JPEG, PNG, WebP, AVIF, GIF or SVG") from None
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        raise UnusableError(f"has more than {MAX_PIXELS:,} pixels", TOO_LARGE) from None
    except DAMAGED as error:
        raise UnusableError(f"is damaged: {error}", "export it again") from None


def _opened(raw: bytes, formats: tuple[str, ...]) -> Opened:
    from PIL import Image as Pillow  # noqa: PLC0415
    from PIL import ImageOps  # noqa: PLC0415

    with Pillow.open(io.BytesIO(raw), formats=formats) as file:
        if max(file.size) > MAX_SIDE or file.width * file.height > MAX_PIXELS:
            raise UnusableError(f"has {file.width:,} × {file.height:,} pixels", TOO_LARGE)
        several = file.format in SEVERAL and bool(getattr(file, "is_animated", False))
        moving = several and file.format == "GIF"
        frames = min(getattr(file, "n_frames", 1), MOST_FRAMES) if moving else 1
        if moving and frames * file.width * file.height > MAX_MOVING:
            raise UnusableError(f"moves through more than {MAX_MOVING:,} pixels", TOO_LARGE)
        for number in (*range(1, frames), 0):
            file.seek(number)
            file.load()  # every one of them, or a half would pass for a whole
        return Opened(_srgb(ImageOps.exif_transpose(file)), file.format or "", several)


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
