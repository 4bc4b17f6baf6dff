"""The folder of one publication: where everything is, and newsletter.yaml loaded."""

from __future__ import annotations

import contextlib
import os
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter import yamlfile
from newsletter.errors import ContentError, Position, Problem, UsageError, did_you_mean
from newsletter.publication import Publication
from newsletter.schema import validate
from newsletter.yamlfile import YamlFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.archive import Archive

PUBLICATION = "newsletter.yaml"
ISSUE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""The name of an issue: a file's, and a part of an address; at most 100 characters."""


class Workspace:
    """One publication's folder. Loading is lazy: a command pays only for what it asks for."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """Return the workspace that ``start`` (the current folder when absent) lies in.

        Raises:
            UsageError: no folder from there upwards holds a newsletter.yaml.
        """
        start = (start or Path.cwd()).absolute()
        for folder in (start, *start.parents):
            if (folder / PUBLICATION).is_file():
                return cls(folder)
        raise UsageError(
            f"there is no {PUBLICATION} here or in a folder above: "
            "go to a workspace, or make one with 'newsletter init DIR'"
        )

    def anew(self) -> Workspace:
        """Return the workspace as its files are now. An archive that was asked goes on, with its index open."""
        other = Workspace(self.root)
        asked = self.__dict__.get("archive")
        if asked is not None:
            with contextlib.suppress(ContentError):  # told when the publication is asked for
                asked.language = other.publication.language
            other.archive = asked
        return other

    @property
    def build_dir(self) -> Path:
        """Everything generated."""
        return self.root / "build"

    @property
    def state_dir(self) -> Path:
        """The program's own files: the index, caches, schemas, what can be undone. Nothing else is lost without it."""
        return self.root / ".newsletter"

    @property
    def issues_dir(self) -> Path:
        """The issue definitions."""
        return self.root / "issues"

    @property
    def ledger_dir(self) -> Path:
        """What published issues carried."""
        return self.issues_dir / "published"

    @property
    def theme_roots(self) -> tuple[Path, ...]:
        """Folders that hold themes: the workspace's own first, the built-in ones after."""
        own = self.root / "templates"
        builtin = builtin_themes()
        return (own, builtin) if own.is_dir() and own.resolve() != builtin.resolve() else (builtin,)

    @cached_property
    def publication(self) -> Publication:
        """newsletter.yaml, validated. Raises :class:`ContentError` with every mistake in it."""
        return self._loaded[0]

    @cached_property
    def _loaded(self) -> tuple[Publication, YamlFile]:
        path = self.root / PUBLICATION
        return _publication(yamlfile.read_text(path), path)

    def where(self, *keys: str | int) -> Position:
        """Return where newsletter.yaml has a value, by its keys from the top; its beginning when it has none."""
        file = self._loaded[1]
        known = isinstance(file.data, dict) and keys[0] in file.data
        return file.position(keys) if known else Position(str(file.path), 1, 1)

    @cached_property
    def archive(self) -> Archive:
        """The archive, through its index."""
        from newsletter.archive import Archive  # noqa: PLC0415 - most commands never need it

        return Archive(self.root, self.publication.language)

    def issue_names(self) -> list[str]:
        """Return the names of all issue definitions, in the order of their names."""
        stems = [name[: -len(".yaml")] for name in self._issue_files() if name.endswith(".yaml")]
        return sorted(stem for stem in stems if ISSUE_NAME.fullmatch(stem))

    def misnamed(self) -> list[str]:
        """Return a sentence for each file in issues/ that is no issue only because of its name."""
        told = []
        for name in sorted(self._issue_files()):
            stem, _, suffix = name.rpartition(".")
            if not ISSUE_NAME.fullmatch(stem):
                told.append(f"issues/{name} is not read: name it with letters, digits, '-', '_' and '.' only")
            elif suffix != "yaml":
                told.append(f"issues/{name} is not read: name it {stem}.yaml")
        return told

    def _issue_files(self) -> list[str]:
        if not self.issues_dir.is_dir():
            return []
        return [
            entry.name
            for entry in os.scandir(self.issues_dir)
            if entry.name.lower().endswith((".yaml", ".yml")) and not entry.name.startswith(".") and entry.is_file()
        ]

    def issue_path(self, issue: str) -> Path:
        """Return the file of ``issue``: a name as in ``2017-09``, or a path.

        Raises:
            UsageError: there is none; the nearest names are offered.
        """
        path = self.issues_dir / f"{issue}.yaml"
        if ISSUE_NAME.fullmatch(issue) and path.is_file():
            return path
        given = Path(issue)
        if given.suffix in (".yaml", ".yml") and given.is_file():
            if given.resolve().parent != self.issues_dir.resolve():
                raise UsageError(f"{issue} does not lie in {self.issues_dir.name}/ of this workspace")
            return given.absolute()
        stray = [told for told in self.misnamed() if told.startswith(f"issues/{issue}.")]
        if stray:
            raise UsageError(stray[0])
        names = self.issue_names()
        hint = did_you_mean(issue, names) or (
            f"there are: {', '.join(names[-5:])}" if names else f"make it with 'newsletter new {issue}'"
        )
        raise UsageError(f"there is no issue '{issue}' ({hint})")


def load_publication(path: Path) -> Publication:
    """Load and validate a newsletter.yaml. Raises :class:`ContentError` with every mistake in it."""
    return parse_publication(yamlfile.read_text(path), path)


def parse_publication(text: str, path: Path) -> Publication:
    """Validate the text of a newsletter.yaml; ``path`` is for messages. Raises :class:`ContentError`, as above."""
    return _publication(text, path)[0]


@lru_cache(maxsize=8)
def _publication(text: str, path: Path) -> tuple[Publication, YamlFile]:
    """Parse and validate; a program that goes on (preview, a pool of builders) meets the same text again."""
    file = yamlfile.parse(text, path)
    if not isinstance(file.data, dict):
        raise ContentError.at(path, "newsletter.yaml must hold keys with values", "such as 'title: …'", 1, 1)
    publication: Publication = validate(Publication, file)
    seen: dict[str, int] = {}
    for index, category in enumerate(publication.categories):
        for name in category.names:
            first = seen.setdefault(name.casefold(), index)
            other = publication.categories[first].name
            if first != index:
                at = file.position(("categories", index, "name"))
                raise ContentError.at(
                    path,
                    f"'{name}' names two categories: '{other}' and '{category.name}'",
                    "keep one of them, or give it another name",
                    at.line,
                    at.column,
                )
    if found := list(_misplaced(publication, file)):
        raise ContentError(found)
    return publication, file


def _misplaced(publication: Publication, file: YamlFile) -> Iterator[Problem]:
    """Yield a problem for each block of a name that another one has, or at a category that there is not."""
    names = [block.name for block in publication.blocks]
    known = [category.name for category in publication.categories]
    for number, block in enumerate(publication.blocks):
        if block.name in names[:number]:
            at = file.position(("blocks", number, "name"))
            yield Problem(at, f"a second block is named '{block.name}'", "give one of them another name")
        where, _, name = block.place.partition(" ")
        if name and not publication.category(name):
            at = file.position(("blocks", number, "place"))
            hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
            yield Problem(at, f"it stands {where} a category that there is not: '{name}'", hint)


def builtin_themes() -> Path:
    """Return the folder of the built-in themes: inside the installed package, else the repository's own."""
    package = Path(__file__).parent
    shipped = package / "_templates"
    return shipped if shipped.is_dir() else package.parent / "templates"
