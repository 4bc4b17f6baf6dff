"""Which items an issue may carry: what was asked for and pinned, less announcements and what was carried before."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.compose.announcement import is_announcement
from newsletter.compose.checking import mistakes, pins
from newsletter.content import clean, dropped, is_clean, safe_url
from newsletter.errors import ContentError, Problem
from newsletter.issues.definition import Issue, Override, OverrideTranslation, Select
from newsletter.item import state_of
from newsletter.model import PERSONAL_PATTERN, Archive, Carried, Figure, Item, Link, Note, Query, Translation
from newsletter.publication import Publication
from newsletter.schema import LANGUAGE, same_language
from newsletter.schema import in_language as translation
from newsletter.words import language_name


@dataclass(frozen=True, slots=True)
class Selection:
    """The items of an issue, safe to show and as this issue words them, by id; and what was left out."""

    items: dict[str, Item]
    notes: tuple[Note, ...]


def select(publication: Publication, issue: Issue, archive: Archive, carried: Carried, language: str) -> Selection:
    """Ask the archive for the items of ``issue``, as an edition in ``language`` shows them.

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
    notes += _about_overrides(publication, issue, wanted, language)
    items = {key: _safe(_spoken(item, publication, issue, language), notes) for key, item in wanted.items()}
    notes += _stale(items, wanted, language)
    notes += _idle(wanted, language)
    if issue.definition.languages or publication.languages:
        items = _translated(items, publication, language, notes)
        notes += _half(items, wanted, publication, language)
        notes += _misnamed(wanted)
    if not items:
        what = f"the edition in '{language}' would be empty: no item is translated"
        hint = "newsletter.yaml says 'untranslated: leave-out'; translate some, or leave the language out"
        raise ContentError([Problem(issue.position(("languages",), key=True), what, hint)])
    return Selection(items, tuple(notes))


def _spoken(item: Item, publication: Publication, issue: Issue, language: str) -> Item:
    """Return an item in the edition's language, as the issue words it."""
    override = issue.definition.overrides.get(item.id)
    if override is None:
        return in_language(item, language, publication.language)
    written = issue.written_in(publication)
    if same_language(language, written):
        return _reworded(in_language(item, language, publication.language), override)
    # what has no translation is shown as the issue words the original
    return in_language(_with_translation(_reworded(item, override), override, language), language, publication.language)


def _with_translation(item: Item, override: Override, language: str) -> Item:
    """Return an item whose translation reads as the issue's override says; what it leaves out stays the archive's."""
    other = translation(override.translations, language) or OverrideTranslation()
    theirs = translation(item.translations, language) or Translation()
    none = {"summary": ""} if "" in (other.summary, override.summary) else {}  # this issue has no summary
    texts = {key: text for key in ("title", "summary", "url") if (text := getattr(other, key))} | none
    if not item.translations and not texts:
        return item
    return item.model_copy(update={"translations": {language: theirs.model_copy(update=texts)}} | none)


def _foreign(item: Item, language: str) -> bool:
    return bool(item.language) and not same_language(item.language, language)


def _stale(items: Mapping[str, Item], originals: Mapping[str, Item], language: str) -> Iterator[Note]:
    """Yield a note for each item whose original has changed since it was translated."""
    for key, item in originals.items():
        of = translation(item.translations, language) if item.translations else None
        if of and of.of and not _foreign(items[key], language) and of.of != state_of(*item.originals.values()):
            yield Note("stale", f"'{key}' has changed since it was translated into {language}", key)


def _idle(originals: Mapping[str, Item], language: str) -> Iterator[Note]:
    """Yield a note for each item with a translation of what it does not say."""
    for key, item in originals.items():
        other = translation(item.translations, language) if item.translations else None
        if other and (idle := other.idle(item)):
            what = f"'{key}' has a translation into {language} of what it does not say: {', '.join(idle)}"
            yield Note("unused", what, key)


