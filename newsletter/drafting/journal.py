"""What was done, step by step, in .newsletter/history.sqlite: to take it back, to do it again, to see it.

A step is written here before the file is; what a crash left in between is found by the next who opens it.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Versions = tuple[bytes | None, bytes | None]
"""A file without a step, and with it; None: there is no such file."""
Kind = Literal["apply", "extend", "undo", "redo"]

_TABLES = """
CREATE TABLE IF NOT EXISTS texts (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, issue TEXT NOT NULL, tab TEXT NOT NULL,
    field TEXT NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS states ON entries (state, number);
CREATE TABLE IF NOT EXISTS files (
    entry INTEGER NOT NULL, path TEXT NOT NULL, without TEXT, within TEXT, PRIMARY KEY (entry, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending (
    entry INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, known TEXT, data TEXT, PRIMARY KEY (entry, path)
) WITHOUT ROWID;
"""
DONE = {"apply": "done", "extend": "done", "redo": "done", "undo": "undone"}
"""The state of a step after each kind of writing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A step. ``state`` is done, undone, or gone: undone, and then something else was done."""

    number: int
    at: str
    issue: str
    tab: str
    field: str
    what: str
    state: str
    files: tuple[str, ...] = ()
    """The files that it changed, from the workspace."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A writing that was begun."""

    entry: int
    kind: Kind
    path: str
    known: bytes | None
    data: bytes | None


class Journal:
    """The history of a workspace. Only who holds the desk's lock may write it.

    Args:
        path: the database; made when it is missing.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_TABLES)
        except sqlite3.DatabaseError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def begin(
        self, kind: Kind, files: Mapping[str, Versions], entry: int = 0, told: Sequence[str] = ("", "", "", "")
    ) -> int:
        """Note what is about to be written (known and new bytes by file); return the number of the step.

        ``told`` (issue, tab, field, what) is for a new one.
        """
        with self._writing() as connection:
            if kind == "apply":
                sql = "INSERT INTO entries (at, issue, tab, field, what, state) VALUES (?, ?, ?, ?, ?, 'pending')"
                entry = int(connection.execute(sql, (_now(), *told)).lastrowid or 0)
            for path, (known, data) in files.items():
                row = (entry, kind, path, self._keep(connection, known), self._keep(connection, data))
                connection.execute("INSERT INTO pending VALUES (?, ?, ?, ?, ?)", row)
        return entry

    def finish(self, kind: Kind, files: Mapping[str, Versions], entry: int) -> None:
        """Note that it was written."""
        with self._writing() as connection:
            self._finish(connection, kind, files, entry)

    def _finish(self, connection: sqlite3.Connection, kind: Kind, files: Mapping[str, Versions], entry: int) -> None:
        if kind == "apply":
            connection.execute("UPDATE entries SET state = 'gone' WHERE state = 'undone'")
        for path, (known, data) in files.items():
            pair = (data, known) if kind == "undo" else (known, data)
            without, within = (self._keep(connection, each) for each in pair)
            if kind == "extend":
                sql = "UPDATE files SET within = ? WHERE entry = ? AND path = ?"
                connection.execute(sql, (within, entry, path))
            else:
                connection.execute("REPLACE INTO files VALUES (?, ?, ?, ?)", (entry, path, without, within))
        connection.execute("UPDATE entries SET state = ? WHERE number = ?", (DONE[kind], entry))
        if kind == "extend":
            connection.execute("UPDATE entries SET at = ? WHERE number = ?", (_now(), entry))
        connection.execute("DELETE FROM pending WHERE entry = ?", (entry,))

    def drop(self, entry: int) -> None:
        """Forget a writing that did not happen."""
        with self._writing() as connection:
            connection.execute("DELETE FROM pending WHERE entry = ?", (entry,))
            connection.execute("DELETE FROM entries WHERE number = ? AND state = 'pending'", (entry,))

    def pending(self) -> list[Pending]:
        """Return the writings that were begun and not finished."""
        rows = self._connection.execute("SELECT * FROM pending ORDER BY entry, path").fetchall()
        return [
            Pending(entry, kind, path, self._text(known), self._text(data)) for entry, kind, path, known, data in rows
        ]

    def entries(self, limit: int = 0) -> list[Entry]:
        """Return the steps, the newest first."""
        rows = self._connection.execute(
            "SELECT number, at, issue, tab, field, what, state, (SELECT json_group_array(path) FROM files "
            "WHERE entry = number) FROM entries WHERE state <> 'pending' ORDER BY number DESC LIMIT ?",
            (limit or -1,),
        )
        return [_entry(row[:7], _paths(row[7])) for row in rows]

    def next(self, kind: Literal["undo", "redo"]) -> Entry | None:
        """Return the step that is taken back, or done again, next."""
        state, order = ("done", "DESC") if kind == "undo" else ("undone", "ASC")
        sql = f"SELECT number FROM entries WHERE state = ? ORDER BY number {order} LIMIT 1"  # noqa: S608 - constants
        row = self._connection.execute(sql, (state,)).fetchone()
        return self.entry(row[0]) if row else None

    def entry(self, number: int) -> Entry | None:
        """Return a step."""
        sql = "SELECT number, at, issue, tab, field, what, state FROM entries WHERE number = ? AND state <> 'pending'"
        row = self._connection.execute(sql, (number,)).fetchone()
        if row is None:
            return None
        paths = self._connection.execute("SELECT path FROM files WHERE entry = ? ORDER BY path", (number,))
        return _entry(row, [path for (path,) in paths])

    def versions(self, number: int) -> dict[str, Versions]:
        """Return each file that a step changed, without it and with it."""
        rows = self._connection.execute("SELECT path, without, within FROM files WHERE entry = ?", (number,)).fetchall()
        return {path: (self._text(without), self._text(within)) for path, without, within in rows}

    def _keep(self, connection: sqlite3.Connection, data: bytes | None) -> str | None:
        if data is None:
            return None
        digest = hashlib.sha256(data).hexdigest()
        known = connection.execute("SELECT 1 FROM texts WHERE digest = ?", (digest,)).fetchone()
        if not known:
            connection.execute("INSERT INTO texts VALUES (?, ?)", (digest, zlib.compress(data, 1)))
        return digest

    def _text(self, digest: str | None) -> bytes | None:
        if digest is None:
            return None
        row = self._connection.execute("SELECT data FROM texts WHERE digest = ?", (digest,)).fetchone()
        return zlib.decompress(row[0])


def _entry(row: Sequence[Any], paths: Sequence[str]) -> Entry:
    number, at, issue, tab, field, what, state = row
    return Entry(number, at, issue, tab, field, what, state, tuple(paths))


def _paths(told: str) -> list[str]:
    import json  # noqa: PLC0415 - for the history only

    return sorted(json.loads(told))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
