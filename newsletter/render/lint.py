"""Mistakes in a theme's MJML, found in the template itself: names, nesting, what is not closed.

The engine passes over unknown tags and attributes and most wrong nesting in silence, and tells no place for
much of what it refuses; here each has its line and column. The facts about MJML and the engine are in
mjml_components.json. A rule of the house: a file, and each macro, closes the tags that it opens (the branches
of an ``{% if %}`` may open and close in turn).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from newsletter.errors import Position, Problem, did_you_mean
from newsletter.render.components import Component, facts
from newsletter.render.flow import ANYTHING, Element, Flow, State
from newsletter.render.markup import (
    DYNAMIC,
    MARK,
    NOTHING,
    OUTPUT,
    REST,
    STATEMENT,
    blank,
    has_dynamic_name,
    kind,
    tokens,
)

VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "param",
    )
)
"""HTML elements without an end tag, as the engine knows them."""

UNBALANCED = "unbalanced MSO comment"

_ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|([^\s"'>]+)))?""")
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z_:][\w:.-]*")
_TEXT = re.compile(r"[^\s\x01-\x03]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake at an offset (in characters) of a text."""

    offset: int
    message: str
    hint: str = ""


def lint(source: str, path: str) -> list[Problem]:
    """Return the mistakes in one template of MJML and Jinja (a document, a part, a file of macros), in order.

    ``path`` is only for the positions. Nothing is rendered: what the place of a macro or of an included file
    allows is not known here, and accepted.
    """
    found = []
    for fault in template_faults(source):
        line = source.count("\n", 0, fault.offset) + 1
        column = fault.offset - source.rfind("\n", 0, fault.offset)
        found.append(Problem(Position(path, line, column), fault.message, fault.hint))
    return found


def template_faults(source: str) -> list[Fault]:
    """Return the mistakes in a template, with offsets in ``source``."""
    return _Reader(blank(source), source).read()


def mjml_faults(mjml: str) -> list[Fault]:
    """Return the mistakes in rendered MJML: no Jinja, every parent known."""
    return _Reader(mjml, "").read()


def _is_end(name: str, opened: str) -> bool:
    if OUTPUT in opened:
        return name in (OUTPUT, opened.removesuffix(OUTPUT))
    return name == opened or (not name.startswith("mj-") and name.lower() == opened.lower())


class _Reader:
    """Reads tokens in order and keeps account of what is open."""

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.source = source
        self.facts = facts()
        self.flow = Flow()
        self.faults: list[Fault] = []

    def read(self) -> list[Fault]:
        end, before = 0, ""
        for token in tokens(self.text):
            what = kind(token)
            self._gap(end, token.start(), before, what)
            getattr(self, f"_{what}")(token)
            end, before = token.end(), what
        self._gap(end, len(self.text), before, "")
        self._leave(self.flow.state)
        return sorted(set(self.faults), key=lambda fault: fault.offset)

    def _fault(self, offset: int, message: str, hint: str = "") -> None:
        self.faults.append(Fault(offset, message, hint))

    @property
    def _parent(self) -> str:
        """Name of the element that stands around, or an empty string when it is not known."""
        name = self.flow.state.elements[-1].name if self.flow.state.elements else ""
        return "" if OUTPUT in name else name

    @property
    def _component(self) -> Component | None:
        return self.facts.components.get(self._parent)

    # --- text

    def _gap(self, start: int, end: int, before: str, after: str) -> None:
        component = self._component
        if start == end:
            return
        gap = self.text[start:end]
        if "/>" in gap:
            hint = "write /&gt;: the engine may take it for the end of a tag"
            self._fault(start + gap.index("/>"), "a '/>' that ends no tag", hint)
        if component is None or component.content in ("html", "text"):
            return
        if stray := _TEXT.search(gap):
            holds = f"it holds {', '.join(component.children) or 'nothing'}"
            hint = "text goes into mj-text" if component.content == "children" else holds
            self._fault(start + stray.start(), f"text cannot stand in {self._parent}", hint)
        elif component.content == "strict" and before not in ("statement", "") and OUTPUT not in gap:
            kept = gap.replace(NOTHING, "")
            rest = kept.lstrip(" \t")
            if kept != rest and (rest[:1] in "\r\n" if rest else after != "statement"):
                self._fault(
                    start,
                    f"a space stands behind a tag in {self._parent}",
                    "the MJML engine wants a line break right behind each tag here",
                )

    # --- tags

    def _open(self, tag: re.Match[str]) -> None:
        name, at = self._name(tag), tag.start()
        if OUTPUT in name:
            pass
        elif name.startswith("mj-") or name == "mjml":
            self._mjml_tag(name, at)
        else:
            self._html_tag(name, at)
        self._attributes(tag, name)
        if not tag["empty"] and name.lower() not in VOID:
            self.flow.state.elements.append(Element(name, at, self.flow.state.hidden))

    def _name(self, tag: re.Match[str]) -> str:
        """Return the name of an opening tag; with ``OUTPUT`` at its end when Jinja may have a part in it."""
        name = str(tag["name"]).split(OUTPUT)[0]
        if not has_dynamic_name(tag) or name in self.facts.components or name.lower() in VOID:
            return name
        return name + OUTPUT

    def _mjml_tag(self, name: str, at: int) -> None:
        parent, known = self._parent, self.facts.components
        if name in self.facts.unsupported:
            self._fault(at, f"{name} is not supported", self.facts.unsupported[name])
        elif name not in known:
            self._fault(at, f"unknown tag '{name}'", did_you_mean(name, list(known)))
        elif parent in known:
            holds = known[parent].children
            if name not in holds and "*" not in holds:
                self._fault(at, f"{name} cannot stand in {parent}", self._belongs(name))
        elif parent and not parent.startswith("mj-"):
            self._fault(at, f"{name} cannot stand in <{parent}>", self._belongs(name))

    def _belongs(self, name: str) -> str:
        places = [parent for parent, component in self.facts.components.items() if name in component.children]
        return "it belongs in " + " or ".join(places) if places else "it is the outermost tag"

    def _html_tag(self, name: str, at: int) -> None:
        component = self._component
        if component is not None and component.content != "html":
            hint = "it holds plain text only" if component.content == "text" else "HTML goes into mj-text or mj-raw"
            self._fault(at, f"<{name}> cannot stand in {self._parent}", hint)

    def _attributes(self, tag: re.Match[str], name: str) -> None:
        base, text = tag.start("attributes"), tag["attributes"]
        end = 0
        for match in _ATTRIBUTE.finditer(text):
            attribute, bare = match[1].strip(STATEMENT + REST), match[2]
            at = base + match.start() + match[1].index(attribute)
            glued = text[end - 1 : end] in "\"'" and end == match.start() and match[1] == attribute
            end = match.end()
            if not attribute or DYNAMIC.intersection(attribute):
                continue
            if glued and end and match.start():
                self._fault(at, f"a space is missing before '{attribute}'")
            if bare and not DYNAMIC.intersection(bare):
                self._fault(at, f"the value of '{attribute}' is not in quotes", f'write {attribute}="{bare}"')
            if match[0].endswith("'") and '"' in match[0]:
                hint = "write &quot; for each of them: the engine puts the value into double quotes"
                self._fault(at, f"the value of '{attribute}' holds a double quote", hint)
            self._attribute(name, attribute, at)

    def _attribute(self, name: str, attribute: str, at: int) -> None:
        component = self.facts.components.get(name)
        if not _ATTRIBUTE_NAME.fullmatch(attribute):
            self._fault(at, f"'{attribute}' is not the name of an attribute", "is a quote missing?")
        elif component is None or attribute in (MARK, *self.facts.everywhere) or "*" in component.attributes:
            return
        elif attribute in component.ignored:
            self._fault(at, f"'{attribute}' has no effect on {name}", "MJML has it, the engine passes over it")
        elif attribute not in component.attributes:
            known = sorted(component.attributes | self.facts.everywhere)
            hint = did_you_mean(attribute, known) or f"it has: {', '.join(known)}"
            self._fault(at, f"{name} has no attribute '{attribute}'", hint)

    def _close(self, tag: re.Match[str]) -> None:
        name, elements = tag["closed"], self.flow.state.elements
        name = OUTPUT if DYNAMIC.intersection(name) else name
        for index in range(len(elements) - 1, -1, -1):
            element = elements[index]
            if element is ANYTHING:
                return
            if _is_end(name, element.name):
                self._close_from(index, tag.start())
                return
        if name != OUTPUT:
            self._stray(name, tag.start())

    def _close_from(self, index: int, at: int) -> None:
        element, *inner = self.flow.state.elements[index:]
        self._unclosed(inner)
        if element.mso != self.flow.state.hidden and not any(e is ANYTHING for e in inner):
            where = ("inside", "outside") if element.mso else ("outside", "inside")
            message = f"{UNBALANCED}: <{element.name}> is opened {where[0]} of one and closed {where[1]}"
            self._fault(at, message, "close it in a conditional comment of the same mj-text or mj-raw")
        if element.name.startswith("mj-"):
            self._open_conditions(self.flow.state, element.at)
        del self.flow.state.elements[index:]

    def _stray(self, name: str, at: int) -> None:
        if self.flow.state.hidden:
            self._fault(
                at,
                f"{UNBALANCED}: </{name}> closes what no conditional comment here opens",
                "a tag must be opened and closed in conditional comments of the same mj-text or mj-raw",
            )
        elif self._parent and difflib.get_close_matches(name, [self._parent], cutoff=0.75):
            self._fault(at, f"</{name}> stands where </{self._parent}> is expected")
            self.flow.state.elements.pop()
        else:
            self._fault(at, f"</{name}> closes nothing", "a file or a macro closes only what it opens")

    def _unclosed(self, elements: list[Element]) -> None:
        start = max((i + 1 for i, e in enumerate(elements) if e is ANYTHING), default=0)
        for element in elements[start:]:
            if element.mso:
                message = f"{UNBALANCED}: <{element.name}> is opened in it and not closed in one"
                hint = "close it in a conditional comment of the same mj-text or mj-raw"
                self._fault(element.at, message, hint)
            elif OUTPUT not in element.name:
                self._fault(element.at, f"<{element.name}> is not closed", f"add </{element.name}>")

    # --- comments

    def _comment(self, comment: re.Match[str]) -> None:
        component = self._component
        inner = comment["comment"][4:-3]
        if component is not None and not component.comments:
            self._fault(
                comment.start(),
                f"a comment cannot stand in {self._parent}",
                "use a Jinja comment: {# … #}",
            )
        elif "--" in inner or inner.endswith("-"):
            self._fault(comment.start(), "a comment cannot hold '--'", "use a Jinja comment: {# … #}")

    def _hidden(self, opening: re.Match[str]) -> None:
        self._condition(opening.start(), hidden=True)

    def _revealed(self, opening: re.Match[str]) -> None:
        self._condition(opening.start(), hidden=False)

    def _condition(self, at: int, *, hidden: bool) -> None:
        component = self._component
        if component is not None and not component.conditional:
            self._fault(at, f"a conditional comment cannot stand in {self._parent}", "put it into an mj-raw")
        if self.flow.state.hidden:
            self._open_conditions(self.flow.state, self.flow.state.conditions[-1][0] - 1)
        self.flow.state.conditions.append((at, hidden))

    def _endif(self, closing: re.Match[str]) -> None:
        conditions = self.flow.state.conditions
        if not conditions:
            if ANYTHING not in self.flow.state.elements:
                self._fault(closing.start(), f"{UNBALANCED}: <![endif]--> without <!--[if …]>")
            return
        _, hidden = conditions.pop()
        if hidden and not closing["endif"].endswith("-->"):
            self._fault(closing.start(), f"{UNBALANCED}: it ends with <![endif]>", "write <![endif]-->")

    def _open_conditions(self, state: State, since: int) -> None:
        """Tell of the conditional comments that were opened after offset ``since`` and drop them."""
        for at, _ in state.conditions:
            if at > since and ANYTHING not in state.elements:
                hint = "end it where the tags in it end"
                self._fault(at, f"{UNBALANCED}: <!--[if …]> without <![endif]-->", hint)
        state.conditions = [entry for entry in state.conditions if entry[0] <= since]

    def _bare(self, found: re.Match[str]) -> None:
        at = found.start()
        following = self.text[at + 1 : at + 10]
        if following.startswith("![CDATA["):
            self._fault(at, "CDATA is not supported", "write &lt; and &amp; instead")
        elif following.startswith("!--"):
            self._fault(at, "this comment is not closed", "end it with -->")
        elif following[:1] in ("!", "?"):
            self._fault(at, f"'<{following[:1]}' cannot stand here", "the engine writes the doctype itself")
        elif following[:1].isalpha():
            name = re.split(r"[\s<>]", following)[0]
            self._fault(at, f"the tag '<{name}' has no end", "a '>' or a quote is missing; for text write &lt;")
        else:
            self._fault(at, "a bare '<'", "write &lt; (in CSS: max-width instead of width <)")

    # --- Jinja

    def _statement(self, found: re.Match[str]) -> None:
        ended = self.flow.statement(self.source[found.start() : found.end()])
        if ended is not None:
            self._leave(ended)

    def _leave(self, state: State) -> None:
        self._unclosed(state.elements)
        self._open_conditions(state, -1)
