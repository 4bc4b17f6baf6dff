"""Pictures of items: made for their place, safe to send, kept until they change, and never in the way of a build."""

from __future__ import annotations

import email
import email.policy
import io
import json
import random
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from conftest import Run
from PIL import Image, ImageCms, ImageDraw
from playwright.sync_api import Page

from newsletter.render.images import TOLD, Made, fitted
from newsletter.render.reading import UnusableError
from newsletter.render.themefile import Slot

CARD, FREE, FACE = Slot(width=528, height=297), Slot(width=528), Slot(width=64, height=64)


def drawn(size: tuple[int, int] = (1600, 1000), mode: str = "RGB") -> Image.Image:
    """Draw a picture whose quarters are red, green, blue and yellow, clockwise from the top left."""
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    width, height = size[0] // 2, size[1] // 2
    for x, y, colour in ((0, 0, "red"), (width, 0, "green"), (width, height, "blue"), (0, height, "yellow")):
        draw.rectangle((x, y, x + width, y + height), fill=colour)
    return picture.convert(mode)


def saved(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    return isinstance(pixel, tuple) and all(abs(a - b) < 30 for a, b in zip(pixel[:3], colour, strict=True))


RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 0)


@pytest.mark.parametrize(
    ("size", "slot", "pixels", "shown"),
    [
        ((1600, 1000), CARD, (1056, 594), (528, 297)),
        ((800, 600), CARD, (800, 450), (528, 297)),  # never enlarged
        ((300, 200), CARD, (300, 169), (300, 169)),
        ((400, 3000), CARD, (400, 225), (400, 225)),
        ((1600, 1000), FREE, (1056, 660), (528, 330)),
        ((100, 4000), FREE, (100, 125), (100, 125)),  # no picture is a tower
        ((600, 800), FACE, (128, 128), (64, 64)),
        ((1, 1), CARD, (1, 1), (1, 1)),
    ],
)
def test_a_picture_has_twice_the_pixels_of_its_place_at_most(
    size: tuple[int, int], slot: Slot, pixels: tuple[int, int], shown: tuple[int, int]
) -> None:
    made = fitted(saved(drawn(size), "PNG"), slot)
    assert (opened(made.data).size, made.suffix, made.size) == (pixels, "jpg", shown)


@pytest.mark.parametrize(
    ("focus", "colours"),
    [
        ("", (RED, GREEN, YELLOW, BLUE)),
        ("left", (RED, RED, YELLOW, YELLOW)),
        ("right", (GREEN, GREEN, BLUE, BLUE)),
        ("0% 50%", (RED, RED, YELLOW, YELLOW)),
    ],
)
def test_focus_says_what_a_crop_keeps(focus: str, colours: tuple[tuple[int, int, int], ...]) -> None:
    picture = opened(fitted(saved(drawn((2000, 500)), "PNG"), FACE, focus).data)
    corners = [picture.getpixel((x, y)) for y in (4, 123) for x in (4, 123)]
    assert all(near(*pair) for pair in zip(corners, colours, strict=True))


