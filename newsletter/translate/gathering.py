"""Which texts an edition shows, and which text an id names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from newsletter.compose import compose, languages_of
from newsletter.content import own_part
from newsletter.errors import Position, did_you_mean, offer
from newsletter.issues import definition, ledger
from newsletter.issues.definition import PERSONAL_KEYS, Issue
from newsletter.model import Edition, Item
from newsletter.schema import same_language
from newsletter.translate.units import (
    Unit,
    block_field,
    category_name,
    issue_units,
    item_units,
    parts_of,
    publication_units,
    unit_id,
)
from newsletter.workspace import Workspace

SERIES = "It begins with what its series is about: say that in the same words as there"


def shown(workspace: Workspace, issue: Issue, language: str) -> tuple[Unit, ...]:
    """Return the texts of the edition of ``issue`` in ``language``, with items that would be left out of it.

    Raises:
        ContentError: mistakes in the definition, newsletter.yaml, the archive or the ledger.
    """
    edition = _edition(workspace, issue, language)
    originals = workspace.archive.get([item.id for item in edition.web_items])
    found = {unit.id: _trimmed(unit) for unit in _Reading(workspace, issue, edition, originals, language).units()}
    return tuple(unit for unit in found.values() if unit.source)


def _trimmed(unit: Unit) -> Unit:
    """Return a text without space around it, which means nothing and gets lost on the way."""
    return replace(unit, source=unit.source.strip(), present=unit.present.strip())


def _edition(workspace: Workspace, issue: Issue, language: str) -> Edition:
    wanted = issue.definition
    carried = ledger.carried_before(ledger.read(workspace.ledger_dir), issue.name, wanted.date, wanted.number)
    publication = workspace.publication.model_copy(update={"untranslated": "original"})
    return compose(publication, issue, workspace.archive, carried, language)


class _Reading:
    """Goes through an edition as a reader does."""

    def __init__(
        self, workspace: Workspace, issue: Issue, edition: Edition, originals: Mapping[str, Item], language: str
    ) -> None:
        self.publication = workspace.publication
        self.issue = issue
        self.edition = edition
        self.originals = originals
        self.language = language
        self._ours = [
            *publication_units(self.publication, language),
            *issue_units(self.publication, issue, language),
        ]

    def units(self) -> Iterator[Unit]:
        """Yield every text; some come twice."""
        yield from self._under("publication", "title")
        yield from self._under("publication", "description")
        yield from self._under("publication", "organisation")
        yield from self._under("publication", "sender")
        for key in PERSONAL_KEYS:
            yield from self._under("issue", self.issue.name, key)
        if lead := self.edition.lead:
            yield from self._under("category", category_name(self.publication, lead.category), "heading")
            yield from self._item(lead.id)
        for section in self.edition.sections:
            if section.block:
                yield from self._block(section.items[0].id.removeprefix("block:"))
                continue
            yield from self._heading(section.category.name)
            for item in (*section.items, *section.overflow):
                yield from self._item(item.id)
        yield from self._under("publication")

    def _under(self, *parts: str) -> list[Unit]:
        return self._within(unit_id(*parts))

    def _within(self, prefix: str) -> list[Unit]:
        return [unit for unit in self._ours if f"{unit.id}/".startswith(f"{prefix}/")]

    def _block(self, name: str) -> Iterator[Unit]:
        changed = next(
            (set(each.model_fields_set) for each in self.issue.definition.blocks if each.name == name), set()
        )
        heads = (unit_id("block", name), unit_id("issue", self.issue.name, "block", name))
        standing, ours = ({unit.id.removeprefix(f"{head}/"): unit for unit in self._within(head)} for head in heads)
        for key in dict.fromkeys((*standing, *ours)):
            if key in ours:
                yield ours[key]
            elif block_field(key) not in changed:
                yield standing[key]

    def _heading(self, name: str) -> Iterator[Unit]:
        own = self._under("issue", self.issue.name, "section", name)
        sections = [category_name(self.publication, each.category) for each in self.issue.definition.sections]
        if len(own) < max(sections.count(name), 1):
            yield from self._under("category", name, "heading")
        yield from own
        yield from self._under("category", name, "blurb")

    def _in_series(self, item: Item) -> bool:
        """Whether its summary begins with what its series is about, which a mail does not repeat."""
        category = self.publication.category(item.category)
        return bool(category and category.blurb and own_part(item.summary, category.blurb) != item.summary)

    def _item(self, item_id: str) -> Iterator[Unit]:
        override = self.issue.definition.overrides.get(item_id)
        reworded = {unit.key: unit for unit in self._under("issue", self.issue.name, "override", item_id)}
        item = self.originals[item_id]
        for unit in item_units(item, self.publication.language, self.language):
            if unit.key in reworded:
                yield reworded.pop(unit.key)
            hidden = override and getattr(override, unit.key, None) not in ("", None)
            emptied = override and unit.key == "summary" and override.summary == ""
            # what is stale must be looked at as a whole, else it stays stale
            if not (hidden or emptied) or (unit.entry and unit.entry.stale):
                yield replace(unit, about=SERIES) if unit.key == "summary" and self._in_series(item) else unit
        yield from reworded.values()


def _issues(workspace: Workspace, ids: Collection[str]) -> list[Issue]:
    """Return the issues that ids name, of those that there are."""
    named = {parts[1] for parts in map(parts_of, ids) if parts[0] == "issue" and len(parts) > 1}
    return definition.load_all(map(workspace.issue_path, sorted(named & set(workspace.issue_names()))))


def edition_language(workspace: Workspace, ids: Collection[str], language: str) -> str:
    """Return the language of the edition that is meant: translation programs make fr-FR of fr."""
    languages = {*workspace.publication.languages}
    for issue in _issues(workspace, ids):
        languages |= {*languages_of(workspace.publication, issue), issue.definition.language or ""}
    near = [each for each in languages if same_language(each, language)]
    return near[0] if len(near) == 1 else language


def known(workspace: Workspace, ids: Collection[str], language: str) -> dict[str, Unit]:
    """Return what the workspace has of the texts that ``ids`` name. Raises :class:`ContentError`, as :func:`shown`."""
    parts = map(parts_of, ids)
    items = workspace.archive.get([part[1] for part in parts if part[0] == "item" and len(part) > 1])
    publication = workspace.publication
    units = [*publication_units(publication, language)]
    for issue in _issues(workspace, ids):
        units += issue_units(publication, issue, language)
    for item in items.values():
        units += item_units(item, publication.language, language)
    return {unit.id: unit for unit in units}


def unknown(workspace: Workspace, text_id: str, ids: Sequence[str]) -> tuple[str, str]:
    """Return why an id names no text here, and what to do."""
    kind, name, *_ = [*parts_of(text_id), ""]
    if kind == "item" and not workspace.archive.get([name]):
        return f"there is no item '{name}'", offer(workspace.archive.near(name)) or "is the file of another workspace?"
    if kind == "issue" and name not in workspace.issue_names():
        names = workspace.issue_names()
        return f"there is no issue '{name}'", did_you_mean(name, names) or "is the file of another workspace?"
    near = did_you_mean(text_id, ids, 1)
    return f"there is no text '{text_id}' to translate", near or "was it removed, or is the file of another workspace?"


def where(workspace: Workspace, unit: Unit) -> Position | None:
    """Return where the translation of a text stands, or what it belongs to."""
    place = unit.place
    if place.kind == "publication":
        return workspace.where(*place.keys)
    if place.kind == "issue":
        return definition.load(workspace.issue_path(place.name)).position(place.keys)
    return workspace.archive.position(place.name)
