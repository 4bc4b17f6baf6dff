"""The index of the archive: a SQLite file derived from the YAML files, safe to delete at any time.

It knows each file by its stamp and the hash of its bytes, and reads again what changed. Whatever is wrong with it
(damaged, of another version, locked, on a disk that cannot be written) it is made anew, in memory if need be.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar
from zlib import crc32

from newsletter import __version__
from newsletter.archive.folding import searchable, title_key
from newsletter.archive.reading import ArchiveFile, Stamp, parse_file, read_bytes, same_id, scan
from newsletter.errors import ContentError, Position, Problem
from newsletter.model import Item

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told how many of how many files are read."""

VERSION = f"1 {__version__}"
WAIT = 60.0
"""How long to wait for another program that writes the index, in seconds."""
SETTLED = 2.5
"""A file that was touched within so many seconds before it was read may be touched again without a new stamp."""

SCHEMA = """
CREATE TABLE meta(version TEXT NOT NULL);
CREATE TABLE files(
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER, settled INTEGER, hash BLOB);
CREATE TABLE items(
    number INTEGER PRIMARY KEY, file INTEGER NOT NULL, place INTEGER NOT NULL, line INTEGER NOT NULL,
    id TEXT NOT NULL, date TEXT NOT NULL, category TEXT NOT NULL, title TEXT NOT NULL, url TEXT NOT NULL,
    json TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE INDEX items_by_id ON items(id);
CREATE INDEX items_by_date ON items(date);
CREATE INDEX items_by_category ON items(category, date);
CREATE INDEX items_by_title ON items(title);
CREATE INDEX items_by_url ON items(url) WHERE url <> '';
CREATE INDEX items_by_file ON items(file);
CREATE TABLE labels(kind TEXT, value TEXT, item INTEGER, PRIMARY KEY(kind, value, item)) WITHOUT ROWID;
CREATE INDEX labels_by_item ON labels(item);
CREATE VIRTUAL TABLE words USING fts5(
    title, body, columnsize=0, tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
"""


class Damaged(sqlite3.DatabaseError):
    """The index holds something that it never wrote."""


class _Known(NamedTuple):
    stamp: Stamp
    settled: bool
    hash: bytes


