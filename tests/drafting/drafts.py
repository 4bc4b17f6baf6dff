"""A workspace to draft in, and shorthand for changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import ITEMS, PUBLICATION

from newsletter.drafting.changes import read_changes
from newsletter.drafting.desk import Desk, Done
from newsletter.workspace import Workspace

NAME = "2020-03"
FILE = f"issues/{NAME}.yaml"
NEXT_MONTH = """\
- id: a-fair-in-genoa
  category: News
  title: A fair in Genoa
  date: 2020-04-02
"""
BY_HAND = """\
# yaml-language-server: $schema=../.newsletter/schema/issue.json
# The spring issue.
number: 1   # the first
date: 2020-03-31

select:
  month: 2020-03   # all of it
# Ann asked for the two sections the other way round
"""
BAKERY, BEEKEEPER, HOUSING = (
    "a-bakery-becomes-a-cooperative",
    "five-questions-to-a-beekeeper",
    "housing-cooperatives-meet-in-lyon",
)
FAIR = "a-fair-in-genoa"


def workspace(root: Path, definition: str = BY_HAND) -> Path:
    """Write the workspace."""
    files = {
        "newsletter.yaml": PUBLICATION + "blocks:\n  - {name: imprint, text: By us, layout: callout}\n",
        "archive/2020/2020-03.yaml": ITEMS,
        "archive/2020/2020-04.yaml": NEXT_MONTH,
        FILE: definition,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    return root


class Table:
    """A desk with shorthand."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.desk = Desk(Workspace(root))

    def do(self, kind: str, tab: str = "", **values: Any) -> Done:
        return self.desk.apply(NAME, read_changes([{"do": kind, **values}]), tab)

    @property
    def text(self) -> str:
        return (self.root / FILE).read_bytes().decode()

    def write(self, text: str) -> None:
        (self.root / FILE).write_bytes(text.encode())

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.root.rglob("*.yaml")}

    def leftovers(self) -> list[Path]:
        return [path for path in self.root.rglob(".*") if path.suffix in (".tmp", ".kept")]

    def undo_all(self) -> int:
        count = 0
        while self.desk.next_steps()[0]:
            self.desk.undo()
            count += 1
        return count


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(workspace(tmp_path))
