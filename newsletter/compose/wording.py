"""The texts that an issue has when its definition does not give them."""

from __future__ import annotations

from newsletter.issues.definition import IssueDefinition
from newsletter.model import Item, Section
from newsletter.publication import Category, Publication
from newsletter.words import words

PREHEADER_LENGTH = 110
"""Characters; what most inboxes show behind a subject on a desktop."""


def heading(category: Category, count: int, language: str) -> str:
    """Return the heading of a section of ``count`` items."""
    if category.heading:
        return category.heading.one if count == 1 else category.heading.other
    return category.name or words(language).gettext("More")


def default_subject(publication: Publication, definition: IssueDefinition) -> str:
    """Return "Title No. 8, September 2017", in the language of the issue."""
    from babel.dates import format_skeleton  # noqa: PLC0415 - 20 ms that a given subject does not need

    language = definition.language or publication.language
    month = format_skeleton("yMMMM", definition.date, locale=language.replace("-", "_"))
    parts = {"title": publication.title, "number": definition.number, "month": month}
    _ = words(language).gettext
    if definition.number is None:
        return _("%(title)s, %(month)s") % parts
    return _("%(title)s No. %(number)s, %(month)s") % parts


def default_preheader(lead: Item | None, sections: tuple[Section, ...]) -> str:
    """Return the first titles of the issue, as many whole ones as an inbox shows."""
    titles = [lead.title] if lead else []
    titles += [item.title for section in sections for item in section.items]
    text = titles[0] if titles else ""
    for title in titles[1:]:
        if len(text) + len(title) + 3 > PREHEADER_LENGTH:
            break
        text += f" · {title}"
    return text if len(text) <= 2 * PREHEADER_LENGTH else text[: 2 * PREHEADER_LENGTH - 1] + "…"
