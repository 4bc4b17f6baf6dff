"""Stylesheets and style attributes as one client reads them: what it does not know is taken out, and said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import tinycss2

from newsletter.clients.conditions import breaks, known, sentence
from newsletter.clients.support import Client, Support, Verdict, features, verdict
from newsletter.clients.uses import Use, compounds, is_image, of_declaration, of_media, of_selector, written

GMAIL = "gmail"


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that does not work, or only in part. ``all``: the styles that stand with it are dropped too."""

    feature: str
    what: str
    written: str
    support: Support
    note: str = ""
    tested: str = ""
    all: bool = False


class Judge:
    """Says what one client makes of a use."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._verdicts: dict[str, Verdict] = {}

    def verdict(self, feature: str) -> Verdict:
        """Return what the data say."""
        found = self._verdicts.get(feature)
        if found is None:
            found = self._verdicts[feature] = verdict(feature, self._client)
        return found

    def condition(self, feature: str, note: str) -> str:
        """Return the condition of a note, or an empty string."""
        return features()[feature].conditions.get(note, "")

    def loss(self, use: Use) -> Loss | None:
        """Return what is lost of a use; ``None`` where it works, or where nobody knows."""
        found = self.verdict(use.feature)
        if found.support in ("yes", "unknown") and not found.notes:
            return None
        conditions = [self.condition(use.feature, note) for note in found.notes]
        broken = [condition for condition in conditions if breaks(condition, use)]
        if found.support == "no" or (broken and found.support != "unknown"):
            said = "; ".join(filter(None, map(sentence, broken)))
            spoils = any(condition in ("all", "spaced-all") for condition in broken)
            return Loss(use.feature, use.what, use.written, "no", said, found.tested, spoils)
        if found.support == "partly" and not all(map(known, conditions)):
            return Loss(use.feature, use.what, use.written, "partly", "", found.tested)
        return None

    def losses(self, uses: Iterable[Use]) -> list[Loss]:
        """Return the losses among uses."""
        return [loss for use in uses if (loss := self.loss(use))]


@cache
def judge_of(client: Client) -> Judge:
    """Return the judge of a client."""
    return Judge(client)


@dataclass(frozen=True, slots=True)
class JudgedStyle:
    """A style attribute as it becomes, and what it loses."""

    css: str
    losses: tuple[Loss, ...]


@lru_cache(maxsize=20_000)
def judged_style(style: str, tag: str, client: Client) -> JudgedStyle:
    """Return a style attribute as the client reads it on such an element."""
    nodes = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    css, losses = _declarations(nodes, tag, client, inline=True)
    return JudgedStyle(css, tuple(losses))


def _declarations(nodes: Iterable[Any], tag: str, client: Client, *, inline: bool) -> tuple[str, list[Loss]]:
    judge = judge_of(client)
    kept: list[str] = []
    losses: list[Loss] = []
    for node in nodes:
        if node.type != "declaration":
            continue
        found = judge.losses(of_declaration(node, tag, inline=inline))
        losses += found
        gone = [loss for loss in found if loss.support == "no"]
        if any(loss.all for loss in gone):
            return "", losses
        text = _left(node, gone) if gone else f"{node.name}:{written(node.value)}"
        if text:
            kept.append(text + (" !important" if node.important else ""))
    return ";".join(kept), losses


def _left(node: Any, gone: list[Loss]) -> str:
    """Return what is left of a declaration that lost something: a ground its colour, a font list the other fonts."""
    if {loss.feature for loss in gone} <= {
        "css-background-image",
        "css-background",
    } and node.lower_name == "background":
        colours = [token for token in node.value if not is_image(token) and _is_colour(token)]
        return f"background-color:{written(colours)}" if colours else ""
    if all(loss.feature == "css-sytem-ui" for loss in gone):
        fonts = [
            font for font in written(node.value).split(",") if not font.strip().lower().startswith(("system-", "ui-"))
        ]
        return f"{node.name}:{','.join(fonts)}" if fonts else ""
    if all(loss.feature == "css-height" for loss in gone) and any("min-height" in loss.note for loss in gone):
        return f"min-height:{written(node.value)}"
    return ""


def _is_colour(token: Any) -> bool:
    from tinycss2.color4 import parse_color  # noqa: PLC0415 - seldom needed

    return parse_color(token) is not None


@dataclass(frozen=True, slots=True)
class JudgedSheet:
    """A stylesheet as it becomes, and what it loses: each with the selector or at-rule and its line (from 0).

    ``fatal`` says why Gmail would drop the whole of it, or is empty.
    """

    css: str
    losses: tuple[tuple[Loss, str, int], ...]
    fatal: str


@lru_cache(maxsize=500)
def judged_sheet(css: str, client: Client) -> JudgedSheet:
    """Return a stylesheet as the client reads it."""
    reader = _Sheet(client)
    text = "\n".join(
        reader.rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), nested=False)
    )
    return JudgedSheet(text, tuple(reader.losses), reader.fatal)


def media_loss(media: str, client: Client) -> Loss | None:
    """Return what the ``media`` of a ``<style>`` loses."""
    if not media.strip():
        return None
    judge = judge_of(client)
    losses = judge.losses(of_media(tinycss2.parse_component_value_list(media), said="media="))
    return next((loss for loss in losses if loss.support == "no"), losses[0] if losses else None)


class _Sheet:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.judge = judge_of(client)
        self.losses: list[tuple[Loss, str, int]] = []
        self.fatal = ""
        self.as_div = verdict("html-body", client).support != "yes"

    def rules(self, nodes: Iterable[Any], *, nested: bool) -> Iterator[str]:
        for node in nodes:
            if node.type == "error":
                self.fatal = self.fatal or f"an error in it: {node.message}"
            elif node.type == "qualified-rule":
                yield from self._rule(node)
            elif node.type == "at-rule":
                if nested:
                    self.fatal = self.fatal or f"@{node.at_keyword} within an at-rule"
                yield from self._at_rule(node, nested=nested)

    def _lose(self, losses: Iterable[Loss], path: str, node: Any) -> None:
        self.losses.extend((loss, path[:120], node.source_line - 1) for loss in losses)

    # --- at-rules

    def _at_rule(self, node: Any, *, nested: bool) -> Iterator[str]:
        name, said = node.lower_at_keyword, f"@{node.at_keyword} {written(node.prelude)}".strip()
        losses = self.judge.losses(self._of_at_rule(node, name, said, nested=nested))
        self._lose(losses, said, node)
        if any(loss.support == "no" for loss in losses):
            return
        if node.content is None:
            yield f"{said};"
        elif name in ("media", "supports", "layer", "document"):
            inner = "\n".join(self.rules(_rules_in(node), nested=True))
            yield f"{said}{{\n{inner}\n}}"
        else:
            yield f"{said}{{{tinycss2.serialize(node.content)}}}"

    @staticmethod
    def _of_at_rule(node: Any, name: str, said: str, *, nested: bool) -> Iterator[Use]:
        if name == "media":
            yield from of_media(node.prelude, nested=nested)
        elif name.removeprefix("-webkit-") == "keyframes":
            yield Use("css-at-keyframes", "at-rule", said)
        elif name in ("font-face", "import", "supports"):
            yield Use(f"css-at-{name}", "at-rule", said)

    # --- rules

    def _rule(self, node: Any) -> Iterator[str]:
        if any(token.type == "error" for token in node.prelude):
            self.fatal = self.fatal or "an error in it"
        selectors = _split(node.prelude)
        kept = [tokens for tokens in selectors if self._selected(tokens, node, grouped=len(selectors) > 1)]
        if not kept:
            return
        path = ", ".join(map(written, kept))
        inner = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        nested = [one for one in inner if one.type in ("qualified-rule", "at-rule")]
        css, losses = _declarations(inner, _tag(kept), self.client, inline=False)
        self._lose(losses, path, node)
        if nested:
            loss = self.judge.loss(Use("css-nesting", "selector", path))
            if loss is not None:
                self._lose([loss], path, node)
                self.fatal = self.fatal or "a rule within a rule"
            else:
                css += ";" + "".join(one.serialize() for one in nested)
        if css:
            yield f"{path}{{{css}}}"

    def _selected(self, tokens: list[Any], node: Any, *, grouped: bool) -> bool:
        if self.as_div and any(
            _is_page(token, tokens[index - 1] if index else None) for index, token in enumerate(tokens)
        ):
            page = self.judge.verdict("html-body")
            loss = Loss("html-body", "selector", written(tokens), "no", "the body becomes a div", page.tested)
            self._lose([loss], written(tokens), node)
            return False
        losses = self.judge.losses(of_selector(tokens, grouped=grouped))
        self._lose(losses, written(tokens), node)
        return not any(loss.support == "no" for loss in losses)


def _rules_in(node: Any) -> list[Any]:
    rules: list[Any] = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
    return rules


def _split(tokens: Iterable[Any]) -> list[list[Any]]:
    """Return the selectors of a list, without the space around them."""
    found: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            found.append([])
        elif token.type != "comment" and (found[-1] or token.type != "whitespace"):
            found[-1].append(token)
    for selector in found:
        while selector and selector[-1].type == "whitespace":
            selector.pop()
    return [selector for selector in found if selector]


def _is_page(token: Any, before: Any) -> bool:
    """Tell whether this is the name of the page's own elements: ``html``, ``body``, ``:root``."""
    if token.type != "ident":
        return False
    sign = before.value if before is not None and before.type == "literal" else ""
    return (
        token.lower_value == "root" if sign == ":" else sign not in (".", "#") and token.lower_value in ("html", "body")
    )


def _tag(selectors: list[list[Any]]) -> str:
    """Return the element that all selectors end in; or an empty string."""
    tags = set()
    for tokens in selectors:
        compound = [*compounds(tokens)][-1][0]
        tags.add(compound[0].lower_value if compound and compound[0].type == "ident" else "")
    return tags.pop() if len(tags) == 1 else ""
