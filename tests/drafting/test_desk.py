"""Steps are saved, taken back and done again, whoever else is at work on the files, and whatever is killed."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from drafts import BAKERY, BEEKEEPER, BY_HAND, FAIR, FILE, HOUSING, NAME, Table, table, workspace  # noqa: F401
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter import files
from newsletter.drafting.changes import read_changes
from newsletter.drafting.conflict import Conflict
from newsletter.drafting.desk import Desk
from newsletter.drafting.merge import merge
from newsletter.errors import ContentError, NewsletterError, UsageError
from newsletter.files import ChangedMeanwhile, replace_known
from newsletter.issues import definition
from newsletter.workspace import Workspace

ITEM = st.sampled_from([BAKERY, BEEKEEPER, HOUSING, FAIR])
CATEGORY = st.sampled_from(["News", "Interviews"])
TEXT = st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["a: b # c", "two\nlines", "'", "yes", "- x", "é"]))
LANGUAGE = st.sampled_from(["", "", "fr", "pt-BR"])


FEW = settings.default.max_examples // 4  # each writes to the disk many times


def one(do: str, **values: Any) -> Any:
    return st.fixed_dictionaries({"do": st.just(do), **values})


CHANGE = st.one_of(
    one("set", key=st.sampled_from(["subject", "preheader", "editorial"]), value=TEXT, language=LANGUAGE),
    one("set", key=st.sampled_from(["number", "date", "theme"]), value=st.sampled_from(["7", "2020-03-30", "letter", None])),
    one("place", item=ITEM, category=CATEGORY, before=st.one_of(st.none(), ITEM)),
    one("leave_out", item=ITEM),
    one("bring_back", item=ITEM),
    one("unpin", item=ITEM),
    one("lead", item=st.one_of(st.none(), ITEM)),
    one("section", category=CATEGORY, key=st.sampled_from(["limit", "heading", "order", "only"]), value=st.sampled_from([None, 2, "oldest", True])),
    one("move_section", category=CATEGORY, before=st.one_of(st.none(), CATEGORY)),
    one("remove_section", category=CATEGORY),
    one("add_section", category=CATEGORY, items=st.lists(ITEM, max_size=2, unique=True), only=st.booleans()),
    one("override", item=ITEM, key=st.sampled_from(["title", "summary"]), value=TEXT, language=LANGUAGE),
    one("block", name=st.just("imprint"), off=st.booleans()),
    one("add_comment", by=st.just("Ann"), text=st.text(min_size=1, max_size=20), at=st.just("2020-03-01T10:00:00Z")),
    one("remove_comment", by=st.just("Ann"), at=st.just("2020-03-01T10:00:00Z")),
    one("item", item=ITEM, key=st.sampled_from(["title", "summary", "tags", "image.alt"]), value=TEXT),
    one("add_item", title=st.text(min_size=1, max_size=20), date=st.sampled_from([None, "2020-03-11", "2020-06-01"])),
)  # fmt: skip

FLOW = f"""\
{{date: 2020-03-31, number: 1, select: {{month: 2020-03, exclude: [{BAKERY}]}},  # as short as can be
  sections: [{{category: News, items: [{FAIR}]}}, {{category: Interviews}}]}}"""
PINNED = f"""\
\ufeff# a file of Windows
date: 2020-03-31
sections:
- category: Interviews   # first
  items:
  # she asked for it
  - {BEEKEEPER}

- category: News

  limit: 5
  items: [{BAKERY}, {FAIR}]   # two
overrides:
  {BAKERY}: {{title: Bread}}
