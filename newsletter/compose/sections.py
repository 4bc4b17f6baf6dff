"""Grouping the selected items by category, in the publication's order or the definition's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsletter.compose.selection import Selection, item_date
from newsletter.compose.wording import heading, heading_language
from newsletter.content import own_part
from newsletter.errors import ContentError, Problem
from newsletter.issues.definition import Issue, SectionDefinition
from newsletter.model import Item, Note, Section
from newsletter.publication import Category, Layout, Publication
from newsletter.schema import in_language, unless


@dataclass(slots=True)
class Plan:
    """A section to be: its category, how the definition wants it, and the items that fall to it."""

    category: Category
    wanted: SectionDefinition
    items: list[Item] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        """How it looks."""
        return self.wanted.layout or self.category.layout


def arrange(
    publication: Publication, issue: Issue, selection: Selection, language: str
) -> tuple[Item | None, tuple[Section, ...], list[Note]]:
    """Return lead, sections and notes. Every selected item stands once, or a note says why it does not.

    Raises:
        ContentError: no section shows any of the items.
    """
    notes: list[Note] = []
    definition = issue.definition
    lead = selection.items.get(definition.lead) if definition.lead else None
    plans = plan(publication, issue, selection, notes)
    anchors: set[str] = set()
    sections = tuple(_section(publication, issue, each, anchors, language, notes) for each in plans if each.items)
    if not lead and not sections:
        at = issue.position(("sections",), key=True)
        hint = "; ".join(note.message for note in notes)
        raise ContentError([Problem(at, "the issue would be empty: no section shows what was selected", hint)])
    notes += _about_events(sections, definition.date.isoformat())
    if heads := [each.heading for each in sections if each.heading_language]:
        notes.append(Note("untranslated", f"not translated into {language}: the headings {', '.join(heads)}"))
    if blurbs := [each.heading for each in sections if each.blurb_language]:
        notes.append(Note("untranslated", f"not translated into {language}: the blurbs of {', '.join(blurbs)}"))
    if lead:
        lead = _without_blurb_of(lead, publication, sections)
    return lead, sections, notes


def plan(publication: Publication, issue: Issue, selection: Selection, notes: list[Note]) -> list[Plan]:
    """Return every section of the issue, those without items too, with all that falls to it but the lead."""
    rest = [item for key, item in selection.items.items() if key != issue.definition.lead]
    plans = _plans(publication, issue, rest, notes)
    _distribute(publication, plans, rest, notes)
    return plans


def _about_events(sections: Iterable[Section], day: str) -> Iterator[Note]:
    """Yield a note for each event that says nothing of when it takes place, or is over when the issue appears."""
    for section in sections:
        for item in (*section.items, *section.overflow) if section.layout == "events" else ():
            extra = item.extra
            if not extra or not (extra.starts or extra.when):
                what = f"'{item.id}' does not say when it takes place (extra: {{starts: YYYY-MM-DD}})"
                yield Note("event", f"{section.heading}: {what}", item.id)
            elif extra.starts and (extra.ends or extra.starts)[:10] < day:
                yield Note("event", f"{section.heading}: '{item.id}' is over when the issue appears", item.id)


def _category_of(publication: Publication, name: str) -> Category:
    return publication.category(name) or Category.model_construct(name=name, layout="cards")


def _plans(publication: Publication, issue: Issue, rest: Iterable[Item], notes: list[Note]) -> list[Plan]:
    if issue.definition.sections:
        return [Plan(_category_of(publication, wanted.category), wanted) for wanted in issue.definition.sections]
    plans = [Plan(category, SectionDefinition(category=category.name)) for category in publication.categories]
    unknown = dict.fromkeys(item.category for item in rest if not publication.category(item.category))
    for name in sorted(unknown, key=lambda name: (not name, name.casefold())):
        plans.append(Plan(_category_of(publication, name), SectionDefinition.model_construct(category=name)))
        what = f"'{name}' stands last: newsletter.yaml does not have this category"
        notes.append(Note("category", what if name else "items without a category stand last"))
    return plans


def _distribute(publication: Publication, plans: list[Plan], rest: list[Item], notes: list[Note]) -> None:
    """Give each item to its section: pinned ones first, in the order of their pins."""
    by_id = {item.id: item for item in rest}
    pinned: set[str] = set()
    for plan in plans:
        plan.items += [by_id[item_id] for item_id in plan.wanted.items if item_id in by_id]
        pinned.update(plan.wanted.items)
    by_category = {plan.category.name.casefold(): plan for plan in plans if not plan.wanted.only}
    homeless: dict[str, list[str]] = {}
    gathered: dict[str, list[Item]] = {}
    for item in rest:
        if item.id in pinned:
            continue
        name = _category_of(publication, item.category).name
        if name.casefold() in by_category:
            gathered.setdefault(name.casefold(), []).append(item)
        else:
            homeless.setdefault(name, []).append(item.id)
    for name, plan in by_category.items():
        default = "next" if plan.layout == "events" else "newest"
        plan.items += _ordered(gathered.get(name, []), plan.wanted.order or default)
    for name, ids in homeless.items():
        noun = "item" if len(ids) == 1 else "items"
        notes.append(
            Note(
                "no-section",
                f"left out {len(ids)} {noun} of '{name}', which no section shows: {', '.join(ids)}",
            )
        )


def _ordered(items: list[Item], order: str) -> list[Item]:
    """Sort items; those of one day stay in the archive's order."""
    if order == "title":
        return sorted(items, key=lambda item: item.title.casefold())
    if order == "next":  # events without a day come last
        return sorted(items, key=lambda item: (item.extra and item.extra.starts) or "9999")
    if order == "oldest":
        return sorted(items, key=lambda item: (item.date is None, item_date(item)))
    return sorted(items, key=item_date, reverse=True)


