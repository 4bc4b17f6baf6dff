"""Drawings: sharp at every size, the same on every machine, and nothing in them reads, reaches out, or runs away."""

from __future__ import annotations

import base64
import gzip
import io
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run
from PIL import Image

from newsletter.render.images import fitted
from newsletter.render.reading import UnusableError
from newsletter.render.themefile import Slot

CARD, FREE, FACE = Slot(width=528, height=297), Slot(width=528), Slot(width=64, height=64)
XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
GROUND = '<rect width="100%" height="100%" fill="#ff0000"/>'
"""Red all over."""


def svg(body: str = GROUND, attributes: str = 'viewBox="0 0 160 90"', before: str = "") -> bytes:
    return f"{before}<svg {XMLNS} {attributes}>{body}</svg>".encode()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png(size: tuple[int, int] = (4, 4), colour: str = "blue", form: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, form)
    return written.getvalue()


def embedded(raw: bytes, kind: str = "png") -> str:
    return f'<image width="160" height="90" preserveAspectRatio="none" href="data:image/{kind};base64,{base64.b64encode(raw).decode()}"/>'


@pytest.mark.parametrize(
    ("attributes", "slot", "pixels", "shown"),
    [
        ('viewBox="0 0 16 9"', CARD, (1056, 594), (528, 297)),  # enlarged, unlike a picture of pixels
        ('viewBox="0 0 1600 900"', CARD, (1056, 594), (528, 297)),
        ('viewBox="0 0 30 10"', CARD, (1056, 352), (528, 176)),  # whole
        ('viewBox="0 0 10 30"', CARD, (198, 594), (99, 297)),
        ('viewBox="0 0 10 30"', FACE, (43, 128), (22, 64)),
        ('viewBox="0 0 3 2"', FREE, (1056, 704), (528, 352)),
        ('viewBox="0 0 1e-3 2e-3"', FREE, (660, 1320), (330, 660)),  # no picture is a tower
        ('viewBox="-5,-5 7.77,3.3"', FREE, (1056, 449), (528, 224)),
        ('width="30" height="20"', FREE, (1056, 704), (528, 352)),
        ('width="30mm" height="2cm"', FREE, (1056, 704), (528, 352)),
        ('width="100%" height="100%" viewBox="0 0 3 2"', FREE, (1056, 704), (528, 352)),
        ('width="30" viewBox="0 0 3 2"', FREE, (1056, 704), (528, 352)),
        ('height="30" viewBox="0 0 3 2"', FREE, (1056, 704), (528, 352)),
        ('width="3e30" height="2e30" viewBox="0 0 3 2"', FREE, (1056, 704), (528, 352)),
        ('width="3" height="2" viewBox="0 0 0 0"', FREE, (1056, 704), (528, 352)),
        ('width="3" height="2" style="width: 90000px; height: 9px"', FREE, (1056, 704), (528, 352)),
    ],
)
def test_a_drawing_is_as_large_as_its_place_lets_it_be_at_twice_its_size(
    attributes: str, slot: Slot, pixels: tuple[int, int], shown: tuple[int, int]
) -> None:
    made = fitted(svg(f'{GROUND}<rect x="-9" y="-9" width="2000" height="2000" fill="red"/>', attributes), slot)
    assert (opened(made.data).size, made.size, made.suffix) == (pixels, shown, "jpg")  # and is opaque up to its edge


def test_a_drawing_is_cropped_around_a_focus_only() -> None:
    raw = svg(GROUND + '<rect x="160" width="160" height="40" fill="#0000ff"/>', 'viewBox="0 0 320 40"')
    ends = [fitted(raw, FACE, focus) for focus in ("left", "right")]
    assert [opened(made.data).getpixel((64, 64))[0] > 200 for made in ends] == [True, False]
    assert {made.size for made in ends} == {(64, 64)}
    whole = fitted(raw, FACE)
    assert whole.size == (64, 8)
    assert [opened(whole.data).getpixel((x, 8))[0] > 200 for x in (2, 126)] == [True, False]


