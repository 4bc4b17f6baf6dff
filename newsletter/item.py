"""An item of the archive, and what it is made of. Its texts are untrusted."""

import datetime
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from newsletter.errors import did_you_mean
from newsletter.schema import Date, Model, Said, Text, Words, in_words, wrong

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ItemId = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=120)]
"""Short, readable name of an item; made from its title once and never changed."""


def file_alone(value: Any) -> Any:
    """Return what a text stands for where a picture is expected: its file."""
    return {"src": value} if isinstance(value, str) else value


def _focus(value: Any) -> Any:
    if isinstance(value, str) and value and not FOCUS_PATTERN.fullmatch(value):
        raise wrong(
            f"'{value}' is no part of a picture", "write center, top, bottom, left, right, or a point as 30% 20%"
        )
    return value


FOCUS_PATTERN = re.compile(r"(?:center|top|bottom|left|right|(\d{1,2}|100)% (\d{1,2}|100)%)")
"""What ``focus`` may be; groups 1 and 2 are a point's distances from the left and from the top, in percent."""


_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}):(\d{2}))?")


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return "" if value is None else value
    match = _MOMENT.fullmatch(value.strip())
    hint = "write it as 2017-09-29, or 2017-09-29 14:30"
    if not match:
        raise wrong(f"'{value}' is no day or time", hint)
    try:
        day = datetime.date.fromisoformat(match[1])
        time = f" {datetime.time(int(match[2]), int(match[3])):%H:%M}" if match[2] else ""
    except ValueError:
        raise wrong(f"there is no '{value}' in the calendar", hint) from None
    return f"{day}{time}"


def _zone(value: Any) -> Any:
    if not isinstance(value, str) or value in ("", "UTC"):
        return "" if value is None else value
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415 - only events with a time have one

    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        hint = did_you_mean(value, sorted(available_timezones())) or "write it as Europe/Zurich or UTC"
        raise wrong(f"there is no time zone '{value}'", hint) from None
    return value


def _is_on_the_clock(moment: str, zone: str) -> bool:
    """Whether a clock shows this time: not in the hour that is left out when clocks go forward."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only events with a time have a zone

    local = datetime.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(datetime.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None)


Moment = Annotated[str, BeforeValidator(_moment, json_schema_input_type=str | None)]
"""A day (YYYY-MM-DD), or a day and a time (YYYY-MM-DD HH:MM)."""
Zone = Annotated[str, BeforeValidator(_zone, json_schema_input_type=str | None)]
"""A time zone of the IANA database."""


class Link(Model):
    """A further link of an item: "Read in French", "PDF"."""

    label: Text = ""
    """What the reader clicks on; when absent, the name of its language."""
    url: str
    """Where it leads (http, https, mailto or tel)."""
    language: Text = ""
    """Language of what is there (BCP 47)."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.label and not self.language:
            raise wrong("a link says nothing", "give it a 'label', or the 'language' of what is there")
        return self


class Image(Model):
    """A picture of an item."""

    src: Annotated[str, StringConstraints(min_length=1)]
    """A file of the workspace (JPEG, PNG, WebP, AVIF, GIF, TIFF), or an address, which stays as it is."""
    alt: str | None = None
    """What it shows, in words; empty for decoration."""
    credit: Text = ""
    """Who made it."""
    focus: Annotated[Text, BeforeValidator(_focus, json_schema_input_type=str | None)] = ""
    """What a crop keeps: center (when absent), top, bottom, left, right, or a point such as 30% 20%."""


OneImage = Annotated[Image | None, BeforeValidator(file_alone, json_schema_input_type=str | Image | None)]
"""A picture, or none; a text is its file."""


class Figure(Model):
    """A figure that is shown large, with what it counts."""

    value: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    """The figure as it is shown: 1,200, 48 %, 3 million."""
    label: Annotated[str, StringConstraints(min_length=1)]
    """What it counts."""

    def in_words(self, words: Mapping[str, str]) -> Self:
        """Return it in other words, by the original."""
        return in_words(self, words, "value", "label")


def figure_texts(figures: Sequence[Figure]) -> dict[str, str]:
    """Return the words of figures by what they are: ``figures/1/label``. A bare number is none."""
    values = {f"figures/{number}/value": each.value for number, each in enumerate(figures, 1)}
    labels = {f"figures/{number}/label": each.label for number, each in enumerate(figures, 1)}
    return {key: text for key, text in sorted((values | labels).items()) if any(map(str.isalpha, text))}


SAID = ("when", "where", "kind", "name", "role", "quote", "question", "button")
"""Keys of :class:`Extra` that hold words."""


