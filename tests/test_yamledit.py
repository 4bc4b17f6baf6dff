"""Values put into a person's file: they read as they were given, and nothing else of the file changes."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter import yamlfile
from newsletter.errors import ContentError
from newsletter.yamledit import Keys, put

PATH = Path("any.yaml")
TRICKY = st.sampled_from(
    [*"\n\n  \t:#-'\"\\&*!|>%@`{}[],?~=<", "\r", "\x85", "\u2028", "\ufeff", "\x00", "é", "ع", "😀"]
)
TEXT = st.text(st.one_of(TRICKY, st.characters(exclude_categories=["Cs"])), max_size=60)

BY_HAND = """\
# yaml-language-server: $schema=x.json
title:   'Odd   spacing'   # keep me

categories:
  # about News
  - name: News
    heading: {one: Story,  other: Stories}  # two forms
    translations: {}  # none yet
  - {name: Interviews, blurb: In their own words}
  - name: Champions
    translations:   # some
      es: { heading: Campeones }

      # the French are to come
    blurb: >-
      Folded
      text

translations:
# the end
"""

FR = ("translations", "fr")


def test_hand_edits_and_comments_stay() -> None:
    values: dict[Keys, str] = {
        ("categories", 0, *FR, "heading", "one"): "Article",
        ("categories", 0, *FR, "heading", "other"): "Articles",
        ("categories", 1, *FR, "blurb"): "En leurs propres mots",
        ("categories", 2, *FR, "heading"): "Champions: nos gens",
        ("categories", 2, "translations", "es", "blurb"): "Texto",
        (*FR, "title"): "Lettre",
        (*FR, "summary"): "Une ligne\n\nUne autre",
    }
    assert put(BY_HAND, PATH, values) == """\
# yaml-language-server: $schema=x.json
title:   'Odd   spacing'   # keep me

categories:
  # about News
  - name: News
    heading: {one: Story,  other: Stories}  # two forms
    translations: {fr: {heading: {one: "Article", other: "Articles"}}}  # none yet
  - {name: Interviews, blurb: In their own words, translations: {fr: {blurb: "En leurs propres mots"}}}
  - name: Champions
    translations:   # some
      es: { heading: Campeones, blurb: "Texto" }
      fr:
        heading: "Champions: nos gens"

      # the French are to come
    blurb: >-
      Folded
      text

translations:
  fr:
    title: Lettre
    summary: |-
      Une ligne

      Une autre
