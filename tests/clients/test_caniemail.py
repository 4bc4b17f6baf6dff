"""The facts from caniemail: condensed rightly, of a known date, with their licence."""

from __future__ import annotations

import datetime
import importlib.util
import json
from typing import Any

import pytest
from conftest import ROOT

from newsletter.clients.condense import condensed
from newsletter.clients.conditions import known
from newsletter.clients.names import ATTRIBUTES, ELEMENTS, FUNCTIONS, IDENTS, IMAGES, MEDIA, PROPERTIES, UNITS
from newsletter.clients.support import CLIENTS, DATA, data_date, features, find_client, verdict
from newsletter.errors import ContentError


def test_the_data_have_a_date_and_a_licence() -> None:
    assert datetime.date(2026, 1, 1) < data_date() < datetime.date(2100, 1, 1)
    licence = DATA.with_suffix(".LICENSE").read_text("utf-8")
    assert "MIT License" in licence and "Rémi Parmentier" in licence
    assert DATA.stat().st_size < 130_000


@pytest.mark.parametrize(
    ("feature", "client", "support"),
    [
        ("css-border-radius", "outlook-classic", "no"),
        ("css-border-radius", "outlook-new", "yes"),
        ("html-style", "gmail-web", "partly"),
        ("html-style", "gmail-guest", "no"),  # told in a note on the app
        ("css-display-flex", "gmail-ios", "yes"),
        ("css-display-flex", "gmail-guest", "no"),
        ("css-display", "gmail-guest", "partly"),  # some values only
        ("css-display", "gmail-ios", "yes"),
        ("css-box-shadow", "gmail-ios", "no"),
        ("css-box-shadow", "gmail-guest", "yes"),  # "only with non Google accounts"
        ("css-at-media-prefers-color-scheme", "apple-mac", "yes"),
        ("css-at-media-hover", "thunderbird", "unknown"),
        ("no-such-feature", "gmail-web", "unknown"),
    ],
)
def test_what_is_known(feature: str, client: str, support: str) -> None:
    assert verdict(feature, find_client(client)).support == support


def test_a_verdict_says_when_it_was_tested() -> None:
    assert verdict("html-style", find_client("gmail-web")).tested == "2023-01"
    assert verdict("css-border-radius", find_client("outlook-classic")).tested == "2019"


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.key)
def test_every_client_that_we_offer_was_tested(client: Any) -> None:
    assert sum(client.data in feature.verdicts for feature in features().values()) >= 250


def test_no_two_clients_have_the_same_key_or_name() -> None:
    assert len({client.key for client in CLIENTS}) == len({client.name for client in CLIENTS}) == len(CLIENTS)


def test_every_condition_can_be_decided() -> None:
    conditions = {text for feature in features().values() for text in feature.conditions.values()}
    assert len(conditions) > 40
    assert [text for text in conditions if not known(text)] == []


def test_every_name_that_we_look_up_is_a_feature() -> None:
    tables = (ATTRIBUTES, ELEMENTS, FUNCTIONS, IDENTS, IMAGES, PROPERTIES, UNITS)
    names = {name for table in tables for name in table.values()} | {f"css-at-media-{name}" for name in MEDIA.values()}
    assert sorted(names - features().keys()) == []


PUBLISHED: dict[str, Any] = {
    "last_update_date": "2026-05-13 14:45:41 +0000",
    "data": [
        {
            "slug": "css-width",
            "title": "`width` property",
            "category": "css",
            "last_test_date": "2024-05-1",
            "stats": {"outlook": {"windows": {"2016": "n", "2019": "a #1 #2"}}},
            "notes_by_num": {"1": "Partial. Not supported on `<body>` or `<p>` elements.", "2": "Buggy, somehow."},
        }
    ]
    * 250,
}


def test_facts_are_taken_and_prose_is_left() -> None:
    facts = condensed(PUBLISHED)
    letters = {name: letter for letter, name in facts["clients"].items()}
    assert facts["date"] == "2026-05-13"
    assert facts["features"]["css-width"] == {
        "title": "width property",
        "category": "css",
        "tested": "2024-05-01",
        "conditions": {"1": "not-on:body,p"},
        "support": {"a 1 2 2019": letters["outlook.windows"]},
    }
    assert "somehow" not in json.dumps(facts)


@pytest.mark.parametrize("published", [{}, {"data": 3}, {"data": [{}]}, {"data": [], "last_update_date": None}])
def test_other_json_is_refused(published: dict[str, Any]) -> None:
    with pytest.raises(ContentError, match="not caniemail's published data"):
        condensed(published)


def test_the_page_is_made_from_the_data() -> None:
    """``docs/make_clients.py`` makes the tables of docs/clients.md, and the file of facts with a line a feature."""
    spec = importlib.util.spec_from_file_location("make_clients", ROOT / "docs/make_clients.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = (ROOT / "docs/clients.md").read_text("utf-8")
    assert script.with_tables(page) == page
    assert all(f"`{client.key}`" in page for client in CLIENTS)
    facts = DATA.read_text("utf-8")
    assert script.text(json.loads(facts)) == facts