class Extra(Model):
    """What some layouts show besides: of an event, a publication, a person, a call; or figures."""

    starts: Moment = ""
    """First day of an event, or its beginning: YYYY-MM-DD, or YYYY-MM-DD HH:MM."""
    ends: Moment = ""
    """Last day of an event, or its end."""
    timezone: Zone = ""
    """Where its clock is: Europe/Zurich, Africa/Nairobi, UTC. Needed where there is a time."""
    when: Text = ""
    """When it takes place, in words, where `starts` cannot say it."""
    where: Text = ""
    """Where it takes place."""
    kind: Text = ""
    """What kind of publication it is: Report, Working paper."""
    name: Text = ""
    """Who speaks or is portrayed."""
    role: Text = ""
    """What this person does."""
    quote: Text = ""
    """A sentence of this person that stands out."""
    question: Text = ""
    """A question of the interview, to make curious."""
    figures: Annotated[tuple[Figure, ...], Field(max_length=4)] = ()
    """Two to four figures."""
    button: Text = ""
    """What its button says, when not "Read more"."""

    @property
    def texts(self) -> dict[str, str]:
        """Its words, by their keys."""
        return {key: text for key in SAID if (text := getattr(self, key))}

    def in_words(self, words: Mapping[str, str]) -> Self:
        """Return it with its figures in other words, by the original."""
        return self.model_copy(update={"figures": tuple(each.in_words(words) for each in self.figures)})

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends and not self.starts:
            raise wrong("'ends' without 'starts'", "say when it starts, or put both into 'when' in words")
        if self.ends and (len(self.ends) != len(self.starts)):
            raise wrong(f"'starts' ({self.starts}) and 'ends' ({self.ends}) differ", "give both a time, or none")
        if self.ends and self.ends < self.starts:
            raise wrong(f"'ends' ({self.ends}) is before 'starts' ({self.starts})", "swap them")
        if len(self.starts) > len("YYYY-MM-DD") and self.ends == self.starts:
            raise wrong(f"'ends' is the same as 'starts' ({self.starts})", "say when it ends, or leave it out")
        if len(self.starts) > len("YYYY-MM-DD") and not self.timezone:
            raise wrong(f"'starts' ({self.starts}) has a time", "say whose: timezone: Europe/Zurich")
        for moment in (self.starts, self.ends) if self.timezone not in ("", "UTC") else ():
            if len(moment) > len("YYYY-MM-DD") and not _is_on_the_clock(moment, self.timezone):
                raise wrong(f"in {self.timezone} there is no {moment}", "the clocks go forward over it")
        return self


class Translation(Model):
    """An item in another language."""

    title: Text = ""
    """Its title in that language."""
    summary: Text = ""
    """Its summary in that language, Markdown."""
    url: Text = ""
    """Where it stands in that language."""
    alt: Text = ""
    """What its picture shows, in that language."""
    extra: Extra | None = None
    """Where, name, role, quote, question, kind and button in that language; what it does not have stays."""
    words: dict[str, Said] = Field(default_factory=dict)
    """Its further texts in that language, by the original (`members: membres`): figures, labels of links, the
    picture's credit."""
    of: Text = ""
    """Which state of the original it was made from; `newsletter translate` writes and checks it."""

    def lacks(self, item: "Item") -> list[str]:
        """Return what of an item's details has no translation here: ``where``, ``figures/1/label``, ``links/1``.

        A picture's credit is mostly a name: it may have one, and lacks none.
        """
        told = self.extra.model_fields_set if self.extra else set()
        summary = ["summary"] if item.summary and not self.summary else []
        details = list(item.extra.texts) if item.extra else []
        further = [name for name, text in item.further_texts.items() if name != "credit" and text not in self.words]
        return [name for name in (*summary, *details, *further) if name.partition("/")[0] not in told]

    def idle(self, item: "Item") -> list[str]:
        """Return what says nothing here, as it is written: ``alt`` without a picture, ``words`` of no original."""
        said = {link.label for link in item.links} | ({item.image.credit} if item.image else set())
        said |= {text for each in (item.extra.figures if item.extra else ()) for text in (each.value, each.label)}
        keys = ["alt"] if self.alt and not item.image else []
        keys += ["extra"] if self.extra and not item.extra else []
        return keys + idle_words(self.words, said)


def idle_words(words: Mapping[str, str], said: Collection[str]) -> list[str]:
    """Return which of a translation's ``words`` stand for nothing, and the text that may be meant."""
    near = {text: did_you_mean(text, [each for each in said if each]) for text in words if text not in said}
    return [f"words: '{text}'{f' ({hint})' if hint else ''}" for text, hint in near.items()]


def state_of(*texts: str) -> str:
    """Return what tells apart the states of an original: a translation remembers which one it was made from."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Item(Model):
    """A news item of the archive. Its texts are untrusted."""

    id: ItemId
    """Short, readable name; never changed."""
    category: Text = ""
    """Name of its category."""
    title: Annotated[str, StringConstraints(min_length=1)]
    """Its title, plain text."""
    date: Date | None = None
    """When it appeared."""
    summary: Text = ""
    """What it says, Markdown."""
    url: Text = ""
    """Where the whole of it is."""
    links: tuple[Link, ...] = ()
    """Further links, labelled."""
    image: OneImage = None
    """Its picture: a file or an address, or `src`, `alt`, `credit`, `focus`."""
    series: Text = ""
    """The series that it belongs to; for searching, no theme shows it."""
    tags: Words = ()
    """Its tags."""
    language: Text = ""
    """Its language (BCP 47), when not the publication's."""
    translations: dict[str, Translation] = Field(default_factory=dict)  # a default of {} is deep-copied, 3 µs an item
    """Title, summary and address in other languages; an issue in such a language shows them."""
    extra: Extra | None = None
    """What some layouts show besides: when and where, who speaks, figures."""
    source: Text = ""
    """Where it came from."""

    @property
    def originals(self) -> dict[str, str]:
        """What :func:`state_of` tells the states of the item by: title, summary and the words of ``extra``."""
        return {"title": self.title, "summary": self.summary} | (self.extra.texts if self.extra else {})

    @property
    def further_texts(self) -> dict[str, str]:
        """What a translation has ``words`` for, by what it is: ``figures/1/label``, ``links/1``, ``credit``."""
        links = {f"links/{number}": link.label for number, link in enumerate(self.links, 1) if link.label}
        credit = {"credit": self.image.credit} if self.image and self.image.credit else {}
        return (figure_texts(self.extra.figures) if self.extra else {}) | links | credit

    def in_words(self, words: Mapping[str, str]) -> Self:
        """Return it with its further texts in other words, by the original."""
        if not words:
            return self
        changes = {
            "extra": self.extra and self.extra.in_words(words),
            "links": tuple(in_words(link, words, "label") for link in self.links),
            "image": self.image and in_words(self.image, words, "credit"),
        }
        return self.model_copy(update=changes)