def _headed(publication: Publication, issue: Issue, plan: Plan, language: str) -> tuple[str, str]:
    """Return the heading of a section, and its language where that is not the edition's."""
    wanted, category = plan.wanted, plan.category
    other = in_language(wanted.translations, language)
    if other and other.heading:
        return other.heading, ""
    if wanted.heading:
        return wanted.heading, unless(language, issue.written_in(publication))
    return heading(category, len(plan.items), language), heading_language(publication, category, language)


def _blurb_language(publication: Publication, category: Category, language: str) -> str:
    other = in_language(category.translations, language)
    return "" if not category.blurb or (other and other.blurb) else unless(language, publication.language)


def _section(
    publication: Publication, issue: Issue, plan: Plan, anchors: set[str], language: str, notes: list[Note]
) -> Section:
    wanted, category = plan.wanted, plan.category
    limit = publication.limits.items if wanted.limit is None else wanted.limit
    limit = limit or len(plan.items)
    items = [_own(item, category) for item in plan.items]
    name, name_language = _headed(publication, issue, plan, language)
    if len(items) > limit:
        over = len(items) - limit
        where = "only" if publication.web_version else "only, and newsletter.yaml gives no 'web_version' to link to"
        what = f"{name}: {over} over the limit of {limit} stand{'s' if over == 1 else ''} in the web version {where}"
        notes.append(Note("over-limit", what))
    return Section(
        anchor=_anchor(category.name or "more", anchors),
        category=category,
        heading=name,
        layout=plan.layout,
        blurb=category.blurb,
        items=tuple(items[:limit]),
        overflow=tuple(items[limit:]),
        columns=wanted.columns or category.columns,
        heading_language=name_language,
        blurb_language=_blurb_language(publication, category, language),
    )


def _own(item: Item, category: Category) -> Item:
    """Return the item without the series' blurb, which stands once under the heading."""
    if not category.blurb or not item.summary:
        return item
    own = own_part(item.summary, category.blurb)
    return item if own == item.summary else item.model_copy(update={"summary": own})


def _without_blurb_of(lead: Item, publication: Publication, sections: tuple[Section, ...]) -> Item:
    """Return the lead; where its series has a section in the issue, the blurb stands there already."""
    category = _category_of(publication, lead.category)
    return _own(lead, category) if any(section.category == category for section in sections) else lead


def _anchor(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "section"
    anchor, number = base, 2
    while anchor in taken:
        anchor, number = f"{base}-{number}", number + 1
    taken.add(anchor)
    return anchor
