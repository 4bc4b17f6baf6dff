"""A theme: a folder with theme.yaml, MJML/Jinja parts, and templates for text and web. No Python in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from newsletter import yamlfile
from newsletter.errors import ContentError, Position, Problem, TemplateError, did_you_mean
from newsletter.publication import LAYOUTS, Layout
from newsletter.render.contrast import LARGE, TEXT, contrast, nearest
from newsletter.schema import Model, Text, validate
from newsletter.yamlfile import YamlFile

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = {"email": "email.mjml", "text": "email.txt", "web": "web.html"}
"""What every theme has: the mail, its plain-text part, its web version."""

WORDS = "words"
"""The folder of a theme's own catalogues."""

TOKEN_FORMS = {
    "color": (re.compile(r"#[0-9a-fA-F]{6}"), "a colour such as #1a5fa8"),
    "size": (re.compile(r"\d{1,4}px"), "a size such as 16px"),
    "number": (re.compile(r"\d{1,5}"), "a whole number"),
    "font": (
        re.compile(r"[\w\s,'\-]*\b(?:serif|sans-serif|monospace|cursive|system-ui)"),
        "font names with commas between them, the last one serif, sans-serif or monospace, which every reader has",
    ),
    "text": (re.compile(r"[^\x00-\x1f]*"), "one line of text"),
    "url": (re.compile(r"(https?://[^\s\"'<>]+)?"), "an address that begins with https://"),
    "flag": (re.compile(r"yes|no"), "yes or no"),
}
"""Type of a token to the form of its values, and how to say it."""


class Token(Model):
    """One value of a theme that a publication may change."""

    type: Literal["color", "size", "number", "font", "text", "url", "flag"]
    """Its type."""
    default: Text
    """Its value when the publication gives none."""
    description: Text = ""
    """What it does."""


class Contrast(Model):
    """A text that must be readable on its grounds."""

    text: str
    """Its colour: a token, or a colour such as #ffffff."""
    on: tuple[str, ...]
    """What it stands on: tokens, or colours."""
    large: bool = False
    """It is never smaller than 24 px, or 19 px bold: less contrast will do."""


class Slot(Model):
    """A place for pictures."""

    width: Annotated[int, Field(ge=16, le=1200)]
    """Its width in pixels."""
    height: Annotated[int, Field(ge=16, le=1200)] | None = None
    """Its height in pixels: pictures are cropped to fit; without one they keep their shape."""


class ThemeFile(Model):
    """theme.yaml."""

    name: str
    """Name of the theme: that of its folder."""
    description: Annotated[str, Field(min_length=1)]
    """One sentence, for who chooses."""
    layouts: tuple[Layout, ...] = LAYOUTS
    """The layouts it has."""
    tokens: dict[str, Token] = {}
    """Its values that a publication may change."""
    images: dict[str, Slot] = {}
    """By layout, and `lead`: the place of a picture; a layout without one shows none."""
    contrast: tuple[Contrast, ...] = ()
    """Which text stands on which ground; what is too faint is told."""