""".replace("\n", "\r\n")


REMARKS = r"# (?:The spring|the first|all of it|Ann asked)"


def comments(text: str) -> list[str]:
    """The comments of the definition that was written by hand."""
    return list(re.findall(REMARKS, text))


@settings(max_examples=FEW, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=st.lists(CHANGE, min_size=1, max_size=8), outside=st.integers(0, 8), redone=st.booleans())
@pytest.mark.parametrize("text", [BY_HAND, FLOW, PINNED], ids=["block", "flow", "windows"])
def test_undo_all_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, text: str, changes: list[dict[str, Any]], outside: int, redone: bool
) -> None:
    table = Table(workspace(tmp_path_factory.mktemp("w"), text))
    before = table.files()
    marked = False
    for number, change in enumerate(changes):
        try:
            table.do(**{"kind" if key == "do" else key: value for key, value in change.items()})
        except (ContentError, Conflict):
            continue
        definition.load(table.root / FILE)
        if number == outside and text == BY_HAND:  # someone else writes far away from all that
            table.write("# outside\n" + table.text)
            marked = True
    if marked:
        before[str(table.root / FILE)] = b"# outside\n" + text.encode()
    after = table.files()
    steps = table.undo_all()
    assert table.files() == before
    if redone:
        for _ in range(steps):
            table.desk.redo()
        assert table.files() == after
        table.undo_all()
        assert table.files() == before
    table.desk.close()
    assert table.leftovers() == []


@settings(max_examples=FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGE, min_size=1, max_size=5))
def test_comments_that_no_change_is_about_stay(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, Any]]
) -> None:
    table = Table(workspace(tmp_path_factory.mktemp("w")))
    for change in changes:
        try:
            table.do(**{"kind" if key == "do" else key: value for key, value in change.items()})
        except (ContentError, Conflict):
            continue
        told = comments(BY_HAND)
        if change.get("key") == "number" and change["value"] is None:
            break  # the comment on the line of what is removed goes with it
        assert comments(table.text) == told
    table.desk.close()


def test_a_step_is_kept_across_a_restart_and_its_diff_is_shown(table: Table) -> None:
    done = table.do("set", key="subject", value="Spring")
    table.desk.close()
    other = Desk(Workspace(table.root))
    (entry,) = other.history()
    assert (entry.what, entry.files, entry.state, entry.number) == ("subject", (FILE,), "done", done.entry)
    assert other.diff(entry.number) == done.diff
    assert done.diff.startswith(f"--- a/{FILE}\n+++ b/{FILE}\n")
    other.undo()
    assert table.text == BY_HAND
    assert other.redo().entry == done.entry
    assert table.desk.undo().what == "subject"
    with pytest.raises(UsageError, match="nothing to take back"):
        table.desk.undo()
    table.do("set", key="subject", value="Else")
    with pytest.raises(UsageError, match="nothing to do again"):
        table.desk.redo()
    assert [entry.state for entry in table.desk.history()] == ["done", "gone"]


def test_typing_on_is_one_step_of_one_tab(table: Table) -> None:
    for text in ("S", "Sp", "Spr"):
        table.do("set", "tab 1", key="subject", value=text)
    table.do("set", "tab 2", key="subject", value="Spring")
    table.do("set", "tab 2", key="preheader", value="News")
    assert len(table.desk.history()) == 3
    table.desk.undo()
    table.desk.undo()
    assert "subject: Spr\n" in table.text
    table.desk.undo()
    assert table.text == BY_HAND
    table.do("set", "tab 1", key="subject", value="A")
    table.write(table.text + "# outside\n")
    table.do("set", "tab 1", key="subject", value="B")  # what came between is no part of it
    assert table.undo_all() == 2
    assert table.text == BY_HAND + "# outside\n"


def test_several_changes_are_one_step_or_none(table: Table) -> None:
    changes = [
        {"do": "set", "key": "subject", "value": "x"},
        {"do": "item", "item": HOUSING, "key": "title", "value": "y"},
    ]
    done = table.desk.apply(NAME, read_changes(json.dumps(changes)))
    assert done.files == (FILE, "archive/2020/2020-03.yaml")
    assert table.undo_all() == 1


def test_a_step_is_taken_back_around_what_others_changed(table: Table) -> None:
    table.do("set", key="subject", value="Spring")
    table.do("override", item=BAKERY, key="title", value="Bread")
    table.write(table.text.replace("number: 1 ", "number: 4 "))
    first = table.desk.history()[-1]
    table.desk.undo(first.number)
    assert "number: 4" in table.text
    assert "subject" not in table.text
    assert "Bread" in table.text
    table.desk.redo()
    assert "subject: Spring\n" in table.text
    table.write(table.text.replace("Bread", "Brot"))
    before = table.files()
    with pytest.raises(Conflict) as caught:
        table.desk.undo()
    assert "Brot" in caught.value.their_text
    assert "overrides" not in caught.value.your_text
    assert table.files() == before


def test_a_new_issue_is_taken_back_unless_someone_changed_it(table: Table) -> None:
    path = table.root / "issues/2020-04.yaml"
    table.desk.create("2020-04", "date: 2020-04-30\n")
    table.desk.undo()
    assert not path.exists()
    table.desk.redo()
    assert path.read_text() == "date: 2020-04-30\n"
    path.write_text("date: 2020-04-29\n")
    with pytest.raises(Conflict):
        table.desk.undo()
    assert path.read_text() == "date: 2020-04-29\n"
    for name, text, error in (("2020-04", "date: 2020-04-30\n", UsageError), ("../x", "", UsageError), ("x", "date: x\n", ContentError)):  # fmt: skip
        with pytest.raises(error):
            table.desk.create(name, text)


def test_mode_mark_and_link_stay(tmp_path: Path) -> None:
    table = Table(workspace(tmp_path / "w", "\ufeff" + BY_HAND))
    real = tmp_path / "elsewhere.yaml"
    (table.root / FILE).replace(real)
    (table.root / FILE).symlink_to(real)
    real.chmod(0o640)
    table.do("set", key="subject", value="Spring")
    assert (table.root / FILE).is_symlink()
    assert real.read_text("utf-8").startswith("\ufeff# yaml")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.yaml", "w"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    (root / ".newsletter").write_text("a file where a folder belongs")
    with pytest.raises(NewsletterError, match="is the folder there, and may you write in it"):
        Table(root)


def test_a_broken_history_is_put_aside(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    (root / ".newsletter").mkdir()
    (root / ".newsletter/history.sqlite").write_bytes(b"no database at all" * 100)
    table = Table(root)
    table.do("set", key="subject", value="Spring")
    assert table.undo_all() == 1
    assert len(list((root / ".newsletter").glob("history-broken-*.sqlite"))) == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        ("a\nB\nc\n", "a\nb\nc\nd\n", "a\nB\nc\nd\n"),
        ("A\nb\nc\n", "a\nB\nc\n", "A\nB\nc\n"),  # next to each other, a line for a line
        ("A\nb\nc\n", "A\nb\nC\n", "A\nb\nC\n"),  # both made the same change
        ("A\nb\nc\n", "Z\nb\nc\n", None),
        ("a\nx\nb\nc\n", "a\ny\nb\nc\n", None),
        ("a\nc\n", "a\nb\nx\nc\n", None),  # one's line goes, and the other's hangs on it
        ("", "a\nb\nC\n", None),
    ],
)
def test_merging(ours: str, theirs: str, both: str | None) -> None:
    assert merge("a\nb\nc\n", ours, theirs) == both
    assert merge("a\nb\nc\n", theirs, ours) == both


@pytest.mark.parametrize("exchanging", [True, False])
def test_a_file_is_replaced_only_where_it_is_known(
    tmp_path: Path, exchanging: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchanging:  # as on a system without renameat2
        monkeypatch.setattr(files, "_renameat2", lambda: None)
    path = tmp_path / "f"
    replace_known(path, None, b"one")
    replace_known(path, b"one", b"two")
    for known, data in ((b"one", b"x"), (None, b"x"), (b"one", None)):
        with pytest.raises(ChangedMeanwhile):
            replace_known(path, known, data)
    assert path.read_bytes() == b"two"
    replace_known(path, b"two", None)
    assert list(tmp_path.iterdir()) == []


WORKER = """
import sys
from pathlib import Path
from newsletter.drafting.changes import read_changes
from newsletter.drafting.conflict import Conflict
from newsletter.drafting.desk import Desk
from newsletter.workspace import Workspace
root, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
desk = Desk(Workspace(root))
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    if who in ("subject", "preheader"):  # a lost update is a conflict with what stands there instead
        change = {"do": "set", "key": who, "value": f"v{number}", "was": f"v{number - 1}" if number else None}
    else:
        at = f"2020-03-01T00:00:00.{number:06}"
        change = {"do": "add_comment", "by": who, "at": at, "text": f"{who} {number}"}
    try:
        desk.apply("2020-03", read_changes([change]))
    except Conflict as conflict:
        print("conflict", conflict.kept, flush=True)
    else:
        print("done", number, flush=True)