def test_what_is_transparent_stays_so_and_the_same_drawing_gives_the_same_bytes() -> None:
    raw = svg('<circle cx="80" cy="45" r="40" fill="red"/>')
    made = fitted(raw, CARD)
    assert (made.suffix, made.told) == ("png", ())
    assert [opened(made.data).getpixel(point) for point in ((0, 0), (528, 297))] == [(0, 0, 0, 0), (255, 0, 0, 255)]
    assert fitted(raw, CARD) == made


def test_a_drawing_of_another_shape_than_its_size_stands_in_the_middle() -> None:
    made = fitted(svg(attributes='width="20" height="10" viewBox="0 0 10 10"'), FREE)
    picture = opened(made.data)
    assert picture.size == (1056, 528)
    assert [picture.getpixel((x, 264))[3] for x in (100, 528, 956)] == [0, 255, 0]


SWITCH = (
    '<switch><foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">Hi <img src="https://x/a"/></p>'
    f"</foreignObject>{GROUND}</switch>"
)


@pytest.mark.parametrize(
    "raw",
    [
        svg(f'<a href="https://example.org/" xlink:href="https://example.org/">{GROUND}</a>'),
        svg(f"<title>A title</title><desc>And more</desc>{GROUND}<text> </text>"),
        svg('<rect width="100%" height="100%" onclick="alert(1)" fill="red"/>', 'viewBox="0 0 1 1" onload="alert(1)"'),
        svg(SWITCH),
        svg(f"<style>@font-face {{font-family: A; src: url(https://x/a.woff)}} /* url(a.png) */</style>{GROUND}"),
        svg(f'<metadata><r:a xmlns:r="urn:r" r:resource="http://x/" r:href="http://x/"/></metadata>{GROUND}'),
        svg('<g id="a"><rect id="b" width="100%" height="100%" fill="red"/></g><use href="#b"/><use xlink:href="#a"/>'),
        svg('<linearGradient id="g"><stop stop-color="red"/></linearGradient><path d="M0,0h160v90h-160" fill="url( \'#g\')"/>'),
        svg(f'{GROUND}<image href=""/>'),
        svg(embedded(png(colour="red"))),
        svg(embedded(png(colour="red", form="JPEG"), "jpeg")),
        svg(embedded(png(colour="red", form="WEBP"), "webp")),
        svg(before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'),
        svg(before='\n<?xml version="1.0" encoding="utf-8"?><!-- made by hand --><?pi?>'),
        svg(before="<!--" + "x" * 10_000 + "-->"),
        b"\xef\xbb\xbf" + svg(),
        svg(before='<?xml version="1.0" encoding="utf-16"?>').decode().encode("utf-16"),
        gzip.compress(svg(), mtime=0),
        svg().replace(b"<", b"<s:").replace(b"<s:/", b"</s:").replace(b"xmlns=", b"xmlns:s="),
    ],
)  # fmt: skip
def test_what_does_no_harm_is_drawn(raw: bytes) -> None:
    made = fitted(raw, FACE)
    assert (made.suffix, made.told) == ("jpg", ())
    assert opened(made.data).getpixel((64, 64))[0] > 200


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('<image href="https://x.example/a.png"/>', "https://x.example/a.png"),
        ('<image xlink:href="//x.example/a.png"/>', "//x.example/a.png"),
        ('<image href=" a.png"/>', "a.png"),
        ('<image href="/etc/passwd"/>', "/etc/passwd"),
        ('<image href="file:///etc/passwd"/>', "file:///etc/passwd"),
        ('<filter id="f"><feImage href="a.png"/></filter>', "a.png"),
        ('<use href="other.svg#a"/>', "other.svg#a"),
        ('<use xlink:href="https://x.example/a.svg#a"/>', "https://x.example/a.svg#a"),
        ('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', "data:image/svg+xml;base64,PHN2Zy8+"),
        ('<image href="data:text/plain,a"/>', "data:text/plain,a"),
        ('<image href="data:image/png,a"/>', "data:image/png,a"),
        ('<image src="a.png"/>', "a.png"),
        ('<rect fill="url(a.svg#a)"/>', "a.svg#a"),
        ("<rect style=\"fill:red;mask:URL( 'https://x/a.svg#m' )\"/>", "https://x/a.svg#m"),
        ("<style>rect { filter: url(https://x/f#f) }</style>", "https://x/f#f"),
        ("<style>@import url('https://x/a.css'); rect {fill: red}</style>", "@import url('https://x/a.css')"),
        ('<style>@import "a.css";</style>', '@import "a.css"'),
        ("<style>/* /* */ @import 'b.css'; /* */</style>", "@import 'b.css'"),
        ('<link xmlns="http://www.w3.org/1999/xhtml" rel="stylesheet" href="a.css"/>', "a.css"),
    ],
)
def test_what_stands_elsewhere_is_named_and_not_read(body: str, named: str) -> None:
    with pytest.raises(UnusableError, match=re.escape(f"refers to '{named}', which is not read")):
        fitted(svg(GROUND + body), CARD)


