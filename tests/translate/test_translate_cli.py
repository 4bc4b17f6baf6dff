"""An issue goes to a translator and comes back: the real program on real files that people have written in."""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ITEMS, PUBLICATION, Run
from lxml import etree

NS = "{urn:oasis:names:tc:xliff:document:1.2}"

NEWSLETTER = (
    PUBLICATION.replace("letter/{issue}", "letter/{issue}/{language}").replace(
        "categories:", "# in this order\ncategories:"
    )
    + """\
  # for readers of the Lettre
  - {name: Notes, heading: Note}
languages: [en, fr]  # more to come
blocks:
  - name: about
    title: About us
    text: We are **small**. # and proud
    button: {label: Write to us, url: 'mailto:letter@coop.example.org'}
    place: start
# the end
"""
)

ISSUE = """\
# The spring issue
number: 1
date: 2020-03-31   # a Tuesday
subject: 'Spring, dear [[first_name|colleague]]'
editorial: |
  Spring is here. See [our page](https://coop.example.org/spring).

  And more.
select:
  month: 2020-03
lead: a-bakery-becomes-a-cooperative
sections:
  - category: News
    heading: Short news  # not too long
  - category: Interviews
blocks:
  - name: about
    text: We are growing.
overrides:
  # it was too long
  housing-cooperatives-meet-in-lyon: {title: Lyon meets}
"""

