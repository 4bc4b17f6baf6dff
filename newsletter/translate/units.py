"""The texts of which there may be several languages: each with its place, its original and its translation. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, unquote

from newsletter.compose.blocks import merged
from newsletter.issues.definition import Issue, OverrideTranslation
from newsletter.item import state_of
from newsletter.model import Item, Translation
from newsletter.publication import Block, Category, Heading, Publication
from newsletter.schema import in_language, same_language
from newsletter.yamledit import Keys

Kind = Literal["publication", "issue", "item"]
State = Literal["missing", "stale", "translated"]

CHANGED = "The original has changed since it was translated"
PERSONAL = "[[name|word]]: keep the name, translate the word behind the |"
MARKDOWN = "Markdown: keep **bold**, *italics* and [words](address) as they are marked"

_MARKED = re.compile(r"[*_\[`#>]|^\s*(?:[-+]|\d+\.)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a translation stands: in newsletter.yaml, a definition or an item, and by which keys from its top."""

    kind: Kind
    name: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Entry:
    """A translation that remembers which state of its original it was made from."""

    place: Place
    """Where ``of`` stands."""
    originals: Mapping[str, str]
    """What ``of`` is made from, in this order: every text, also an empty one."""
    present: Mapping[str, str]
    of: str

    @property
    def stale(self) -> bool:
        """Whether the original has changed since."""
        return bool(self.of) and self.of != state_of(*self.originals.values())


@dataclass(frozen=True, slots=True)
class Unit:
    """A text to translate. ``id`` says where it belongs; ``what`` tells a translator what it is."""

    id: str
    what: str
    source: str
    language: str
    """Of the original."""
    place: Place
    present: str = ""
    """Its translation, as it is now."""
    entry: Entry | None = None
    """What it is part of, where that remembers its original."""
    long: bool = False
    """Markdown, of any number of lines; else a single line."""
    personal: bool = False
    """Whether ``[[first_name|colleague]]`` is filled in."""
    about: str = ""
    """What helps to understand it: an address."""

    @property
    def state(self) -> State:
        """Whether there is a translation, and whether it is one of the present original."""
        if not self.present:
            return "missing"
        return "stale" if self.entry and self.key in self.entry.originals and self.entry.stale else "translated"

    @property
    def key(self) -> str:
        """What it is: the last part of its id."""
        return self.id.rpartition("/")[2]

    @property
    def note(self) -> str:
        """What a translator has to know."""
        hints = [CHANGED] if self.state == "stale" else []
        hints += [self.about] if self.about else []
        if self.personal and "[[" in self.source:
            hints.append(PERSONAL)
        if self.long and _MARKED.search(self.source):
            hints.append(MARKDOWN)
        return ". ".join([self.what, *hints])


def unit_id(*parts: str) -> str:
    """Return an id of plain ASCII; :func:`parts_of` takes it apart."""
    return "/".join(quote(part, safe="") for part in parts)


def parts_of(text: str) -> list[str]:
    """Return the parts of an id."""
    return [unquote(part) for part in text.split("/")]


def language_key(translations: Mapping[str, Any], language: str) -> str:
    """Return the key that the translation into ``language`` stands at, or would: that of fr serves fr-CA."""
    base = language.partition("-")[0]
    return base if language not in translations and base in translations else language


def category_name(publication: Publication, name: str) -> str:
    """Return the present name of a category that went by ``name``."""
    category = publication.category(name)
    return category.name if category else name


def publication_units(publication: Publication, language: str) -> Iterator[Unit]:
    """Yield what the publication says of itself, and its categories and standing blocks."""
    if same_language(publication.language, language):
        return
    told = {
        "title": "Name of the publication",
        "description": "Line under the name of the publication",
        "reason": "Why the reader gets this mail; stands in its footer",
    }
    keys: Keys = ("translations", language_key(publication.translations, language))
    other = in_language(publication.translations, language)
    for key, what in told.items():
        if source := getattr(publication, key):
            place = Place("publication", "", (*keys, key))
            present = getattr(other, key, "")
            yield Unit(unit_id("publication", key), what, source, publication.language, place, present)
    yield from _word_units(
        publication.further_texts,
        getattr(other, "words", {}),
        Place("publication", "", keys),
        publication.language,
        ("publication",),
        "",
    )
    for number, category in enumerate(publication.categories):
        yield from _category_units(number, category, publication.language, language)
    for number, block in enumerate(publication.blocks):
        yield from _standing_units(number, block, publication.language, language)


