"""Composing: what goes into an issue, where, and what is said of the rest. On a real archive of real files."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsletter.archive import Archive
from newsletter.compose import compose, is_announcement
from newsletter.errors import ContentError
from newsletter.issues import definition
from newsletter.item import state_of
from newsletter.model import Carried, Edition, Item
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


def composed(
    root: Path,
    text: str = "",
    spoken: str = "",
    items: list[dict[str, Any]] | None = None,
    carried: Carried | None = None,
    **changes: Any,
) -> Edition:
    """Compose a definition (YAML text) of issue 2020-03 over the items, in the folder ``root``, in a language."""
    path = root / "archive/2020/2020-03.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(ITEMS if items is None else items, allow_unicode=True), "utf-8")
    wanted = root / "2020-03.yaml"
    wanted.write_text("number: 3\ndate: 2020-03-31\n" + text, "utf-8")
    archive = Archive(root)
    try:
        publication = Publication.model_validate(PUBLICATION | changes)
        return compose(publication, definition.load(wanted), archive, carried or Carried(), spoken)
    finally:
        archive.close()


@pytest.fixture
def issue(tmp_path: Path) -> Compose:
    """Compose a definition (YAML text) of issue 2020-03 in its own language."""

    def in_its_language(
        text: str = "", items: list[dict[str, Any]] | None = None, carried: Carried | None = None, **changes: Any
    ) -> Edition:
        return composed(tmp_path, text, "", items, carried, **changes)

    return in_its_language


def shown(edition: Edition) -> dict[str, list[str]]:
    return {section.heading: [item.id for item in section.items] for section in edition.sections}


def codes(edition: Edition) -> list[str]:
    return [note.code for note in edition.notes]


def mistake(issue: Compose, text: str, **kwargs: Any) -> str:
    with pytest.raises(ContentError) as caught:
        issue(text, **kwargs)
    return str(caught.value)


def test_the_months_items_by_category_newest_first(issue: Compose) -> None:
    edition = issue()
    assert shown(edition) == {"Interviews": ["d"], "News": ["b", "c", "a"], "Events": ["f"], "Letters": ["e"]}
    assert codes(edition) == ["announcement", "category"]
    assert "left out 'Coop Letter No. 3, March 2020'" in str(edition.notes[0])
    assert "'Letters' stands last" in str(edition.notes[1])


def test_an_old_name_of_a_category_is_that_category(issue: Compose) -> None:
    section = issue().sections[0]
    assert (section.category.name, section.layout, section.blurb) == (
        "Interviews",
        "feature",
        "People, in their own words.",
    )


def test_the_blurb_of_a_series_is_not_repeated_in_its_items(issue: Compose) -> None:
    assert issue().sections[0].items[0].summary == "Delta keeps bees."


def test_a_heading_over_one_item(issue: Compose) -> None:
    assert "One piece of news" in shown(issue("select: {ids: [a]}\n"))


def test_ids_bring_an_announcement_in(issue: Compose) -> None:
    assert shown(issue("select: {ids: [own, a]}\n"))["News"] == ["own", "a"]


def test_a_pin_brings_an_announcement_in(issue: Compose) -> None:
    assert shown(issue("sections:\n  - {category: News, items: [own]}\n"))["News"] == ["own", "b", "c", "a"]


def test_what_an_earlier_issue_carried_is_left_out_with_a_note(issue: Compose) -> None:
    edition = issue(carried=Carried({"b": "2020-02"}))
    assert shown(edition)["News"] == ["c", "a"]
    assert any("issue 2020-02 carried it" in str(note) for note in edition.notes)


def test_unless_it_is_pinned(issue: Compose) -> None:
    text = "sections: [{category: News, items: [b], only: true}]\n"
    assert shown(issue(text, carried=Carried({"b": "2020-02"}))) == {"One piece of news": ["b"]}


def test_the_announcement_of_another_issue_is_left_out(issue: Compose) -> None:
    items = [*ITEMS, {"id": "old", "category": "News", "title": "The Letter no 2", "date": "2020-03-02"}]
    edition = issue(items=items, carried=Carried(announcements=frozenset({"a"})))
    assert shown(edition)["News"] == ["b", "c"]
    assert codes(edition).count("announcement") == 3


def test_since_the_last_issue(issue: Compose) -> None:
    carried = Carried({"b": "2020-03-a"}, last_issue="2020-03-a", last_date=datetime.date(2020, 3, 20))
    edition = issue("select: {since: last-issue}\n", carried=carried)
    assert shown(edition) == {"One piece of news": ["c"]}  # of the last issue's day, and not carried


def test_since_the_last_issue_needs_one(issue: Compose) -> None:
    message = mistake(issue, "select:\n  since: last-issue\n")
    assert "2020-03.yaml:4:10: error: no earlier issue is published" in message


def test_the_lead_stands_once(issue: Compose) -> None:
    edition = issue("lead: a\n")
    assert edition.lead is not None
    assert edition.lead.id == "a"
    assert shown(edition)["News"] == ["b", "c"]
    assert [item.id for item in edition.items].count("a") == 1


def test_a_lead_of_a_series_keeps_the_blurb_where_its_section_has_gone(issue: Compose) -> None:
    edition = issue("lead: d\n")
    assert edition.lead is not None
    assert edition.lead.summary == "People, in their own words. Delta keeps bees."
    more = [*ITEMS, {"id": "d2", "category": "Interviews", "title": "Another", "date": "2020-03-02"}]
    edition = issue("lead: d\n", items=more)
    assert edition.lead is not None
    assert edition.lead.summary == "Delta keeps bees."


def test_sections_of_the_definition(issue: Compose) -> None:
    text = """
