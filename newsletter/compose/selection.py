"""Which items an issue may carry: what was asked for and pinned, less announcements and what was carried before."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from newsletter.compose.announcement import is_announcement
from newsletter.compose.checking import mistakes, pins
from newsletter.content import clean, dropped, is_clean, safe_url
from newsletter.errors import ContentError, Problem
from newsletter.issues.definition import Issue, Override, Select
from newsletter.model import PERSONAL_PATTERN, Archive, Carried, Item, Link, Note, Query
from newsletter.publication import Publication


@dataclass(frozen=True, slots=True)
class Selection:
    """The items of an issue, safe to show and as this issue words them, by id; and what was left out."""

    items: dict[str, Item]
    notes: tuple[Note, ...]


def select(publication: Publication, issue: Issue, archive: Archive, carried: Carried) -> Selection:
    """Ask the archive for the items of ``issue``.

    Raises:
        ContentError: unknown ids or categories, or nothing selected; all at once.
    """
    if problems := mistakes(publication, issue, archive, carried):
        raise ContentError(problems)
    query, limit = _query(publication, issue, carried)
    pinned = _pinned(issue, archive)
    found = {item.id: item for item in archive.select(query)}
    wanted: dict[str, Item] = {}
    notes: list[Note] = []
    for item in found.values():
        reason = None if item.id in pinned else _left_out(item, publication, carried)
        if reason:
            notes.append(reason)
        else:
            wanted[item.id] = item
    if limit and len(wanted) > limit:
        over = list(wanted)[limit:]
        notes.append(Note("select-limit", f"{len(over)} items over select.limit ({limit}) were left out: {_ids(over)}"))
        wanted = dict(list(wanted.items())[:limit])
    wanted |= {item.id: item for item in pinned.values() if item.id not in wanted}
    if not wanted:
        raise _nothing(issue, query, archive, notes)
    overrides = issue.definition.overrides
    notes += _about_overrides(issue, wanted)
    language = issue.definition.language or publication.language
    items = {
        key: _safe(_reworded(in_language(item, language, publication.language), overrides.get(key)), notes)
        for key, item in wanted.items()
    }
    return Selection(items, tuple(notes))


def _about_overrides(issue: Issue, wanted: Collection[str]) -> Iterator[Note]:
    for name, override in issue.definition.overrides.items():
        at = issue.position(("overrides", name), key=True)
        if name not in wanted:
            yield Note("override-unused", f"overrides: '{name}' is not in this issue", name, at)
        if PERSONAL_PATTERN.search(f"{override.title} {override.summary or ''}"):
            what = "a placeholder stands as it is written: subject, preheader and editorial have them"
            yield Note("placeholder", f"overrides: '{name}': {what}", name, at)


def in_language(item: Item, language: str, ours: str) -> Item:
    """Return ``item`` as an issue in ``language`` shows it: translated, or as it is and with its language named.

    ``ours`` is the publication's language, which items are in that name none.
    """
    if not item.translations and not item.language and language == ours:
        return item
    own = item.language or ours
    base = language.partition("-")[0]
    translation = item.translations.get(language) or item.translations.get(base)
    if translation and (own.partition("-")[0] != base or not item.language):
        texts = {"title": translation.title, "summary": translation.summary, "url": translation.url}
        changes = {key: text for key, text in texts.items() if text}
        # what was not translated stays in its own language, and then so does the whole
        whole = translation.title and (translation.summary or not item.summary)
        return item.model_copy(update=changes | {"language": "" if whole else own})
    return item if item.language or own == language else item.model_copy(update={"language": own})


def _ids(ids: Sequence[str]) -> str:
    return ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")


def _query(publication: Publication, issue: Issue, carried: Carried) -> tuple[Query, int]:
    """Return the query, and how many items it may give after some were left out."""
    definition = issue.definition
    wanted = definition.select or Select(month=definition.date.strftime("%Y-%m"))
    changes: dict[str, object] = {"limit": 0}
    if wanted.since:
        changes |= {"from_": carried.last_date, "to": wanted.to or definition.date}
    if wanted.categories:
        known = [(name, publication.category(name)) for name in wanted.categories]
        changes["categories"] = tuple(
            every for name, category in known for every in (category.names if category else (name,))
        )
    return wanted.model_copy(update=changes), wanted.limit


def _pinned(issue: Issue, archive: Archive) -> dict[str, Item]:
    """Return the items that the definition names itself: nothing leaves these out."""
    asked = issue.definition.select.ids if issue.definition.select else ()
    return dict(archive.get([*(item_id for _, item_id in pins(issue)), *asked]))


def _left_out(item: Item, publication: Publication, carried: Carried) -> Note | None:
    if item.id in carried.announcements or is_announcement(item, publication):
        return Note("announcement", f"left out '{item.title}': it announces an issue of this publication", item.id)
    if item.id in carried.items:
        return Note("carried", f"left out '{item.title}': issue {carried.items[item.id]} carried it", item.id)
    return None


def _nothing(issue: Issue, query: Query, archive: Archive, notes: Sequence[Note]) -> ContentError:
    months = archive.months()
    if notes:
        hint = "; ".join(note.message for note in notes[:3])
    elif months:
        near = _near_months(months, query.month or issue.definition.date.strftime("%Y-%m"))
        hint = "the archive has " + ", ".join(f"{count} in {month}" for month, count in near)
    else:
        hint = "the archive is empty: 'newsletter archive import FILE'"
    return ContentError([Problem(issue.position(("select",), key=True), "nothing is selected for this issue", hint)])


def _near_months(months: Sequence[tuple[str, int]], wanted: str) -> list[tuple[str, int]]:
    def distance(entry: tuple[str, int]) -> int:
        year, month = entry[0].split("-")
        return abs(int(year) * 12 + int(month) - int(wanted[:4]) * 12 - int(wanted[5:7]))

    dated = sorted((entry for entry in months if entry[0]), key=distance)[:3]
    undated = [("no month (undated)", count) for month, count in months if not month]
    return sorted(dated) + undated


def _reworded(item: Item, override: Override | None) -> Item:
    if override is None:
        return item
    changes: dict[str, object] = {}
    if override.title:
        changes["title"] = override.title
    if override.summary is not None:
        changes["summary"] = override.summary
    if override.url:
        changes["url"] = override.url
    return item.model_copy(update=changes)


def _safe(item: Item, notes: list[Note]) -> Item:
    """Return ``item`` with clean texts and only addresses that may be linked; what was removed is noted."""
    changes: dict[str, object] = {}
    removed = 0
    if not is_clean(f"{item.title}{item.summary}{item.category}{item.series}"):
        for name in ("title", "summary", "category", "series"):
            text: str = getattr(item, name)
            changes[name] = clean(text)
            removed += dropped(text)
    title = " ".join(str(changes.get("title", item.title)).split())
    if title != item.title:
        changes["title"] = title or item.id
    if removed:
        notes.append(Note("control-characters", f"'{item.id}': {removed} control characters removed", item.id))
    url = safe_url(item.url) if item.url else ""
    if url is None:
        notes.append(_unsafe(item, item.url))
    if url != item.url:
        changes["url"] = url or ""
    if item.links:
        changes["links"] = tuple(_safe_links(item, notes))
    return item.model_copy(update=changes) if changes else item


def _safe_links(item: Item, notes: list[Note]) -> Iterator[Link]:
    for link in item.links:
        address = safe_url(link.url)
        if address is None:
            notes.append(_unsafe(item, link.url))
        else:
            yield Link(label=" ".join(clean(link.label).split()), url=address, language=link.language)


def _unsafe(item: Item, address: str) -> Note:
    return Note("address", f"'{item.id}': the address {address[:80]!r} cannot be linked", item.id)


def item_date(item: Item) -> datetime.date:
    """Return the date to sort by; items without one come last when the newest come first."""
    return item.date or datetime.date.min
