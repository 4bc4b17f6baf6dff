"""One definition, several editions: texts in each language, and what is not translated is told or left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from composing import Compose, codes, issue, shown  # noqa: F401 - issue is a fixture
from conftest import Run

from newsletter.item import state_of

ITEMS = [
    {
        "id": "a",
        "category": "News",
        "title": "A bakery",
        "summary": "Bread.",
        "date": "2020-03-05",
        "url": "https://example.org/a",
        "translations": {"fr": {"title": "Une boulangerie", "summary": "Du pain.", "url": "https://example.org/fr/a"}},
    },
    {"id": "b", "category": "News", "title": "A mill", "date": "2020-03-04"},
]
EDITIONS = {
    "languages": ["en", "fr"],
    "web_version": "https://example.org/{issue}/{language}",
    "translations": {"fr": {"title": "La Lettre", "reason": "Parce que."}},
    "categories": [{"name": "News", "translations": {"fr": {"heading": "Actualités"}}}],
}
TEXT = """\
subject: Bread for [[first_name|friends]]
editorial: Dear *all*
translations:
  fr:
    subject: Du pain pour [[first_name|tous]]
    editorial: Chers *tous*
"""


def test_each_edition_speaks_its_language(issue: Compose) -> None:
    fr = issue(TEXT, ITEMS, language="fr", **EDITIONS)
    assert fr.subject == "Du pain pour [[first_name|tous]]"
    assert fr.editorial == "Chers *tous*"
    assert fr.publication.title == "La Lettre"
    assert shown(fr) == {"Actualités": ["a", "b"]}
    assert [(item.title, item.url, item.language) for item in fr.items] == [
        ("Une boulangerie", "https://example.org/fr/a", ""),
        ("A mill", "", "en"),
    ]
    assert (fr.path, fr.web_version) == ("2020-03/fr", "https://example.org/2020-03/fr")
    assert [(other.language, other.name, other.url) for other in fr.others] == [
        ("en", "English", "https://example.org/2020-03/en")
    ]
    en = issue(TEXT, ITEMS, language="en", **EDITIONS)
    assert [item.title for item in en.items] == ["A bakery", "A mill"]
    assert (en.subject, codes(en)) == ("Bread for [[first_name|friends]]", [])


def test_what_is_not_translated_is_told(issue: Compose) -> None:
    fr = issue("subject: Bread\neditorial: Dear all\n", ITEMS, language="fr", **EDITIONS)
    told = [str(note) for note in fr.notes]
    assert "shown in their own language, since not translated into fr: b" in told
    assert "not translated into fr: subject, editorial" in told
    assert fr.subject == "La Lettre N°\u00a03, mars 2020"  # made from what is translated, rather than half in English
    assert (fr.editorial, fr.editorial_language) == ("Dear all", "en")


def test_what_the_publication_does_not_say_in_a_language_is_told_and_known(issue: Compose) -> None:
    categories = [{"name": "News", "blurb": "All of it.", "translations": {"fr": {"heading": "Actualités"}}}]
    changes = EDITIONS | {"description": "News of a few", "categories": categories}
    french = issue("lead: b\n", [*ITEMS, ITEMS[1] | {"id": "c", "category": "Events"}], language="fr", **changes)
    assert [(each.heading, each.heading_language, each.blurb_language) for each in french.sections] == [
        ("Actualités", "", "en"),
        ("Events", "en", ""),
    ]
    assert french.foreign == {"description": "en", "name": "en", "address": "en"}  # the lead's category has a heading
    assert [note.message for note in french.notes if note.code == "untranslated"][-3:] == [
        "not translated into fr: the headings Events",
        "not translated into fr: the blurbs of Actualités",
        "not translated into fr: the publication's description",
    ]
    english = issue("lead: b\n", ITEMS, language="en", **changes)
    assert (english.foreign, english.sections[0].heading_language, english.sections[0].blurb_language) == ({}, "", "")


def test_a_heading_of_the_issue_is_in_the_language_of_the_issue(issue: Compose) -> None:
    sections = "sections: [{category: News, heading: Aktuell, translations: {en: {heading: Latest}}}]\n"
    found = [
        issue(f"language: de\n{sections}", ITEMS, language=language, **EDITIONS).sections[0]
        for language in ("de", "en", "fr")
    ]
    assert [(each.heading, each.heading_language) for each in found] == [
        ("Aktuell", ""),
        ("Latest", ""),
        ("Aktuell", "de"),
    ]


def test_what_is_not_translated_is_left_out_where_the_publication_says_so(issue: Compose) -> None:
    fr = issue("lead: b\neditorial: Dear all\n", ITEMS, language="fr", untranslated="leave-out", **EDITIONS)
    assert [item.id for item in fr.items] == ["a"]
    assert fr.lead is None
    assert fr.editorial == ""
    assert "left out, since not translated into fr: b" in [str(note) for note in fr.notes]
    assert [item.id for item in issue("", ITEMS, language="en", untranslated="leave-out", **EDITIONS).items] == [
        "a",
        "b",
    ]


def test_a_translation_of_an_earlier_text_is_stale(issue: Compose) -> None:
    def of(state: str) -> list[str]:
        translated = {"title": "Une boulangerie", "summary": "Du pain.", "of": state}
        items = [ITEMS[0] | {"translations": {"fr": translated}}]
        return [str(note) for note in issue("", items, language="fr", **EDITIONS).notes]

    assert of(state_of("A bakery", "Bread.")) == []
    assert of(state_of("A bakery", "Bread and wine.")) == ["'a' has changed since it was translated into fr"]


def test_a_region_is_served_by_its_language(issue: Compose) -> None:
    edition = issue(TEXT, ITEMS, language="fr-CA", **EDITIONS | {"languages": ["fr-CA"]})
    assert (edition.items[0].title, edition.publication.title) == ("Une boulangerie", "La Lettre")


@pytest.mark.parametrize("languages", [{"languages": ["en", "fr"]}, {}])
def test_a_change_of_a_detail_is_told_too(issue: Compose, languages: dict[str, object]) -> None:
    def notes(where: str) -> list[str]:
        french = {"title": "Une boulangerie", "summary": "Du pain.", "of": state_of("A bakery", "Bread.", "Main hall")}
        item = ITEMS[0] | {
            "extra": {"where": where},
            "translations": {"fr": french | {"extra": {"where": "Grande salle"}}},
        }
        told = issue("", [item], language="fr", **languages).notes
        return [note.code for note in told if "headings" not in note.message]

    assert notes("Main hall") == []
    assert notes("Small hall") == ["stale"]


def test_details_of_a_translated_item_are_translated_or_told(issue: Compose) -> None:
    words = {"members": "membres", "As PDF": "En PDF", "A. B.": "Photo\u00a0: A. B."}
    french = {"title": "Une fête", "alt": "Du pain", "extra": {"where": "Grande salle"}, "words": words}
    item = {
        "id": "c",
        "title": "A feast",
        "date": "2020-03-05",
        "extra": {"where": "Main hall", "quote": "Well.", "figures": [{"value": "12", "label": "members"}]},
        "links": [{"label": "As PDF", "url": "https://example.org/x.pdf"}],
        "image": {"src": "https://example.org/x.jpg", "credit": "A. B."},
        "translations": {"fr": french},
    }
    edition = issue("", [item], language="fr", **EDITIONS)
    (found,) = edition.items
    assert found.extra
    assert found.image
    assert (found.extra.where, found.extra.quote, found.extra.figures[0].label) == ("Grande salle", "Well.", "membres")
    assert (found.links[0].label, found.image.alt, found.image.credit) == ("En PDF", "Du pain", "Photo\u00a0: A. B.")
    assert "in part not translated into fr: c (quote)" in [str(note) for note in edition.notes]
    assert "untranslated" not in codes(issue("", [item], language="en", **EDITIONS))


def test_a_translation_of_what_is_not_said_is_told(issue: Compose) -> None:
    words = {"membres": "membres", "As a PDF": "En PDF", "12": "douze"}
    item = {
        "id": "c",
        "category": "News",
        "title": "A feast",
        "date": "2020-03-05",
        "links": [{"label": "As PDF", "url": "https://example.org/x.pdf"}],
        "extra": {"figures": [{"value": "12", "label": "members"}, {"value": "3", "label": "cakes"}]},
        "translations": {"fr": {"title": "Une fête", "alt": "Du pain", "words": words}},
    }
    block = {
        "name": "us",
        "text": "We.",
        "translations": {"fr": {"text": "Nous.", "button": "Venez", "words": {"x": "y"}}},
    }
    changes = EDITIONS | {"blocks": [block], "translations": {"fr": {"words": {"P": "Q"}}}}
    told = [note.message for note in issue("", [item], language="fr", **changes).notes if note.code == "unused"]
    what = "has a translation into fr of what it does not say"
    assert told == [
        f"'c' {what}: alt, words: 'As a PDF' (did you mean 'As PDF'?), words: 'membres' (did you mean 'members'?)",
        f"the block 'us' {what}: button, words: 'x'",
        f"the publication {what}: words: 'P'",
    ]
    assert "unused" not in codes(issue("", [item], language="en", **changes))


def test_names_of_the_publication_are_translated(issue: Compose) -> None:
    french = {"words": {"O": "L’O", "S": "Service\nde presse", "Our page": "Notre page"}}
    changes = {"translations": {"fr": french}, "social": [{"label": "Our page", "url": "https://example.org/"}]}
    publication = issue("", ITEMS, language="fr", **EDITIONS | changes).publication
    assert (publication.organisation.name, publication.social[0].label) == ("L’O", "Notre page")
    assert publication.sender.name == "Service de presse"  # a header has one line


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("title: A shop", ("Une boulangerie", "Du pain.", "")),
        ("{title: A shop, translations: {fr: {title: Un magasin}}}", ("Un magasin", "Du pain.", "")),
        ("{summary: Cake., translations: {fr: {summary: Du gâteau.}}}", ("Une boulangerie", "Du gâteau.", "")),
        ("{summary: Cake., translations: {fr: {summary: ''}}}", ("Une boulangerie", "", "")),
        ("{title: A shop, translations: {es: {title: Una tienda}}}", ("Una tienda", "Bread.", "")),
    ],
)
def test_a_part_of_an_override_is_translated(issue: Compose, override: str, expected: tuple[str, ...]) -> None:
    language = "es" if "es:" in override else "fr"
    (item,) = issue(f"overrides:\n  a:\n    {override}\n", ITEMS[:1], language=language, **EDITIONS).items
    assert (item.title, item.summary, item.language) == expected


def test_an_override_has_translations_of_its_own(issue: Compose) -> None:
    text = """\
