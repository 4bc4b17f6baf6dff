"""What is open at a place of a template, through the branches, loops and macros of Jinja."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_KEYWORD = re.compile(r"\{%[-+]?\s*(\w+)")
_ASSIGNS = re.compile(r"\{%[-+]?\s*set\b[^=]*=")


@dataclass(frozen=True, slots=True)
class Element:
    """An open element; ``mso``: opened within a conditional comment. Without a name: anything may be open."""

    name: str
    at: int
    mso: bool = False


ANYTHING = Element("", -1)


@dataclass(slots=True)
class State:
    """What is open at a place: elements, and conditional comments (offset, hidden from other clients)."""

    elements: list[Element] = field(default_factory=list)
    conditions: list[tuple[int, bool]] = field(default_factory=list)

    def copy(self) -> State:
        """Return a copy that may change by itself."""
        return State(list(self.elements), list(self.conditions))

    def shape(self) -> tuple[object, ...]:
        """Return what is open, without where it was opened; equal for equal states."""
        return tuple((e.name.lower(), e.mso) for e in self.elements), tuple(h for _, h in self.conditions)

    @property
    def hidden(self) -> bool:
        """Tell whether only Outlook reads what stands here."""
        return bool(self.conditions) and self.conditions[-1][1]


@dataclass(slots=True)
class _Block:
    """A Jinja block that is open: how things stood before it, and how each branch left them."""

    keyword: str
    before: State
    after: list[State] = field(default_factory=list)
    complete: bool = False


class Flow:
    """Follows Jinja's statements: ``state`` is how things stand now.

    The ways through an ``{% if %}`` or ``{% for %}`` may each open and close what was opened before; when
    they leave different things open, anything may be from there on. A macro, a call block and a set block
    begin with nothing open.
    """

    def __init__(self) -> None:
        self.state = State()
        self._blocks: list[_Block] = []

    def statement(self, source: str) -> State | None:
        """Take one ``{% … %}``; return how a macro (or the like) left things when it ends here."""
        match = _KEYWORD.match(source)
        word = match[1] if match else ""
        if word in ("if", "for"):
            self._blocks.append(_Block(word, self.state.copy()))
        elif word in ("elif", "else"):
            self._branch(complete=word == "else")
        elif word in ("endif", "endfor"):
            self._join(word[3:])
        elif word in ("macro", "call") or (word == "set" and not _ASSIGNS.match(source)):
            self._blocks.append(_Block(word, self.state))
            self.state = State()
        elif word in ("endmacro", "endcall", "endset"):
            return self._leave(word[3:])
        return None

    def _branch(self, *, complete: bool) -> None:
        if self._blocks and self._blocks[-1].keyword in ("if", "for"):
            block = self._blocks[-1]
            block.after.append(self.state)
            block.complete = complete and block.keyword == "if"
            self.state = block.before.copy()

    def _join(self, keyword: str) -> None:
        if not self._blocks or self._blocks[-1].keyword != keyword:
            return
        block = self._blocks.pop()
        ways = [*block.after, self.state, *(() if block.complete else (block.before,))]
        if any(way.shape() != ways[0].shape() for way in ways):
            self.state = block.before
            self.state.elements.append(ANYTHING)

    def _leave(self, keyword: str) -> State | None:
        if not self._blocks or self._blocks[-1].keyword != keyword:
            return None
        ended, self.state = self.state, self._blocks.pop().before
        return ended
