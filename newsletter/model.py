"""What travels through the program: plain, immutable values without any I/O.

``Item`` is what the archive holds; ``Query`` what it can be asked; ``Edition`` a composed issue in one language;
``Message`` the rendered edition, with neutral placeholders in it.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol, Self

from pydantic import Field, model_validator

from newsletter.errors import Position, did_you_mean
from newsletter.item import FOCUS_PATTERN, ID_PATTERN, Extra, Figure, Image, Item, ItemId, Link, Translation
from newsletter.publication import AnyLayout, Category, Order, Publication
from newsletter.schema import Date, Model, Month, Text, Words, wrong

__all__ = [
    "FOCUS_PATTERN",
    "ID_PATTERN",
    "Extra",
    "Figure",
    "Image",
    "Item",
    "ItemId",
    "Link",
    "Translation",
]  # of item


class Query(Model):
    """What the archive can be asked; empty parts do not restrict."""

    month: Month | None = None
    """Items dated in this month (YYYY-MM)."""
    from_: Annotated[Date | None, Field(alias="from")] = None
    """Items of this day and later."""
    to: Date | None = None
    """Items of this day and earlier."""
    categories: Words = ()
    """Items of any of these categories."""
    tags: Words = ()
    """Items with any of these tags."""
    ids: Words = ()
    """Just these items."""
    text: Text = ""
    """Items with all of these words (full text; a word may end in *)."""
    language: Text = ""
    """Items in this language."""
    exclude: Words = ()
    """All but these items."""
    limit: Annotated[int, Field(ge=0)] = 0
    """So many at most (0: all)."""
    order: Order = "newest"
    """newest, oldest or title; items of one day stay in the archive's order."""

    model_config = Model.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise wrong(f"'from' ({self.from_}) is later than 'to' ({self.to})", "swap them")
        return self


class Archive(Protocol):
    """What composing asks of an archive."""

    def select(self, query: Query) -> Sequence[Item]:
        """Return the items that ``query`` asks for, in its order."""

    def get(self, ids: Iterable[str]) -> Mapping[str, Item]:
        """Return the items of these ids that there are."""

    def near(self, item_id: str) -> Sequence[str]:
        """Return ids that are spelt nearly like ``item_id``."""

    def months(self) -> Sequence[tuple[str, int]]:
        """Return each month (YYYY-MM) that has items, with their number, in order; undated ones as ''."""


PlaceholderKind = Literal["url", "link", "value"]

PERSONAL = ("first_name", "last_name", "full_name", "email", "organisation")
"""What an editor may put into an issue as ``[[name|default]]``; every one is of the kind ``value``."""

PERSONAL_PATTERN = re.compile(r"\[\[\s*([^\[\]|\n]*?)\s*(?:\|\s*([^\[\]\n]*?))?\s*\]\]")
"""``[[name|default]]``: group 1 is the name, group 2 the default or None."""


_BEGUN = re.compile(rf"\[\[\s*({'|'.join(PERSONAL)})\b")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A neutral stand-in for what the mailing service fills in.

    ``token`` is plain URL-safe ASCII that content cannot guess. Of the kind ``url`` it stands where an address
    stands; of the kind ``link`` it is the address of an ``<a>`` that a service may replace as a whole; of the
    kind ``value`` it stands in text, with a ``default``.
    """

    token: str
    kind: PlaceholderKind
    name: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What earlier published issues took: item id to the issue that carried it; and the last one's date."""

    items: Mapping[str, str] = field(default_factory=dict)
    announcements: frozenset[str] = frozenset()
    last_issue: str = ""
    last_date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was left out, shortened or decided while composing, and why."""

    code: str
    message: str
    item: str = ""
    position: Position | None = None

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an edition. ``anchor`` names it within the page; ``overflow`` stands in the web version.

    A block is a section as well: without a heading, and with a single item of its own (whose title may be empty).
    """

    anchor: str
    category: Category
    heading: str
    layout: AnyLayout
    blurb: str
    items: tuple[Item, ...]
    overflow: tuple[Item, ...] = ()
    columns: int = 1
    block: bool = False
    sponsored: bool = False
    heading_language: str = ""
    """Language of the heading, where it is not the edition's; of the blurb likewise."""
    blurb_language: str = ""


@dataclass(frozen=True, slots=True)
class OtherEdition:
    """The same issue in another language: ``name`` is that language's own name, ``url`` its web version."""

    language: str
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue, composed: everything that a theme needs, in one language."""

    publication: Publication
    issue: str
    number: int | None
    date: datetime.date
    language: str
    subject: str
    preheader: str
    editorial: str
    lead: Item | None
    sections: tuple[Section, ...]
    web_version: str | None = None
    notes: tuple[Note, ...] = ()
    editorial_language: str = ""
    """Language of the editorial, where it is not the edition's."""
    others: tuple[OtherEdition, ...] = ()
    folder: str = ""
    """Where it stands below its issue: '' or its language."""
    foreign: Mapping[str, str] = field(default_factory=dict)
    """Languages of what is not in the edition's: title, description, reason, name and address of the publication, and
    the lead's category (``lead``)."""

    def language_of(self, what: str) -> str:
        """Return the language of a text (see ``foreign``), or '' where it is the edition's."""
        return self.foreign.get(what, "")

    @property
    def path(self) -> str:
        """Its place below build/ and ``base_url``: ISSUE, or ISSUE/LANG."""
        return f"{self.issue}/{self.folder}" if self.folder else self.issue

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of the archive that the mail shows, the lead first."""
        lead = (self.lead,) if self.lead else ()
        return lead + tuple(item for section in self.sections if not section.block for item in section.items)

    @property
    def web_items(self) -> tuple[Item, ...]:
        """Every item of the archive that the web version shows: those of the mail, then what was over a limit."""
        return self.items + tuple(item for section in self.sections for item in section.overflow)

    @property
    def contents(self) -> tuple[Item, ...]:
        """All that is shown: the items, and what the blocks hold."""
        return self.web_items + tuple(item for section in self.sections if section.block for item in section.items)


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered edition. ``html``, ``text``, ``subject`` and ``preheader`` hold neutral placeholders."""

    edition: Edition
    subject: str
    preheader: str
    html: str
    text: str
    web: str
    placeholders: tuple[Placeholder, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """An item's picture, made for its place: as a mail (``src``) and a page (``page``) ask for it.

    Sizes are in CSS pixels; the file has up to twice as many. ``height`` is None where it is not known.
    """

    src: str
    page: str
    width: int
    height: int | None
    alt: str
    credit: str = ""


Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What preflight has to say: which rule, how grave, where, and what to do."""

    rule: str
    severity: Severity
    message: str
    where: str
    hint: str = ""


def personal_mistakes(text: str) -> Iterable[tuple[str, str, str]]:
    """Yield ``(what stands there, what is wrong, what to write)`` for each ``[[…]]`` that is no placeholder."""
    for match in PERSONAL_PATTERN.finditer(text):
        name, default = match.groups()
        if name not in PERSONAL:
            near = did_you_mean(name, PERSONAL) or f"expected one of: {', '.join(PERSONAL)}"
            yield match[0], f"unknown placeholder '[[{name}]]'", near
        elif not default:
            yield (
                match[0],
                f"'[[{name}]]' has no default",
                f"write [[{name}|colleague]], for readers without one",
            )
    for match in _BEGUN.finditer(PERSONAL_PATTERN.sub("", text)):
        yield match[0], f"'{match[0]}' is not closed", f"write [[{match[1]}|colleague]]"
