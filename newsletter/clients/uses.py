"""What a mail uses: declarations, selectors, at-rules, elements and attributes, by their names in caniemail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.clients.names import (
    ATTRIBUTES,
    COMBINATORS,
    DISPLAYS,
    ELEMENTS,
    FUNCTIONS,
    IDENTS,
    IMAGES,
    MEDIA,
    PROPERTIES,
    PSEUDO_ELEMENTS,
    UNITS,
)

Tokens = Sequence[Any]
"""Component values of tinycss2."""


@dataclass(frozen=True, slots=True)
class Use:
    """Something used at a place. ``tag`` is empty where the element is not known (a rule of a stylesheet)."""

    feature: str
    what: str
    written: str
    tag: str = ""
    name: str = ""
    value: str = ""
    tokens: Tokens = field(default=(), compare=False, repr=False)
    inline: bool = False


def of_declaration(declaration: Any, tag: str, *, inline: bool) -> Iterator[Use]:
    """Yield what a declaration uses: the property first, then what stands in its value."""
    name, value = declaration.lower_name, written(declaration.value)
    text = f"{declaration.name}: {value}{' !important' if declaration.important else ''}"
    for what, feature in _declared(name, declaration):
        yield Use(feature, what, text, tag, name, value, declaration.value, inline)


def _declared(name: str, declaration: Any) -> Iterator[tuple[str, str]]:
    if name.startswith("--"):
        yield "property", "css-variables"
        return
    bare = name.removeprefix("-webkit-") if name not in PROPERTIES else name
    if bare in PROPERTIES:
        yield "property", PROPERTIES[bare]
    words = {token.lower_value for token in declaration.value if token.type == "ident"}
    if bare == "display":
        yield from (("value", f"css-display-{DISPLAYS[word]}") for word in sorted(words & DISPLAYS.keys()))
    if bare == "background" and (_has_url(declaration.value) or has_gradient(declaration.value)):
        yield "value", "css-background-image"
    yield from (("value", feature) for feature in dict.fromkeys(_in_values(declaration.value)))
    if declaration.important:
        yield "value", "css-important"


def _in_values(tokens: Tokens) -> Iterator[str]:
    for token in tokens:
        kind = token.type
        if kind == "function":
            if token.lower_name in FUNCTIONS:
                yield FUNCTIONS[token.lower_name]
            yield from _in_values(token.arguments)
        elif kind == "dimension" and token.lower_unit in UNITS:
            yield UNITS[token.lower_unit]
        elif kind == "percentage":
            yield "css-unit-percent"
        elif kind == "ident" and token.lower_value in IDENTS:
            yield IDENTS[token.lower_value]
        elif kind in ("() block", "[] block"):
            yield from _in_values(token.content)


def _has_url(tokens: Tokens) -> bool:
    return any(token.type == "url" or (token.type == "function" and token.lower_name == "url") for token in tokens)


def has_gradient(tokens: Tokens) -> bool:
    """Tell whether a gradient stands among these values."""
    return any(token.type == "function" and token.lower_name.endswith("gradient") for token in tokens)


def is_image(token: Any) -> bool:
    """Tell whether a value is a picture: ``url(…)`` or a gradient."""
    return _has_url((token,)) or has_gradient((token,))


def of_selector(tokens: Tokens, *, grouped: bool = False) -> Iterator[Use]:
    """Yield what one selector of a list uses (``grouped``: the list has more)."""
    text = written(tokens)
    if grouped:
        yield Use("css-selector-grouping", "selector", text)
    for compound, combinator in compounds(tokens):
        if combinator:
            yield Use(f"css-selector-{combinator}", "selector", text)
        yield from _of_compound(compound, text)


def compounds(tokens: Tokens) -> Iterator[tuple[list[Any], str]]:
    """Yield each compound selector with what joins it to the one before."""
    compound: list[Any] = []
    joined, space = "", False
    for token in tokens:
        if token.type == "whitespace":
            space = bool(compound)
        elif token.type == "literal" and token.value in COMBINATORS:
            if compound:
                yield compound, joined
            compound, joined, space = [], COMBINATORS[token.value], False
        else:
            if space:
                yield compound, joined
                compound, joined, space = [], "descendant", False
            compound.append(token)
    if compound:
        yield compound, joined


def _of_compound(compound: list[Any], text: str) -> Iterator[Use]:
    typed = compound[0].lower_value if compound[0].type == "ident" else ""
    before, simple = "", 0
    for index, token in enumerate(compound):
        if token.type == "ident" and index == 0:
            yield Use("css-selector-type", "selector", text, name=token.lower_value)
        elif token.type == "hash":
            simple += 1
            yield Use("css-selector-id", "selector", text, typed)
        elif token.type == "ident" and before == ".":
            simple += 1
            yield Use("css-selector-class", "selector", text, typed)
        elif token.type == "[] block":
            name = "class" if simple else ""
            yield Use("css-selector-attribute", "selector", text, name=name, value=written(token.content))
        elif token.type in ("ident", "function") and before == ":":
            name = token.lower_value if token.type == "ident" else token.lower_name
            kind = "element" if name in PSEUDO_ELEMENTS else "class"
            yield Use(f"css-pseudo-{kind}-{name}", "selector", text, typed, name=name)
        elif token.type == "literal" and token.value == "*":
            yield Use("css-selector-universal", "selector", text)
        before = token.value if token.type == "literal" else ""
    if simple > 1:
        yield Use("css-selector-chaining", "selector", text)


def of_media(tokens: Tokens, *, nested: bool = False, said: str = "@media") -> Iterator[Use]:
    """Yield what a media query list uses; ``nested``: within another at-rule."""
    words = list(_media_words(tokens))
    value = " ".join((*words, *(["nested"] if nested else [])))
    text = f"{said} {written(tokens)}".strip()
    yield Use("css-at-media", "at-rule", text, value=value)
    for word in dict.fromkeys(words):
        if word in MEDIA:
            yield Use(f"css-at-media-{MEDIA[word]}", "at-rule", text, value=value)


def _media_words(tokens: Tokens) -> Iterator[str]:
    for token in tokens:
        if token.type == "ident":
            yield token.lower_value
        elif token.type == "() block":
            yield from _media_words(token.content)


def of_element(tag: str, attributes: Iterable[tuple[str, str]]) -> Iterator[Use]:
    """Yield what an element's start tag uses: itself, then its attributes (not its style)."""
    given = dict(attributes)
    if tag in ("input", "button"):
        kind = given.get("type", "text" if tag == "input" else "submit").lower()
        yield Use(f"html-{tag}-{kind}", "element", f"<{tag} type={kind}>", tag)
    elif tag == "meta" and given.get("name", "").lower() in ("color-scheme", "supported-color-schemes"):
        yield Use("html-meta-color-scheme", "element", f"<meta name={given['name']}>", tag)
    elif tag in ELEMENTS:
        yield Use(ELEMENTS[tag], "element", f"<{tag}>", tag)
    for name, value in given.items():
        if name in ATTRIBUTES:
            yield Use(ATTRIBUTES[name], "attribute", f'{name}="{value[:60]}"', tag, name, value)
    if tag in ("img", "source") and given.get("src"):
        yield from _of_image(tag, given["src"])


def _of_image(tag: str, source: str) -> Iterator[Use]:
    if source[:5].lower() == "data:":
        kind = source[5:40].partition(";")[0].rpartition("/")[2].removesuffix("+xml").lower()
        yield Use("image-base64", "image", source[:40] + "…", tag, "src", kind)
    else:
        kind = source.partition("?")[0].partition("#")[0].rpartition(".")[2].lower()
    if kind in IMAGES:
        yield Use(IMAGES[kind], "image", source[:80], tag, "src", kind)


def written(tokens: Tokens) -> str:
    """Return values as CSS, in one line."""
    return " ".join("".join(token.serialize() for token in tokens).split())
