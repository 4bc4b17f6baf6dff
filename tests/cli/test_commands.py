"""The commands as a person and a script meet them: output, exit codes, help."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from newsletter.cli import COMMANDS, _about
from newsletter.reference import KINDS, json_schema

Run = Callable[..., Any]
ROOT = Path(__file__).parent.parent.parent


def test_init_makes_a_workspace_that_builds_at_once(run: Run, tmp_path: Path) -> None:
    assert run("init", "demo").code == 0
    result = run("build", cwd=tmp_path / "demo")
    assert result.code == 0, result.stderr
    assert (tmp_path / "demo/build").is_dir()
    assert run("doctor", cwd=tmp_path / "demo").code == 0
    assert run("archive", "check", cwd=tmp_path / "demo").code == 0


def test_init_never_overwrites(run: Run, workspace: Path) -> None:
    before = (workspace / "newsletter.yaml").read_text()
    result = run("init", ".", cwd=workspace)
    assert result.code == 2
    assert "nothing was written" in result.stderr
    assert (workspace / "newsletter.yaml").read_text() == before


def test_init_takes_any_title(run: Run, tmp_path: Path) -> None:
    assert run("init", "demo", "--title", "It's: a #test", "--month", "2020-02").code == 0
    assert "It's: a #test No. 1, February 2020" in run("build", cwd=tmp_path / "demo").stdout


def test_every_file_names_a_schema_that_is_there(run: Run, tmp_path: Path) -> None:
    run("init", "demo")
    root = tmp_path / "demo"
    for path in [root / "newsletter.yaml", *root.glob("issues/*.yaml"), *root.glob("archive/*/*.yaml")]:
        first = path.read_text("utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
        assert named, f"{path.name}: {first}"
        schema = json.loads((path.parent / named[1]).read_text("utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str)), schema)


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_know_and_explain_every_key(kind: str) -> None:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    parts = [schema, *schema.get("$defs", {}).values()]
    properties = [(name, value) for part in parts for name, value in part.get("properties", {}).items()]
    assert properties
    unexplained = [name for name, value in properties if not value.get("description")]
    assert not unexplained


def test_schemas_catch_what_the_program_catches() -> None:
    schema = json_schema("issue")
    jsonschema.validate({"date": "2020-01-31", "select": {"month": "2020-01"}}, schema)
    for wrong in ({"date": "2020-01-31", "numbr": 1}, {"number": 1}, {"date": "2020-01-31", "select": {"month": "x"}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_new_scaffolds_the_next_issue(run: Run, workspace: Path) -> None:
    result = run("new", "2020-04", cwd=workspace)
    assert (result.code, result.stdout.strip()) == (0, "issues/2020-04.yaml")
    assert "the archive has 0 items of 2020-04" in result.stderr
    text = (workspace / "issues/2020-04.yaml").read_text("utf-8")
    assert yaml.safe_load(text)["number"] == 2
    assert str(yaml.safe_load(text)["date"]) == "2020-04-30"
    assert run("new", "2020-04", cwd=workspace).code == 2


def test_new_takes_structure_not_content(run: Run, workspace: Path) -> None:
    (workspace / "issues/2020-03.yaml").write_text(
        "number: 1\ndate: 2020-03-31\nlead: a-bakery-becomes-a-cooperative\nsections:\n"
        "  - {category: News, heading: 'What: happened', limit: 3, items: [housing-cooperatives-meet-in-lyon]}\n"
        "  - {category: Interviews, layout: cards}\n"
    )
    assert run("new", "2020-04", "--from", "2020-03", cwd=workspace).code == 0
    made = yaml.safe_load((workspace / "issues/2020-04.yaml").read_text("utf-8"))
    assert made["sections"] == [
        {"category": "News", "heading": "What: happened", "limit": 3},
        {"category": "Interviews", "layout": "cards"},
    ]
    assert "lead" not in made


def test_new_since_the_last_issue_needs_one(run: Run, workspace: Path) -> None:
    result = run("new", "x", "--since-last", cwd=workspace)
    assert result.code == 2
    assert "no issue is published yet" in result.stderr


def test_status_tells_where_each_issue_stands(run: Run, workspace: Path) -> None:
    def state() -> str:
        (row,) = json.loads(run("status", "--json", cwd=workspace).stdout)
        return str(row["state"])

    assert state() == "draft"
    run("build", cwd=workspace)
    assert state() == "built"
    path = workspace / "issues/2020-03.yaml"
    path.write_text(path.read_text() + "subject: Another\n")
    assert state() == "changed since built"
    assert "Another" in run("status", cwd=workspace).stdout
    path.write_text("number: 4\ndate: 2020-03-31\nlead: nobody\n")
    broken = run("status", "--json", cwd=workspace)
    assert broken.code == 1
    (row,) = json.loads(broken.stdout)
    assert (row["state"], row["number"], row["date"], row["subject"]) == ("mistakes", 4, "2020-03-31", "")
    assert "2020-03.yaml:3:7: error: there is no item 'nobody'" in row["mistakes"][0]
    assert "1 mistake " in run("status", cwd=workspace).stdout
    path.write_text("number: [\n")
    assert state() == "mistakes"


def test_doctor_finds_what_is_wrong(run: Run, workspace: Path) -> None:
    assert run("doctor", cwd=workspace).code == 0
    (workspace / "issues/2020-03.yaml").write_text("numbr: 1\n")
    result = run("doctor", cwd=workspace)
    assert result.code == 1
    assert "NO  issues: issues/2020-03.yaml:1:1: error: 'date' is missing" in result.stdout


def test_themes(run: Run, workspace: Path) -> None:
    assert run("themes", "list", cwd=workspace).stdout.startswith("classic")
    assert "color" in run("themes", "show", "classic", cwd=workspace).stdout
    assert run("themes", "check", cwd=workspace).code == 0
    assert run("themes", "copy", "classic", "../out", cwd=workspace).code == 2
    assert run("themes", "show", "clasic", cwd=workspace).stderr.count("did you mean 'classic'") == 1


def test_a_wrong_token_is_told_with_its_place(run: Run, workspace: Path) -> None:
    path = workspace / "newsletter.yaml"
    tokens = next(iter(json.loads(run("themes", "show", "classic", "--json").stdout)["tokens"]))
    path.write_text(path.read_text() + f"theme:\n  name: classic\n  tokens: {{{tokens}x: red}}\n")
    result = run("build", cwd=workspace)
    assert result.code == 1
    assert f"did you mean '{tokens}'" in result.stderr
    assert re.match(r"newsletter\.yaml:\d+:\d+: error: ", result.stderr)
    for command in (("show", "classic"), ("check", "classic"), ("check",)):
        told = run("themes", *command, cwd=workspace)
        assert (told.code, told.stderr) == (1, result.stderr)
    assert run("themes", "check", "letter", cwd=workspace).code == 0


def test_a_faint_token_and_a_mistake_in_newsletter_yaml_are_told_by_themes_check(run: Run, workspace: Path) -> None:
    path = workspace / "newsletter.yaml"
    before = path.read_text()
    path.write_text(before + "theme:\n  name: classic\n  tokens:\n    ink: '#eeeeee'\n")
    line = len(path.read_text().splitlines())
    told = run("themes", "check", cwd=workspace)
    assert told.code == 0
    assert f"newsletter.yaml:{line}:10: warning: 'ink' (#eeeeee) can hardly be read" in told.stderr
    path.write_text(before + "titel: x\n")
    assert run("themes", "check", cwd=workspace).stderr.count("unknown key 'titel'") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert re.search(rf"Examples?:\n\s+(newsletter {command}|cd )", result.stdout), result.stdout
    for below in re.findall(r"^  (\w+) ", result.stdout.partition("Commands:")[2], re.MULTILINE):
        text = run(command, below, "--help").stdout
        assert re.search(rf"Examples?:\n.*newsletter {command} {below}", text, re.DOTALL), text


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Run, workspace: Path, shell: str) -> None:
    assert "_NEWSLETTER_COMPLETE" in run("completion", shell).stdout
    words = {"COMP_WORDS": "newsletter build 20", "COMP_CWORD": "2", "_NEWSLETTER_COMPLETE": f"{shell}_complete"}
    assert "2020-03" in run(cwd=workspace, env=words).stdout


def test_usage(run: Run, workspace: Path, tmp_path: Path) -> None:
    assert run("build", cwd=tmp_path).code == 2
    assert "newsletter init" in run("build", cwd=tmp_path).stderr
    assert "did you mean 'build'" in run("biuld", cwd=workspace).stderr
    unknown = run("build", "2020-3", cwd=workspace)
    assert unknown.code == 2
    assert "did you mean '2020-03'?" in unknown.stderr
    assert run("build", "--all", "2020-03", cwd=workspace).code == 2
    assert run("build", "../newsletter.yaml", cwd=workspace / "issues").code == 2
    assert "Traceback" not in unknown.stderr


def test_the_folder_may_be_named(run: Run, workspace: Path, tmp_path: Path) -> None:
    assert run("-C", workspace, "build", cwd=tmp_path).code == 0
    assert run("build", "2020-03", cwd=workspace / "archive").code == 0  # a folder below is as good


def test_the_reference_in_docs_is_that_of_the_models(run: Run) -> None:
    assert (ROOT / "docs/yaml.md").read_text("utf-8") == run("schema", "--reference").stdout


def test_files_that_are_no_issues_by_their_name_are_told_and_stop_nobody(run: Run, workspace: Path) -> None:
    issues = workspace / "issues"
    (issues / "my issue (2).yaml").write_text("date: 2020-03-31\n")
    (issues / "draft.yml").write_text("date: 2020-03-31\n")
    (issues / "loud.YAML").write_text("date: 2020-03-31\n")
    for command in (["build"], ["build", "--all"], ["status"], ["new", "2020-05"]):
        done = run(*command, cwd=workspace)
        assert done.code == 0, command
        assert "issues/my issue (2).yaml is not read: name it with letters, digits" in done.stderr
        assert "issues/draft.yml is not read: name it draft.yaml" in done.stderr
        assert "issues/loud.YAML is not read: name it loud.yaml" in done.stderr
    named = run("build", "draft", cwd=workspace)
    assert (named.code, named.stderr) == (2, "error: issues/draft.yml is not read: name it draft.yaml\n")


@pytest.mark.parametrize(
    ("name", "told"),
    [("2017-9", "did you mean 2017-09?"), ("2017-13", "'2017-13' is not a month"), ("a b", "use letters")],
)
def test_new_refuses_what_is_almost_a_month(run: Run, workspace: Path, name: str, told: str) -> None:
    done = run("new", name, cwd=workspace)
    assert done.code == 2
    assert told in done.stderr
    assert not (workspace / f"issues/{name}.yaml").exists()


def test_sections_of_pinned_items_come_over_as_a_comment(run: Run, workspace: Path) -> None:
    first = workspace / "issues/2020-03.yaml"
    text = "number: 1\ndate: 2020-03-31\nsections:\n  - category: News\n  - category: News\n    heading: 'Once: more'\n    only: true\n    items: [a-bakery-becomes-a-cooperative]\n"
    first.write_text(text)
    done = run("new", "second", "--from", "2020-03", "--month", "2020-03", cwd=workspace)
    assert done.code == 0
    assert "1 section of pinned items only came over as a comment" in done.stderr
    written = (workspace / "issues/second.yaml").read_text("utf-8")
    assert (
        "  - category: News\n# - category: News\n#   heading: 'Once: more'\n#   only: true\n#   items: [an-item-id]\n"
        in written
    )
    assert run("build", "second", cwd=workspace).code == 0


def test_two_issues_of_one_number_are_noted(run: Run, workspace: Path) -> None:
    run("new", "2020-04", "--number", "1", cwd=workspace)
    first = workspace / "issues/2020-03.yaml"
    first.write_text(re.sub("(?m)^number: .*", "number: 1", first.read_text("utf-8")))
    assert "2020-03 and 2020-04 have the same number, 1" in run("status", cwd=workspace).stderr


@pytest.mark.parametrize(
    ("code", "name", "told"),
    [
        (errno.EACCES, "/srv/news/.newsletter/lock", "/srv/news: cannot write here: Permission denied"),
        (
            errno.EROFS,
            "/srv/news/issues/.2020-03.yaml.x.tmp",
            "/srv/news/issues: cannot write here: Read-only file system",
        ),
        (
            errno.ENOSPC,
            "/srv/news/build/2020-03/email.html",
            "/srv/news/build/2020-03: cannot write here: No space left on device",
        ),
        (errno.EISDIR, "/srv/news/newsletter.yaml", "/srv/news/newsletter.yaml: Is a directory"),
    ],
)
def test_what_the_system_refuses_names_a_folder_that_a_person_knows(code: int, name: str, told: str) -> None:
    assert _about(OSError(code, os.strerror(code), name)) == told
