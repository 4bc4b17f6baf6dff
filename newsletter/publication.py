"""newsletter.yaml: the publication, as a validated and immutable model."""

import re
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from newsletter.item import ID_PATTERN, Figure, OneImage, figure_texts, file_alone, idle_words
from newsletter.schema import (
    Date,
    Language,
    Line,
    Model,
    Said,
    Text,
    Words,
    in_language,
    in_words,
    same_language,
    wrong,
)

FORMAT = 1
"""Version of the workspace's files; an older one is brought up to date by a later ``migrate``."""

Layout = Literal[
    "cards", "list", "feature", "portrait", "events", "resources", "callout", "quote", "numbers", "image", "text"
]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
"""How a section shows its items: full items, compact lines (title and date, or when and where of an event; the summary
stands in the web version), interviews, portraits of people, events by month, publications, one message with a button,
somebody's words, figures, a picture over the whole width, plain text."""
BlockLayout = Literal["text", "callout", "quote", "numbers", "image", "divider"]
AnyLayout = Layout | BlockLayout

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
        _plain(value.replace("{issue}", "").replace("{language}", ""), value)
    return _web(value)


def _plain(value: str, shown: str) -> None:
    found = _PLACES.search(value)
    if found:
        raise wrong(
            f"'{shown}' has '{found[0]}' in it, which stands as it is in the mail",
            "only {issue} and {language} are filled in here",
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


def _place(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"start|end|(before|after) \S.*", value):
        raise wrong(f"'{value}' is no place", "write start, end, before CATEGORY or after CATEGORY")
    return value


def _link(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(
        r"https?://[^\s/]+\S*|mailto:[^\s@?]+@[^\s@?]+(\?\S*)?|tel:\+?[\d-]+", value
    ):
        raise wrong(f"'{value}' is no address of a link", "begin it with https://, mailto: or tel:")
    return value


def _theme(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Address = Annotated[str, BeforeValidator(_address)]
WebAddress = Annotated[str | None, BeforeValidator(_web)]
BaseAddress = Annotated[str | None, BeforeValidator(_base)]
IssueAddress = Annotated[str | None, BeforeValidator(_issue_address)]
UnsubscribeAddress = Annotated[str | None, BeforeValidator(_web_or_mailto)]
LinkAddress = Annotated[str, BeforeValidator(_link)]
Place = Annotated[str, BeforeValidator(_place)]
BlockName = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=60)]


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


class CategoryTranslation(Model):
    """A category in another language."""

    heading: Annotated[Heading | None, BeforeValidator(_heading, json_schema_input_type=str | Heading | None)] = None
    """Heading of its section in that language."""
    blurb: Text = ""
    """What the series is about, in that language."""
    of: Text = ""
    """Which state of the original it was made from; `newsletter translate` writes and checks it."""


class Category(Model):
    """A category of items; its place in the list is its place in the issue."""

    name: Name
    """Its name, as items carry it."""
    layout: Layout = "cards"
    """How its section looks: full items (cards); title and date, or when and where, the summary in the web version
    only (list); interviews (feature); people (portrait); events by month (events); publications (resources); one
    message with a button (callout); somebody's words (quote); figures (numbers); a picture over the whole width
    (image); plain text (text)."""
    columns: Annotated[int, Field(ge=1, le=2)] = 1
    """Columns of cards, where the theme has room for two; on a phone there is one."""
    heading: Annotated[Heading | None, BeforeValidator(_heading, json_schema_input_type=str | Heading | None)] = None
    """Heading of its section (a text, or `one` and `other`); its name when absent."""
    blurb: Text = ""
    """What the series is about: stands once under the heading, and is not repeated in the items."""
    aliases: Words = ()
    """Earlier names, and other spellings."""
    translations: dict[Language, CategoryTranslation] = {}
    """Heading and blurb in other languages."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and everything else that it goes by."""
        return self.name, *self.aliases

    def in_language(self, language: str) -> Self:
        """Return the category as an edition in ``language`` heads it."""
        other = in_language(self.translations, language)
        if other is None:
            return self
        changes = {key: value for key in ("heading", "blurb") if (value := getattr(other, key))}
        return self.model_copy(update=changes)


class Button(Model):
    """A button: what it says, and where it leads."""

    label: Name
    """What it says."""
    url: LinkAddress
    """Where it leads: https://… or mailto:…"""


class BlockTranslation(Model):
    """A block in another language."""

    title: Text = ""
    """Its title in that language."""
    text: Text = ""
    """Its text in that language, Markdown."""
    button: Text = ""
    """What its button says in that language."""
    words: dict[str, Said] = {}
    """Its further texts in that language, by the original (`members: membres`): of `by`, `role`, `figures`, the
    picture's `alt` and `credit`."""
    of: Text = ""
    """Which state of the original it was made from; `newsletter translate` writes and checks it."""


class Block(Model):
    """A standing part of every issue: who we are, a call for papers until a date, a sponsor's place."""

    name: BlockName
    """Its name; an issue speaks of it by it."""
    layout: BlockLayout = "text"
    """How it looks."""
    title: Text = ""
    """Its title."""
    text: Text = ""
    """What it says, Markdown; of a quote, the words; of an image, what stands below it."""
    image: OneImage = None
    """Its picture: a file or an address, or `src`, `alt`, `credit`, `focus`."""
    button: Button | None = None
    """Its button: `label` and `url`."""
    by: Text = ""
    """Of a quote: who says it."""
    role: Text = ""
    """Of a quote: what this person does."""
    figures: Annotated[tuple[Figure, ...], Field(max_length=4)] = ()
    """Of numbers: two to four, each with `value` and `label`."""
    place: Place = "end"
    """Where it stands: start, end, before CATEGORY, after CATEGORY (the end, when the issue has no such section)."""
    from_: Annotated[Date | None, Field(alias="from")] = None
    """It stands in issues of this day and later."""
    until: Date | None = None
    """It stands in issues of this day and earlier."""
    languages: Words = ()
    """It stands in editions of these languages only."""
    sponsored: bool = False
    """Somebody paid for it: it is labelled, and stands in a frame."""
    translations: dict[Language, BlockTranslation] = {}
    """Title, text and button in other languages."""

    model_config = Model.model_config | {"populate_by_name": True}

    def mistake(self) -> tuple[str, str]:
        """Return what the block lacks for its layout, and what to do; empty where it is whole."""
        needs = {
            "text": (self.text or self.title or self.image or self.button, "'text'"),
            "callout": (self.text or self.title, "'title' or 'text'"),
            "quote": (self.text, "'text', the words"),
            "numbers": (len(self.figures) > 1, "'figures', two to four of them"),
            "image": (self.image, "'image'"),
            "divider": (not (self.title or self.text or self.image or self.button or self.figures), ""),
        }
        there, what = needs[self.layout]
        if not there and self.layout == "divider":
            return f"the block '{self.name}' is a line, and what it says would be lost", "give it another layout"
        if not there and self.figures:
            return f"the block '{self.name}' has one figure", "give it two to four"
        if not there:
            return f"the block '{self.name}' shows nothing: its layout is {self.layout}", f"give it {what}"
        if self.from_ and self.until and self.from_ > self.until:
            return f"the block '{self.name}' begins ({self.from_}) after it ends ({self.until})", "swap them"
        return "", ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        message, hint = self.mistake()
        if message:
            raise wrong(message, hint)
        return self

    def in_language(self, language: str) -> Self:
        """Return the block as an edition in ``language`` says it."""
        other = in_language(self.translations, language)
        if other is None:
            return self
        changes: dict[str, object] = {key: text for key in ("title", "text") if (text := getattr(other, key))}
        if other.button and self.button:
            changes["button"] = self.button.model_copy(update={"label": other.button})
        changes["figures"] = tuple(each.in_words(other.words) for each in self.figures)
        changes["image"] = self.image and in_words(self.image, other.words, "alt", "credit")
        return in_words(self, other.words, "by", "role").model_copy(update=changes)

    def idle(self, other: BlockTranslation) -> list[str]:
        """Return what says nothing in a translation: ``button`` without one, ``words`` of no original."""
        said = {self.by, self.role, *(text for each in self.figures for text in (each.value, each.label))}
        said |= {self.image.alt or "", self.image.credit} if self.image else set()
        return (["button"] if other.button and not self.button else []) + idle_words(other.words, said)

    @property
    def originals(self) -> dict[str, str]:
        """What a translation remembers the state of: title, text, button."""
        return {"title": self.title, "text": self.text, "button": self.button.label if self.button else ""}

    @property
    def further_texts(self) -> dict[str, str]:
        """What a translation has ``words`` for, by what it is: ``role``, ``figures/1/label``, ``alt``."""
        picture = {"alt": self.image.alt or "", "credit": self.image.credit} if self.image else {}
        texts = {"by": self.by, "role": self.role, **figure_texts(self.figures), **picture}
        return {key: text for key, text in texts.items() if text}


class Elsewhere(Model):
    """Another place where one finds the organisation."""

    label: Name
    """What it is called: Mastodon, Podcast."""
    url: LinkAddress
    """Where it is: https://…"""


class Logo(Model):
    """The organisation's sign, for the masthead."""

    src: Name
    """A file of the workspace, or an address."""
    dark: Text = ""
    """The same for dark grounds; without it the logo stands on a light ground in dark mode."""
    alt: Text = ""
    """What it says; the organisation's name when absent."""
    width: Annotated[int, Field(ge=16, le=600)] = 160
    """Its width in pixels."""


class PublicationTranslation(Model):
    """What the publication says of itself in another language."""

    title: Text = ""
    """Its name in that language."""
    description: Text = ""
    """One line under the title."""
    reason: Text = ""
    """Why the reader gets this mail."""
    words: dict[str, Said] = {}
    """Further texts in that language, by the original: the names of the organisation and the sender, labels in
    `social`, the logo's `alt`."""


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
    """Address of an issue's web version; `{issue}` stands for the issue's name, `{language}` for the edition's
    language."""
    unsubscribe: UnsubscribeAddress = None
    """Where a reader unsubscribes: https://… or mailto:…"""
    reason: Text = ""
    """Why the reader gets this mail: a sentence for the footer."""
    language: Language = "en"
    """Language of the publication (BCP 47)."""
    languages: tuple[Language, ...] = ()
    """Languages of its editions: each issue is built once in each, into build/ISSUE/LANG. One edition when absent."""
    untranslated: Literal["original", "leave-out"] = "original"
    """An item without a translation: shown as it is, its language named, or left out of that edition with a note."""
    translations: dict[Language, PublicationTranslation] = {}
    """Title, description and reason in other languages."""
    categories: tuple[Category, ...] = ()
    """The categories in the order of display."""
    blocks: tuple[Block, ...] = ()
    """Standing parts of every issue, in their order."""
    logo: Annotated[Logo | None, BeforeValidator(file_alone, json_schema_input_type=str | Logo | None)] = None
    """The organisation's sign: a file, or `src`, `dark`, `alt`, `width`."""
    social: tuple[Elsewhere, ...] = ()
    """Where else one finds the organisation: `label` and `url` each, for the footer."""
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
    approval: Literal["optional", "required"] = "optional"
    """Whether an issue must be approved (`newsletter approve`) as it is before it is published or scheduled."""
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

    def web_address(self, issue: str, language: str = "") -> str | None:
        """Return the address of the web version of ``issue``, or None where there is none."""
        if not self.web_version:
            return None
        return self.web_version.replace("{issue}", issue).replace("{language}", language or self.language)

    def in_language(self, language: str) -> Self:
        """Return the publication as an edition in ``language`` speaks of it; what is not translated stays.

        Blocks stay as they are: they are translated where they are placed.
        """
        if same_language(language, self.language):
            return self
        other = in_language(self.translations, language)
        texts = {key: getattr(other, key) for key in ("title", "description", "reason")} if other else {}
        changes: dict[str, object] = {
            **{key: text for key, text in texts.items() if text},
            "categories": tuple(category.in_language(language) for category in self.categories),
        }
        if other and other.words:
            changes |= self._in_words(other.words)
        spoken = self.model_copy(update=changes)
        spoken.__dict__.pop("category_names", None)  # worked out for the other categories
        return spoken

    @property
    def further_texts(self) -> dict[str, str]:
        """What a translation has ``words`` for, by what it is: ``organisation``, ``sender``, ``social/1``, ``logo``."""
        social = {f"social/{number}": link.label for number, link in enumerate(self.social, 1) if link.label}
        logo = {"logo": self.logo.alt} if self.logo and self.logo.alt else {}
        return {"organisation": self.organisation.name, "sender": self.sender.name, **social, **logo}

    def idle(self, language: str) -> list[str]:
        """Return the ``words`` of a translation that stand for nothing that the publication says."""
        other = in_language(self.translations, language)
        return idle_words(other.words, set(self.further_texts.values())) if other else []

    def _in_words(self, words: dict[str, str]) -> dict[str, object]:
        return {
            "organisation": in_words(self.organisation, words, "name"),
            "sender": in_words(self.sender, words, "name"),
            "social": tuple(in_words(link, words, "label") for link in self.social),
            "logo": self.logo and in_words(self.logo, words, "alt"),
        }
