"""issues/ISSUE.yaml: what an issue is made of, as a validated and immutable model."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from newsletter import yamlfile
from newsletter.errors import ContentError, Position, Problem
from newsletter.model import ItemId, Query, personal_mistakes
from newsletter.publication import Block, Layout, Name, Order, Publication
from newsletter.schema import Date, Language, Model, Text, validate, wrong
from newsletter.workspace import ISSUE_NAME
from newsletter.yamlfile import YamlFile


def _since(value: Any) -> Any:
    if isinstance(value, str) and value != "last-issue":
        raise wrong(f"'since' cannot be '{value}'", "write last-issue, or use 'from: YYYY-MM-DD'")
    return value


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return "" if value is None else value
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError:
        raise wrong(f"'{value}' is no time", "write it as 2017-09-29T14:30:00Z") from None
    return value


Moment = Annotated[str, BeforeValidator(_moment, json_schema_input_type=str | None)]
"""A day and a time (ISO 8601)."""


class Select(Query):
    """Which items of the archive the issue may carry."""

    since: Annotated[Literal["last-issue"] | None, BeforeValidator(_since)] = None
    """last-issue: what has come since the last published issue."""


class SectionTranslation(Model):
    """A section in another language."""

    heading: Text = ""
    """Its heading in that language."""


class SectionDefinition(Model):
    """One section of the issue."""

    category: str
    """The category whose items it shows; `""` for the items without one."""
    heading: Text = ""
    """Its heading, when not the category's."""
    layout: Layout | None = None
    """Its layout, when not the category's."""
    columns: Annotated[int, Field(ge=1, le=2)] | None = None
    """Columns of cards, when not the category's."""
    limit: Annotated[int, Field(ge=0)] | None = None
    """Most items in the mail (0: no limit); what is over it is counted, and stands in the web version."""
    order: Order | None = None
    """newest (when absent; events: the next first), oldest or title."""
    items: tuple[ItemId, ...] = ()
    """Items pinned to the top, in this order."""
    only: bool = False
    """Only the pinned items."""
    translations: dict[Language, SectionTranslation] = {}
    """Heading in other languages."""

    @model_validator(mode="after")
    def _has_items(self) -> Self:
        if self.only and not self.items:
            raise wrong("a section with 'only: true' shows nothing without 'items'", "name its items, or remove 'only'")
        return self


class OverrideTranslation(Model):
    """What reads differently in this issue, in another language."""

    title: Text = ""
    """Title in that language."""
    summary: Text | None = None
    """Summary in that language (Markdown); empty for none."""
    url: Text = ""
    """Address in that language."""


class Override(Model):
    """What reads differently in this issue only; the archive keeps its own. Placeholders stand as they are written."""

    title: Text = ""
    """Title in this issue."""
    summary: str | None = None
    """Summary in this issue (Markdown); empty for none."""
    url: Text = ""
    """Address in this issue."""
    translations: dict[Language, OverrideTranslation] = {}
    """Title, summary and address in other languages, in this issue."""


