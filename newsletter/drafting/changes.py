"""What a person means when something is changed on the page: plain models, as they come in as JSON.

``do`` tells them apart. ``was`` is the value that the person saw in the file when they began (None: none); where the
file has another one by now, the change is a :class:`~newsletter.drafting.conflict.Conflict`. Without ``was`` nothing is
compared.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from newsletter.errors import UsageError
from newsletter.item import ItemId
from newsletter.schema import Model

Single = str | bool | int | None
"""A value: None removes it."""


class _Change(Model):
    """Any change."""

    @property
    def told(self) -> str:
        """What it does, in a few words, for the history."""
        raise NotImplementedError

    @property
    def field(self) -> str:
        """Which text it changes, where typing on is one step with it; empty for all else."""
        return ""


class _Section(_Change):
    """A change of a section: the one of this category (by its number, from 0, where there are several)."""

    category: str
    nth: Annotated[int, Field(ge=0)] = 0


class Set(_Change):
    """A value of the issue; with ``language``, of the issue in that language."""

    do: Literal["set"]
    key: Literal["number", "date", "subject", "preheader", "editorial", "language", "theme"]
    value: Single = None
    language: str = ""
    was: Single = None

    @property
    def told(self) -> str:
        """Such as: subject (fr)."""
        return self.key + (f" ({self.language})" if self.language else "")

    @property
    def field(self) -> str:
        """The text's keys."""
        return f"set {self.key} {self.language}"


class Place(_Section):
    """Put an item into a section, before another one or at the end; from wherever it was."""

    do: Literal["place"]
    item: ItemId
    before: ItemId | None = None

    @property
    def told(self) -> str:
        """Such as: a-bakery to News, before a-school."""
        return f"{self.item} to {self.category}" + (f", before {self.before}" if self.before else "")


class LeaveOut(_Change):
    """Leave an item out of this issue."""

    do: Literal["leave_out"]
    item: ItemId

    @property
    def told(self) -> str:
        """Such as: left out a-bakery."""
        return f"left out {self.item}"


class BringBack(_Change):
    """Do not leave an item out any more."""

    do: Literal["bring_back"]
    item: ItemId

    @property
    def told(self) -> str:
        """Such as: brought back a-bakery."""
        return f"brought back {self.item}"


class Unpin(_Change):
    """Let an item stand where its date puts it; one that the selection does not contain goes."""

    do: Literal["unpin"]
    item: ItemId

    @property
    def told(self) -> str:
        """Such as: unpinned a-bakery."""
        return f"unpinned {self.item}"


class Lead(_Change):
    """Make an item the lead; None: none."""

    do: Literal["lead"]
    item: ItemId | None = None
    was: ItemId | None = None

    @property
    def told(self) -> str:
        """Such as: a-bakery leads."""
        return f"{self.item} leads" if self.item else "no lead"


class SectionValue(_Section):
    """A value of a section; with ``language``, its heading in that language."""

    do: Literal["section"]
    key: Literal["heading", "limit", "layout", "columns", "order", "only"]
    value: Single = None
    language: str = ""
    was: Single = None

    @property
    def told(self) -> str:
        """Such as: limit of News."""
        return f"{self.key} of {self.category}" + (f" ({self.language})" if self.language else "")

    @property
    def field(self) -> str:
        """The heading's keys."""
        return f"heading {self.category} {self.nth} {self.language}" if self.key == "heading" else ""


class MoveSection(_Section):
    """Move a section before another one, or to the end."""

    do: Literal["move_section"]
    before: str | None = None
    before_nth: Annotated[int, Field(ge=0)] = 0

    @property
    def told(self) -> str:
        """Such as: moved News."""
        return f"moved {self.category}"


class AddSection(_Change):
    """Add a section before another one, or at the end. A second one of a category has ``items`` and ``only``."""

    do: Literal["add_section"]
    category: str
    heading: str = ""
    items: tuple[ItemId, ...] = ()
    only: bool = False
    before: str | None = None
    before_nth: Annotated[int, Field(ge=0)] = 0

    @property
    def told(self) -> str:
        """Such as: new section News."""
        return f"new section {self.category}"


class RemoveSection(_Section):
    """Remove a section; its items are in the issue no more, unless another one shows them."""

    do: Literal["remove_section"]

    @property
    def told(self) -> str:
        """Such as: removed News."""
        return f"removed {self.category}"


