"""SVG files drawn as pixels: only what stands in the file itself, and within bounds of time and memory.

resvg, which draws, reads local files that an SVG names, and can be made to take any time and memory. So it gets no
more than what was looked at here, in a process of its own (:mod:`newsletter.render.resvg`).
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from typing import Any

from newsletter.render import resvg
from newsletter.render.reading import GZIP, MAX_PIXELS, MAX_SIDE, TOO_LARGE, Opened, UnusableError, opened
from newsletter.render.themefile import TALLEST, Slot
from newsletter.versions import version_of

Element = Any
"""Of lxml, which has no types."""

MAX_BYTES = 5 << 20
"""Largest file, in bytes, uncompressed."""
MOST_ELEMENTS = 50_000
"""So many may be drawn, counting what is drawn again by reference. A detailed map has ten thousand."""
MOST_ATTRIBUTES = 250
"""Of an element: lxml looks through all of them for each."""
MOST_DEEP = 100
"""So many may be one within the other, by reference too: resvg's stack overflows at some hundred."""
WAIT = 4 * resvg.SECONDS
"""Seconds until drawing is given up, on a busy machine or where CPU time has no limit (Windows)."""

SVG, XLINK, XHTML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"
HREF = ("href", f"{{{XLINK}}}href", "src")
MOVING = frozenset(("animate", "animateColor", "animateMotion", "animateTransform", "mpath", "set"))
"""Elements that move others (SMIL); what they name is not drawn in their place."""
URL = re.compile(r"""url\(("[^"]*"|'[^']*'|[^()]*)\)""", re.IGNORECASE)
IMPORT = re.compile(r"@import[^;]*", re.IGNORECASE)
FONT = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
RASTER = re.compile(r"data:image/(?:png|jpe?g|gif|webp)(?:;[^,;]*)*;base64,(.*)", re.IGNORECASE | re.DOTALL)
EMBEDDED = ("PNG", "JPEG", "GIF", "WEBP")
LENGTH = re.compile(r"\s*([0-9]*[.]?[0-9]+(?:e[+-]?[0-9]{1,3})?)\s*(px|pt|pc|mm|cm|in)?\s*", re.IGNORECASE)
PIXELS = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""Units to CSS pixels."""
ADVICE = re.compile(r",? (?:use|see) [xX][mM][lL]\w+(?: option|\.)?")
"""For who writes programs with libxml2."""
AS_PNG = "export it as PNG"
SIMPLER = f"simplify it, or {AS_PNG}"
AGAIN = f"export it again, or {AS_PNG}"
ONE_FILE = "put all that it needs into the file itself, or export it as PNG"


def drawn(raw: bytes, slot: Slot, *, whole: bool = False) -> Opened:
    """Return an SVG as pixels that fill ``slot`` at twice its size; those of a ``whole`` one do not go beyond it.

    Raises:
        UnusableError: it is no SVG, damaged, needs more than its file, has text, is too large, or cannot be drawn.
    """
    root = _parsed(_plain(raw))
    if version_of("resvg_py", "resvg_py") == "missing":
        raise UnusableError(
            "is an SVG, and resvg-py, which draws it, is not installed",
            "pip install 'enewsupdate[svg]', or export it as PNG",
        )
    _prefer_alternatives(root)
    for element in root.iter(f"{{{SVG}}}*", f"{{{XHTML}}}*"):
        _check(element)
    _check_pictures(root)
    _check_extent(root)
    _fit(root, slot, whole)
    pixels = opened(_rasterised(root)).pixels
    if pixels.mode == "RGBA" and not pixels.getchannel("A").getbbox():
        raise UnusableError("shows nothing", f"look at it in a browser, and {AS_PNG}")
    return Opened(pixels, "SVG", any(map(_moves, root.iter(f"{{{SVG}}}*"))))


def _plain(raw: bytes) -> bytes:
    """Return the XML of a file that may be compressed (.svgz)."""
    if raw.startswith(GZIP):
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            raw = unpacking.decompress(raw, MAX_BYTES + 1)
        except zlib.error as error:
            raise UnusableError(f"is damaged: {error}", "export it again") from None
        if len(raw) <= MAX_BYTES and not unpacking.eof:
            raise UnusableError("is damaged: it ends too early", "export it again")
    if len(raw) > MAX_BYTES:
        raise UnusableError(f"is an SVG of more than {MAX_BYTES >> 20} MiB", SIMPLER)
    if raw.count(b"<") > 2 * MOST_ELEMENTS:
        raise UnusableError(f"has more than {MOST_ELEMENTS:,} elements", SIMPLER)
    return raw


def _parsed(xml: bytes) -> Element:
    """Return the root of an SVG. No entity is replaced, no DTD loaded, nothing fetched."""
    from lxml import etree  # noqa: PLC0415 - 10 ms, for new drawings only

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(xml.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        if b"<svg" not in xml:
            raise UnusableError("is no picture that can be read", "use JPEG, PNG, WebP, AVIF, GIF or SVG") from None
        told = ADVICE.sub("", error.msg or "")
        raise UnusableError(f"is an SVG with a mistake: {told[:100]}", AGAIN) from None
    if root.tag != f"{{{SVG}}}svg":
        named = etree.QName(root).localname
        why = f'is an SVG without xmlns="{SVG}"' if named == "svg" else f"is no SVG, but <{named[:40]}>"
        raise UnusableError(why, AS_PNG)
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and (b"<!ATTLIST" in xml or next(dtd.iterentities(), None) is not None):
        raise UnusableError("has definitions in its DOCTYPE, which are not read", f"save it as plain SVG, or {AS_PNG}")
    for node in root.itersiblings(etree.ProcessingInstruction, preceding=True):
        if node.target == "xml-stylesheet":
            raise UnusableError(f"refers to '{node.get('href', '')[:80]}', which is not read", ONE_FILE)
    return root


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _prefer_alternatives(root: Element) -> None:
    """Remove HTML where there is something else to draw in its place, as every reader of SVG without HTML does."""
    for html in list(root.iter(f"{{{SVG}}}foreignObject")):
        parent = html.getparent()
        if parent is not None and _name(parent) == "switch" and len(parent) > 1:
            parent.remove(html)


def _check(element: Element) -> None:
    """Raise :class:`UnusableError` where an element needs what is not in the file, or cannot be drawn everywhere."""
    name = _name(element)
    if len(element.attrib) > MOST_ATTRIBUTES:
        raise UnusableError(f"has an element with more than {MOST_ATTRIBUTES} attributes", AGAIN)
    if name == "script":
        raise UnusableError("has a script, which is not run", f"export it as plain SVG, or {AS_PNG}")
    if name == "foreignObject":
        raise UnusableError("has HTML within (foreignObject), which cannot be drawn", AS_PNG)
    if name in ("text", "flowRoot") and "".join(element.itertext()).strip():
        told = "".join(element.itertext()).split()
        raise UnusableError(
            f"has text ('{' '.join(told)[:40]}'), which would look different on each machine",
            "turn text into paths (in Inkscape: Path, Object to Path), or export it as PNG",
        )
    for target in _targets(element):
        if target and not target.startswith("#") and not RASTER.fullmatch(target):
            raise UnusableError(f"refers to '{target[:80]}', which is not read", ONE_FILE)


def _moves(element: Element) -> bool:
    return _name(element) in MOVING or (_name(element) == "style" and "@keyframes" in "".join(element.itertext()))


def _targets(element: Element) -> Iterator[str]:
    """Yield what an element draws besides itself: other elements (#id), and files. Links are none of it."""
    if _name(element) != "a":
        yield from (element.get(key).strip() for key in HREF if element.get(key) is not None)
    styles = [value for key, value in element.attrib.items() if not key.startswith("{")]
    if _name(element) == "style":
        rules = FONT.sub(" ", _without_comments("".join(element.itertext())))  # text is refused anyway
        yield from IMPORT.findall(rules)
        styles.append(rules)
    for style in styles:
        yield from (match[1].strip(" \t\r\n\"'") for match in URL.finditer(style))


def _without_comments(rules: str) -> str:
    first, *others = rules.split("/*")
    return " ".join((first, *(other.partition("*/")[2] for other in others)))


def _check_pictures(root: Element) -> None:
    """Raise :class:`UnusableError` for an embedded picture that cannot be read, or is too large."""
    pixels = 0
    for element in root.iter(f"{{{SVG}}}image", f"{{{SVG}}}feImage"):
        for match in filter(None, map(RASTER.fullmatch, _targets(element))):
            try:
                raw = base64.b64decode(re.sub(r"\s+", "", match[1]), validate=True)
                width, height = opened(raw, EMBEDDED).pixels.size
            except UnusableError as error:
                raise UnusableError(f"has a picture within that {error}", AS_PNG) from None
            except binascii.Error:
                raise UnusableError("has a picture within that is damaged", AS_PNG) from None
            pixels += width * height
            if pixels > MAX_PIXELS:
                raise UnusableError(f"has pictures within of more than {MAX_PIXELS:,} pixels", TOO_LARGE)


def _check_extent(root: Element) -> None:
    """Raise :class:`UnusableError` where references draw things too often, too deep, or without end."""
    elements = list(root.iter(f"{{{SVG}}}*"))  # held, for lxml makes new ones where nobody holds them
    by_id = {element.get("id"): element for element in reversed(elements)}
    extents: dict[Element, tuple[int, int] | None] = {}
    count, _ = _extent(root, by_id, extents, 1)
    if count > MOST_ELEMENTS:
        raise UnusableError(f"draws more than {MOST_ELEMENTS:,} elements", SIMPLER)


def _extent(
    element: Element, by_id: dict[str, Element], extents: dict[Element, tuple[int, int] | None], level: int
) -> tuple[int, int]:
    """Return how many elements are drawn for one, and how many are one within the other; None marks the way here."""
    if element in extents:
        known = extents[element]
        if known is None:
            raise UnusableError("draws itself within itself", AGAIN)
        return known
    extents[element] = None
    below = list(element.iterchildren(f"{{{SVG}}}*"))
    if _name(element) not in MOVING:
        below += [by_id[target[1:]] for target in _targets(element) if target[:1] == "#" and target[1:] in by_id]
    count, deep = 1, 1
    if level < MOST_DEEP:
        for each in below:
            more, deeper = _extent(each, by_id, extents, level + 1)
            count, deep = count + more, max(deep, deeper + 1)
    if deep > MOST_DEEP or (below and level >= MOST_DEEP):
        raise UnusableError(f"has more than {MOST_DEEP} elements one within the other", SIMPLER)
    extents[element] = count, deep
    return count, deep


def _fit(root: Element, slot: Slot, whole: bool) -> None:
    """Give an SVG the size at which it fills ``slot`` twice, or is within it: there is no end to its pixels."""
    box = _box(root.get("viewBox", ""))
    width, height = _size(root, box)
    ratio = width / height
    wide, high = 2.0 * slot.width, 2 * slot.width / ratio
    most = slot.height or round(slot.width * TALLEST)
    if high > 2 * most if whole else slot.height is not None and high < 2 * slot.height:
        wide, high = 2 * most * ratio, 2.0 * most
    if max(wide, high) > MAX_SIDE or min(wide, high) < 1:
        raise UnusableError(f"is {width:,g} × {height:,g} large, too long for its place", "crop it")
    root.set("width", str(math.ceil(wide - 1e-6)))
    root.set("height", str(math.ceil(high - 1e-6)))
    if box is None:
        root.set("viewBox", f"0 0 {width} {height}")
    if box is None or math.isclose(box[2] / box[3], ratio, rel_tol=0.01):
        root.set("preserveAspectRatio", "none")  # or the pixel that rounding adds would be half transparent


def _size(root: Element, box: tuple[float, float, float, float] | None) -> tuple[float, float]:
    """Return the size of an SVG in CSS pixels; what it does not say follows from its viewBox."""
    width, height = _length(root.get("width", "")), _length(root.get("height", ""))
    if box and width is None:
        width = box[2] if height is None else height * box[2] / box[3]
    if box and height is None and width is not None:
        height = width * box[3] / box[2]
    if not width or not height:
        raise UnusableError("has no size", "give its <svg> a viewBox, or width and height in pixels")
    return width, height


def _box(value: str) -> tuple[float, float, float, float] | None:
    try:
        left, top, width, height = map(float, value.replace(",", " ").split())
    except ValueError:
        return None
    fine = all(map(math.isfinite, (left, top, width, height))) and min(width, height) > 0
    return (left, top, width, height) if fine else None


def _length(value: str) -> float | None:
    """Return a length in CSS pixels; None for one that depends on something else (100%)."""
    match = LENGTH.fullmatch(value) if len(value) < 40 else None
    return float(match[1]) * PIXELS[(match[2] or "px").lower()] if match else None


def _rasterised(root: Element) -> bytes:
    """Return an SVG as PNG."""
    from lxml import etree  # noqa: PLC0415

    xml: bytes = etree.tostring(root, encoding="utf-8", with_tail=False)
    too_much = UnusableError("takes more time or memory to draw than a picture should", SIMPLER)
    try:
        done = subprocess.run(
            [sys.executable, "-P", resvg.__file__], input=xml, capture_output=True, timeout=WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise too_much from None
    if done.returncode < 0:  # stopped by its limits, or by resvg itself
        raise too_much
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise UnusableError(f"cannot be drawn: {told[:200]}", AS_PNG)
    return done.stdout
