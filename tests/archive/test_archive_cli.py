"""``newsletter archive …`` as a person types it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from newsletter.archive import Archive
from newsletter.archive.importers import Source
from newsletter.archive.importers.listing import read_listing
from newsletter.cli import cli
from newsletter.cli.editor import editor_command

HEADING = "News, stories and statements on cooperatives"
MONTH = "archive/2020/2020-03.yaml"
BAKERY = "a-bakery-becomes-a-cooperative"
Run = Callable[..., Any]


LISTING = """\
  1. News

    A bakery becomes a cooperative

    14 March 2020

    Twelve bakers bought **their** bakery.

  2. Interviews

    Five questions to a beekeeper

    9 March 2020

    Bees share everything but the sting.

  3. News

    Housing cooperatives meet in Lyon

    2 March 2020
"""


@pytest.fixture
def workspace(workspace: Path) -> Path:
    """The small workspace, with an archive that the program itself wrote."""
    shutil.rmtree(workspace / "archive", ignore_errors=True)
    with Archive(workspace) as archive:
        archive.add(read_listing(Source("list.txt", LISTING.encode())).items)
    return workspace


@pytest.fixture
def ask(workspace: Path, run: Run) -> Run:
    """Run ``newsletter archive …`` in the small workspace."""
    return lambda *args, **more: run("archive", *args, cwd=workspace, **more)


def test_import_of_the_seed_says_what_it_does_and_the_second_adds_nothing(
    ask: Run, workspace: Path, seed: Path
) -> None:
    first = ask("import", seed)
    assert first.code == 0
    assert first.stderr.splitlines() == [
        f"note: 1 of them in '{name}', which newsletter.yaml does not have"
        for name in ("Spotlight Interviews with Co-operators", "Article", "COOP Champions")
    ]
    lines = first.stdout.splitlines()
    assert lines[-1] == "added 10, unchanged 0, conflicting 0"
    assert lines[0] == "added 2017-09-29 member-of-copac-technical-working-group"
    second = ask("import", seed)
    assert (second.code, second.stdout) == (0, "added 0, unchanged 10, conflicting 0\n")
    listing = ask("list", "--month", "2017-09", "--format", "listing", "--heading", HEADING)
    assert listing.stdout.rstrip() == seed.read_text("utf-8").rstrip()
    again = ask("import", "-", stdin=listing.stdout)
    assert (again.code, again.stdout) == (0, "added 0, unchanged 10, conflicting 0\n")


def test_a_conflict_shows_both_sides(ask: Run, workspace: Path) -> None:
    before = (workspace / MONTH).read_text("utf-8")
    listing = ask("list", "--format", "listing").stdout.replace("Twelve bakers", "Thirteen bakers")
    result = ask("import", "-", stdin=listing)
    assert result.code == 1
    assert f"conflicting {BAKERY}\n  --- {MONTH}:3\n  +++ stdin:3\n  summary:\n  - Twelve bakers" in result.stdout
    assert "  + Thirteen bakers bought" in result.stdout
    assert result.stdout.endswith("added 0, unchanged 2, conflicting 1\n")
    assert (workspace / MONTH).read_text("utf-8") == before
    taken = ask("import", "-", "--take-theirs", stdin=listing)
    assert (taken.code, taken.stdout.splitlines()[-1]) == (0, "added 0, unchanged 2, conflicting 0, taken 1")
    assert (workspace / MONTH).read_text("utf-8") == before.replace("Twelve bakers", "Thirteen bakers")


def test_a_dry_run_and_a_default_category(ask: Run, workspace: Path) -> None:
    text = "1.\n\n  Uncategorised\n\n  2020-03-01\n"
    dry = ask("import", "-", "--category", "News", "--dry-run", "--json", stdin=text)
    assert json.loads(dry.stdout)["added"] == ["uncategorised"]
    assert "dry run" in dry.stderr
    assert "uncategorised" not in (workspace / MONTH).read_text("utf-8")
    ask("import", "-", "--category", "News", stdin=text)
    assert json.loads(ask("show", "uncategorised", "--format", "json").stdout)["category"] == "News"


def test_what_finds_no_place_is_told_and_the_rest_is_imported(ask: Run) -> None:
    result = ask("import", "-", stdin="1. News\n\n2. News\n\n  Fine\n")
    assert result.code == 1
    assert "stdin:1: warning: entry 1 has no title" in result.stderr
    assert result.stdout == "added undated fine\nadded 1, unchanged 0, conflicting 0\n"


def test_mistakes_of_all_sources_are_told_and_nothing_is_imported(ask: Run, workspace: Path, seed: Path) -> None:
    (workspace / "bad.txt").write_bytes(b"1. News\n\n  Caf\xe9\n")
    result = ask("import", seed, "bad.txt", "missing.txt", "newsletter.yaml")
    assert (result.code, result.stdout) == (1, "")
    assert "bad.txt:3:6: error: byte 0xe9 is not valid UTF-8" in result.stderr
    assert "missing.txt: error: cannot be read" in result.stderr
    assert "newsletter.yaml:1:1: error: this is no listing" in result.stderr
    assert not (workspace / "archive/2017").exists()


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("import", "-", "--format", "lsting"), 2, "there is no format 'lsting' (did you mean 'listing'?)"),
        (("list", "--month", "2020-3"), 2, "--month: '2020-3' is not a month (write it as YYYY-MM"),
        (("list", "--from", "2020-02-31"), 2, "--from: there is no day 2020-02-31 in the calendar"),
        (("list", "--category", "Nwes"), 2, "there is no category 'Nwes' (did you mean 'News'?)"),
        (("show", "a-bakry-becomes-a-cooperative"), 2, f"did you mean '{BAKERY}'?"),
        (("edit", "five"), 2, "did you mean 'five-questions-to-a-beekeeper'?"),
    ],
)
def test_wrong_usage(ask: Run, args: tuple[str, ...], code: int, message: str) -> None:
    result = ask(*args)
    assert (result.code, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_list_in_every_format(ask: Run) -> None:
    table = ask("list")
    assert [line.split()[:2] for line in table.stdout.splitlines()] == [
        ["2020-03-14", BAKERY],
        ["2020-03-09", "five-questions-to-a-beekeeper"],
        ["2020-03-02", "housing-cooperatives-meet-in-lyon"],
    ]
    data = json.loads(ask("list", "--format", "json").stdout)
    assert [json.loads(line) for line in ask("list", "--format", "jsonl").stdout.splitlines()] == data
    read = yaml.load(ask("list", "--format", "yaml").stdout, yaml.BaseLoader)
    assert read == data
    assert yaml.safe_load(ask("list", "--id", "none", "--format", "yaml").stdout) == []


def test_limit_says_how_many_more_there_are(ask: Run) -> None:
    result = ask("list", "--limit", "1")
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr == "note: 2 more (--limit 0 shows all)\n"
    assert ask("list", "--limit", "0").stderr == ""


def test_search_and_aliases(ask: Run, workspace: Path) -> None:
    assert BAKERY in ask("search", "twelve", "bak*").stdout
    assert ask("search", "twelve", "--category", "Interviews").stderr == "note: no items\n"
    path = workspace / "newsletter.yaml"
    path.write_text(path.read_text("utf-8").replace("- name: News", "- name: Reports\n    aliases: [News]"), "utf-8")
    assert len(ask("list", "--category", "reports").stdout.splitlines()) == 2


def test_content_does_not_steer_the_terminal(ask: Run, workspace: Path) -> None:
    (workspace / "archive/x.yaml").write_text('- {id: evil, title: "a\\e[2Jb\\nc"}\n', "utf-8")
    result = ask("list")
    assert "\x1b" not in result.stdout
    assert len(result.stdout.splitlines()) == 4


def test_a_listing_that_cannot_hold_an_item_says_so(ask: Run, workspace: Path) -> None:
    (workspace / "archive/x.yaml").write_text('- {id: odd, title: "T", summary: "a\\n\\n\\nb"}\n', "utf-8")
    result = ask("list", "--format", "listing")
    assert result.stderr == "warning: 'odd' does not come back from a listing as it is in the archive\n"


def test_show(ask: Run) -> None:
    shown = ask("show", BAKERY).stdout
    assert shown.startswith(f"# {MONTH}:3\n- id: {BAKERY}\n")
    assert "    1. News\n" not in shown
    assert "  1. News\n" in ask("show", BAKERY, "--format", "listing").stdout


EDITOR = """
import sys
from pathlib import Path
path = Path(sys.argv[-1])
path.write_text(path.read_text("utf-8").replace({old!r}, {new!r}), "utf-8")
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("2020-03-14", "2020-03-15", 0, ""),
        ("2020-03-14", "2020-02-30", 1, f"{MONTH}:6:9: error: there is no day 2020-02-30"),
        ("category: News", "category: Nws", 0, "warning: unknown category 'Nws' (did you mean 'News'?)"),
        (f"id: {BAKERY}", "id: bakery", 0, f"there is no item '{BAKERY}' any more"),
        ("summary: |-", "url: javascript:x\n  summary: |-", 1, "'javascript:x' is no address"),
    ],
)
def test_edit_checks_the_file_afterwards(ask: Run, tmp_path: Path, old: str, new: str, code: int, message: str) -> None:
    script = tmp_path / "editor.py"
    script.write_text(EDITOR.format(old=old, new=new), "utf-8")
    result = ask("edit", BAKERY, env={"VISUAL": f"{sys.executable} {script}"})
    assert (result.code, message in result.stderr) == (code, True), result.stderr
    assert "Traceback" not in result.stderr


