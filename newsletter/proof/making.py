"""What a proof shows, gathered: the mail as a reader gets it, its measures, and what is to be said of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsletter import approval
from newsletter.approval import Approval
from newsletter.build import Builder
from newsletter.errors import UsageError
from newsletter.issues import definition
from newsletter.issues.definition import Issue
from newsletter.measuring import Measures, measure
from newsletter.model import Edition, Note
from newsletter.services import Outgoing
from newsletter.services.plain import SERVICE as PLAIN


@dataclass(frozen=True, slots=True)
class Comment:
    """What a colleague said of an item (or, without ``about``, of the issue). It is never in the mail."""

    text: str
    about: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """One edition, ready to be looked at.

    ``shown`` is what a reader without any data of their own gets: defaults of names, the publication's addresses.
    ``state`` is the hash of the whole issue that an approval records, ``editions`` all its languages.
    """

    edition: Edition
    shown: Outgoing
    pictures: Mapping[str, bytes]
    measures: Measures
    notes: tuple[Note, ...]
    comments: tuple[Comment, ...]
    state: str
    made: datetime.datetime
    editions: tuple[str, ...]
    approvals: tuple[Approval, ...] = ()
    approved: Approval | None = None

    @property
    def code(self) -> str:
        """The state, short enough to be read aloud."""
        return "-".join(self.state[start : start + 4] for start in (0, 4, 8))


def proofs(builder: Builder, name: str, language: str, now: datetime.datetime) -> tuple[list[Proof], dict[str, str]]:
    """Build an issue, and return a proof of each edition (or the one in ``language``) and the hash of every edition.

    Raises:
        UsageError: there is no such issue, or no edition in that language.
        ContentError: mistakes in whatever the build reads.
    """
    issue = definition.load(builder.workspace.issue_path(name))
    built = builder.build(name)
    editions = builder.editions(issue)
    seen = builder.seen(issue, editions)
    wanted = [number for number, each in enumerate(editions) if language in ("", each.language)]
    if not wanted:
        there = ", ".join(each.language for each in editions)
        raise UsageError(f"{issue.name} has no edition in '{language}' (there are: {there})")
    approvals = approval.read(builder.workspace.issues_dir, issue.name)
    found = []
    for number in wanted:
        edition = editions[number]
        drawn = builder.draw(issue, edition)
        found.append(
            Proof(
                edition=edition,
                shown=PLAIN.fill(drawn.message),
                pictures=drawn.pictures.files,
                measures=measure(edition, drawn.outgoing, drawn.sent_bytes, drawn.weights),
                notes=built[number].notes,
                comments=tuple(comments_of(issue, edition)),
                state=approval.together(seen),
                made=now,
                editions=tuple(each.language for each in editions),
                approvals=approvals,
                approved=approval.current(approvals, seen),
            )
        )
    return found, seen


def comments_of(issue: Issue, edition: Edition) -> Iterable[Comment]:
    """Return what colleagues say in the definition that is not settled."""
    titles = {item.id: item.title for item in edition.web_items}
    for comment in issue.definition.comments:
        if not comment.done:
            yield Comment(comment.text, titles.get(comment.item, comment.item) if comment.item else "", comment.by)
