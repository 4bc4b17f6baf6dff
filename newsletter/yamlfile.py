"""YAML with positions.

Scalars are loaded as the text that a person wrote (``no``, ``on``, ``08``, ``2017-09`` and ``12:30`` stay
themselves); the schema gives them a type afterwards. Only an empty value, ``~`` and ``null`` are nothing.
Where a value stands is looked up when an error needs it, so that loading a large archive costs no marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from newsletter.errors import ContentError, Position, Problem

Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

MAX_BYTES = 1 << 20
"""Largest newsletter.yaml or issue definition, in bytes."""
MAX_ARCHIVE_BYTES = 64 << 20
"""Largest file of the archive (one month), in bytes."""
MAX_VALUES = 5_000_000
"""Most values in one file once its aliases are followed; bounds alias bombs."""

PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))

Data = dict[str, Any] | list[Any] | str | None


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed file: its text, its plain data, and the nodes that know where each value stands."""

    path: Path
    text: str
    data: Data
    root: yaml.Node | None

    def position(self, location: Sequence[str | int] = (), *, key: bool = False) -> Position:
        """Return where the value at ``location`` stands (or its key).

        Parts of ``location`` that the file does not have are passed over, so the nearest existing parent
        answers for a value that is missing.
        """
        node, key_node = self.root, None
        for part in location:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
                if found:
                    key_node, node = found
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                key_node, node = None, node.value[part]
        at = key_node if key and key_node is not None else node
        if at is None:
            return Position(str(self.path), 1, 1)
        return Position(str(self.path), at.start_mark.line + 1, at.start_mark.column + 1)

    def find(self, location: Sequence[str | int], text: str) -> Position:
        """Return where ``text`` stands within the value at ``location``; the value's place where it cannot be seen."""
        start = self.position(location)
        lines = self.text.splitlines()
        for number in range(max(start.line, 1), len(lines) + 1):
            column = lines[number - 1].find(text, start.column - 1 if number == start.line else 0)
            if column >= 0:
                return Position(start.path, number, column + 1)
        return start


def read_text(path: Path, max_bytes: int = MAX_BYTES) -> str:
    """Read a UTF-8 file (a BOM is allowed), telling the line and column of a byte that is none.

    Raises:
        ContentError: the file is missing, unreadable, over ``max_bytes`` or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise ContentError.at(path, "there is no such file") from None
    except OSError as error:
        raise ContentError.at(path, f"cannot be read: {error.strerror or error}") from None
    if len(raw) > max_bytes:
        raise ContentError.at(
            path,
            f"the file is larger than {max_bytes // 1024:,} KiB",
            "is it the right file? A definition is a few kilobytes of text",
        )
    return decode(raw, path)


def decode(raw: bytes, path: Path) -> str:
    """Decode UTF-8 with an optional BOM; the error names the line and column of the first wrong byte."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise ContentError.at(
            path,
            f"byte 0x{raw[error.start]:02x} is not valid UTF-8",
            "save the file as UTF-8 in your editor",
            line,
            column,
        ) from None


def load(path: Path, max_bytes: int = MAX_BYTES) -> YamlFile:
    """Read and parse one YAML file.

    Raises:
        ContentError: with line and column, for anything that is not one plain YAML document.
    """
    return parse(read_text(path, max_bytes), path)


def parse(text: str, path: Path) -> YamlFile:
    """Parse YAML text; ``path`` is only for messages. Raises :class:`ContentError`."""
    root = _compose(text, path)
    reader = _Reader(path)
    data = reader.read(root) if root is not None else None
    if reader.problems:
        raise ContentError(reader.problems)
    return YamlFile(path, text, data, root)


