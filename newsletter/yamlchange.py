"""A YAML file changed at one place: values put in, taken out and moved; every other byte stays as a person left it.

Each function takes the text of a file and gives the new text. What comes out is read back and held against what was
asked; where a file is written in a way that this cannot be done (anchors, complex keys), it is refused at its place.
A comment on a line goes with what stands there. A comment directly above an entry of a list goes with the entry; any
other stays where it is.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from newsletter import yamlfile
from newsletter.errors import ContentError
from newsletter.yamledit import (
    LITERAL,
    Edit,
    Keys,
    apply,
    column_of,
    dash_of,
    end_of,
    lead_of,
    line_end,
    next_line,
    replacement,
)
from newsletter.yamlfile import YamlFile
from newsletter.yamltext import RESERVED, key_head, key_text, quoted, scalar_lines

Value = Any
"""A text, a whole number, yes or no, a date, None; a list or a mapping of these."""

_HEAD = re.compile(r"(?: *- +)+")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z0-9_-]+)*|\d{4}-\d{2}")


_parse = lru_cache(maxsize=4)(yamlfile.parse)
"""One step's result is the next one's beginning. What it gives is never changed."""


@dataclass(frozen=True)
class _Written:
    """A scalar as a person wrote it, and how it reads."""

    data: str | None
    text: str


@dataclass(frozen=True)
class _Entry:
    """An entry of a list that travels: how it reads, its lines with the dash in column 0, and as it is in brackets."""

    data: Any
    lines: tuple[str, ...]
    flow: str

    @property
    def remarks(self) -> bool:
        """Whether it has comments, or may have."""
        return any("#" in line for line in self.lines)


def read(text: str, path: Path) -> Any:
    """Return what a text holds, as plain data that must not be changed. Raises :class:`ContentError`."""
    return _parse(text, path).data


def at(data: Any, keys: Keys) -> Any:
    """Return what stands at ``keys`` in plain data, or None."""
    for key in keys:
        if isinstance(data, dict):
            data = data.get(str(key))
        elif isinstance(data, list) and isinstance(key, int) and 0 <= key < len(data):
            data = data[key]
        else:
            return None
    return data


def plain(value: Value) -> Any:
    """Return a value as it reads once it is written: texts, and None."""
    if isinstance(value, (_Entry, _Written)):
        return value.data
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, str) else _bare(value)


def assign(text: str, path: Path, keys: Keys, value: Value, order: Sequence[str] = ()) -> str:
    """Return ``text`` with ``value`` at ``keys``; mappings on the way are made, lists must have the entry.

    Of a list or a mapping that is there, only what differs is touched.

    Args:
        text: the file's.
        path: for messages.
        keys: where.
        value: what.
        order: keys in the order in which a person expects them, for a new one; behind all others when empty.

    Raises:
        ContentError: mistakes in ``text``, or it is written in a way that this would change something else.
    """
    file = _parse(text, path)
    old, new = at(file.data, keys), plain(value)
    if _has(file.data, keys) and old == new:
        return text
    if keys and isinstance(old, dict) and isinstance(value, Mapping) and old and value:
        for key in [key for key in old if key not in new]:
            text = remove(text, path, (*keys, key), keep=len(keys))
        for key, each in value.items():
            text = assign(text, path, (*keys, str(key)), each)
        return text
    if isinstance(old, list) and isinstance(value, (list, tuple)) and old and value:
        return _listed(text, path, keys, old, value)
    return _put(file, keys, value, order)


def remove(text: str, path: Path, keys: Keys, keep: int = 0) -> str:
    """Return ``text`` without the value at ``keys``; what is left empty by that goes as well.

    Args:
        text: the file's.
        path: for messages.
        keys: where; nothing is done where there is none.
        keep: so many of the first keys stay, even with nothing in them.

    Raises:
        ContentError: as :func:`assign`.
    """
    file = _parse(text, path)
    if not _has(file.data, keys):
        return text
    while len(keys) - 1 > keep and isinstance(keys[-2], str) and len(at(file.data, keys[:-1])) == 1:
        keys = keys[:-1]
    if len(at(file.data, keys[:-1])) == 1:
        return _put(file, keys[:-1], {} if isinstance(keys[-1], str) else [], ())
    return _taken(file, keys)


def insert(text: str, path: Path, keys: Keys, index: int, value: Value, order: Sequence[str] = ()) -> str:
    """Return ``text`` with a further entry at ``index`` of the list at ``keys``; the list is made where there is none.

    Raises:
        ContentError: as :func:`assign`.
    """
    return insert_all(text, path, keys, index, [value], order)


def insert_all(
    text: str, path: Path, keys: Keys, index: int, values: Sequence[Value], order: Sequence[str] = ()
) -> str:
    """Return ``text`` with several entries, from ``index`` of the list at ``keys``. Raises as :func:`assign`."""
    entries = [_entry(value) for value in values]
    if not entries:
        return text
    file = _parse(text, path)
    whole = _whole(file)
    there = at(whole.data, keys)
    if not isinstance(there, list):
        return _put(file, keys, entries, order)
    node, flow = _node(whole, keys)
    if len(entries) > 1 and isinstance(node, yaml.SequenceNode) and (flow or node.flow_style):
        for number, each in enumerate(entries):
            text = insert(text, path, keys, index + number, each, order)
        return text
    expected = _with(whole.data, keys, [*there[:index], *plain(entries), *there[index:]])
    return _proved(file, keys, expected, [list(_insertion(whole, keys, index, entries))])


def move(text: str, path: Path, source: Keys, target: Keys, index: int, order: Sequence[str] = ()) -> str:
    """Return ``text`` with the entry at ``source`` moved to ``index`` of the list at ``target``, as it is written.

    Args:
        text: the file's.
        path: for messages.
        source: keys of the entry.
        target: keys of a list, the same or another one (none within a further entry of the same); it is made where
            there is none.
        index: where it stands afterwards.
        order: as in :func:`assign`.

    Raises:
        ContentError: as :func:`assign`.
    """
    if source == (*target, index):
        return text
    file = _parse(text, path)
    entry = _travelling(file, source)
    if entry.remarks:
        file = _with_room(file, target)
    text = remove(file.text, path, source, keep=len(source))
    text = insert(text, path, target, index, entry, order)
    left = source[:-1]
    return text if at(_parse(text, path).data, left) else remove(text, path, left)


# Reading


def _has(data: Any, keys: Keys) -> bool:
    if not keys:
        return True
    inner = at(data, keys[:-1])
    last = keys[-1]
    return (isinstance(inner, dict) and str(last) in inner) or (
        isinstance(inner, list) and isinstance(last, int) and 0 <= last < len(inner)
    )


def _with(data: Any, keys: Keys, value: Any) -> Any:
    """Return ``data`` as it must read with ``value`` at ``keys``; what is not on the way is shared."""
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(data, list):
        return [_with(each, rest, value) if number == key else each for number, each in enumerate(data)]
    known = data if isinstance(data, dict) else {}
    return {**known, str(key): _with(known.get(str(key)), rest, value)}


def _without(data: Any, keys: Keys) -> Any:
    inner = at(data, keys[:-1])
    if isinstance(inner, list):
        left: Any = [each for number, each in enumerate(inner) if number != keys[-1]]
    else:
        left = {key: each for key, each in inner.items() if key != str(keys[-1])}
    return _with(data, keys[:-1], left)


def _node(file: YamlFile, keys: Keys) -> tuple[yaml.Node | None, bool]:
    """Return the node at ``keys``, or None, and whether it stands within brackets."""
    node, flow = file.root, False
    for key in keys:
        flow = flow or bool(isinstance(node, yaml.CollectionNode) and node.flow_style)
        if isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == str(key)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and 0 <= key < len(node.value):
            node = node.value[key]
        else:
            return None, flow
    return node, flow


def _key_of(file: YamlFile, keys: Keys) -> yaml.Node | None:
    """Return the node of the last key, or None where that is a number."""
    parent = _node(file, keys[:-1])[0]
    pairs = parent.value if isinstance(parent, yaml.MappingNode) else []
    return next((name for name, _ in pairs if name.value == str(keys[-1])), None)


def _is_null(node: yaml.Node | None) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")


# The proof


def _proved(file: YamlFile, keys: Keys, expected: Any, ways: Iterable[Sequence[Edit]]) -> str:
    """Return the text after the first of several ``ways`` that makes it read as ``expected``."""
    text = _ended(file.text)
    for edits in ways:
        new = apply(text, edits, line_end(text))
        try:
            if _parse(new, file.path).data == expected:
                return new if len(text) == len(file.text) else new.removesuffix("\n").removesuffix("\r")
        except ContentError:
            continue
    place = file.position(keys)
    name = ".".join(map(str, keys))
    what = f"'{name}' cannot be changed here without changing something else"
    hint = "write the lines around it plainly: 'key: value' in a line each, without anchors and aliases"
    raise ContentError.at(place.path, what, hint, place.line, place.column)


def _ended(text: str) -> str:
    """Return ``text`` with an end to its last line; that end is taken away again."""
    return text if not text or text.endswith("\n") else text + line_end(text)


def _whole(file: YamlFile) -> YamlFile:
    """Return the file as it reads with an end to its last line (a block of lines at the end gains one)."""
    text = _ended(file.text)
    return file if text == file.text else _parse(text, file.path)


# Writing


def _bare(value: Any) -> str:
    """Return what stands without quotes whatever it looks like."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _flow(value: Value) -> str:
    """Return a value as it is written within brackets."""
    if isinstance(value, _Entry):
        return value.flow
    if isinstance(value, _Written):
        return value.text
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(str(key))}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return value if _SAFE.fullmatch(value) and value.casefold() not in RESERVED else quoted(value)
    return "null" if value is None else _bare(value)


