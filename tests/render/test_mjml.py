"""A mistake that shows only when a theme is rendered is told at its template's place."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import ContentError, TemplateError
from newsletter.render.diagnose import check
from newsletter.render.loader import ThemeLoader, jinja_error
from newsletter.render.mjml import to_html

BASE = """<mjml>
<mj-head><mj-title>{{ title }}</mj-title>
</mj-head>
<mj-body>
{% include "parts/body.mjml" %}
</mj-body>
</mjml>
"""


def theme(folder: Path, **parts: str) -> Path:
    """Write a theme: email.mjml includes parts/body.mjml; other parts by name."""
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    (folder / "email.mjml").write_text(BASE, "utf-8")
    for name, source in parts.items():
        (folder / "parts" / f"{name}.mjml").write_text(source, "utf-8")
    return folder


def render(folder: Path, *, marked: bool = False, **context: object) -> str:
    environment = jinja2.Environment(
        loader=ThemeLoader([folder], marked=marked),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("email.mjml").render({"title": "é – ع", **context})


def html(folder: Path, **context: object) -> str:
    return to_html(render(folder, **context), lambda: render(folder, marked=True, **context))


def problem(folder: Path, **context: object) -> str:
    """Return the first mistake, with the path within the theme."""
    with pytest.raises(TemplateError) as caught:
        html(folder, **context)
    return str(caught.value.problems[0]).replace(f"{folder}/", "")


def body(inner: str) -> str:
    return f"<mj-section>\n<mj-column>\n{inner}\n</mj-column>\n</mj-section>\n"


def test_a_good_theme_renders_and_is_never_marked(tmp_path: Path) -> None:
    def never() -> str:
        raise AssertionError("rendered twice")

    result = to_html(render(theme(tmp_path, body=body("<mj-text>x</mj-text>"))), never)
    assert result.startswith("<!doctype html>")
    assert "data-at" not in result


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<mj-text>é\na < b</mj-text>", "parts/body.mjml:4:3: error: a bare '<'"),
        ("<mj-text>\n<b>x</mj-text>", "parts/body.mjml:4:1: error: <b> is not closed"),
        ("<mj-text>\n\nx</b></mj-text>", "parts/body.mjml:5:2: error: </b> closes nothing"),
        ("<mj-text><a href=x>y</a></mj-text>", "parts/body.mjml:3:"),
        ("<mj-raw>\n<!--[if mso]>\n<td><![endif]--></mj-raw>", "parts/body.mjml:5:1: error: unbalanced MSO comment"),
        ("<mj-text><![CDATA[x]]></mj-text>", "parts/body.mjml:3:10: error: CDATA"),
        ("<mj-image src='x'>text</mj-image>", "parts/body.mjml:3:19: error: text cannot stand in mj-image"),
        ("<!--[if mso]>x<![endif]-->", "parts/body.mjml:3:1: error: a conditional comment cannot stand in mj-column"),
        ("<mj-text>é/></mj-text>", "parts/body.mjml:3:11: error: a '/>' that ends no tag"),
        ("<mj-foo>x</mj-foo>", "parts/body.mjml:3:1: error: unknown tag 'mj-foo'"),
        (
            "{% if 1 %}\n\n\n<mj-text>a</mj-text>\n{% endif %}\n<mj-text>{{ title }} < b</mj-text>",
            "parts/body.mjml:8:22: error: a bare",
        ),
        ("<mj-spacer/>\n<mj-text>{{ lines }}\n<b></mj-text>", "parts/body.mjml:5:1: error: <b> is not closed"),
    ],
)
def test_what_the_engine_refuses_or_swallows_has_its_place(tmp_path: Path, inner: str, expected: str) -> None:
    folder = theme(tmp_path, body=body(inner))
    told = problem(folder, lines="1\n2\n3\n4\n5")
    assert told.startswith(expected)


def test_a_part_in_the_wrong_place_is_told_in_the_part(tmp_path: Path) -> None:
    folder = theme(
        tmp_path, body='<mj-section>\n{% include "parts/card.mjml" %}</mj-section>', card="\n<mj-text>x</mj-text>"
    )
    problems = check(render(folder, marked=True))
    assert [str(p).replace(f"{folder}/", "") for p in problems] == [
        "parts/card.mjml:2:1: error: mj-text cannot stand in mj-section (it belongs in mj-column or mj-hero)"
    ]  # fmt: skip


def test_a_region_closed_in_another_is_no_silent_loss(tmp_path: Path) -> None:
    halves = "<mj-raw><!--[if mso]>{}<![endif]--></mj-raw>"
    inner = f"{halves.format('<td>')}\n<mj-section></mj-section>\n{halves.format('</td>')}"
    told = problem(theme(tmp_path, body=inner))
    assert told.startswith("parts/body.mjml:1:22: error: unbalanced MSO comment")


def test_markup_from_a_value_is_told_where_the_value_stands(tmp_path: Path) -> None:
    folder = theme(tmp_path, body=body("<mj-text>\n{{ value|safe }}</mj-text>"))
    assert problem(folder, value="<i>x").startswith("parts/body.mjml:4: error: <i> is not closed")


def test_what_only_the_engine_knows_is_told_in_its_words() -> None:
    with pytest.raises(TemplateError, match="there is no <mjml> in it"):
        to_html("", lambda: "")


SOUP = st.lists(
    st.sampled_from(
        [
            *("<", ">", "/>", "&", "é", "'", '"', "<b>", "</b>", "<b a='", "<td>", "</td>"),
            *("<!--", "-->", "<!--[if mso]>", "<![endif]-->", "<mj-style>", "</mj-style>"),
            *("<mj-text>", "</mj-text>", "<mj-raw>", "</mj-raw>", "<mj-column>", "</mj-column>"),
            *("<mj-section>", "</mj-section>", "<mj-hero height='a'>", "</mj-hero>", "<mj-spacer height='é'/>"),
            *("<mj-button width='a%'/>", "<mj-image src='é' width='x'/>"),
        ]
    ),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_whatever_is_rendered_becomes_html_or_an_error_with_words(pieces: list[str]) -> None:
    source = f"<mjml><mj-body>{''.join(pieces)}</mj-body></mjml>"
    try:
        assert to_html(source, lambda: source).startswith("<!doctype html>")
    except TemplateError as error:
        assert all(problem.message for problem in error.problems)


def test_a_failure_that_marks_do_not_repeat_names_the_theme() -> None:
    marked = '<mjml data-at="/t/email.mjml:1"></mjml>'
    with pytest.raises(TemplateError) as caught:
        to_html("<mjml", lambda: marked)
    assert caught.value.problems[0].position.path == "/t/email.mjml"


JINJA = {
    "syntax": ("{% if %}", "parts/body.mjml:1: error: Jinja: Expected an expression"),
    "unknown statement": ("\n\n{% fi %}", "parts/body.mjml:3: error: Jinja: Encountered unknown tag 'fi'"),
    "not ended": ("\n{% if 1 %}", "parts/body.mjml:2: error: Jinja: Unexpected end of template"),
    "unknown filter": ("\n{{ 1|foo }}", "parts/body.mjml:2: error: Jinja: No filter named 'foo'"),
    "undefined": ("\n{{ titel }}", "parts/body.mjml:2: error: 'titel' is undefined (did you mean 'title'?)"),
    "attribute": ("{{ title }}\n{{ title.x }}", "parts/body.mjml:2: error: 'str object' has no attribute 'x'"),
    "missing": (
        "\n{% include 'parts/bodi.mjml' %}",
        "parts/body.mjml:2: error: there is no template 'parts/bodi.mjml' (did you mean 'parts/body.mjml'?)",
    ),
    "missing of several": ("{% include ['a', 'b'] %}", "parts/body.mjml:1: error: there is no template 'a' or 'b'"),
    "outside": (
        "\n{% include '../x.mjml' %}",
        "parts/body.mjml:2: error: an include outside the theme's folder: '../x.mjml'",
    ),
    "outside, hidden": ("{% include 'parts/../../x' %}", "parts/body.mjml:1: error: an include outside the theme's"),
    "absolute": ("{% include '/etc/passwd' %}", "parts/body.mjml:1: error: an include outside the theme's folder"),
    "Windows": (r"{% include 'C:\\x' %}", "parts/body.mjml:1: error: an include outside the theme's folder"),
    "link": ("{% include 'link.mjml' %}", "parts/body.mjml:1: error: an include outside the theme's folder"),
    "division": ("\n\n{{ 1 / 0 }}", "parts/body.mjml:3: error: ZeroDivisionError: division by zero"),
    "type": ("\n{{ 1 + 'a' }}", "parts/body.mjml:2: error: TypeError: "),
    "macro": ("{% macro m(x) %}\n{{ x.y.z }}\n{% endmacro %}\n{{ m(1) }}", "parts/body.mjml:2: error: "),
    "endless": ("{% include 'parts/body.mjml' %}", "parts/body.mjml:1: error: the template includes or calls itself"),
}


@pytest.mark.parametrize(("source", "expected"), JINJA.values(), ids=JINJA)
def test_an_error_of_jinja_has_its_place(tmp_path: Path, source: str, expected: str) -> None:
    folder = theme(tmp_path / "theme", body=source)
    (tmp_path / "x.mjml").write_text("secret", "utf-8")
    (folder / "link.mjml").symlink_to(tmp_path / "x.mjml")
    with pytest.raises(Exception) as caught:
        render(folder)
    told = jinja_error(caught.value, [folder])
    assert str(told).replace(f"{folder}/", "").startswith(expected)


def test_a_missing_theme_file_names_the_theme(tmp_path: Path) -> None:
    with pytest.raises(jinja2.TemplateNotFound) as caught:
        render(tmp_path)
    assert f"{tmp_path}: error: there is no template 'email.mjml'" in str(jinja_error(caught.value, [tmp_path]))


def test_an_error_for_a_person_stays_as_it_is() -> None:
    error = ContentError.at("a.yaml", "wrong")
    assert jinja_error(error, []) is error


def test_a_template_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    folder = theme(tmp_path, body="x")
    (folder / "parts/body.mjml").write_bytes(b"a\nb\xff")
    with pytest.raises(TemplateError, match=r"body\.mjml:2: error: not valid UTF-8"):
        render(folder)


def test_the_first_root_comes_first_and_a_change_is_seen(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.mjml").write_text(f"<b>{name}</b>", "utf-8")
    (tmp_path / "two/b.txt").write_text("<b>", "utf-8")
    loader = ThemeLoader([tmp_path / "one", tmp_path / "two"], marked=True)
    environment = jinja2.Environment(autoescape=True)
    text, path, uptodate = loader.get_source(environment, "a.mjml")
    assert path == str(tmp_path / "one/a.mjml")
    assert text == f'<b data-at="{path}:1">one</b>'
    assert loader.get_source(environment, "b.txt")[0] == "<b>"
    assert loader.list_templates() == ["a.mjml", "b.txt"]
    assert uptodate()
    (tmp_path / "one/a.mjml").write_text("changed", "utf-8")
    assert not uptodate()
    (tmp_path / "one/a.mjml").unlink()
    assert not uptodate()


def test_a_link_within_the_theme_is_followed(tmp_path: Path) -> None:
    folder = theme(tmp_path, real="x")
    (folder / "parts/body.mjml").symlink_to(folder / "parts/real.mjml")
    assert "x" in render(folder)