def test_a_picture_is_turned_as_its_camera_says_and_tells_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by 90 degrees
    exif[0x010E] = "SECRET"
    exif.get_ifd(0x8825)[1] = "N"
    raw = saved(
        drawn((1000, 900)),
        exif=exif,
        comment=b"SECRET",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    assert b"SECRET" in raw
    made = fitted(raw, FREE)
    picture = opened(made.data)
    assert picture.size == (900, 1000)
    assert made.size == (528, 587)
    assert near(picture.getpixel((10, 10)), YELLOW)
    assert not picture.getexif()
    assert "icc_profile" not in picture.info
    assert b"SECRET" not in made.data


@pytest.mark.parametrize(
    ("raw", "suffix", "mode"),
    [
        (saved(drawn(), "WEBP"), "jpg", "RGB"),
        (saved(drawn(), "AVIF"), "jpg", "RGB"),
        (saved(drawn(), "TIFF"), "jpg", "RGB"),
        (saved(drawn(mode="CMYK")), "jpg", "RGB"),
        (saved(drawn(mode="L")), "jpg", "RGB"),
        (saved(drawn(mode="P"), "PNG"), "jpg", "RGB"),
        (saved(drawn(mode="P"), "GIF"), "jpg", "RGB"),
        (saved(drawn(mode="RGBA"), "PNG"), "jpg", "RGB"),  # nothing is transparent
        (saved(Image.new("RGBA", (900, 600), (255, 0, 0, 0)), "PNG"), "png", "RGBA"),
        (saved(Image.new("RGBA", (900, 600), (255, 0, 0, 90)), "WEBP"), "png", "RGBA"),
        (saved(Image.new("I;16", (900, 600), 30_000), "PNG"), "jpg", "RGB"),
    ],
)
def test_every_client_can_show_what_comes_out(raw: bytes, suffix: str, mode: str) -> None:
    made = fitted(raw, CARD)
    assert (made.suffix, opened(made.data).mode, made.told) == (suffix, mode, ())
    assert fitted(raw, CARD) == Made(made.data, suffix, (528, 297))


def moving(
    form: str = "GIF", first: Image.Image | None = None, size: tuple[int, int] = (400, 300), **options: object
) -> bytes:
    frames = [first or drawn(size), *(drawn(size).rotate(angle) for angle in (90, 180))]
    frames = [frame.convert("P") for frame in frames] if form == "GIF" else frames
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100, **options)


