"""A mail as one client shows it: a simulation from published data (:func:`newsletter.clients.support.data_date`).

What the client does not support is taken out of the HTML and listed; what it supports in part stays and is listed,
unless the data tell when it fails (``padding`` in classic Outlook: only on table cells). Besides caniemail:

- Gmail reads 16,384 bytes of ``<style>``; an element that goes beyond is dropped, as is one with an error or with
  an at-rule within an at-rule (https://github.com/hteumeuleu/email-bugs/issues/90 of 2021,
  https://github.com/hteumeuleu/caniemail/issues/144 of 2021).
- Classic Outlook takes conditional comments (:mod:`newsletter.clients.mso`). VML is drawn as plain boxes.

Not simulated: a client's own styles, its fonts, its window, the names that it puts before classes and ids.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from newsletter.clients import mso
from newsletter.clients.sheets import GMAIL, Loss, judge_of, judged_sheet, judged_style, media_loss
from newsletter.clients.support import Client, Support, data_date, features
from newsletter.clients.trees import Document, drop, elements, parsed, place, unwrap
from newsletter.clients.uses import Use, of_element

GMAIL_STYLES = 16_384
"""Bytes of styles that Gmail reads."""
MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the line of the HTML (from 1), the end of its path, the text in it or near it."""

    line: int
    path: str
    near: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Something that the client does not support (``no``: taken out), or only in part (``partly``: still there).

    ``what`` is property, value, at-rule, selector, element, attribute, image or stylesheet; ``written`` how it
    stands in the first of ``places``; ``tested`` the month or the client's version of the last test; ``note`` why or
    when it fails, in a few words.
    """

    feature: str
    title: str
    what: str
    written: str
    count: int
    places: tuple[Place, ...]
    support: Support
    url: str
    tested: str
    note: str


@dataclass(frozen=True, slots=True)
class Simulated:
    """A mail as a client shows it. ``notes`` say what this simulation leaves out; ``date`` is that of the data."""

    html: str
    removed: tuple[Removed, ...]
    client: Client
    date: datetime.date
    notes: tuple[str, ...] = ()


def simulate(html: str, client: Client) -> Simulated:
    """Return a mail as the client shows it, and what it lost. Never fails, whatever the HTML."""
    document = parsed(mso.taken(html) if client.mso else html)
    walk = _Walk(document, client)
    walk.stylesheets()
    walk.elements()
    walk.body()
    return Simulated(str(document), walk.report(), client, data_date(), tuple(walk.notes))


class _Walk:
    """Goes through a document once, takes out what the client does not support, and keeps account."""

    def __init__(self, document: Document, client: Client) -> None:
        self.document = document
        self.client = client
        self.judge = judge_of(client)
        self.notes: list[str] = []
        self._found: dict[tuple[str, str, Support, str], list[Any]] = {}
        self._bytes = 0

    def lose(self, loss: Loss, element: Any, path: str = "", line: int = 0) -> None:
        """Take down a loss; where it happened is only looked up for the first few."""
        entry = self._found.setdefault((loss.feature, loss.what, loss.support, loss.note), [0, loss, []])
        entry[0] += 1
        if len(entry[2]) < MOST_PLACES:
            at, near = (path, "") if path else place(element)
            entry[2].append(Place((element.sourceline or 1) + line, at, near))

    def report(self) -> tuple[Removed, ...]:
        """Return what was found: first what is gone, most often used first."""
        found = [_removed(count, loss, tuple(places)) for count, loss, places in self._found.values()]
        return tuple(sorted(found, key=lambda one: (one.support != "no", -one.count, one.feature, one.what, one.note)))

    # --- stylesheets

    def stylesheets(self) -> None:
        """Judge every ``<style>``."""
        for style in self.document.root.iter("style"):
            css = style.text or ""
            in_body = next(style.iterancestors("body"), None) is not None
            use = Use("html-style", "stylesheet", "<style>", "style", value="body" if in_body else "head")
            loss = self.judge.loss(use) or self._gmail(css) or media_loss(style.get("media") or "", self.client)
            if loss is not None:
                self.lose(loss, style, "style")
            if loss is not None and loss.support == "no":
                style.text = None
                style.attrib.clear()
                continue
            judged = judged_sheet(css, self.client)
            for one, path, line in judged.losses:
                self.lose(one, style, path, line)
            style.text = judged.css

    def _gmail(self, css: str) -> Loss | None:
        if self.client.family != GMAIL:
            return None
        self._bytes += len(css.encode())
        why = "beyond 16 KB of styles" if self._bytes > GMAIL_STYLES else judged_sheet(css, self.client).fatal
        return Loss("html-style", "stylesheet", "<style>", "no", why) if why else None

    # --- elements

    def elements(self) -> None:
        """Judge every element, its attributes and its style."""
        shapes = 0
        for element in elements(self.document.root):
            tag: str = element.tag
            if self.client.mso and tag in _SHAPES:
                shapes += 1
                _draw(element)
                continue
            if self.client.mso and ":" in tag:
                unwrap(element)
            elif tag == "xml":
                drop(element)
            elif tag not in ("html", "head", "body", "style", "title"):
                self._element(element, tag)
            if element.get("style"):
                self._style(element, tag)
        if shapes:
            self.notes.append(f"VML is drawn as plain boxes: {shapes}")

    def _element(self, element: Any, tag: str) -> None:
        # read before anything is taken away
        losses = [(use, loss) for use in of_element(tag, element.items()) if (loss := self.judge.loss(use))]
        for _, loss in losses:
            self.lose(loss, element)
        for use, loss in losses:
            if loss.support != "no":
                continue
            if use.what == "element":
                self._take_out(element, tag, use)
            elif use.name in element.attrib:
                del element.attrib[use.name]

    def _take_out(self, element: Any, tag: str, use: Use) -> None:
        whole = any(
            self.judge.condition(use.feature, note) == "whole" for note in self.judge.verdict(use.feature).notes
        )
        if whole or tag in ("svg", "link", "meta", "base", "input", "wbr", "source", "script"):
            drop(element)
        else:
            unwrap(element)

    def _style(self, element: Any, tag: str) -> None:
        judged = judged_style(element.get("style"), tag, self.client)
        for loss in judged.losses:
            self.lose(loss, element)
        if judged.css:
            element.set("style", judged.css)
        else:
            del element.attrib["style"]

    # --- the body

    def body(self) -> None:
        """Put a ``<div>`` in the place of the body where the client does, behind the ``<u>`` that Gmail puts there."""
        verdict = self.judge.verdict("html-body")
        replaced = any(self.judge.condition("html-body", note) == "as-div" for note in verdict.notes)
        body = self.document.body
        if verdict.support != "no" and not replaced:
            return
        colour = body.attrib.pop("bgcolor", None)
        if colour:
            body.set("style", f"background-color:{colour};{body.get('style', '')}")
        new = body.makeelement("body", {"style": "margin:0"})
        body.addprevious(new)
        if self.client.family == GMAIL:
            new.append(new.makeelement("u"))
        if verdict.support == "no":
            body.attrib.clear()
        body.tag = "div"
        new.append(body)


_SHAPES = frozenset(("v:rect", "v:roundrect", "v:oval", "v:shape"))


def _draw(shape: Any) -> None:
    """Make a VML shape a box of its size and colours.

    Source: https://learn.microsoft.com/windows/win32/vml/web-workshop---how-to-use-vml-on-web-pages-----introduction
    """
    given = {str(name): str(value) for name, value in shape.items()}
    style = given.get("style", "")
    size = re.findall(r"(?:^|;)\s*((?:width|height)\s*:\s*[\d.]+(?:px|pt|%))", style)
    middle = re.search(r"v-text-anchor\s*:\s*middle", style)
    css = ["display:inline-flex;align-items:center;justify-content:center" if middle else "display:inline-block", *size]
    if given.get("filled", "t")[:1] != "f" and re.fullmatch(r"#?\w+", given.get("fillcolor", "")):
        css.append(f"background-color:{given['fillcolor']}")
    if given.get("stroked", given.get("stroke", "t"))[:1] != "f":
        colour = given.get("strokecolor", "")
        css.append(f"border:1px solid {colour if re.fullmatch(r'#?[A-Za-z0-9]+', colour) else 'black'}")
    shape.tag = "div"
    shape.attrib.clear()
    shape.set("style", ";".join(css))


def _removed(count: int, loss: Loss, places: tuple[Place, ...]) -> Removed:
    feature = features()[loss.feature]
    facts = (loss.support, feature.url, loss.tested, loss.note)
    return Removed(loss.feature, feature.title, loss.what, loss.written, count, places, *facts)
