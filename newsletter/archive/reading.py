"""The files of the archive: which there are, and what stands in one.

Every ``.yaml`` file below archive/ holds a list of items; the program itself writes archive/YYYY/YYYY-MM.yaml and
archive/undated.yaml, and a person may put items into any other.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from newsletter import yamlfile
from newsletter.errors import ContentError, Position, Problem
from newsletter.model import Item
from newsletter.schema import problems
from newsletter.yamlfile import MAX_ARCHIVE_BYTES, YamlFile

FOLDER = "archive"
"""The archive's folder in a workspace."""
UNDATED = f"{FOLDER}/undated.yaml"
"""Where an item without a date goes."""


POSIX = os.name == "posix"


class Stamp(NamedTuple):
    """What tells cheaply whether a file was touched: bytes, nanoseconds, and the file's number on its disk."""

    size: int
    mtime: int
    ctime: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """Return the stamp of a file's status. Windows gives no file number when it lists a folder."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino if POSIX else 0)


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of the archive, read and validated; ``name`` is its path from the workspace, with slashes."""

    name: str
    yaml: YamlFile
    items: tuple[Item, ...]

    def line(self, index: int) -> int:
        """Return the line of the item at ``index``, from 1."""
        return int(self.yaml.root.value[index].start_mark.line) + 1  # type: ignore[union-attr]

    def position(self, index: int, *field: str | int) -> Position:
        """Return where the item at ``index`` stands, or a field of it."""
        return self.yaml.position((index, *field))


@cache
def items_adapter() -> TypeAdapter[tuple[Item, ...]]:
    """Return the validator of a list of items; it is built once, when it is first needed."""
    return TypeAdapter(tuple[Item, ...])


def file_of(item: Item) -> str:
    """Return the name of the file that a new item goes to."""
    if item.date is None:
        return UNDATED
    day = item.date.isoformat()
    return f"{FOLDER}/{day[:4]}/{day[:7]}.yaml"


Seen = list[tuple[str, str, int, int, int, int]]
"""What a look at the files sees: folder, name, and what a stamp has. Cheap, since it is done at every question."""


def look(root: Path) -> Seen:
    """Return every file of the archive of the workspace ``root`` in any order; :func:`stamps` makes sense of it."""
    seen: Seen = []
    _look(os.path.join(root, FOLDER), FOLDER, seen)  # noqa: PTH118 - 600 Path objects cost 2 ms
    return seen


def stamps(seen: Seen) -> dict[str, Stamp]:
    """Return the files that were seen, by name in order, with their stamps."""
    return {f"{folder}/{name}": Stamp(*stamp) for folder, name, *stamp in sorted(seen)}


def _look(folder: str, name: str, seen: Seen) -> None:
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ContentError.at(folder, f"cannot be read: {error.strerror or error}") from None
    with entries:
        for entry in entries:
            file = entry.name
            if file.startswith("."):
                continue
            if file.endswith((".yaml", ".yml")):
                try:
                    status = entry.stat()
                except FileNotFoundError:
                    continue  # taken away since the folder was listed
                number = status.st_ino if POSIX else 0
                seen.append((name, file, status.st_size, status.st_mtime_ns, status.st_ctime_ns, number))
            elif entry.is_dir(follow_symlinks=False):
                _look(entry.path, f"{name}/{file}", seen)


def read_bytes(path: Path) -> tuple[bytes, Stamp]:
    """Read a file of the archive with the stamp that it had then.

    Raises:
        FileNotFoundError: there is none.
        ContentError: it is unreadable or too large.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_ARCHIVE_BYTES + 1)
            stamp = Stamp.of(os.fstat(file.fileno()))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ContentError.at(path, f"cannot be read: {error.strerror or error}") from None
    if len(raw) > MAX_ARCHIVE_BYTES:
        raise ContentError.at(
            path, f"the file is larger than {MAX_ARCHIVE_BYTES >> 20} MiB", "split it: any file below archive/ counts"
        )
    return raw, stamp


def parse_file(raw: bytes, root: Path, name: str) -> ArchiveFile:
    """Parse and validate the bytes of the file ``name``.

    Raises:
        ContentError: every mistake in it, each at its line and column.
    """
    path = root / name
    file = yamlfile.parse(yamlfile.decode(raw, path), path)
    if file.data is None:
        return ArchiveFile(name, file, ())
    if not isinstance(file.data, list):
        raise ContentError.at(path, "a file of the archive is a list of items", "begin each with '- id: …'", 1, 1)
    try:
        items = items_adapter().validate_python(file.data)
    except ValidationError as error:
        raise ContentError(problems(error, tuple[Item, ...], file)) from None
    seen: dict[str, int] = {}
    twice: list[Problem] = []
    for index, item in enumerate(items):
        if seen.setdefault(item.id, index) != index:
            first = file.position((seen[item.id], "id"))
            twice.append(same_id(file.position((index, "id")), item.id, first))
    if twice:
        raise ContentError(twice)
    return ArchiveFile(name, file, items)


def same_id(position: Position, item_id: str, other: Position) -> Problem:
    """Say that an id stands at a second place."""
    return Problem(position, f"the id '{item_id}' is taken", f"it stands in {other} as well: change or remove one")
