"""What the page is told, as plain JSON: an issue and how it came out, mistakes with their lines, the archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from newsletter.build import Drawn
from newsletter.clients.inbox import inbox_lines
from newsletter.content import plain
from newsletter.errors import Position, Problem
from newsletter.issues.definition import Issue, Override, OverrideTranslation
from newsletter.item import Item
from newsletter.measuring import measure
from newsletter.model import Edition, Section
from newsletter.preview.frames import local, simulated
from newsletter.preview.studio import Seen, Studio, Wish
from newsletter.schema import in_language, same_language

PARTS = {
    "head": "Head, with its styles",
    "masthead": "Masthead",
    "editorial": "Editorial",
    "contents": "Contents",
    "footer": "Footer",
}
AROUND = 2
"""So many lines of a file are shown before and after a mistake."""


def tell(studio: Studio, wish: Wish, seen: Seen, client: str = "") -> dict[str, Any]:
    """Return an issue for the page: its texts, sections and items, notes, sizes; its mistakes; and
    what ``client`` leaves out of it.
    """
    told: dict[str, Any] = {
        "name": wish.issue,
        "generation": studio.generation,
        "problems": [tell_problem(problem, studio.root) for problem in seen.problems],
    }
    if seen.drawn is None or seen.issue is None:
        return told
    edition = seen.drawn.edition
    return told | {
        "simulation": tell_simulation(seen.drawn, client) if client else None,
        "number": edition.number,
        "date": edition.date.isoformat(),
        "language": edition.language,
        "languages": list(seen.languages),
        "issues": studio.workspace.issue_names(),
        "theme": edition.publication.theme.name,
        "sender": {"name": edition.publication.sender.name},
        "subject": seen.drawn.outgoing.subject,
        "preheader": seen.drawn.outgoing.preheader,
        "written": _written(seen.issue, edition),
        "lead": _item(edition.lead, edition, seen.issue) if edition.lead else None,
        "sections": [_section(section, edition, seen.issue) for section in edition.sections],
        "leftOut": _left_out(studio, seen.issue),
        "blocks": _blocks(edition, seen.issue),
        "categories": [category.name for category in edition.publication.categories],
        "comments": [comment.model_dump(mode="json") for comment in seen.issue.definition.comments],
        "inbox": _inbox(seen.drawn),
        "notes": [{"message": note.message, "at": tell_place(note.position, studio.root)} for note in edition.notes],
        "sizes": _sizes(seen.drawn),
    }


def tell_issues(studio: Studio) -> dict[str, Any]:
    """Return all issues, the newest first, for the page that begins."""
    publication = studio.workspace.publication
    return {
        "title": publication.title,
        "description": publication.description,
        "issues": [asdict(each) for each in studio.overview()],
        "misnamed": studio.workspace.misnamed(),
        "months": [[month, count] for month, count in reversed(studio.workspace.archive.months()) if month],
    }


def _written(issue: Issue, edition: Edition) -> dict[str, Any]:
    """Return what the definition itself says; what it leaves to the composer is ''.

    An edition in another language has its words in ``translation``.
    """
    wanted = issue.definition
    translation = None
    if _is_translated(issue, edition):
        other = in_language(wanted.translations, edition.language)
        keys = ("subject", "preheader", "editorial")
        translation = {key: getattr(other, key) if other else "" for key in keys}
    return {
        "number": wanted.number,
        "date": wanted.date.isoformat(),
        "subject": wanted.subject,
        "preheader": wanted.preheader,
        "editorial": wanted.editorial,
        "language": wanted.language,
        "theme": wanted.theme,
        "translation": translation,
    }


def _is_translated(issue: Issue, edition: Edition) -> bool:
    """Whether an edition is in another language than the definition, which has its words under ``translations``."""
    return bool(edition.folder) and not same_language(edition.language, issue.written_in(edition.publication))


def _blocks(edition: Edition, issue: Issue) -> list[dict[str, Any]]:
    off = {block.name for block in issue.definition.blocks if block.off}
    return [
        {"name": block.name, "title": block.title, "off": block.name in off} for block in edition.publication.blocks
    ]


def _section(section: Section, edition: Edition, issue: Issue) -> dict[str, Any]:
    wanted = [
        each for each in issue.definition.sections if each.category.casefold() == section.category.name.casefold()
    ]
    same = [each for each in edition.sections if not each.block and each.category == section.category]
    number = same.index(section) if section in same else 0
    said = wanted[number] if number < len(wanted) else None
    words = said.model_dump(mode="json", exclude_defaults=True) if said else {}
    if said and _is_translated(issue, edition):
        other = in_language(said.translations, edition.language)
        words["heading"] = other.heading if other else ""
    return {
        "anchor": section.anchor,
        "category": section.category.name,
        "nth": number,
        "heading": section.heading,
        "layout": section.layout,
        "block": section.block,
        "said": words,
        "items": [_item(item, edition, issue, said.items if said else ()) for item in section.items],
        "overflow": [_item(item, edition, issue) for item in section.overflow],
    }


def _item(item: Item, edition: Edition, issue: Issue, pinned: Iterable[str] = ()) -> dict[str, Any]:
    override: Override | OverrideTranslation | None = issue.definition.overrides.get(item.id)
    if isinstance(override, Override) and _is_translated(issue, edition):
        override = in_language(override.translations, edition.language)
    return tell_item(item) | {
        "pinned": item.id in pinned,
        "override": override.model_dump(mode="json", exclude_defaults=True) if override else {},
    }


def tell_item(item: Item) -> dict[str, Any]:
    """Return an item for a list: what it says, without its translations."""
    return {
        "id": item.id,
        "title": item.title,
        "date": item.date.isoformat() if item.date else "",
        "category": item.category,
        "summary": item.summary,
        "plain": plain(item.summary),
        "language": item.language,
        "tags": list(item.tags),
        "url": item.url,
        "image": item.image.src if item.image else "",
        "alt": item.image.alt if item.image else None,
    }


def _inbox(drawn: Drawn) -> list[dict[str, str]]:
    lines = inbox_lines(drawn.edition.publication.sender.name, drawn.outgoing.subject, drawn.outgoing.preheader)
    return [
        {
            "client": line.client,
            "device": line.device,
            "sender": line.sender,
            "subject": line.subject,
            "subjectCut": line.subject_cut,
            "preheader": line.preheader,
            "preheaderCut": line.preheader_cut,
        }
        for line in lines
    ]


def _left_out(studio: Studio, issue: Issue) -> list[dict[str, Any]]:
    select = issue.definition.select
    if select is None or not select.exclude:
        return []
    return [tell_item(item) for item in studio.workspace.archive.get(select.exclude).values()]


def _sizes(drawn: Drawn) -> dict[str, Any]:
    found = measure(drawn.edition, drawn.outgoing, drawn.sent_bytes, drawn.weights)
    return {
        "html": found.html_bytes,
        "sent": found.sent_bytes,
        "clip": found.clips_at,
        "text": found.text_bytes,
        "pictures": len(drawn.weights),
        "pictureBytes": sum(drawn.weights.values()),
        "minutes": found.reading.minutes,
        "parts": [{"name": part.label or PARTS.get(part.kind, part.kind), "bytes": part.bytes} for part in found.parts],
        "links": [{"text": link.text, "address": link.address, "where": link.part} for link in found.links],
    }


def tell_simulation(drawn: Drawn, client: str) -> dict[str, Any]:
    """Return what a client leaves out of the mail. Raises :class:`UsageError` when there is no such client."""
    found = simulated(local(drawn), client)
    return {
        "client": found.client.name,
        "date": found.date.isoformat(),
        "notes": list(found.notes),
        "removed": [asdict(each) for each in found.removed],
    }


def tell_problem(problem: Problem, root: Path) -> dict[str, Any]:
    """Return a mistake with the lines of the file around it."""
    return {
        "message": problem.message,
        "hint": problem.hint,
        "at": tell_place(problem.position, root),
        "lines": _lines(problem.position),
    }


def tell_place(position: Position | None, root: Path) -> dict[str, Any] | None:
    """Return a place in a file, whose path is told from ``root``."""
    if position is None:
        return None
    path = Path(position.path)
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return {"path": shown, "line": position.line, "column": position.column}


def _lines(position: Position) -> list[dict[str, Any]]:
    if not position.line:
        return []
    try:
        lines = Path(position.path).read_text("utf-8-sig", "replace").splitlines()
    except OSError:
        return []
    first = max(position.line - 1 - AROUND, 0)
    shown = lines[first : position.line + AROUND]
    return [{"number": first + 1 + offset, "text": text[:400]} for offset, text in enumerate(shown)]
