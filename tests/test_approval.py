"""Who approved which state of an issue: recorded in a file that people share, and void when readers would see a change."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from conftest import Run
from PIL import Image

from newsletter import approval
from newsletter.build import Builder
from newsletter.errors import ContentError, NewsletterError
from newsletter.issues import definition
from newsletter.workspace import Workspace

NOW = datetime.datetime(2020, 3, 30, 10, 12, 0, 7, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))


def seen(root: Path, issue: str = "2020-03") -> dict[str, str]:
    builder = Builder(Workspace(root))
    found = definition.load(builder.workspace.issue_path(issue))
    return builder.seen(found, builder.editions(found))


def state(run: Run, root: Path) -> str:
    done = run("status", "--json", cwd=root)
    assert done.code == 0, done.stderr
    return str(json.loads(done.stdout)[0]["state"])


def replace(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def with_picture(root: Path) -> None:
    (root / "images").mkdir()
    Image.effect_noise((800, 500), 60).convert("RGB").save(root / "images/bakery.png")
    replace(
        root,
        "archive/2020/2020-03.yaml",
        "  date: 2020-03-14\n",
        "  date: 2020-03-14\n  image: {src: images/bakery.png, alt: Bread}\n",
    )


def test_the_way_of_an_issue(run: Run, workspace: Path) -> None:
    assert state(run, workspace) == "draft"
    run("build", "2020-03", cwd=workspace)
    assert state(run, workspace) == "built"
    run("proof", "2020-03", "--no-pdf", cwd=workspace)
    assert state(run, workspace) == "proofed"
    done = run("approve", "2020-03", "--by", "Ana Example", "--note", "Fine.", cwd=workspace)
    assert done.code == 0, done.stderr
    assert "2020-03 approved by Ana Example" in done.stdout
    assert state(run, workspace) == "approved"
    assert re.search(r"approved by\s+Ana", run("status", cwd=workspace).stdout)
    replace(workspace, "archive/2020/2020-03.yaml", "Twelve bakers", "Thirteen bakers")
    assert state(run, workspace) == "changed since approved"
    replace(workspace, "archive/2020/2020-03.yaml", "Thirteen bakers", "Twelve bakers")
    assert state(run, workspace) == "approved"


def test_the_file_is_made_to_be_read(run: Run, workspace: Path) -> None:
    first = json.loads(
        run("approve", "2020-03", "--by", "no", "--note", "Fine: go\n  ahead # now", "--json", cwd=workspace).stdout
    )
    path = workspace / "issues/approvals/2020-03.yaml"
    before = path.read_text("utf-8")
    assert before.startswith("# Who approved this issue")
    second = run("approve", "2020-03", "--by", "Ana", cwd=workspace)
    assert "note: no approved the same state" in second.stderr
    text = path.read_text("utf-8")
    assert text.startswith(before)
    entries = yaml.safe_load(text)
    assert [entry["by"] for entry in entries] == ["no", "Ana"]
    assert entries[0]["note"] == "Fine: go\n  ahead # now" == first["note"]
    assert entries[0]["editions"] == {"en": seen(workspace)["en"]}
    assert entries[0]["at"].tzinfo is not None


def test_a_colleague_sees_it_in_a_copy_elsewhere_without_a_build(run: Run, workspace: Path, tmp_path: Path) -> None:
    with_picture(workspace)
    run("approve", "2020-03", "--by", "Ana", cwd=workspace)
    copy = tmp_path / "elsewhere/deep"
    shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns("build", ".newsletter"))
    assert state(run, copy) == "approved"
    assert not (copy / "build").exists()
    assert seen(copy) == seen(workspace)


def test_the_hash_does_not_hang_on_what_a_picture_is_made_into(workspace: Path) -> None:
    """Another Pillow writes other bytes, and names are made of them."""
    with_picture(workspace)
    before = seen(workspace)
    (made,) = (workspace / ".newsletter/cache/images").iterdir()
    made.write_bytes(made.read_bytes() + b"\0")
    assert seen(workspace) == before


NOTHING_SEEN: dict[str, Callable[[Path], None]] = {
    "a comment in the definition": lambda root: replace(
        root, "issues/2020-03.yaml", "number: 1", "# for Ana\nnumber: 1"
    ),
    "a comment in newsletter.yaml": lambda root: replace(root, "newsletter.yaml", "title:", "# ours\ntitle:"),
    "an item of another month": lambda root: replace(
        root,
        "archive/2020/2020-03.yaml",
        "- id: a-bakery",
        "- id: other\n  title: Other\n  date: 2020-01-01\n- id: a-bakery",
    ),
    "the index and the build are gone": lambda root: shutil.rmtree(root / ".newsletter"),
}
SEEN: dict[str, Callable[[Path], None]] = {
    "subject": lambda root: replace(root, "issues/2020-03.yaml", "number: 1", "number: 1\nsubject: Other"),
    "preheader": lambda root: replace(root, "issues/2020-03.yaml", "number: 1", "number: 1\npreheader: Other"),
    "a summary": lambda root: replace(root, "archive/2020/2020-03.yaml", "Twelve", "Eleven"),
    "an address": lambda root: replace(root, "archive/2020/2020-03.yaml", "news/bakery", "news/bakeries"),
    "alt": lambda root: replace(root, "archive/2020/2020-03.yaml", "alt: Bread", "alt: Loaves"),
    "focus": lambda root: replace(root, "archive/2020/2020-03.yaml", "alt: Bread", "alt: Bread, focus: top"),
    "a picture": lambda root: Image.new("RGB", (800, 500), "#123456").save(root / "images/bakery.png"),
    "sender": lambda root: replace(root, "newsletter.yaml", "  name: Coop Letter", "  name: The Letter"),
    "unsubscribe": lambda root: replace(root, "newsletter.yaml", "org/unsubscribe", "org/leave"),
    "theme": lambda root: replace(root, "newsletter.yaml", "categories:", "theme: letter\ncategories:"),
    "token": lambda root: replace(
        root, "newsletter.yaml", "categories:", "theme: {name: classic, tokens: {accent: '#aa0000'}}\ncategories:"
    ),
    "order": lambda root: replace(
        root, "issues/2020-03.yaml", "number: 1", "number: 1\nsections: [{category: Interviews}, {category: News}]"
    ),
}


@pytest.mark.parametrize("what", NOTHING_SEEN)
def test_what_no_reader_sees_voids_nothing(workspace: Path, what: str) -> None:
    before = seen(workspace)
    NOTHING_SEEN[what](workspace)
    assert seen(workspace) == before


@pytest.mark.parametrize("what", SEEN)
def test_what_readers_see_voids_it(workspace: Path, what: str) -> None:
    with_picture(workspace)
    before = seen(workspace)
    SEEN[what](workspace)
    assert seen(workspace) != before


def test_a_build_that_is_up_to_date_knows_the_hash(workspace: Path) -> None:
    before = seen(workspace)
    Builder(Workspace(workspace)).build("2020-03")
    manifest = json.loads((workspace / "build/2020-03/manifest.json").read_bytes())
    assert {"en": manifest["seen"]} == before == seen(workspace)


def test_each_edition_has_a_hash(run: Run, workspace: Path) -> None:
    replace(workspace, "newsletter.yaml", "title:", "languages: [en, fr]\ntitle:")
    replace(workspace, "newsletter.yaml", "letter/{issue}", "letter/{issue}/{language}")
    run("approve", "2020-03", "--by", "Ana", cwd=workspace)
    replace(workspace, "issues/2020-03.yaml", "number: 1", "number: 1\ntranslations: {fr: {subject: Bonjour}}")
    approvals = approval.read(workspace / "issues", "2020-03")
    assert approval.changed(approvals, seen(workspace)) == ["fr"]
    workspace_ = Workspace(workspace)
    required = workspace_.publication.model_copy(update={"approval": "required"})
    with pytest.raises(NewsletterError, match=r"2020-03 has changed \(fr\) since Ana approved it on"):
        approval.require(required, approvals, "2020-03", seen(workspace))


def test_require_asks_only_where_newsletter_yaml_does(run: Run, workspace: Path) -> None:
    now = seen(workspace)
    folder = workspace / "issues"
    ours = Workspace(workspace).publication
    assert approval.require(ours, (), "2020-03", now) is None
    replace(workspace, "newsletter.yaml", "title:", "approval: required\ntitle:")
    strict = Workspace(workspace).publication
    with pytest.raises(
        NewsletterError, match=r"not approved, and newsletter\.yaml has 'approval: required'.*newsletter proof 2020-03"
    ) as told:
        approval.require(strict, (), "2020-03", now)
    assert told.value.exit_code == 1
    done = approval.record(folder, "2020-03", now, by="Ana", at=NOW)
    assert approval.require(strict, approval.read(folder, "2020-03"), "2020-03", now) == done
    with pytest.raises(NewsletterError, match="has changed since Ana approved it on 2020-03-30"):
        approval.require(strict, approval.read(folder, "2020-03"), "2020-03", {"en": "0" * 64})


def test_an_issue_that_does_not_build_is_not_approved(run: Run, workspace: Path) -> None:
    replace(workspace, "issues/2020-03.yaml", "number: 1", "numbr: 1")
    done = run("approve", "2020-03", "--by", "Ana", cwd=workspace)
    assert done.code == 1
    assert "unknown key 'numbr'" in done.stderr
    assert not (workspace / "issues/approvals").exists()


@pytest.mark.parametrize(("arguments", "told"), [((), "--by"), (("--by", " \t"), "who says yes")])
def test_somebody_must_say_yes(run: Run, workspace: Path, arguments: tuple[str, ...], told: str) -> None:
    done = run("approve", "2020-03", *arguments, cwd=workspace)
    assert done.code == 2
    assert told in done.stderr


def test_two_who_approve_at_once_are_both_recorded(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = [f"A{number}" for number in range(24)]
        list(pool.map(lambda name: approval.record(tmp_path / "issues", "x", {"en": "0" * 64}, by=name, at=NOW), names))
    assert sorted(each.by for each in approval.read(tmp_path / "issues", "x")) == sorted(names)


def test_an_older_state_that_comes_back_is_approved_still(workspace: Path) -> None:
    folder = workspace / "issues"
    for digest in "ab":
        approval.record(folder, "2020-03", {"en": digest * 64}, by=digest.upper(), at=NOW)
    approvals = approval.read(folder, "2020-03")
    found = approval.current(approvals, {"en": "a" * 64})
    assert found is not None
    assert found.by == "A"
    assert approval.current(approvals, {"en": "c" * 64}) is None
    assert approval.current(approvals, {"en": "a" * 64, "fr": "b" * 64}) is None


BROKEN = {
    "a merge": (
        "<<<<<<< HEAD\n- by: A\n=======\n- by: B\n>>>>>>> theirs\n",
        ":1:1: error: the file has the marks of a merge conflict",
    ),
    "no list": ("by: Ana\n", "must be a list"),
    "no zone": ("- {by: A, at: 2020-03-30T10:00:00, hash: HASH, editions: {en: HASH}}\n", "is no time with its zone"),
    "no time": ("- {by: A, at: today, hash: HASH, editions: {en: HASH}}\n", "is no time with its zone"),
    "another hash": (
        "- {by: A, at: 2020-03-30T10:00:00Z, hash: HASH, editions: {en: HASH}}\n",
        "was changed: its 'hash' is not that of its 'editions'",
    ),
    "half a hash": ("- {by: A, at: 2020-03-30T10:00:00Z, hash: abc, editions: {en: abc}}\n", "'[0].hash'"),
    "nobody": ("- {by: '', at: 2020-03-30T10:00:00Z, hash: HASH, editions: {en: HASH}}\n", "is empty"),
    "no edition": ("- {by: A, at: 2020-03-30T10:00:00Z, hash: HASH, editions: {}}\n", "is empty"),
    "no key of ours": ("- {by: A, when: now}\n", "unknown key 'when'"),
    "no yaml": ("- by: 'A\n", "the quote that opens here"),
}


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=pytest.mark.full if number > 4 else ()) for number, what in enumerate(BROKEN)]
)
def test_a_broken_file_is_told_with_its_place(run: Run, workspace: Path, what: str) -> None:
    text, told = BROKEN[what]
    path = workspace / "issues/approvals/2020-03.yaml"
    path.parent.mkdir()
    path.write_text(text.replace("HASH", "0" * 64), "utf-8")
    before = path.read_bytes()
    done = run("approve", "2020-03", "--by", "Ana", cwd=workspace)
    assert done.code == 1
    assert re.search(r"issues/approvals/2020-03.yaml:\d+:\d+: error: ", done.stderr), done.stderr
    assert told in done.stderr
    assert path.read_bytes() == before
    status = run("status", cwd=workspace)
    assert status.code == 1
    assert "mistake" in status.stdout


@pytest.mark.parametrize("text", ["", "# nothing yet", "[]\n", "- ENTRY", "  - ENTRY", "[{ENTRY}]\n"])
def test_an_entry_is_added_to_what_a_person_wrote_or_nothing_is(tmp_path: Path, text: str) -> None:
    entry = (
        f"by: A, at: 2020-03-30T10:00:00Z, hash: {approval.together({'en': '0' * 64})}, editions: {{en: {'0' * 64}}}"
    )
    path = tmp_path / "approvals/x.yaml"
    path.parent.mkdir()
    path.write_text(text.replace("{ENTRY}", f"{{{entry}}}").replace("ENTRY", f"{{{entry}}}"), "utf-8")
    before = path.read_text("utf-8")
    try:
        approval.record(tmp_path, "x", {"en": "1" * 64}, by="B", at=NOW)
    except ContentError as error:
        assert "an entry cannot be added" in str(error)
        assert path.read_text("utf-8") == before
        assert "[" in text or text.startswith(" ")
    else:
        assert path.read_text("utf-8").startswith(before)
        assert [each.by for each in approval.read(tmp_path, "x")][-1] == "B"


def test_the_program_of_another_version_is_named(tmp_path: Path, workspace: Path) -> None:
    old = approval.record(tmp_path, "x", {"en": "0" * 64}, by="A", at=NOW).model_copy(update={"program": "0.0.9"})
    strict = Workspace(workspace).publication.model_copy(update={"approval": "required"})
    with pytest.raises(NewsletterError, match=r"rendered by newsletter 0\.0\.9, and this is"):
        approval.require(strict, (old,), "x", {"en": "1" * 64})


def test_a_hash_is_the_same_in_another_process(run: Run, workspace: Path) -> None:
    import subprocess  # noqa: PLC0415 - with another seed of hashes

    code = "import sys; from pathlib import Path; from test_approval import seen; print(seen(Path(sys.argv[1]))['en'])"
    told = {
        subprocess.run(
            [sys.executable, "-c", code, workspace],
            cwd=Path(__file__).parent,
            env={
                "PYTHONHASHSEED": number,
                "PYTHONPATH": f"{Path(__file__).parent.parent}:{Path(__file__).parent}",
                "LC_ALL": "C",
                "TZ": zone,
            },
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        for number, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert told == {seen(workspace)["en"]}