def _scalar_lines(head: str, value: Value, indent: int, literal: bool = False) -> list[str]:
    if isinstance(value, _Written):
        return [head + value.text]
    if value is None or (isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}", value)):
        return scalar_lines(head, value, indent, literal)
    return [head + _bare(value)]


def _head(key: str, pad: str) -> str:
    """Return a key with its colon. A block is ``off`` in people's files, whatever YAML 1.1 takes that for."""
    return f"{pad}off: " if key == "off" else key_head(key, pad)


def _lines(key: str, value: Value, indent: int, dash: int) -> Iterator[str]:
    """Yield the lines of a key with its value; the dashes of lists stand ``dash`` columns further in than it."""
    pad = " " * indent
    if isinstance(value, (list, tuple)) and value:
        yield _head(key, pad).rstrip()
        for each in value:
            yield from _shifted(_entry(each, dash).lines, indent + dash)
    elif isinstance(value, Mapping) and value:
        yield _head(key, pad).rstrip()
        for name, each in value.items():
            yield from _lines(str(name), each, indent + 2, dash)
    elif isinstance(value, (list, tuple, Mapping)):
        yield _head(key, pad) + _flow(value)
    else:
        yield from _scalar_lines(_head(key, pad), value, indent + 2, key in LITERAL)


def _entry(value: Value, dash: int = 2) -> _Entry:
    """Return a value as an entry of a list."""
    if isinstance(value, _Entry):
        return value
    if isinstance(value, Mapping) and value:
        lines = [line for name, each in value.items() for line in _lines(str(name), each, 2, dash)]
        lines = ["- " + lines[0][2:], *lines[1:]]
    elif isinstance(value, (list, tuple, Mapping)):
        lines = ["- " + _flow(value)]
    else:
        lines = "\n".join(_scalar_lines("- ", value, 2)).split("\n")
    return _Entry(plain(value), tuple(lines), _flow(value))


