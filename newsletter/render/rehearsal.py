"""Trying a theme out: every template is compiled, and editions that ask for everything are rendered.

What they say is made up: a federation of examples, long words, an empty corner wherever an issue may have one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from newsletter.compose.blocks import block_section
from newsletter.errors import ContentError, Problem
from newsletter.model import Edition, Extra, Figure, Image, Item, Link, OtherEdition, Picture, Section
from newsletter.publication import LAYOUTS, Block, Button, Category, Layout, Publication
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
    "base_url": "https://coop.example.org/letter",
    "logo": {"src": "images/logo.png", "dark": "images/logo-dark.png"},
    "social": [{"label": "Mastodon", "url": "https://social.example.org/@coop"}],
}
BLOCKS = (
    Block(name="about", title="About us", text="We are *few*.", image=Image(src="images/us.jpg", alt="All of us")),
    Block(
        name="call",
        layout="callout",
        title="Call for papers",
        text="Until June.",
        button=Button(label="Send yours", url="mailto:letter@coop.example.org"),
        sponsored=True,
    ),
    Block(name="words", layout="quote", text="Bees share everything but the sting.", by="A. Example", role="Beekeeper"),
    Block(
        name="count",
        layout="numbers",
        title="The year",
        figures=tuple(Figure(value=value, label="of all that we did") for value in ("48 %", "3 million", "7", "1,234")),
    ),
    Block(name="view", layout="image", image=Image(src="images/view.jpg", alt="The sea"), text="*At dawn.*"),
    Block(name="line", layout="divider"),
    Block(
        name="mill",
        title="Flour of the region",
        text="Ground between stones.",
        image=Image(src="images/mill.jpg", alt="A mill"),
        sponsored=True,
    ),
)
"""One of each layout, and one that somebody paid for."""
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
        extra=Extra(
            when="5–6 July 2020",
            where="Geneva",
            kind="Report",
            name="Ana Example",
            role="Baker",
            quote="Bread is shared before it is sold.",
            question="What did it cost you?",
            figures=(Figure(value="12", label="bakers"), Figure(value="1,200", label="loaves a day")),
            button="Apply now",
        ),
        image=Image(src="images/bakery.jpg", alt="Bakers at their oven", credit="Photo: A. Example"),
    ),
    Item(id="title-only", title="Donaudampfschifffahrtsgesellschaftskapitänsversammlung" * 3),
    Item(id="arabic", title="تعاونية جديدة", summary="نص قصير.", language="ar", extra=Extra(when="2020-07-05")),
    Item(
        id="meeting",
        title="General assembly",
        url="https://coop.example.org/assembly",
        extra=Extra(starts="2020-07-05 14:00", ends="2020-07-05 17:30", timezone="Africa/Nairobi", where="Nairobi"),
    ),
    Item(id="fair", title="Fair of the cooperatives", extra=Extra(starts="2020-09-30", ends="2020-10-02")),
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
    "everything-two-0": replace(_BAKERY, width=254, height=143),
    "everything-resources-0": replace(_BAKERY, width=112, height=149),
    f"everything-resources-{len(ITEMS)}": replace(_DECORATION, width=112),
    "everything-portrait-0": replace(_BAKERY, width=64, height=64, credit=""),
    "block:about": _BAKERY,
    "block:view": _BAKERY,
    "block:mill": replace(_BAKERY, width=448, height=252, alt="A mill", credit=""),
    "logo": Picture("https://coop.example.org/l.png", "images/l.png", 160, 48, "Federation of Examples"),
    "logo:dark": Picture("https://coop.example.org/d.png", "images/d.png", 160, 48, ""),
    f"everything-{LAYOUTS[0]}-0": _DRAWING,
}
"""By item: the lead, and in each section the first item and the one that is the first again."""


def _sections(category: Category, layouts: Iterable[Layout]) -> Iterator[Section]:
    for layout in layouts:
        yield Section(
            anchor=layout,
            category=category,
            heading=f"Our {layout}",
            layout=layout,
            blurb="What it *is*.",
            items=_stories(layout, range(len(ITEMS))),
            overflow=_stories(layout, range(len(ITEMS), len(ITEMS) + 2)),
        )


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
        sections=(
            *_sections(category, layouts),
            Section("two", category, "In two columns", "cards", "", _stories("two", range(4)), columns=2),
            *(block_section(block, ()) for block in BLOCKS if block.layout in (*layouts, "divider")),
        ),
        others=(OtherEdition("ar", "العربية", "https://coop.example.org/letter/2020-03/ar"),),
        web_version=publication.web_address("2020-03"),
    )
    yield whole
    yield replace(whole, language="ar", lead=ITEMS[2], editorial="")
    ours = [each for each in whole.sections if not each.block]
    many = (
        replace(each, items=_stories(each.anchor, range(60 if each is ours[0] else 12)), overflow=()) for each in ours
    )
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
