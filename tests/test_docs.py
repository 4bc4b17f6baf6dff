"""The commands of the docs are run as they stand, in the order they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run
from PIL import Image

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["getting-started", "themes", "languages", "approval", "preview"])
def test_the_commands_of_a_page_run(name: str, tmp_path: Path) -> None:
    page = (ROOT / f"docs/{name}.md").read_text("utf-8")
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))
    assert "newsletter " in commands
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", commands],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_every_picture_and_page_that_is_named_is_there() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} names {target}"


def test_the_issue_in_the_readme_builds(tmp_path: Path) -> None:
    (definition,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    for name in ("newsletter.yaml", "archive/2017/2017-09.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues/readme.yaml").write_text(definition, "utf-8")
    command = [sys.executable, "-m", "newsletter", "build", "readme"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "no section shows" in done.stderr  # what the sections leave out is told


def test_the_yaml_of_the_layouts_page_builds(run: Run, workspace: Path) -> None:
    """The page's snippets, put together into one workspace."""
    page = (ROOT / "docs/layouts.md").read_text("utf-8")
    snippets = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    config = workspace / "newsletter.yaml"
    base = config.read_text("utf-8").partition("categories:")[0]
    mine = [text for text in snippets if text.startswith("# newsletter.yaml")]
    categories, *others = (text.partition("\n")[2] for text in mine)
    to_read = "  - {name: To read, layout: resources}\n"
    config.write_text(base + categories + to_read + "".join(others), "utf-8")
    (workspace / "archive/page.yaml").write_text(next(text for text in snippets if text.startswith("- id")), "utf-8")
    blocks = next(text for text in snippets if text.startswith("# issues/"))
    (workspace / "issues/2031-06.yaml").write_text(
        "date: 2031-06-01\nselect: {ids: [summer-school, how-we-counted-heat]}\n" + blocks, "utf-8"
    )
    draw(workspace, "logo", "logo-dark", "cover", "mill")
    done = run("build", "2031-06", cwd=workspace)
    assert done.code == 0, done.stderr
    text = (workspace / "build/2031-06/email.txt").read_text("utf-8")
    for words in ("July 2031", "English", "Last call", "carriers of bricks"):
        assert words in text
    assert "Windward Mill grinds" not in text
    assert (workspace / "build/2031-06/events/summer-school.ics").is_file()


def draw(workspace: Path, *names: str) -> None:
    """Put plain pictures where the page names some."""
    (workspace / "images").mkdir()
    for name in names:
        Image.new("RGB", (400, 300), "#225588").save(workspace / f"images/{name}.{'png' if 'logo' in name else 'jpg'}")
