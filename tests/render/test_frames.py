"""The engine sees a mail's frame; the whole mail is what it would be if the engine saw it all."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from conftest import ROOT, THEMES

from newsletter.errors import TemplateError
from newsletter.model import Edition
from newsletter.render import mjml
from newsletter.render.pipeline import render
from newsletter.render.rehearsal import PICTURES, editions
from newsletter.render.theme import Theme, find_theme


def same(html: str) -> str:
    """Return HTML with one way of writing void elements: the engine has its own."""
    return re.sub(r"\s*/>", ">", html)


@pytest.mark.full
@pytest.mark.parametrize("name", THEMES)
def test_a_frame_with_its_contents_is_what_the_engine_makes_of_the_whole(name: str) -> None:
    theme = find_theme(name, [ROOT / "templates"], {})
    for edition in editions(theme):
        whole, quick = (render(edition, each, pictures=PICTURES) for each in (theme, theme.check()))
        assert same(quick.html) == same(whole.html)
        assert (quick.text, quick.web) == (whole.text, whole.web)


def first(theme: Theme) -> Edition:
    return next(editions(theme))


def theme_with(folder: Path, old: str, new: str) -> Theme:
    """Return a copy of classic with something else in email.mjml, taken to be checked."""
    for path in (ROOT / "templates/classic").glob("*.*"):
        (folder / "ours").mkdir(exist_ok=True)
        text = path.read_text("utf-8")
        if path.name == "email.mjml":
            assert old in text
            text = text.replace(old, new)
        (folder / "ours" / path.name).write_text(text, "utf-8")
    return dataclasses.replace(find_theme("ours", [folder], {}), checked=True)


@pytest.mark.parametrize("markup", ["<b>", "</b>", "</td>"])
def test_a_value_that_a_theme_wrongly_calls_safe_is_seen_by_the_engine(tmp_path: Path, markup: str) -> None:
    theme = theme_with(tmp_path, "{{ publication.title|spoken", "{{ publication.title|safe|spoken")
    edition = first(theme)
    broken = dataclasses.replace(edition, publication=edition.publication.model_copy(update={"title": markup}))
    with pytest.raises(TemplateError, match=r"ours/\w+\.mjml:\d+: error: </?\w+> "):
        render(broken, theme)


@pytest.mark.parametrize("text", [f"{mjml.MARK}0000", mjml.MARK, f"{mjml.MARK}9999 x", "</mj-raw>", "<mj-raw>", "]]>"])
def test_content_that_looks_like_a_mark_is_text(text: str) -> None:
    theme = find_theme("classic", [ROOT / "templates"], {})
    edition = dataclasses.replace(first(theme), subject=f"A {text} b", preheader=f"C {text} d", editorial=f"E {text} f")
    whole, quick = render(edition, theme), render(edition, theme.check())
    assert same(quick.html) == same(whole.html)
    assert text in whole.text


def test_a_frame_is_filled_only_with_all_of_its_contents() -> None:
    frame, contents = mjml.frame("<mj-raw>α</mj-raw><mj-preview>π</mj-preview><mj-title>τ</mj-title><mj-raw>β</mj-raw>")
    assert not set("αβπτ") & set(frame)
    assert contents == ["α", "β", "π", "τ"]
    whole = "<mj-raw>α</mj-raw><mj-preview>π</mj-preview><mj-title>τ</mj-title><mj-raw>β</mj-raw>"
    assert mjml.fill(frame, contents) == whole
    assert mjml.fill(frame + f"{mjml.MARK}0003", contents) == f"{whole}τ"
    assert mjml.fill(frame.replace(f"{mjml.MARK}0001", ""), contents) is None
    assert mjml.fill(frame + f"{mjml.MARK}0004", contents) is None
    assert mjml.fill(frame + mjml.MARK, contents) is None