@dataclass(frozen=True)
class Theme:
    """A theme that was found: its folder, its description, the values of its tokens."""

    name: str
    folder: Path
    file: ThemeFile
    tokens: Mapping[str, str]
    cache_dir: Path | None = None
    warnings: tuple[Problem, ...] = ()
    """Colours that are too faint to read, each where it is chosen."""
    checked: bool = False
    """Whether its MJML was found to be without mistakes, in the state that it is in."""

    @cached_property
    def words(self) -> tuple[Path, ...]:
        """Where its own catalogues are, if it has any (see :mod:`newsletter.words`)."""
        folder = self.folder / WORDS
        return (folder,) if folder.is_dir() else ()

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Every file of it, in the order of their names."""
        return tuple(sorted(path for path in self.folder.rglob("*") if path.is_file() and path.name[:1] != "."))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and bytes of its files and the values of its tokens."""
        total = hashlib.sha256()
        for path in self.files:
            total.update(f"{path.relative_to(self.folder).as_posix()}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
        total.update(repr(sorted(self.tokens.items())).encode())
        return total.hexdigest()

    @cached_property
    def environment(self) -> Environment:
        """Jinja for this theme: strict about unknown names, escaping whatever is not plain text."""
        return self._environment(marked=False)

    @cached_property
    def marked_environment(self) -> Environment:
        """The same with a mark on each MJML tag, so that an error finds its line."""
        return self._environment(marked=True)

    def _environment(self, *, marked: bool) -> Environment:
        from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

        from newsletter.render.loader import CompiledTemplates, ConstantTokens, ThemeLoader  # noqa: PLC0415

        cache = None
        if self.cache_dir and not marked:
            self.cache_dir.mkdir(parents=True, exist_ok=True)
            cache = CompiledTemplates(self.cache_dir, self.tokens)
        environment = Environment(
            loader=ThemeLoader([self.folder], marked=marked),
            autoescape=lambda name: name is None or not name.endswith(".txt"),  # noqa: S701 - only plain text is not
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=cache,
            auto_reload=False,  # what is rendered is what ``digest`` says; files that changed are another Theme
            extensions=["jinja2.ext.i18n", ConstantTokens],
        )
        environment.extensions[ConstantTokens.identifier].values = self.tokens  # type: ignore[attr-defined]
        return environment

    def check(self) -> Theme:
        """Read every template of the theme, tell all mistakes at once, and return it as checked.

        Raises:
            TemplateError: each mistake with the template's file, line and column.
        """
        from newsletter.render.lint import lint  # noqa: PLC0415 - skipped while the theme is unchanged

        found: list[Problem] = []
        for path in self.files:
            if path.suffix == ".mjml":
                found += lint(yamlfile.read_text(path), str(path))
        missing = [name for name in TEMPLATES.values() if not (self.folder / name).is_file()]
        found += [Problem(Position(str(self.folder)), f"the theme has no '{name}'") for name in missing]
        if found:
            raise TemplateError(sorted(found))
        return replace(self, checked=True)


def find_theme(
    name: str,
    roots: Sequence[Path],
    chosen: Mapping[str, str],
    *,
    where: Callable[..., Position] = lambda *_: Position("newsletter.yaml"),
    cache_dir: Path | None = None,
) -> Theme:
    """Find the theme ``name`` in ``roots`` (the first that has it) and give its tokens their values.

    Args:
        name: name of the folder.
        roots: folders that hold themes, the workspace's own first.
        chosen: the publication's values of tokens.
        where: tells where newsletter.yaml has a value, by its keys, for messages.
        cache_dir: where compiled templates may be kept.

    Raises:
        ContentError: unknown theme or token, a value of the wrong form, a mistake in theme.yaml.
    """
    folder = next((root / name for root in roots if (root / name / "theme.yaml").is_file()), None)
    if folder is None or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        known = theme_names(roots)
        hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
        raise ContentError([Problem(where("theme", "name"), f"there is no theme '{name}'", hint)])
    parsed = yamlfile.load(folder / "theme.yaml")
    file: ThemeFile = validate(ThemeFile, parsed)
    found = []
    for key, token in file.tokens.items():
        form, expected = TOKEN_FORMS[token.type]
        if not form.fullmatch(token.default):
            found.append(Problem(parsed.position(("tokens", key, "default")), f"'{token.default}' is not {expected}"))
    for key, value in chosen.items():
        if key not in file.tokens:
            hint = did_you_mean(key, list(file.tokens)) or f"'newsletter themes show {name}' lists them"
            found.append(Problem(where("theme", "tokens", key), f"the theme '{name}' has no token '{key}'", hint))
        elif not TOKEN_FORMS[file.tokens[key].type][0].fullmatch(value):
            expected = TOKEN_FORMS[file.tokens[key].type][1]
            found.append(Problem(where("theme", "tokens", key), f"token '{key}' is '{value}'", f"expected {expected}"))
    if found:
        raise ContentError(found)
    tokens = {key: chosen.get(key, token.default) for key, token in file.tokens.items()}
    faint = tuple(_faint(file, parsed, tokens, lambda key: where("theme", "tokens", key) if key in chosen else None))
    return Theme(name, folder, file, tokens, cache_dir, faint)


def _faint(
    file: ThemeFile, parsed: YamlFile, tokens: Mapping[str, str], chosen: Callable[[str], Position | None]
) -> Iterator[Problem]:
    """Yield a warning for each text that cannot be read well on one of its grounds, with a colour that can.

    It is told where the publication chose one of the two colours, else where the theme pairs them.
    """
    colour = TOKEN_FORMS["color"][0]
    for number, pair in enumerate(file.contrast):
        text = tokens.get(pair.text, pair.text)
        grounds = {name: tokens.get(name, name) for name in pair.on}
        wrong = [value for value in (text, *grounds.values()) if not colour.fullmatch(value)]
        if wrong:
            hint = did_you_mean(wrong[0], list(file.tokens)) or "name a token that is a colour, or write #rrggbb"
            raise ContentError([Problem(parsed.position(("contrast", number)), f"'{wrong[0]}' is no colour", hint)])
        least = LARGE if pair.large else TEXT
        for name, ground in grounds.items():
            if contrast(text, ground) >= least:
                continue
            moved, still = (pair.text, list(grounds.values())) if pair.text in tokens else (name, [text])
            better = nearest(tokens.get(moved, moved), still, least)
            yield Problem(
                chosen(pair.text) or chosen(name) or parsed.position(("contrast", number)),
                f"'{pair.text}' ({text}) can hardly be read on '{name}' ({ground}): "
                f"a contrast of {contrast(text, ground):.1f}, and {least:.1f} is needed",
                f"'{moved}: {better}' is the nearest that will do" if better else "choose another colour for one",
                "warning",
            )


def theme_names(roots: Sequence[Path]) -> list[str]:
    """Return the names of all themes in ``roots``."""
    return sorted({path.parent.name for root in roots if root.is_dir() for path in root.glob("*/theme.yaml")})


def theme_context(theme: Theme) -> dict[str, Any]:
    """Return what templates see of the theme."""
    return {"tokens": dict(theme.tokens), "theme": theme.file}