sections:
  - category: Events
    heading: Dates
  - category: News
    limit: 2
    order: oldest
    items: [c]
"""
    edition = issue(text)
    assert shown(edition) == {"Dates": ["f"], "News": ["c", "a"]}
    assert [item.id for item in edition.sections[1].overflow] == ["b"]
    assert "News: 1 over the limit of 2" in " ".join(map(str, edition.notes))
    assert "left out 1 item of 'Interviews', which no section shows: d" in " ".join(map(str, edition.notes))


def test_only_the_pinned(issue: Compose) -> None:
    text = "sections:\n  - {category: News, items: [a, d], only: true, heading: Chosen}\n  - category: News\n"
    assert shown(issue(text)) == {"Chosen": ["a", "d"], "News": ["b", "c"]}


def test_a_limit_of_the_publication(issue: Compose) -> None:
    edition = issue(limits={"items": 1})
    assert shown(edition)["News"] == ["b"]
    assert [item.id for item in edition.sections[1].overflow] == ["c", "a"]
    assert shown(issue("sections: [{category: News, limit: 0}]\n", limits={"items": 1}))["News"] == ["b", "c", "a"]


def test_a_limit_of_the_selection_is_told(issue: Compose) -> None:
    edition = issue("select: {month: 2020-03, limit: 2}\n")
    assert sum(map(len, shown(edition).values())) == 2
    assert "select-limit" in codes(edition)


def test_order_by_title(issue: Compose) -> None:
    assert shown(issue("sections: [{category: News, order: title}]\n"))["News"] == ["a", "b", "c"]


def test_overrides_are_for_this_issue_only(issue: Compose) -> None:
    edition = issue("overrides:\n  f: {title: Omega, summary: '', url: https://example.org/o}\n")
    (event,) = edition.sections[2].items
    assert (event.title, event.summary, event.url) == ("Omega", "", "https://example.org/o")


def test_an_override_of_nothing_in_the_issue_is_told(issue: Compose) -> None:
    assert "override-unused" in codes(issue("overrides:\n  late: {title: x}\n"))


def test_exclude(issue: Compose) -> None:
    assert shown(issue("select: {month: 2020-03, exclude: [b, f]}\n")) == {
        "Interviews": ["d"], "News": ["c", "a"], "Letters": ["e"],
    }  # fmt: skip


def test_categories_of_the_selection_have_their_aliases(issue: Compose) -> None:
    assert shown(issue("select: {categories: [interviews]}\n")) == {"Interviews": ["d"]}


MISTAKES = {
    "an unknown lead": ("lead: z\n", "3:7", "there is no item 'z'"),
    "an unknown pin": ("sections:\n  - {category: News, items: [a, bb]}\n", "4:33", "there is no item 'bb'"),
    "a pin twice": ("sections:\n  - {category: News, items: [a, a]}\n", "4:33", "pinned a second time"),
    "an unknown override": ("overrides:\n  lat: {title: x}\n", "4:3", "did you mean 'late'"),
    "an unknown exclusion": ("select: {exclude: [lte]}\n", "3:20", "did you mean 'late'"),
    "an unknown category": ("sections:\n  - category: Newz\n", "4:15", "did you mean 'News'?"),
    "an unknown category asked for": ("select: {categories: [Evnts]}\n", "3:23", "did you mean 'Events'?"),
    "a category twice": ("sections: [{category: News}, {category: news}]\n", "3:41", "a second section asks for 'News'"),
    "a lead that is excluded": ("lead: a\nselect: {exclude: [a]}\n", "3:7", "excluded"),
    "an empty month": ("select: {month: 2019-01}\n", "3:1", "the archive has 7 in 2020-03, 1 in 2020-04"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "words"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_has_its_place_in_the_definition(issue: Compose, text: str, place: str, words: str) -> None:
    message = mistake(issue, text)
    assert f"2020-03.yaml:{place}: error: " in message
    assert words in message


def test_several_mistakes_are_told_at_once(issue: Compose) -> None:
    message = mistake(issue, "lead: z\noverrides:\n  y: {}\nsections:\n  - {category: News, items: [x]}\n")
    assert message.count("there is no item") == 3


def test_mistakes_of_every_kind_are_told_at_once(issue: Compose) -> None:
    text = (
        "select: {categories: [Nws], ids: [u]}\nlead: z\noverrides:\n  y: {}\n"
        "sections:\n  - category: News\n  - category: News\n  - category: Nothing\n"
    )
    message = mistake(issue, text)
    for words in ("unknown category 'Nws'", "there is no item 'u'", "there is no item 'z'", "there is no item 'y'",
                  "a second section asks for 'News'", "unknown category 'Nothing'"):  # fmt: skip
        assert words in message


def test_an_issue_that_shows_nothing_is_a_mistake(issue: Compose) -> None:
    items = [{"id": "a", "title": "A", "date": "2020-03-01", "category": "Article"}]
    message = mistake(issue, "sections:\n  - category: News\n", items=items)
    assert "the issue would be empty: no section shows what was selected (left out 1 item of 'Article'" in message


TRANSLATED = {"id": "a", "title": "A bakery", "date": "2020-03-01", "category": "News", "summary": "Bread.",
              "url": "https://example.org/en",
              "translations": {"fr": {"title": "Une boulangerie", "summary": "Du pain.", "url": "https://example.org/fr"},
                               "es": {"title": "Una panadería"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("A bakery", "Bread.", "https://example.org/en", "")),
        ("fr", ("Une boulangerie", "Du pain.", "https://example.org/fr", "")),
        ("fr-CH", ("Une boulangerie", "Du pain.", "https://example.org/fr", "")),
        ("es", ("Una panadería", "Bread.", "https://example.org/en", "en")),  # half of it is still English
        ("ar", ("A bakery", "Bread.", "https://example.org/en", "en")),
    ],
)
def test_an_item_is_shown_in_the_language_of_the_issue(
    issue: Compose, language: str, expected: tuple[str, ...]
) -> None:
    (item,) = issue(f"language: {language}\n", items=[TRANSLATED]).items
    assert (item.title, item.summary, item.url, item.language) == expected


def test_a_translation_into_the_publications_own_language_is_shown(issue: Compose) -> None:
    item = TRANSLATED | {"translations": {"en": {"title": "An English title", "summary": "Bread."}}}
    (shown,) = issue(items=[item]).items
    assert (shown.title, shown.language) == ("An English title", "")
    (shown,) = issue(items=[item | {"language": "en"}]).items
    assert shown.title == "A bakery"


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("title: A shop", ("Une boulangerie", "Du pain.", "")),
        ("{title: A shop, translations: {fr: {title: Un magasin}}}", ("Un magasin", "Du pain.", "")),
        ("{summary: Cake., translations: {fr: {summary: Du gâteau.}}}", ("Une boulangerie", "Du gâteau.", "")),
        ("{summary: Cake., translations: {fr: {summary: ''}}}", ("Une boulangerie", "", "")),
        ("{summary: Cake., translations: {es: {summary: Pastel.}}}", ("Una panadería", "Pastel.", "")),
        ("{title: A shop, translations: {es: {title: Una tienda}}}", ("Una tienda", "Bread.", "en")),
    ],
)
def test_an_override_is_shown_in_the_language_of_the_edition(
    tmp_path: Path, override: str, expected: tuple[str, ...]
) -> None:
    language = "es" if "es:" in override else "fr"
    (item,) = composed(tmp_path, f"overrides:\n  a:\n    {override}\n", language, [TRANSLATED]).items
    assert (item.title, item.summary if expected[1] else "", item.language) == expected


ABOUT = {"name": "about", "title": "About", "text": "Who we are", "button": {"label": "More", "url": "https://x.org/"},
         "translations": {"fr": {"title": "À propos", "text": "Qui nous sommes", "button": "Plus"},
                          "es": {"title": "Acerca"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("blocks", "language", "expected"),
    [
        ("[]", "fr", ("À propos", "Qui nous sommes", "Plus")),
        ("[{name: about, text: News of us}]", "fr", ("À propos", "News of us", "Plus")),
        (
            "[{name: about, text: News of us, translations: {fr: {text: De nos nouvelles}}}]",
            "fr",
            ("À propos", "De nos nouvelles", "Plus"),
        ),
        (
            "[{name: about, text: News of us, translations: {fr: {text: De nos nouvelles}}}]",
            "es",
            ("Acerca", "News of us", "More"),
        ),
    ],
)
def test_a_block_of_the_issue_has_its_own_translations_and_the_publications(
    tmp_path: Path, blocks: str, language: str, expected: tuple[str, ...]
) -> None:
    edition = composed(tmp_path, f"blocks: {blocks}\n", language, [TRANSLATED], blocks=[ABOUT])
    (item,) = edition.sections[-1].items
    assert item.extra
    assert (item.title, item.summary, item.extra.button) == expected


@pytest.mark.parametrize("languages", ["[en, fr]", "[]"])
def test_a_translation_whose_original_has_changed_is_noted(tmp_path: Path, languages: str) -> None:
    french = TRANSLATED["translations"]["fr"] | {"of": state_of("A bakery", "Bread.")}
    current = TRANSLATED | {"translations": {"fr": french}}
    for item, expected in ((current, []), (current | {"summary": "Bread and cake."}, ["stale"])):
        edition = composed(tmp_path, f"languages: {languages}\n", "fr", [item])
        assert [note.code for note in edition.notes if note.code == "stale"] == expected


def test_further_texts_of_a_translated_item_are_translated_or_told(tmp_path: Path) -> None:
    words = {"Main hall": "Grande salle", "members": "membres", "As PDF": "En PDF", "A. B.": "Photo : A. B."}
    item = TRANSLATED | {
        "extra": {"where": "Main hall", "quote": "Well.", "figures": [{"value": "12", "label": "members"}]},
        "links": [{"label": "As PDF", "url": "https://example.org/x.pdf"}],
        "image": {"src": "https://example.org/x.jpg", "credit": "A. B."},
        "translations": {"fr": TRANSLATED["translations"]["fr"] | {"alt": "Du pain", "words": words}},
    }
    edition = composed(tmp_path, "languages: [en, fr]\n", "fr", [item])
    (shown,) = edition.items
    assert shown.extra
    assert shown.image
    assert (shown.extra.where, shown.extra.quote, shown.extra.figures[0].label) == ("Grande salle", "Well.", "membres")
    assert (shown.links[0].label, shown.image.alt, shown.image.credit) == ("En PDF", "Du pain", "Photo : A. B.")
    assert [str(note) for note in edition.notes] == ["in part not translated into fr: a (quote)"]
    assert not composed(tmp_path, "languages: [en, fr]\n", "en", [item]).notes


def test_names_of_the_publication_are_translated(tmp_path: Path) -> None:
    french = {"words": {"O": "L’O", "S": "Service\nde presse", "Our page": "Notre page"}}
    changes = {"translations": {"fr": french}, "social": [{"label": "Our page", "url": "https://example.org/"}]}
    publication = composed(tmp_path, "", "fr", [TRANSLATED], **changes).publication
    assert (publication.organisation.name, publication.social[0].label) == ("L’O", "Notre page")
    assert publication.sender.name == "Service de presse"  # a header has one line


def test_a_placeholder_in_an_override_is_noted(issue: Compose) -> None:
    edition = issue("overrides:\n  a:\n    summary: Dear [[first_name|reader]]\n")
    (note,) = [note for note in edition.notes if note.code == "placeholder"]
    assert "subject, preheader and editorial have them" in note.message


def test_nothing_left_says_why(issue: Compose) -> None:
    message = mistake(issue, "select: {from: 2020-03-31, to: 2020-03-31}\n")
    assert "nothing is selected" in message
    assert "it announces an issue of this publication" in message


def test_an_empty_archive(issue: Compose) -> None:
    assert "the archive is empty" in mistake(issue, "", items=[])


def test_subject_and_preheader_have_good_defaults(issue: Compose) -> None:
    edition = issue("lead: f\n")
    assert edition.subject == "Coop Letter No. 3, March 2020"
    assert edition.preheader == "Zeta · Delta · Beta · Gamma · Alpha · Epsilon"
    assert issue(language="fr").subject == "Coop Letter N°\u00a03, mars 2020"


def test_unsafe_addresses_are_not_linked_and_told(issue: Compose) -> None:
    links = [{"label": "PDF", "url": "javascript:alert(1)"}, {"label": "fr", "url": "https://example.org/fr"}]
    items = [{"id": "a", "title": "A", "date": "2020-03-01", "url": "file:///etc/passwd", "links": links}]
    edition = issue(items=items)
    (item,) = edition.items
    assert (item.url, [link.url for link in item.links]) == ("", ["https://example.org/fr"])
    assert codes(edition).count("address") == 2


def test_control_characters_are_removed_and_told(issue: Compose) -> None:
    items = [{"id": "a", "title": "A\x9b b", "date": "2020-03-01", "summary": "x\x85y\u202etxt"}]
    edition = issue(items=items)
    (item,) = edition.items
    assert "\x9b" not in item.title
    assert item.summary.endswith("\u202c")  # the override is closed within its field
    assert "control-characters" in codes(edition)


def test_items_without_a_category_stand_last(issue: Compose) -> None:
    items = [{"id": "a", "title": "A", "date": "2020-03-01"}, *ITEMS[1:2]]
    assert list(shown(issue(items=items))) == ["One piece of news", "More"]


def test_composing_is_pure(issue: Compose) -> None:
    assert issue() == issue()


ANNOUNCEMENTS = {
    "Coop Letter No. 3, March 2020": True,
    "coop  letter no 3": True,
    "Coop Letter": True,
    "The Letter #12": True,
    "Coop Letter, March 2020": True,
    "Coop Letter – July-August 2020": True,
    "Coop Letter N° 3": True,
    "Coop Letter wins a prize": False,
    "Coop Letter No. 3 wins a prize": False,
    "Coop Letters of the world": False,
    "A look back at the Coop Letter": False,
    "Coop Letter2": False,
}


@pytest.mark.parametrize(("title", "expected"), ANNOUNCEMENTS.items())
def test_what_announces_an_issue(title: str, expected: bool) -> None:
    assert is_announcement(Item(id="x", title=title), Publication.model_validate(PUBLICATION)) is expected
