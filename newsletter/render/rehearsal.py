"""Trying a theme out: every template is compiled, and editions that ask for everything are rendered.

What they say is made up: a federation of examples, long words, an empty corner wherever an issue may have one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from newsletter.errors import ContentError, Problem
from newsletter.model import Edition, Extra, Image, Item, Link, Picture, Section
from newsletter.publication import LAYOUTS, Publication
from newsletter.render.pipeline import compile_template, render
from newsletter.render.theme import Theme

PUBLICATION: dict[str, Any] = {
    "title": "Coop Letter",
    "organisation": {"name": "Federation of Examples", "postal_address": "1 Example Street\nGeneva"},
    "sender": {"name": "Coop Letter", "address": "letter@coop.example.org"},
    "categories": [{"name": "News"}],
}
FULL = {
    "description": "News of a small federation",
    "web_version": "https://coop.example.org/letter/{issue}",
    "unsubscribe": "https://coop.example.org/unsubscribe",
    "reason": "You get this mail because you asked for it.",
}
ITEMS = (
    Item(
        id="everything",
        category="News",
        title="A bakery becomes a cooperative & stays one",
        date=datetime.date(2020, 3, 14),
        summary="Twelve bakers bought **their** bakery.\n\n- bread\n- [more](https://coop.example.org)\n\n> Quoted",
        url="https://coop.example.org/news?id=1&page=2",
        links=(
            Link(label="PDF", url="https://coop.example.org/1.pdf"),
            Link(label="fr", url="https://coop.example.org/fr", language="fr"),
            Link(label="it", url="https://coop.example.org/it", language="it"),
        ),
        extra=Extra(when="5–6 July 2020", where="Geneva"),
        image=Image(src="images/bakery.jpg", alt="Bakers at their oven", credit="Photo: A. Example"),
    ),
    Item(id="title-only", title="Donaudampfschifffahrtsgesellschaftskapitänsversammlung" * 3),
    Item(id="arabic", title="تعاونية جديدة", summary="نص قصير.", language="ar", extra=Extra(when="2020-07-05")),
    Item(id="english", title="(An English title.)", date=datetime.date(2020, 3, 2), language="en"),
)


def _stories(layout: str, numbers: range) -> tuple[Item, ...]:
    """Return so many items, each with an id of its own: no issue has an item twice."""
    items = [(ITEMS[number % len(ITEMS)], number) for number in numbers]
    return tuple(item.model_copy(update={"id": f"{item.id}-{layout}-{number}"}) for item, number in items)


_BAKERY = Picture("https://coop.example.org/b.jpg", "images/b.jpg", 528, 297, "Bakers at their oven", "Photo: A")
_DRAWING = Picture("https://coop.example.org/c.png", "images/c.png", 400, 300, "A plan of the new oven")
_DECORATION = Picture("https://coop.example.org/a.jpg", "images/a.jpg", 300, None, "")
PICTURES = {
    "everything": _BAKERY,
    **{f"everything-{layout}-0": _BAKERY for layout in LAYOUTS},
    **{f"everything-{layout}-{len(ITEMS)}": _DECORATION for layout in LAYOUTS},
    f"everything-{LAYOUTS[0]}-0": _DRAWING,
}
"""By item: the lead, and in each section the first item and the one that is the first again."""


def editions(theme: Theme) -> Iterator[Edition]:
    """Yield editions that ask a theme for everything: each layout, many items and one, both directions, pictures."""
    layouts = theme.file.layouts
    publication = Publication.model_validate(PUBLICATION | FULL)
    category = publication.categories[0]
    whole = Edition(
        publication=publication,
        issue="2020-03",
        number=12,
        date=datetime.date(2020, 3, 31),
        language="en-GB",
        subject="Coop Letter & friends, March 2020",
        preheader="Bread, bees and a house in Lyon",
        editorial="Dear colleague,\n\na few *words*.\n\n## And a heading",
        lead=ITEMS[0],
        sections=tuple(
            Section(
                anchor=layout,
                category=category,
                heading=f"Our {layout}",
                layout=layout,
                blurb="What it *is*.",
                items=_stories(layout, range(len(ITEMS))),
                overflow=_stories(layout, range(len(ITEMS), len(ITEMS) + 2)),
            )
            for layout in layouts
        ),
        web_version=publication.web_address("2020-03"),
    )
    yield whole
    yield replace(whole, language="ar", lead=ITEMS[2], editorial="")
    many = (replace(each, items=_stories(each.layout, range(60)), overflow=()) for each in whole.sections)
    yield replace(whole, sections=tuple(many))
    bare = Publication.model_validate(PUBLICATION)
    for layout in layouts:
        section = Section("news", category, "News", layout, "", (ITEMS[1],))
        yield replace(
            whole, publication=bare, number=None, editorial="", lead=None, sections=(section,), web_version=None
        )
    yield replace(whole, publication=bare, editorial="", lead=ITEMS[1], sections=(), web_version=None)


def rehearse(theme: Theme) -> list[Problem]:
    """Return every mistake that compiling a theme's templates and rendering the editions brings up, once each."""
    found: set[Problem] = set()
    tries = list(editions(theme))
    for name in [name for name in theme.files if name.endswith((".mjml", ".txt", ".html"))]:
        try:
            compile_template(theme, name, tries[0])
        except ContentError as error:
            found.update(error.problems)
    for edition in () if found else tries:
        try:
            render(edition, theme, pictures=PICTURES)
        except ContentError as error:
            found.update(error.problems)
    return sorted(found)