def test_a_moving_picture_goes_on_moving() -> None:
    raw = moving()
    assert fitted(raw, FREE) == Made(raw, "gif", (400, 300))
    wide = moving(size=(1056, 594))
    assert fitted(wide, CARD) == Made(wide, "gif", (528, 297))
    still = fitted(raw, CARD)  # cropped
    assert (still.suffix, still.told) == ("jpg", ("still",))
    assert near(opened(still.data).getpixel((5, 5)), RED)
    with pytest.raises(UnusableError, match="is damaged"):
        fitted(raw[: len(raw) * 2 // 3], FREE)


WHITE = Image.new("RGB", (400, 300), "white")


@pytest.mark.parametrize(
    ("raw", "slot", "told"),
    [
        (moving("WEBP"), FREE, ("still",)),
        (moving("PNG"), FREE, ("still",)),
        (moving("AVIF"), FREE, ("still",)),
        (moving("TIFF"), FREE, ("pages",)),
        (moving("TIFF", WHITE), FREE, ("pages",)),
        (moving("MPO"), FREE, ()),  # what a camera adds to a JPEG nobody is meant to see
        (moving(first=WHITE), FREE, ("blank",)),
        (moving(first=WHITE), CARD, ("still", "blank")),
        (moving("WEBP", Image.new("RGBA", (400, 300), (9, 9, 9, 0))), FREE, ("still", "blank")),
        (saved(WHITE, "GIF"), FREE, ()),
    ],
)
def test_a_picture_that_stands_still_or_begins_empty_is_told(raw: bytes, slot: Slot, told: tuple[str, ...]) -> None:
    made = fitted(raw, slot)
    assert made.told == told
    assert set(told) <= set(TOLD)


def blocks(*contents: bytes) -> bytes:
    """Return sub-blocks of a GIF (GIF89a, 15)."""
    return b"".join(bytes([len(each)]) + each for each in contents) + b"\0"


@pytest.mark.parametrize(
    "extra",
    [
        b"\x21\xfe" + blocks(b"SECRET", b"x" * 255),
        b"\x21\xfe\0",
        b"\x21\xff" + blocks(b"XMP DataXMP", b"SECRET"),
        b"\x21\xff\x0bXMP DataXMP<x>SECRET</x>\x01" + bytes(range(255, -1, -1)) + b"\0",  # as Adobe writes it
        b"\x21\xff" + blocks(b"ICCRGBG1012", b"SECRET"),
        b"\x21\x01" + blocks(b"\0" * 12, b"SECRET"),
    ],
)
def test_a_moving_gif_loses_its_comments_and_nothing_else(extra: bytes) -> None:
    raw = moving(loop=3)
    loop = raw.index(b"\x21\xff\x0bNETSCAPE2.0")
    for at in (loop, raw.index(b"\x21\xf9"), len(raw) - 1):
        assert fitted(raw[:at] + extra + raw[at:], FREE).data == raw
    assert fitted(raw + b"SECRET", FREE).data == raw
    assert fitted(raw[:-1], FREE).data == raw
    assert b"NETSCAPE2.0" in raw


@pytest.mark.parametrize("extra", [b"\x21\xfe\xff", b"\x07", b"\x21", b"\x2c\0\0", b"\x21\xf9\x04"])
def test_a_gif_with_something_else_in_it_is_damaged(extra: bytes) -> None:
    with pytest.raises(UnusableError, match="is damaged"):
        fitted(moving()[:-1] + extra, FREE)


def grainy(size: tuple[int, int] = (1056, 594)) -> Image.Image:
    """Draw a picture that packs badly, the same each time."""
    grains = random.Random(1).randbytes(size[0] * size[1])
    return Image.frombytes("L", size, grains).convert("RGB")


def test_a_heavy_jpeg_is_packed_closer_until_it_fits_and_no_closer_than_can_be_seen() -> None:
    raw = saved(grainy(), "PNG")
    best, worst = (len(saved(grainy(), quality=quality, optimize=True, progressive=True)) for quality in (82, 60))
    weights = (1 + best // 1000, (best + worst) // 2000, 1)
    made = [fitted(raw, Slot(width=528, height=297, weight=weight)) for weight in weights]
    assert len(made[0].data) == best
    assert worst < len(made[1].data) <= 1000 * weights[1]
    assert len(made[2].data) == worst
    assert fitted(raw, Slot(width=528, height=297, weight=1)) == made[2]


@pytest.mark.parametrize(
    ("slot", "most"),
    [
        (Slot(width=528, height=297), 156_000),
        (Slot(width=528), 348_000),
        (Slot(width=64, height=64), 20_000),
        (Slot(width=528, weight=99), 99_000),
    ],
)
def test_a_place_without_a_weight_has_the_one_of_its_size(slot: Slot, most: int) -> None:
    assert slot.most_bytes == most


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_grey_of_sixteen_bits_keeps_its_shades(form: str) -> None:
    pixels = b"".join(struct.pack("<H", x * 257) for _ in range(64) for x in range(256))
    data = fitted(saved(Image.frombytes("I;16", (256, 64), pixels), form), FREE).data
    shades = [opened(data).convert("L").getpixel((x, 32)) for x in (10, 128, 245)]
    assert shades == pytest.approx([10, 128, 245], abs=6)


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says to be of this size, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"not a picture", "is no picture that can be read"),
        (b"%PDF-1.7", "is no picture that can be read"),
        (saved(drawn())[:4000], "is damaged"),
        (saved(drawn(), "PNG")[:300], "is damaged"),
        (saved(drawn(), "AVIF")[:-400] + bytes(400), "is damaged"),
        (png_of(20_000, 10), "has 20,000 × 10 pixels"),
        (png_of(15_000, 15_000), "has more than 80,000,000 pixels"),
        (png_of(60_000, 60_000), "has more than 80,000,000 pixels"),
        (png_of(10_000, 10_000), "pixels"),
        (png_of(10, 10), "is damaged"),
    ],
)
def test_what_cannot_be_used_says_why(raw: bytes, told: str) -> None:
    with pytest.raises(UnusableError, match=re.escape(told)):
        fitted(raw, CARD)


# --- through the program


@pytest.fixture
def pictured(workspace: Path) -> Path:
    """The small workspace with a picture at its first item."""
    (workspace / "images").mkdir()
    (workspace / "images/Größe & Form.jpg").write_bytes(saved(drawn()))
    set_image(workspace, "{src: 'images/Größe & Form.jpg', alt: 'Four \"fields\" & a <sky>', credit: 'Photo: A & B'}")
    return workspace


def set_image(workspace: Path, image: str) -> None:
    path = workspace / "archive/2020/2020-03.yaml"
    text = re.sub("(?m)^  image: .*\n", "", path.read_text("utf-8"))
    path.write_text(text.replace("  date: 2020-03-14\n", f"  date: 2020-03-14\n  image: {image}\n"), "utf-8")


def built(workspace: Path, name: str = "email.html") -> str:
    return (workspace / "build/2020-03" / name).read_text("utf-8")


