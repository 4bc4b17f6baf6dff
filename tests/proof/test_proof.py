"""The file for the person who approves: whole in itself, everything in it, and nothing that runs."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser import find_chromium
from conftest import Run
from PIL import Image
from playwright.sync_api import Page

from newsletter.build import Builder
from newsletter.errors import NewsletterError
from newsletter.proof import Comment, chromium, proof_page, proofs
from newsletter.proof.frames import embed, framed, on_paper, strips
from newsletter.proof.page import documents
from newsletter.proof.printing import WIDTHS
from newsletter.workspace import Workspace

ATTACK = """\
- id: attack
  category: News
  title: <script>document.title='owned'</script><img src=x onerror=alert(1)>
  date: 2020-03-20
  summary: "</iframe></template></pre><script>parent.document.title='owned'</script> &quot; ' \\" [x](javascript:alert(1))"
  url: https://coop.example.org/"onmouseover="alert(1)
  image: {src: https://elsewhere.example.org/track.png, alt: '"><script>alert(1)</script>'}
"""


def replace(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def rich(workspace: Path) -> Path:
    """A workspace with an attack in its archive, a picture, and a subject with a placeholder."""
    (workspace / "images").mkdir()
    Image.effect_noise((800, 500), 60).convert("RGB").save(workspace / "images/bakery.png")
    items = workspace / "archive/2020/2020-03.yaml"
    items.write_text(items.read_text("utf-8") + ATTACK, "utf-8")
    replace(
        workspace,
        "archive/2020/2020-03.yaml",
        "  date: 2020-03-14\n",
        "  date: 2020-03-14\n  image: {src: images/bakery.png, alt: Bread}\n",
    )
    replace(
        workspace,
        "issues/2020-03.yaml",
        "number: 1",
        "number: 1\nsubject: 'Bread for [[first_name|everybody]] & <all>'\nlead: a-bakery-becomes-a-cooperative",
    )
    return workspace


def made(run: Run, root: Path, *options: str, env: dict[str, str] | None = None) -> str:
    done = run("proof", "2020-03", *options, cwd=root, env=env)
    assert done.code == 0, done.stderr
    return (root / "build/2020-03/proof.html").read_text("utf-8")


def opened(page: Page, path: Path, width: int = 1280, scheme: Any = "light") -> Page:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path.as_uri())
    return page


@pytest.mark.browser
def test_it_opens_alone_and_shows_everything(run: Run, rich: Path, page: Page, tmp_path: Path) -> None:
    made(run, rich, "--no-pdf")
    run("approve", "2020-03", "--by", "Ana <b>", "--note", "Fine.", cwd=rich)
    made(run, rich, "--no-pdf")
    alone = tmp_path / "attachment/proof.html"
    alone.parent.mkdir()
    shutil.copy(rich / "build/2020-03/proof.html", alone)
    opened(page, alone)
    text = page.locator("body").inner_text()
    for told in ("Coop Letter No. 1", "Approved by Ana <b>", "Bread for everybody & <all>", "letter@coop.example.org"):
        assert told in text
    for told in (
        "https://coop.example.org/news/bakery",
        "https://coop.example.org/unsubscribe",
        "this state: Fine.",
        "Gmail cuts a mail at",
    ):
        assert told in text
    assert "1 picture stands on other sites" in text
    page.locator("#text summary").click()
    assert "A bakery becomes a cooperative" in page.locator("#text pre").inner_text()
    for name in ("desktop", "phone", "dark"):
        frame = page.frame_locator(f"#{name} iframe")
        assert frame.get_by_role("heading", name="A bakery becomes a cooperative").is_visible()
        assert page.locator(f"#{name} iframe").get_attribute("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
        (bread,) = frame.locator("img[alt=Bread]").all()
        assert str(bread.get_attribute("src")).startswith("data:image/")
    assert page.title() == "Proof: Coop Letter No. 1, 2020-03-31"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_frame_is_as_its_device_is(run: Run, workspace: Path, page: Page, scheme: str) -> None:
    made(run, workspace, "--no-pdf")
    opened(page, workspace / "build/2020-03/proof.html", 1280, scheme)
    sheets = {}
    for frame in page.frames[1:]:
        name = frame.frame_element().get_attribute("title")
        # the frames run nothing: what they look like is asked from outside
        sheets[name] = page.locator(f'iframe[title="{name}"]').screenshot()
    colours = {
        name: Image.open(io.BytesIO(shot)).convert("L").resize((1, 1)).getpixel((0, 0)) for name, shot in sheets.items()
    }
    assert colours["The mail on a phone in dark mode"] < 80 < 150 < colours["The mail on a phone"]
    assert colours["The mail on a desktop"] > 150
    widths = {name: page.locator(f'iframe[title="{name}"]').bounding_box()["width"] for name in sheets}  # type: ignore[index]
    assert widths == {"The mail on a desktop": 700, "The mail on a phone": 375, "The mail on a phone in dark mode": 375}


@pytest.mark.browser
def test_nothing_in_it_runs_or_asks_for_anything(run: Run, rich: Path, page: Page) -> None:
    html = made(run, rich, "--no-pdf")
    assert "<script" not in html
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    opened(page, rich / "build/2020-03/proof.html")
    page.locator("a", has_text="coop.example.org").first.hover()
    assert page.title().startswith("Proof: ")
    assert said == []
    handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    for frame in page.frames:
        assert frame.locator("script").count() == 0
        assert frame.evaluate(handlers) == []
    addresses = [link.get_attribute("href") or "" for link in page.locator("#links a").all()]
    assert {address.partition(":")[0] for address in addresses} == {"https", "mailto"}
    assert "https://coop.example.org/%22onmouseover=%22alert(1)" in addresses


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [pytest.param(1280, "light", marks=pytest.mark.full), (375, "dark")])
def test_axe_finds_nothing(rich: Path, page: Page, tmp_path: Path, width: int, scheme: str) -> None:
    (proof,), _ = proofs(Builder(Workspace(rich)), "2020-03", "", datetime(2020, 3, 30, 9, 5, tzinfo=UTC))
    proof = dataclasses.replace(proof, comments=(Comment("Is that <true>?", "A bakery", "Ana"), Comment("Go.")))
    path = tmp_path / "proof.html"
    path.write_text(proof_page(proof, {"desktop": 1500}), "utf-8")
    opened(page, path, width, scheme)
    assert "30 March 2020, 09:05 (UTC)" in page.inner_text("header")
    assert "Is that <true>?" in page.inner_text("#notes")
    for details in page.locator("details:not([open]) summary").all():
        details.click()
    page.evaluate(f"(() => {{{AXE_SCRIPT}}})()")
    options = {
        "runOnly": RULES,
        "rules": {"target-size": {"enabled": True}, "frame-tested": {"enabled": False}},
        "iframes": False,
    }
    result = page.evaluate("options => axe.run(document, options)", options)
    faults = [
        (rule["id"], node["html"][:200], node["failureSummary"])
        for kind in ("violations", "incomplete")
        for rule in result[kind]
        for node in rule["nodes"]
    ]
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
def test_the_pdf_is_one_and_holds_the_mail(run: Run, rich: Path) -> None:
    html = made(run, rich, env={"PATH": str(Path(find_chromium()).parent)})
    pdf = (rich / "build/2020-03/proof.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) >= 4
    assert len(re.findall(rb"/Subtype\s*/Image", pdf)) >= 3  # the picture, the phone, the phone in the dark
    assert b"coop.example.org/news/bakery" in pdf  # its links work
    height = re.search(r'width="700"[^>]* style="height:(\d+)px"', html)
    assert height
    assert int(height[1]) > 800


@pytest.mark.full
@pytest.mark.browser
def test_pictures_of_a_phone_show_the_mail(rich: Path) -> None:
    (proof,), _ = proofs(Builder(Workspace(rich)), "2020-03", "", datetime(2020, 3, 30, 9, 5, tzinfo=UTC))
    shown = documents(embed(proof.shown.html, proof.pictures).html)
    heights = chromium.heights(find_chromium(), shown, WIDTHS)
    assert set(heights) == {"desktop", "phone", "dark"}
    assert heights["phone"] > 1000
    sizes = {name: (375, heights[name]) for name in ("phone", "dark")}
    found = chromium.pictures(find_chromium(), {name: shown[name] for name in sizes}, sizes)
    grey = {name: Image.open(io.BytesIO(data)).convert("L") for name, data in found.items()}
    assert {name: each.size for name, each in grey.items()} == sizes
    assert grey["dark"].resize((1, 1)).getpixel((0, 0)) < 100 < grey["phone"].resize((1, 1)).getpixel((0, 0))
    with pytest.raises(NewsletterError, match="painted nothing"):
        chromium.pictures(find_chromium(), {"phone": "<body></body>"}, {"phone": (375, 100)})


def test_without_chromium_it_says_so_and_goes_on(run: Run, workspace: Path, tmp_path: Path) -> None:
    done = run("proof", "2020-03", cwd=workspace, env={"PATH": str(tmp_path)})
    assert done.code == 0
    assert "note: no PDF: there is no Chromium" in done.stderr
    assert not (workspace / "build/2020-03/proof.pdf").exists()
    assert "</html>" in (workspace / "build/2020-03/proof.html").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="a program that is a shell script")
def test_a_chromium_that_fails_is_told_and_no_older_pdf_is_left(run: Run, workspace: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin/chromium"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'no room' >&2\nexit 3\n")
    program.chmod(0o755)
    old = workspace / "build/2020-03/proof.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"%PDF-old")
    done = run("proof", "2020-03", cwd=workspace, env={"PATH": str(program.parent)})
    assert done.code == 0
    assert "note: no PDF: chromium ended with code 3 no room" in done.stderr
    assert not old.exists()
    assert (workspace / "build/2020-03/proof.html").is_file()


def test_one_for_each_language(run: Run, workspace: Path, tmp_path: Path) -> None:
    replace(workspace, "newsletter.yaml", "title:", "languages: [en, fr]\ntitle:")
    replace(workspace, "newsletter.yaml", "letter/{issue}", "letter/{issue}/{language}")
    done = run("proof", "2020-03", "--no-pdf", "--json", cwd=workspace)
    told = json.loads(done.stdout)
    assert [each["language"] for each in told] == ["en", "fr"]
    assert told[0]["state"] == told[1]["state"]
    assert told[0]["measures"]["html_bytes"] == sum(part["bytes"] for part in told[0]["measures"]["parts"])
    html = (workspace / "build/2020-03/fr/proof.html").read_text("utf-8")
    assert "French" in html
    assert "2 editions" in html
    state = json.loads(run("status", "--json", cwd=workspace).stdout)[0]["state"]
    assert state == "proofed"
    out = tmp_path / "out/épreuve.html"
    assert run("proof", "2020-03", "--no-pdf", "--out", out, cwd=workspace).code == 2
    assert run("proof", "2020-03", "--no-pdf", "--out", out, "--language", "fr", cwd=workspace).code == 0
    assert "</html>" in out.read_text("utf-8")
    unknown = run("proof", "2020-03", "--no-pdf", "--language", "de", cwd=workspace)
    assert unknown.code == 2
    assert "no edition in 'de' (there are: en, fr)" in unknown.stderr


@pytest.mark.full
def test_half_a_proof_is_none(run: Run, workspace: Path) -> None:
    """Of two editions one was looked at; when both were, and then one changes, neither state is proofed."""
    replace(workspace, "newsletter.yaml", "title:", "languages: [en, fr]\ntitle:")
    replace(workspace, "newsletter.yaml", "letter/{issue}", "letter/{issue}/{language}")
    states = []
    for language in ("en", "fr"):
        assert run("proof", "2020-03", "--no-pdf", "--language", language, cwd=workspace).code == 0
        states.append(json.loads(run("status", "--json", cwd=workspace).stdout)[0]["state"])
    replace(workspace, "issues/2020-03.yaml", "number: 1", "number: 1\ntranslations: {fr: {subject: Bonjour}}")
    run("build", "2020-03", cwd=workspace)
    states.append(json.loads(run("status", "--json", cwd=workspace).stdout)[0]["state"])
    assert states == ["built", "proofed", "built"]


def test_a_change_since_the_approval_is_said_in_it(run: Run, workspace: Path) -> None:
    run("approve", "2020-03", "--by", "Ana", cwd=workspace)
    replace(workspace, "archive/2020/2020-03.yaml", "Twelve", "Eleven")
    html = made(run, workspace, "--no-pdf")
    assert "<strong>Changed</strong> since <bdi>Ana</bdi> approved it" in html


def test_the_state_it_names_is_what_is_approved(run: Run, workspace: Path) -> None:
    html = made(run, workspace, "--no-pdf")
    done = json.loads(run("approve", "2020-03", "--by", "Ana", "--json", cwd=workspace).stdout)
    assert f">{done['hash']}</code>" in html
    assert f"<code>{done['hash'][:4]}-{done['hash'][4:8]}-{done['hash'][8:12]}</code>" in html


PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def test_pictures_are_embedded_up_to_a_limit() -> None:
    html = '<img alt="" src="https://x.example/issue/images/a-1.gif"><img src="images/b-2.jpg"><img src="https://y.example/c.png"><img src="images/a-1.gif">'
    pictures = {"a-1.gif": PIXEL, "b-2.jpg": b"x" * 5000}
    found = embed(html, pictures, 1000)
    assert (found.left_out, found.elsewhere) == (1, 1)
    data = f'src="data:image/gif;base64,{base64.b64encode(PIXEL).decode()}"'
    assert found.html.count(data) == 2
    assert "example" not in found.html
    assert embed(html, pictures).left_out == 0


def test_what_only_outlook_reads_is_left_out_of_the_frames() -> None:
    html = '<head><title>t</title></head><body style="x"><!--[if mso]><table><![endif]--><!--[if !mso]><!--><a>b</a><!--<![endif]--></body>'
    assert framed(html).startswith('<head><base target="_blank"><title>')
    for shown in (framed(html), on_paper(html)):
        assert "<table>" not in shown
        assert "<a>b</a>" in shown
    assert '<div style="x">' in on_paper(html)


def test_strips_are_cut_where_nothing_stands(tmp_path: Path) -> None:
    pixels = Image.effect_noise((100, 250), 80).convert("RGB")
    pixels.paste("white", (0, 90, 100, 94))
    pixels.save(tmp_path / "page.png")
    found = [
        Image.open(io.BytesIO(base64.b64decode(each.partition(",")[2])))
        for each in strips((tmp_path / "page.png").read_bytes(), 100)
    ]
    heights = [each.height for each in found]
    assert sum(heights) == 250
    assert 91 <= heights[0] <= 94
    assert heights[1] == 100  # nowhere else is a quiet row


@pytest.mark.full
def test_the_page_is_valid_html(run: Run, rich: Path, vnu: Any) -> None:
    made(run, rich, "--no-pdf")
    found = vnu(rich / "build/2020-03/proof.html").splitlines()
    assert [line for line in found if "srcdoc" not in line and "CSS" not in line] == []


def test_help_names_the_file() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newsletter", "proof", "--help"], capture_output=True, encoding="utf-8", check=True
    )
    assert "proof.html" in done.stdout