overrides:
  a: {title: Bread at last, translations: {fr: {title: Du pain enfin}}}
  b: {title: The mill}
"""
    titles = {
        language: [item.title for item in issue(text, ITEMS, language=language, **EDITIONS).items]
        for language in ("en", "fr")
    }
    assert titles == {"en": ["Bread at last", "The mill"], "fr": ["Du pain enfin", "The mill"]}


def edit(path: Path, more: str) -> None:
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def test_a_folder_for_each_edition_with_links_between_them(run: Run, workspace: Path) -> None:
    config = workspace / "newsletter.yaml"
    config.write_text(config.read_text("utf-8").replace("letter/{issue}", "letter/{issue}/{language}"), "utf-8")
    edit(workspace / "issues/2020-03.yaml", "languages: [en, ar]\n")
    done = run("build", cwd=workspace)
    assert done.code == 0, done.stderr
    build = workspace / "build/2020-03"
    assert sorted(path.name for path in build.iterdir()) == ["ar", "en"]
    arabic = (build / "ar/email.html").read_text("utf-8")
    assert '<html lang="ar" dir="rtl"' in arabic
    assert 'href="https://coop.example.org/letter/2020-03/en"' in arabic
    assert 'hreflang="ar"' in (build / "en/web.html").read_text("utf-8")
    assert "العربية: https://coop.example.org/letter/2020-03/ar" in (build / "en/email.txt").read_text("utf-8")
    assert "2020-03/ar: shown in their own language" in done.stderr
    assert run("status", cwd=workspace).stdout.split("\n")[1].split()[4] == "built"


def test_files_of_an_edition_that_is_no_more_are_removed(run: Run, workspace: Path) -> None:
    assert run("build", cwd=workspace).code == 0
    stray = workspace / "build/2020-03/notes.txt.bak"
    stray.write_text("mine")
    config = workspace / "newsletter.yaml"
    config.write_text(config.read_text("utf-8").replace("letter/{issue}", "letter/{issue}/{language}"), "utf-8")
    edit(workspace / "issues/2020-03.yaml", "languages: [en]\n")
    assert run("build", cwd=workspace).code == 0
    assert sorted(path.name for path in (workspace / "build/2020-03").iterdir()) == ["en", "notes.txt.bak"]


@pytest.mark.parametrize(
    ("where", "more", "told"),
    [
        ("issues/2020-03.yaml", "languages: [en, fr]\n", "error: 'web_version' is the same for the editions in en and fr (put {language} where the language belongs)"),
        ("issues/2020-03.yaml", "languages: [en, klingon]\n", "error: 'klingon' is no language"),
        ("issues/2020-03.yaml", "translations: {fr: {subject: 'Pour [[prenom|tous]]'}}\n", "error: unknown placeholder '[[prenom]]'"),
        ("newsletter.yaml", "untranslated: drop\n", "error: 'untranslated'"),
    ],
)  # fmt: skip
def test_a_mistake_about_languages(run: Run, workspace: Path, where: str, more: str, told: str) -> None:
    edit(workspace / where, more)
    done = run("build", cwd=workspace)
    assert done.code == 1
    assert told in done.stderr


def test_a_block_and_a_blurb_that_changed_since_they_were_translated_are_told(issue: Compose) -> None:
    def told(text: str, blurb: str) -> list[str]:
        states = state_of("About", "We are few.", ""), state_of("All the news.")
        block = {"name": "about", "title": "About", "text": text}
        block["translations"] = {"fr": {"title": "Qui", "text": "Peu.", "of": states[0]}}
        news = {"name": "News", "blurb": blurb}
        news["translations"] = {"fr": {"heading": "Actualités", "blurb": "Tout.", "of": states[1]}}
        changes = EDITIONS | {"blocks": [block], "categories": [news]}
        return [note.message for note in issue("", ITEMS[:1], language="fr", **changes).notes]

    assert told("We are few.", "All the news.") == []
    assert told("We are many.", "Some of the news.") == [
        "the blurb of 'News' has changed since it was translated into fr",
        "the block 'about' has changed since it was translated into fr",
    ]