def test_a_hosted_picture_is_asked_for_where_the_publication_is(run: Run, pictured: Path) -> None:
    done = run("build", cwd=pictured)
    assert (done.code, done.stderr) == (0, "")
    (file,) = (pictured / "build/2020-03/images").iterdir()
    assert re.fullmatch(r"gr-e-form-[0-9a-f]{12}\.jpg", file.name)
    assert f"  build/2020-03/images/  1 pictures, {file.stat().st_size:,} bytes" in done.stdout
    image = re.search("<img[^>]*>", built(pictured))
    assert image
    for part in (
        f'src="https://coop.example.org/letter/2020-03/images/{file.name}"', 'width="528" height="297"',
        'alt="Four &#34;fields&#34; &amp; a &lt;sky&gt;"',
    ):  # fmt: skip
        assert part in image[0]
    assert "Photo: A &amp; B" in built(pictured)
    assert f'src="images/{file.name}"' in built(pictured, "web.html")
    assert "cid:" not in built(pictured, "email.eml")


def test_an_unchanged_picture_costs_nothing_and_a_changed_one_takes_its_place(run: Run, pictured: Path) -> None:
    run("build", cwd=pictured)
    folder = pictured / "build/2020-03/images"
    (before,) = folder.iterdir()
    assert "(unchanged)" in run("build", cwd=pictured).stdout

    command = [sys.executable, "-X", "importtime", "-m", "newsletter", "build", "--force"]
    forced = subprocess.run(command, cwd=pictured, capture_output=True, encoding="utf-8", check=True)
    assert "newsletter.render.images" in forced.stderr
    assert "PIL" not in forced.stderr  # what was made before is only copied

    (pictured / "images/Größe & Form.jpg").write_bytes(saved(drawn((1200, 800)).rotate(90)))
    assert "(unchanged)" not in run("build", cwd=pictured).stdout
    (after,) = folder.iterdir()
    assert after.name != before.name


def test_an_attached_picture_travels_within_the_mail(run: Run, pictured: Path) -> None:
    path = pictured / "newsletter.yaml"
    path.write_text(path.read_text("utf-8") + "images: attached\n", "utf-8")
    assert run("build", cwd=pictured).code == 0
    raw = (pictured / "build/2020-03/email.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/jpeg",
    ]  # fmt: skip
    assert not any(part.defects for part in message.walk())
    html, image = list(message.walk())[3:]
    (asked,) = re.findall('src="cid:([^"]*)"', html.get_content())
    assert image["Content-ID"] == f"<{asked}>"
    (file,) = (pictured / "build/2020-03/images").iterdir()
    assert image.get_content() == file.read_bytes()
    assert f'src="images/{file.name}"' in built(pictured)


def test_only_pictures_that_the_mail_shows_are_attached_and_heavy_ones_are_told(run: Run, pictured: Path) -> None:
    noise = [Image.effect_noise((700, 500), 90).convert("P") for _ in range(8)]
    (pictured / "images/noise.gif").write_bytes(saved(noise[0], "GIF", save_all=True, append_images=noise[1:]))
    (pictured / "newsletter.yaml").write_text(
        (pictured / "newsletter.yaml").read_text("utf-8") + "images: attached\n", "utf-8"
    )
    archive = pictured / "archive/2020/2020-03.yaml"
    text = archive.read_text("utf-8")
    archive.write_text(
        text + "  image: {src: 'images/Größe & Form.jpg', alt: Again, focus: left}\n", "utf-8"
    )  # over the limit
    set_image(pictured, "{src: images/noise.gif, alt: Noise}")
    issue = pictured / "issues/2020-03.yaml"
    issue.write_text(
        issue.read_text("utf-8") + "lead: a-bakery-becomes-a-cooperative\nsections:\n  - {category: News, limit: 0}\n",
        "utf-8",
    )
    issue.write_text(
        issue.read_text("utf-8").replace("limit: 0", "items: [a-bakery-becomes-a-cooperative], limit: 1"), "utf-8"
    )
    done = run("build", cwd=pictured)
    assert done.code == 0
    assert re.search(
        r"its picture 'images/noise.gif' weighs [\d,]+ KB, and its place allows 250 \(a moving", done.stderr
    )
    message = email.message_from_bytes((pictured / "build/2020-03/email.eml").read_bytes(), policy=email.policy.default)
    html = next(part for part in message.walk() if part.get_content_type() == "text/html").get_content()
    attached = [part["Content-ID"].strip("<>") for part in message.walk() if part.get_content_maintype() == "image"]
    assert sorted(attached) == sorted(set(re.findall('src="cid:([^"]*)"', html)))
    assert run("build", cwd=pictured).stderr == done.stderr  # unchanged, and told at the same place


