"""Mistakes of a definition that only the archive and the ledger can tell: all of them, each at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newsletter.compose.blocks import merged
from newsletter.errors import Problem, did_you_mean, offer
from newsletter.issues.definition import Issue
from newsletter.model import Archive, Carried, Query
from newsletter.publication import Publication

Location = tuple[str | int, ...]
Named = tuple[Location, str]


def mistakes(publication: Publication, issue: Issue, archive: Archive, carried: Carried) -> list[Problem]:
    """Return every mistake: items and categories that there are not, what is named twice, what contradicts."""
    return sorted(
        [
            *_since(issue, carried),
            *_categories(publication, issue, archive),
            *_twice(publication, issue),
            *_unknown_ids(issue, archive),
            *_blocks(publication, issue),
        ]
    )


def _blocks(publication: Publication, issue: Issue) -> Iterator[Problem]:
    """Yield what is wrong with the issue's blocks: unknown, twice, without what they show, at no place."""
    standing = {block.name: block for block in publication.blocks}
    seen: set[str] = set()
    named = issue.definition.blocks
    for number, each in enumerate(named):
        at = issue.position(("blocks", number, "name"))
        if each.name in seen:
            yield Problem(at, f"a second block is named '{each.name}'", "give one of them another name")
        seen.add(each.name)
        if each.off and each.name not in standing:
            hint = did_you_mean(each.name, list(standing)) or f"it has: {', '.join(standing) or 'none'}"
            yield Problem(at, f"newsletter.yaml has no block '{each.name}' to switch off", hint)
    for block in merged(publication, issue):
        number = next((number for number, each in enumerate(named) if each.name == block.name), -1)
        at = issue.position(("blocks", max(number, 0)))
        message, hint = block.mistake()
        if message and number >= 0:
            near = did_you_mean(block.name, list(standing)) if block.name not in standing else ""
            yield Problem(at, message, near or hint)
        where, _, name = block.place.partition(" ")
        known = [category.name for category in publication.categories]
        known += [section.category for section in issue.definition.sections]
        if number >= 0 and name and not publication.category(name) and name not in known:
            hint = did_you_mean(name, known) or f"there are: {', '.join(dict.fromkeys(known)) or 'none'}"
            yield Problem(at, f"the block '{block.name}' stands {where} a category that there is not: '{name}'", hint)


def pins(issue: Issue) -> list[Named]:
    """Return the lead and the pinned items, each with its place in the definition."""
    definition = issue.definition
    lead: list[Named] = [(("lead",), definition.lead)] if definition.lead else []
    return [
        *lead,
        *(
            named
            for number, section in enumerate(definition.sections)
            for named in _located(("sections", number, "items"), section.items)
        ),
    ]


def _located(location: Location, names: Iterable[str]) -> Iterator[Named]:
    return (((*location, index), name) for index, name in enumerate(names))


def _since(issue: Issue, carried: Carried) -> Iterator[Problem]:
    select = issue.definition.select
    if select and select.since and carried.last_date is None:
        at = issue.position(("select", "since"))
        yield Problem(at, "no earlier issue is published", "write 'month:' or 'from:' instead")


def _categories(publication: Publication, issue: Issue, archive: Archive) -> Iterator[Problem]:
    definition = issue.definition
    named = [*_located(("select", "categories"), definition.select.categories if definition.select else ())]
    named += [(("sections", number, "category"), each.category) for number, each in enumerate(definition.sections)]
    known = [category.name for category in publication.categories]
    for location, name in named:
        if not publication.category(name) and not archive.select(Query(categories=(name,), limit=1)):
            hint = did_you_mean(name, known) or f"newsletter.yaml has: {', '.join(known) or 'none'}"
            yield Problem(issue.position(location), f"unknown category '{name}'", hint)


def _twice(publication: Publication, issue: Issue) -> Iterator[Problem]:
    """Yield what is pinned twice, pinned and excluded, or asked for by two sections."""
    definition = issue.definition
    excluded = definition.select.exclude if definition.select else ()
    first: dict[str, Location] = {}
    for location, item_id in pins(issue):
        if item_id in excluded:
            yield Problem(issue.position(location), f"'{item_id}' is excluded above", "keep one of the two")
        if location[0] == "sections" and first.setdefault(item_id, location) != location:
            line = issue.position(first[item_id]).line
            yield Problem(issue.position(location), f"'{item_id}' is pinned a second time", f"first in line {line}")
    open_sections: set[str] = set()
    for number, section in enumerate(definition.sections):
        category = publication.category(section.category)
        name = category.name if category else section.category
        if not section.only and name.casefold() in open_sections:
            at = issue.position(("sections", number, "category"))
            yield Problem(at, f"a second section asks for '{name}'", "give one of them 'only: true' and 'items'")
        if not section.only:
            open_sections.add(name.casefold())


def _unknown_ids(issue: Issue, archive: Archive) -> Iterator[Problem]:
    definition = issue.definition
    named = pins(issue)
    if definition.select:
        for key in ("ids", "exclude"):
            named += _located(("select", key), getattr(definition.select, key))
    overridden = [(("overrides", name), name) for name in definition.overrides]
    known = archive.get([item_id for _, item_id in (*named, *overridden)])
    for location, item_id in (*named, *overridden):
        if item_id not in known:
            hint = offer(archive.near(item_id)) or "'newsletter archive list' shows the ids"
            at = issue.position(location, key=location[0] == "overrides")
            yield Problem(at, f"there is no item '{item_id}'", hint)
