"""Themes that come as Python packages: found, used like any other, and never run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, built_in

Install = Callable[..., Path]
Program = Callable[..., Any]

RAISES = "raise SystemExit('the package was run')\n"
"""What stands in the __init__.py of every package here."""
THEME = "name: acme\ndescription: 'Acme: one of theirs.'\nextends: classic\n"
FILES = {"theme.yaml": THEME, "email.txt": "FROM ACME\n", "__init__.py": RAISES, "helper.py": RAISES}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with packages, as site-packages is."""
    return tmp_path / "site"


@pytest.fixture
def install(site: Path) -> Install:
    """Put a package there as an installer would: its files, and their metadata beside them."""

    def put(
        folder: str = "acme_theme",
        files: Mapping[str, str] = FILES,
        distribution: str = "acme-theme",
        entry: str = "acme = acme_theme",
    ) -> Path:
        info = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[newsletter.themes]\n{entry}\n", "utf-8")
        for name, text in files.items():
            path = site / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return site / folder

    return put


@pytest.fixture
def program(run: Run, workspace: Path, site: Path) -> Program:
    """The real program in the workspace, with the packages installed."""
    path = os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH"))))

    def call(*args: str | Path, **env: str) -> Any:
        return run(*args, cwd=workspace, env={"PYTHONPATH": path, **env})

    return call


def choose(workspace: Path, theme: str) -> int:
    """Make it the publication's theme; return the line that says so."""
    path = workspace / "newsletter.yaml"
    path.write_text(path.read_text("utf-8") + f"theme: {theme}\n", "utf-8")
    return len(path.read_text("utf-8").splitlines())


def own(workspace: Path, name: str, more: str) -> Path:
    folder = workspace / "templates" / name
    folder.mkdir(parents=True)
    (folder / "theme.yaml").write_text(f"name: {name}\ndescription: Ours.\n{more}", "utf-8")
    return folder


def test_a_package_is_listed_shown_checked_and_built_with(program: Program, workspace: Path, install: Install) -> None:
    folder = install()
    listed = program("themes", "list")
    assert listed.code == 0
    assert "acme  Acme: one of theirs. (package acme-theme 1.0)\nclassic  " in listed.stdout
    assert "(built in)\n" in listed.stdout
    assert listed.stderr == ""
    told = {each["name"]: each for each in json.loads(program("themes", "list", "--json").stdout)}
    assert (told["acme"]["folder"], told["acme"]["origin"]) == (str(folder), "package acme-theme 1.0")
    assert "accent" in program("themes", "show", "acme").stdout
    files = len(built_in("classic").files)
    checked = f"acme: {files} files, no mistakes\nclassic: {files} files"
    assert checked in program("themes", "check").stdout

    choose(workspace, "{name: acme, tokens: {accent: '#104488'}}")
    assert program("build").code == 0
    assert (workspace / "build/2020-03/email.txt").read_text("utf-8").startswith("FROM ACME")
    assert "#104488" in (workspace / "build/2020-03/email.html").read_text("utf-8")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/helper.cpython-311.pyc").write_bytes(b"compiled")
    assert "(unchanged)" in program("build").stdout
    (folder / "email.txt").write_text("FROM THE NEXT\n", "utf-8")
    assert program("build").code == 0
    assert (workspace / "build/2020-03/email.txt").read_text("utf-8").startswith("FROM THE NEXT")


def test_a_theme_of_ones_own_extends_one_of_a_package(program: Program, workspace: Path, install: Install) -> None:
    install()
    own(workspace, "ours", "extends: acme\ntokens:\n  accent: {type: color, default: '#104488'}\n")
    choose(workspace, "ours")
    assert program("build").code == 0
    assert (workspace / "build/2020-03/email.txt").read_text("utf-8").startswith("FROM ACME")
    assert "#104488" in (workspace / "build/2020-03/email.html").read_text("utf-8")


