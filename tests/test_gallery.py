"""The gallery: its made-up issue says everything in every language, and its page shows every theme and layout."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from conftest import ROOT, THEMES, built_in

from newsletter.build import Builder
from newsletter.issues.definition import load
from newsletter.model import Edition, Item, Query
from newsletter.publication import LAYOUTS, BlockLayout
from newsletter.workspace import Workspace

GALLERY = ROOT / "docs/gallery"
ISSUE = "2031-05"

NOTES = {
    "en-GB": [("untranslated", "le-four-du-faubourg"), ("block", "'translators'")],
    "fr": [("untranslated", "joss-halyard, the-tide-table-is-out")],
    "ar": [
        (
            "untranslated",
            "le-four-du-faubourg, one-starter-seventeen-kitchens, joss-halyard, the-tide-table-is-out",
        )
    ],
}
"""What a build tells of each edition, on purpose: some items are not translated, one block is for two editions only."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the gallery's workspace, its pictures drawn."""
    gallery = tmp_path_factory.mktemp("docs") / "gallery"
    left = shutil.ignore_patterns("images", "build", ".newsletter", "*.webp")
    shutil.copytree(GALLERY, gallery, ignore=left)
    subprocess.run([sys.executable, gallery / "draw_pictures.py"], check=True, stdout=subprocess.DEVNULL)
    return gallery / "workspace"


@pytest.fixture(scope="module")
def built(workspace: Path) -> dict[str, dict[str, Any]]:
    """What ``newsletter build --json`` says of each edition."""
    command = [sys.executable, "-m", "newsletter", "-C", str(workspace), "build", ISSUE, "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return {edition["language"]: edition for edition in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def editions(workspace: Path) -> list[Edition]:
    """The issue in each of its languages."""
    builder = Builder(Workspace(workspace))
    return builder.editions(load(builder.workspace.issue_path(ISSUE)))


@pytest.fixture(scope="module")
def items(workspace: Path) -> list[Item]:
    """Everything in the archive."""
    return list(Workspace(workspace).archive.select(Query()))


def test_a_build_tells_what_it_should_and_nothing_else(built: dict[str, dict[str, Any]]) -> None:
    assert set(built) == set(NOTES)
    for language, edition in built.items():
        told = [(note["code"], note["message"]) for note in edition["notes"]]
        assert len(told) == len(NOTES[language]), told
        for (code, message), (wanted, words) in zip(told, NOTES[language], strict=True):
            assert code == wanted
            assert words in message


def test_every_layout_and_every_kind_of_block_occurs(editions: list[Edition]) -> None:
    for edition in editions:
        sections = [section for section in edition.sections if not section.block]
        blocks = [section for section in edition.sections if section.block]
        assert {section.layout for section in sections} == set(LAYOUTS)
        assert {section.columns for section in sections if section.layout == "cards"} == {1, 2}
        assert {section.layout for section in blocks} == set(get_args(BlockLayout))
        assert any(section.sponsored for section in blocks)
        assert edition.lead
        assert edition.editorial


def test_nothing_of_the_archive_is_lost(built: dict[str, dict[str, Any]], items: list[Item]) -> None:
    assert len(items) > 20
    for language, edition in built.items():
        text = " ".join((Path(edition["folder"]) / "email.txt").read_text("utf-8").split())
        for item in items:
            spoken = item.translations.get(language)
            title = spoken.title if spoken else item.title
            assert text.count(title) == 1, f"{language}: {title}"
            for key in ("where", "kind", "name", "role", "quote", "question"):
                own = getattr(item.extra, key) if item.extra else ""
                said = getattr(spoken.extra, key) if spoken and spoken.extra and own else own
                assert said in text, f"{language}: {item.id}: {key}"
                assert bool(said) == bool(own), f"{language}: {item.id}: {key} is not translated"


def test_every_picture_is_drawn_and_every_drawn_one_is_used(workspace: Path) -> None:
    texts = "".join(path.read_text("utf-8") for path in workspace.rglob("*.yaml") if ".newsletter" not in path.parts)
    drawn = {f"images/{path.name}" for path in (workspace / "images").iterdir()}
    assert drawn == set(re.findall(r"images/[a-z-]+\.png", texts))


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_shows_every_layout_of_a_theme(theme: str) -> None:
    """``make gallery`` makes what is missing."""
    page = (GALLERY / "README.md").read_text("utf-8")
    named = dict(re.findall(r"\| !\[(.+?)\]\((.+?)\) \|", page))
    assert f"({theme}.webp)" in page
    for layout in built_in(theme).file.layouts:
        assert f"{theme}-{layout}.webp" in named.values()
    assert all(alt.startswith("Theme ") for alt in named)


def test_the_page_and_the_folder_hold_the_same_pictures() -> None:
    page = (GALLERY / "README.md").read_text("utf-8")
    files = {path.name: path.stat().st_size for path in GALLERY.glob("*.webp")}
    assert set(files) == set(re.findall(r"\(([a-z-]+\.webp)\)", page))
    assert sum(files.values()) <= 2_500_000
