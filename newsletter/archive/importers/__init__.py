"""What can be imported: one module a format, one table of them.

A format is an :class:`Importer`. To add one, write a module beside this one with an ``IMPORTER`` in it and add it
to :data:`BUILT_IN`; an outside package registers its own in the entry point group ``newsletter.importers``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import Problem, UsageError, did_you_mean
from newsletter.model import Item

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "newsletter.importers"

BUILT_IN = {"listing": "newsletter.archive.importers.listing"}
"""Name of each built-in format, and the module that reads it."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is imported: its name (a path, or ``stdin``), its bytes, and the category names that are known."""

    name: str
    raw: bytes
    categories: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read: items (called ``UNNAMED`` where the format gives no ids), and what found no place."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Importer:
    """A format: its name, what it is in one line, whether a source looks like it, and how it is read.

    ``read`` raises :class:`newsletter.errors.ContentError` when the source as a whole cannot be read.
    """

    name: str
    description: str
    fits: Callable[[Source], bool]
    read: Callable[[Source], Imported]


def names() -> list[str]:
    """Return the names of all formats."""
    return [*BUILT_IN, *(name for name in _outside() if name not in BUILT_IN)]


def importer(name: str) -> Importer:
    """Return the format ``name``.

    Raises:
        UsageError: there is none; near names are offered.
    """
    if name in BUILT_IN:
        found: Importer = importlib.import_module(BUILT_IN[name]).IMPORTER
        return found
    outside = _outside()
    if name in outside:
        loaded: Importer = outside[name].load()
        return loaded
    known = names()
    hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
    raise UsageError(f"there is no format '{name}' ({hint})")


def fitting(source: Source) -> Importer:
    """Return the first format that ``source`` looks like; the listing when it looks like none."""
    for name in names():
        candidate = importer(name)
        if candidate.fits(source):
            return candidate
    return importer("listing")


def _outside() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - not for those who name a built-in format

    return {point.name: point for point in entry_points(group=GROUP)}