def _category_units(number: int, category: Category, ours: str, language: str) -> Iterator[Unit]:
    other = in_language(category.translations, language)
    keys: Keys = ("categories", number, "translations", language_key(category.translations, language))
    heading = category.heading or Heading.model_construct(one=category.name, other=category.name)
    theirs = other.heading if other else None
    what = f"Heading over '{category.name}'"
    if heading.one == heading.other and (theirs is None or theirs.one == theirs.other):
        yield Unit(
            unit_id("category", category.name, "heading"),
            what,
            heading.one,
            ours,
            Place("publication", "", (*keys, "heading")),
            theirs.one if theirs else "",
        )
    else:
        for key, how in (("one", "where there is a single item"), ("other", "where there are several items")):
            yield Unit(
                unit_id("category", category.name, "heading", key),
                f"{what}, {how}",
                getattr(heading, key),
                ours,
                Place("publication", "", (*keys, "heading", key)),
                getattr(theirs, key, ""),
            )
    if category.blurb:
        present = {"blurb": other.blurb if other else ""}
        entry = Entry(
            Place("publication", "", (*keys, "of")), {"blurb": category.blurb}, present, other.of if other else ""
        )
        yield Unit(
            unit_id("category", category.name, "blurb"),
            f"What the series '{category.name}' is about",
            category.blurb,
            ours,
            Place("publication", "", (*keys, "blurb")),
            present["blurb"],
            entry,
            long=True,
        )


WORDS = {
    "when": "When it takes place",
    "where": "Where it takes place",
    "kind": "What kind of publication it is",
    "name": "Who speaks or is portrayed",
    "role": "What this person does",
    "quote": "Words of this person that stand out",
    "question": "A question of the interview",
    "button": "Button",
    "figures": "A figure, or what it counts",
    "links": "Label of a further link",
    "credit": "Who made the picture",
    "by": "Who says it",
    "alt": "In words, the picture",
    "organisation": "Name of the organisation",
    "sender": "Shown name of the sender",
    "social": "Label of a link in the footer",
    "logo": "What the logo says",
}
"""What the small texts are, by the first part of their names."""


def _word_units(
    texts: Mapping[str, str], words: Mapping[str, str], entry: Place, language: str, head: Sequence[str], whose: str
) -> Iterator[Unit]:
    """Yield texts that are translated by what they say; one that stands twice comes once."""
    first: dict[str, str] = {}
    for name, source in texts.items():
        first.setdefault(source, name)
    for source, name in first.items():
        yield Unit(
            unit_id(*head, *name.split("/")),
            WORDS[name.partition("/")[0]] + whose,
            source,
            language,
            Place(entry.kind, entry.name, (*entry.keys, "words", source)),
            words.get(source, ""),
        )


ITEM_KEYS = {"title": "Title", "summary": "Summary"}
BLOCK_KEYS = {"title": "Title", "text": "Text", "button": "Button"}


def _standing_units(number: int, block: Block, ours: str, language: str) -> Iterator[Unit]:
    other = in_language(block.translations, language)
    keys: Keys = ("blocks", number, "translations", language_key(block.translations, language))
    present = {key: str(getattr(other, key, "")) for key in BLOCK_KEYS}
    entry = Entry(Place("publication", "", (*keys, "of")), block.originals, present, other.of if other else "")
    for key, what in BLOCK_KEYS.items():
        if source := block.originals[key]:
            yield Unit(
                unit_id("block", block.name, key),
                f"{what} of the block '{block.name}'",
                source,
                ours,
                Place("publication", "", (*keys, key)),
                present[key],
                entry,
                long=key == "text",
            )
    yield from _word_units(
        block.further_texts,
        getattr(other, "words", {}),
        Place("publication", "", keys),
        ours,
        ("block", block.name),
        f", in the block '{block.name}'",
    )


def block_field(name: str) -> str:
    """Return the key of a block that a text of this name belongs to: ``figures/1/label`` to ``figures``."""
    first = name.partition("/")[0]
    return "image" if first in ("alt", "credit") else first


def issue_units(publication: Publication, issue: Issue, language: str) -> Iterator[Unit]:
    """Yield what an issue's definition says itself."""
    if same_language(issue.written_in(publication), language):
        return
    yield from _issue_texts(publication, issue, language)
    yield from _section_units(publication, issue, language)
    yield from _override_units(publication, issue, language)
    yield from _issue_block_units(publication, issue, language)


def _issue_texts(publication: Publication, issue: Issue, language: str) -> Iterator[Unit]:
    definition = issue.definition
    told = {
        "subject": "Subject of the mail",
        "preheader": "What an inbox shows behind the subject",
        "editorial": "A few words before the news",
    }
    other = in_language(definition.translations, language)
    keys: Keys = ("translations", language_key(definition.translations, language))
    originals = {key: str(getattr(definition, key)) for key in told}
    present = {key: str(getattr(other, key, "")) for key in told}
    entry = Entry(Place("issue", issue.name, (*keys, "of")), originals, present, other.of if other else "")
    for key, what in told.items():
        if source := originals[key]:
            yield Unit(
                unit_id("issue", issue.name, key),
                what,
                source,
                issue.written_in(publication),
                Place("issue", issue.name, (*keys, key)),
                present[key],
                entry,
                long=key == "editorial",
                personal=True,
            )


