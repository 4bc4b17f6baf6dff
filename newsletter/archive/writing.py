"""An item as YAML text; see :mod:`newsletter.yamltext`. A summary stands as a literal block."""

from __future__ import annotations

from typing import Any

from newsletter.model import Item
from newsletter.yamltext import key_head, key_text, scalar_lines


def item_lines(item: Item, indent: int = 0) -> list[str]:
    """Return the lines of ``item`` as an entry of a block list whose dashes stand ``indent`` columns in."""
    data = item.model_dump(mode="json", exclude_defaults=True)
    if isinstance(data.get("image"), dict) and list(data["image"]) == ["src"]:
        data["image"] = data["image"]["src"]
    lines: list[str] = []
    _mapping(lines, data, indent + 2)
    lines[0] = " " * indent + "- " + lines[0].lstrip(" ")
    return lines


def _mapping(lines: list[str], data: dict[str, Any], indent: int, top: bool = True) -> None:
    pad = " " * indent
    for name, value in data.items():
        key = key_text(name)
        if isinstance(value, dict) and value:
            lines.append(f"{pad}{key}:")
            _mapping(lines, value, indent + 2, top=False)
        elif isinstance(value, list) and value:
            lines.append(f"{pad}{key}:")
            for entry in value:
                _entry(lines, entry, indent + 2)
        elif isinstance(value, (dict, list)):
            lines.append(f"{pad}{key}: {'{}' if isinstance(value, dict) else '[]'}")
        elif top and name == "date":
            lines.append(f"{pad}date: {value}")
        else:
            lines.extend(scalar_lines(key_head(name, pad), value, indent + 2, literal=name == "summary"))


def _entry(lines: list[str], value: Any, indent: int) -> None:
    if isinstance(value, dict):
        start = len(lines)
        _mapping(lines, value, indent + 2, top=False)
        lines[start] = " " * indent + "- " + lines[start].lstrip(" ")
    else:
        lines.extend(scalar_lines(" " * indent + "- ", value, indent + 2))