def test_a_copy_is_ones_own_and_holds_no_python(program: Program, workspace: Path, install: Install) -> None:
    install(files=FILES | {"theme.yaml": THEME.replace("acme\n", '"acme"  # theirs\n', 1)})
    assert program("themes", "copy", "acme", "part", "email.txt").code == 0
    assert program("themes", "copy", "acme", "whole").code == 0
    assert sorted(path.name for path in (workspace / "templates/part").iterdir()) == ["email.txt", "theme.yaml"]
    assert not list((workspace / "templates").rglob("*.py"))
    assert (workspace / "templates/whole/theme.yaml").read_text("utf-8").startswith("name: whole\n")
    listed = program("themes", "list")
    assert "part  Acme: one of theirs. (templates/part)\n" in listed.stdout
    assert program("themes", "check", "part", "whole").code == 0

    taken = program("themes", "copy", "letter", "acme")
    assert taken.code == 2
    assert taken.stderr == "error: 'acme' comes with the package acme-theme 1.0: give yours another name\n"
    refused = program("themes", "extract", "acme", "--language", "nl")
    assert refused.code == 2
    assert "acme comes with a package: make it yours first" in refused.stderr


@pytest.mark.full
def test_what_hides_a_package_is_told(program: Program, workspace: Path, install: Install) -> None:
    install(entry="classic = acme_theme\nacme = acme_theme")
    listed = program("themes", "list")
    assert listed.code == 0
    note = "note: the theme '{}' of the package acme-theme 1.0 is hidden by one of the same name ({})\n"
    assert listed.stderr == note.format("classic", "built in")
    assert "the theme classic" not in program("themes", "check", "classic").stderr
    assert program("themes", "show", "classic").stdout.startswith("classic: What an institution sends")

    own(workspace, "acme", "extends: letter\n")
    assert note.format("acme", "templates/acme") in program("themes", "list").stderr
    (workspace / "templates/acme/theme.yaml").write_text("name: acme\ndescription: Ours.\nextends: acme\n", "utf-8")
    listed = program("themes", "list")
    assert "acme  Ours. (templates/acme)" in listed.stdout
    assert "'acme'" not in listed.stderr
    choose(workspace, "acme")
    assert program("build").code == 0
    assert (workspace / "build/2020-03/email.txt").read_text("utf-8").startswith("FROM ACME")


BROKEN = {
    "missing": ({"entry": "acme = no_such_package"}, "{at}: error: the theme 'acme' of the package acme-theme 1.0 is not there: there is no 'no_such_package' "),
    "a missing part": ({"entry": "acme = acme_theme.no.such"}, "{at}: error: the theme 'acme' of the package acme-theme 1.0 is not there: "),
    "an object": ({"entry": "acme = acme_theme:THEME"}, "{at}: error: the theme 'acme' of the package acme-theme 1.0 is not there: there is no 'acme_theme:THEME' "),
    "a module": ({"entry": "acme = acme_theme.helper"}, "{at}: error: the theme 'acme' of the package acme-theme 1.0 is not there: "),
    "empty": ({"files": {"__init__.py": RAISES}}, "{at}: error: the theme 'acme' of the package acme-theme 1.0 has no theme.yaml in {folder} "),
    "another name": ({"files": FILES | {"theme.yaml": THEME.replace("acme", "acne", 1)}}, "{folder}/theme.yaml:1:7: error: the theme is 'acne' here, and 'acme' in the entry point of acme-theme 1.0 "),
    "a mistake": ({"files": FILES | {"theme.yaml": THEME + "extend: x\n"}}, "{folder}/theme.yaml:4:1: error: unknown key 'extend' "),
    "itself": ({"files": FILES | {"theme.yaml": THEME.replace("classic", "acme")}}, "{folder}/theme.yaml:3:10: error: the theme 'acme' extends itself "),
}  # fmt: skip


SEVERAL = [
    pytest.param(*case, id=name, marks=() if name in ("missing", "a mistake") else pytest.mark.full)
    for name, case in BROKEN.items()
]


