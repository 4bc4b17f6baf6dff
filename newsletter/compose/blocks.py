"""Blocks: the publication's standing parts and the issue's own, each at its place among the sections."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from newsletter.content import clean, squeeze
from newsletter.errors import did_you_mean
from newsletter.issues.definition import Issue, IssueBlock
from newsletter.item import state_of
from newsletter.model import PERSONAL_PATTERN, Extra, Item, Note, Section
from newsletter.publication import Block, BlockTranslation, Category, Publication
from newsletter.schema import in_language, same_language

APART = ("name", "off", "translations")
"""What an issue's block has that does not simply take the place of the publication's."""


def merged(publication: Publication, issue: Issue) -> list[Block]:
    """Return the blocks that the issue may show: those that it names first, in its order, then the publication's."""
    standing = {block.name: block for block in publication.blocks}
    named = issue.definition.blocks
    ours = [_merge(standing.get(block.name), block) for block in named if not block.off]
    names = {block.name for block in named}
    return [*ours, *(block for name, block in standing.items() if name not in names)]


def _merge(standing: Block | None, block: IssueBlock) -> Block:
    """Return a block with what the issue says of it, and what it does not say as the publication has it."""
    if standing is None:
        return block
    changes = {key: getattr(block, key) for key in block.model_fields_set if key not in APART}
    languages = dict.fromkeys((*standing.translations, *block.translations))
    translations = {language: _translation(standing, block, language) for language in languages}
    return standing.model_copy(update=changes | {"translations": translations})


def _translation(standing: Block, block: IssueBlock, language: str) -> BlockTranslation:
    """Return a block's texts in a language: the issue's, and the publication's of what the issue does not change."""
    ours, theirs = standing.translations.get(language), block.translations.get(language)

    def said(key: str) -> str:
        kept = "" if key in block.model_fields_set else getattr(ours, key, "")
        return getattr(theirs, key, "") or kept

    words = {**getattr(ours, "words", {}), **getattr(theirs, "words", {})}
    return BlockTranslation(title=said("title"), text=said("text"), button=said("button"), words=words)


def place(
    publication: Publication, issue: Issue, language: str, sections: Sequence[Section], notes: list[Note]
) -> tuple[Section, ...]:
    """Return the sections with the blocks of an edition among them; what is left out of it is noted."""
    blocks = merged(publication, issue)
    _tell(issue, publication, blocks, notes)
    foreign: list[str] = []
    placed: dict[tuple[str, str], list[Section]] = {}
    names = {section.category.name.casefold() for section in sections}
    anchors = {section.anchor for section in sections}
    for block in blocks:
        if reason := _left_out(block, language, issue.definition.date):
            notes.append(Note("block", f"left out the block '{block.name}': {reason}"))
            continue
        other = in_language(block.translations, language)
        if other and other.of and other.of != state_of(*block.originals.values()):
            what = f"the block '{block.name}' has changed since it was translated into {language}"
            notes.append(Note("stale", what))
        if other and (idle := block.idle(other)):
            what = f"the block '{block.name}' has a translation into {language} of what it does not say"
            notes.append(Note("unused", f"{what}: {', '.join(idle)}"))
        own = "" if _speaks(block, language, publication.language) else publication.language
        if own:
            foreign.append(block.name)
        if own and publication.untranslated == "leave-out":
            continue
        where, _, name = block.place.partition(" ")
        category = publication.category(name)
        name = (category.name if category else name).casefold()
        key = (where, name) if name in names or not name else ("end", "")
        placed.setdefault(key, []).append(block_section(block.in_language(language), anchors, own))
    if foreign:
        what = "left out, since not translated" if publication.untranslated == "leave-out" else "not translated"
        notes.append(Note("untranslated", f"{what} into {language}: the blocks {', '.join(foreign)}"))
    ordered = placed.pop(("start", ""), [])
    for section in sections:
        name = section.category.name.casefold()
        ordered += [*placed.pop(("before", name), []), section, *placed.pop(("after", name), [])]
    return (*ordered, *placed.pop(("end", ""), []))


def _speaks(block: Block, language: str, ours: str) -> bool:
    """Whether a block says what it says in ``language``, or says nothing."""
    return (
        same_language(language, ours)
        or not (block.title or block.text)
        or in_language(block.translations, language) is not None
    )


def _tell(issue: Issue, publication: Publication, blocks: Iterable[Block], notes: list[Note]) -> None:
    """Note what a person may have meant otherwise: a block of nearly the same name, a placeholder."""
    standing = [block.name for block in publication.blocks]
    for number, named in enumerate(issue.definition.blocks):
        near = did_you_mean(named.name, standing) if named.name not in standing else ""
        if near:
            at = issue.position(("blocks", number))
            notes.append(Note("block", f"the block '{named.name}' is one of this issue's own ({near})", "", at))
    for block in blocks:
        if PERSONAL_PATTERN.search(f"{block.title} {block.text} {block.button.url if block.button else ''}"):
            what = "a placeholder stands as it is written: subject, preheader and editorial have them"
            notes.append(Note("placeholder", f"the block '{block.name}': {what}"))


def _left_out(block: Block, language: str, day: datetime.date) -> str:
    if block.until and day > block.until:
        return f"it ran until {block.until}"
    if block.from_ and day < block.from_:
        return f"it runs from {block.from_}"
    if block.languages and not {language, language.partition("-")[0]} & set(block.languages):
        return f"it is for editions in {', '.join(block.languages)}"
    return ""


def block_section(block: Block, anchors: Iterable[str], language: str = "") -> Section:
    """Return a block as a section of a single item, in ``language`` where that is not the edition's.

    No id of the archive has a colon.
    """
    button = block.button.label if block.button else ""
    extra = Extra.model_construct(name=clean(block.by), role=clean(block.role), figures=block.figures, button=button)
    item = Item.model_construct(
        id=f"block:{block.name}",
        title=squeeze(clean(block.title)),
        summary=clean(block.text).strip(),
        url=block.button.url if block.button else "",
        image=block.image,
        extra=extra,
        language=language,
    )
    anchor = f"block-{block.name}"
    while anchor in anchors:
        anchor += "-"
    return Section(
        anchor=anchor,
        category=Category.model_construct(name=""),
        heading="",
        layout=block.layout,
        blurb="",
        items=(item,),
        block=True,
        sponsored=block.sponsored,
    )
