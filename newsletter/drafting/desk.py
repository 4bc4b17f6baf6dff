"""The desk: changes are saved to the text files at once, each step can be seen, taken back and done again.

Several threads, several programs (two previews) and editors of any kind may be at work on the same files.
"""

from __future__ import annotations

import contextlib
import datetime
import difflib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter import yamlfile
from newsletter.archive.reading import FOLDER
from newsletter.drafting.applying import apply
from newsletter.drafting.changes import AddItem, Change, ItemValue
from newsletter.drafting.conflict import Conflict
from newsletter.drafting.draft import Draft, Page
from newsletter.drafting.journal import Entry, Journal, Kind, Versions
from newsletter.drafting.merge import merge
from newsletter.errors import ContentError, NewsletterError, Position, UsageError
from newsletter.files import ChangedMeanwhile, remove_begun, replace_known
from newsletter.workspace import ISSUE_NAME, Workspace

TRIES = 20
"""How often a file is read anew because someone else wrote it meanwhile."""
PAUSE = 5.0
"""Seconds between two changes of one text, by one tab, that are one step."""
WRITING = 0.05
"""Seconds after which a mistake in a file is one, and not a file that another program writes just now."""
LOCK_WAIT = 60.0
"""How long to wait for another desk, in seconds."""
HISTORY = "history.sqlite"


@dataclass(frozen=True, slots=True)
class Done:
    """What was written. ``entry`` is the number of the step; 0 where there was nothing to change."""

    entry: int = 0
    what: str = ""
    files: tuple[str, ...] = ()
    """The files that changed, from the workspace."""
    diff: str = ""
    """What was written, as a unified diff."""
    ids: tuple[str, ...] = ()
    """Ids that new items of the archive got."""