def test_an_editor_that_is_not_there(ask: Run) -> None:
    result = ask("edit", BAKERY, env={"VISUAL": "", "EDITOR": "no-such-editor"})
    assert (result.code, "set EDITOR to your editor" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("editor", "expected"),
    [
        (["vim"], ["vim", "+3", "f"]),
        (["/usr/bin/nano", "-w"], ["/usr/bin/nano", "-w", "+3", "f"]),
        (["emacs", "-nw"], ["emacs", "-nw", "+3", "f"]),
        (["code"], ["code", "--wait", "-g", "f:3"]),
        (["code", "--wait"], ["code", "--wait", "-g", "f:3"]),
        (["subl"], ["subl", "--wait", "f:3"]),
        (["notepad"], ["notepad", "f"]),
    ],
)
def test_editors_open_the_line(editor: list[str], expected: list[str]) -> None:
    assert editor_command(editor, "f", 3) == expected


CHECKED = """\
- id: a
  title: Same title
  category: Newz
- id: b
  category: News
  title: "same  title\\x07"
- id: c
  category: News
  title: Fine
  date: 2020-03-01
  url: example.org/no-scheme
  links:
    - label: PDF
      url: "java\\tscript:alert(1)"
"""


def test_check_judges_the_whole_archive(ask: Run, workspace: Path) -> None:
    assert ask("check").code == 0
    (workspace / "archive/x.yaml").write_text(CHECKED, "utf-8")
    (workspace / "archive/y.yaml").write_text("- id: c\n  title: [\n", "utf-8")
    (workspace / "archive/z.yaml").write_text("- id: a\n  title: Z\n  date: 2020-01-01\n  category: News\n", "utf-8")
    result = ask("check")
    assert result.code == 1
    told = [line.split(" (")[0] for line in result.stdout.splitlines()]
    assert told == [
        "archive/x.yaml:1:3: warning: 'a' has no date",
        "archive/x.yaml:3:13: warning: unknown category 'Newz'",
        "archive/x.yaml:6:10: warning: the same title stands twice on the same date",
        "archive/x.yaml:4:3: warning: 'b' has no date",
        "archive/x.yaml:6:10: warning: 'title' has 1 character without a place in a text",
        "archive/x.yaml:11:8: error: 'example.org/no-scheme' is no address that a mail may link to",
        "archive/x.yaml:14:12: error: 'java\tscript:alert(1)' is no address that a mail may link to",
        "archive/y.yaml:3:1: error: not valid YAML: did not find expected node content while parsing a flow node",
        "archive/z.yaml:1:7: error: the id 'a' is taken",
    ]
    data = json.loads(ask("check", "--format", "json").stdout)
    assert [entry["line"] for entry in data] == [1, 3, 6, 4, 6, 11, 14, 3, 1]


