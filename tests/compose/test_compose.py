"""Composing: what goes into an issue, where, and what is said of the rest. On a real archive of real files."""

from __future__ import annotations

import datetime

import pytest
from composing import ITEMS, PUBLICATION, Compose, codes, issue, mistake, shown  # noqa: F401 - issue is a fixture

from newsletter.compose import is_announcement
from newsletter.model import Carried, Item
from newsletter.publication import Publication


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
        ("es", ("Una panadería", "Bread.", "https://example.org/en", "")),  # half of it is still English, and told
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