def _shifted(lines: Sequence[str], by: int) -> list[str]:
    """Return lines so many columns further in, or out where ``by`` is below 0."""
    if by >= 0:
        return [" " * by + line if line.strip() else line for line in lines]
    return [line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines]


def _put(file: YamlFile, keys: Keys, value: Value, order: Sequence[str]) -> str:
    whole = _whole(file)
    expected = _with(whole.data, keys, plain(value))
    return _proved(file, keys, expected, [list(_puts(whole, keys, value, order))])


def _puts(file: YamlFile, keys: Keys, value: Value, order: Sequence[str]) -> Iterator[Edit]:
    """Yield the edits that put a value where there is another one, or none."""
    text, dash = file.text, _dash_indent(file.root)
    for number in range(len(keys) + 1):
        node, flow = _node(file, keys[:number])
        if node is not None and not (_is_null(node) and number < len(keys)):
            continue
        for key in reversed(keys[number:]):
            value = {key: value}
        if node is None and number:
            parent = _node(file, keys[: number - 1])[0]
            if isinstance(parent, yaml.MappingNode):
                yield _new_key(text, parent, flow, str(keys[number - 1]), value, order, dash)
            return
        keys = keys[:number]
        break
    node, flow = _node(file, keys)
    if node is None or (not keys and _is_null(node)):
        start, end = (node.start_mark.index, node.end_mark.index) if node else (len(text), len(text))
        yield start, end, "".join(f"{line}\n" for key, each in value.items() for line in _lines(key, each, 0, dash))
        return
    yield from _replaced(file, keys, node, flow, value, dash)