@pytest.mark.parametrize("command", ["import", "list", "search", "show", "edit", "check"])
def test_every_command_has_an_example(command: str) -> None:
    text = CliRunner().invoke(cli, ["archive", command, "--help"]).output
    assert "Example" in text
    assert f"newsletter archive {command}" in text


def test_a_table_fits_the_terminal_and_keeps_ids_whole(workspace: Path) -> None:
    pty = pytest.importorskip("pty")
    main, other = pty.openpty()
    command = [sys.executable, "-m", "newsletter", "archive", "list"]
    env = os.environ | {"COLUMNS": "60", "TERM": "dumb", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=workspace, stdout=other, stderr=subprocess.PIPE, env=env, check=False)
    os.close(other)
    text = os.read(main, 65536).decode()
    os.close(main)
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 60 for line in text.splitlines())
    assert BAKERY in text


def test_an_import_says_what_an_issue_would_lack(ask: Run, tmp_path: Path) -> None:
    listing = tmp_path / "gaps.txt"
    listing.write_text(
        "1. Newws\n\nA title\n\n2 March 2020\n\n2. News\n\nNo day at all\n\nA summary follows.\n", "utf-8"
    )
    done = ask("import", listing)
    assert "1 of them in 'Newws', which newsletter.yaml does not have: did you mean 'News'?" in done.stderr
    assert "1 of them without a date" in done.stderr
    assert "of them" not in ask("import", listing).stderr


def test_one_source_that_cannot_be_read_stops_all_and_says_so(ask: Run, seed: Path) -> None:
    done = ask("import", seed, "nowhere.txt")
    assert done.code == 1
    assert "nowhere.txt: error: cannot be read" in done.stderr
    assert "note: nothing was imported, from none of them" in done.stderr
    assert ask("list", "--limit", "0").stdout.count("2017-09") == 0


def test_ids_that_there_are_not_are_noted(ask: Run) -> None:
    done = ask("list", "--id", "nobody", "--exclude", "nothing")
    assert "note: there is no item 'nobody'\nnote: there is no item 'nothing'\n" in done.stderr


def test_check_warns_of_months_languages_and_tags(ask: Run, workspace: Path) -> None:
    path = workspace / "archive/2020/2020-03.yaml"
    more = "- {id: x, category: News, title: X, date: 2020-04-01, language: french, tags: 'a, b', translations: {Fr: {title: Y, alt: Z}}}\n"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    told = ask("check")
    assert told.code == 0
    for words in (
        "2020-04-01 stands in the file of 2020-03",
        "'french' is no language",
        "'Fr' is no language",
        "one tag is 'a, b'",
        "a translation into Fr of what the item does not say: alt (correct it, or remove it)",
    ):
        assert f"warning: {words}" in told.stdout
