"""newsletter.yaml: the publication, as a validated and immutable model."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from newsletter.schema import Language, Line, Model, Text, Words, wrong

FORMAT = 1
"""Version of the workspace's files; an older one is brought up to date by a later ``migrate``."""

Layout = Literal["cards", "list", "feature", "portrait"]
LAYOUTS: tuple[Layout, ...] = ("cards", "list", "feature", "portrait")
"""How a section shows its items: full items, compact lines (title and date, or when and where of an event; the summary
stands in the web version), interviews, portraits of people."""

Order = Literal["newest", "oldest", "title"]
Name = Annotated[str, StringConstraints(min_length=1)]
_PLACES = re.compile(r"\[\[|\]\]|[{}]")


def _address(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+", value):
        raise wrong(f"'{value}' is not an e-mail address", "write it as name@example.org")
    if isinstance(value, str) and not value.isascii():
        # mail programs show an address in other letters; in a header it has none (RFC 5321, without RFC 6531)
        raise wrong(
            f"'{value}' is not in ASCII", "write an international domain as xn--…, and the name in Latin letters"
        )
    return value


def _web(value: Any) -> Any:
    if isinstance(value, str) and value and not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise wrong(f"'{value}' is not a web address", "begin it with https://")
    return value or None


def _base(value: Any) -> Any:
    if isinstance(value, str) and re.search(r"[?#]", value):
        raise wrong(f"'{value}' has '?' or '#' in it", "write the address of a folder: https://example.org/news")
    return _web(value)


def _issue_address(value: Any) -> Any:
    if isinstance(value, str) and value:
        if "{issue}" not in value:
            raise wrong(f"'{value}' is the same for every issue", "put {issue} where the issue's name belongs")
        _plain(value.replace("{issue}", ""), value)
    return _web(value)


def _plain(value: str, shown: str) -> None:
    found = _PLACES.search(value)
    if found:
        raise wrong(
            f"'{shown}' has '{found[0]}' in it, which stands as it is in the mail", "only {issue} is filled in here"
        )


def _web_or_mailto(value: Any) -> Any:
    if isinstance(value, str) and (found := _PLACES.search(value)):
        raise wrong(f"'{value}' has '{found[0]}' in it", "write the address itself: nothing is filled in here")
    if isinstance(value, str) and re.fullmatch(r"mailto:[^\s@?]+@[^\s@?]+(\?\S*)?", value):
        return value
    if isinstance(value, str) and value and not value.startswith(("http://", "https://")):
        raise wrong(f"'{value}' is no address to unsubscribe at", "begin it with https:// or mailto:")
    return _web(value)


def _heading(value: Any) -> Any:
    return {"one": value, "other": value} if isinstance(value, str) else value


def _theme(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Address = Annotated[str, BeforeValidator(_address)]
WebAddress = Annotated[str | None, BeforeValidator(_web)]
BaseAddress = Annotated[str | None, BeforeValidator(_base)]
IssueAddress = Annotated[str | None, BeforeValidator(_issue_address)]
UnsubscribeAddress = Annotated[str | None, BeforeValidator(_web_or_mailto)]


class Organisation(Model):
    """Who publishes."""

    name: Name
    """Full name, as the footer shows it."""
    url: WebAddress = None
    """Its web site."""
    postal_address: Name
    """Postal address, one line a line; the law of many countries wants it in every mailing."""


class Sender(Model):
    """Who the mail comes from."""

    name: Line
    """Shown name of the sender."""
    address: Address
    """E-mail address of the sender."""
    reply_to: Address | None = None
    """Where answers go, when not to the sender."""


class Heading(Model):
    """A heading over one item, and over several."""

    one: Name
    """Over a single item: Article."""
    other: Name
    """Over several: Articles."""


class Category(Model):
    """A category of items; its place in the list is its place in the issue."""

    name: Name
    """Its name, as items carry it."""
    layout: Layout = "cards"
    """How its section looks: full items (cards); title and date, or when and where, the summary in the web version
    only (list); interviews (feature); people (portrait)."""
    heading: Annotated[Heading | None, BeforeValidator(_heading, json_schema_input_type=str | Heading | None)] = None
    """Heading of its section (a text, or `one` and `other`); its name when absent."""
    blurb: Text = ""
    """What the series is about: stands once under the heading, and is not repeated in the items."""
    aliases: Words = ()
    """Earlier names, and other spellings."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and everything else that it goes by."""
        return self.name, *self.aliases


class Limits(Model):
    """How much an issue shows; what is over is counted and stands in the web version."""

    items: Annotated[int, Field(ge=0)] = 0
    """Most items of a section (0: no limit)."""
    contents: Annotated[int, Field(ge=0)] = 4
    """The contents ("In this issue") stand when there are at least so many items (0: never)."""


class ThemeChoice(Model):
    """Which theme, and what is changed of it."""

    name: Name = "classic"
    """A theme of templates/, a built-in one, or one of an installed package."""
    tokens: dict[str, str] = {}
    """Values of the theme's own tokens (`newsletter themes show NAME` lists them)."""


class TextOptions(Model):
    """The plain-text part."""

    links: Literal["section", "inline"] = "section"
    """Addresses numbered at the end of each section, or right behind their text."""
    width: Annotated[int, Field(ge=40, le=200)] = 72
    """Columns of a line."""


class Publication(Model):
    """A publication: what is the same in every issue (newsletter.yaml)."""

    format: Annotated[int, Field(ge=1, le=FORMAT)] = FORMAT
    """Version of the workspace's files."""
    title: Line
    """Name of the publication."""
    aliases: Words = ()
    """Other names it goes by; an item that announces an issue of it is recognised by them."""
    description: Text = ""
    """One line under the title."""
    organisation: Organisation
    """Who publishes it."""
    sender: Sender
    """Who the mail comes from."""
    base_url: BaseAddress = None
    """Where the publication is on the web: a mail asks for its pictures at BASE_URL/ISSUE/images/."""
    web_version: IssueAddress = None
    """Address of an issue's web version; `{issue}` stands for the issue's name."""
    unsubscribe: UnsubscribeAddress = None
    """Where a reader unsubscribes: https://… or mailto:…"""
    reason: Text = ""
    """Why the reader gets this mail: a sentence for the footer."""
    language: Language = "en"
    """Language of the publication (BCP 47)."""
    categories: tuple[Category, ...] = ()
    """The categories in the order of display."""
    limits: Limits = Field(default_factory=Limits)
    """How much an issue shows."""
    theme: Annotated[ThemeChoice, BeforeValidator(_theme, json_schema_input_type=str | ThemeChoice)] = Field(
        default_factory=ThemeChoice
    )
    """Name of the theme, or `name` and `tokens`."""
    text: TextOptions = Field(default_factory=TextOptions)
    """The plain-text part."""
    service: Name = "plain"
    """The mailing service that build/ is made for; `plain` needs none."""
    inliner: Literal["premailer", "css-inline"] = "premailer"
    """What puts the styles into the elements."""
    images: Literal["hosted", "attached"] = "hosted"
    """How pictures travel: from `base_url`, where you put what is in build/ISSUE/images (hosted), or within the .eml
    (attached)."""

    @cached_property
    def category_names(self) -> dict[str, Category]:
        """Every name and alias of a category, case folded, to its category."""
        return {name.casefold(): category for category in self.categories for name in category.names}

    def category(self, name: str) -> Category | None:
        """Return the category that goes by ``name`` (or had it once), or None."""
        return self.category_names.get(name.casefold())

    def web_address(self, issue: str) -> str | None:
        """Return the address of the web version of ``issue``, or None where there is none."""
        return self.web_version.replace("{issue}", issue) if self.web_version else None