@pytest.mark.parametrize(("how", "told"), SEVERAL)
def test_a_broken_package_is_told(
    program: Program, workspace: Path, install: Install, how: dict[str, Any], told: str
) -> None:
    folder = install(**how)
    line = choose(workspace, "acme")
    built = program("build")
    assert built.code == 1
    assert built.stderr.startswith(told.format(at=f"newsletter.yaml:{line}:8", folder=folder))
    listed = program("themes", "list")
    assert listed.code == 1
    assert [each.split()[0] for each in listed.stdout.splitlines()] == ["classic", "letter", "magazine"]
    assert listed.stderr.startswith(told.format(at="acme", folder=folder))
    assert "the package was run" not in built.stderr + listed.stderr


@pytest.mark.full
def test_a_broken_package_does_not_stop_the_check_of_others(program: Program, install: Install) -> None:
    install(**BROKEN["missing"][0])
    checked = program("themes", "check")
    assert checked.code == 1
    assert f"letter: {len(built_in('letter').files)} files, no mistakes" in checked.stdout
    assert "the package was run" not in checked.stderr


def test_two_packages_with_one_theme_are_told(program: Program, install: Install) -> None:
    install()
    install(distribution="other-theme")
    told = program("themes", "show", "acme")
    assert told.code == 1
    assert told.stderr.startswith(
        "acme: error: the theme 'acme' comes with several packages: acme-theme 1.0 and other-"
    )
    assert program("themes", "show", "classic").code == 0


def test_packages_within_packages_are_not_run_either(program: Program, workspace: Path, install: Install) -> None:
    folder = install(folder="acme/themes/ours", entry="acme = acme.themes.ours")
    for package in (folder.parent, folder.parent.parent):
        (package / "__init__.py").write_text(RAISES, "utf-8")
    choose(workspace, "acme")
    assert program("build").code == 0
    assert (workspace / "build/2020-03/email.txt").read_text("utf-8").startswith("FROM ACME")


def test_a_namespace_is_searched_in_every_place(program: Program, site: Path, install: Install) -> None:
    install(folder="acme/ours", files={"theme.yaml": THEME}, entry="acme = acme.ours")
    other = site.parent / "other"
    (other / "acme/ours").mkdir(parents=True)
    both = os.pathsep.join(filter(None, (str(other), str(site), os.environ.get("PYTHONPATH"))))
    assert program("themes", "show", "acme", PYTHONPATH=both).code == 0


def test_names_of_packages_are_offered(program: Program, workspace: Path, install: Install) -> None:
    install()
    assert "there is no theme 'acmee' (did you mean 'acme'?)" in program("themes", "show", "acmee").stderr
    assert "(there are: acme, classic, letter, magazine)" in program("themes", "show", "zzz").stderr
    folder = own(workspace, "ours", "extends: acmee\n")
    line = "templates/ours/theme.yaml:3:10: error: there is no theme 'acmee' (did you mean 'acme'?)\n"
    assert program("themes", "check", "ours").stderr == line
    (folder / "theme.yaml").unlink()
    complete = {"_NEWSLETTER_COMPLETE": "bash_complete", "COMP_WORDS": "newsletter themes show a", "COMP_CWORD": "3"}
    assert program(**complete).stdout.split() == ["plain,acme"]


WATCH = """\
import sys
def heard(event, args):
    if event == "open" and str(args[0]).endswith("entry_points.txt"):
        print("LOOKED", file=sys.stderr)
sys.addaudithook(heard)
"""


def test_what_is_installed_is_only_looked_at_for_a_theme_that_is_not_here(
    program: Program, workspace: Path, site: Path, install: Install
) -> None:
    install()
    (site / "sitecustomize.py").write_text(WATCH, "utf-8")
    built = program("build")
    assert (built.code, built.stderr.count("LOOKED")) == (0, 0)
    choose(workspace, "acme")
    assert "LOOKED" in program("build").stderr