class IssueBlock(Block):
    """A block of this issue: one of the publication's by its name, and what is different here; or one of its own."""

    off: bool = False
    """The publication's block of this name does not stand in this issue."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        return self  # what it lacks, the publication's may have


class IssueTranslation(Model):
    """The issue in another language."""

    subject: Text = ""
    """Subject of that edition."""
    preheader: Text = ""
    """Preheader of that edition."""
    editorial: Text = ""
    """Editorial of that edition, Markdown."""
    of: Text = ""
    """Which state of the original it was made from; `newsletter translate` writes and checks it."""


class Comment(Model):
    """What one colleague tells another about the issue, or about an item of it."""

    item: ItemId | None = None
    """The item that it is about; the issue as a whole when absent."""
    by: Text = ""
    """Who says it."""
    at: Moment = ""
    """When it was said: YYYY-MM-DDTHH:MM:SSZ."""
    text: Annotated[str, Field(min_length=1)]
    """What is said."""
    done: bool = False
    """Settled."""


class IssueDefinition(Model):
    """An issue: a date is enough."""

    number: Annotated[int, Field(ge=0)] | None = None
    """Its number."""
    date: Date
    """Its date."""
    subject: Text = ""
    """Subject of the mail; made from title, number and month when absent. Takes placeholders:
    `[[first_name|colleague]]`, and `last_name`, `full_name`, `email`, `organisation`; each has a default behind `|`."""
    preheader: Text = ""
    """What an inbox shows behind the subject; made from the first titles when absent. Takes placeholders."""
    editorial: Text = ""
    """A few words before the news, Markdown. Takes placeholders."""
    select: Select | None = None
    """Which items; those of the month of its date when absent."""
    lead: ItemId | None = None
    """The item that stands first, large."""
    sections: tuple[SectionDefinition, ...] = ()
    """The sections; when absent, the publication's categories in their order."""
    overrides: dict[str, Override] = {}
    """By item: what reads differently in this issue."""
    blocks: tuple[IssueBlock, ...] = ()
    """The publication's blocks that are different here or off, and blocks of this issue. Those that are named here come
    first where several have one place, in this order."""
    language: Language | None = None
    """Language that the issue is written in, when not the publication's."""
    languages: tuple[Language, ...] = ()
    """Languages of its editions, when not the publication's: one edition in each, in build/ISSUE/LANG."""
    translations: dict[Language, IssueTranslation] = {}
    """Subject, preheader and editorial in other languages."""
    theme: Name | None = None
    """Its theme, when not the publication's. Tokens of newsletter.yaml that it does not have are passed over."""
    comments: tuple[Comment, ...] = ()
    """What colleagues tell each other; never a part of the mail."""

    @property
    def told(self) -> str:
        """All that it says about the mail, as one text: what builds the same mail reads the same here."""
        return self.model_dump_json(exclude={"comments"}, exclude_unset=True)


PERSONAL_KEYS = ("subject", "preheader", "editorial")
"""Keys of a definition that take ``[[name|default]]``."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A definition, its name (the file's stem), and the file that knows where each value stands."""

    name: str
    definition: IssueDefinition
    file: YamlFile | None = None

    def written_in(self, publication: Publication) -> str:
        """Return the language that the issue is written in."""
        return self.definition.language or publication.language

    def position(self, location: Sequence[str | int], *, key: bool = False) -> Position:
        """Return where a value of the definition stands."""
        return self.file.position(location, key=key) if self.file else Position(f"{self.name}.yaml")


def load(path: Path) -> Issue:
    """Load and validate one issue definition.

    Raises:
        ContentError: every mistake in it, each with line and column.
    """
    if not ISSUE_NAME.fullmatch(path.stem):
        raise ContentError.at(path, "the name of an issue is its address", "use letters, digits, '-', '_' and '.'")
    return parse(yamlfile.read_text(path), path)


def parse(text: str, path: Path) -> Issue:
    """Validate the text of an issue definition; ``path`` gives its name. Raises :class:`ContentError`, as above."""
    file = yamlfile.parse(text, path)
    if not isinstance(file.data, dict):
        raise ContentError.at(path, "an issue definition holds keys with values", "such as 'date: 2017-09-29'", 1, 1)
    found = [
        Problem(file.find(location, text), message, hint)
        for location, value in _personal(file.data)
        for text, message, hint in personal_mistakes(value)
    ]
    try:
        definition: IssueDefinition = validate(IssueDefinition, file)
    except ContentError as error:
        raise ContentError(sorted([*error.problems, *found])) from None
    if found:
        raise ContentError(sorted(found))
    return Issue(path.stem, definition, file)


def _personal(data: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each text that takes placeholders, with its place; the data is not validated yet."""
    places: list[tuple[tuple[str, ...], Any]] = [((), data)]
    translations = data.get("translations")
    if isinstance(translations, dict):
        places += [(("translations", language), texts) for language, texts in translations.items()]
    for place, texts in places:
        for key in PERSONAL_KEYS if isinstance(texts, dict) else ():
            if isinstance(value := texts.get(key), str):
                yield (*place, key), value


def load_all(paths: Iterable[Path]) -> list[Issue]:
    """Load several definitions. Raises :class:`ContentError` with the mistakes of all of them."""
    issues: list[Issue] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            issues.append(load(path))
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)
    return issues
