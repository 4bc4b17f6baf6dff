"""From an issue definition and the archive to an edition.

``compose`` is pure: the same publication, definition, archive and ledger give the same edition. No clock, no
network, no random; "earlier" never includes the issue itself.
"""

from __future__ import annotations

from newsletter.compose.announcement import is_announcement
from newsletter.compose.sections import arrange
from newsletter.compose.selection import select
from newsletter.compose.wording import default_preheader, default_subject
from newsletter.content import clean, squeeze
from newsletter.issues.definition import Issue
from newsletter.model import Archive, Carried, Edition
from newsletter.publication import Publication

__all__ = ["compose", "is_announcement"]

NOTHING_CARRIED = Carried()


def compose(publication: Publication, issue: Issue, archive: Archive, carried: Carried = NOTHING_CARRIED) -> Edition:
    """Compose one issue.

    Args:
        publication: newsletter.yaml.
        issue: the definition, with its positions.
        archive: answers queries.
        carried: what earlier published issues took (see :func:`newsletter.issues.ledger.carried_before`).

    Raises:
        ContentError: unknown items or categories, an item pinned twice, nothing selected; all at once, each
            with its place in the definition.
    """
    definition = issue.definition
    selection = select(publication, issue, archive, carried)
    lead, sections, notes = arrange(publication, issue, selection)
    subject = clean(definition.subject) or default_subject(publication, definition)
    preheader = clean(definition.preheader) or default_preheader(lead, sections)
    return Edition(
        publication=publication,
        issue=issue.name,
        number=definition.number,
        date=definition.date,
        language=definition.language or publication.language,
        subject=squeeze(subject),
        preheader=squeeze(preheader),
        editorial=clean(definition.editorial).strip(),
        lead=lead,
        sections=sections,
        web_version=publication.web_address(issue.name),
        notes=(*selection.notes, *notes),
    )