def test_what_is_told_of_a_picture_is_told_again_when_it_is_not_made_again(run: Run, pictured: Path) -> None:
    (pictured / "images/moves.webp").write_bytes(moving("WEBP", WHITE))
    set_image(pictured, "{src: images/moves.webp, alt: Moves}")
    first = run("build", cwd=pictured)
    assert "its picture 'images/moves.webp' moves, and only its first picture is shown (a GIF goes on" in first.stderr
    assert "its picture 'images/moves.webp' begins with a picture of one colour, and Outlook shows no" in first.stderr
    assert run("build", "--force", cwd=pictured).stderr == first.stderr
    assert run("build", cwd=pictured).stderr == first.stderr


def test_a_picture_weighs_what_its_place_allows(run: Run, pictured: Path) -> None:
    raw = saved(grainy(), "PNG")
    (pictured / "images/grain.png").write_bytes(raw)
    set_image(pictured, "{src: images/grain.png, alt: Grain}")
    done = run("build", cwd=pictured)
    told = r"its picture 'images/grain.png' weighs (\d+) KB, and its place allows 150 \(choose a calmer one"
    match = re.search(told, done.stderr)
    (file,) = (pictured / "build/2020-03/images").iterdir()
    assert match
    assert int(match[1]) == -(-file.stat().st_size // 1000)
    assert json.loads(built(pictured, "manifest.json"))["picture_bytes"] == file.stat().st_size
    assert f"1 pictures, {file.stat().st_size:,} bytes" in done.stdout

    own = pictured / "templates/ours"
    own.mkdir(parents=True)
    theme = (
        "name: ours\ndescription: Ours\nextends: classic\nimages:\n  cards: {width: 528, height: 297, weight: 500}\n"
    )
    (own / "theme.yaml").write_text(theme, "utf-8")
    path = pictured / "newsletter.yaml"
    path.write_text(path.read_text("utf-8") + "theme: ours\n", "utf-8")
    done = run("build", cwd=pictured)
    assert (done.code, done.stderr) == (0, "")
    (lighter,) = (pictured / "build/2020-03/images").iterdir()
    assert lighter.name != file.name  # as good as can be, where it may weigh more


def test_check_and_newsletter_yaml_know_about_pictures(run: Run, pictured: Path) -> None:
    (pictured / "images/Größe & Form.jpg").unlink()
    checked = run("archive", "check", cwd=pictured)
    assert "warning: there is no picture 'images/Größe & Form.jpg'" in checked.stdout
    path = pictured / "newsletter.yaml"
    path.write_text(re.sub("(?m)^base_url: .*", "base_url: https://x.example/nl?a=b", path.read_text("utf-8")), "utf-8")
    done = run("build", cwd=pictured)
    assert done.code == 1
    assert "'https://x.example/nl?a=b' has '?' or '#' in it" in done.stderr


def test_without_a_place_on_the_web_there_is_a_line_to_add(run: Run, pictured: Path) -> None:
    path = pictured / "newsletter.yaml"
    path.write_text(re.sub("(?m)^base_url:.*\n", "", path.read_text("utf-8")), "utf-8")
    done = run("build", cwd=pictured)
    assert done.code == 1
    assert "newsletter.yaml:1:1: error: the issue has pictures, and 'base_url' is missing" in done.stderr
    assert "'images: attached'" in done.stderr


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("images/none.jpg", "'images/none.jpg' does not exist"),
        ("images/empty.jpg", "is an empty file"),
        ("images/text.jpg", "is no picture that can be read"),
        ("images", "is no file"),
        ('"a\\0b.jpg"', "is no file's name"),
        ("../outside.jpg", "lies outside the workspace"),
        ("/etc/hostname", "lies outside the workspace"),
        ("images/link.jpg", "lies outside the workspace"),
        ("ftp://example.org/a.jpg", "is no address of a picture"),
        ("'javascript://alert(1)'", "is no address of a picture"),
    ],
)
def test_a_bad_picture_is_told_at_its_item_and_the_rest_goes_on(
    run: Run, pictured: Path, image: str, told: str
) -> None:
    (pictured.parent / "outside.jpg").write_bytes(saved(drawn((50, 50))))
    (pictured / "images/empty.jpg").write_bytes(b"")
    (pictured / "images/text.jpg").write_bytes(b"text")
    (pictured / "images/link.jpg").symlink_to(pictured.parent / "outside.jpg")
    set_image(pictured, f"{{src: {image}, alt: ''}}")
    done = run("build", cwd=pictured)
    assert done.code == 0
    at = r"archive/2020/2020-03\.yaml:5:\d\d"  # the picture's own line
    assert re.search(rf"note: {at}: 'a-bakery-becomes-a-cooperative': its picture ", done.stderr)
    assert told in done.stderr
    assert "<img" not in built(pictured)
    assert "A bakery becomes a cooperative" in built(pictured)
    again = run("build", cwd=pictured)
    assert "(unchanged)" in again.stdout
    assert told in again.stderr


