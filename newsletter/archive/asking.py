"""What is asked of the archive, as SQL. People's words travel as parameters only, and never as FTS syntax."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

from pydantic import ValidationError

from newsletter.archive.folding import searchable
from newsletter.archive.index import Damaged
from newsletter.archive.reading import items_adapter
from newsletter.model import Item, Query

ORDERS = {
    "newest": "items.date DESC",
    "oldest": "items.date = '', items.date",
    "title": "items.title, items.date DESC",
}
_FROM = " FROM items CROSS JOIN files ON files.number = items.file"  # CROSS: items first, by date
_ANY = "IN (SELECT value FROM json_each(?))"


def select(connection: sqlite3.Connection, query: Query, language: str = "") -> tuple[Item, ...]:
    """Return the items that ``query`` asks for; those without a language are in ``language``."""
    where, values = conditions(query, language)
    order = f" ORDER BY {ORDERS[query.order]}, files.name, items.place LIMIT ?"
    return load(connection, f"SELECT items.json, items.crc{_FROM}{where}{order}", [*values, query.limit or -1])


def newest_first(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of all items, the newest first, those of one day as they stand in the files."""
    rows = connection.execute("SELECT number FROM items ORDER BY date DESC, file, place")
    return [number for (number,) in rows]


def matching(connection: sqlite3.Connection, query: Query, language: str, order: Sequence[int]) -> Sequence[int]:
    """Return the numbers of the items that ``query`` asks for, whatever its limit, in the ``order`` given of all.

    A join of many words' hits with the items costs more than sets do.
    """
    wanted: list[set[int]] = []
    where, values = conditions(query.model_copy(update={"text": "", "exclude": ()}), language)
    if where:
        wanted.append(_numbers(connection, f"SELECT number FROM items{where}", *values))  # noqa: S608 - constants
    if query.text:
        words = _match(query.text)
        wanted.append(_numbers(connection, "SELECT rowid FROM words WHERE words MATCH ?", words) if words else set())
    if wanted:
        found = set.intersection(*wanted)
        order = [number for number in order if number in found]
    if query.exclude:
        left_out = _numbers(connection, f"SELECT number FROM items WHERE id {_ANY}", json.dumps(query.exclude))  # noqa: S608
        order = [number for number in order if number not in left_out]
    return order


def _numbers(connection: sqlite3.Connection, sql: str, *values: str | int) -> set[int]:
    return {number for (number,) in connection.execute(sql, values)}


def at(connection: sqlite3.Connection, numbers: Sequence[int]) -> tuple[Item, ...]:
    """Return the items of these numbers, in their order."""
    order = "JOIN json_each(?) AS wanted ON wanted.value = items.number ORDER BY wanted.key"
    return load(connection, f"SELECT items.json, crc FROM items {order}", [json.dumps(numbers)])  # noqa: S608 - a constant


def count(connection: sqlite3.Connection, query: Query, language: str = "") -> int:
    """Return how many items ``query`` asks for, whatever its limit."""
    where, values = conditions(query, language)
    return int(connection.execute(f"SELECT count(*){_FROM}{where}", values).fetchone()[0])


def load(connection: sqlite3.Connection, sql: str, values: Sequence[str | int] = ()) -> tuple[Item, ...]:
    """Return the items of a statement that gives their JSON and its checksum.

    Raises:
        Damaged: what the index holds is not what it wrote.
    """
    rows = connection.execute(sql, values).fetchall()
    try:
        if any(crc32(text.encode()) != crc for text, crc in rows):
            raise Damaged("a checksum is wrong")
        return items_adapter().validate_json(f"[{','.join([text for text, _ in rows])}]")
    except (ValidationError, AttributeError, UnicodeError) as error:
        raise Damaged(str(error)) from None


def conditions(query: Query, language: str) -> tuple[str, list[str | int]]:
    """Return the WHERE clause of ``query``, which holds constants only, and the values of its parameters."""
    parts = [part for part in _conditions(query, language.casefold()) if part]
    where = " AND ".join(sql for sql, *_ in parts)
    return f" WHERE {where}" if where else "", [value for _, *values in parts for value in values]


def _conditions(query: Query, language: str) -> Iterable[tuple[str, *tuple[str, ...]] | None]:
    yield ("items.date BETWEEN ? AND ?", f"{query.month}-01", f"{query.month}-31") if query.month else None
    yield ("items.date >= ?", query.from_.isoformat()) if query.from_ else None
    yield ("items.date <> '' AND items.date <= ?", query.to.isoformat()) if query.to else None
    yield _any_of("items.category", query.categories, fold=True)
    yield _any_of("items.id", query.ids)
    yield ("items.id NOT " + _ANY, json.dumps(query.exclude)) if query.exclude else None
    tagged = f"items.number IN (SELECT item FROM labels WHERE kind = 'tag' AND value {_ANY})"  # noqa: S608
    yield (tagged, json.dumps([tag.casefold() for tag in query.tags])) if query.tags else None
    yield _in_language(query.language.casefold().replace("_", "-"), language) if query.language else None
    yield _with_words(query.text) if query.text else None


def _any_of(column: str, values: Sequence[str], *, fold: bool = False) -> tuple[str, str] | None:
    if not values:
        return None
    return f"{column} {_ANY}", json.dumps([value.casefold() if fold else value for value in values])


def _in_language(wanted: str, language: str) -> tuple[str, *tuple[str, ...]]:
    labelled = "items.number IN (SELECT item FROM labels WHERE kind = 'language' AND value = ?)"
    if language == wanted or language.startswith(f"{wanted}-"):
        plain = "items.number NOT IN (SELECT item FROM labels WHERE kind = 'own language')"
        return f"({labelled} OR {plain})", wanted
    return labelled, wanted


def _with_words(text: str) -> tuple[str, *tuple[str, ...]]:
    words = _match(text)
    if not words:
        return ("0",)  # nothing that could be looked for
    return "items.number IN (SELECT rowid FROM words WHERE words MATCH ?)", words


def _match(text: str) -> str:
    """Return the expression of FTS5 for all words of ``text``; '' where it has none."""
    words = [_quoted(word) for word in text.replace("\0", " ").split() if re.search(r"[^\W_]", word)]
    return " AND ".join(words)


def _quoted(word: str) -> str:
    star = "*" if word.endswith("*") else ""
    return '"' + searchable(word.rstrip("*")).replace('"', '""') + '"' + star