ARCHIVE = (
    "# March\n"
    + ITEMS.replace("category: News\n", "category: News  # ours\n", 1)
    + """\
  summary: |+
    They came from *nine* countries.

  # the picture is theirs
  image: {src: 'https://coop.example.org/lyon.jpg', alt: A hall full of people}

# - id: to-come
"""
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace in English and French, with comments of people in every file."""
    root = tmp_path / "workspace"
    files = {"newsletter.yaml": NEWSLETTER, "archive/2020/2020-03.yaml": ARCHIVE, "issues/2020-03.yaml": ISSUE}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


@pytest.fixture
def ask(run: Run, root: Path) -> Run:
    """Run the program in the workspace."""
    return lambda *args, **more: run(*args, cwd=root, **more)


def sources(path: Path) -> dict[str, str]:
    return {each.get("id", ""): each.findtext(f"{NS}source") or "" for each in units(etree.parse(path))}


def units(tree: Any) -> list[Any]:
    return list(tree.iter(f"{NS}trans-unit"))


def french(text: str) -> str:
    return f"[FR] {text}"


def fill(path: Path, words: Callable[[str], str] = french, only: str = "") -> Path:
    """Translate a file as a translation program does: targets with a state, everything else as it was."""
    tree = etree.parse(path)
    for each in units(tree):
        if only in each.get("id"):
            target = each.find(f"{NS}target")
            if target is None:
                target = etree.Element(f"{NS}target")
                each.insert(1, target)
            target.text = words(each.findtext(f"{NS}source"))
            target.set("state", "translated")
    tree.write(path, encoding="UTF-8", xml_declaration=True)
    return path


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.glob("[ain]*/**/*.yaml"))
    } | {"newsletter.yaml": (root / "newsletter.yaml").read_text("utf-8")}


def codes(ask: Run) -> list[str]:
    """Return the codes of the notes of the French edition."""
    built = ask("build", "2020-03", "--json")
    assert built.code == 0, built.stderr
    (edition,) = [each for each in json.loads(built.stdout) if each["language"] == "fr"]
    return [note["code"] for note in edition["notes"]]


EXPECTED = {
    "publication/title": "Coop Letter",
    "publication/description": "News of a small federation",
    "publication/organisation": "Federation of Examples",
    "publication/sender": "Coop Letter",
    "issue/2020-03/subject": "Spring, dear [[first_name|colleague]]",
    "issue/2020-03/editorial": "Spring is here. See [our page](https://coop.example.org/spring).\n\nAnd more.",
    "category/News/heading": "News",
    "item/a-bakery-becomes-a-cooperative/title": "A bakery becomes a cooperative",
    "item/a-bakery-becomes-a-cooperative/summary": "Twelve bakers bought **their** bakery. It opened again within a week.",
    "block/about/title": "About us",
    "issue/2020-03/block/about/text": "We are growing.",
    "block/about/button": "Write to us",
    "issue/2020-03/section/News/heading": "Short news",
    "issue/2020-03/override/housing-cooperatives-meet-in-lyon/title": "Lyon meets",
    "item/housing-cooperatives-meet-in-lyon/summary": "They came from *nine* countries.",
    "item/housing-cooperatives-meet-in-lyon/alt": "A hall full of people",
    "category/Interviews/heading/one": "Interview",
    "category/Interviews/heading/other": "Interviews",
    "category/Interviews/blurb": "People of the movement, in their own words.",
    "item/five-questions-to-a-beekeeper/title": "Five questions to a beekeeper",
    "item/five-questions-to-a-beekeeper/summary": "People of the movement, in their own words. Bees share everything but the sting.",
    "publication/reason": "You get this mail because you asked for it.",
}
"""Every text that the edition shows, as a reader meets it."""


def test_there_and_back(ask: Run, root: Path) -> None:
    assert set(codes(ask)) == {"untranslated"}
    result = ask("translate", "export", "2020-03", "--language", "fr")
    assert (result.code, result.stdout, result.stderr) == (0, "2020-03.fr.xlf\n", f"{len(EXPECTED)} missing\n")
    path = root / "2020-03.fr.xlf"
    assert list(sources(path).items()) == list(EXPECTED.items())

    before = files(root)
    dry = ask("translate", "import", fill(path), "--dry-run")
    assert dry.code == 0, dry.stderr
    assert "note: would change newsletter.yaml" in dry.stderr
    assert files(root) == before

    result = ask("translate", "import", path)
    assert result.code == 0, result.stderr
    assert result.stdout == dry.stdout
    assert f"added {len(EXPECTED)}, updated 0, unchanged 0, conflicting 0, stale 0, missing 0\n" in result.stdout
    after = files(root)
    for name, text in before.items():
        gone = [line for line in difflib.ndiff(text.splitlines(), after[name].splitlines()) if line[0] == "-"]
        braces = ["-   housing-cooperatives-meet-in-lyon: {title: Lyon meets}"]  # it still has them, and more between
        assert gone == (braces if name.startswith("issues/") else []), name
    assert codes(ask) == []

    again = ask("translate", "import", path)
    assert again.stdout == f"added 0, updated 0, unchanged {len(EXPECTED)}, conflicting 0, stale 0, missing 0\n"
    assert (again.code, again.stderr, files(root)) == (0, "", after)
    result = ask("translate", "export", "2020-03", "--language", "fr", "-o", "more.xlf")
    assert (
        f"nothing to translate into fr: all {len(EXPECTED)} texts are translated (--all exports them)" in result.stderr
    )
    assert not (root / "more.xlf").exists()


def test_every_text_is_in_the_french_mail(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    ask(
        "translate",
        "import",
        fill(root / "2020-03.fr.xlf", lambda text: text.upper().replace("[[FIRST_NAME|", "[[first_name|")),
    )
    assert codes(ask) == []
    text = (root / "build/2020-03/fr/email.txt").read_text("utf-8").replace("\n", " ")
    for shown in ("COOP LETTER", "SPRING IS HERE", "A BAKERY BECOMES", "TWELVE BAKERS", "ABOUT US", "WE ARE GROWING",
                  "WRITE TO US", "SHORT NEWS", "LYON MEETS", "NINE", "INTERVIEW", "BEES SHARE", "YOU GET THIS MAIL"):  # fmt: skip
        assert shown in text, shown
    assert text.count("IN THEIR OWN WORDS") == 1  # the blurb of the series is not repeated in its item
    html = (root / "build/2020-03/fr/email.html").read_text("utf-8")
    assert 'alt="A HALL FULL OF PEOPLE"' in html


def test_what_has_changed_since_is_stale_and_said_so(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    ask("translate", "import", fill(root / "2020-03.fr.xlf"))
    for name, old, new in (
        ("archive/2020/2020-03.yaml", "within a week", "within a day"),
        ("issues/2020-03.yaml", "And more.", "And much more."),
    ):
        path = root / name
        path.write_text(path.read_text("utf-8").replace(f"bakery. It opened again {old}" if "week" in old else f"  {old}",
                                                        f"bakery. It opened again {new}" if "day" in new else f"  {new}", 1), "utf-8")  # fmt: skip
    assert codes(ask) == ["stale", "stale"]

    result = ask("translate", "export", "2020-03", "--language", "fr", "-o", "more.xlf")
    assert result.stderr == "4 stale\n"
    path = root / "more.xlf"
    assert set(sources(path)) == {
        "issue/2020-03/subject",
        "issue/2020-03/editorial",
        "item/a-bakery-becomes-a-cooperative/title",
        "item/a-bakery-becomes-a-cooperative/summary",
    }
    for each in units(etree.parse(path)):
        assert each.findtext(f"{NS}target").startswith("[FR] ")
        assert each.find(f"{NS}target").get("state") == "needs-review-translation"
        assert "The original has changed since it was translated" in each.findtext(f"{NS}note")

    # nobody has looked at it yet
    result = ask("translate", "import", path)
    assert "unreviewed issue/2020-03/subject\n" in result.stdout
    assert result.stdout.endswith("missing 0, unreviewed 4\n")
    assert codes(ask) == ["stale", "stale"]
    # the translator has: one text is new, the others are confirmed as they were
    result = ask("translate", "import", fill(path))
    assert (result.code, result.stdout.splitlines()[-1]) == (
        0,
        "added 0, updated 4, unchanged 0, conflicting 0, stale 0, missing 0",
    )
    assert codes(ask) == []
    assert (
        "[FR] Twelve bakers bought **their** bakery. It opened again within a day."
        in files(root)["archive/2020/2020-03.yaml"]
    )


def test_a_part_of_what_is_stale_stays_stale(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    ask("translate", "import", fill(root / "2020-03.fr.xlf"))
    path = root / "archive/2020/2020-03.yaml"
    path.write_text(path.read_text("utf-8").replace("title: A bakery becomes", "title: One bakery becomes"), "utf-8")
    ask("translate", "export", "2020-03", "--language", "fr", "-o", "more.xlf")
    result = ask("translate", "import", fill(root / "more.xlf", only="title"))
    assert (
        "updated item/a-bakery-becomes-a-cooperative/title\nunreviewed item/a-bakery-becomes-a-cooperative/summary"
        in result.stdout
    )
    assert codes(ask) == ["stale"]
    ask("translate", "export", "2020-03", "--language", "fr", "-o", "rest.xlf")
    assert ask("translate", "import", fill(root / "rest.xlf")).code == 0
    assert codes(ask) == []


def test_an_original_that_changed_while_the_translator_worked(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    path = root / "archive/2020/2020-03.yaml"
    path.write_text(path.read_text("utf-8").replace("within a week", "within a day"), "utf-8")
    summary = "item/a-bakery-becomes-a-cooperative/summary"
    result = ask("translate", "import", fill(root / "2020-03.fr.xlf"))
    assert result.code == 1
    assert f"stale {summary}\n" in result.stdout
    assert "export it anew, or --take-stale" in result.stderr
    assert "[FR] Twelve bakers" not in path.read_text("utf-8")
    result = ask("translate", "import", root / "2020-03.fr.xlf", "--take-stale")
    assert (result.code, f"added {summary}\n" in result.stdout) == (0, True)
    assert "[FR] Twelve bakers" in path.read_text("utf-8")
    assert codes(ask) == ["stale"]  # taken, and said so


def test_a_translation_that_reads_differently_is_shown_from_both_sides(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    fill(root / "2020-03.fr.xlf")
    path = root / "archive/2020/2020-03.yaml"
    ours = "  translations:\n    fr: {title: Une boulangerie  , alt: x}  # by hand\n"
    path.write_text(
        path.read_text("utf-8").replace(
            "  url: https://coop.example.org/news/bakery\n", "  url: https://coop.example.org/news/bakery\n" + ours
        ),
        "utf-8",
    )
    result = ask("translate", "import", "2020-03.fr.xlf")
    title = "item/a-bakery-becomes-a-cooperative/title"
    assert result.code == 1
    line = line_of(root / "2020-03.fr.xlf", "[FR] A bakery becomes")
    assert (
        f"conflicting {title}\n  --- archive/2020/2020-03.yaml:2\n  +++ 2020-03.fr.xlf:{line}\n"
        "  - Une boulangerie\n  + [FR] A bakery becomes a cooperative\n" in result.stdout
    )
    assert "--take-theirs takes it from the file" in result.stderr
    assert "Une boulangerie" in path.read_text("utf-8")
    result = ask("translate", "import", "2020-03.fr.xlf", "--take-theirs", "--json")
    report = json.loads(result.stdout)
    assert (result.code, [each["id"] for each in report["taken"]], report["conflicting"]) == (0, [title], [])
    assert '{title: "[FR] A bakery becomes a cooperative"  , alt: x, summary: "' in path.read_text("utf-8")
    assert "# by hand" in path.read_text("utf-8")


def test_a_hand_edit_of_what_is_stale_is_not_overwritten(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    ask("translate", "import", fill(root / "2020-03.fr.xlf"))
    path = root / "archive/2020/2020-03.yaml"
    path.write_text(path.read_text("utf-8").replace("title: A bakery becomes", "title: One bakery becomes"), "utf-8")
    ask("translate", "export", "2020-03", "--language", "fr", "-o", "more.xlf")
    path.write_text(path.read_text("utf-8").replace('"[FR] A bakery becomes a cooperative"', "Par ma main"), "utf-8")
    result = ask("translate", "import", fill(root / "more.xlf"))
    assert (result.code, "conflicting item/a-bakery-becomes-a-cooperative/title" in result.stdout) == (1, True)
    assert "title: Par ma main" in path.read_text("utf-8")


def test_a_table_goes_the_same_way(ask: Run, root: Path) -> None:
    result = ask("translate", "export", "2020-03", "--language", "fr", "--format", "csv")
    assert result.stdout == "2020-03.fr.csv\n"
    path = root / "2020-03.fr.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert [(row[0], row[2], row[5]) for row in rows[1:]] == [(key, text, "missing") for key, text in EXPECTED.items()]
    for row in rows[1:]:
        row[4] = french(row[2])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)  # as a French Excel saves it
    path.write_text(out.getvalue(), "utf-8-sig", newline="")
    result = ask("translate", "import", path)
    assert (result.code, f"added {len(EXPECTED)}, " in result.stdout) == (0, True), result.stderr
    assert codes(ask) == []
    assert ask("translate", "import", path).stdout.startswith("added 0, updated 0, unchanged 22")


def test_all_exports_what_is_translated_too(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    ask("translate", "import", fill(root / "2020-03.fr.xlf"))
    result = ask("translate", "export", "2020-03", "--language", "fr", "--all", "-o", "-")
    assert result.stderr == f"{len(EXPECTED)} translated\n"
    targets = [each.findtext(f"{NS}target") for each in units(etree.fromstring(result.stdout.encode()))]
    assert targets == [french(text) for text in EXPECTED.values()]


def test_warnings_for_what_a_translation_lacks(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    result = ask("translate", "import", fill(root / "2020-03.fr.xlf", lambda _: "Autre \x9bchose"))
    assert result.code == 0
    for warning in (
        "warning: 'issue/2020-03/subject': the original has [[first_name|colleague]], the translation has it not",
        "'issue/2020-03/editorial': the original links to https://coop.example.org/spring, the translation does not",
        "'publication/title': 1 character without a place in a text; no issue shows them",
    ):
        assert warning in result.stderr


def test_a_broken_placeholder_is_not_taken(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    result = ask(
        "translate", "import", fill(root / "2020-03.fr.xlf", lambda text: text.replace("[[first_name", "[[prénom"))
    )
    line = line_of(root / "2020-03.fr.xlf", "[[prénom")
    assert result.code == 1
    assert f"2020-03.fr.xlf:{line}: error: 'issue/2020-03/subject': unknown placeholder '[[prénom]]'" in result.stderr
    assert "prénom" not in files(root)["issues/2020-03.yaml"]
    assert codes(ask) == ["untranslated"]  # the rest was taken, and the issue can be built


def test_a_heading_is_taken_in_both_forms_or_not(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    result = ask("translate", "import", fill(root / "2020-03.fr.xlf", only="Interviews/heading/one"))
    assert result.code == 1
    assert (
        "'category/Interviews/heading/one' is of no use alone: the heading over several items is missing"
        in result.stderr
    )
    assert files(root)["newsletter.yaml"] == NEWSLETTER


def test_texts_of_another_workspace_are_told(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    path = fill(root / "2020-03.fr.xlf")
    text = path.read_text("utf-8")
    path.write_text(text.replace("item/a-bakery-becomes", "item/b-bakery-becomes").replace("issue/2020-03/", "issue/2020-04/")
                    .replace("category/News", "category/Nws"), "utf-8")  # fmt: skip
    result = ask("translate", "import", path)
    assert result.code == 1
    for told in (
        "error: there is no item 'b-bakery-becomes-a-cooperative' (did you mean 'a-bakery-becomes-a-cooperative'?)",
        "error: there is no issue '2020-04' (did you mean '2020-03'?)",
        "error: there is no text 'category/Nws/heading' to translate (did you mean 'category/News/heading'?)",
    ):
        assert told in result.stderr
    path.write_text(text.replace('id="', 'id="x'), "utf-8")
    result = ask("translate", "import", path)
    assert (result.code, result.stdout) == (1, "")
    assert (
        "none of its 22 texts is one to translate into 'fr' here (is the file of another workspace?)" in result.stderr
    )


@pytest.mark.parametrize(
    ("said", "options", "code", "message"),
    [
        ("fr-FR", [], 0, "is in 'fr-FR', taken for the edition in 'fr'"),
        ("fr_FR", ["--language", "fr"], 0, ""),
        ("", ["--language", "fr"], 0, ""),
        ("", [], 2, "2020-03.fr.xlf does not say in which language it is: name it with --language"),
        ("fr", ["--language", "es"], 2, "is in 'fr', and --language says 'es'"),
        ("fr", ["--language", "French"], 2, "--language: 'French' is no language"),
        ("French", [], 2, "2020-03.fr.xlf: 'French' is no language"),
        ("en", [], 1, "none of its 22 texts is one to translate into 'en' here (the publication is in 'en')"),
    ],
)
def test_the_language_is_that_of_the_file(
    ask: Run, root: Path, said: str, options: list[str], code: int, message: str
) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    path = fill(root / "2020-03.fr.xlf")
    wanted = f'target-language="{said}"' if said else ""
    path.write_text(path.read_text("utf-8").replace('target-language="fr"', wanted), "utf-8")
    result = ask("translate", "import", path, *options)
    assert result.code == code, result.stderr
    assert message in result.stderr
    assert ("fr:" in files(root)["archive/2020/2020-03.yaml"]) == (code == 0)


def test_nothing_is_written_when_one_file_cannot_take_it(ask: Run, root: Path) -> None:
    path = root / "archive/2020/2020-03.yaml"
    path.write_text(
        path.read_text("utf-8").replace("- id: five-questions", "- &five\n  id: five-questions")
        + "- id: other\n  category: News\n  title: Other\n  date: 2020-03-01\n  translations: &t\n    fr: {title: Autre}\n"
        "- id: again\n  category: News\n  title: Again\n  date: 2020-03-01\n  translations: *t\n  summary: More of it\n",
        "utf-8",
    )
    ask("translate", "export", "2020-03", "--language", "fr")
    before = files(root)
    result = ask("translate", "import", fill(root / "2020-03.fr.xlf"), "--take-theirs")
    assert result.code == 1
    assert "cannot be put in without changing another value (write the lines around it plainly" in result.stderr
    assert files(root) == before


def test_a_translators_work_is_not_overwritten(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    assert ask("translate", "export", "2020-03", "--language", "fr").code == 0  # the same once more
    before = fill(root / "2020-03.fr.xlf").read_bytes()
    result = ask("translate", "export", "2020-03", "--language", "fr")
    assert (result.code, "2020-03.fr.xlf exists already: import or remove it" in result.stderr) == (2, True)
    assert (root / "2020-03.fr.xlf").read_bytes() == before


def test_an_issue_without_an_edition_in_that_language(ask: Run) -> None:
    result = ask("translate", "export", "2020-03", "--language", "ar", "-o", "x.csv")
    assert "the issue has no edition in ar yet: 'languages: [en, fr, ar]' in newsletter.yaml makes one" in result.stderr
    result = ask("translate", "export", "2020-03", "--language", "en-GB")
    assert "nothing to translate into en-GB" in result.stderr
    assert ask("translate", "export", "2020-04", "--language", "fr").code == 2
    assert "'FR' is no language (do you mean fr?)" in ask("translate", "export", "2020-03", "--language", "FR").stderr


def test_items_that_would_be_left_out_are_exported(ask: Run, root: Path) -> None:
    path = root / "newsletter.yaml"
    path.write_text(NEWSLETTER + "untranslated: leave-out\n", "utf-8")
    ask("translate", "export", "2020-03", "--language", "fr")
    assert list(sources(root / "2020-03.fr.xlf")) == list(EXPECTED)


MORE = """\
  links: [{label: Read in Turkish, url: 'https://coop.example.org/tr'}]
  extra:
    where: Main hall
    starts: 2020-04-01
    quote: We came to stay.
    figures: [{value: '1,200', label: members}, {value: 3 million, label: members}]
"""


def test_further_texts_of_items_and_blocks_go_along(ask: Run, root: Path) -> None:
    path = root / "archive/2020/2020-03.yaml"
    path.write_text(path.read_text("utf-8").replace("\n# - id: to-come", MORE), "utf-8")
    blocks = root / "newsletter.yaml"
    quote = "blocks:\n  - {name: voice, layout: quote, text: It works., by: A baker, role: Founder}\n"
    blocks.write_text(NEWSLETTER.replace("blocks:\n", quote), "utf-8")
    ask("translate", "export", "2020-03", "--language", "fr")
    found = {key: text for key, text in sources(root / "2020-03.fr.xlf").items() if key not in EXPECTED}
    assert found == {
        "block/voice/text": "It works.",
        "block/voice/by": "A baker",
        "block/voice/role": "Founder",
        "item/housing-cooperatives-meet-in-lyon/where": "Main hall",
        "item/housing-cooperatives-meet-in-lyon/quote": "We came to stay.",
        "item/housing-cooperatives-meet-in-lyon/figures/1/label": "members",
        "item/housing-cooperatives-meet-in-lyon/figures/2/value": "3 million",
        "item/housing-cooperatives-meet-in-lyon/links/1": "Read in Turkish",
    }
    assert ask("translate", "import", fill(root / "2020-03.fr.xlf", str.upper, only="item/")).code == 0
    written = path.read_text("utf-8")
    assert "      extra:\n        where: MAIN HALL\n        quote: WE CAME TO STAY.\n" in written
    assert '      words:\n        members: MEMBERS\n        "3 million": 3 MILLION\n' in written
    assert ask("translate", "import", fill(root / "2020-03.fr.xlf", only="voice")).code == 0
    assert ask("translate", "import", fill(root / "2020-03.fr.xlf", only="override")).code == 0
    assert (
        'translations: {fr: {text: "[FR] It works.", words: {"A baker": "[FR] A baker", Founder: "[FR] Founder"}}}'
        in re.sub(', of: "?[0-9a-f]{12}"?', "", blocks.read_text("utf-8"))
    )
    blocks.write_text(blocks.read_text("utf-8").replace("It works.", "It works well.", 1), "utf-8")
    assert "stale" in codes(ask)
    blocks.write_text(blocks.read_text("utf-8").replace("It works well.", "It works.", 1), "utf-8")
    assert set(codes(ask)) == {"untranslated"}  # subject and editorial, headings, blocks
    shown = (root / "build/2020-03/fr/web.html").read_text("utf-8")
    for text in ("MAIN HALL", "MEMBERS", "3 MILLION", "1,200", "READ IN TURKISH", "[FR] A baker", "[FR] Founder"):
        assert text in shown, text

    path.write_text(path.read_text("utf-8").replace("where: Main hall", "where: Small hall"), "utf-8")
    assert set(codes(ask)) == {"stale", "untranslated"}
    result = ask("translate", "export", "2020-03", "--language", "fr", "-o", "-")
    assert "<source>Small hall</source>" in result.stdout
    assert '<target state="needs-review-translation">MAIN HALL</target>' in result.stdout


def test_controls_reach_the_translator_and_come_back(ask: Run, root: Path) -> None:
    path = root / "archive/2020/2020-03.yaml"
    path.write_text(path.read_text("utf-8").replace("A hall full of people", '"A \\x01hall"'), "utf-8")
    ask("translate", "export", "2020-03", "--language", "fr")
    assert b'A <ph id="1" ctype="x-character">U+0001</ph>hall' in (root / "2020-03.fr.xlf").read_bytes()


def test_an_item_in_the_language_of_the_edition_is_not_exported(ask: Run, root: Path) -> None:
    path = root / "archive/2020/2020-03.yaml"
    path.write_text(
        path.read_text("utf-8").replace(
            "- id: five-questions-to-a-beekeeper\n", "- id: five-questions-to-a-beekeeper\n  language: fr\n"
        ),
        "utf-8",
    )
    ask("translate", "export", "2020-03", "--language", "fr")
    assert not [each for each in sources(root / "2020-03.fr.xlf") if "beekeeper" in each]
    ask("translate", "export", "2020-03", "--language", "es")
    tree = etree.parse(root / "2020-03.es.xlf")
    assert [each.get("source-language") for each in tree.iter(f"{NS}file")] == ["en", "fr"]


def test_the_file_that_is_written_is_read_by_an_ordinary_reader(ask: Run, root: Path) -> None:
    ask("translate", "export", "2020-03", "--language", "fr")
    ask("translate", "import", fill(root / "2020-03.fr.xlf", lambda text: f'{text}: "été" # {text} \\'))
    archive = yaml.safe_load(files(root)["archive/2020/2020-03.yaml"])
    title = "A bakery becomes a cooperative"
    assert archive[0]["translations"]["fr"]["title"] == f'{title}: "été" # {title} \\'


def test_help_has_examples(run: Run) -> None:
    for command in ("export", "import"):
        assert "newsletter translate " in run("translate", command, "--help").stdout