"""


def start(root: Path, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(root), who, str(count)]
    program = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout
    assert program.stdin
    assert program.stdout.readline() == "ready\n"
    program.stdin.write("go\n")
    program.stdin.flush()
    return program


def said(root: Path, who: str) -> list[str]:
    issue = definition.load(root / FILE)
    return [comment.text for comment in issue.definition.comments if comment.by == who]


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
@pytest.mark.parametrize("times", [6, pytest.param(200, marks=pytest.mark.full)])
def test_a_kill_at_any_moment_leaves_whole_files_and_all_that_was_acknowledged(tmp_path: Path, times: int) -> None:
    root = workspace(tmp_path)
    chance = random.Random(4)
    acknowledged: list[str] = []
    for turn in range(times):
        program = start(root, f"p{turn}", 200)
        time.sleep(chance.uniform(0.0, 0.15))
        program.send_signal(signal.SIGKILL)
        out, _ = program.communicate()
        acknowledged += [f"p{turn} {line.split()[1]}" for line in out.splitlines() if line.startswith("done")]
        issue = definition.load(root / FILE)  # it is never half
        texts = [comment.text for comment in issue.definition.comments]
        assert set(acknowledged) <= set(texts)
        assert len(texts) - len(acknowledged) <= turn + 1  # at most one landed unsaid in each turn
        if turn % 5 == 4:
            table = Table(root)
            assert table.undo_all() == len(texts)
            assert table.text == BY_HAND
            assert table.leftovers() == []
            table.desk.close()
            acknowledged = []
            (root / ".newsletter/history.sqlite").unlink()
    table = Table(root)
    assert len(table.desk.history()) == len(definition.load(root / FILE).definition.comments)
    table.undo_all()
    assert table.text == BY_HAND
    assert table.leftovers() == []


def test_what_a_crash_left_is_finished_or_forgotten(table: Table) -> None:
    """As a kill between each two steps of a writing leaves it; with and without another's change since."""
    table.do("set", key="subject", value="Spring")
    (entry,) = table.desk.history()
    with_it = table.text
    for now, state in (
        (BY_HAND, None),
        (with_it, "done"),
        ("# outside\n" + with_it, "done"),
        ("# outside\n" + BY_HAND, None),
    ):
        table.desk.close()
        database = sqlite3.connect(table.root / ".newsletter/history.sqlite")
        database.execute("DELETE FROM files")
        database.execute("DELETE FROM entries")
        database.execute(
            "INSERT INTO entries VALUES (?, ?, ?, '', '', 'subject', 'pending')", (entry.number, entry.at, NAME)
        )
        digests = [table.desk._journal._keep(database, each.encode()) for each in (BY_HAND, with_it)]
        database.execute("DELETE FROM pending")
        database.execute("INSERT INTO pending VALUES (?, 'apply', ?, ?, ?)", (entry.number, FILE, *digests))
        database.commit()
        database.close()
        table.write(now)
        (table.root / f"issues/.{NAME}.yaml.begun-x.tmp").write_text("half")
        other = Desk(Workspace(table.root))
        assert [each.state for each in other.history()] == ([state] if state else [])
        assert table.text == now
        assert table.leftovers() == []
        other.close()


