"""The ledger of published issues: issues/published/ISSUE.yaml, one file an issue, entries only ever added.

Reading it is here; publishing writes it. An entry is never edited: what changes afterwards (an amendment, a
retraction) is a further entry with the next number, and the last one counts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from newsletter import yamlfile
from newsletter.errors import ContentError, Problem
from newsletter.model import Carried, ItemId
from newsletter.schema import Date, Model, Text, validate


class LedgerEntry(Model):
    """What went out, and when."""

    entry: Annotated[int, Field(ge=1)]
    """Its number, from 1."""
    action: Literal["publish", "amend", "retract"]
    """What happened."""
    time: datetime.datetime
    """When (RFC 3339, with a time zone)."""
    number: int | None = None
    """Number of the issue."""
    date: Date
    """Date of the issue."""
    subject: Text = ""
    """Its subject."""
    items: tuple[ItemId, ...] = ()
    """Every item that it carried."""
    announcement: Text = ""
    """The item of the archive that announces it."""
    outputs: dict[str, str] = {}
    """File to SHA-256 of its bytes."""
    note: Text = ""
    """Why it was amended or retracted."""


@dataclass(frozen=True, slots=True)
class PublishedIssue:
    """An issue with the entry that counts (the last), and whether it was taken back."""

    name: str
    entry: LedgerEntry

    @property
    def retracted(self) -> bool:
        """Whether it counts no more."""
        return self.entry.action == "retract"

    @property
    def order(self) -> tuple[datetime.date, int, str]:
        """Where it stands among the issues."""
        return self.entry.date, self.entry.number or 0, self.name


def read(folder: Path) -> list[PublishedIssue]:
    """Read the whole ledger, oldest issue first; an absent folder is an empty ledger.

    Raises:
        ContentError: every mistake in every file of it.
    """
    published: list[PublishedIssue] = []
    found: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        try:
            published.append(PublishedIssue(path.stem, _last_entry(path)))
        except ContentError as error:
            found.extend(error.problems)
    if found:
        raise ContentError(found)
    return sorted(published, key=lambda issue: issue.order)


def _last_entry(path: Path) -> LedgerEntry:
    file = yamlfile.load(path)
    entries: list[LedgerEntry] = validate(list[LedgerEntry], file) if file.data else []
    if not entries:
        raise ContentError.at(path, "the ledger has no entry", "restore the file from version control", 1, 1)
    for index, entry in enumerate(entries):
        if entry.entry != index + 1:
            at = file.position((index, "entry"))
            raise ContentError.at(
                path,
                f"entry {entry.entry} stands where {index + 1} was expected",
                "entries are only ever added",
                at.line,
                at.column,
            )
    return entries[-1]


def carried_before(published: Iterable[PublishedIssue], name: str, date: datetime.date, number: int | None) -> Carried:
    """Return what the issues before this one took. The issue itself and later ones never count."""
    here = (date, number or 0, name)
    earlier = sorted(
        (issue for issue in published if issue.name != name and issue.order < here and not issue.retracted),
        key=lambda issue: issue.order,
    )
    return Carried(
        items={item: issue.name for issue in earlier for item in issue.entry.items},
        announcements=frozenset(issue.entry.announcement for issue in earlier if issue.entry.announcement),
        last_issue=earlier[-1].name if earlier else "",
        last_date=earlier[-1].entry.date if earlier else None,
    )