def _compose(text: str, path: Path) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=Loader)
        return node
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        code = error.character if isinstance(error.character, int) else ord(error.character)
        raise ContentError.at(
            path,
            f"control character U+{code:04X} is not allowed in YAML",
            "remove it, or write it as an escape within double quotes",
            before.count("\n") + 1,
            len(before) - before.rfind("\n"),
        ) from None
    except yaml.MarkedYAMLError as error:
        # a quote that is never closed is found at the end of the file, and was opened somewhere else
        opened = "quoted scalar" in (error.context or "") and "end of stream" in (error.problem or "")
        mark = error.context_mark if opened else error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message, hint = _explain(error, text, line, column)
        raise ContentError.at(path, message, hint, line, column) from None
    except yaml.YAMLError as error:
        raise ContentError.at(path, f"not valid YAML: {error}", line=1, column=1) from None
    except RecursionError:
        raise ContentError.at(path, "nested too deeply", line=1, column=1) from None


EXPLAINED = (
    ("end of stream while scanning a quoted scalar", "the quote that opens here is never closed", "close it"),
    ("expected a single document", "a second document starts here", "one file holds one document: remove the '---'"),
    (
        "mapping values are not allowed",
        "a ':' stands where no key can be",
        "put text that contains ': ' in quotes; or is there a value in the line above already?",
    ),
    (
        "did not find expected key",
        "what stands here belongs to no key",
        "is it text behind a closing quote, or a line that is indented otherwise than the others?",
    ),
    ("nesting depth", "nested too deeply", "is it the right file?"),
    ("undefined alias", "there is no such alias", "a value that begins with '*' must be in quotes"),
    ("cannot start any token", "a value cannot begin with this character", "put the value in quotes"),
)
"""What the parser says, what it means, and what to do."""


def _explain(error: yaml.MarkedYAMLError, text: str, line: int, column: int) -> tuple[str, str]:
    lines = text.splitlines()
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    if re.search(r":\s+\[\[", source):
        return "a value cannot begin with '[['", "put it in quotes"
    if "\t" in source[: len(source) - len(source.lstrip())] or source[column - 1 : column] == "\t":
        return "a tab is used for indentation", "YAML indents with spaces only"
    said = f"{error.problem or 'not valid YAML'} {error.context or ''}".strip()
    for words, message, hint in EXPLAINED:
        if words in said:
            return message, hint
    return f"not valid YAML: {said}", ""


class _Reader:
    """Turns nodes into dicts, lists and text; collects what is not allowed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._done: dict[int, tuple[Data, int]] = {}
        self._open: set[int] = set()

    def read(self, node: yaml.Node) -> Data:
        data, size = self._read(node)
        if size > MAX_VALUES and not self.problems:
            self._problem(node, f"aliases unfold to more than {MAX_VALUES:,} values", "write the values out")
        return data

    def _problem(self, node: yaml.Node, message: str, hint: str = "") -> None:
        mark = node.start_mark
        position = Position(str(self.path), mark.line + 1, mark.column + 1)
        self.problems.append(Problem(position, message, hint))

    def _read(self, node: yaml.Node) -> tuple[Data, int]:
        if node.tag not in PLAIN_TAGS:
            self._problem(node, f"the tag '{node.tag}' is not supported", "remove it, or put the value in quotes")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node), 1
        known = self._done.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            self._problem(node, "an alias refers to the value that it stands in", "write the value out")
            return None, 1
        self._open.add(id(node))
        result = self._mapping(node) if isinstance(node, yaml.MappingNode) else self._sequence(node)
        self._open.discard(id(node))
        self._done[id(node)] = result
        return result

    def _sequence(self, node: yaml.Node) -> tuple[Data, int]:
        read = [self._read(child) for child in node.value]
        return [data for data, _ in read], 1 + sum(size for _, size in read)

    def _mapping(self, node: yaml.Node) -> tuple[Data, int]:
        data: dict[str, Any] = {}
        size = 1
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._problem(key, "a key must be plain text", "put it in quotes if it begins with [ or {")
                continue
            if key.value in data:
                self._problem(key, f"the key '{key.value}' stands here a second time", "keep one of the two")
                continue
            data[key.value], weight = self._read(value)
            size += weight
        return data, size


def _scalar(node: yaml.ScalarNode) -> str | None:
    if not node.style and node.value in ("", "~", "null"):
        return None
    return str(node.value)
