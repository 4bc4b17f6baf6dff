"""A file's structure is changed at one place: it reads as asked, and all that a person wrote around it stays."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import yamlfile
from newsletter.errors import ContentError
from newsletter.yamlchange import assign, at, insert, move, plain, remove
from newsletter.yamledit import Keys

PATH = Path("any.yaml")
BLOCK = """\
# yaml-language-server: $schema=x.json
# Mine
number: 8   # eighth
date: 2017-09-29

subject:   'Odd   spacing'   # keep
select:
  month: 2017-09   # why
  # by Ann
  exclude: [a-b, c-d]   # both
sections:
  # first
  - category: News   # n
    limit: 3
    items:
      # top
      - alpha   # a1
      - beta
      # rules
      - gamma

    # end of news
  - {category: Interviews, items: [delta, epsilon]}
  # faces
  - category: Portraits
    items: []

  # last words
overrides:
  alpha:  # reason
    title: >-
      Folded
      text
    summary: |+
      kept

  beta: {title: X}
lead:
# the end
"""
LOOSE = """\
sections:
- category: News

- category: Two
  items:
  - x
  - y   # late

# three
- category: Three
  items: [
    p,  # pp
    # about q
    q,
    r   # rr
  ]
tags:
    -   a
    -   b:   c
        d: [e]
    # z
    -   f
