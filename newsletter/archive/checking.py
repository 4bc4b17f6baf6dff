"""Judging the whole archive: what reads well enough to be stored, but will not do in an issue."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsletter.archive.folding import title_key
from newsletter.archive.index import Progress
from newsletter.archive.reading import ArchiveFile, look, parse_file, read_bytes, same_id, stamps
from newsletter.content.characters import dropped
from newsletter.content.urls import safe_url
from newsletter.errors import ContentError, Position, Problem, did_you_mean
from newsletter.model import Item
from newsletter.publication import Publication

Field = tuple[str | int, ...]
_MONTH = re.compile(r"\d{4}-\d{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SCHEMES = "it must begin with https:// (or http://, mailto:, tel:) and hold no spaces"


def check_archive(
    root: Path, publication: Publication, progress: Progress | None = None, only: Path | None = None
) -> list[Problem]:
    """Return every mistake in the archive of ``root``, and whatever a person should look at; in the files' order.

    Errors: what cannot be read, an id that two items have, an address that cannot be one. Warnings: a title that
    stands twice on one day, a category that newsletter.yaml does not have, no date, control characters.
    """
    problems: list[Problem] = []
    ids: dict[str, Position] = {}
    stories: dict[tuple[str, datetime.date | None], Position] = {}
    names = [name for name in stamps(look(root)) if only is None or root / name == only]
    for count, name in enumerate(names):
        if progress:
            progress(count, len(names))
        try:
            file = parse_file(read_bytes(root / name)[0], root, name)
        except ContentError as error:
            problems += error.problems
            continue
        except FileNotFoundError:
            continue  # taken away just now
        for index, item in enumerate(file.items):
            problems += _twice(file, index, item, ids, stories)
            problems += _judge(root, file, index, item, publication)
    if progress:
        progress(len(names), len(names))
    return problems


def _twice(
    file: ArchiveFile,
    index: int,
    item: Item,
    ids: dict[str, Position],
    stories: dict[tuple[str, datetime.date | None], Position],
) -> Iterator[Problem]:
    here = Position(str(file.yaml.path), file.line(index))
    if (first := ids.setdefault(item.id, here)) is not here:
        yield same_id(file.position(index, "id"), item.id, first)
    if (first := stories.setdefault((title_key(item.title), item.date), here)) is not here:
        yield Problem(
            file.position(index, "title"),
            "the same title stands twice on the same date",
            f"the first is in {first}: remove one, or change its title",
            "warning",
        )


def _judge(root: Path, file: ArchiveFile, index: int, item: Item, publication: Publication) -> Iterator[Problem]:
    if item.date is None:
        yield _warning(file, index, (), f"'{item.id}' has no date", "add a line 'date: YYYY-MM-DD'")
    if not item.category:
        yield _warning(file, index, (), f"'{item.id}' has no category", "add a line 'category: …'")
    elif publication.categories and publication.category(item.category) is None:
        known = [category.name for category in publication.categories]
        known += [alias for category in publication.categories for alias in category.aliases]
        yield _warning(
            file,
            index,
            ("category",),
            f"unknown category '{item.category}'",
            did_you_mean(item.category, known) or "add it to newsletter.yaml, as a category or an alias of one",
        )
    yield from _judge_details(root, file, index, item)
    for field, url in _addresses(item):
        if url and safe_url(url) is None:
            yield Problem(file.position(index, *field), f"'{url}' is no address that a mail may link to", _SCHEMES)
    for field, text in _texts(item.model_dump(mode="json", exclude_defaults=True)):
        if count := dropped(text):
            code = next((f" (U+{ord(char):04X})" for char in text if dropped(char)), "")
            yield _warning(
                file,
                index,
                field,
                f"'{field[0]}' has {count} character{'s' if count > 1 else ''} without a place in a text{code}",
                "they are left out of every issue: remove them",
            )


def _judge_details(root: Path, file: ArchiveFile, index: int, item: Item) -> Iterator[Problem]:
    """Yield what is most likely a slip: a date in another month's file, no such picture, language or list."""
    month = Path(file.name).stem
    if item.date and _MONTH.fullmatch(month) and item.date.isoformat()[:7] != month:
        where = f"it is in an issue of {item.date:%Y-%m} all the same: correct the date, or move the item"
        yield _warning(file, index, ("date",), f"{item.date} stands in the file of {month}", where)
    if item.image and "://" not in item.image.src and not (root / item.image.src.strip()).is_file():
        told = f"there is no picture '{item.image.src}'"
        yield _warning(file, index, ("image",), told, "it is a file of the workspace, such as images/crane.jpg")
    for field, language in _languages(item):
        if not _LANGUAGE.fullmatch(language):
            hint = "write it as en, fr, pt-BR or zh-Hant"
            yield _warning(file, index, field, f"'{language}' is no language", hint)
    for language, translation in item.translations.items():
        if idle := translation.idle(item):
            told = f"a translation into {language} of what the item does not say: {', '.join(idle)}"
            yield _warning(file, index, ("translations", language), told, "correct it, or remove it")
    for number, tag in enumerate(item.tags):
        if "," in tag:
            yield _warning(file, index, ("tags", number), f"one tag is '{tag}'", "write a list: [news, housing]")


def _warning(file: ArchiveFile, index: int, field: Field, message: str, hint: str) -> Problem:
    return Problem(file.position(index, *field), message, hint, "warning")


def _languages(item: Item) -> Iterator[tuple[Field, str]]:
    if item.language:
        yield ("language",), item.language
    for number, link in enumerate(item.links):
        if link.language:
            yield ("links", number, "language"), link.language
    for language in item.translations:
        yield ("translations", language), language


def _addresses(item: Item) -> Iterator[tuple[Field, str]]:
    yield ("url",), item.url
    for number, link in enumerate(item.links):
        yield ("links", number, "url"), link.url
    for language, translation in item.translations.items():
        yield ("translations", language, "url"), translation.url
    if item.image and "://" in item.image.src:
        yield ("image", "src"), item.image.src


def _texts(value: Any, field: Field = ()) -> Iterator[tuple[Field, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, (*field, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(part, (*field, number))
