"""Values put into a YAML file at their places only: every other byte stays as a person left it, comments too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from newsletter import yamlfile
from newsletter.errors import ContentError
from newsletter.yamlfile import YamlFile
from newsletter.yamltext import key_head, key_text, quoted, scalar_lines

Keys = tuple[str | int, ...]
"""Where a value stands: keys and, in lists, numbers from 0; from the top."""
Edit = tuple[int, int, str]
"""From, to (offsets in the text) and what stands there instead."""
Tree = dict[str | int, Any]
"""Keys to texts, or to further trees."""

LITERAL = ("summary",)
"""Keys whose texts always stand as a block of lines, as the archive's do."""

_DASH = re.compile(r" *-(?=[ \t\r\n])")
_SCHEMA = "# yaml-language-server"
_KEEP = re.compile(r"[|>][0-9]?\+")
_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")
_NEXT_COMMENT = re.compile(r"[^\n]*\n(?:[ \t\r]*\n)*( *)#")
_BLOCK = re.compile(r"[|>][0-9+-]*[ \t]*(#[^\r\n]*)?")


def put(text: str, path: Path, values: Mapping[Keys, str]) -> str:
    """Return the YAML ``text`` with texts put in at ``values``'s places; mappings on the way are made.

    Lists on the way must have the entry. What is new stands behind what its mapping has. A last line without an end
    gets one. ``path`` is for messages.

    Raises:
        ContentError: the text has mistakes, or is written in a way that would change another value as well.
    """
    end = line_end(text)
    if text and not text.endswith("\n"):
        text += end
    file = yamlfile.parse(text, path)
    tree = _tree(values)
    new = apply(text, list(_edits(text, file.root, tree, False)) if file.root else [], end)
    try:
        done = yamlfile.parse(new, path).data == _with(file.data, tree)
    except ContentError:
        done = False
    if not done:
        raise _not_here(file, next(iter(values)))
    return new


def _not_here(file: YamlFile, keys: Keys) -> ContentError:
    at = file.position(keys)
    what = f"'{'.'.join(map(str, keys))}' cannot be put in without changing another value"
    hint = "write the lines around it plainly: 'key: value' in a line each, without anchors and aliases"
    return ContentError.at(at.path, what, hint, at.line, at.column)


def _tree(values: Mapping[Keys, str]) -> Tree:
    tree: Tree = {}
    for keys, value in values.items():
        inner = tree
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = value
    return tree


def _with(data: Any, tree: Tree | str) -> Any:
    """Return ``data`` as it must read with ``tree`` put in; what is not on the way is shared."""
    if isinstance(tree, str):
        return tree
    if isinstance(data, list):
        entries = {int(key): _with(data[int(key)], inner) for key, inner in tree.items()}
        return [entries.get(number, each) for number, each in enumerate(data)]
    known = data if isinstance(data, dict) else {}
    return {**known, **{key: _with(known.get(key), inner) for key, inner in tree.items()}}


def _edits(text: str, node: yaml.Node, tree: Tree, flow: bool) -> Iterator[Edit]:
    """Yield the edits that put ``tree`` into a mapping or a list; inner ones first, since places may be the same."""
    if not isinstance(node, yaml.CollectionNode):
        return  # the proof will tell
    flow = flow or bool(node.flow_style)
    if isinstance(node, yaml.SequenceNode):
        for number, inner in tree.items():
            yield from _edits(text, node.value[int(number)], inner, flow)
        return
    known = {key.value: (key, value) for key, value in node.value}
    for name, wanted in tree.items():
        if name in known:
            yield from _change(text, *known[name], wanted, flow)
    new: Tree = {name: wanted for name, wanted in tree.items() if name not in known}
    if new and flow:
        yield _flow_insertion(text, node, new)
    elif new:
        at = end_of(text, node)[0]
        yield at, at, _block(new, column_of(text, node))


def column_of(text: str, node: yaml.CollectionNode) -> int:
    """Return the column in which the keys of a mapping begin."""
    mark = node.value[0][0].start_mark
    before = text[mark.index - mark.column : mark.index]
    return before.index("?") if before.strip(" ") == "?" else int(mark.column)


def _change(text: str, key: yaml.Node, value: yaml.Node, wanted: Tree | str, flow: bool) -> Iterator[Edit]:
    """Yield the edits that make ``wanted`` of a value that is there."""
    start, end, indent = value.start_mark.index, value.end_mark.index, key.start_mark.column
    if isinstance(wanted, str):
        yield from _replacement(text, value, wanted, indent, flow, key.value in LITERAL)
    elif not isinstance(value, yaml.ScalarNode):
        yield from _edits(text, value, wanted, flow)
    elif value.value in ("", "~", "null") and not value.style and not flow:
        yield start, end, ""
        line = next_line(text, max(end, key.end_mark.index))
        yield line, line, _block(wanted, indent + 2)
    else:
        yield start, end, (" " if start == end else "") + _flow(wanted)


def _replacement(text: str, value: yaml.Node, wanted: str, indent: int, flow: bool, literal: bool) -> Iterator[Edit]:
    yield replacement(text, value, [quoted(wanted)] if flow else scalar_lines("", wanted, indent + 2, literal))


