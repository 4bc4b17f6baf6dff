"""What an import means for an archive: which items are new, which are known, and where both sides differ.

Pure: it is told what the archive has, and answers with what to write and what to say.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from newsletter.archive.folding import fold, title_key
from newsletter.archive.naming import UNNAMED, first_ids, make_id
from newsletter.errors import Position
from newsletter.model import Item

PASSING = "stdin:"
"""How a source begins that is another one each time."""

Story = tuple[str, datetime.date | None, str]

NOT_COMPARED = ("id", "source")
"""An id is never changed, and where an item came from is not what it says."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that reads differently: in the archive, and in what came in."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """An item that came in and reads differently in the archive. ``theirs`` is the archive's, with what came in."""

    ours: Item
    theirs: Item
    differences: tuple[Difference, ...]
    source: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    added: tuple[Item, ...] = ()
    """New items, with the ids that they got."""
    unchanged: tuple[str, ...] = ()
    """Ids of items that the archive had already."""
    conflicting: tuple[Conflict, ...] = ()
    """Items that read differently; the archive keeps its own."""
    taken: tuple[Conflict, ...] = ()
    """Items that read differently and were taken as they came (``take_theirs``)."""

    def __str__(self) -> str:
        counts = {"added": self.added, "unchanged": self.unchanged, "conflicting": self.conflicting}
        if self.taken:
            counts["taken"] = self.taken
        return ", ".join(f"{name} {len(items):,}" for name, items in counts.items())


def plan(items: Sequence[Item], known: Iterable[Item], taken_ids: Iterable[str], take_theirs: bool) -> ImportReport:
    """Hold ``items`` against the ``known`` ones of the archive (all that may be the same story as one of them).

    The same story is recognised by its id where it has one, by its address, by title, date and category;
    where exactly one item of the archive is left for it, by the title with either date or category; and, when a
    person corrected title or date in the archive, by what does not change (see ``_Shelf.find_edited``).
    """
    shelf = _Shelf(known, set(taken_ids))
    matches = [shelf.find(item) for item in items]
    claimed = {match.id for match in matches if match}
    for index, item in enumerate(items):
        if matches[index] is None:
            matches[index] = shelf.find_nearly(item, claimed) or shelf.find_edited(item, claimed)
    added: dict[str, Item] = {}
    unchanged: list[str] = []
    conflicts: dict[str, Conflict] = {}
    for item, match in zip(items, matches, strict=True):
        match = match or shelf.find(item)  # an earlier one of this very import  # noqa: PLW2901
        if match is None:
            new = shelf.put(item)
            added[new.id] = new
            continue
        known_as = conflicts[match.id].theirs if take_theirs and match.id in conflicts else match
        conflict = _compare(added.get(match.id, known_as), item)
        if conflict is None:
            unchanged.append(match.id)
        elif take_theirs and match.id in added:
            added[match.id] = conflict.theirs
        else:
            conflicts[match.id] = conflict
    found = tuple(conflicts.values())
    return ImportReport(
        tuple(added.values()), tuple(unchanged), () if take_theirs else found, found if take_theirs else ()
    )


def story(item: Item) -> Story:
    """Return what makes two items one story: title and category, folded, and the date."""
    return title_key(item.title), item.date, fold(item.category)


def _month(item: Item) -> str:
    return item.date.isoformat()[:7] if item.date else ""


def _compare(ours: Item, theirs: Item) -> Conflict | None:
    """Return what differs in the fields that ``theirs`` says something about, or None."""
    changes = {
        name: value for name, value in theirs if name not in NOT_COMPARED and value and value != getattr(ours, name)
    }
    if not changes:
        return None
    differences = tuple(Difference(name, _shown(ours, name), _shown(theirs, name)) for name in changes)
    return Conflict(ours, ours.model_copy(update=changes), differences, theirs.source)


def _shown(item: Item, name: str) -> str:
    value: Any = item.model_dump(mode="json", include={name}, exclude_defaults=True).get(name, "")
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(slots=True)
class _Shelf:
    """The items that there are, by what tells them apart."""

    known: Iterable[Item]
    taken: set[str]
    by_id: dict[str, Item] = field(default_factory=dict)
    by_url: dict[str, Item] = field(default_factory=dict)
    by_story: dict[Story, Item] = field(default_factory=dict)
    by_day: dict[tuple[str, datetime.date | None], list[Item]] = field(default_factory=dict)
    by_category: dict[tuple[str, str], list[Item]] = field(default_factory=dict)
    by_source: dict[tuple[str, str], Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.known:
            self._shelve(item)

    def _shelve(self, item: Item) -> None:
        title, date, category = story(item)
        self.by_id[item.id] = item
        if item.url:
            self.by_url.setdefault(item.url, item)
        self.by_story.setdefault((title, date, category), item)
        self.by_day.setdefault((title, date), []).append(item)
        self.by_category.setdefault((title, category), []).append(item)
        if item.source and not item.source.startswith(PASSING):
            self.by_source.setdefault((item.source, title), item)

    def find(self, item: Item) -> Item | None:
        """Return what certainly is the same story."""
        if item.id != UNNAMED and item.id in self.by_id:
            return self.by_id[item.id]
        if item.url and item.url in self.by_url:
            return self.by_url[item.url]
        return self.by_story.get(story(item))

    def find_nearly(self, item: Item, claimed: set[str]) -> Item | None:
        """Return the only unclaimed item of the same title and date, or of the same title where a date is missing."""
        title, date, category = story(item)
        near = list(self.by_day.get((title, date), ()))
        if date is None:
            near += [other for other in self.by_category.get((title, category), ()) if other.date]
        elif (title, None, category) in self.by_story:
            near.append(self.by_story[title, None, category])
        near = [other for other in near if other.id not in claimed]
        if len(near) != 1:
            return None
        claimed.add(near[0].id)
        return near[0]

    def find_edited(self, item: Item, claimed: set[str]) -> Item | None:
        """Return the unclaimed item of the same month that a person corrected since ``item`` was imported.

        Its id, which is never changed, is made of the title that it came with; or it came from the same line of
        the same file, and only its date reads differently.
        """
        named = [self.by_id.get(each) for each in first_ids(item.title, item.date)]
        same_title = self.by_source.get((item.source, title_key(item.title)))
        retitled = [each for each in named if each and title_key(each.title) != title_key(item.title)]
        for other in (*retitled, same_title):
            if other and other.id not in claimed and _month(other) == _month(item):
                claimed.add(other.id)
                return other
        return None

    def put(self, item: Item) -> Item:
        """Shelve a new item under an id that no other has."""
        if item.id == UNNAMED or item.id in self.taken:
            item = item.model_copy(update={"id": make_id(item.title, item.date, self.taken)})
        self.taken.add(item.id)
        self._shelve(item)
        return item


def with_positions(report: ImportReport, positions: Mapping[str, Position]) -> ImportReport:
    """Return ``report`` with the place of the archive's side of each conflict."""

    def placed(conflicts: Sequence[Conflict]) -> tuple[Conflict, ...]:
        return tuple(replace(conflict, position=positions.get(conflict.ours.id)) for conflict in conflicts)

    return replace(report, conflicting=placed(report.conflicting), taken=placed(report.taken))
