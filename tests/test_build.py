"""Building: what lands in build/, when it is done again, and that place, time and locale leave no trace."""

from __future__ import annotations

import email
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from playwright.sync_api import Page

FILES = ["email.html", "email.txt", "web.html", "email.eml", "manifest.json"]
Run = Callable[..., Any]


def build(run: Run, root: Path, *args: str, **kwargs: Any) -> Any:
    result = run("build", *args, cwd=root, **kwargs)
    assert result.code == 0, result.stderr
    return result


def digests(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def test_what_a_build_holds(run: Run, workspace: Path) -> None:
    result = build(run, workspace)
    folder = workspace / "build/2020-03"
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert "build/2020-03/email.html" in result.stdout
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name, output in manifest["outputs"].items():
        data = (folder / name).read_bytes()
        assert output == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert manifest["html_bytes"]["built"] == (folder / "email.html").stat().st_size


def test_what_is_built_can_be_sent_as_it_is(run: Run, workspace: Path) -> None:
    definition = workspace / "issues/2020-03.yaml"
    definition.write_text(
        definition.read_text() + "subject: Dear [[first_name|co-operator]]\neditorial: Hi [[first_name|you]]!\n"
    )
    build(run, workspace)
    folder = workspace / "build/2020-03"
    for name in FILES[:3]:
        text = (folder / name).read_text("utf-8")
        assert not re.search(r"nl[0-9a-f]{12}\d\dz", text)
        assert "[[" not in text
        assert "Hi you!" in text
    assert "https://coop.example.org/unsubscribe" in (folder / "email.html").read_text("utf-8")
    assert "https://coop.example.org/letter/2020-03" in (folder / "email.txt").read_text("utf-8")
    message = cast(EmailMessage, email.message_from_bytes((folder / "email.eml").read_bytes(), policy=default))
    assert message["Subject"] == "Dear co-operator"
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content().replace("\r\n", "\n") == (folder / "email.html").read_text("utf-8")


def test_nothing_changed_nothing_done(run: Run, workspace: Path) -> None:
    build(run, workspace)
    folder = workspace / "build/2020-03"
    before = {name: (folder / name).stat().st_mtime_ns for name in FILES}
    assert "(unchanged)" in build(run, workspace).stdout
    assert {name: (folder / name).stat().st_mtime_ns for name in FILES} == before
    assert "(unchanged)" not in build(run, workspace, "--force").stdout


CHANGES = {
    "the definition": ("issues/2020-03.yaml", "number: 1", "number: 2"),
    "newsletter.yaml": ("newsletter.yaml", "reason: You get", "reason: You really get"),
    "an item": ("archive/2020/2020-03.yaml", "Twelve bakers", "Thirteen bakers"),
    "a built file": ("build/2020-03/email.html", "</html>", "<!-- mine --></html>"),
}


@pytest.mark.parametrize(("name", "old", "new"), CHANGES.values(), ids=list(CHANGES))
def test_a_change_is_built(run: Run, workspace: Path, name: str, old: str, new: str) -> None:
    build(run, workspace)
    path = workspace / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert "(unchanged)" not in build(run, workspace).stdout
    assert "(unchanged)" in build(run, workspace).stdout


def test_a_change_of_the_theme_is_built(run: Run, workspace: Path) -> None:
    assert run("themes", "copy", "classic", "ours", cwd=workspace).code == 0
    publication = workspace / "newsletter.yaml"
    publication.write_text(publication.read_text() + "theme: ours\n")
    build(run, workspace)
    template = workspace / "templates/ours/email.txt"
    template.write_text("Ours\n" + template.read_text("utf-8"), "utf-8")
    build(run, workspace)
    assert (workspace / "build/2020-03/email.txt").read_text("utf-8").startswith("Ours\n")


def test_what_no_issue_shows_is_not_built_again(run: Run, workspace: Path) -> None:
    build(run, workspace)
    path = workspace / "archive/2020/2020-04.yaml"
    path.write_text("- {id: later, category: News, title: Later, date: 2020-04-01}\n")
    assert "(unchanged)" in build(run, workspace).stdout


def test_place_time_and_locale_leave_no_trace(run: Run, workspace: Path, tmp_path: Path) -> None:
    other = tmp_path / "another place" / "with ünïcode"
    shutil.copytree(workspace, other)
    build(run, workspace, env={"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"})
    build(
        run, other, env={"TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"}
    )
    assert digests(workspace / "build/2020-03") == digests(other / "build/2020-03")


def test_caches_leave_no_trace(run: Run, workspace: Path) -> None:
    build(run, workspace)
    first = digests(workspace / "build/2020-03")
    build(run, workspace, "--force")
    assert digests(workspace / "build/2020-03") == first
    shutil.rmtree(workspace / ".newsletter")
    build(run, workspace, "--force")
    assert digests(workspace / "build/2020-03") == first


def test_many_issues_use_several_processes(run: Run, workspace: Path) -> None:
    for number in range(2, 12):
        text = f"number: {number}\ndate: 2020-03-{number + 10}\nselect: {{month: 2020-03}}\n"
        (workspace / f"issues/special-{number}.yaml").write_text(text)
    result = build(run, workspace, "--all", "--jobs", "2")
    assert len(result.stdout.splitlines()) == 11
    assert "built 11, unchanged 0, failed 0" in result.stderr
    assert "built 0, unchanged 11, failed 0" in build(run, workspace, "--all").stderr


def test_a_mistake_in_one_issue_does_not_stop_the_others(run: Run, workspace: Path) -> None:
    (workspace / "issues/2020-04.yaml").write_text("number: 2\ndate: 2020-04-31\n")
    result = run("build", "--all", cwd=workspace)
    assert result.code == 1
    assert "issues/2020-04.yaml:2:7: error: there is no day 2020-04-31" in result.stderr
    assert "built 1, unchanged 0, failed 1" in result.stderr
    assert (workspace / "build/2020-03/email.html").is_file()


def test_the_newest_that_is_not_published(run: Run, workspace: Path) -> None:
    (workspace / "issues/2020-02.yaml").write_text("number: 0\ndate: 2020-02-28\nselect: {month: 2020-03}\n")
    assert "Coop Letter No. 1" in build(run, workspace).stdout
    ledger = workspace / "issues/published/2020-03.yaml"
    ledger.parent.mkdir()
    entry = "entry: 1, action: publish, time: 2020-03-31T10:00:00Z, number: 1, date: 2020-03-31, items: [five-questions-to-a-beekeeper]"
    ledger.write_text(f"- {{{entry}}}\n")
    assert "Coop Letter No. 0" in build(run, workspace).stdout


def test_a_published_issue_still_builds_to_the_same_bytes(run: Run, workspace: Path) -> None:
    build(run, workspace)
    before = digests(workspace / "build/2020-03")
    ids = ", ".join(json.loads((workspace / "build/2020-03/manifest.json").read_text())["items"])
    ledger = workspace / "issues/published/2020-03.yaml"
    ledger.parent.mkdir()
    ledger.write_text(
        f"- {{entry: 1, action: publish, time: 2020-03-31T10:00:00Z, number: 1, date: 2020-03-31, items: [{ids}]}}\n"
    )
    build(run, workspace, "2020-03", "--force")
    assert digests(workspace / "build/2020-03") == before


def test_a_missing_unsubscribe_address_says_what_to_add(run: Run, workspace: Path) -> None:
    path = workspace / "newsletter.yaml"
    path.write_text(re.sub(r"unsubscribe:.*\n", "", path.read_text()))
    result = run("build", cwd=workspace)
    assert result.code == 1
    assert result.stderr.startswith("newsletter.yaml:1:1: error: 'unsubscribe' is missing")
    assert "add a line 'unsubscribe: https://…'" in result.stderr


def test_all_mistakes_of_a_broken_theme_have_their_line(run: Run, workspace: Path) -> None:
    run("themes", "copy", "classic", "ours", cwd=workspace)
    publication = workspace / "newsletter.yaml"
    publication.write_text(publication.read_text() + "theme: ours\n")
    template = workspace / "templates/ours/email.mjml"
    lines = template.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if "<mj-body" in line)
    lines[at + 1 : at + 1] = ["<mj-section colour='red'><mj-clumn></mj-clumn></mj-section>"]
    template.write_text("\n".join(lines), "utf-8")
    result = run("build", cwd=workspace)
    assert result.code == 1
    assert f"templates/ours/email.mjml:{at + 2}:" in result.stderr
    assert "colour" in result.stderr
    assert "mj-clumn" in result.stderr


