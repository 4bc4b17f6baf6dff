"""The texts that an issue has when its definition does not give them."""

from __future__ import annotations

from newsletter.issues.definition import Issue, IssueDefinition, IssueTranslation
from newsletter.item import state_of
from newsletter.model import Item, Note, Section
from newsletter.publication import Category, Publication, PublicationTranslation
from newsletter.schema import in_language, same_language, unless
from newsletter.words import words

PREHEADER_LENGTH = 110
"""Characters; what most inboxes show behind a subject on a desktop."""


def heading(category: Category, count: int, language: str) -> str:
    """Return the heading of a section of ``count`` items."""
    if category.heading:
        return category.heading.one if count == 1 else category.heading.other
    return category.name or words(language).gettext("More")


def heading_language(publication: Publication, category: Category, language: str) -> str:
    """Return the language of what :func:`heading` gives, where that is not the edition's."""
    other = in_language(category.translations, language)
    translated = not category.name or (other is not None and other.heading is not None)
    return "" if translated else unless(language, publication.language)


def foreign_texts(publication: Publication, language: str, lead: Item | None) -> dict[str, str]:
    """Return the languages of what the publication says of itself in another one than the edition's, by what it is."""
    own = unless(language, publication.language)
    if not own:
        return {}
    other = in_language(publication.translations, language) or PublicationTranslation()
    said = {
        **{key: getattr(publication, key) for key in ("title", "description", "reason") if not getattr(other, key)},
        "name": "" if publication.organisation.name in other.words else publication.organisation.name,
        "address": publication.organisation.postal_address,
    }
    if lead and lead.category:
        category = publication.category(lead.category)
        said["lead"] = heading_language(publication, category, language) if category else own
    return {key: own for key, text in said.items() if text}


def issue_texts(
    publication: Publication, issue: Issue, language: str, notes: list[Note]
) -> tuple[IssueTranslation, str]:
    """Return subject, preheader and editorial of an edition, and the editorial's language where it is another one.

    A subject that is not translated is made from the title and the date, which are; an editorial that is not stands
    in its own language.
    """
    definition = issue.definition
    written = issue.written_in(publication)
    ours = IssueTranslation.model_construct(
        subject=definition.subject, preheader=definition.preheader, editorial=definition.editorial
    )
    if same_language(language, written):
        return ours, ""
    theirs = in_language(definition.translations, language) or IssueTranslation.model_construct()
    if theirs.of and theirs.of != state_of(definition.subject, definition.preheader, definition.editorial):
        at = issue.position(("translations", language), key=True)
        what = f"subject, preheader or editorial has changed since it was translated into {language}"
        notes.append(Note("stale", what, "", at))
    lacking = [key for key in ("subject", "preheader", "editorial") if getattr(ours, key) and not getattr(theirs, key)]
    if lacking:
        notes.append(Note("untranslated", f"not translated into {language}: {', '.join(lacking)}"))
    if theirs.editorial or not ours.editorial or publication.untranslated == "leave-out":
        return theirs, ""
    return theirs.model_copy(update={"editorial": ours.editorial}), written


def default_subject(publication: Publication, definition: IssueDefinition, language: str) -> str:
    """Return "Title No. 8, September 2017", in the language of the issue."""
    from babel.dates import format_skeleton  # noqa: PLC0415 - 20 ms that a given subject does not need

    month = format_skeleton("yMMMM", definition.date, locale=language.replace("-", "_"))
    parts = {"title": publication.title, "number": definition.number, "month": month}
    _ = words(language).gettext
    if definition.number is None:
        return _("%(title)s, %(month)s") % parts
    return _("%(title)s No. %(number)s, %(month)s") % parts


def default_preheader(lead: Item | None, sections: tuple[Section, ...]) -> str:
    """Return the first titles of the issue, as many whole ones as an inbox shows."""
    titles = [lead.title] if lead else []
    titles += [item.title for section in sections if not section.block for item in section.items]
    text = titles[0] if titles else ""
    for title in titles[1:]:
        if len(text) + len(title) + 3 > PREHEADER_LENGTH:
            break
        text += f" · {title}"
    return text if len(text) <= 2 * PREHEADER_LENGTH else text[: 2 * PREHEADER_LENGTH - 1] + "…"
