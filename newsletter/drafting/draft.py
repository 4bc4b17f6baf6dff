"""The files of a workspace as they will be: read once, changed in memory, and checked before they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from newsletter import yamlchange, yamlfile
from newsletter.archive.editing import BOM
from newsletter.archive.reading import parse_file
from newsletter.compose import Plan, planned
from newsletter.compose.checking import mistakes
from newsletter.drafting.conflict import Conflict
from newsletter.errors import ContentError
from newsletter.issues import definition, ledger
from newsletter.issues.definition import Issue, IssueDefinition, SectionDefinition
from newsletter.model import Carried
from newsletter.publication import Category, Publication
from newsletter.render.themefile import describe
from newsletter.workspace import PUBLICATION, Workspace, parse_publication
from newsletter.yamledit import Keys

ORDER = tuple(IssueDefinition.model_fields)
"""The keys of a definition, in the order in which they are written."""


@dataclass
class Page:
    """A file: its bytes as they were read (None: there was none), and its text as it will be."""

    path: Path
    raw: bytes | None
    text: str

    @property
    def made(self) -> bytes:
        """Its bytes as they will be."""
        return (BOM if self.raw and self.raw.startswith(BOM) else b"") + self.text.encode()

    def at(self, keys: Keys) -> Any:
        """Return what stands at ``keys``, as text."""
        return yamlchange.at(yamlchange.read(self.text, self.path), keys)

    def assign(self, keys: Keys, value: Any, order: tuple[str, ...] = ORDER) -> None:
        """Put a value in."""
        self.text = yamlchange.assign(self.text, self.path, keys, value, order)

    def remove(self, keys: Keys, keep: int = 0) -> None:
        """Take a value out, and what is empty then."""
        self.text = yamlchange.remove(self.text, self.path, keys, keep)

    def insert(self, keys: Keys, index: int, *values: Any) -> None:
        """Put entries into a list."""
        self.text = yamlchange.insert_all(self.text, self.path, keys, index, values, ORDER)

    def move(self, source: Keys, target: Keys, index: int) -> None:
        """Move an entry."""
        self.text = yamlchange.move(self.text, self.path, source, target, index, ORDER)


@dataclass
class Draft:
    """What a change works on.

    Args:
        workspace: the folder.
        name: the issue's; empty where only the archive is changed.
    """

    workspace: Workspace
    name: str
    now: str = ""
    """The moment, for comments (ISO 8601)."""
    pages: dict[Path, Page] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    """Ids that new items of the archive got."""

    def page(self, path: Path) -> Page:
        """Return a file of the workspace; it is read at most once."""
        if path not in self.pages:
            try:
                raw = path.read_bytes()
            except FileNotFoundError:
                raw = None
            self.pages[path] = Page(path, raw, yamlfile.decode(raw or b"", path))
        return self.pages[path]

    def is_settled(self) -> bool:
        """Whether the files that were read hold the same still, and none is empty as one that is being written is."""
        return all(
            page.raw != b"" and page.raw == (page.path.read_bytes() if page.path.exists() else None)
            for page in self.pages.values()
        )

    @cached_property
    def issue_page(self) -> Page:
        """The definition's file."""
        return self.page(self.workspace.issue_path(self.name))

    @cached_property
    def publication(self) -> Publication:
        """newsletter.yaml, as it is now."""
        path = self.workspace.root / PUBLICATION
        return parse_publication(yamlfile.read_text(path), path)

    @property
    def issue(self) -> Issue:
        """The definition, as it will be."""
        return definition.parse(self.issue_page.text, self.issue_page.path)

    def carried(self, issue: Issue) -> Carried:
        """Return what earlier issues carried."""
        published = ledger.read(self.workspace.ledger_dir)
        wanted = issue.definition
        return ledger.carried_before(published, issue.name, wanted.date, wanted.number)

    def plans(self) -> list[Plan]:
        """Return the sections of the issue with their items; with the pinned ones only, where it cannot be composed."""
        issue = self.issue
        try:
            return planned(self.publication, issue, self.workspace.archive, self.carried(issue))
        except ContentError:
            wanted = issue.definition.sections or [
                SectionDefinition(category=category.name) for category in self.publication.categories
            ]
            known = self.workspace.archive.get(each for section in wanted for each in section.items)
            return [
                Plan(
                    self.publication.category(each.category) or Category.model_construct(name=each.category),
                    each,
                    [known[item] for item in each.items if item in known and item != issue.definition.lead],
                )
                for each in wanted
            ]

    def check(self, page: Page) -> None:
        """Raise :class:`ContentError` with every mistake that a file has now and did not have before."""
        if page.path.parent == self.workspace.issues_dir:
            if len(page.made) > yamlfile.MAX_BYTES:
                raise ContentError.at(page.path, f"it would be larger than {yamlfile.MAX_BYTES >> 20} MiB")
            issue = definition.parse(page.text, page.path)
            self._check_names(page, issue)
        else:
            if len(page.made) > yamlfile.MAX_ARCHIVE_BYTES:
                raise ContentError.at(page.path, f"it would be larger than {yamlfile.MAX_ARCHIVE_BYTES >> 20} MiB")
            name = page.path.relative_to(self.workspace.root).as_posix()
            parse_file(page.made, self.workspace.root, name)

    def _check_names(self, page: Page, issue: Issue) -> None:
        """Tell items, categories, blocks and a theme that there are not."""
        carried = self.carried(issue)
        known: set[str] | None
        theme = ""
        try:
            before = definition.parse(yamlfile.decode(page.raw or b"", page.path), page.path)
            theme = before.definition.theme or ""
            known = {problem.message for problem in mistakes(self.publication, before, self.workspace.archive, carried)}
        except ContentError:
            known = set() if page.raw is None else None
        if issue.definition.theme and issue.definition.theme != theme:
            describe(issue.definition.theme, self.workspace.theme_roots, issue.position(("theme",)))
        if known is None:  # it was broken before, or the archive is: what can be told was told
            return
        found = [
            problem
            for problem in mistakes(self.publication, issue, self.workspace.archive, carried)
            if problem.message not in known
        ]
        if found:
            raise ContentError(found)


def expect(page: Page, keys: Keys, change: Any, value: Any) -> None:
    """Raise :class:`Conflict` when the file does not have what the person saw, nor what is to be written."""
    if "was" not in change.model_fields_set:
        return
    now = page.at(keys)
    if _same(now, change.was) or _same(now, value):
        return
    mine = Page(page.path, page.raw, page.text)
    if value is None:
        mine.remove(keys)
    else:
        mine.assign(keys, value)
    file = yamlfile.parse(page.text, page.path)
    raise Conflict(change.told, change.was, now, value, file.position(keys), page.text, mine.text)


def _same(one: Any, other: Any) -> bool:
    return bool(_settled(one) == _settled(other))


def _settled(value: Any) -> Any:
    """Return a value as two of them are compared: no difference between nothing and an empty text."""
    value = yamlchange.plain(value)
    if isinstance(value, list):
        return [str(each) for each in value]
    if value in (None, "", [], {}):
        return ""
    return value.replace("\r\n", "\n").rstrip() if isinstance(value, str) else value