def test_a_crash_while_writing_leaves_old_or_new(run: Run, workspace: Path) -> None:
    """Kill the program at points of a forced build: each output is whole, and the next build ends the same."""
    build(run, workspace)
    wanted = digests(workspace / "build/2020-03")
    for pause in (0.05, 0.12, 0.18, 0.22, 0.26):
        process = subprocess.Popen(
            [sys.executable, "-m", "newsletter", "build", "--force"],
            cwd=workspace, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(pause)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert digests(workspace / "build/2020-03") == wanted
    build(run, workspace)
    assert digests(workspace / "build/2020-03") == wanted


HOSTILE = [
    "<script>alert(1)</script>", "</mj-text>", "{{ 7*7 }}", "{% x %}", "*|UNSUB|*", "]]>", "-->", "<!--[if mso]>",
    "\"double\" 'single'", "%%x%%", "[unsubscribe]", "[[first_name|you]]", "👩‍👩‍👧", "التعاونيات", "w" * 5000,
]  # fmt: skip


def test_hostile_content_is_visible_text_in_every_output(run: Run, workspace: Path, page: Page) -> None:
    items = [
        {
            "id": f"hostile-{number}",
            "category": "News",
            "title": f"T {text}",
            "date": "2020-03-05",
            "summary": f"S {text}",
        }
        for number, text in enumerate(HOSTILE)
    ]
    (workspace / "archive/2020/2020-03.yaml").write_text(yaml.safe_dump(items, allow_unicode=True), "utf-8")
    build(run, workspace)
    folder = workspace / "build/2020-03"
    squeezed = "".join((folder / "email.txt").read_text("utf-8").split())
    for name in ("email.html", "web.html"):
        page.goto((folder / name).as_uri())
        seen = "".join(page.inner_text("body").split())
        assert page.locator("script").count() == 0
        for text in HOSTILE:
            bare = "".join(text.split())
            assert seen.count(f"T{bare}") == 1, (name, text[:30])
            assert seen.count(f"S{bare}") == 1, (name, text[:30])
            assert f"T{bare}" in squeezed, text[:30]
        assert "ExampleStreet" in seen  # the mail is whole to its end


def test_items_without_a_language_are_in_the_publications(run: Run, workspace: Path) -> None:
    definition = workspace / "issues/2020-03.yaml"
    definition.write_text(definition.read_text() + "  language: en\n")
    build(run, workspace)
    assert len(json.loads((workspace / "build/2020-03/manifest.json").read_text("utf-8"))["items"]) == 3
