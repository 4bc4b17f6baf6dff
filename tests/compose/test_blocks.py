"""Blocks: the publication's standing parts and an issue's own, each at its place, and told where it does not stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from composing import Compose, codes, issue, mistake  # noqa: F401 - issue is a fixture
from conftest import Run

from newsletter.model import Edition

ABOUT = {"name": "about", "title": "About us", "text": "We are *few*."}
CALL = {
    "name": "call",
    "layout": "callout",
    "title": "Call for papers",
    "button": {"label": "Send yours", "url": "mailto:a@example.org"},
    "place": "after News",
    "until": "2020-04-30",
    "sponsored": "true",
}
COUNT = {
    "name": "count",
    "layout": "numbers",
    "figures": [{"value": "12", "label": "bakers"}, {"value": "7", "label": "ovens"}],
    "place": "start",
}


def order(edition: Edition) -> list[str]:
    return [section.anchor for section in edition.sections]


def test_blocks_stand_at_their_places(issue: Compose) -> None:
    edition = issue(blocks=[ABOUT, CALL, COUNT])
    assert order(edition) == ["block-count", "interviews", "news", "block-call", "events", "letters", "block-about"]
    call = edition.sections[3]
    assert (call.block, call.sponsored, call.layout, call.heading) == (True, True, "callout", "")
    assert call.items[0].url == "mailto:a@example.org"
    assert call.items[0].extra.button == "Send yours"


def test_a_block_is_no_item(issue: Compose) -> None:
    edition = issue(blocks=[ABOUT])
    assert "block:about" not in [item.id for item in (*edition.items, *edition.web_items)]
    assert "block:about" in [item.id for item in edition.contents]
    assert "About us" not in edition.preheader


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"until": "2020-03-30"}, "left out the block 'about': it ran until 2020-03-30"),
        ({"from": "2020-04-01"}, "left out the block 'about': it runs from 2020-04-01"),
        ({"languages": ["fr", "ar"]}, "left out the block 'about': it is for editions in fr, ar"),
    ],
)
def test_a_block_that_does_not_stand_here_is_told(issue: Compose, change: dict[str, object], told: str) -> None:
    edition = issue(blocks=[ABOUT | change])
    assert "block-about" not in order(edition)
    assert told in [str(note) for note in edition.notes]


@pytest.mark.parametrize("change", [{"until": "2020-03-31"}, {"from": "2020-03-31"}, {"languages": ["en"]}])
def test_first_and_last_day_and_language_are_within(issue: Compose, change: dict[str, object]) -> None:
    edition = issue(blocks=[ABOUT | change])
    assert "block-about" in order(edition)
    assert "block" not in codes(edition)


def test_a_place_at_a_section_that_this_issue_has_not_is_the_end(issue: Compose) -> None:
    edition = issue("select: {ids: [d]}\n", blocks=[CALL, ABOUT])
    assert order(edition) == ["interviews", "block-call", "block-about"]


def test_an_issue_switches_off_overrides_reorders_and_adds(issue: Compose) -> None:
    text = """\
blocks:
  - {name: about, place: before News, title: Who we are}
  - {name: call, off: true}
  - {name: here, layout: quote, text: Only now., by: A. Example, place: before News}