def _translated(items: dict[str, Item], publication: Publication, language: str, notes: list[Note]) -> dict[str, Item]:
    """Tell which items stand in another language than the edition's, or leave them out, as the publication says."""
    foreign = [key for key, item in items.items() if _foreign(item, language)]
    if not foreign:
        return items
    leave_out = publication.untranslated == "leave-out"
    what = "left out, since not translated" if leave_out else "shown in their own language, since not translated"
    notes.append(Note("untranslated", f"{what} into {language}: {', '.join(foreign)}"))
    return {key: item for key, item in items.items() if not (leave_out and key in foreign)}


def _half(
    items: Mapping[str, Item], originals: Mapping[str, Item], publication: Publication, language: str
) -> Iterator[Note]:
    """Yield a note about items in the edition's language of which a part is in another one."""
    told = []
    for key, item in originals.items():
        if (
            key not in items
            or _foreign(items[key], language)
            or same_language(item.language or publication.language, language)
        ):
            continue
        lacking = (translation(item.translations, language) or Translation()).lacks(item)
        told += [f"{key} ({', '.join(lacking)})"] if lacking else []
    if told:
        yield Note("untranslated", f"in part not translated into {language}: {', '.join(told)}")


def _misnamed(items: Mapping[str, Item]) -> Iterator[Note]:
    """Yield a note for each item with a translation that no edition finds: its language is written otherwise."""
    for key, item in items.items():
        for name in item.translations:
            if not LANGUAGE.fullmatch(name):
                hint = "write it as fr, pt-BR or zh-Hant"
                yield Note(
                    "language", f"'{key}': its translation '{name}' is in no language that is known ({hint})", key
                )


def _about_overrides(
    publication: Publication, issue: Issue, wanted: Mapping[str, Item], language: str
) -> Iterator[Note]:
    written = issue.written_in(publication)
    for name, override in issue.definition.overrides.items():
        at = issue.position(("overrides", name), key=True)
        if name not in wanted:
            yield Note("override-unused", f"overrides: '{name}' is not in this issue", name, at)
        elif not same_language(language, written) and translation(wanted[name].translations, language) is not None:
            theirs = translation(override.translations, language) or OverrideTranslation()
            old = [key for key in ("title", "summary") if getattr(override, key) and getattr(theirs, key) in ("", None)]
            if old:
                what = f"{' and '.join(old)} changed for this issue, and in {language} not"
                yield Note("override", f"overrides: '{name}': {what}", name, at)
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
    other = translation(item.translations, language)
    if other and (not same_language(own, language) or not item.language):
        texts = {"title": other.title, "summary": other.summary, "url": other.url}
        changes: dict[str, object] = {key: text for key, text in texts.items() if text}
        item = item.in_words(other.words)
        if other.alt and item.image:
            changes["image"] = item.image.model_copy(update={"alt": other.alt})
        if other.extra and item.extra:
            told = {key: getattr(other.extra, key) for key in other.extra.model_fields_set}
            changes["extra"] = item.extra.model_copy(update=told)
        # what it has besides and was not translated stays as it is, and is told
        whole = bool(other.title)
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
    select = issue.definition.select
    asked = [each for each in select.ids if each not in select.exclude] if select else []
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


def _reworded(item: Item, override: Override) -> Item:
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
    if item.extra and not is_clean(item.extra.model_dump_json()):
        figures = tuple(Figure(value=clean(each.value), label=clean(each.label)) for each in item.extra.figures)
        texts = {key: clean(value) for key, value in item.extra.model_dump().items() if isinstance(value, str)}
        changes["extra"] = item.extra.model_copy(update=texts | {"figures": figures})
    return item.model_copy(update=changes) if changes else item


def _safe_links(item: Item, notes: list[Note]) -> Iterator[Link]:
    for link in item.links:
        address = safe_url(link.url)
        if address is None:
            notes.append(_unsafe(item, link.url))
        else:
            label = " ".join(clean(link.label).split()) or language_name(link.language) or link.language
            yield Link.model_construct(label=label, url=address, language=link.language)


def _unsafe(item: Item, address: str) -> Note:
    return Note("address", f"'{item.id}': the address {address[:80]!r} cannot be linked", item.id)


def item_date(item: Item) -> datetime.date:
    """Return the date to sort by; items without one come last when the newest come first."""
    return item.date or datetime.date.min
