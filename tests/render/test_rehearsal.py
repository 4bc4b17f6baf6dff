"""``themes check`` finds what a build would stumble over, whatever the issue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT, Run

from newsletter.render.rehearsal import editions
from newsletter.render.theme import find_theme


def ours(run: Run, folder: Path) -> Path:
    run("init", folder)
    run("themes", "copy", "classic", "ours", cwd=folder)
    return folder / "templates/ours"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("email.txt", "{% filter finish %}", "{% foo %}{% filter finish %}", r"email\.txt:\d+: error: Jinja: Encountered unknown tag 'foo'"),
        ("email.txt", "{% endfilter %}", "", r"email\.txt:\d+: error: Jinja: Unexpected end of template"),
        ("web.html", "<h1>{{ publication.title", "<h1>{{ publication.tilte", r"web\.html:\d+: error: 'Publication object' has no attribute 'tilte'"),
        ("web.html", "<main", "{{ nowhere }}<main", r"web\.html:\d+: error: 'nowhere' is undefined"),
        pytest.param("email.mjml", '|date("long") }}</td>', '|dat("long") }}</td>', r"email\.mjml:\d+: error: Jinja: No filter named 'dat'", marks=pytest.mark.full),
        pytest.param("email.mjml", '|date("long") }}</td>', '|date("lang") }}</td>', r"email\.mjml:\d+: error: a filter was given something that it does not know", marks=pytest.mark.full),
        pytest.param("email.mjml", '{% include "_head.mjml" %}', '{% include "_haed.mjml" %}', r"email\.mjml:\d+: error: there is no template '_haed\.mjml' \(did you mean '_head\.mjml'", marks=pytest.mark.full),
        pytest.param("email.mjml", '{% include "_head.mjml" %}', '{% include "../_head.mjml" %}', r"email\.mjml:\d+: error: an include outside the theme's folder", marks=pytest.mark.full),
        pytest.param("_parts.mjml", "{% if extra.where %}", "{% if extra.were %}", r"_parts\.mjml:\d+: error: 'Extra object' has no attribute 'were'", marks=pytest.mark.full),
        pytest.param("_style.mjml", "tokens.panel", "tokens.pannel", r"_style\.mjml:\d+: error: .* has no attribute 'pannel'", marks=pytest.mark.full),
    ],
)  # fmt: skip
def test_a_mistake_that_shows_when_a_template_runs(
    run: Run, tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    folder = ours(run, tmp_path / "demo")
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    done = run("themes", "check", "ours", cwd=tmp_path / "demo")
    assert done.code == 1
    assert re.search(told, done.stderr), done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_mail_is_told_with_its_file(run: Run, tmp_path: Path) -> None:
    (ours(run, tmp_path / "demo") / "email.mjml").write_text("")
    done = run("themes", "check", "ours", cwd=tmp_path / "demo")
    assert done.code == 1
    assert "email.mjml: error: there is no <mjml> in it" in done.stderr


def test_a_wrong_token_is_told_at_its_own_line(run: Run, tmp_path: Path) -> None:
    ours(run, tmp_path / "demo")
    path = tmp_path / "demo/newsletter.yaml"
    text = path.read_text("utf-8").replace(
        "tokens: {}", "tokens:\n    acent: '#123456'\n    width: big\n    accent: red"
    )
    path.write_text(text, "utf-8")
    line = text[: text.index("acent")].count("\n") + 1
    done = run("build", cwd=tmp_path / "demo")
    assert done.code == 1
    assert (
        f"newsletter.yaml:{line}:12: error: the theme 'classic' has no token 'acent' (did you mean 'accent'"
        in done.stderr
    )
    assert f"newsletter.yaml:{line + 1}:12: error: token 'width' is 'big' (expected a size such as 16px)" in done.stderr
    assert f"newsletter.yaml:{line + 2}:13: error: token 'accent' is 'red'" in done.stderr


def test_the_editions_have_all_that_an_issue_may_have() -> None:
    theme = find_theme("classic", [ROOT / "templates"], {})
    found = list(editions(theme))
    assert {section.layout for edition in found for section in edition.sections} == {*theme.file.layouts, "divider"}
    assert {edition.language for edition in found} == {"en-GB", "ar"}
    assert max(len(section.items) for edition in found for section in edition.sections) == 60
    for what in ("lead", "editorial", "number", "web_version"):
        assert {bool(getattr(edition, what)) for edition in found} == {True, False}
    for edition in found:
        ids = [item.id for item in edition.web_items]
        assert len(ids) == len(set(ids))  # as in every edition that an issue is composed to
