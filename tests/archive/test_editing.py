"""A person's file keeps every byte but those of the items that are put in."""

from __future__ import annotations

import difflib
import stat
from pathlib import Path

import pytest

from newsletter.archive.editing import edit_file, splice
from newsletter.errors import ContentError
from newsletter.model import Item

NAME = "archive/2017/2017-09.yaml"
BY_HAND = """\
# yaml-language-server: $schema=../../.newsletter/schema/archive.json
# Our own notes

- id: newest   # keep
  title:    'Odd   spacing'
  date: 2017-09-20

# about the oldest
- title: Oldest
  id: oldest
  tags: [a,
    b]
  date: 2017-09-01
# the end
"""


def item(item_id: str, day: str | None = None, **more: str) -> Item:
    return Item.model_validate({"id": item_id, "title": f"Title {item_id}", "date": day, **more})


def changed(before: str, *added: Item, **replaced: Item) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came."""
    raw, _ = splice(before.encode(), Path("w"), NAME, added, replaced)
    diff = list(difflib.ndiff(before.splitlines(), raw.decode().splitlines()))
    return [line[2:] for line in diff if line[0] == "-"], [line[2:] for line in diff if line[0] == "+"]


@pytest.mark.parametrize(
    ("day", "after"),
    [("2017-09-25", "# Our own notes"), ("2017-09-20", "  date: 2017-09-20"), ("2017-09-10", "  date: 2017-09-20"),
     ("2017-09-01", "  date: 2017-09-01"), (None, "  date: 2017-09-01")],
)  # fmt: skip
def test_a_new_item_changes_no_other_line(day: str | None, after: str) -> None:
    gone, come = changed(BY_HAND, item("new", day))
    assert gone == []
    assert sorted(filter(None, come)) == [*([f"  date: {day}"] if day else []), "  title: Title new", "- id: new"]
    raw, _ = splice(BY_HAND.encode(), Path("w"), NAME, [item("new", day)], {})
    lines = [line for line in raw.decode().split("- id: new\n")[0].splitlines() if line]
    assert lines[-1] == after


def test_a_replaced_item_changes_its_own_lines_only() -> None:
    gone, come = changed(BY_HAND, newest=item("newest", "2017-09-20"))
    assert gone == ["- id: newest   # keep", "  title:    'Odd   spacing'"]
    assert come == ["- id: newest", "  title: Title newest"]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# only a comment",
        "[]\n",
        "[]",
        "~\n",
        "---\n",
        "---\n- id: a\n  title: A\n...\n",
        "- id: a\n  title: A",
        "- id: a\n  title: A\n  summary: |\n    text",
        "- id: a\n  title: A\n  summary: |+\n    text\n\n\n# end\n",
        "- id: a\n  title: A\n  summary: >-\n    text\n\n    more\n",
        "- {id: a, title: A}\n",
        "-\n  # first\n  id: a\n  title: A\n",
        "   - id: a\n     title: A\n",
        "- id: a\n  title: 'several\n\n    lines'\n",
        '- id: a\n  title: "😀 \\\n    x"\n  url:\n',
        "- &x\n  id: a\n  title: A\n",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_shapes_of_files(before: str, line_end: str, bom: str) -> None:
    before = before.replace("\n", line_end)
    first, last = item("first", "2017-09-09", summary="one\n\ntwo"), item("last")
    raw, file = splice((bom + before).encode(), Path("w"), NAME, [first, last], {})
    text = raw.decode()
    assert [each.id for each in file.items] == (["first", "a", "last"] if "id: a" in before else ["first", "last"])
    assert text.startswith(bom)
    if line_end in before:
        assert text.count("\n") == text.count(line_end)
    rest = iter(text)
    if "[]" not in before and "~" not in before:
        assert all(char in rest for char in before)  # all of it is there still, in its order


def test_a_list_in_brackets_is_refused_with_its_place() -> None:
    with pytest.raises(ContentError, match=r"2017-09.yaml:2:1: error: a list in \[ \] takes no further item"):
        splice(b"# c\n[{id: a, title: A}]", Path("w"), NAME, [item("b")], {})


def test_the_mode_stays_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    path.write_text(BY_HAND, "utf-8")
    path.chmod(0o640)
    edit_file(tmp_path, NAME, [item("new", "2017-09-02")], {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["2017-09.yaml"]
