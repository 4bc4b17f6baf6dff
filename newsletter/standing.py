"""Where an issue stands on its way out, as `status` and the preview show it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter import approval
from newsletter.approval import Approval
from newsletter.build import Builder
from newsletter.errors import ContentError, NewsletterError
from newsletter.files import write_atomic
from newsletter.issues import definition, ledger
from newsletter.issues.definition import Issue
from newsletter.issues.ledger import PublishedIssue
from newsletter.model import Edition

PROOFED = "proof.json"
"""The mark in build/ISSUE/ that a proof of this state was made."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an unpublished issue stands.

    ``state`` is draft, built, changed since built, proofed, approved, or changed since approved; ``approval`` is the
    one that counts, or the last of an earlier state.
    """

    state: str
    approval: Approval | None = None


def standing(builder: Builder, issue: Issue, editions: Sequence[Edition]) -> Standing:
    """Return where an unpublished issue stands. An approval counts on every machine, a build or proof on this one.

    Raises:
        ContentError: mistakes in its approvals, newsletter.yaml or a template.
    """
    approvals = approval.read(builder.workspace.issues_dir, issue.name)
    if approvals:
        seen = builder.seen(issue, editions)
        found = approval.current(approvals, seen)
        return Standing("approved", found) if found else Standing("changed since approved", approvals[-1])
    state = builder.state(issue, editions)
    if state == "built":
        proofed = _proofed(builder.workspace.build_dir / issue.name)
        if proofed and builder.seen(issue, editions) == proofed:
            return Standing("proofed")
    return Standing(state)


def mark_proofed(folder: Path, seen: Mapping[str, str], every: Mapping[str, str]) -> None:
    """Leave the mark that a proof of these editions was made.

    Args:
        folder: build/ISSUE.
        seen: by language, the hash of what the proof shows.
        every: the same of all editions; what was proofed before counts while it is the same.
    """
    before = _proofed(folder)
    kept = {language: digest for language, digest in before.items() if every.get(language) == digest}
    write_atomic(folder / PROOFED, (json.dumps(kept | dict(seen), indent=2) + "\n").encode())


def _proofed(folder: Path) -> dict[str, str]:
    try:
        marks = json.loads((folder / PROOFED).read_bytes())
        return {str(language): str(digest) for language, digest in marks.items()}
    except (OSError, ValueError, AttributeError):
        return {}


@dataclass(frozen=True, slots=True)
class Row:
    """An issue in a list: where it stands, ``mistakes`` where it cannot be composed, and the approval that counts."""

    issue: str
    number: int | None
    date: str
    subject: str
    items: int
    state: str
    mistakes: tuple[str, ...] = ()
    approval: dict[str, Any] | None = None

    @property
    def told(self) -> str:
        """The state, and whose approval counts."""
        return f"{self.state} by {self.approval['by']}" if self.approval else self.state


def overview(builder: Builder) -> list[Row]:
    """Return every issue of the builder's workspace and where it stands, in the order of their dates."""
    published = _published(builder)
    rows = [_row(builder, name, published.get(name)) for name in builder.workspace.issue_names()]
    return sorted(rows, key=lambda row: (row.date, row.number or 0, row.issue))


def row_of(builder: Builder, name: str) -> Row:
    """Return one issue of the builder's workspace and where it stands."""
    return _row(builder, name, _published(builder).get(name))


def _published(builder: Builder) -> dict[str, PublishedIssue]:
    return {issue.name: issue for issue in ledger.read(builder.workspace.ledger_dir)}


def _row(builder: Builder, name: str, published: PublishedIssue | None) -> Row:
    if published:
        entry, state = published.entry, "retracted" if published.retracted else "published"
        return Row(name, entry.number, str(entry.date), entry.subject, len(entry.items), state)
    number, date = None, ""
    try:
        issue = definition.load(builder.workspace.issue_path(name))
        number, date = issue.definition.number, str(issue.definition.date)
        editions = builder.editions(issue)
        edition, stands = editions[0], standing(builder, issue, editions)
    except ContentError as error:
        return Row(name, number, date, "", 0, "mistakes", tuple(map(str, error.problems)))
    except NewsletterError as error:
        return Row(name, number, date, "", 0, "mistakes", (str(error),))
    approval = stands.approval.model_dump(mode="json") if stands.approval else None
    count = len(edition.items)
    return Row(name, edition.number, str(edition.date), edition.subject, count, stands.state, (), approval)
