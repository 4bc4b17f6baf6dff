"""Where each issue of a workspace stands."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.build import Builder
from newsletter.errors import ContentError, NewsletterError
from newsletter.issues import definition, ledger


@dataclass(frozen=True, slots=True)
class Row:
    """An issue and where it stands: draft, built, changed since built, published, retracted, or with mistakes."""

    issue: str
    number: int | None
    date: str
    subject: str
    items: int
    state: str
    mistakes: tuple[str, ...] = ()


def overview(builder: Builder) -> list[Row]:
    """Return every issue of the builder's workspace and where it stands, in the order of their dates."""
    workspace = builder.workspace
    published = {issue.name: issue for issue in ledger.read(workspace.ledger_dir)}
    found = []
    for name in workspace.issue_names():
        if name in published:
            entry = published[name].entry
            state = "retracted" if published[name].retracted else "published"
            found.append(Row(name, entry.number, str(entry.date), entry.subject, len(entry.items), state))
        else:
            found.append(_unpublished(builder, name))
    return sorted(found, key=lambda each: (each.date, each.number or 0, each.issue))


def _unpublished(builder: Builder, name: str) -> Row:
    number, date = None, ""
    try:
        issue = definition.load(builder.workspace.issue_path(name))
        number, date = issue.definition.number, str(issue.definition.date)
        editions = builder.editions(issue)
        edition, state = editions[0], builder.state(issue, editions)
    except ContentError as error:
        return Row(name, number, date, "", 0, "mistakes", tuple(map(str, error.problems)))
    except NewsletterError as error:
        return Row(name, number, date, "", 0, "mistakes", (str(error),))
    return Row(name, edition.number, str(edition.date), edition.subject, len(edition.items), state)
