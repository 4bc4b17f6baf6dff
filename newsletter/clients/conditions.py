"""When a feature that a client supports in part does not work: the conditions in caniemail.json, decided.

``breaks("only-on:table", use)``; each has a sentence for people. What is not known here breaks nothing, and is said
to be supported in part.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from newsletter.clients.uses import Use, is_image

_Rule = Callable[[Use, tuple[str, ...]], bool]


def _idents(use: Use) -> set[str]:
    words = {token.lower_value for token in use.tokens if token.type == "ident"}
    return words or set(use.value.lower().split())


def _not_on(use: Use, tags: tuple[str, ...]) -> bool:
    return use.tag in tags


def _only_on(use: Use, tags: tuple[str, ...]) -> bool:
    return bool(use.tag) and use.tag not in tags


def _no_value(use: Use, values: tuple[str, ...]) -> bool:
    return bool(_idents(use).intersection(values))


def _only_value(use: Use, values: tuple[str, ...]) -> bool:
    return not _idents(use).issubset(values)


def _literal(use: Use, sign: str) -> bool:
    return any(token.type == "literal" and token.value == sign for token in use.tokens)


def _several(use: Use, _: tuple[str, ...]) -> bool:
    return sum(token.type not in ("whitespace", "comment") for token in use.tokens) > 1


def _negative(use: Use, _: tuple[str, ...]) -> bool:
    return any(token.type in ("number", "dimension", "percentage") and token.value < 0 for token in use.tokens)


def _thick(use: Use, _: tuple[str, ...]) -> bool:
    return any(token.type == "dimension" and token.lower_unit == "px" and token.value > 8 for token in use.tokens)


def _odd_weight(use: Use, _: tuple[str, ...]) -> bool:
    numbers = [token.value for token in use.tokens if token.type == "number"]
    return any(number not in (400, 700) and number < 600 for number in numbers)


def _unit(use: Use, units: tuple[str, ...]) -> bool:
    return any(
        (token.type == "dimension" and token.lower_unit in units) or (token.type == "percentage" and "%" in units)
        for token in use.tokens
    )


def _colours(use: Use) -> list[Any]:
    return [token for token in use.tokens if token.type == "function" and token.lower_name in ("rgb", "rgba")]


def _spaced(use: Use, _: tuple[str, ...]) -> bool:
    return any(not any(part == "," for part in token.arguments) for token in _colours(use))


def _alpha(use: Use, _: tuple[str, ...]) -> bool:
    return any(
        token.lower_name == "rgb" and (sum(part == "," for part in token.arguments) > 2 or "/" in token.arguments)
        for token in _colours(use)
    )


def _attribute(use: Use, signs: tuple[str, ...]) -> bool:
    match = re.search(r"[~|^$*]?=", use.value)
    return (match[0] if match else "") not in signs


SIZES = frozenset(("screen", "all", "only", "and", "min-width", "max-width", "min-height", "max-height"))
_RULES: dict[str, tuple[_Rule, str]] = {
    "not-on": (_not_on, "not on {}"),
    "only-on": (_only_on, "only on {}"),
    "only-element": (_only_on, "only {}"),
    "no-value": (_no_value, "not with the value {}"),
    "only-value": (_only_value, "only with the value {}"),
    "no-property": (lambda use, names: use.name in names, "not {}"),
    "not-inline": (lambda use, _: use.inline, "not in a style attribute"),
    "no-comma": (lambda use, _: _literal(use, ","), "a single value only"),
    "no-slash": (lambda use, _: _literal(use, "/"), "not with a slash"),
    "one-word": (_several, "a single word only"),
    "colour-only": (lambda use, _: any(is_image(token) for token in use.tokens), "only colours"),
    "no-url": (lambda use, _: any(is_image(token) for token in use.tokens), "not with a picture"),
    "no-negative": (_negative, "not below zero"),
    "at-most-8px": (_thick, "8 px at most"),
    "weights": (_odd_weight, "normal or bold only"),
    "no-unit": (_unit, "not in {}"),
    "spaced": (_spaced, "only with commas"),
    "spaced-all": (_spaced, "only with commas; else all styles there are dropped"),
    "all": (lambda *_: True, "all styles there are dropped"),
    "alpha": (_alpha, "not with a fourth value"),
    "never": (lambda *_: True, "read, but without effect"),
    "fine": (lambda *_: False, ""),
    "as-min-height": (lambda *_: True, "made a min-height"),
    "types-only": (lambda use, _: not use.tag, "only behind the name of an element"),
    "attribute": (_attribute, "only with {}"),
    "not-with-class": (lambda use, _: use.name == "class", "not behind a class"),
    "nested": (lambda use, _: "nested" in use.value.split(), "not within another"),
    "sizes-only": (lambda use, _: not SIZES.issuperset(use.value.split()), "only screen, width and height"),
    "height": (lambda use, _: bool({"min-height", "max-height", "height"} & set(use.value.split())), "not by height"),
    "landscape": (lambda use, _: "landscape" in use.value.split(), "not landscape"),
    "portrait": (lambda use, _: "portrait" in use.value.split(), "not portrait"),
    "head-only": (lambda use, _: use.value == "body", "only in the head"),
    "16-kb": (lambda *_: False, "16 KB at most"),
    "as-div": (lambda *_: False, "made a div"),
    "whole": (lambda *_: False, "with all that it holds"),
}


def breaks(condition: str, use: Use) -> bool:
    """Tell whether a use is one of those that do not work."""
    name, _, words = condition.partition(":")
    rule = _RULES.get(name)
    return rule is not None and rule[0](use, tuple(words.split(",")))


def known(condition: str) -> bool:
    """Tell whether the condition can be decided here."""
    return condition.partition(":")[0] in _RULES


def sentence(condition: str) -> str:
    """Return the condition in a few words, such as ``only on table``; or an empty string."""
    name, _, words = condition.partition(":")
    return _RULES[name][1].format(words.replace(",", ", ")) if name in _RULES else ""
