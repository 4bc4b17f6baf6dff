"""The tables of the index, and the rows that a file of the archive makes in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

from newsletter import __version__
from newsletter.archive.folding import searchable, title_key
from newsletter.archive.reading import ArchiveFile, Stamp
from newsletter.model import Item

VERSION = f"3 {__version__}"
SCHEMA = """
CREATE TABLE meta(version TEXT NOT NULL);
CREATE TABLE files(
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER, settled INTEGER, hash BLOB);
CREATE TABLE items(
    number INTEGER PRIMARY KEY, file INTEGER NOT NULL, place INTEGER NOT NULL, line INTEGER NOT NULL,
    id TEXT NOT NULL, date TEXT NOT NULL, category TEXT NOT NULL, title TEXT NOT NULL, url TEXT NOT NULL,
    source TEXT NOT NULL, json TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE INDEX items_by_id ON items(id);
CREATE INDEX items_by_date ON items(date);
CREATE INDEX items_by_category ON items(category, date);
CREATE INDEX items_by_title ON items(title);
CREATE INDEX items_by_url ON items(url) WHERE url <> '';
CREATE INDEX items_by_source ON items(source) WHERE source <> '';
CREATE INDEX items_by_file ON items(file);
CREATE TABLE labels(kind TEXT, value TEXT, item INTEGER, PRIMARY KEY(kind, value, item)) WITHOUT ROWID;
CREATE INDEX labels_by_item ON labels(item);
CREATE VIRTUAL TABLE words USING fts5(
    title, body, columnsize=0, tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
"""


class Known(NamedTuple):
    """What the index knows of a file: its stamp, whether that can be trusted, and the SHA-256 of its bytes."""

    stamp: Stamp
    settled: bool
    hash: bytes


def version(connection: sqlite3.Connection) -> str | None:
    """Return which version made the tables, or None when there are none."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return None
    row = connection.execute("SELECT * FROM meta").fetchone()
    return str(row[0]) if row else None


def make(connection: sqlite3.Connection) -> None:
    """Make the tables, in place of whatever there is."""
    for kind in ("CREATE VIRTUAL TABLE%", "CREATE TABLE%"):  # a virtual table takes its own with it
        rows = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE ?", (kind,)).fetchall()
        for (name,) in rows:
            connection.execute('DROP TABLE "{}"'.format(name.replace('"', '""')))
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES (?)", (VERSION,))


def known_files(connection: sqlite3.Connection) -> dict[str, Known]:
    """Return every file that the index has read, by name."""
    rows = connection.execute("SELECT name, size, mtime, ctime, inode, settled, hash FROM files")
    return {name: Known(Stamp(*stamp), bool(settled), digest) for name, *stamp, settled, digest in rows}


def forget(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    """Remove files and what stands in them."""
    for name in names:
        row = connection.execute("SELECT number FROM files WHERE name = ?", (name,)).fetchone()
        if row:
            items = "IN (SELECT number FROM items WHERE file = ?)"
            connection.execute(f"DELETE FROM words WHERE rowid {items}", row)  # noqa: S608 - a constant
            connection.execute(f"DELETE FROM labels WHERE item {items}", row)  # noqa: S608 - a constant
            connection.execute("DELETE FROM items WHERE file = ?", row)
            connection.execute("DELETE FROM files WHERE number = ?", row)


def store(connection: sqlite3.Connection, file: ArchiveFile, stamp: Stamp, digest: bytes, *, settled: bool) -> None:
    """Take in a file as it is now, in place of what was known of it."""
    forget(connection, [file.name])
    number = connection.execute(
        "INSERT INTO files(name, size, mtime, ctime, inode, settled, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (file.name, *stamp, settled, digest),
    ).lastrowid
    (first,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM items").fetchone()
    numbered = list(enumerate(file.items, first))
    connection.executemany(
        "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(key, number, *_row(item, key - first, file.line(key - first))) for key, item in numbered],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO labels VALUES (?, ?, ?)",
        [(kind, value, key) for key, item in numbered for kind, value in _labels(item)],
    )
    connection.executemany(
        "INSERT INTO words(rowid, title, body) VALUES (?, ?, ?)",
        [(key, searchable(item.title), searchable(_body(item))) for key, item in numbered],
    )


def _row(item: Item, place: int, line: int) -> tuple[int | str, ...]:
    text = item.model_dump_json(exclude_defaults=True)
    date = item.date.isoformat() if item.date else ""
    category, title = item.category.casefold(), title_key(item.title)
    return place, line, item.id, date, category, title, item.url, item.source, text, crc32(text.encode())


def _labels(item: Item) -> Iterator[tuple[str, str]]:
    for tag in item.tags:
        yield "tag", tag.casefold()
    if item.language:
        yield "own language", item.language
    for language in filter(None, (item.language, *item.translations)):
        # a language covers its regions: pt finds pt-BR (RFC 4647, 3.3.1)
        parts = language.casefold().replace("_", "-").split("-")
        for length in range(1, len(parts) + 1):
            yield "language", "-".join(parts[:length])


def _body(item: Item) -> str:
    if not (item.tags or item.links or item.translations or item.image or item.extra):
        return f"{item.summary}\n{item.category}\n{item.series}"
    texts = [item.summary, item.category, item.series, *item.tags, *(link.label for link in item.links)]
    texts += [text for other in item.translations.values() for text in (other.title, other.summary)]
    texts += [item.image.alt or "", item.image.credit] if item.image else []
    if item.extra:
        texts += [value for value in item.extra.model_dump().values() if isinstance(value, str)]
        texts += [f"{figure.value} {figure.label}" for figure in item.extra.figures]
    return "\n".join(texts)
