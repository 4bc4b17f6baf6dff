"""A small publication with items of March 2020, and definitions composed over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsletter.archive import Archive
from newsletter.compose import compose
from newsletter.errors import ContentError
from newsletter.issues import definition
from newsletter.model import Carried, Edition
from newsletter.publication import Publication

PUBLICATION = {
    "title": "Coop Letter",
    "aliases": ["The Letter"],
    "organisation": {"name": "O", "postal_address": "Street 1"},
    "sender": {"name": "S", "address": "s@example.org"},
    "web_version": "https://example.org/{issue}",
    "categories": [
        {"name": "Interviews", "layout": "feature", "blurb": "People, in their own words.", "aliases": ["Portraits"]},
        {"name": "News", "heading": {"one": "One piece of news", "other": "News"}},
        {"name": "Events", "layout": "list"},
    ],
}

ITEMS: list[dict[str, Any]] = [
    {"id": "a", "category": "News", "title": "Alpha", "date": "2020-03-05"},
    {"id": "b", "category": "News", "title": "Beta", "date": "2020-03-20"},
    {"id": "c", "category": "news", "title": "Gamma", "date": "2020-03-20"},
    {"id": "d", "category": "Portraits", "title": "Delta", "date": "2020-03-10",
     "summary": "People, in their own words. Delta keeps bees."},
    {"id": "e", "category": "Letters", "title": "Epsilon", "date": "2020-03-11"},
    {"id": "f", "category": "Events", "title": "Zeta", "date": "2020-03-01", "summary": "An event."},
    {"id": "own", "category": "News", "title": "Coop Letter No. 3, March 2020", "date": "2020-03-31"},
    {"id": "late", "category": "News", "title": "April fool", "date": "2020-04-01"},
]  # fmt: skip

Compose = Callable[..., Edition]


@pytest.fixture
def issue(tmp_path: Path) -> Compose:
    """Compose a definition (YAML text) of issue 2020-03 over the items."""

    def composed(
        text: str = "",
        items: list[dict[str, Any]] | None = None,
        carried: Carried | None = None,
        language: str = "",
        **changes: Any,
    ) -> Edition:
        path = tmp_path / "archive/2020/2020-03.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(ITEMS if items is None else items, allow_unicode=True), "utf-8")
        wanted = tmp_path / "2020-03.yaml"
        wanted.write_text("number: 3\ndate: 2020-03-31\n" + text, "utf-8")
        archive = Archive(tmp_path)
        try:
            publication = Publication.model_validate(PUBLICATION | changes)
            return compose(publication, definition.load(wanted), archive, carried or Carried(), language)
        finally:
            archive.close()

    return composed


def shown(edition: Edition) -> dict[str, list[str]]:
    return {section.heading: [item.id for item in section.items] for section in edition.sections}


def codes(edition: Edition) -> list[str]:
    return [note.code for note in edition.notes]


def mistake(issue: Compose, text: str, **kwargs: Any) -> str:
    with pytest.raises(ContentError) as caught:
        issue(text, **kwargs)
    return str(caught.value)
