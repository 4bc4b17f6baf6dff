"""The index of the archive: a SQLite file derived from the YAML files, safe to delete at any time.

It knows each file by its stamp and the hash of its bytes, and reads again what changed. Whatever is wrong with it
(damaged, of another version, locked, on a disk that cannot be written) it is made anew, in memory if need be.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from newsletter.archive.reading import ArchiveFile, Seen, Stamp, look, parse_file, read_bytes, same_id, stamps
from newsletter.archive.tables import VERSION, Known, forget, known_files, make, store, version
from newsletter.errors import ContentError, Position, Problem

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told how many of how many files are read."""

WAIT = 60.0
"""How long to wait for another program that writes the index, in seconds."""
SETTLED = 2.5
"""A file that was touched within so many seconds before it was read may be touched again without a new stamp."""


class Damaged(sqlite3.DatabaseError):
    """The index holds something that it never wrote."""


class Index:
    """The index of the workspace ``root``. One thread at a time."""

    def __init__(self, root: Path, progress: Progress | None = None) -> None:
        self.root = root
        self.path = root / ".newsletter" / "index.sqlite"
        self.progress = progress
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._current: tuple[int, int, Seen] | None = None  # as all was when nothing had changed

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

        def take_in(connection: sqlite3.Connection) -> None:
            with _writing(connection):
                for file, raw in files:
                    try:
                        stamp = Stamp.of((self.root / file.name).stat())
                    except FileNotFoundError:
                        continue  # taken away just now
                    # never settled: someone may have written the file between our writing and our looking
                    store(connection, file, stamp, sha256(raw).digest(), settled=False)

        self._healing(take_in)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = self._current = None

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
        if version(connection) != VERSION:
            with _writing(connection):
                if version(connection) != VERSION:  # another program may have been quicker
                    make(connection)
        return connection

    def _refresh(self, connection: sqlite3.Connection) -> None:
        seen = look(self.root)
        state = (*state_of(connection), seen)
        if state == self._current:
            return
        found = stamps(seen)
        known = known_files(connection)
        gone = known.keys() - found.keys()
        suspects = [name for name, stamp in found.items() if self._is_suspect(name, stamp, known.get(name))]
        if not suspects and not gone:
            if all(file.settled for file in known.values()):
                self._current = state
            return
        problems: list[Problem] = []
        with _writing(connection):
            known = known_files(connection)
            forget(connection, gone)
            for count, name in enumerate(suspects):
                if self.progress:
                    self.progress(count, len(suspects))
                try:
                    self._read(connection, name, known.get(name))
                except ContentError as error:
                    forget(connection, [name])
                    problems += error.problems
            problems += self._twice(connection)
        if self.progress:
            self.progress(len(suspects), len(suspects))
        if problems:
            raise ContentError(problems)

    def _is_suspect(self, name: str, stamp: Stamp, known: Known | None) -> bool:
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

    def _read(self, connection: sqlite3.Connection, name: str, known: Known | None) -> None:
        now = time.time()
        try:
            raw, stamp = read_bytes(self.root / name)
        except FileNotFoundError:
            forget(connection, [name])
            return
        digest, settled = sha256(raw).digest(), _is_settled(stamp, now)
        if known is not None and known.hash == digest:
            connection.execute(
                "UPDATE files SET size = ?, mtime = ?, ctime = ?, inode = ?, settled = ? WHERE name = ?",
                (*stamp, settled, name),
            )
        else:
            store(connection, parse_file(raw, self.root, name), stamp, digest, settled=settled)

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


def state_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return what changes when anyone writes the index: another connection, or this one."""
    return connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes


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