class OverrideValue(_Change):
    """What reads differently of an item in this issue. An empty ``summary`` is none; None takes the archive's."""

    do: Literal["override"]
    item: ItemId
    key: Literal["title", "summary", "url"]
    value: str | None = None
    language: str = ""
    was: str | None = None

    @property
    def told(self) -> str:
        """Such as: title of a-bakery, in this issue."""
        return f"{self.key} of {self.item}, in this issue" + (f" ({self.language})" if self.language else "")

    @property
    def field(self) -> str:
        """The text's keys."""
        return f"override {self.item} {self.key} {self.language}"


class BlockOff(_Change):
    """Whether one of the publication's blocks does not stand in this issue."""

    do: Literal["block"]
    name: str
    off: bool
    was: bool | None = None

    @property
    def told(self) -> str:
        """Such as: block imprint off."""
        return f"block {self.name} {'off' if self.off else 'on'}"


class MoveBlock(_Change):
    """Let a block of the publication or of this issue come before another one that this issue names, or last."""

    do: Literal["move_block"]
    name: str
    before: str | None = None

    @property
    def told(self) -> str:
        """Such as: moved block imprint."""
        return f"moved block {self.name}"


class AddComment(_Change):
    """Tell a colleague something; ``at`` is now when absent."""

    do: Literal["add_comment"]
    text: Annotated[str, Field(min_length=1)]
    by: str = ""
    item: ItemId | None = None
    at: str = ""

    @property
    def told(self) -> str:
        """Such as: comment by Ann."""
        return f"comment by {self.by}" if self.by else "comment"


class _Comment(_Change):
    """A change of a comment, known by who said it and when."""

    at: str
    by: str = ""


class ResolveComment(_Comment):
    """Say that a comment is settled, or not."""

    do: Literal["resolve_comment"]
    done: bool = True

    @property
    def told(self) -> str:
        """Such as: comment settled."""
        return "comment settled" if self.done else "comment open again"


class RemoveComment(_Comment):
    """Remove a comment."""

    do: Literal["remove_comment"]

    @property
    def told(self) -> str:
        """Such as: comment removed."""
        return "comment removed"


class ItemValue(_Change):
    """A value of an item in the archive; with ``language``, of its translation."""

    do: Literal["item"]
    item: ItemId
    key: Literal["title", "summary", "category", "date", "tags", "url", "image", "image.src", "image.alt", "language"]
    value: str | list[str] | None = None
    language: str = ""
    was: str | list[str] | None = None

    @property
    def told(self) -> str:
        """Such as: title of a-bakery."""
        return f"{self.key} of {self.item}" + (f" ({self.language})" if self.language else "")

    @property
    def field(self) -> str:
        """The text's keys."""
        return "" if self.key in ("tags", "date") else f"item {self.item} {self.key} {self.language}"


class AddItem(_Change):
    """A new item for the archive; its id is made of its title."""

    do: Literal["add_item"]
    title: Annotated[str, Field(min_length=1)]
    category: str = ""
    date: str | None = None
    summary: str = ""
    url: str = ""
    image: str | dict[str, str] | None = None
    tags: list[str] = []
    language: str = ""
    source: str = ""

    @property
    def told(self) -> str:
        """Such as: new item "A bakery"."""
        return f'new item "{self.title[:60]}"'


Change = Annotated[
    Set
    | Place
    | LeaveOut
    | BringBack
    | Unpin
    | Lead
    | SectionValue
    | MoveSection
    | AddSection
    | RemoveSection
    | OverrideValue
    | BlockOff
    | MoveBlock
    | AddComment
    | ResolveComment
    | RemoveComment
    | ItemValue
    | AddItem,
    Field(discriminator="do"),
]
"""Any of them."""

_changes: TypeAdapter[list[Change]] = TypeAdapter(list[Change])


def read_changes(data: Any) -> list[Change]:
    """Return changes from what a page sent (plain data, or JSON as bytes or text).

    Raises:
        UsageError: it is none; the first mistakes are told.
    """
    try:
        if isinstance(data, (bytes, str)):
            return _changes.validate_json(data)
        return _changes.validate_python(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found[:3])
        raise UsageError(f"this is no change of a draft: {told}") from None
