"""From an issue definition and the archive to an edition.

``compose`` is pure: the same publication, definition, archive and ledger give the same edition. No clock, no
network, no random; "earlier" never includes the issue itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter.compose.announcement import is_announcement
from newsletter.compose.blocks import place
from newsletter.compose.sections import Plan, arrange, plan
from newsletter.compose.selection import select
from newsletter.compose.wording import default_preheader, default_subject, foreign_texts, issue_texts
from newsletter.content import clean, squeeze
from newsletter.issues.definition import Issue
from newsletter.item import state_of
from newsletter.model import Archive, Carried, Edition, Note, OtherEdition, Section
from newsletter.publication import Publication
from newsletter.schema import in_language
from newsletter.words import language_name

__all__ = ["Plan", "compose", "is_announcement", "languages_of", "planned"]

NOTHING_CARRIED = Carried()


def languages_of(publication: Publication, issue: Issue) -> tuple[str, ...]:
    """Return the languages of the issue's editions; empty where it has one edition, in its own language."""
    return tuple(dict.fromkeys(issue.definition.languages or publication.languages))


def compose(
    publication: Publication,
    issue: Issue,
    archive: Archive,
    carried: Carried = NOTHING_CARRIED,
    language: str = "",
) -> Edition:
    """Compose one issue.

    Args:
        publication: newsletter.yaml.
        issue: the definition, with its positions.
        archive: answers queries.
        carried: what earlier published issues took (see :func:`newsletter.issues.ledger.carried_before`).
        language: one of :func:`languages_of`; the issue's own when empty.

    Raises:
        ContentError: unknown items or categories, an item pinned twice, nothing selected; all at once, each
            with its place in the definition.
    """
    definition = issue.definition
    languages = languages_of(publication, issue)
    language = language or issue.written_in(publication)
    spoken = publication.in_language(language)
    selection = select(publication, issue, archive, carried, language)
    lead, sections, notes = arrange(spoken, issue, selection, language)
    notes += _stale_blurbs(publication, sections, language)
    sections = place(publication, issue, language, sections, notes)
    foreign = foreign_texts(publication, language, lead)
    if lacking := [key for key in ("description", "reason") if key in foreign]:
        notes.append(Note("untranslated", f"not translated into {language}: the publication's {', '.join(lacking)}"))
    if foreign and (idle := publication.idle(language)):
        what = f"the publication has a translation into {language} of what it does not say"
        notes.append(Note("unused", f"{what}: {', '.join(idle)}"))
    texts, editorial_language = issue_texts(publication, issue, language, notes)
    subject = clean(texts.subject) or default_subject(spoken, definition, language)
    preheader = clean(texts.preheader) or default_preheader(lead, sections)
    return Edition(
        publication=spoken,
        issue=issue.name,
        number=definition.number,
        date=definition.date,
        language=language,
        subject=squeeze(subject),
        preheader=squeeze(preheader),
        editorial=clean(texts.editorial).strip(),
        lead=lead,
        sections=sections,
        web_version=publication.web_address(issue.name, language),
        notes=(*selection.notes, *notes),
        editorial_language=editorial_language,
        others=_others(publication, issue, language, languages),
        folder=language if languages else "",
        foreign=foreign,
    )


def planned(publication: Publication, issue: Issue, archive: Archive, carried: Carried = NOTHING_CARRIED) -> list[Plan]:
    """Return the sections of an issue, those without items too, with all items that fall to each, in their order.

    The lead is in none of them. Raises :class:`ContentError`, as :func:`compose`.
    """
    language = issue.written_in(publication)
    return plan(publication, issue, select(publication, issue, archive, carried, language), [])


def _stale_blurbs(publication: Publication, sections: Sequence[Section], language: str) -> Iterator[Note]:
    """Yield a note for each series whose blurb has changed since it was translated."""
    for section in sections:
        category = publication.category(section.category.name)
        other = in_language(category.translations, language) if category else None
        if category and other and other.of and other.of != state_of(category.blurb):
            yield Note("stale", f"the blurb of '{category.name}' has changed since it was translated into {language}")


def _others(
    publication: Publication, issue: Issue, language: str, languages: Sequence[str]
) -> tuple[OtherEdition, ...]:
    return tuple(
        OtherEdition(other, language_name(other), publication.web_address(issue.name, other))
        for other in languages
        if other != language
    )