class Index:
    """The index of the workspace ``root``. One thread at a time."""

    def __init__(self, root: Path, progress: Progress | None = None) -> None:
        self.root = root
        self.path = root / ".newsletter" / "index.sqlite"
        self.progress = progress
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None

    def __del__(self) -> None:
        self.close()  # from Python 3.13 on, sqlite3 complains when nobody does

    def ask(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Bring the index up to date and let ``work`` read it; a wrong index is made anew, and asked again.

        Raises:
            ContentError: files of the archive have mistakes; all of them.
        """

        def fresh(connection: sqlite3.Connection) -> T:
            self._refresh(connection)
            return work(connection)

        return self._healing(fresh)

    def learn(self, files: Sequence[tuple[ArchiveFile, bytes]]) -> None:
        """Take in files that were just written, without reading them again."""

        def store(connection: sqlite3.Connection) -> None:
            with _writing(connection):
                for file, raw in files:
                    stamp = Stamp.of((self.root / file.name).stat())
                    # never settled: someone may have written the file between our writing and our looking
                    _store(connection, file, stamp, sha256(raw).digest(), settled=False)

        self._healing(store)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _healing(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return work(self._open(self.path))
        except sqlite3.Error as error:
            self.close()
            busy = getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if busy or not self._remove():
                return work(self._open(None))
        try:
            return work(self._open(self.path))
        except sqlite3.Error:
            self.close()
            return work(self._open(None))

    def _remove(self) -> bool:
        """Remove the index, unless another program has done so; return whether a new one may be made."""
        from filelock import FileLock  # noqa: PLC0415 - 40 ms, for damage only

        try:
            with FileLock(self.path.with_suffix(".lock"), timeout=WAIT):
                if _identity(self.path) == self._identity:
                    for suffix in ("", "-journal", "-wal", "-shm"):
                        self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        except OSError:  # filelock's Timeout is one
            return False
        return True

    def _open(self, path: Path | None) -> sqlite3.Connection:
        if self._connection is not None and self._identity != _identity(self.path):
            self.close()  # deleted or replaced: a journal of ours beside the new file would spoil it
        if self._connection is not None:
            return self._connection
        if path is not None:
            with contextlib.suppress(OSError):
                path.parent.mkdir(exist_ok=True)
        connection = sqlite3.connect(path or ":memory:", timeout=WAIT, isolation_level=None, check_same_thread=False)
        self._connection = connection
        self._identity = _identity(self.path)
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA cache_size = -65536")
        if _version(connection) != VERSION:
            with _writing(connection):
                if _version(connection) != VERSION:  # another program may have been quicker
                    _make(connection)
        return connection

    def _refresh(self, connection: sqlite3.Connection) -> None:
        found = scan(self.root)
        known = _known(connection)
        gone = known.keys() - found.keys()
        suspects = [name for name, stamp in found.items() if self._is_suspect(name, stamp, known.get(name))]
        if not suspects and not gone:
            return
        problems: list[Problem] = []
        with _writing(connection):
            known = _known(connection)
            _forget(connection, gone)
            for count, name in enumerate(suspects):
                if self.progress:
                    self.progress(count, len(suspects))
                try:
                    self._read(connection, name, known.get(name))
                except ContentError as error:
                    _forget(connection, [name])
                    problems += error.problems
            problems += self._twice(connection)
        if self.progress:
            self.progress(len(suspects), len(suspects))
        if problems:
            raise ContentError(problems)

    def _is_suspect(self, name: str, stamp: Stamp, known: _Known | None) -> bool:
        """Whether a file must be looked into: it is unknown or changed, or its stamp proves nothing yet."""
        if known is None or known.stamp != stamp:
            return True
        if known.settled:
            return False
        if _is_settled(stamp, time.time()):
            return True
        try:
            return sha256(read_bytes(self.root / name)[0]).digest() != known.hash
        except FileNotFoundError:
            return True

    def _read(self, connection: sqlite3.Connection, name: str, known: _Known | None) -> None:
        now = time.time()
        try:
            raw, stamp = read_bytes(self.root / name)
        except FileNotFoundError:
            _forget(connection, [name])
            return
        digest, settled = sha256(raw).digest(), _is_settled(stamp, now)
        if known is not None and known.hash == digest:
            connection.execute(
                "UPDATE files SET size = ?, mtime = ?, ctime = ?, inode = ?, settled = ? WHERE name = ?",
                (*stamp, settled, name),
            )
        else:
            _store(connection, parse_file(raw, self.root, name), stamp, digest, settled=settled)

    def _twice(self, connection: sqlite3.Connection) -> list[Problem]:
        """Return a problem for each id that stands in two files, and have these read again next time."""
        rows = connection.execute(
            "SELECT items.id, files.name, items.line, files.number FROM items JOIN files ON files.number = items.file "
            "WHERE items.id IN (SELECT id FROM items GROUP BY id HAVING count(*) > 1) ORDER BY items.id, files.name"
        ).fetchall()
        first: dict[str, Position] = {}
        problems = []
        for item_id, name, line, number in rows:
            position = Position(str(self.root / name), line)
            connection.execute("UPDATE files SET size = -1, hash = x'' WHERE number = ?", (number,))
            if first.setdefault(item_id, position) is not position:
                problems.append(same_id(position, item_id, first[item_id]))
        return problems


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_settled(stamp: Stamp, now: float) -> bool:
    return now - max(stamp.mtime, stamp.ctime) / 1e9 > SETTLED


@contextlib.contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return None
    row = connection.execute("SELECT * FROM meta").fetchone()
    return str(row[0]) if row else None


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables, in place of whatever there is."""
    for kind in ("CREATE VIRTUAL TABLE%", "CREATE TABLE%"):  # a virtual table takes its own with it
        rows = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE ?", (kind,)).fetchall()
        for (name,) in rows:
            connection.execute('DROP TABLE "{}"'.format(name.replace('"', '""')))
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES (?)", (VERSION,))


def _known(connection: sqlite3.Connection) -> dict[str, _Known]:
    rows = connection.execute("SELECT name, size, mtime, ctime, inode, settled, hash FROM files")
    return {name: _Known(Stamp(*stamp), bool(settled), digest) for name, *stamp, settled, digest in rows}


def _forget(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    for name in names:
        row = connection.execute("SELECT number FROM files WHERE name = ?", (name,)).fetchone()
        if row:
            items = "IN (SELECT number FROM items WHERE file = ?)"
            connection.execute(f"DELETE FROM words WHERE rowid {items}", row)  # noqa: S608 - a constant
            connection.execute(f"DELETE FROM labels WHERE item {items}", row)  # noqa: S608 - a constant
            connection.execute("DELETE FROM items WHERE file = ?", row)
            connection.execute("DELETE FROM files WHERE number = ?", row)


def _store(connection: sqlite3.Connection, file: ArchiveFile, stamp: Stamp, digest: bytes, *, settled: bool) -> None:
    _forget(connection, [file.name])
    number = connection.execute(
        "INSERT INTO files(name, size, mtime, ctime, inode, settled, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (file.name, *stamp, settled, digest),
    ).lastrowid
    (first,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM items").fetchone()
    numbered = list(enumerate(file.items, first))
    connection.executemany(
        "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    return place, line, item.id, date, category, title, item.url, text, crc32(text.encode())


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
    texts += [item.extra.when, item.extra.where] if item.extra else []
    return "\n".join(texts)
