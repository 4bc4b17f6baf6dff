"""The archive of a workspace: asked through the index, written item by item into its YAML files."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from newsletter import yamlfile
from newsletter.archive import asking
from newsletter.archive.index import Index, Progress, state_of
from newsletter.archive.reading import ArchiveFile, file_of
from newsletter.errors import ContentError, NewsletterError, Position, Problem
from newsletter.model import Item, Query
from newsletter.publication import Publication
from newsletter.yamlfile import YamlFile

if TYPE_CHECKING:
    import sqlite3

    from newsletter.archive.merging import ImportReport

LOCK_WAIT = 120.0
"""How long to wait for another program that writes the archive, in seconds."""

BATCH = 16
"""So many files are written before the index learns of them; more would only fill the memory."""


class Archive:
    """The news items of the workspace ``root``. It fulfils :class:`newsletter.model.Archive`.

    Files are looked at anew at every question, so an edit is seen at once. Reading never parses YAML but of files
    that changed. May be used by several threads and several programs at once.

    Args:
        root: folder of the workspace.
        language: the publication's language, which items without one are in.
        progress: told how many of how many changed files are read, or written.

    Every method raises :class:`ContentError` when files of the archive have mistakes, with all of them.
    """

    def __init__(self, root: Path, language: str = "", progress: Progress | None = None) -> None:
        self.root = root
        self.language = language
        self.progress = progress
        self._index = Index(root, progress)
        self._guard = threading.RLock()
        self._order: tuple[tuple[int, int], list[int]] | None = None  # for a state of the index

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Item]:
        """Give every item, in the order of the files' names and as they stand in them."""
        sql = "SELECT json, crc FROM items JOIN files ON files.number = items.file ORDER BY files.name, items.place"
        with self._guard:
            return iter(self._index.ask(lambda connection: asking.load(connection, sql)))

    def __len__(self) -> int:
        return self.count(Query())

    def select(self, query: Query) -> Sequence[Item]:
        """Return the items that ``query`` asks for, in its order; those of one day as they stand in the files.

        Category names count exactly as given (but for case): aliases are the caller's to expand. A language finds
        its regions too (``pt`` finds ``pt-BR``), and items that have a translation into it.
        """
        with self._guard:
            return self._index.ask(lambda connection: asking.select(connection, query, self.language))

    def count(self, query: Query) -> int:
        """Return how many items ``query`` asks for, whatever its limit."""
        with self._guard:
            return self._index.ask(lambda connection: asking.count(connection, query, self.language))

    def page(self, query: Query, start: int) -> tuple[Sequence[Item], int]:
        """Return ``query.limit`` items of those that it asks for, the newest first, from number ``start`` on; and how
        many there are in all. For lists that a person scrolls through: quick however far down.
        """

        def look(connection: sqlite3.Connection) -> tuple[Sequence[Item], int]:
            state = state_of(connection)
            if self._order is None or self._order[0] != state:
                self._order = state, asking.newest_first(connection)
            numbers = asking.matching(connection, query, self.language, self._order[1])
            return asking.at(connection, numbers[start : start + query.limit]), len(numbers)

        with self._guard:
            return self._index.ask(look)

    def search(self, text: str, limit: int = 0) -> Sequence[Item]:
        """Return items with all the words of ``text``, the newest first; a word may end in ``*``."""
        return self.select(Query(text=text, limit=limit))

    def get(self, ids: Iterable[str]) -> Mapping[str, Item]:
        """Return the items of these ids that there are, in the order of ``ids``."""
        wanted = list(dict.fromkeys(ids))
        found = {item.id: item for item in self.select(Query(ids=tuple(wanted)))} if wanted else {}
        return {item_id: found[item_id] for item_id in wanted if item_id in found}

    def ids(self) -> Sequence[str]:
        """Return all ids, in alphabetical order."""
        return [str(row[0]) for row in self._rows("SELECT id FROM items ORDER BY id")]

    def near(self, item_id: str) -> Sequence[str]:
        """Return up to three ids that are spelt nearly like ``item_id``, the nearest first."""
        from newsletter.archive.naming import nearest  # noqa: PLC0415 - for mistakes only

        return nearest(item_id, self.ids())

    def months(self) -> Sequence[tuple[str, int]]:
        """Return each month (YYYY-MM) that has items, with their number, in order; undated ones as ''."""
        return self._rows("SELECT substr(date, 1, 7) AS month, count(*) FROM items GROUP BY month ORDER BY month")

    def categories(self) -> Sequence[tuple[str, int]]:
        """Return each category as the items spell it, with their number, the most frequent first."""
        counts: dict[str, int] = {}
        for name, number in self._rows(
            "SELECT json_extract(json, '$.category'), count(*) FROM items GROUP BY category ORDER BY count(*) DESC"
        ):
            counts[name or ""] = number
        return list(counts.items())

    def position(self, item_id: str, *field: str | int) -> Position | None:
        """Return the file and line of an item, or of a field of it; None when there is none of this id."""
        at = self._positions([item_id]).get(item_id)
        if at is None or not field:
            return at
        with contextlib.suppress(OSError, ContentError):  # it has changed meanwhile, or is very large
            file = _parsed(Path(at.path), Path(at.path).stat().st_mtime_ns)
            lines = [node.start_mark.line + 1 for node in file.root.value] if file.root else []
            return file.position((lines.index(at.line), *field)) if at.line in lines else at
        return at

    def refresh(self) -> None:
        """Bring the index up to date, which every question does by itself."""
        with self._guard:
            self._index.ask(lambda _: None)

    def check(self, publication: Publication, only: Path | None = None) -> list[Problem]:
        """Judge every file of the archive, or one; see :func:`newsletter.archive.checking.check_archive`."""
        from newsletter.archive.checking import check_archive  # noqa: PLC0415 - needed by nothing else

        return check_archive(self.root, publication, self.progress, only)

    def add(self, items: Sequence[Item], take_theirs: bool = False, dry_run: bool = False) -> ImportReport:
        """Put items into the archive: new ones into the file of their month, in their place by date.

        An item that the archive has already stays as it is; where it reads differently it is reported, and
        overwritten (in the file that it stands in) only with ``take_theirs``. An item whose id is
        :data:`~newsletter.archive.naming.UNNAMED`, or taken by another story, gets an id made of its title.

        Raises:
            NewsletterError: another program keeps the archive locked.
        """
        from newsletter.archive.merging import plan, with_positions  # noqa: PLC0415 - for writing only

        with self._guard, contextlib.nullcontext() if dry_run else self.locked():
            report = plan(items, self._candidates(items), self.ids(), take_theirs)
            found = (*report.conflicting, *report.taken)
            report = with_positions(report, self._positions([conflict.ours.id for conflict in found]))
            if not dry_run:
                self._write(report)
        return report

    def close(self) -> None:
        """Close the index; it is opened again when it is needed."""
        with self._guard:
            self._index.close()

    def _rows(self, sql: str, *values: str) -> list[Any]:
        with self._guard:
            return self._index.ask(lambda connection: connection.execute(sql, values).fetchall())

    def _positions(self, ids: Sequence[str]) -> dict[str, Position]:
        rows = self._rows(
            "SELECT items.id, files.name, items.line FROM items JOIN files ON files.number = items.file "
            "WHERE items.id IN (SELECT value FROM json_each(?))",
            json.dumps(list(ids)),
        )
        return {item_id: Position(str(self.root / name), line) for item_id, name, line in rows}

    def _candidates(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the archive's items that may be the same story as one of ``items``."""
        from newsletter.archive.folding import title_key  # noqa: PLC0415 - for writing only
        from newsletter.archive.naming import UNNAMED, first_ids  # noqa: PLC0415

        first = [each for item in items for each in first_ids(item.title, item.date)]
        wanted = (
            [title_key(item.title) for item in items],
            [*first, *(item.id for item in items if item.id != UNNAMED)],
            [item.url for item in items if item.url],
            [item.source for item in items if item.source],
        )
        sql = (
            "SELECT json, crc FROM items WHERE number IN ("
            "SELECT number FROM items WHERE title IN (SELECT value FROM json_each(?)) "
            "UNION SELECT number FROM items WHERE id IN (SELECT value FROM json_each(?)) "
            "UNION SELECT number FROM items WHERE url <> '' AND url IN (SELECT value FROM json_each(?)) "
            "UNION SELECT number FROM items WHERE source <> '' AND source IN (SELECT value FROM json_each(?)))"
        )
        return self._index.ask(lambda connection: asking.load(connection, sql, [json.dumps(part) for part in wanted]))

    def _write(self, report: ImportReport) -> None:
        from newsletter.archive.editing import edit_file  # noqa: PLC0415 - for writing only

        work: dict[str, tuple[list[Item], dict[str, Item]]] = {}
        for item in report.added:
            work.setdefault(file_of(item), ([], {}))[0].append(item)
        for conflict in report.taken:
            if conflict.position:
                name = Path(conflict.position.path).relative_to(self.root).as_posix()
                work.setdefault(name, ([], {}))[1][conflict.ours.id] = conflict.theirs
        done: list[tuple[ArchiveFile, bytes]] = []
        try:
            for count, (name, (added, replaced)) in enumerate(sorted(work.items())):
                if self.progress:
                    self.progress(count, len(work))
                if len(done) == BATCH:
                    self._index.learn(done)
                    done = []
                done.append(edit_file(self.root, name, added, replaced))
        finally:
            self._index.learn(done)
        if self.progress and work:
            self.progress(len(work), len(work))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other programs from writing the archive. Raises :class:`NewsletterError` when one does already."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 40 ms, for writing only

        path = self.root / ".newsletter" / "lock"
        path.parent.mkdir(exist_ok=True)
        try:
            with FileLock(path, timeout=LOCK_WAIT):
                yield
        except Timeout:
            raise NewsletterError(
                f"another program has kept the archive locked for {LOCK_WAIT:.0f} seconds ({path}): "
                "wait for it, or end it"
            ) from None


@lru_cache(maxsize=4)
def _parsed(path: Path, _changed: int) -> YamlFile:
    """Return a file of the archive, read anew when it has changed: several of its items may be asked for."""
    return yamlfile.load(path)
