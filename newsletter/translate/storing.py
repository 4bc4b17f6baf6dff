"""Translations written where they belong: newsletter.yaml, issues/ISSUE.yaml and the archive's files.

All new files are made and read back before the first is written; each is then replaced at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from newsletter import yamlfile
from newsletter.archive.editing import BOM
from newsletter.archive.reading import FOLDER, ArchiveFile, parse_file
from newsletter.errors import ContentError
from newsletter.files import write_atomic
from newsletter.issues import definition
from newsletter.translate.units import Place
from newsletter.workspace import PUBLICATION, Workspace, parse_publication
from newsletter.yamlchange import at
from newsletter.yamledit import Keys, put

FORMS = ("one", "other")
"""A heading that stands in two forms, where one text is for both."""


def store(workspace: Workspace, values: Mapping[Place, str], *, dry_run: bool = False) -> list[Path]:
    """Write translations; return the files that were changed, or would be.

    Raises:
        ContentError: a file that cannot take them, or was saved by another program meanwhile; then none was written.
        NewsletterError: another program keeps the archive locked.
    """
    with contextlib.nullcontext() if dry_run else workspace.archive.locked():
        before: dict[Path, bytes] = {}
        after: dict[Path, bytes] = {}
        for path, places in _by_file(workspace, values).items():
            before[path] = path.read_bytes()
            after[path] = _changed(workspace.root, path, before[path], places)
        for path, raw in before.items():
            if path.read_bytes() != raw:
                raise ContentError.at(path, "another program has just saved this file", "import once more")
        for path, raw in () if dry_run else after.items():
            write_atomic(path, raw, durable=True)
    return list(after)


def _by_file(workspace: Workspace, values: Mapping[Place, str]) -> dict[Path, dict[Place, str]]:
    found: dict[Path, dict[Place, str]] = {}
    for place, text in values.items():
        if place.kind == "publication":
            path = workspace.root / PUBLICATION
        elif place.kind == "issue":
            path = workspace.issue_path(place.name)
        else:
            position = workspace.archive.position(place.name)
            if position is None:
                raise _gone(workspace.root / FOLDER, place)
            path = Path(position.path)
        found.setdefault(path, {})[place] = text
    return found


def _changed(root: Path, path: Path, raw: bytes, places: Mapping[Place, str]) -> bytes:
    """Return a file with translations put in, read back with all that is checked when it is used."""
    text = yamlfile.decode(raw, path)
    kind = next(iter(places)).kind
    archived = _archived(root, path, raw) if kind == "item" else None
    numbers = {item.id: number for number, item in enumerate(archived.items)} if archived else {}
    data = archived.yaml.data if archived else yamlfile.parse(text, path).data
    values: dict[Keys, str] = {}
    for place, value in places.items():
        if kind == "item" and place.name not in numbers:
            raise _gone(path, place)
        keys: Keys = (numbers[place.name], *place.keys) if kind == "item" else place.keys
        values |= {keys: value} if not isinstance(at(data, keys), dict) else {(*keys, key): value for key in FORMS}
    new = put(text, path, values)
    made = (BOM if raw.startswith(BOM) else b"") + new.encode()
    if kind == "item":
        _archived(root, path, made)
    elif kind == "issue":
        definition.parse(new, path)
    else:
        parse_publication(new, path)
    return made


def _gone(path: Path, place: Place) -> ContentError:
    return ContentError.at(path, f"the item '{place.name}' has just gone", "import once more")


def _archived(root: Path, path: Path, raw: bytes) -> ArchiveFile:
    return parse_file(raw, root, path.relative_to(root).as_posix())