def _section_units(publication: Publication, issue: Issue, language: str) -> Iterator[Unit]:
    counts: dict[str, int] = {}
    for number, section in enumerate(issue.definition.sections):
        name = category_name(publication, section.category)
        counts[name] = counts.get(name, 0) + 1
        other = in_language(section.translations, language)
        # the publication's categories have their own headings, unless this section says otherwise
        bare = publication.category(name) is None or (other and other.heading)
        source = section.heading or (name if bare else "")
        if source:
            again = [str(counts[name])] if counts[name] > 1 else []
            key = language_key(section.translations, language)
            yield Unit(
                unit_id("issue", issue.name, "section", name, *again, "heading"),
                f"Heading over '{name}', in this issue",
                source,
                issue.written_in(publication),
                Place("issue", issue.name, ("sections", number, "translations", key, "heading")),
                other.heading if other else "",
            )


def _override_units(publication: Publication, issue: Issue, language: str) -> Iterator[Unit]:
    for item_id, override in issue.definition.overrides.items():
        other = in_language(override.translations, language) or OverrideTranslation()
        keys: Keys = ("overrides", item_id, "translations", language_key(override.translations, language))
        for key, what in (("title", "Title"), ("summary", "Summary")):
            source = getattr(override, key)
            none = key == "summary" and other.summary == ""  # there shall be none
            if source and not none:
                yield Unit(
                    unit_id("issue", issue.name, "override", item_id, key),
                    f"{what} of '{item_id}', in this issue",
                    source,
                    issue.written_in(publication),
                    Place("issue", issue.name, (*keys, key)),
                    getattr(other, key) or "",
                    long=key == "summary",
                )


def _issue_block_units(publication: Publication, issue: Issue, language: str) -> Iterator[Unit]:
    """Yield the texts of blocks that the issue itself says; the others are the publication's."""
    standing = {block.name for block in publication.blocks}
    whole = {block.name: block for block in merged(publication, issue)}
    for number, block in enumerate(issue.definition.blocks):
        if block.off:
            continue
        other = in_language(block.translations, language)
        keys: Keys = ("blocks", number, "translations", language_key(block.translations, language))
        for key, what in BLOCK_KEYS.items():
            ours = block.name not in standing or key in block.model_fields_set
            present = getattr(other, key, "")
            source = whole[block.name].originals[key]
            if source and (ours or present):
                yield Unit(
                    unit_id("issue", issue.name, "block", block.name, key),
                    f"{what} of the block '{block.name}', in this issue",
                    source,
                    issue.written_in(publication),
                    Place("issue", issue.name, (*keys, key)),
                    present,
                    long=key == "text",
                )
        words = getattr(other, "words", {})
        yield from _word_units(
            {
                name: text
                for name, text in whole[block.name].further_texts.items()
                if block.name not in standing or block_field(name) in block.model_fields_set or text in words
            },
            words,
            Place("issue", issue.name, keys),
            issue.written_in(publication),
            ("issue", issue.name, "block", block.name),
            f", in the block '{block.name}' of this issue",
        )


def item_units(item: Item, ours: str, language: str) -> Iterator[Unit]:
    """Yield the texts of an item. ``ours`` is the language of items that name none."""
    own = item.language or ours
    if same_language(own, language):
        return
    other = in_language(item.translations, language) or Translation()
    keys: Keys = ("translations", language_key(item.translations, language))
    details = item.extra.texts if item.extra else {}
    present = {"title": other.title, "summary": other.summary, "alt": other.alt}
    present |= {key: str(getattr(other.extra, key, "")) for key in details}
    entry = Entry(Place("item", item.id, (*keys, "of")), item.originals, present, other.of)
    sources = {"title": item.title, "summary": item.summary, "alt": (item.image and item.image.alt) or ""} | details
    for key, source in sources.items():
        if source:
            head = (*keys, "extra") if key in details else keys
            yield Unit(
                unit_id("item", item.id, key),
                f"{ITEM_KEYS.get(key) or WORDS[key]}, of '{item.id}'",
                source,
                own,
                Place("item", item.id, (*head, key)),
                present[key],
                entry,
                long=key == "summary",
                about=item.url if key == "title" else "",
            )
    figures = bool(other.extra and other.extra.figures)  # a person has translated them as a whole
    texts = {name: text for name, text in item.further_texts.items() if not (figures and name.startswith("figures/"))}
    yield from _word_units(
        texts, other.words, Place("item", item.id, keys), own, ("item", item.id), f", of '{item.id}'"
    )