# the end
"""  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: old # why\n", "a: new  # why\n".replace("  #", " #")),
        ("a: 'old'\nb: 1\n", "a: new\nb: 1\n"),
        ('a: "old\n  and older"  # why\n', "a: new  # why\n"),
        ("a: old\n  and older\n# why\n", "a: new\n# why\n"),
        ("a: |\n  old\n  older\n\n# why\nb: 1\n", "a: new\n\n# why\nb: 1\n"),
        ("a: >-  # folded\n  old\n\nb: 1\n", "a: new  # folded\n\nb: 1\n"),
        ("a: |+\n  old\n\n\nb: 1\n", "a: new\n\n\nb: 1\n"),
        ("a:\nb: 1\n", "a: new\nb: 1\n"),
        ("a:  # why\nb: 1\n", "a: new  # why\nb: 1\n"),
        ("a: ~\n", "a: new\n"),
        ("b: 1\n", "b: 1\na: new\n"),
        ("b: 1", "b: 1\na: new\n"),
        ("b: 1\r\nc: 2\r\n", "b: 1\r\nc: 2\r\na: new\r\n"),
        ("b: |\n  text", "b: |\n  text\na: new\n"),
        ("b: |+\n  text\n\n\n", "b: |+\n  text\n\n\na: new\n"),
        ("b: |+\n  text\n\n# end\n", "b: |+\n  text\n\na: new\n# end\n"),
        ("b:\n", "b:\na: new\n"),
        ("b:\n- 1\n- 2  # two\n# end\n", "b:\n- 1\n- 2  # two\na: new\n# end\n"),
        ("---\nb: 1\n...\n", "---\nb: 1\na: new\n...\n"),
        ("x: &x {c: 1}\nb: *x  # again\n", "x: &x {c: 1}\nb: *x  # again\na: new\n"),
        ("{b: 1}\n", '{b: 1, a: "new"}\n'),
        ("{b: 1, }\n", '{b: 1, a: "new", }\n'),
        ("{\n  b: 1,  # one\n  c: 2  # two\n}\n", '{\n  b: 1,  # one\n  c: 2, a: "new"  # two\n}\n'),
        ("{a: old}\n", '{a: "new"}\n'),
        ("{}\n", '{a: "new"}\n'),
    ],
)
def test_a_text_is_put_in_or_replaced(before: str, after: str) -> None:
    assert put(before, PATH, {("a",): "new"}) == after


@pytest.mark.parametrize("before", ["a: 'old'   # why\nb: 1\n", "a: old # why\nb: 1\n", "a: >-  # why\n  old\nb: 1\n"])
def test_a_comment_goes_behind_the_sign_of_the_lines(before: str) -> None:
    assert put(before, PATH, {("a",): "new\nlines"}) == "a: |-  # why\n  new\n  lines\nb: 1\n"


def test_a_comment_below_stays_one() -> None:
    before = "a: old\n\n    # deep\nb: 1\n"
    assert put(before, PATH, {("a",): "new\nlines"}) == 'a: "new\\nlines"\n\n    # deep\nb: 1\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: ~  # none\nb: 1\n", "a:   # none\n  c: new\nb: 1\n"),
        ("a: null\n", "a: \n  c: new\n"),
        ("a: text  # why\n", 'a: {c: "new"}  # why\n'),
        ("a:\n    d: 1\n    # deep\n", "a:\n    d: 1\n    c: new\n    # deep\n"),
        ("no: 1\n", "no: 1\na:\n  c: new\n"),
    ],
)
def test_a_mapping_is_made_where_there_is_none(before: str, after: str) -> None:
    assert put(before, PATH, {("a", "c"): "new"}) == after


def test_a_key_that_reads_as_something_else_is_quoted() -> None:
    assert put("a: 1\n", PATH, {("no", "x y"): "yes"}) == 'a: 1\n"no":\n  "x y": "yes"\n'


def test_a_key_of_any_length() -> None:
    long = "Long words. " * 100
    first = put("a: 1\n", PATH, {("b", long): "x"})
    assert first == f'a: 1\nb:\n  ? "{long}"\n  : x\n'
    assert put(first, PATH, {("b", "c"): "y", ("b", long): "z"}) == f'a: 1\nb:\n  ? "{long}"\n  : z\n  c: "y"\n'


@given(one=TEXT, other=TEXT, inner=TEXT)
@pytest.mark.parametrize("before", [BY_HAND, BY_HAND.replace("\n", "\r\n"), "a: |-\n  b\n\n  c\nd: [1, {e: f}]"])
def test_any_text_is_put_in(before: str, one: str, other: str, inner: str) -> None:
    values = {("title",): one, (*FR, "summary"): other, ("translations", "no", "inner"): inner}
    after = put(before, PATH, values)
    data = yamlfile.parse(after, PATH).data
    assert isinstance(data, dict)
    assert (data["title"], data["translations"]) == (one, {"fr": {"summary": other}, "no": {"inner": inner}})
    gone = [line for line in difflib.ndiff(before.split("\n"), after.split("\n")) if line[:1] == "-"]
    assert len(gone) <= 2, gone  # the title, and the last line that had no end
    assert [line for line in before.splitlines() if line.strip().startswith("#")] == [
        line for line in after.splitlines() if line.strip().startswith("#") and line in before.splitlines()
    ]


@given(text=TEXT)
def test_an_ordinary_reader_sees_the_same(text: str) -> None:
    read = yaml.safe_load(put("a: {b: 1}\n", PATH, {("a", "c"): text, ("d", "summary"): text}))
    assert (read["a"]["c"], read["d"]["summary"]) == (text, text)


@pytest.mark.parametrize(
    "before",
    [
        "x: &x\n  c: 1\na: *x\n",  # another value would change as well
        "x: &x {c: 1}\na: *x\n",
        "a: &y text\nb: *y\n",
    ],
)
def test_what_would_change_another_value_is_refused(before: str) -> None:
    keys: Keys = ("a",) if "&y" in before else ("a", "c")
    with pytest.raises(
        ContentError, match=r"any\.yaml:[0-9]+:[0-9]+: error: 'a(\.c)?' cannot be put in without changing"
    ):
        put(before, PATH, {keys: "new"})