def test_a_caption_without_its_picture_is_left_out_and_told(run: Run, pictured: Path) -> None:
    blocks = """\
blocks:
  - name: view
    layout: image
    text: The quay at dawn.
    image:
      alt: The quay
      src: images/none.jpg
  - name: call
    layout: image
    text: Our stand.
    image: images/none.jpg
    button: {label: Come, url: "https://example.org/"}
"""
    path = pictured / "newsletter.yaml"
    path.write_text(path.read_text("utf-8") + blocks, "utf-8")
    first = path.read_text("utf-8").splitlines().index("      src: images/none.jpg") + 1
    for _ in range(2):  # the second build finds nothing changed
        done = run("build", cwd=pictured)
        assert f"newsletter.yaml:{first}:12: 'block:view': its picture 'images/none.jpg' does not exist" in done.stderr
        assert f"newsletter.yaml:{first}:12: 'block:view': it is left out, with its caption" in done.stderr
        assert f"newsletter.yaml:{first + 4}:12: 'block:call': its picture" in done.stderr
        for name in ("email.html", "email.txt", "web.html"):
            assert "The quay" not in built(pictured, name)
            assert "Our stand." in built(pictured, name)  # and its button


def test_a_remote_picture_stays_remote(run: Run, pictured: Path) -> None:
    set_image(pictured, "https://example.org/a.jpg?x=1&y=2")
    done = run("build", cwd=pictured)
    assert done.code == 0
    assert "its picture has no 'alt'" in done.stderr
    assert "<img" in built(pictured)
    assert 'src="https://example.org/a.jpg?x=1&amp;y=2" width="528" alt=""' in built(pictured)
    assert not (pictured / "build/2020-03/images").exists()


def test_focus_is_checked(run: Run, pictured: Path) -> None:
    set_image(pictured, "{src: a.jpg, focus: middle}")
    done = run("build", cwd=pictured)
    assert done.code == 1
    assert (
        "error: 'middle' is no part of a picture (write center, top, bottom, left, right, or a point as 30% 20%)"
        in done.stderr
    )


@pytest.mark.parametrize(("width", "shown"), [(1280, 528), (375, 335), (320, 280)])
def test_a_picture_is_as_wide_as_its_column(run: Run, pictured: Path, page: Page, width: int, shown: int) -> None:
    path = pictured / "newsletter.yaml"
    path.write_text(path.read_text("utf-8") + "images: attached\n", "utf-8")
    run("build", cwd=pictured)
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("email.html", "web.html"):
        page.goto((pictured / "build/2020-03" / name).as_uri())
        box = page.locator("img").first.bounding_box()
        assert box
        assert page.evaluate("document.images[0].naturalWidth") == 1056
        assert box["height"] == pytest.approx(box["width"] * 297 / 528, abs=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if name == "email.html":
            assert box["width"] == pytest.approx(shown, abs=1)
