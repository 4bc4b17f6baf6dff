"""The mail as a document of its own within the proof: its pictures with it, and nothing that it could do."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

MOST_PICTURES = 2_000_000
"""Bytes of pictures that go into a proof. They are in it three times and half as large again, and mailboxes refuse
messages of 20 MB."""

STRIP = 1640
"""Height of a strip, in pixels of a phone: three stand beside each other on a sheet of A4."""

_PICTURE = re.compile(r"(<img\b[^>]*?\ssrc=)\"([^\"]*)\"", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_BODY = re.compile(r"<body\b([^>]*)>(.*)</body>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL | re.IGNORECASE)
_HIDDEN_FROM_ALL = re.compile(r"<!--\[if [^!].*?<!\[endif\]-->", re.DOTALL)
_TOGETHER = (
    "<style>h1,h2,h3,h4,tr:has(>td>:is(h2,h3):last-child){break-after:avoid}p{orphans:3;widows:3}"
    "img,.button{break-inside:avoid}</style>"
)
_KINDS = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A mail with its pictures in it; how many had no room, and how many stand elsewhere and are not fetched."""

    html: str
    left_out: int
    elsewhere: int


def embed(html: str, pictures: Mapping[str, bytes], most: int = MOST_PICTURES) -> Embedded:
    """Return a mail whose pictures are part of it, as ``data:`` addresses (RFC 2397). No other address is asked for.

    Args:
        html: the mail.
        pictures: by the last part of their address.
        most: bytes of pictures, each counted once; what comes after that is left out.
    """
    inside: dict[str, str] = {}
    left: set[str] = set()
    elsewhere: set[str] = set()
    used = 0

    def placed(match: re.Match[str]) -> str:
        nonlocal used
        name = match[2].rpartition("/")[2]
        data = pictures.get(name)
        if data is None:
            elsewhere.add(match[2])
            return f'{match[1]}""'
        if name not in inside and name not in left:
            if used + len(data) > most:
                left.add(name)
            else:
                used += len(data)
                inside[name] = f"data:{_kind(name)};base64,{base64.b64encode(data).decode('ascii')}"
        return f'{match[1]}"{inside.get(name, "")}"'

    return Embedded(_PICTURE.sub(placed, html), len(left), len(elsewhere))


def _kind(name: str) -> str:
    return _KINDS.get(name.rpartition(".")[2], "application/octet-stream")


def framed(html: str) -> str:
    """Return a mail for the ``srcdoc`` of a frame: links open in a window of their own, Outlook's part is left out."""
    html = _HIDDEN_FROM_ALL.sub("", html)
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)


def on_paper(html: str) -> str:
    """Return a mail as part of a page that is printed: a frame would be cut through the middle of a line.

    A tree of its own (``shadowrootmode``) keeps its styles from the page, and the page's from it.
    """
    html = _HIDDEN_FROM_ALL.sub("", html)
    body = _BODY.search(html)
    attributes, content = (body[1], body[2]) if body else ("", html)
    head = html[: body.start()] if body else ""
    styles = "".join(_STYLE.findall(head))
    return f'<template shadowrootmode="open">{styles}{_TOGETHER}<div{attributes}>{content}</div></template>'


def strips(picture: bytes, height: int = STRIP) -> list[str]:
    """Return a picture of a page cut into strips of that height at most, as ``data:`` addresses of JPEG.

    A cut goes where nothing stands, if such a place is near.
    """
    from PIL import Image  # noqa: PLC0415 - 40 ms, for a PDF only

    with Image.open(io.BytesIO(picture)) as opened:
        pixels = opened.convert("RGB")
    cut, found = 0, []
    while cut < pixels.height:
        end = _quiet_row(pixels, min(cut + height, pixels.height), max(cut + height // 2, cut + 1))
        written = io.BytesIO()
        pixels.crop((0, cut, pixels.width, end)).save(written, "JPEG", quality=85)
        found.append(f"data:image/jpeg;base64,{base64.b64encode(written.getvalue()).decode('ascii')}")
        cut = end
    return found


def _quiet_row(pixels: Pixels, end: int, begin: int) -> int:
    """Return the last row up to ``end`` that is of one colour in its middle; ``end`` where there is none."""
    margin = pixels.width // 8  # a ground beside the sheet may be of another colour
    for row in range(end, begin, -1) if end < pixels.height else ():
        bands = pixels.crop((margin, row - 1, pixels.width - margin, row)).getextrema()
        if all(isinstance(band, tuple) and band[0] == band[1] for band in bands):
            return row
    return end


def attribute(html: str) -> str:
    """Return text for an attribute in double quotes; what need not be escaped stays, for the sake of the size."""
    return html.replace("&", "&amp;").replace('"', "&quot;")
