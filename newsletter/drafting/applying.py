"""Each change put into a draft's texts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsletter import yamlfile
from newsletter.archive.editing import splice
from newsletter.archive.naming import UNNAMED
from newsletter.archive.reading import file_of
from newsletter.compose.selection import select
from newsletter.drafting import changes as c
from newsletter.drafting.conflict import Conflict
from newsletter.drafting.draft import ORDER, Draft, Page, expect
from newsletter.errors import ContentError, Position, Problem, did_you_mean
from newsletter.model import Item
from newsletter.schema import problems
from newsletter.yamledit import Keys
from newsletter.yamlfile import YamlFile

LONG = ("editorial", "summary")
"""Keys whose texts may have several lines."""
SECTION_ORDER = ("category", "heading", "layout", "columns", "limit", "order", "only", "items", "translations")
ITEM_ORDER = tuple(Item.model_fields)


def apply(draft: Draft, change: c.Change) -> None:
    """Put one change into the texts of a draft.

    Raises:
        Conflict: the file has another value than the person saw.
        ContentError: it cannot be done, with the place and the reason.
    """
    _DOING[type(change)](draft, change)


# Values


def _clean(key: str, value: Any) -> Any:
    """Return a value as it is written: a text in one line, where it is a line, and without space at its end."""
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value.rstrip() if key in LONG else re.sub(r"\s*\n\s*", " ", value).strip(" \t")


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value) else value


def _date(value: Any) -> Any:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value  # the check tells what is wrong with it


def _put(page: Page, keys: Keys, change: Any, value: Any, order: tuple[str, ...] = ORDER, keep: int = 0) -> None:
    """Put a value where the person saw another one; None removes it, and what is empty then."""
    expect(page, keys, change, value)
    if value is None:
        page.remove(keys, keep)
    else:
        page.assign(keys, value, order)


def _in_one_language(page: Page, key: str, language: str, translated: tuple[str, ...]) -> None:
    if language and key not in translated:
        raise ContentError.at(page.path, f"'{key}' is the same in every language", "change it without one")


def _set(draft: Draft, change: c.Set) -> None:
    page = draft.issue_page
    _in_one_language(page, change.key, change.language, ("subject", "preheader", "editorial"))
    value = _clean(change.key, change.value)
    if change.key == "number":
        value = _number(value)
    elif change.key == "date":
        value = _date(value)
    keys: Keys = ("translations", change.language, change.key) if change.language else (change.key,)
    _put(page, keys, change, None if value == "" else value)


# Items of an issue


def _categories(draft: Draft) -> list[str]:
    """Return the name of the category of each section, as the publication has it, folded."""
    return [_name(draft, section.category) for section in draft.issue.definition.sections]


def _name(draft: Draft, category: str) -> str:
    known = draft.publication.category(category)
    return (known.name if known else category).casefold()


def _section(draft: Draft, category: str, nth: int) -> int:
    """Return the number of a section; all are written out first, where the definition has none."""
    page = draft.issue_page
    if not draft.issue.definition.sections:
        names = [plan.category.name for plan in draft.plans()]
        if not any(_name(draft, name) == _name(draft, category) for name in names):
            raise _no_section(page, category, names)
        page.assign(("sections",), [{"category": name} for name in names])
    names = _categories(draft)
    found = [number for number, name in enumerate(names) if name == _name(draft, category)]
    if nth >= len(found):
        raise _no_section(page, category, [section.category for section in draft.issue.definition.sections])
    return found[nth]


def _no_section(page: Page, category: str, names: list[str]) -> ContentError:
    at = yamlfile.parse(page.text, page.path).position(("sections",), key=True)
    hint = did_you_mean(category, names) or f"there are: {', '.join(names) or 'none'}"
    return ContentError([Problem(at, f"the issue has no section '{category}'", hint)])


def _pin_of(draft: Draft, item: str) -> Keys | None:
    """Return where an item is pinned, or None."""
    for number, section in enumerate(draft.issue.definition.sections):
        if item in section.items:
            return "sections", number, "items", section.items.index(item)
    return None


def _place(draft: Draft, change: c.Place) -> None:
    page, item = draft.issue_page, change.item
    _include(draft, item)
    if draft.issue.definition.lead == item:
        page.remove(("lead",))
    number = _section(draft, change.category, change.nth)
    shown = [each.id for each in draft.plans()[number].items if each.id != item]
    section = draft.issue.definition.sections[number]
    pins = [each for each in section.items if each != item]
    pinned = [each for each in shown if each in pins]
    place = _place_of(draft, change, shown, section.limit)
    keys: Keys = ("sections", number, "items")
    source = _pin_of(draft, item)
    if place < len(pinned):
        index, above = pins.index(pinned[place]), []
    else:
        index, above = len(pins), shown[len(pinned) : place]
    page.insert(keys, len(section.items), *above)
    index += len(above)
    if source:
        page.move(source, keys, index)
    else:
        page.insert(keys, index, item)
    if source and source[:-1] != keys:
        _drop_if_bare(draft, int(source[1]))


def _place_of(draft: Draft, change: c.Place, shown: list[str], limit: int | None) -> int:
    """Return at which place of a section an item is to stand; the last one that the mail shows, for its end."""
    if change.before and change.before != change.item:
        if change.before not in shown:
            at = draft.issue_page.path
            what = f"'{change.before}' does not stand in '{change.category}' (any more)"
            raise ContentError.at(at, what, "look at the section as it is now, and try again")
        return shown.index(change.before)
    limit = draft.publication.limits.items if limit is None else limit
    return min(len(shown), limit - 1) if limit else len(shown)


def _drop_if_bare(draft: Draft, number: int) -> None:
    """Remove a section that would show its pinned items only, and has none any more."""
    data = draft.issue_page.at(("sections", number))
    others = len(draft.issue_page.at(("sections",)) or []) > 1
    if isinstance(data, dict) and data.get("only") == "true" and not data.get("items") and others:
        draft.issue_page.remove(("sections", number))


def _include(draft: Draft, item: str) -> None:
    """Take an item off the list of those that are left out."""
    page = draft.issue_page
    left_out = page.at(("select", "exclude"))
    if isinstance(left_out, list) and item in left_out:
        page.remove(("select", "exclude", left_out.index(item)), keep=1)
    elif left_out == item:
        page.remove(("select", "exclude"), keep=1)


def _unpin(draft: Draft, item: str) -> bool:
    source = _pin_of(draft, item)
    if source:
        draft.issue_page.remove(source, keep=2)
        _drop_if_bare(draft, int(source[1]))
    return source is not None


def _leave_out(draft: Draft, change: c.LeaveOut) -> None:
    page, item = draft.issue_page, change.item
    touched = _unpin(draft, item)
    definition = draft.issue.definition
    if definition.lead == item:
        page.remove(("lead",))
        touched = True
    if definition.select and item in definition.select.ids and len(definition.select.ids) > 1:
        ids = page.at(("select", "ids"))
        page.remove(("select", "ids", ids.index(item)))
        touched = True
    if _is_selected(draft, item, not touched):
        _append(page, ("select",), "exclude", item, {"month": f"{definition.date:%Y-%m}"})


def _is_selected(draft: Draft, item: str, unknown: bool) -> bool:
    issue = draft.issue
    left_out = issue.definition.select.exclude if issue.definition.select else ()
    try:
        chosen = select(
            draft.publication, issue, draft.workspace.archive, draft.carried(issue), issue.written_in(draft.publication)
        )
    except ContentError:
        return unknown and item not in left_out
    return item in chosen.items


def _append(page: Page, keys: Keys, key: str, value: str, implied: dict[str, Any]) -> None:
    """Append to a list of texts within a mapping, which begins with what is ``implied`` when it is made."""
    there = page.at(keys)
    if not isinstance(there, dict):
        page.assign(keys, {**implied, key: [value]})
        return
    now = there.get(key)
    if isinstance(now, str):
        page.assign((*keys, key), [now, value])
    else:
        page.insert((*keys, key), len(now or []), value)


def _lead(draft: Draft, change: c.Lead) -> None:
    page = draft.issue_page
    if change.item:
        _include(draft, change.item)
    _put(page, ("lead",), change, change.item)


def _override(draft: Draft, change: c.OverrideValue) -> None:
    page = draft.issue_page
    value = _clean(change.key, change.value)
    if value == "" and change.key != "summary":
        value = None
    inner: Keys = ("translations", change.language, change.key) if change.language else (change.key,)
    known = page.at(("overrides", change.item)) is not None
    order = ("title", "summary", "url", "translations") if known else ORDER
    _put(page, ("overrides", change.item, *inner), change, value, order)


# Sections


def _section_value(draft: Draft, change: c.SectionValue) -> None:
    page = draft.issue_page
    _in_one_language(page, change.key, change.language, ("heading",))
    number = _section(draft, change.category, change.nth)
    value = _clean(change.key, change.value)
    if change.key in ("limit", "columns"):
        value = _number(value)
    elif not value:
        value = None
    inner: Keys = ("translations", change.language, "heading") if change.language else (change.key,)
    pins = draft.issue.definition.sections[number].items
    shown = draft.plans()[number].items if change.key == "only" and not pins else []
    _put(page, ("sections", number, *inner), change, value, SECTION_ORDER, keep=2)
    if value:
        page.insert(("sections", number, "items"), 0, *(each.id for each in shown))


def _move_section(draft: Draft, change: c.MoveSection) -> None:
    number = _section(draft, change.category, change.nth)
    target = _before(draft, change.before, change.before_nth)
    if target != number:
        draft.issue_page.move(("sections", number), ("sections",), target - (target > number))


def _before(draft: Draft, category: str | None, nth: int) -> int:
    return len(_categories(draft)) if category is None else _section(draft, category, nth)


def _add_section(draft: Draft, change: c.AddSection) -> None:
    page = draft.issue_page
    if not draft.issue.definition.sections:
        page.assign(("sections",), [{"category": plan.category.name} for plan in draft.plans()])
    target = _before(draft, change.before, change.before_nth)
    for item in change.items:
        _include(draft, item)
        if draft.issue.definition.lead == item:
            page.remove(("lead",))
        _unpin(draft, item)
    new: dict[str, Any] = {"category": change.category}
    if heading := _clean("heading", change.heading):
        new["heading"] = heading
    if change.only:
        new["only"] = True
    if change.items:
        new["items"] = list(change.items)
    page.insert(("sections",), min(target, len(_categories(draft))), new)


def _remove_section(draft: Draft, change: c.RemoveSection) -> None:
    number = _section(draft, change.category, change.nth)
    if len(_categories(draft)) == 1:
        at = yamlfile.parse(draft.issue_page.text, draft.issue_page.path).position(("sections",), key=True)
        what = "the last section cannot be removed: an issue without sections shows all categories"
        raise ContentError([Problem(at, what, "add another section first")])
    draft.issue_page.remove(("sections", number))


# Blocks and comments


def _block_number(draft: Draft, name: str) -> int | None:
    blocks = draft.issue.definition.blocks
    return next((number for number, block in enumerate(blocks) if block.name == name), None)


def _block_off(draft: Draft, change: c.BlockOff) -> None:
    page = draft.issue_page
    number = _block_number(draft, change.name)
    _known_block(draft, change.name)
    if number is None:
        if change.off:
            page.insert(("blocks",), len(draft.issue.definition.blocks), {"name": change.name, "off": True})
        return
    keys: Keys = ("blocks", number, "off")
    expect(page, keys, change, change.off or None)
    if change.off:
        page.assign(keys, True, ("name",))
    elif set(page.at(("blocks", number))) == {"name", "off"}:
        page.remove(("blocks", number))
    else:
        page.remove(keys, keep=2)


def _known_block(draft: Draft, name: str) -> None:
    names = [block.name for block in draft.publication.blocks]
    if name not in names:
        at = draft.issue_page.path
        hint = did_you_mean(name, names) or f"it has: {', '.join(names) or 'none'}"
        raise ContentError.at(at, f"newsletter.yaml has no block '{name}'", hint)


def _move_block(draft: Draft, change: c.MoveBlock) -> None:
    page = draft.issue_page
    number = _block_number(draft, change.name)
    target = _block_number(draft, change.before) if change.before else None
    if change.before and target is None:
        _known_block(draft, change.before)
        page.insert(("blocks",), len(draft.issue.definition.blocks), {"name": change.before})
        target = len(draft.issue.definition.blocks) - 1
    if target is None:
        target = len(draft.issue.definition.blocks)
    if number is None:
        _known_block(draft, change.name)
        page.insert(("blocks",), target, {"name": change.name})
    elif number != target:
        page.move(("blocks", number), ("blocks",), target - (target > number))


def _add_comment(draft: Draft, change: c.AddComment) -> None:
    page = draft.issue_page
    new: dict[str, Any] = {"item": change.item} if change.item else {}
    if by := _clean("by", change.by):
        new["by"] = by
    new |= {"at": change.at or draft.now, "text": _clean("editorial", change.text)}
    page.insert(("comments",), len(draft.issue.definition.comments), new)


def _comment(draft: Draft, change: c.ResolveComment | c.RemoveComment) -> int:
    for number, comment in enumerate(draft.issue.definition.comments):
        if comment.at == change.at and comment.by == change.by:
            return number
    who = f" by {change.by}" if change.by else ""
    what = f"there is no comment{who} of {change.at} (any more)"
    raise ContentError.at(draft.issue_page.path, what, "someone has removed or changed it")


def _resolve_comment(draft: Draft, change: c.ResolveComment) -> None:
    keys: Keys = ("comments", _comment(draft, change), "done")
    if change.done:
        draft.issue_page.assign(keys, True, ())
    else:
        draft.issue_page.remove(keys, keep=2)


def _remove_comment(draft: Draft, change: c.RemoveComment) -> None:
    draft.issue_page.remove(("comments", _comment(draft, change)))


# The archive


def _item(draft: Draft, change: c.ItemValue) -> None:
    position = draft.workspace.archive.position(change.item)
    if position is None:
        hint = did_you_mean(change.item, draft.workspace.archive.near(change.item))
        raise ContentError.at(draft.workspace.root / "archive", f"there is no item '{change.item}'", hint)
    page = draft.page(Path(position.path))
    ids = [each.get("id") if isinstance(each, dict) else None for each in page.at(()) or []]
    if change.item not in ids:
        raise ContentError.at(page.path, f"the item '{change.item}' has just gone", "look for it once more")
    number = ids.index(change.item)
    value = _item_value(change)
    keys, order = _item_keys(page, number, change)
    above = page.at(keys[:-1])
    if keys[-2:] == ("image", "alt") and isinstance(above, str):  # the picture's file alone
        expect(page, keys, change, value)
        page.assign(keys[:-1], {"src": above, "alt": value}, order)
    else:
        _put(page, keys, change, value, order, keep=1)


def _item_value(change: c.ItemValue) -> Any:
    if isinstance(change.value, list):
        return [_clean("tags", each) for each in change.value] or None
    value = _clean(change.key, change.value)
    if value == "" and change.key != "image.alt":
        return None
    return _date(value) if change.key == "date" else value


def _item_keys(page: Page, number: int, change: c.ItemValue) -> tuple[Keys, tuple[str, ...]]:
    """Return where a value of an item stands, and the order of the keys around it."""
    _in_one_language(page, change.key, change.language, ("title", "summary", "url", "image.alt"))
    if change.language:
        return (number, "translations", change.language, change.key.rpartition(".")[2]), ()
    if change.key == "image.src" and not isinstance(page.at((number, "image")), dict):
        return (number, "image"), ITEM_ORDER
    if change.key.startswith("image."):
        return (number, *change.key.split(".")), ("src", "alt")
    return (number, change.key), ITEM_ORDER


def _add_item(draft: Draft, change: c.AddItem) -> None:
    root, archive = draft.workspace.root, draft.workspace.archive
    data = change.model_dump(exclude={"do"}, exclude_defaults=True)
    where = root / "archive"
    fields = {key: _clean(key, value) for key, value in data.items()}
    try:
        item = Item.model_validate({"id": UNNAMED, **fields})
    except ValidationError as error:
        raise ContentError(problems(error, Item, YamlFile(Path("new item"), "", None, None))) from None
    report = archive.add([item], dry_run=True)
    for conflict in report.conflicting:
        raise Conflict(
            "this story",
            None,
            conflict.ours.model_dump(mode="json", exclude_defaults=True),
            conflict.theirs.model_dump(mode="json", exclude_defaults=True),
            conflict.position or Position(str(where)),
        )
    if not report.added:
        known = report.unchanged[0]
        at = archive.position(known) or Position(str(where))
        raise ContentError([Problem(at, f"the archive has this item already: '{known}'", "use that one")])
    new = _apart(report.added[0], draft.ids)
    page = draft.page(root / file_of(new))
    made = splice(page.made, root, file_of(new), [new], {})[0]
    page.text = yamlfile.decode(made, page.path)
    draft.ids.append(new.id)


def _apart(item: Item, taken: list[str]) -> Item:
    """Return an item under an id that no other new one of this step has."""
    number, base = 2, item.id
    while item.id in taken:
        item = item.model_copy(update={"id": f"{base}-{number}"})
        number += 1
    return item


_DOING: dict[type, Callable[[Draft, Any], None]] = {
    c.Set: _set,
    c.Place: _place,
    c.LeaveOut: _leave_out,
    c.BringBack: lambda draft, change: _include(draft, change.item),
    c.Unpin: lambda draft, change: (_unpin(draft, change.item), None)[1],
    c.Lead: _lead,
    c.SectionValue: _section_value,
    c.MoveSection: _move_section,
    c.AddSection: _add_section,
    c.RemoveSection: _remove_section,
    c.OverrideValue: _override,
    c.BlockOff: _block_off,
    c.MoveBlock: _move_block,
    c.AddComment: _add_comment,
    c.ResolveComment: _resolve_comment,
    c.RemoveComment: _remove_comment,
    c.ItemValue: _item,
    c.AddItem: _add_item,
}
