"""Themes that others ship as Python packages: entry points of the group ``newsletter.themes``.

An entry's name is the theme's, its value the package that holds the files. A theme has no Python that runs: the
package is located, and never imported.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import ContentError, Position, Problem

GROUP = "newsletter.themes"
NAME = "theme.yaml"


@dataclass(frozen=True, slots=True, order=True)
class Packaged:
    """An entry point of the group."""

    name: str
    """Name of the theme."""
    package: str
    """The package that should hold it, as it is imported: ``acme_theme``, ``acme.themes.ours``."""
    distribution: str
    """Name and version of what was installed."""

    @property
    def folder(self) -> Path | None:
        """The package's folder, the one with a theme.yaml where there are several; None when it is not there."""
        folders = [folder for folder in _folders(self.package) if folder.is_dir()]
        return next((folder for folder in folders if (folder / NAME).is_file()), next(iter(folders), None))


def packaged() -> list[Packaged]:
    """Return every entry of the group, by name. Takes some 20 ms: it looks at all that is installed."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - only for what is not here

    return sorted(
        Packaged(entry.name, entry.value, f"{entry.dist.name} {entry.dist.version}" if entry.dist else "?")
        for entry in entry_points(group=GROUP)
    )


def find_packaged(name: str, at: Position) -> tuple[Packaged, Path] | None:
    """Return the entry for the theme ``name`` and its folder, which has a theme.yaml; None when there is no entry.

    Raises:
        ContentError: at ``at``, when several packages bring it, or what the entry names is no theme.
    """
    entries = [entry for entry in packaged() if entry.name == name]
    if not entries:
        return None
    if len(entries) > 1:
        both = " and ".join(entry.distribution for entry in entries)
        raise ContentError([Problem(at, f"the theme '{name}' comes with several packages: {both}", "keep one of them")])
    entry, folder = entries[0], entries[0].folder
    whose = f"the theme '{name}' of the package {entry.distribution}"
    if folder is None:
        hint = "install it anew; its entry point must name a Python package, such as acme_theme"
        raise ContentError([Problem(at, f"{whose} is not there: there is no '{entry.package}'", hint)])
    if not (folder / NAME).is_file():
        hint = "whoever made the package must put the theme's files into it"
        raise ContentError([Problem(at, f"{whose} has no {NAME} in {folder}", hint)])
    return entry, folder


def _folders(package: str) -> list[Path]:
    """Return where a package may be. Looking for the first part of its name imports nothing; the rest are folders."""
    first, *rest = package.split(".")
    if not all(part.isidentifier() for part in (first, *rest)):
        return []
    try:
        spec = importlib.util.find_spec(first)
    except (ImportError, ValueError):
        return []
    return [Path(place, *rest) for place in (spec and spec.submodule_search_locations) or ()]
