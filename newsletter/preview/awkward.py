"""Made-up content that a theme must bear: an issue's own edition, with what it holds made awkward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice

from newsletter.model import Edition, Item, Section

LONG_TITLE = (
    "Members of eleven housing, farming and worker cooperatives from four countries met for three days to discuss how "
    "a title that nobody shortened in time looks in a mail that is read on a telephone on the way to work, and agreed "
    "unanimously that it should still be legible to the very end of its last line"
)
"""300 characters or so."""
ARABIC = (
    (
        "تعاونية نسائية جديدة تفتح أبوابها في المدينة القديمة",
        "اجتمعت العضوات الأسبوع الماضي واتفقن على خطة العمل للسنة القادمة.",
    ),
    ("المؤتمر السنوي للتعاونيات", "يعقد المؤتمر هذا العام تحت عنوان «العمل اللائق» بمشاركة ٣٠٠ مندوب."),
    ("تقرير: Cooperatives & SDGs", "تقرير جديد باللغتين العربية والإنجليزية عن دور التعاونيات."),
)
MANY = 60


def awkward(edition: Edition, kind: str) -> Edition:
    """Return an edition with content of a ``kind`` of :data:`AWKWARD` in its place; what is made up says so."""
    return AWKWARD[kind][1](edition)


def _one(edition: Edition) -> Edition:
    first = next(iter(edition.items), None)
    section = next((each for each in edition.sections if not each.block), None)
    if first is None or section is None:
        return replace(edition, lead=first, sections=())
    return replace(edition, lead=None, sections=(replace(section, items=(first,), overflow=()),))


def _empty(edition: Edition) -> Edition:
    first = next((each for each in edition.sections if not each.block), None)
    return replace(edition, sections=tuple(each for each in edition.sections if each is not first))


def _long(edition: Edition) -> Edition:
    return _each(edition, lambda item, _: item.model_copy(update={"title": LONG_TITLE}))


def _bare(edition: Edition) -> Edition:
    plain = _each(edition, lambda item, _: item.model_copy(update={"image": None}), blocks=True)
    return replace(plain, publication=plain.publication.model_copy(update={"logo": None}))


def _many(edition: Edition) -> Edition:
    sections = [each for each in edition.sections if not each.block]
    if not sections:
        return edition
    fuller: dict[str, Section] = {}
    each_has = MANY // len(sections)
    for number, section in enumerate(sections):
        count = each_has + (MANY - each_has * len(sections) if number == 0 else 0)
        fuller[section.anchor] = replace(section, items=tuple(_repeated(section.items, count)), overflow=())
    return replace(edition, sections=tuple(fuller.get(each.anchor, each) for each in edition.sections))


def _repeated(items: Sequence[Item], count: int) -> Iterator[Item]:
    for number, item in enumerate(islice(cycle(items), count)):
        yield item if number < len(items) else item.model_copy(update={"id": f"{item.id}-{number}"})


def _arabic(edition: Edition) -> Edition:
    def said(item: Item, number: int) -> Item:
        title, summary = ARABIC[number % len(ARABIC)]
        return item.model_copy(update={"title": title, "summary": summary, "language": ""})

    spoken = replace(edition, language="ar", publication=edition.publication.in_language("ar"), editorial_language="")
    return _each(replace(spoken, editorial=ARABIC[1][1] if edition.editorial else ""), said)


def _each(edition: Edition, change: Callable[[Item, int], Item], *, blocks: bool = False) -> Edition:
    """Return an edition with every item changed, told its number in its section."""

    def changed(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(change(item, number) for number, item in enumerate(items))

    sections = [
        each if each.block and not blocks else replace(each, items=changed(each.items), overflow=changed(each.overflow))
        for each in edition.sections
    ]
    return replace(edition, lead=edition.lead and change(edition.lead, 0), sections=tuple(sections))


AWKWARD: dict[str, tuple[str, Callable[[Edition], Edition]]] = {
    "one": ("one item", _one),
    "empty": ("an empty category", _empty),
    "long": ("a title of 300 characters", _long),
    "bare": ("no pictures", _bare),
    "many": (f"{MANY} items", _many),
    "arabic": ("Arabic", _arabic),
}
"""Name to what it is, and how an edition becomes so."""