def _new_key(
    text: str, parent: yaml.MappingNode, flow: bool, key: str, value: Value, order: Sequence[str], dash: int
) -> Edit:
    if flow or parent.flow_style:
        pair = f"{key_text(key)}: {_flow(value)}"
        if not parent.value:
            start = text.index("{", parent.start_mark.index) + 1
            return start, start, pair
        name, last = parent.value[-1]
        end = max(last.end_mark.index, name.end_mark.index)
        return end, end, f", {pair}"
    place = _place_of(text, parent, key, order)
    return place, place, "".join(f"{line}\n" for line in _lines(key, value, column_of(text, parent), dash))


def _place_of(text: str, parent: yaml.MappingNode, key: str, order: Sequence[str]) -> int:
    """Return where a new key goes: behind the last that belongs above it, else before the first that belongs below."""
    ranks = {name: number for number, name in enumerate(order)}
    if key not in ranks:
        return end_of(text, parent)[0]
    above = [pair for pair in parent.value if ranks.get(pair[0].value, len(ranks)) < ranks[key]]
    if above:
        return _end_of_pair(text, parent, max(above, key=lambda pair: ranks[pair[0].value]))
    for number, (name, _) in enumerate(parent.value):
        line = name.start_mark.index - name.start_mark.column
        if name.value in ranks and not text[line : name.start_mark.index].strip(" "):
            return lead_of(text, line) if number else line
    return end_of(text, parent)[0]


def _end_of_pair(text: str, parent: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node]) -> int:
    alone = yaml.MappingNode(parent.tag, [pair], parent.start_mark, parent.end_mark, flow_style=False)
    return end_of(text, alone)[0]