def test_a_stylesheet_beside_the_file_is_named() -> None:
    with pytest.raises(UnusableError, match=re.escape("refers to 'a.css', which is not read")):
        fitted(svg(before='<?xml-stylesheet type="text/css" href="a.css"?>'), CARD)


@pytest.mark.parametrize(
    "dtd",
    [
        '<!ENTITY a SYSTEM "{secret}">',
        '<!ENTITY % a SYSTEM "{secret}"> %a;',
        '<!ENTITY a "a.png">',
        '<!ATTLIST image href CDATA "{secret}">',
    ],
)
def test_no_file_of_the_machine_comes_into_a_picture(tmp_path: Path, dtd: str) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    raw = svg('<image width="160" height="90"/>&a;' if "ENTITY a" in dtd else '<image width="160" height="90"/>')
    with pytest.raises(UnusableError, match="has definitions in its DOCTYPE"):
        fitted(f"<!DOCTYPE svg [{dtd.format(secret=secret)}]>".encode() + raw, CARD)


def chain(kind: str, uses: Callable[[str], str], levels: int = 12, times: int = 10) -> bytes:
    """Draw something ``times`` to the power of ``levels``."""
    parts = [f'<{kind} id="a0"><path d="M0,0h9v9z"/></{kind}>']
    parts += [f'<{kind} id="a{level}">{uses(f"#a{level - 1}") * times}</{kind}>' for level in range(1, levels)]
    return svg(f"<defs>{''.join(parts)}</defs>{uses(f'#a{levels - 1}')}")