class Desk:
    """Where the files of a workspace are changed.

    Args:
        workspace: the folder.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._guard = threading.RLock()
        self._open: Journal | None = None
        with self._locked():
            pass  # what a crash left is put right at once

    def close(self) -> None:
        """Close the history; it is opened again when it is needed."""
        with self._guard:
            if self._open:
                self._open.close()
            self._open = None

    # Changing

    def apply(self, issue: str, changes: Sequence[Change], by_tab: str = "") -> Done:
        """Put changes into the files: all of them, in one step, or none.

        Args:
            issue: the issue's name; may be empty where only the archive is changed.
            changes: what to change, in this order.
            by_tab: whoever does it. Where it is given, typing on in one text is one step.

        Raises:
            Conflict: someone else changed the same; nothing was written.
            ContentError: it would be a mistake, or a file has one; nothing was written.
            UsageError: there is no such issue.
            NewsletterError: another program keeps the files locked.
        """
        what = "; ".join(change.told for change in changes)
        field = changes[0].field if len(changes) == 1 else ""
        archive = any(isinstance(change, (ItemValue, AddItem)) for change in changes)

        def make(draft: Draft) -> None:
            for change in changes:
                apply(draft, change)

        with self._locked():
            return self._change(make, archive, (issue, by_tab, field if by_tab else "", what))

    def create(self, issue: str, text: str, by_tab: str = "") -> Done:
        """Write the definition of a new issue; taking that back removes it. Raises as :meth:`apply`."""
        path = self.workspace.issues_dir / f"{issue}.yaml"
        if not ISSUE_NAME.fullmatch(issue):
            raise UsageError("the name of an issue is its address: use letters, digits, '-', '_' and '.'")

        def make(draft: Draft) -> None:
            if path.exists():
                raise UsageError(f"there is an issue '{issue}' already")
            draft.pages[path] = Page(path, None, text)

        with self._locked():
            return self._change(make, False, (issue, by_tab, "", f"new issue {issue}"))

    def _change(self, make: Callable[[Draft], None], archive: bool, told: tuple[str, str, str, str]) -> Done:
        for left in reversed(range(TRIES)):
            with self.workspace.archive.locked() if archive else contextlib.nullcontext():
                now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                draft = Draft(self.workspace, told[0], now)
                try:
                    make(draft)
                    files = self._checked(draft)
                    if not files:
                        return Done(what=told[3])
                    entry = self._continued(told, files)
                    number = self._write("extend" if entry else "apply", files, entry, told)
                except ChangedMeanwhile:
                    continue
                except (ContentError, Conflict):
                    time.sleep(WRITING)
                    if not left or draft.is_settled():
                        raise
                    continue  # it was read while another program wrote it
            return Done(number, told[3], tuple(files), _diff(files), tuple(draft.ids))
        raise _busy(next(iter(draft.pages), self.workspace.root))

    def _checked(self, draft: Draft) -> dict[str, Versions]:
        """Return the files that a draft changes, without a mistake that they did not have."""
        pages = [page for page in draft.pages.values() if page.made != (page.raw or b"")]
        for page in pages:
            draft.check(page)
        return {self._name(page.path): (page.raw, page.made) for page in pages}

    def _continued(self, told: tuple[str, str, str, str], files: Mapping[str, Versions]) -> int:
        """Return the number of the last step where this goes on with it: the same text, the same tab, at once."""
        last = self._journal.next("undo")
        if not told[2] or not last or self._journal.next("redo") or (last.issue, last.tab, last.field) != told[:3]:
            return 0
        since = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(last.at)
        left = {path: within for path, (_, within) in self._journal.versions(last.number).items()}
        same = left == {path: known for path, (known, _) in files.items()}
        return last.number if same and 0 <= since.total_seconds() <= PAUSE else 0

    # Taking back

    def undo(self, entry: int = 0) -> Done:
        """Take the last step back, or the step ``entry``. What was changed since, elsewhere, stays.

        Raises:
            Conflict: someone else changed the same lines since; nothing was written.
            ContentError: the file would have a mistake without it; nothing was written.
            UsageError: there is nothing to take back.
        """
        return self._turn("undo", entry)

    def redo(self, entry: int = 0) -> Done:
        """Do the step again that was taken back last. Raises as :meth:`undo`."""
        return self._turn("redo", entry)

    def _turn(self, kind: Kind, number: int) -> Done:
        with self._locked():
            undo = kind == "undo"
            entry = self._journal.entry(number) if number else self._journal.next("undo" if undo else "redo")
            if entry is None or entry.state != ("done" if undo else "undone"):
                raise UsageError("there is nothing to take back" if undo else "there is nothing to do again")
            archive = any(path.startswith(f"{FOLDER}/") for path in entry.files)
            for _ in range(TRIES):
                with self.workspace.archive.locked() if archive else contextlib.nullcontext():
                    files = self._turned(entry, undo)
                    try:
                        self._write(kind, files, entry.number)
                    except ChangedMeanwhile:
                        continue
                changed = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
                return Done(entry.number, entry.what, tuple(changed), _diff(changed))
            raise _busy(self.workspace.root / entry.files[0])

    def _turned(self, entry: Entry, undo: bool) -> dict[str, Versions]:
        """Return what each file of a step holds now, and what it holds once the step is taken back (or done again)."""
        files: dict[str, Versions] = {}
        for path, (without, within) in self._journal.versions(entry.number).items():
            base, wanted = (within, without) if undo else (without, within)
            now = self._read(path)
            files[path] = now, wanted if now == base else self._merged(entry, path, base, now, wanted)
        return files

    def _merged(
        self, entry: Entry, name: str, base: bytes | None, now: bytes | None, wanted: bytes | None
    ) -> bytes | None:
        if now == wanted:
            return now
        path = self.workspace.root / name
        texts = [None if each is None else each.decode("utf-8", "surrogateescape") for each in (base, now, wanted)]
        came = None
        if None not in texts:
            came = merge(*(text or "" for text in texts))
        if came is not None:
            made = came.encode("utf-8", "surrogateescape")
            page = Page(path, now, yamlfile.decode(made, path))
            try:
                Draft(self.workspace, entry.issue).check(page)
            except ContentError:
                came = None
            else:
                return page.made
        theirs, yours = texts[1] or "", texts[2] or ""
        raise Conflict(entry.what, texts[0], theirs, yours, _first_change(path, texts[0] or "", theirs), theirs, yours)

    # Looking

    def history(self, limit: int = 0) -> list[Entry]:
        """Return the steps, the newest first; all, or so many."""
        with self._guard:
            return self._journal.entries(limit)

    def next_steps(self) -> tuple[Entry | None, Entry | None]:
        """Return what :meth:`undo` would take back and what :meth:`redo` would do again."""
        with self._guard:
            return self._journal.next("undo"), self._journal.next("redo")

    def diff(self, entry: int) -> str:
        """Return what a step changed, as a unified diff. Raises :class:`UsageError` when there is no such step."""
        with self._guard:
            if self._journal.entry(entry) is None:
                raise UsageError(f"there is no step {entry}")
            return _diff(self._journal.versions(entry))

    # Writing

    def _write(
        self, kind: Kind, files: Mapping[str, Versions], entry: int = 0, told: Sequence[str] = ("", "", "", "")
    ) -> int:
        """Write files, noted before and after; all or none.

        Raises:
            ChangedMeanwhile: one of them was changed by another program; none is written.
            Conflict: the same, and a version stands beside its file since both came at once.
        """
        journal = self._journal
        entry = journal.begin(kind, files, entry, told)
        written: list[str] = []
        try:
            for path, (known, data) in files.items():
                if known != data:
                    replace_known(self.workspace.root / path, known, data)
                    written.append(path)
        except BaseException as error:
            for path in written:
                with contextlib.suppress(ChangedMeanwhile):  # theirs was made from ours: it has it
                    replace_known(self.workspace.root / path, files[path][1], files[path][0])
            journal.drop(entry)
            if isinstance(error, ChangedMeanwhile) and error.kept:
                raise self._kept(path, error.kept, files[path]) from None
            if isinstance(error, OSError):
                where = self.workspace.root / path
                raise ContentError.at(where, f"cannot be written: {error.strerror or error}") from None
            raise
        journal.finish(kind, files, entry)
        return entry

    def _kept(self, name: str, kept: Path, versions: Versions) -> Conflict:
        path = self.workspace.root / name
        theirs, ours = kept.read_bytes().decode("utf-8", "replace"), (versions[1] or b"").decode("utf-8", "replace")
        return Conflict(name, None, theirs, ours, Position(str(path), 1, 1), theirs, ours, str(kept))

    def _read(self, name: str) -> bytes | None:
        try:
            return (self.workspace.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def _name(self, path: Path) -> str:
        return path.relative_to(self.workspace.root).as_posix()

    # Who may write

    @property
    def _journal(self) -> Journal:
        if self._open is None:
            path = self.workspace.state_dir / HISTORY
            try:
                self._open = Journal(path)
            except sqlite3.DatabaseError:
                stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
                path.replace(path.with_name(f"history-broken-{stamp}.sqlite"))
                self._open = Journal(path)
        return self._open

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other desks away, and put right what a killed one left."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 40 ms, for writing only

        path = self.workspace.state_dir / "drafting.lock"
        with self._guard:
            try:
                path.parent.mkdir(exist_ok=True)
                with FileLock(path, timeout=LOCK_WAIT, poll_interval=0.01):
                    self._repair()
                    yield
            except sqlite3.Error as error:
                where = self.workspace.state_dir / HISTORY
                raise NewsletterError(f"{where}: the history cannot be read or written: {error}") from None
            except Timeout:
                what = f"another preview has kept the files locked for {LOCK_WAIT:.0f} seconds ({path})"
                raise NewsletterError(f"{what}: wait for it, or end it") from None
            except OSError as error:
                what = f"{error.filename or self.workspace.root}: {error.strerror or error}"
                raise NewsletterError(f"{what}: is the folder there, and may you write in it?") from None

    def _repair(self) -> None:
        """Finish or forget what a program began to write and did not finish, by what the files hold."""
        begun = self._journal.pending()
        for number in dict.fromkeys(each.entry for each in begun):
            parts = [each for each in begun if each.entry == number]
            for each in parts:
                remove_begun(self.workspace.root / each.path)
            landed = [self._landed(each.known, each.data, self._read(each.path)) for each in parts]
            if any(landed):
                for each, is_there in zip(parts, landed, strict=True):
                    if not is_there:
                        with contextlib.suppress(ChangedMeanwhile):
                            replace_known(self.workspace.root / each.path, each.known, each.data)
                self._journal.finish(parts[0].kind, {each.path: (each.known, each.data) for each in parts}, number)
            else:
                self._journal.drop(number)

    @staticmethod
    def _landed(known: bytes | None, data: bytes | None, now: bytes | None) -> bool:
        """Whether a file holds what was to be written, with or without what others made of it since."""
        if now == data:
            return True
        if now == known or known is None or data is None or now is None:
            return False
        texts = [each.decode("utf-8", "surrogateescape") for each in (known, data, now)]
        return merge(*texts) == texts[2]


def _busy(path: Path) -> ContentError:
    return ContentError.at(path, "another program writes this file all the time", "close it there and try again")


def _first_change(path: Path, base: str, now: str) -> Position:
    """Return the first line that differs."""
    lines = zip(base.splitlines(), now.splitlines(), strict=False)
    number = next((number for number, (one, other) in enumerate(lines, 1) if one != other), 1)
    return Position(str(path), number, 1)


def _diff(files: Mapping[str, Versions]) -> str:
    """Return a unified diff of files, as ``git diff`` writes it."""
    lines: list[str] = []
    for path, (old, new) in sorted(files.items()):
        before, after = (_shown(each) for each in (old, new))
        names = ("/dev/null" if old is None else f"a/{path}", "/dev/null" if new is None else f"b/{path}")
        for line in difflib.unified_diff(before, after, *names, lineterm=""):
            lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def _shown(data: bytes | None) -> list[str]:
    text = (data or b"").decode("utf-8", "replace").replace("\r\n", "\n")
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines
