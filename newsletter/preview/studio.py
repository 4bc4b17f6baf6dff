"""What the preview knows: each issue as its files are now, and as it last was without a mistake."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.build import Builder, Drawn
from newsletter.errors import ContentError, Problem, UsageError, did_you_mean
from newsletter.issues import definition
from newsletter.issues.definition import Issue
from newsletter.model import Edition
from newsletter.preview.awkward import AWKWARD, awkward
from newsletter.render.themefile import known_names
from newsletter.standing import Row, overview, row_of
from newsletter.workspace import Workspace

KEPT = 40
"""So many drawings are remembered."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which view of an issue: its name, and what differs from how it is built ('' for nothing)."""

    issue: str
    language: str = ""
    theme: str = ""
    data: str = ""
    """One of :data:`newsletter.preview.awkward.AWKWARD`: made-up content instead of the issue's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A drawing of the files as they are; or, with ``problems``, the last one before the mistake, if there was any."""

    drawn: Drawn | None
    issue: Issue | None
    languages: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Studio:
    """Draws issues of one workspace; may be asked by several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self.root = workspace.root
        self.lock = threading.RLock()
        self.generation = 0
        self._builder = Builder(workspace)
        self._seen: dict[Wish, tuple[int, Seen]] = {}
        self._good: dict[Wish, Seen] = {}
        self._ours: dict[str, tuple[int, int]] = {}

    @property
    def workspace(self) -> Workspace:
        """The workspace as it was when files last changed."""
        return self._builder.workspace

    def changed(self) -> int:
        """Note that files have changed, and return the number of this state."""
        with self.lock:
            self._builder.refresh()
            self.generation += 1
            return self.generation

    def wrote(self, names: Iterable[str]) -> None:
        """Note that we ourselves have just written these files of the workspace."""
        with self.lock:
            self._ours |= {name: stamp for name in names if (stamp := self._stamp(name))}
            self.changed()

    def is_news(self, names: Iterable[str]) -> bool:
        """Whether one of these files is another one than we wrote last."""
        return any(name not in self._ours or self._ours[name] != self._stamp(name) for name in names)

    def _stamp(self, name: str) -> tuple[int, int] | None:
        try:
            status = (self.root / name).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def see(self, wish: Wish) -> Seen:
        """Draw an issue as it is now.

        Raises:
            UsageError: there is no such issue, language, or kind of made-up data.
        """
        with self.lock:
            known = self._seen.get(wish)
            if known and known[0] == self.generation:
                return known[1]
            try:
                seen = self._draw(wish)
                self._good[wish] = seen
            except ContentError as error:
                former = self._good.get(wish) or self._good.get(Wish(wish.issue, wish.language))
                seen = replace(former or Seen(None, None), problems=error.problems)
            self._remember(wish, seen)
            return seen

    def _draw(self, wish: Wish) -> Seen:
        path = self.workspace.issue_path(wish.issue)
        issue = definition.load(path)
        shown = issue
        if wish.theme:
            known = known_names(self.workspace.theme_roots)
            if wish.theme not in known:
                raise UsageError(f"there is no theme '{wish.theme[:80]}' (there are: {', '.join(known)})")
            chosen = issue.definition.model_copy(update={"theme": wish.theme})
            shown = replace(issue, definition=chosen)
        editions = self._builder.editions(shown)
        edition = _in_language(editions, wish)
        if wish.data:
            if wish.data not in AWKWARD:
                raise UsageError(f"there is no data '{wish.data}' ({did_you_mean(wish.data, list(AWKWARD))})")
            edition = awkward(edition, wish.data)
        drawn = self._builder.draw(shown, edition)
        return Seen(drawn, issue, tuple(each.folder for each in editions if each.folder))

    def _remember(self, wish: Wish, seen: Seen) -> None:
        self._seen.pop(wish, None)
        self._seen[wish] = (self.generation, seen)
        while len(self._seen) > KEPT:
            oldest = next(iter(self._seen))
            del self._seen[oldest]
            self._good.pop(oldest, None)

    def picture(self, issue: str, name: str) -> bytes | None:
        """Return a picture of an issue that was drawn lately."""
        with self.lock:
            for wish, (_, seen) in self._seen.items():
                if wish.issue == issue and seen.drawn and name in seen.drawn.pictures.files:
                    return seen.drawn.pictures.files[name]
        return None

    def overview(self) -> list[Row]:
        """Return every issue and where it stands, the newest first."""
        with self.lock:
            return overview(self._builder)[::-1]

    def standing(self, name: str) -> str:
        """Return where an issue stands, as ``newsletter status`` says it; '' where its files have mistakes.

        Raises:
            UsageError: there is no such issue.
        """
        self.workspace.issue_path(name)
        with self.lock:
            try:
                found = row_of(self._builder, name)
            except ContentError:  # in the ledger
                return ""
        return "" if found.mistakes else found.told

    def built(self, issue: str, folder: str) -> Path:
        """Return the folder of a build of an issue; it may not be there."""
        return self.workspace.build_dir / issue / folder


def _in_language(editions: list[Edition], wish: Wish) -> Edition:
    if not wish.language:
        return editions[0]
    for edition in editions:
        if wish.language in (edition.folder, edition.language):
            return edition
    known = ", ".join(each.language for each in editions)
    raise UsageError(f"'{wish.issue}' has no edition in '{wish.language}' (there are: {known})")
