"""The program's words in the reader's language: every catalogue whole, every mail in one language."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract as extract_from
from conftest import ROOT, Run

from newsletter.compose import compose
from newsletter.errors import ContentError
from newsletter.issues import definition
from newsletter.model import Edition, Message
from newsletter.render.pipeline import render
from newsletter.render.theme import Theme, find_theme
from newsletter.words import BUILT_IN, catalogues, is_known, read, texts, words
from newsletter.words.extraction import extract
from newsletter.workspace import Workspace

LANGUAGES = sorted(path.stem for path in BUILT_IN.glob("*.po"))
THEMES = sorted(path.parent.name for path in (ROOT / "templates").glob("*/theme.yaml"))


def theme(name: str) -> Theme:
    return find_theme(name, [ROOT / "templates"], {})


WORDING = ROOT / "newsletter/compose/wording.py"


def english() -> set[str]:
    """Return every word of the built-in themes and of the program itself, the singular where there are two."""
    found = {texts(m.id)[0] for name in THEMES for m in extract(name, theme(name).files) if m.id}
    code = extract_from("python", io.BytesIO(WORDING.read_bytes()))
    return found | {texts(message)[0] for _, message, _, _ in code if message}


def test_there_are_the_languages_that_were_promised() -> None:
    assert LANGUAGES == ["ar", "de", "es", "fr", "it", "ja", "pt", "ru", "zh"]
    assert len(english()) == 19


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_word_and_no_other(language: str) -> None:
    catalogue = read(BUILT_IN / f"{language}.po")
    assert {texts(message.id)[0] for message in catalogue if message.id} == english()
    assert str(catalogue.plural_forms) == str(Catalog(Locale.parse(language)).plural_forms)
    for message in catalogue:
        if message.id:
            assert all(text.strip() for text in texts(message.string))
            assert len(texts(message.string)) == (1 if isinstance(message.id, str) else catalogue.num_plurals)
            for text in texts(message.string):  # a form for one or two may do without the number
                assert set(re.findall(r"%\(\w+\)s", text)) in (
                    set(re.findall(r"%\(\w+\)s", texts(message.id)[0])),
                    set(),
                )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-GB", "Read more"),
        ("fr", "Lire la suite"),
        ("fr-CH", "Lire la suite"),
        ("pt_BR", "Ler mais"),
        ("zh-CN", "阅读更多"),
        ("zh-Hant", "Read more"),  # no catalogue has traditional characters
        ("nl", "Read more"),
    ],
)
def test_a_region_speaks_its_language(language: str, expected: str) -> None:
    assert words(language).gettext("Read more") == expected
    assert is_known(language) == (language not in ("nl", "zh-Hant"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", {1: "Ещё %(num)s материал", 3: "Ещё %(num)s материала", 5: "Ещё %(num)s материалов",
                11: "Ещё %(num)s материалов", 21: "Ещё %(num)s материал"}),
        ("ar", {1: "مادة واحدة أخرى", 2: "مادتان أخريان", 3: "%(num)s مواد أخرى", 11: "%(num)s مادة أخرى",
                103: "%(num)s مواد أخرى"}),
        ("fr", {0: "%(num)s autre article", 1: "%(num)s autre article", 2: "%(num)s autres articles"}),
        ("ja", {1: "ほか%(num)s件", 2: "ほか%(num)s件"}),
    ],
)  # fmt: skip
def test_plurals_are_those_of_the_language(language: str, expected: dict[int, str]) -> None:
    found = words(language)
    assert {number: found.ngettext("%(num)s more", "%(num)s more", number) for number in expected} == expected


def test_a_themes_own_catalogue_comes_first_and_is_read_anew(tmp_path: Path) -> None:
    own = tmp_path / "fr.po"
    own.write_text('msgid "Read more"\nmsgstr "Plus"\n', "utf-8")
    assert words("fr", [tmp_path]).gettext("Read more") == "Plus"
    assert words("fr", [tmp_path]).gettext("Back to top") == "Haut de page"
    own.write_text('msgid "Read more"\nmsgstr "Pluie"\n', "utf-8")
    assert words("fr", [tmp_path]).gettext("Read more") == "Pluie"
    assert words("fr").gettext("Read more") == "Lire la suite"
    assert catalogues("fr", [tmp_path]) == [own, BUILT_IN / "fr.po"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\n\nmsgid "No. %(number)s"\nmsgstr "N° %(numero)s"\n', ":3: error: unknown place '%(numero)s' (the words have %(number)s)"),
        ('msgid "%(num)s more"\nmsgstr "5 % de plus"\n', ":1: error: a '%' that is no place (write it twice: %%)"),
        ('msgid "a"\nmsgstr "b"\nrubbish\n', ":3: error: not a catalogue"),
        ('msgid "Read more"\nmsgstr "100% more"\n', ":1: error: a '%' that is no place (write it twice: %%)"),
        ('msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Plural-Forms: nplurals=2; plural=import os;\\n"\n\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n', ": error: 'Plural-Forms' cannot be read"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "%(x)s"\nmsgstr[1] ""\n', ":1: error: unknown place '%(x)s'"),
    ],
)  # fmt: skip
def test_a_mistake_of_a_translator_has_its_line(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "fr.po").write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        words("fr", [tmp_path])
    assert expected in str(caught.value.problems[0]).replace(str(tmp_path / "fr.po"), "")


def sample(language: str) -> Edition:
    """Return the sample issue in another language, with something over a limit in each section."""
    workspace = Workspace(ROOT)
    issue = definition.load(workspace.issue_path("2017-09"))
    issue = dataclasses.replace(
        issue, definition=issue.definition.model_copy(update={"language": language, "subject": ""})
    )
    edition = compose(workspace.publication, issue, workspace.archive)
    items = tuple(item.model_copy(update={"url": f"https://example.org/{item.id}"}) for item in edition.items)
    sections = tuple(dataclasses.replace(each, items=items, overflow=items[:3]) for each in edition.sections)
    return dataclasses.replace(edition, sections=sections, lead=items[0])


SEVERAL = [
    pytest.param(
        (theme, language),
        id=f"{theme} {language}",
        marks=() if theme == "classic" and language in ("ar", "fr", "ru") else pytest.mark.full,
    )
    for theme in THEMES
    for language in LANGUAGES
]


@pytest.fixture(params=SEVERAL)
def foreign(request: pytest.FixtureRequest) -> tuple[str, Message]:
    name, language = request.param
    return language, render(sample(language), theme(name))


def test_no_english_word_of_ours_stands_in_another_language(foreign: tuple[str, Message]) -> None:
    language, message = foreign
    said = {"email": message.html, "text": message.text, "web": message.web, "subject": message.subject}
    theirs = words(language)
    for word in english():
        phrase = re.sub(r"%\(\w+\)s", "", word).strip(" ,:")
        if len(phrase) < 4 or phrase in theirs.gettext(word):
            continue
        for name, text in said.items():
            assert not re.search(rf"\b{re.escape(phrase)}\b", re.sub(r"<style.*?</style>", "", text, flags=re.S)), (
                name,
                phrase,
            )
    assert theirs.gettext("Read more") in message.html
    assert theirs.gettext("Unsubscribe") in message.html
    assert theirs.gettext("Unsubscribe:") in message.text
    assert theirs.ngettext("%(num)s more on the web:", "", 3) % {"num": 3} in message.text


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("fr", "ILO COOP eNewsUpdate N°\u00a08, septembre 2017"),
        ("de", "ILO COOP eNewsUpdate Nr.\u00a08, September 2017"),
        ("ja", "ILO COOP eNewsUpdate 第8号\u30002017年9月"),
        ("ru", "ILO COOP eNewsUpdate №\u00a08, сентябрь 2017\u202fг."),
        ("ar", "ILO COOP eNewsUpdate، العدد 8، سبتمبر 2017"),
    ],
)
def test_the_subject_is_said_in_the_language_of_the_issue(language: str, subject: str) -> None:
    assert re.sub(r"\s", " ", sample(language).subject) == re.sub(r"\s", " ", subject)


def test_outlooks_button_has_room_for_wide_letters() -> None:
    message = render(sample("ja"), find_theme("classic", [ROOT / "templates"], {}))
    assert "width:156px;v-text-anchor:middle" in message.html


def test_words_are_text_whatever_a_translator_writes(tmp_path: Path) -> None:
    for path in (ROOT / "templates/classic").glob("*.*"):
        (tmp_path / "ours").mkdir(exist_ok=True)
        (tmp_path / "ours" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "ours/words").mkdir()
    (tmp_path / "ours/words/nl.po").write_text(
        'msgid "Unsubscribe"\nmsgstr "Af & <b>weg</b> \\"nu\\""\n\nmsgid "Unsubscribe:"\nmsgstr "Af & weg:"\n', "utf-8"
    )
    message = render(sample("nl"), find_theme("ours", [tmp_path], {}))
    assert "Af &amp; &lt;b&gt;weg&lt;/b&gt; &#34;nu&#34;</a>" in message.html
    assert "Af & weg:" in message.text


def test_a_file_that_is_no_catalogue_does_not_stop_the_others(run: Run, workspace: Path) -> None:
    run("themes", "copy", "letter", "ours", "email.txt", cwd=workspace)
    assert run("themes", "extract", "ours", "--language", "de", "--language", "nl", cwd=workspace).code == 0
    folder = workspace / "templates/ours/words"
    nl = (folder / "nl.po").read_bytes()
    assert "Abbestellen" in (folder / "de.po").read_text("utf-8")
    assert b'msgid "Unsubscribe"\nmsgstr ""' in nl  # and nothing of the German ones
    (folder / "nl.po").unlink()
    for name in ("klingon", "pt_BR", "nl"):
        (folder / f"{name}.po").write_text('msgid "Unsubscribe"\nmsgstr "x"\n', "utf-8")
    (folder / "fr.po").write_text("not a catalogue\n", "utf-8")
    done = run("themes", "extract", "ours", cwd=workspace)
    assert done.code == 1
    assert re.findall(r"(?m)^templates/ours/words/(\S+): \d+ words", done.stdout) == ["de.po", "nl.po"]
    assert re.findall(r"(?m)^templates/ours/words/(\S+?): error: (.*)", done.stderr)[1:] == [
        (
            f"{name}.po",
            f"no mail reads this catalogue: '{name}' is no language (name it as fr.po, pt-BR.po or zh-Hant.po, or remove it)",
        )
        for name in ("klingon", "pt_BR")
    ]
    assert done.stderr.startswith("templates/ours/words/fr.po:1: error: not a catalogue")
    assert (folder / "nl.po").read_bytes() == nl.replace(b'"Unsubscribe"\nmsgstr ""', b'"Unsubscribe"\nmsgstr "x"')
    assert (folder / "klingon.po").read_text("utf-8") == 'msgid "Unsubscribe"\nmsgstr "x"\n'
    (folder / "fr.po").unlink()
    checked = run("themes", "check", "ours", cwd=workspace)
    assert checked.code == 1
    assert "words/klingon.po: error: no mail reads this catalogue" in checked.stderr
    assert "no mistakes" not in checked.stdout


def test_words_of_a_theme_of_ones_own(run: Run, tmp_path: Path) -> None:
    assert run("init", "demo").code == 0
    demo = tmp_path / "demo"
    refused = run("themes", "extract", "classic", "--language", "nl", cwd=demo)
    assert refused.code == 2
    assert "newsletter themes copy classic NEW" in refused.stderr
    run("themes", "copy", "classic", "ours", cwd=demo)
    assert "name a language" in run("themes", "extract", "ours", cwd=demo).stderr
    assert "'xx9' is no language" in run("themes", "extract", "ours", "--language", "xx9", cwd=demo).stderr

    publication = demo / "newsletter.yaml"
    text = re.sub(r"(?m)^language: .*", "language: nl", publication.read_text("utf-8"))
    publication.write_text(text.replace("name: classic", "name: ours"), "utf-8")
    assert "it has no words in 'nl'" in run("build", cwd=demo).stderr

    first = run("themes", "extract", "ours", "--language", "nl", "--language", "fr", cwd=demo)
    assert re.fullmatch(
        r"templates/ours/words/nl\.po: (\d+) words, \1 to translate\ntemplates/ours/words/fr\.po: \1 words, 0 to translate\n",
        first.stdout,
    )
    checked = run("themes", "check", "ours", cwd=demo)
    assert checked.code == 0
    assert "nl.po: warning: 16 words are not translated: 'Unsubscribe', " in checked.stderr

    dutch = demo / "templates/ours/words/nl.po"
    before = dutch.read_bytes()
    assert run("themes", "extract", "ours", cwd=demo).code == 0
    assert dutch.read_bytes() == before
    dutch.write_text(
        dutch.read_text("utf-8").replace('"Unsubscribe"\nmsgstr ""', '"Unsubscribe"\nmsgstr "Afmelden"'), "utf-8"
    )
    mail = demo / "templates/ours/_sections.mjml"
    mail.write_text(mail.read_text("utf-8").replace('_("Back to top")', '_("To the top")'), "utf-8")
    assert "nl.po: 16 words, 15 to translate" in run("themes", "extract", "ours", cwd=demo).stdout
    assert 'msgstr "Afmelden"' in dutch.read_text("utf-8")

    built = run("build", cwd=demo)
    assert built.code == 0
    assert "it has no words" not in built.stderr
    (html,) = demo.glob("build/*/email.html")
    assert ">Afmelden</a>" in html.read_text("utf-8")

    dutch.write_text(
        dutch.read_text("utf-8").replace("Afmelden", "Afmelden %(wat)s"),
        "utf-8",
    )
    broken = run("build", cwd=demo)
    assert broken.code == 1
    assert re.search(r"templates/ours/words/nl\.po:\d+: error: unknown place '%\(wat\)s'", broken.stderr)
    assert "Traceback" not in broken.stderr
