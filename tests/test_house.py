"""The house itself: what must not get into git, and tools that fit together."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest
from browser import block_network
from playwright.sync_api import Browser, Error, Page

import newsletter

ROOT = Path(__file__).parent.parent

# Taken apart, so that this file may be checked like every other.
FORBIDDEN = {
    "a registry's host": ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "deb." + "debian.org"),
    "a path of one machine": ("/" + "work/", "/" + "tmp/w/", "/" + "root/"),
    "a tool of one workplace": ("farm" + "-", "issues " + "show", "shared/" + "seed"),
}


def committed() -> list[Path]:
    """Return the files in git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_of_this_machine_is_committed(what: str) -> None:
    found = []
    for path in committed():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in FORBIDDEN[what] if word in text]
    assert not found


def test_no_expression_needs_a_python_without_its_bugs() -> None:
    """Possessive repeats and atomic groups match wrongly before Python 3.11.5, and Debian 12 has 3.11.2."""
    found = []
    for info in pkgutil.walk_packages(newsletter.__path__, "newsletter."):
        if info.name != "newsletter.__main__":
            module = importlib.import_module(info.name)
            patterns = {name: value for name, value in vars(module).items() if isinstance(value, re.Pattern)}
            for name, pattern in patterns.items():
                text = re.sub(r"\\.", "", pattern.pattern) if isinstance(pattern.pattern, str) else ""
                without_classes = re.sub(r"\[\^?\]?[^\]]*\]", "x", text)
                if re.search(r"[*+?}]\+|\(\?>", without_classes):
                    found.append(f"{info.name}.{name}")
    assert not found


TEXT = {".py", ".md", ".yaml", ".toml", ".sh", ".mjs", ".mjml", ".j2", ".txt", ".html", ".css", ".json"}


def test_text_files_are_utf8_with_unix_line_ends() -> None:
    for path in committed():
        if path.suffix in TEXT and "data" not in path.parts:
            data = path.read_bytes()
            assert b"\r" not in data, path
            assert data.decode("utf-8").endswith("\n") or not data, path


def test_every_target_of_the_makefile_is_phony() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony
    assert targets == set(phony[1].split())
    assert targets >= {"newsletter", "test", "test-full", "preview", "bench", "lint", "screenshots"}


@pytest.mark.browser
def test_the_page_of_the_tests_reaches_no_network(page: Page, tmp_path: Path) -> None:
    (tmp_path / "local.html").write_text("<title>here</title>", "utf-8")
    page.goto((tmp_path / "local.html").as_uri())
    assert page.title() == "here"


@pytest.mark.browser
def test_a_page_that_reaches_out_is_caught(chromium_browser: Browser) -> None:
    context = chromium_browser.new_context()
    blocked = block_network(context)
    with pytest.raises(Error):
        context.new_page().goto("https://coop.example.org/")
    context.close()
    assert blocked == ["https://coop.example.org/"]