"""
    edition = issue(text, blocks=[COUNT, CALL, ABOUT])
    assert order(edition) == ["block-count", "interviews", "block-about", "block-here", "news", "events", "letters"]
    about, here = edition.sections[2].items[0], edition.sections[3].items[0]
    assert (about.title, about.summary) == ("Who we are", "We are *few*.")
    assert (here.summary, here.extra.name) == ("Only now.", "A. Example")


SPOKEN = {
    "name": "about",
    "title": "About",
    "text": "Who we are",
    "layout": "quote",
    "by": "The board",
    "button": {"label": "More", "url": "https://example.org/"},
    "translations": {
        "fr": {"title": "À propos", "text": "Qui nous sommes", "button": "Plus", "words": {"The board": "Le conseil"}},
        "es": {"title": "Acerca"},
    },
}


@pytest.mark.parametrize(
    ("blocks", "language", "expected"),
    [
        ("[]", "fr", ("À propos", "Qui nous sommes", "Plus", "Le conseil")),
        ("[{name: about, text: News of us}]", "fr", ("À propos", "News of us", "Plus", "Le conseil")),
        (
            "[{name: about, text: News of us, translations: {fr: {text: De nos nouvelles}}}]",
            "fr",
            ("À propos", "De nos nouvelles", "Plus", "Le conseil"),
        ),
        (
            "[{name: about, by: A baker, translations: {fr: {words: {A baker: Une boulangère}}}}]",
            "fr",
            ("À propos", "Qui nous sommes", "Plus", "Une boulangère"),
        ),
        (
            "[{name: about, text: News of us, translations: {fr: {text: De nos nouvelles}}}]",
            "es",
            ("Acerca", "News of us", "More", "The board"),
        ),
    ],
)
def test_a_block_of_the_issue_has_its_own_translations_and_the_publications(
    issue: Compose, blocks: str, language: str, expected: tuple[str, ...]
) -> None:
    edition = issue(f"blocks: {blocks}\n", language=language, blocks=[SPOKEN])
    (item,) = edition.sections[-1].items
    assert item.extra
    assert (item.title, item.summary, item.extra.button, item.extra.name) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("blocks: [{name: abuot, off: true}]\n", ":3:17: error: newsletter.yaml has no block 'abuot' to switch off (did you mean 'about'?"),
        ("blocks: [{name: abuot}]\n", ":3:10: error: the block 'abuot' shows nothing: its layout is text (did you mean 'about'?"),
        ("blocks: [{name: x, layout: numbers, title: A}]\n", ":3:10: error: the block 'x' shows nothing: its layout is numbers (give it 'figures', two to four of them)"),
        ("blocks: [{name: about, place: after Newz}]\n", "error: the block 'about' stands after a category that there is not: 'Newz' (did you mean 'News'?"),
        ("blocks: [{name: about}, {name: about}]\n", ":3:32: error: a second block is named 'about'"),
        ("blocks: [{name: about, from: 2020-05-01, until: 2020-04-01}]\n", "error: the block 'about' begins (2020-05-01) after it ends (2020-04-01)"),
        ("blocks: [{name: about, place: middle}]\n", "error: 'middle' is no place (write start, end, before CATEGORY or after CATEGORY)"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_issues_blocks(issue: Compose, text: str, told: str) -> None:
    assert told in mistake(issue, text, blocks=[ABOUT])


def test_a_block_without_what_it_shows_is_told_at_its_place(run: Run, workspace: Path) -> None:
    path = workspace / "newsletter.yaml"
    path.write_text(
        path.read_text("utf-8")
        + "blocks:\n  - name: view\n    layout: image\n  - {name: a, text: x, button: {label: Go, url: 'ftp://x.example'}}\n"
    )
    line = path.read_text("utf-8").count("\n") - 2
    done = run("build", cwd=workspace)
    assert done.code == 1
    assert f"newsletter.yaml:{line}:5: error: the block 'view' shows nothing: its layout is image" in done.stderr
    assert "error: 'ftp://x.example' is no address of a link" in done.stderr


def test_a_block_stands_in_every_part_of_the_mail(run: Run, workspace: Path) -> None:
    path = workspace / "newsletter.yaml"
    path.write_text(
        path.read_text("utf-8")
        + "blocks:\n  - name: call\n    layout: callout\n    sponsored: true\n    title: Call & response\n    text: Until *June*.\n    button: {label: Send yours, url: 'https://coop.example.org/send'}\n"
    )
    assert run("build", cwd=workspace).code == 0
    for name in ("email.html", "email.txt", "web.html"):
        said = (workspace / "build/2020-03" / name).read_text("utf-8")
        for words in ("Sponsored", "response", "June", "Send yours", "https://coop.example.org/send"):
            assert words in said, (name, words)