"""
FLOW = "{date: 2017-09-29, sections: [{category: News, items: [a, b]}, {category: X}], tags: []}\n"
OPEN = "date: 2017-01-01\nlist: [x]\nsummary: |\n  text\n  more"
FILES = [BLOCK, LOOSE, FLOW, OPEN, BLOCK.replace("\n", "\r\n"), LOOSE.rstrip()]
COMMENT = re.compile(r"(?<=\s)#[^\r\n]*|^#[^\r\n]*")
ORDER = ("number", "date", "subject", "lead", "sections", "title", "items", "tags")

VALUE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(0, 99),
        st.just(datetime.date(2017, 9, 3)),
        st.sampled_from(["text", "A: b", "two\nlines", "08", "a - b", "", "'", "yes", "2017-09", "[x", "é", "{", "- a"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["title", "items", "no"]), inner, max_size=2)),
    max_leaves=5,
)  # fmt: skip


def read(text: str) -> Any:
    """The data; a block of lines at the very end reads the same with and without an end to its last line."""
    return yamlfile.parse(text if text.endswith("\n") else text + "\n", PATH).data


def places(data: Any, keys: Keys = ()) -> list[Keys]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [keys, *(place for key, value in inner for place in places(value, (*keys, key)))]


def lists(data: Any) -> list[Keys]:
    return [keys for keys in places(data) if isinstance(at(data, keys), list)]


def same_without_comments_lost(before: str, after: str) -> None:
    assert sorted(COMMENT.findall(before)) == sorted(COMMENT.findall(after))
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in before
    assert before.endswith("\n") == after.endswith("\n")


@given(data=st.data(), value=VALUE)
@pytest.mark.parametrize("text", FILES)
def test_any_value_is_put_anywhere(text: str, data: st.DataObject, value: Any) -> None:
    before = read(text)
    keys = data.draw(st.sampled_from(places(before)))
    if isinstance(at(before, keys), dict) and data.draw(st.booleans()):
        keys = (*keys, data.draw(st.sampled_from(["new", *ORDER])))
    if not keys:
        return
    try:
        after = assign(text, PATH, keys, value, ORDER)
    except (
        ContentError
    ):  # lines in place of a list, above a comment that would become one of them: no change asks for it
        assert isinstance(value, str)
        assert "\n" in value
        assert isinstance(at(before, keys), (list, dict))
        return
    now = read(after)
    assert at(now, keys) == plain(value)
    for other in places(before):
        if other != keys[: len(other)] and other[: len(keys)] != keys:
            assert at(now, other) == at(before, other)
    if at(before, keys) is None or (isinstance(at(before, keys), str) and not isinstance(value, (list, dict))):
        same_without_comments_lost(text, after)
    assert assign(after, PATH, keys, value) == after


@given(data=st.data(), value=VALUE)
@pytest.mark.parametrize("text", FILES)
def test_an_entry_is_put_into_a_list_and_taken_out_again(text: str, data: st.DataObject, value: Any) -> None:
    before = read(text)
    keys = data.draw(st.sampled_from(lists(before)))
    there = at(before, keys)
    index = data.draw(st.integers(0, len(there)))
    after = insert(text, PATH, keys, index, value)
    assert at(read(after), keys) == [*there[:index], plain(value), *there[index:]]
    same_without_comments_lost(text, after)
    again = remove(after, PATH, (*keys, index), keep=len(keys))
    assert read(again) == before
    same_without_comments_lost(text, again)
    if there and "\n  ]" not in text:
        assert again == text


@given(data=st.data())
@pytest.mark.parametrize("text", FILES)
def test_an_entry_moves_with_its_comments(text: str, data: st.DataObject) -> None:
    before = read(text)
    entries = [(*keys, number) for keys in lists(before) for number in range(len(at(before, keys)))]
    source = data.draw(st.sampled_from(entries))
    apart = [keys for keys in lists(before) if keys[: len(source) - 1] != source[:-1] and source[: len(keys)] != keys]
    target = data.draw(st.sampled_from([source[:-1], *apart]))
    entry, there = at(before, source), list(at(before, target))
    if source[:-1] == target:
        there.pop(int(source[-1]))
    if not there or (len(at(before, source[:-1])) == 1 and source[:-2] == target[:-1]):
        return
    index = data.draw(st.integers(0, len(there)))
    after = move(text, PATH, source, target, index)
    assert at(read(after), target) == [*there[:index], entry, *there[index:]]
    same_without_comments_lost(text, after)


@given(data=st.data())
@pytest.mark.parametrize("text", FILES)
def test_anything_is_taken_out(text: str, data: st.DataObject) -> None:
    before = read(text)
    keys = data.draw(st.sampled_from([keys for keys in places(before) if keys]))
    if len(before) == 1 and len(keys) == 1:
        return
    after = remove(text, PATH, keys, keep=99)
    expected = before
    inner = at(before, keys[:-1])
    if isinstance(inner, dict):
        inner.pop(keys[-1])
    else:
        inner.pop(keys[-1])
    assert read(after) == expected
    lost = set(COMMENT.findall(text)) - set(COMMENT.findall(after))
    if keys in (("number",), ("subject",), ("lead",), ("overrides",)):  # what stands above a key stays
        assert not lost & {"# Mine", "# the end", "# last words"}


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("a: 1\nb: 2  # two\n# c\nc: 3\n", ("b",), "a: 1\n# c\nc: 3\n"),
        ("a: 1\n\nb: 2\n\nc: 3\n", ("b",), "a: 1\n\nc: 3\n"),
        ("a:\n  b:\n    c: 1\nd: 2\n", ("a", "b", "c"), "d: 2\n"),
        ("a:\n  b: [x]\n  d: 2\n", ("a", "b", 0), "a:\n  d: 2\n"),
        ("- a: 1  # one\n  b: 2\n", (0, "a"), "- b: 2\n"),
        ("- a: 1\n  # two\n  b: 2\n", (0, "a"), "-\n  # two\n  b: 2\n"),
        ("- 1\n# two\n- 2  # zwei\n- 3\n", (1,), "- 1\n- 3\n"),
        ("x: [a, b, c]\n", ("x", 1), "x: [a, c]\n"),
        ("x: [a, b, c]\n", ("x", 2), "x: [a, b]\n"),
        ("x: {a: 1, b: 2}  # x\n", ("x", "a"), "x: {b: 2}  # x\n"),
        ("x: [\n  a,  # aa\n  b,  # bb\n]\n", ("x", 0), "x: [\n  b,  # bb\n]\n"),
        ("x: [\n  a,  # aa\n  b  # bb\n]\n", ("x", 1), "x: [\n  a  # aa\n]\n"),
        ("a: 1\nb: |+\n  text\n\n\nc: 3\n", ("b",), "a: 1\nc: 3\n"),
        ("a: 1\nb: 2", ("b",), "a: 1"),
        ("a: 1\n", ("b", "c"), "a: 1\n"),
    ],
)
def test_taking_out(before: str, keys: Keys, after: str) -> None:
    assert remove(before, PATH, keys) == after


@pytest.mark.parametrize(
    ("before", "keys", "value", "after"),
    [
        ("a: 1\nc: 3\n", ("b",), 2, "a: 1\nb: 2\nc: 3\n"),
        ("# c\nc: 3\n", ("b",), 2, "# c\nb: 2\nc: 3\n"),
        ("z: 1\n# c\nc: 3\n", ("b",), 2, "z: 1\nb: 2\n# c\nc: 3\n"),
        ("a: x  # why\n", ("a",), ["v", "z"], "a:  # why\n  - v\n  - z\n"),
        ("t:\n- q\na: x\n", ("a",), ["v"], "t:\n- q\na:\n- v\n"),
        ("a: |  # why\n  x\nb: 1\n", ("a",), {"c": True}, "a:  # why\n  c: true\nb: 1\n"),
        ("a:  # why\n  - x\n", ("a",), "v", "a: v  # why\n"),
        ("a: x\n", ("a",), datetime.date(2017, 9, 3), "a: 2017-09-03\n"),
        ("a: x\n", ("a",), "2017-09", "a: 2017-09\n"),
        ("a: x\n", ("a",), "08", 'a: "08"\n'),
        ("a: [x, 'y']  # why\n", ("a",), ["x", "z"], 'a: [x, z]  # why\n'),
        ("a:\n- x  # 1\n- y  # 2\n- z  # 3\n", ("a",), ["x", "z", "w"], "a:\n- x  # 1\n- z  # 3\n- w\n"),
        ("a: {b: 1}\n", ("a", "off"), False, "a: {b: 1, \"off\": false}\n"),
        ("", ("a", "b"), ["c"], "a:\n  b:\n    - c\n"),
        ("# only this\n", ("a",), 1, "# only this\na: 1\n"),
    ],
)  # fmt: skip
def test_putting_in(before: str, keys: Keys, value: Any, after: str) -> None:
    assert assign(before, PATH, keys, value, ("a", "b", "c")) == after


@pytest.mark.parametrize(
    ("before", "source", "target", "index", "after"),
    [
        ("- 1  # a\n- 2\n# c\n- 3\n", (2,), (), 0, "# c\n- 3\n- 1  # a\n- 2\n"),
        ("a: [x]  # list\nb:\n- y  # why\n- z\n", ("b", 0), ("a",), 1, "a:  # list\n- x\n- y  # why\nb:\n- z\n"),
        ("a:\n  - x  # why\nb:\n    - y\n", ("a", 0), ("b",), 0, "b:\n    - x  # why\n    - y\n"),
        ("a:\n  - x  # why\n  - z\nb: 1\n", ("a", 0), ("c",), 0, "a:\n  - z\nb: 1\nc:\n  - x  # why\n"),
        ("a: [x, 'y']\nb: [z]\n", ("a", 1), ("b",), 0, "a: [x]\nb: ['y', z]\n"),
    ],
)
def test_moving(before: str, source: Keys, target: Keys, index: int, after: str) -> None:
    assert move(before, PATH, source, target, index) == after


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ("x: &x\n  c: 1\na: *x\n", lambda text: assign(text, PATH, ("a", "c"), 2)),
        ("x: &x [1]\na: *x\n", lambda text: insert(text, PATH, ("x",), 0, 2)),
        ("x: &x {c: 1}\na: *x\n", lambda text: remove(text, PATH, ("x",))),
        ("- &x 1\n- *x\n", lambda text: remove(text, PATH, (1,))),
        ("x: &x [1, 2]\na: *x\n", lambda text: move(text, PATH, ("x", 0), ("x",), 1)),
    ],
)
def test_what_would_change_another_value_is_refused_at_its_place(before: str, change: Any) -> None:
    with pytest.raises(ContentError, match=r"any\.yaml:[0-9]+:[0-9]+: error: .* cannot be changed here without"):
        change(before)