def _replaced(file: YamlFile, keys: Keys, node: yaml.Node, flow: bool, value: Value, dash: int) -> Iterator[Edit]:
    """Yield the edits that put another value where ``node`` stands."""
    text, start, end = file.text, node.start_mark.index, node.end_mark.index
    many = isinstance(value, (list, tuple, Mapping)) and len(value) > 0
    key = _key_of(file, keys) if keys else None
    if flow:
        yield start, end, (" " if start == end else "") + _flow(value)
    elif isinstance(node, yaml.ScalarNode) and not many:
        indent = key.start_mark.column if key else node.start_mark.column - 2
        written = [_flow(value)] if isinstance(value, (list, tuple, Mapping)) else []
        literal = bool(key) and keys[-1] in LITERAL
        yield replacement(text, node, written or _scalar_lines("", value, indent + 2, literal))
    elif key is not None:
        colon = text.index(":", key.end_mark.index) + 1
        remark = _remark(text, node, colon)
        lines = "\n".join(_lines("x", value, key.start_mark.column, dash)).split("\n")
        lines[0] = lines[0].partition(":")[2]
        if remark:
            lines[0 if many or lines[0].endswith("|-") else -1] += f"  {remark}"
        stop = max(next_line(text, colon), end_of(text, node)[0])
        yield colon, stop, "\n".join([*lines, ""])
    elif isinstance(node, yaml.CollectionNode) and node.flow_style and not many:
        yield start, end, _flow(value)
    elif keys:
        start, indent = dash_of(text, node)
        lines = _shifted(_entry(value, dash).lines, indent)
        yield start, max(next_line(text, start), end_of(text, node)[0]), "".join(f"{line}\n" for line in lines)


def _remark(text: str, node: yaml.Node, colon: int) -> str:
    """Return the comment on the line of a key: behind the colon, the sign of a block, or a value of one line."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        after = colon
    elif isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        found = re.compile(r"[|>][0-9+-]*").match(text, node.start_mark.index)
        after = found.end() if found else node.end_mark.index
    else:
        after = max(colon, node.end_mark.index)
    match = re.compile(r"[ \t]*(#[^\r\n]*)").match(text, after)
    return match[1] if match else ""


def _with_room(file: YamlFile, keys: Keys) -> YamlFile:
    """Return the file with a list in brackets of one line written in lines, where comments have room."""
    for number in range(1, len(keys) + 1):
        node, flow = _node(file, keys[:number])
        if isinstance(node, yaml.CollectionNode) and node.flow_style and not flow and node.value:
            whole = _whole(file)
            source = whole.text[node.start_mark.index : node.end_mark.index]
            if "\n" in source:
                return file
            edits = _replaced(whole, keys[:number], node, flow, _read(whole.text, node), _dash_indent(file.root))
            return _parse(_proved(file, keys, whole.data, [list(edits)]), file.path)
    return file


def _read(text: str, node: yaml.Node) -> Value:
    """Return the value of a node, its scalars as they are written."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: _read(text, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_read(text, value) for value in node.value]
    written = text[node.start_mark.index : node.end_mark.index]
    return _Written(None if _is_null(node) else node.value, written)


def _listed(text: str, path: Path, keys: Keys, old: list[Any], value: Sequence[Value]) -> str:
    """Make a list of another: entries that stay keep their lines."""
    new = plain(value)
    marks = [[repr(each) for each in entries] for entries in (old, new)]
    for tag, a, b, c, d in reversed(difflib.SequenceMatcher(a=marks[0], b=marks[1], autojunk=False).get_opcodes()):
        if tag == "equal":
            continue
        both = min(b - a, d - c)
        if d - c > both:
            text = insert_all(text, path, keys, a + both, value[c + both : d])
        for number in reversed(range(a + both, b)):
            text = remove(text, path, (*keys, number), keep=len(keys))
        for number in range(both):
            text = assign(text, path, (*keys, a + number), value[c + number])
    return text


# Taking out


def _taken(file: YamlFile, keys: Keys) -> str:
    whole = _whole(file)
    text, expected = whole.text, _without(whole.data, keys)
    parent, flow = _node(whole, keys[:-1])
    if not isinstance(parent, yaml.CollectionNode):
        return _proved(file, keys, expected, [])
    if isinstance(parent, yaml.MappingNode):
        number = [name.value for name, _ in parent.value].index(str(keys[-1]))
    else:
        number = int(keys[-1])
    if flow or parent.flow_style:
        return _proved(file, keys, expected, [_out_of_brackets(text, parent, number)])
    if isinstance(parent, yaml.MappingNode):
        start, end, new = _out_of_mapping(text, parent, number)
    else:
        node = parent.value[number]
        start, end, new = lead_of(text, dash_of(text, node)[0]), max(_past(text, node), end_of(text, node)[0]), ""
    lines = not new and (start == 0 or text[start - 1] == "\n")
    tidy = _without_blank(text, start, end, number == 0) if lines else (start, end)
    return _proved(file, keys, expected, [[(*tidy, new)], [(start, end, new)]])


