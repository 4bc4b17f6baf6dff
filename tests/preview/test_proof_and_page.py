"""On the page: a proof, the yes to it, an item by its link, a picture that is dropped, comments."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from serving import Serving, Visit, mail, publication, serve, serving, visit  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

STORY = """<!doctype html><html lang="en"><head><title>Ferry | Coop Herald</title>
<meta property="og:title" content="The ferry sails again"><meta property="og:description" content="Sixty members bought it.">
<meta property="article:published_time" content="2020-03-20T08:00:00Z"></head><body><h1>The ferry sails again</h1>
<script>fetch('/called')</script></body></html>"""


def loaf() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 400), "#884422").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    """A real web server on loopback with one story; and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path == "/ferry" else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(STORY.encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_proof_and_its_approval(serving: Serving, visit: Visit, publication: Path) -> None:
    page = visit(serving, "/issue/2020-03")
    expect(page.locator("#state")).to_have_text("draft")
    page.get_by_role("button", name="Proof…").click()
    page.get_by_role("button", name="Make the proof").click()
    link = page.locator("#sheet a", has_text="proof.html")
    expect(link).to_be_visible(timeout=90_000)
    with page.expect_download() as download:
        link.click()
    text = download.value.path().read_text("utf-8")
    assert "A bakery becomes a cooperative" in text
    assert "<script" not in text.lower().replace("&lt;script", "")
    expect(page.locator("#sheet a", has_text="proof.pdf")).to_be_visible()
    expect(page.locator("#state")).to_have_text("proofed")
    page.get_by_label("Who says yes").fill("Ana Example")
    page.get_by_role("button", name="Record the approval").click()
    expect(page.locator("#state")).to_have_text("approved by Ana Example")
    assert "by: Ana Example" in (publication / "issues/approvals/2020-03.yaml").read_text("utf-8")
    page.get_by_label("Subject", exact=True).fill("Something else")
    expect(page.locator("#state")).to_contain_text("changed since approved")
    page.locator("#undo").click()
    expect(page.locator("#state")).to_have_text("approved by Ana Example")


def test_an_item_by_its_link(serving: Serving, visit: Visit, site: tuple[str, list[str]], publication: Path) -> None:
    address, asked = site
    page = visit(serving, "/issue/2020-03")
    page.get_by_role("button", name="Add an item…").click()
    page.locator("#sheet").get_by_label("Address").fill(f"{address}/ferry")
    assert asked == []  # only when the person asks
    page.get_by_role("button", name="Ask the page").click()
    expect(page.locator("#sheet").get_by_label("Title")).to_have_value("The ferry sails again")
    expect(page.locator("#sheet").get_by_label("Summary")).to_have_value("Sixty members bought it.")
    expect(page.locator("#sheet").get_by_label("Date")).to_have_value("2020-03-20")
    assert asked == ["/ferry"]
    page.locator("#sheet").get_by_label("Category").fill("News")
    page.get_by_role("button", name="Add to the archive").click()
    expect(mail(page).get_by_role("heading", name="The ferry sails again")).to_be_visible()
    assert "title: The ferry sails again" in (publication / "archive/2020/2020-03.yaml").read_text("utf-8")
    page.get_by_role("button", name="Add an item…").click()
    page.locator("#sheet").get_by_label("Address").fill(f"{address}/gone")
    page.get_by_role("button", name="Ask the page").click()
    expect(page.locator("#sheet [role=status]")).to_contain_text("404")


def test_a_dropped_picture_and_a_comment(serving: Serving, visit: Visit, publication: Path) -> None:
    picture = loaf()
    page = visit(serving, "/issue/2020-03")
    page.locator("[data-anchor=news] .item", has_text="A bakery").dblclick()
    page.locator("#sheet summary", has_text="In the archive").click()
    page.locator("#sheet .field", has_text="Drop a picture here").evaluate(
        """(field, bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], 'A Loaf.PNG', { type: 'image/png' }));
          field.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        list(picture),
    )
    expect(page.locator("#sheet").get_by_label("Picture", exact=True)).to_have_value("images/a-loaf.png")
    assert (publication / "images/a-loaf.png").read_bytes() == picture
    page.locator("#sheet").get_by_label("What the picture shows").fill("A loaf")
    page.keyboard.press("Tab")
    expect(mail(page).get_by_alt_text("A loaf")).to_be_attached()
    page.locator("#sheet summary", has_text="Comments").click()
    page.locator("#sheet").get_by_label("A comment for a colleague").fill("Is the date right?")
    page.locator("#sheet").get_by_label("Your name").fill("Ben Example")
    page.locator("#sheet").get_by_role("button", name="Add", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator(".item", has_text="1 comment")).to_be_visible()
    text = (publication / "issues/2020-03.yaml").read_text("utf-8")
    assert "Is the date right?" in text
    assert "Is the date right?" not in mail(page).locator("body").inner_text()
    status, told = serving.ask("/api/pictures/x.png", b"GIF89a broken")
    assert status == 400, told