def zeros(width: int, height: int) -> bytes:
    """Return a black PNG, of next to no bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes((width + 1) * height)))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"")


LAUGHS = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (chain("g", lambda target: f'<use href="{target}"/>'), "draws more than 50,000 elements"),
        (chain("mask", lambda target: f'<path d="M0,0h9v9z" mask="url({target})"/>'), "draws more than 50,000"),
        (chain("pattern", lambda target: f'<path d="M0,0h9v9z" style="fill:url({target})"/>'), "draws more than"),
        (chain("g", lambda target: f'<use href="{target}"/>', 200, 1), "more than 100 elements one within the other"),
        (svg("<g>" * 120 + GROUND + "</g>" * 120), "has more than 100 elements one within the other"),
        (svg("<g>" * 1000), "is an SVG with a mistake: Excessive depth in document: 256"),
        (svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), "draws itself within itself"),
        (svg('<pattern id="a"><rect fill="url(#a)"/></pattern>'), "draws itself within itself"),
        (svg("<g/>" * 100_000), "has more than 50,000 elements"),
        (svg("<rect " + " ".join(f'a{number}="1"' for number in range(100_000)) + "/>"), "more than 250 attributes"),
        (svg("<style>" + "/*" * 3_000_000), "is an SVG of more than 5 MiB"),
        (gzip.compress(b" " * 90_000_000, mtime=0), "is an SVG of more than 5 MiB"),
        (svg('<text>&a11;</text><rect fill="&a11;"/>', before=f'<!DOCTYPE svg [<!ENTITY a0 "lol">{LAUGHS}]>'), "is an SVG with a mistake"),
        (svg(attributes='width="10" height="100000"'), "is 10 × 100,000 large, too long for its place"),
        (svg(attributes='width="1e99" height="1e-99"'), "too long for its place"),
        (svg(attributes='width="0" height="10"'), "has no size"),
        (svg(attributes='width="nan" height="inf" viewBox="0 0 nan inf"'), "has no size"),
        (svg(attributes='width="' + "1" * 1_000_000 + 'x" height="9"'), "has no size"),
        (svg(attributes='viewBox="0 0 -1 5"'), "has no size"),
        (svg(attributes=""), "has no size"),
        (svg('<rect style="' + "url(" * 1_000_000 + '"/>', ""), "has no size"),
        (svg('<rect style="url(' + " " * 4_000_000 + '"/>', ""), "has no size"),
        (svg("<style>" + "/*" * 2_000_000 + "</style>", ""), "has no size"),
        (svg("<style>" + "@font-face{" * 400_000 + "</style>", ""), "has no size"),
        (svg(embedded(zeros(8000, 8000)) * 2), "has pictures within of more than 80,000,000 pixels"),
        (svg(embedded(zeros(20_000, 10))), "has a picture within that has 20,000 × 10 pixels"),
        (svg(embedded(png()[:50])), "has a picture within that is damaged"),
        (svg(embedded(svg())), "has a picture within that is no picture that can be read"),
        (svg('<image href="data:image/png;base64,a"/>'), "has a picture within that is damaged"),
        (svg("<text>Hello <tspan>there</tspan></text>"), "has text ('Hello there'), which would look different"),
        (svg("<script>alert(1)</script>"), "has a script, which is not run"),
        (svg('<script href="https://x/a.js"/>'), "has a script, which is not run"),
        (svg("<foreignObject/>"), "has HTML within (foreignObject), which cannot be drawn"),
        (svg("<switch><foreignObject/></switch>"), "has HTML within (foreignObject), which cannot be drawn"),
        (svg(""), "shows nothing"),
        (svg('<rect width="9" height="9" fill="url(#none)"/>'), "shows nothing"),
        (svg()[:-8], "is an SVG with a mistake: "),
        (gzip.compress(svg(), mtime=0)[:-12], "is damaged: it ends too early"),
        (b"\x1f\x8b" + svg(), "is damaged: "),
        (gzip.compress(b"text", mtime=0), "is no picture that can be read"),
        (b"<svg/>", 'is an SVG without xmlns="http://www.w3.org/2000/svg"'),
        (b"<!doctype html><html><body><p>Hi</body></html>", "is no picture that can be read"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "is no SVG, but <html>"),
        (b"<", "is no picture that can be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_why(raw: bytes, told: str) -> None:
    with pytest.raises(UnusableError, match=re.escape(told)) as caught:
        fitted(raw, CARD)
    assert caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        '<filter id="f"><feTurbulence numOctaves="2000000000"/></filter><g filter="url(#f)">' + GROUND + "</g>",  # time
        pytest.param(  # memory
            f'<marker id="m">{GROUND * 1000}</marker><path marker-mid="url(#m)" d="M0,0{"h1v1" * 50_000}"/>',
            marks=pytest.mark.full,
        ),
    ],
)
def test_drawing_ends_in_bounds_and_takes_nothing_with_it(body: str) -> None:
    with pytest.raises(UnusableError, match="takes more time or memory to draw than a picture should"):
        fitted(svg(body), CARD)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<rect width="80" height="90"><animate attributeName="x" to="9" dur="1s"/></rect>', ("still",)),
        ('<style>@keyframes a {to {opacity: 0}} rect {animation: a 1s}</style><rect width="80" height="90"/>', ("still",)),
        (GROUND + '<set attributeName="x" to="9"/>', ("still", "blank")),
    ],
)  # fmt: skip
def test_a_drawing_that_moves_is_told(body: str, told: tuple[str, ...]) -> None:
    assert fitted(svg(body), CARD).told == told


# --- through the program


@pytest.fixture
def pictured(workspace: Path) -> Path:
    """The small workspace with a drawing at its first item."""
    (workspace / "images").mkdir()
    (workspace / "images/chart.svg").write_bytes(svg('<circle cx="80" cy="45" r="40" fill="red"/>'))
    set_image(workspace, "images/chart.svg")
    return workspace


def set_image(workspace: Path, name: str) -> None:
    path = workspace / "archive/2020/2020-03.yaml"
    text = re.sub("(?m)^  image: .*\n", "", path.read_text("utf-8"))
    image = f"  date: 2020-03-14\n  image: {{src: {name}, alt: A chart}}\n"
    path.write_text(text.replace("  date: 2020-03-14\n", image), "utf-8")


def test_a_drawing_goes_out_as_pixels_and_is_drawn_once(run: Run, pictured: Path) -> None:
    done = run("build", cwd=pictured)
    assert (done.code, done.stderr) == (0, "")
    (file,) = (pictured / "build/2020-03/images").iterdir()
    assert re.fullmatch(r"chart-[0-9a-f]{12}\.png", file.name)
    assert opened(file.read_bytes()).size == (1056, 594)
    assert "(unchanged)" in run("build", cwd=pictured).stdout
    command = [sys.executable, "-X", "importtime", "-m", "newsletter", "build", "--force"]
    forced = subprocess.run(command, cwd=pictured, capture_output=True, encoding="utf-8", check=True)
    assert "newsletter.render.images" in forced.stderr
    assert "newsletter.render.svg" not in forced.stderr


def test_what_a_file_holds_counts_and_not_its_name(run: Run, pictured: Path) -> None:
    (pictured / "images/chart.png").write_bytes((pictured / "images/chart.svg").read_bytes())
    (pictured / "images/photo.svg").write_bytes(png((600, 400)))
    for name, made in (("images/chart.png", "chart-.*png"), ("images/photo.svg", "photo-.*jpg")):
        set_image(pictured, name)
        assert run("build", cwd=pictured).stderr == ""
        (file,) = (pictured / "build/2020-03/images").iterdir()
        assert re.fullmatch(made, file.name)


def test_a_drawing_that_cannot_be_used_is_told_at_its_item(run: Run, pictured: Path) -> None:
    (pictured / "images/chart.svg").write_bytes(svg(GROUND + "<text>Total</text>"))
    done = run("build", cwd=pictured)
    assert done.code == 0
    assert re.search(
        r"note: archive/2020/2020-03\.yaml:5:16: 'a-bakery-becomes-a-cooperative': its picture 'images/chart\.svg' has text "
        r"\('Total'\), which would look different on each machine \(turn text into paths",
        done.stderr,
    )


def test_without_resvg_there_is_a_line_to_type_and_with_it_the_issue_is_built_anew(
    run: Run, pictured: Path, tmp_path: Path
) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without/sitecustomize.py").write_text("import sys\nsys.modules['resvg_py'] = None\n")
    paths = os.pathsep.join(filter(None, (str(tmp_path / "without"), os.environ.get("PYTHONPATH"))))
    done = run("build", cwd=pictured, env={"PYTHONPATH": paths})
    assert done.code == 0
    assert (
        "is an SVG, and resvg-py, which draws it, is not installed (pip install 'enewsupdate[svg]', or export it as PNG)"
        in done.stderr
    )
    done = run("build", cwd=pictured)
    assert (done.code, done.stderr) == (0, "")
    assert "(unchanged)" not in done.stdout
    assert list((pictured / "build/2020-03/images").iterdir())