def _past(text: str, node: yaml.Node) -> int:
    """Return the end of the line in which the dash of an entry stands."""
    return next_line(text, dash_of(text, node)[0])


def _out_of_mapping(text: str, parent: yaml.MappingNode, number: int) -> Edit:
    key = parent.value[number][0]
    start = key.start_mark.index
    line = start - key.start_mark.column
    end = max(next_line(text, key.end_mark.index), _end_of_pair(text, parent, parent.value[number]))
    before = text[line:start]
    if not before.strip(" "):
        return line, end, ""
    if number + 1 < len(parent.value) and _HEAD.fullmatch(before):
        following = parent.value[number + 1][0].start_mark.index
        if not text[end:following].strip():
            return start, following, ""
        return line + len(before.rstrip(" ")), end, "\n"
    return start, start, ""  # the proof will tell


def _without_blank(text: str, start: int, end: int, first: bool) -> tuple[int, int]:
    """Return what to take out so that no two blank lines stand where one did."""
    above = text.rfind("\n", 0, start - 1) + 1 if start else 0
    blank_above = start > 0 and not text[above:start].strip()
    below = next_line(text, end)
    blank_below = end == len(text) or not text[end:below].strip()
    if blank_above and blank_below:
        return above, end
    if first and blank_below and end < len(text) and start:
        return start, below
    return start, end


def _out_of_brackets(text: str, parent: yaml.CollectionNode, number: int) -> list[Edit]:
    spans = [_span(entry) for entry in parent.value]
    start, end = spans[number]
    comma = _GAP.match(text, end)
    stop = comma.end() if comma else end
    line = text.rfind("\n", 0, start) + 1
    alone = not text[line:start].strip(" ")
    if text[stop : stop + 1] == ",":
        rest = re.compile(r"[ \t]*(#[^\r\n]*)?\r?\n").match(text, stop + 1) if alone else None
        if rest:
            return [(line, rest.end(), "")]
        blank = re.compile(r"[ \t]*").match(text, stop + 1)
        return [(start, blank.end() if blank else stop + 1, "")]
    if not number:
        return [(start, end, "")]
    gap = _GAP.match(text, spans[number - 1][1])
    before = gap.end() if gap else start
    rest = re.compile(r"[ \t]*(#[^\r\n]*)?\r?\n").match(text, end) if alone else None
    if rest:
        return [(before, before + 1, ""), (line, rest.end(), "")]
    if "#" in text[before:start]:
        return [(before, before + 1, ""), (start, end, "")]
    return [(before, end, "")]


def _remark_in_brackets(text: str, start: int, end: int) -> str:
    """Return the comment behind an entry that has its line within brackets to itself."""
    line = text.rfind("\n", 0, start) + 1
    behind = re.compile(r"[ \t]*,?[ \t]*(#[^\r\n]*)").match(text, end)
    return behind[1] if behind and not text[line:start].strip(" ") else ""


def _span(entry: Any) -> tuple[int, int]:
    if isinstance(entry, tuple):
        key, value = entry
        return key.start_mark.index, max(key.end_mark.index, value.end_mark.index)
    return entry.start_mark.index, entry.end_mark.index


# Entries of lists


def _dash_indent(root: yaml.Node | None) -> int:
    """Return how many columns further in than their key the dashes of the file's lists stand; 2 when it has none."""
    nodes = [root]
    while nodes:
        node = nodes.pop(0)
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(value, yaml.SequenceNode) and not value.flow_style:
                return min(4, max(0, int(value.start_mark.column - key.start_mark.column)))
            nodes.append(value)
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
    return 2


