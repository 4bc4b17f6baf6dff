"""What the program writes, as the Nu HTML checker (the HTML standard) sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

# What only mail programs know, and the mail needs them.
MAIL_ONLY = (
    r"Attribute .xmlns:[ov]. not allowed here\.",  # Outlook's VML
    r"CSS: .(mso-[a-z-]+|supported-color-schemes).: Property .* doesn.t exist\.",  # Outlook; Apple Mail
    r"Element .a. is missing required attribute .href.\.",  # <a name>: the only anchor that Outlook jumps to
)


@pytest.fixture
def built(workspace: Path, run: Callable[..., object]) -> Path:
    run("build", "2020-03", cwd=workspace)
    return workspace / "build" / "2020-03"


@pytest.mark.full
def test_the_web_version_is_valid_html(built: Path, vnu: Callable[..., str]) -> None:
    assert vnu(built / "web.html", options=("--errors-only",)) == ""


@pytest.mark.full
def test_the_mail_is_valid_html_but_for_what_mail_programs_need(built: Path, vnu: Callable[..., str]) -> None:
    known = "|".join(f".*{pattern}.*" for pattern in MAIL_ONLY)
    assert vnu(built / "email.html", options=("--errors-only", "--filterpattern", known)) == ""


@pytest.mark.full
def test_the_checker_finds_a_mistake(tmp_path: Path, vnu: Callable[..., str]) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<!doctype html><html lang='en'><title>x</title><p><b>", "utf-8")
    assert "Unclosed element" in vnu(page, options=("--errors-only",))
