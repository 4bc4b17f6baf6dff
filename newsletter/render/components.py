"""What MJML has and what its engine makes of it: names, nesting, contents.

The facts and where they come from are in mjml_components.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Component:
    """What one MJML tag may have; the words are explained in mjml_components.json."""

    attributes: frozenset[str]
    ignored: frozenset[str]
    children: tuple[str, ...]
    content: str
    comments: bool
    conditional: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What MJML and the engine know, from mjml_components.json."""

    components: dict[str, Component]
    unsupported: dict[str, str]
    everywhere: frozenset[str]


@cache
def facts() -> Facts:
    """Return the facts about MJML and its engine; read once."""
    data = json.loads(resources.files("newsletter.render").joinpath("mjml_components.json").read_text("utf-8"))
    return Facts(
        {
            name: Component(
                frozenset(entry["attributes"]),
                frozenset(entry["ignored"]),
                tuple(entry["children"]),
                entry["content"],
                entry["comments"],
                entry["conditional"],
            )
            for name, entry in data["components"].items()
        },
        data["unsupported"],
        frozenset(data["global_attributes"]),
    )
