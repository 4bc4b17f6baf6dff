"""What the program writes, as the Nu HTML checker (the HTML standard) sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import THEMES, built_in, rehearsed

# What the standard does not know, and a mail needs.
MAIL_ONLY = (
    r"Attribute “xmlns:[ov]” not allowed here\.",  # Outlook's VML, which its Word engine reads as XML
    r"CSS: “mso-table-[lr]space”: Property .* doesn't exist\.",  # Outlook puts space around every table without it
)


@pytest.mark.full
def test_mails_and_web_versions_of_every_theme_are_valid_html(tmp_path: Path, vnu: Callable[..., str]) -> None:
    """No errors in any made-up issue, but for what mail programs need; one run of the checker for all of them."""
    pages = []
    for name in THEMES:
        for number, (mail, message) in enumerate(rehearsed(built_in(name))):
            for kind, html in (("mail", mail), ("web", message.web)):
                pages.append(tmp_path / f"{name}-{number}-{kind}.html")
                pages[-1].write_text(html, "utf-8")
    errors = vnu(*pages, options=("--errors-only",)).splitlines()
    known = [error for error in errors if "-mail.html" in error and re.search("|".join(MAIL_ONLY), error)]
    assert len(pages) >= 2 * 2 * 5
    assert [error for error in errors if error not in known] == []
    assert all(any(re.search(idiom, error) for error in known) for idiom in MAIL_ONLY)  # none is allowed in vain


@pytest.mark.full
def test_a_mail_that_the_program_built_is_valid_html(
    workspace: Path, run: Callable[..., object], vnu: Callable[..., str]
) -> None:
    run("build", "2020-03", cwd=workspace)
    folder = workspace / "build" / "2020-03"
    errors = vnu(folder / "email.html", folder / "web.html", options=("--errors-only",)).splitlines()
    assert [error for error in errors if not re.search("|".join(MAIL_ONLY), error)] == []


@pytest.mark.full
def test_the_checker_finds_a_mistake(tmp_path: Path, vnu: Callable[..., str]) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<!doctype html><html lang='en'><title>x</title><p><b>", "utf-8")
    assert "Unclosed element" in vnu(page, options=("--errors-only",))