EDITOR = """
import os, random, sys, time
from pathlib import Path
from newsletter import files
from newsletter.files import ChangedMeanwhile, replace_known
path, count, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
for number in range(count):
    while True:
        raw = path.read_bytes()
        new = raw.replace(b"# outside", f"# outside {number}".encode(), 1)
        try:
            replace_known(path, raw, new)
            break
        except ChangedMeanwhile as error:
            assert error.kept is None
    time.sleep(chance.uniform(0, 0.02))
"""


@pytest.mark.parametrize("count", [25, pytest.param(500, marks=pytest.mark.full)])
def test_two_previews_and_an_editor_lose_nothing(tmp_path: Path, count: int) -> None:
    root = workspace(tmp_path, BY_HAND + "# outside\n")
    programs = [start(root, who, count) for who in ("subject", "preheader")]
    editor = subprocess.Popen(
        [sys.executable, "-c", EDITOR, str(root / FILE), str(count), "7"], stderr=subprocess.PIPE, text=True
    )
    for program in programs:
        out, errors = program.communicate(timeout=600)
        assert (program.returncode, errors) == (0, "")
        assert out.splitlines() == [f"done {number}" for number in range(count)]
    assert editor.communicate(timeout=600)[1] == ""
    text = (root / FILE).read_text()
    assert f"subject: v{count - 1}\npreheader: v{count - 1}\n" in text
    assert re.findall(r"\d+", text[text.index("# outside") :]) == [str(number) for number in reversed(range(count))]
    table = Table(root)
    assert len(table.desk.history()) == 2 * count
    assert table.undo_all() == 2 * count
    assert table.text == text.replace(f"subject: v{count - 1}\npreheader: v{count - 1}\n", "")
    assert table.leftovers() == []


def test_an_editor_that_writes_in_place_is_not_overwritten(table: Table) -> None:
    """It reads, and writes the whole file a moment later, as editors do: ours may go then, theirs never."""
    stop, tokens = threading.Event(), [0]

    def edit() -> None:
        chance = random.Random(3)
        while not stop.is_set():
            text = table.text
            assert text.startswith("# yaml")
            assert text.endswith(f"# tokens {tokens[0]}\n")
            tokens[0] += 1
            line = f"# tokens {tokens[0]}"
            with (table.root / FILE).open("w") as file:
                file.write(re.sub(r"# tokens \d+", line, text))
            time.sleep(chance.uniform(0.02, 0.1))
            assert line in table.text

    table.write(BY_HAND + "# tokens 0\n")
    failed: list[BaseException] = []

    def watched() -> None:
        try:
            edit()
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failed.append(error)

    thread = threading.Thread(target=watched)
    thread.start()
    try:
        for number in range(60):
            table.do("set", key="subject", value=f"Ours {number}")
    finally:
        stop.set()
        thread.join()
    assert failed == []
    assert tokens[0]
    assert f"# tokens {tokens[0]}\n" in table.text
    definition.load(table.root / FILE)


def test_threads_share_a_desk(table: Table) -> None:
    failed: list[BaseException] = []

    def work(who: str) -> None:
        try:
            for number in range(10):
                table.do("add_comment", by=who, at=f"2020-03-01T10:00:{number:02}Z", text=f"{who} {number}")
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failed.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert all(said(table.root, who) == [f"{who} {number}" for number in range(10)] for who in "abc")
    assert table.undo_all() == 30
    assert table.text == BY_HAND