def replacement(text: str, value: yaml.Node, lines: list[str]) -> Edit:
    """Return the edit that puts a scalar, written in ``lines``, where ``value`` stands; a comment beside it stays."""
    lines = list(lines)
    start, end = value.start_mark.index, value.end_mark.index
    header = _BLOCK.match(text, start) if isinstance(value, yaml.ScalarNode) and value.style in ("|", ">") else None
    if header:
        end = max(header.end(), len(text[:end].rstrip(" \t\r\n")))
    if lines[0] == "|-":
        lines = _unless_swallowing(text, end, lines)
    comment = header[1] if header else None
    if not header and lines[0] == "|-" and (behind := _COMMENT.match(text, end)):  # it would be a part of the block
        end, comment = behind.end(), behind[1]
    if comment:
        lines[0 if lines[0] == "|-" else -1] += f"  {comment}"
    return start, end, (" " if start == end else "") + "\n".join(lines)


def _unless_swallowing(text: str, end: int, lines: list[str]) -> list[str]:
    """Return a literal block in quotes where the comment in the line behind it would become a part of it."""
    indent = len(lines[1]) - len(lines[1].lstrip(" "))
    following = _NEXT_COMMENT.match(text, end)
    if not following or len(following[1]) < indent:
        return lines
    return [quoted("\n".join(line[indent:] for line in lines[1:]))]


def _block(tree: Tree, indent: int) -> str:
    lines: list[str] = []
    _block_lines(lines, tree, indent)
    return "\n".join(lines) + "\n"


def _block_lines(lines: list[str], tree: Tree, indent: int) -> None:
    pad = " " * indent
    for name, wanted in tree.items():
        if isinstance(wanted, str):
            lines += scalar_lines(key_head(str(name), pad), wanted, indent + 2, literal=name in LITERAL)
        else:
            lines.append(f"{pad}{key_text(str(name))}:")
            _block_lines(lines, wanted, indent + 2)


def _flow(wanted: Tree | str) -> str:
    return quoted(wanted) if isinstance(wanted, str) else "{" + _pairs(wanted) + "}"


def _pairs(tree: Tree) -> str:
    return ", ".join(f"{key_text(str(name))}: {_flow(wanted)}" for name, wanted in tree.items())


def _flow_insertion(text: str, node: yaml.Node, new: Tree) -> Edit:
    if not node.value:
        at = text.index("{", node.start_mark.index) + 1
        return at, at, _pairs(new)
    key, value = node.value[-1]
    at = max(value.end_mark.index, key.end_mark.index)
    return at, at, f", {_pairs(new)}"


def end_of(text: str, node: yaml.Node, trim: bool = False) -> tuple[int, bool]:
    """Return where the lines of a value end, and whether a blank line may follow without changing its text.

    Blank lines that belong to a text (``|+``) are part of it, unless they are to be trimmed.
    """
    at, leaf = _last(node)
    kept = isinstance(leaf, yaml.ScalarNode) and _KEEP.match(text, leaf.start_mark.index) is not None
    if kept and not trim:
        return at, False
    return next_line(text, len(text[:at].rstrip(" \t\r\n"))), True


def next_line(text: str, at: int) -> int:
    """Return where the line behind the one that holds ``at`` begins."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _last(node: yaml.Node) -> tuple[int, yaml.Node]:
    """Return where the last value of ``node`` ends, and that value."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return node.end_mark.index, node
    if isinstance(node, yaml.SequenceNode):
        return _last(node.value[-1])
    key, value = node.value[-1]
    if value.start_mark.index < key.start_mark.index:  # an alias: its value stands elsewhere
        return key.end_mark.index, key
    at, leaf = _last(value)
    return max(at, key.end_mark.index), leaf


def dash_of(text: str, node: yaml.Node) -> tuple[int, int]:
    """Return where the line with the dash of a list's entry begins, and in which column the dash stands."""
    line = text.rfind("\n", 0, node.start_mark.index) + 1
    while not (match := _DASH.match(text, line)) and line:
        line = text.rfind("\n", 0, line - 1) + 1
    return line, match.end() - line - 1 if match else 0


def lead_of(text: str, line: int) -> int:
    """Return where the comment directly above the entry that begins at ``line`` begins; it belongs to the entry."""
    own = text[line : next_line(text, line)]
    comment = " " * (len(own) - len(own.lstrip(" "))) + "#"
    while line:
        above = text.rfind("\n", 0, line - 1) + 1
        if not text.startswith(comment, above) or text.startswith(_SCHEMA, above):
            break
        line = above
    return line


def line_end(text: str) -> str:
    """Return how the lines of ``text`` end."""
    return "\r\n" if re.match(r"[^\n]*\r\n", text) else "\n"


def apply(text: str, edits: Sequence[Edit], end: str) -> str:
    """Return ``text`` with all edits made; line ends of what is new are ``end``."""
    parts, done = [], 0
    for start, stop, new in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[done:start], new.replace("\n", end)]
        done = stop
    return "".join([*parts, text[done:]])
