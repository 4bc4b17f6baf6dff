"""YAML with positions: what a person wrote stays what it was; every mistake has its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter import yamlfile
from newsletter.errors import ContentError


def test_scalars_stay_what_a_person_wrote() -> None:
    text = "a: no\nb: 08\nc: 2017-09\nd: 12:30\ne: on\nf: Yes\ng: 1e3\nh: NO\ni: 0x1F\n"
    assert yamlfile.parse(text, Path("x.yaml")).data == {
        "a": "no", "b": "08", "c": "2017-09", "d": "12:30", "e": "on", "f": "Yes", "g": "1e3", "h": "NO", "i": "0x1F",
    }  # fmt: skip


def test_only_nothing_is_nothing() -> None:
    data = yamlfile.parse("a:\nb: ~\nc: null\nd: ''\ne: '~'\nf: Null\n", Path("x.yaml")).data
    assert data == {"a": None, "b": None, "c": None, "d": "", "e": "~", "f": "Null"}


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))

MISTAKES = {
    "a key twice": ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1", "second time"),
    "a tab": ("a:\n\tb: 1\n", "x.yaml:2:1", "tab"),
    "a tab deeper": ("a:\n  b:\n  \tc: 1\n", "x.yaml:3:3", "tab"),
    "NUL": ("a: \x00", "x.yaml:1:4", "U+0000"),
    "a control character": ("ok: 1\na: x\x07", "x.yaml:2:5", "U+0007"),
    "a colon in a value": ("title: a: b\n", "x.yaml:1:9", "quotes"),
    "an unknown alias": ("a: *nobody\n", "x.yaml:1:4", "alias"),
    "an at sign": ("a: @home\n", "x.yaml:1:4", "quotes"),
    "an alias of itself": ("a: &a [*a]\n", "x.yaml:1:4", "alias"),
    "a Python tag": ("a: !!python/object/apply:os.system [x]\n", "x.yaml:1:4", "tag"),
    "two documents": ("--- a\n--- b\n", "x.yaml:2:1", "second document"),
    "an open bracket": ("a: [1, 2\n", "x.yaml:2:1", "not valid YAML"),
    "an open quote": ("a: 'x\nb: 1", "x.yaml:1:4", "the quote that opens here is never closed"),
    "a list as a key": ("? [a]\n: b\n", "x.yaml:1:3", "plain text"),
    "a hundred thousand brackets": ("[" * 100_000, "x.yaml:1:1001", "deep"),
    "an alias bomb": (BOMB, "x.yaml:1:1", "aliases"),
}


@pytest.mark.parametrize(("text", "place", "words"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_has_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(ContentError) as caught:
        yamlfile.parse(text, Path("x.yaml"))
    assert str(caught.value).startswith(f"{place}: error: ")
    assert words in str(caught.value)


def test_all_double_keys_are_told_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        yamlfile.parse("a: 1\na: 2\nb: {c: 1, c: 2}\n", Path("x.yaml"))
    assert [problem.position.line for problem in caught.value.problems] == [2, 3]


def test_a_wrong_byte_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: é\nname: Zür".encode() + b"\xfc" + b"ich\n")
    with pytest.raises(ContentError, match=r"latin\.yaml:2:10: error: byte 0xfc is not valid UTF-8"):
        yamlfile.load(path)


def test_a_byte_order_mark_is_no_character(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes("\ufefftitle: x\r\n".encode())
    assert yamlfile.load(path).data == {"title": "x"}


def test_a_file_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("a: " + "x" * 10_000_000)
    with pytest.raises(ContentError, match="larger than 1,024 KiB"):
        yamlfile.load(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such file"):
        yamlfile.load(tmp_path / "none.yaml")
    with pytest.raises(ContentError, match="cannot be read"):
        yamlfile.load(tmp_path)


def test_positions_are_those_of_keys_and_values() -> None:
    file = yamlfile.parse("a:\n  - b: 1\n  - {c: 2}\n", Path("x.yaml"))
    assert (file.position(("a", 1, "c")).line, file.position(("a", 1, "c")).column) == (3, 9)
    assert file.position(("a", 1, "c"), key=True).column == 6
    assert file.position(("a", 7, "nothing")).line == 2  # the nearest that is there


@given(st.text(max_size=60))
def test_any_text_is_data_or_an_error_with_a_place(text: str) -> None:
    try:
        yamlfile.parse(text, Path("x.yaml"))
    except ContentError as error:
        assert all(problem.position.line >= 1 for problem in error.problems)


# PyYAML itself does not bring these line ends back
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=30)


@given(st.dictionaries(st.text("abc", min_size=1), PLAIN, max_size=5))
def test_what_pyyaml_writes_is_read_as_the_same_text(data: dict[str, str]) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    assert yamlfile.parse(text, Path("x.yaml")).data == data


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ('a: 1\nb: "never\nc: 2\n', "2:4", "the quote that opens here is never closed"),
        ("a: 'x\n", "1:4", "the quote that opens here is never closed"),
        ('a: "x" y\n', "1:8", "what stands here belongs to no key"),
        ("a: 1\n b: 2\n", "2:3", "is there a value in the line above already?"),
        ("subject: [[first_name|you]], news\n", "1:28", "a value cannot begin with '[['"),
    ],
)
def test_what_the_parser_says_is_put_in_a_persons_words(text: str, place: str, told: str) -> None:
    with pytest.raises(ContentError) as caught:
        yamlfile.parse(text, Path("x.yaml"))
    assert str(caught.value).startswith(f"x.yaml:{place}: error: ")
    assert told in str(caught.value)