def _travelling(file: YamlFile, keys: Keys) -> _Entry:
    """Return an entry with its comments, as it is written."""
    whole = _whole(file)
    text, data = whole.text, at(whole.data, keys)
    parent, flow = _node(whole, keys[:-1])
    node = _node(whole, keys)[0]
    if node is None or not isinstance(parent, yaml.SequenceNode):
        return _entry(data)
    if flow or parent.flow_style:
        lines = list(_entry(data).lines)
        if remark := _remark_in_brackets(text, *_span(node)):
            lines[0] += f"  {remark}"
        return _Entry(data, tuple(lines), text[node.start_mark.index : node.end_mark.index])
    line, indent = dash_of(text, node)
    start, end = lead_of(text, line), max(next_line(text, line), end_of(text, node)[0])
    lines = text[start:end].replace("\r\n", "\n").removesuffix("\n").split("\n")
    return _Entry(data, tuple(_shifted(lines, -indent)), _flow(data))


def _insertion(file: YamlFile, keys: Keys, index: int, entries: Sequence[_Entry]) -> Iterator[Edit]:
    text = file.text
    node, flow = _node(file, keys)
    if not isinstance(node, yaml.SequenceNode):
        return
    if flow or node.flow_style:
        entry = entries[0]
        if not node.value and not flow and (len(entry.lines) > 1 or entry.remarks) and keys:
            yield from _replaced(file, keys, node, flow, entries, _dash_indent(file.root))
        else:
            yield from _into_brackets(text, node, index, entry)
        return
    indent = dash_of(text, node.value[0])[1]
    apart = "\n" if _is_apart(text, node) else ""
    blocks = ["".join(f"{line}\n" for line in _shifted(entry.lines, indent)) for entry in entries]
    if index < len(node.value):
        place = lead_of(text, dash_of(text, node.value[index])[0])
        yield place, place, "".join(block + apart for block in blocks)
    else:
        place, blank = end_of(text, node.value[-1])
        place = max(place, _past(text, node.value[-1]))
        yield place, place, (apart if blank else "") + apart.join(blocks)


def _is_apart(text: str, node: yaml.SequenceNode) -> bool:
    """Whether blank lines stand between the entries of a list."""
    if len(node.value) < 2:
        return False
    start = lead_of(text, dash_of(text, node.value[1])[0])
    above = text.rfind("\n", 0, start - 1) + 1
    return not text[above:start].strip()


def _into_brackets(text: str, node: yaml.SequenceNode, index: int, entry: _Entry) -> list[Edit]:
    if not node.value:
        place = text.index("[", node.start_mark.index) + 1
        return [(place, place, entry.flow)]
    last = index >= len(node.value)
    start, end = _span(node.value[-1 if last else index])
    line = text.rfind("\n", 0, start) + 1
    pad = text[line:start]
    if pad.strip(" "):
        return [(end, end, f", {entry.flow}") if last else (start, start, f"{entry.flow}, ")]
    above = [f"{pad}{each}\n" for each in entry.lines if each.startswith("#")]
    behind = re.search(r"\s+#.*", entry.lines[-1])
    remark = behind[0] if behind and len(entry.lines) == len(above) + 1 and "#" not in entry.flow else ""
    if not last:
        return [(line, line, f"{''.join(above)}{pad}{entry.flow},{remark}\n")]
    rest = re.compile(r"[ \t]*(,?)[ \t]*(#[^\r\n]*)?\r?\n").match(text, end)
    if not rest:
        return [(end, end, f", {entry.flow}")]
    comma = [] if rest[1] else [(end, end, ",")]
    return [*comma, (rest.end(), rest.end(), f"{''.join(above)}{pad}{entry.flow}{rest[1]}{remark}\n")]
