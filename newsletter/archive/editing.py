"""Items put into a file of the archive, at their place only: every other byte of the file stays as a person left it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from newsletter.archive.reading import ArchiveFile, Stamp, parse_file, read_bytes
from newsletter.archive.writing import item_lines
from newsletter.errors import ContentError
from newsletter.files import write_atomic
from newsletter.model import Item
from newsletter.yamledit import Edit, apply, dash_of, end_of, lead_of, line_end

BOM = b"\xef\xbb\xbf"
TRIES = 5
"""How often a file is read anew because someone else wrote it meanwhile."""


def edit_file(root: Path, name: str, added: Sequence[Item], replaced: Mapping[str, Item]) -> tuple[ArchiveFile, bytes]:
    """Add and replace items (by id) in the file ``name`` of the workspace ``root``; it is made when there is none.

    Writes atomically. What a person saved while we were at work is not overwritten: their version is read anew.

    Raises:
        ContentError: the file has mistakes, or is written in a way that an item cannot be put into.
    """
    path = root / name
    for _ in range(TRIES):
        stamp: Stamp | None = None
        raw = b""
        if path.exists():
            raw, stamp = read_bytes(path)
        new, file = splice(raw, root, name, added, replaced)
        if stamp == (Stamp.of(path.stat()) if path.exists() else None):
            write_atomic(path, new, durable=True)
            return file, new
    raise ContentError.at(path, "another program writes this file all the time", "close it there and try again")


def splice(
    raw: bytes, root: Path, name: str, added: Sequence[Item], replaced: Mapping[str, Item]
) -> tuple[bytes, ArchiveFile]:
    """Return the bytes of the file with items added and replaced, and what they hold (read back, as a proof).

    New items stand before the first older one; those of one day in the order they came in.
    """
    old = parse_file(raw, root, name)
    text = old.yaml.text or _header(name)
    slots = _slots(old.items, added)
    edits = _replacements(old, replaced) + _insertions(text, old, slots)
    text = apply(text, edits, line_end(text))
    new = (BOM if raw.startswith(BOM) else b"") + text.encode()
    expected: list[Item] = []
    for index in range(len(old.items) + 1):
        expected += slots.get(index, [])
        expected += [replaced.get(item.id, item) for item in old.items[index : index + 1]]
    file = parse_file(new, root, name)
    if file.items != tuple(expected) and list(map(_settled, file.items)) != list(map(_settled, expected)):
        raise ContentError.at(
            root / name,
            "an item cannot be put into this file without changing another",
            "write the file as a plain list, each item beginning with '- ' in a line of its own",
        )
    return new, file


def _header(name: str) -> str:
    return f"# yaml-language-server: $schema={'../' * name.count('/')}.newsletter/schema/archive.json\n"


def _settled(item: Item) -> str:
    # A block scalar at the very end of a file, without a line end, gains one.
    return item.model_dump_json().replace('\\n"', '"')


def _slots(old: Sequence[Item], added: Sequence[Item]) -> dict[int, list[Item]]:
    """Return which items go before the old item at each index (``len(old)``: to the end), newest first."""
    lowest: list[int] = []
    for item in old:
        lowest.append(min(_day(item), lowest[-1] if lowest else _day(item)))
    descending = [-day for day in lowest]
    slots: dict[int, list[Item]] = {}
    for item in sorted(added, key=_day, reverse=True):
        slots.setdefault(bisect_left(descending, -_day(item) + 1), []).append(item)
    return slots


def _day(item: Item) -> int:
    return item.date.toordinal() if item.date else 0


def _insertions(text: str, old: ArchiveFile, slots: Mapping[int, list[Item]]) -> list[Edit]:
    root, edits = old.yaml.root, []
    if not isinstance(root, yaml.SequenceNode) or not root.value:
        items = [item for index in sorted(slots) for item in slots[index]]
        start, end = (root.start_mark.index, root.end_mark.index) if root and text[root.start_mark.index :] else (0, 0)
        if start == end:
            start = end = len(text)
        return [(start, end, _block(text, start, items, 0))] if items else []
    if root.flow_style and slots:
        at = root.start_mark
        raise ContentError.at(
            old.yaml.path,
            "a list in [ ] takes no further item",
            "write each item as '- id: …' in a line of its own",
            at.line + 1,
            at.column + 1,
        )
    indent = dash_of(text, root.value[0])[1]
    for index, items in slots.items():
        if index == len(root.value):
            at, blank = end_of(text, root.value[-1])
            edits.append((at, at, _block(text, at, items, indent, blank)))
        else:
            at = lead_of(text, dash_of(text, root.value[index])[0])
            edits.append((at, at, "".join(_entry(item, indent) + "\n" for item in items)))
    return edits


def _block(text: str, at: int, items: Sequence[Item], indent: int, blank: bool = True) -> str:
    """Return entries that follow what stands before ``at``, with a blank line before each."""
    ended = not text[:at] or text[at - 1] == "\n"
    entries = [_entry(item, indent) for item in items]
    return ("" if ended else "\n") + ("\n" if blank else "") + "\n".join(entries)


def _replacements(old: ArchiveFile, replaced: Mapping[str, Item]) -> list[Edit]:
    text = old.yaml.text
    edits = []
    for index, item in enumerate(old.items):
        if item.id in replaced:
            node = old.yaml.root.value[index]  # type: ignore[union-attr]
            start, indent = dash_of(text, node)
            edits.append((start, end_of(text, node, trim=True)[0], _entry(replaced[item.id], indent)))
    return edits


def _entry(item: Item, indent: int) -> str:
    return "\n".join(item_lines(item, indent)) + "\n"
