"""A theme: a folder with theme.yaml, MJML/Jinja parts, and templates for text and web. No Python in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter import yamlfile
from newsletter.errors import ContentError, Position, Problem, TemplateError, did_you_mean
from newsletter.render.themefile import TOKEN_FORMS, ThemeFile, describe, faint, is_part

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = {"email": "email.mjml", "text": "email.txt", "web": "web.html"}
"""What every theme has: the mail, its plain-text part, its web version."""

WORDS = "words"
"""The folder of a theme's own catalogues."""


@dataclass(frozen=True)
class Theme:
    """A theme that was found: its folder, its description, the values of its tokens."""

    name: str
    folders: tuple[Path, ...]
    """Its own, then those of the themes that it extends."""
    file: ThemeFile
    tokens: Mapping[str, str]
    cache_dir: Path | None = None
    warnings: tuple[Problem, ...] = ()
    """Colours that are too faint to read, each where it is chosen."""
    checked: bool = False
    """Whether its MJML was found to be without mistakes, in the state that it is in."""

    @property
    def folder(self) -> Path:
        """Its own folder."""
        return self.folders[0]

    @cached_property
    def words(self) -> tuple[Path, ...]:
        """Where its catalogues are, if it has any (see :mod:`newsletter.words`)."""
        return tuple(folder / WORDS for folder in self.folders if (folder / WORDS).is_dir())

    @cached_property
    def files(self) -> dict[str, Path]:
        """Every file that counts, by its name within the theme, in the order of the names."""
        found: dict[str, Path] = {}
        for folder in self.folders:
            for path in folder.rglob("*"):
                if is_part(path):
                    found.setdefault(path.relative_to(folder).as_posix(), path)
        return dict(sorted(found.items()))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and bytes of its files and the values of its tokens."""
        total = hashlib.sha256()
        for name, path in self.files.items():
            total.update(f"{name}\0".encode())
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
            loader=ThemeLoader(self.folders, marked=marked),
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
        for path in self.files.values():
            if path.suffix == ".mjml":
                found += lint(yamlfile.read_text(path), str(path))
        missing = [name for name in TEMPLATES.values() if name not in self.files]
        found += [Problem(Position(str(self.folder)), f"the theme has no '{name}'") for name in missing]
        if found:
            raise TemplateError(sorted(found))
        return self.as_checked()

    def as_checked(self) -> Theme:
        """Return it as checked. It stays what it was when it was found: its files may be others by now."""
        checked = replace(self, checked=True)
        checked.__dict__["files"], checked.__dict__["digest"] = self.files, self.digest
        return checked


def find_theme(
    name: str,
    roots: Sequence[Path],
    chosen: Mapping[str, str],
    *,
    where: Callable[..., Position] = lambda *_: Position("newsletter.yaml"),
    cache_dir: Path | None = None,
) -> Theme:
    """Find the theme ``name`` in ``roots`` (the first that has it, else a package) and give its tokens their values.

    Args:
        name: name of the folder, or of a package's entry point.
        roots: folders that hold themes, the workspace's own first.
        chosen: the publication's values of tokens.
        where: tells where newsletter.yaml has a value, by its keys, for messages.
        cache_dir: where compiled templates may be kept.

    Raises:
        ContentError: unknown theme or token, a value of the wrong form, a mistake in theme.yaml or in a package.
    """
    described = describe(name, roots, where("theme", "name"))
    file = described.file
    found = []
    for key, value in chosen.items():
        at = where("theme", "tokens", key)
        if key not in file.tokens:
            hint = did_you_mean(key, list(file.tokens)) or f"'newsletter themes show {name}' lists them"
            found.append(Problem(at, f"the theme '{name}' has no token '{key}'", hint))
            continue
        form, expected = TOKEN_FORMS[file.tokens[key].type]
        if not form.fullmatch(value):
            found.append(Problem(at, f"token '{key}' is '{value}'", f"expected {expected}"))
    if found:
        raise ContentError(found)
    tokens = {key: chosen.get(key, token.default) for key, token in file.tokens.items()}
    warnings = faint(described, tokens, lambda key: where("theme", "tokens", key) if key in chosen else None)
    return Theme(name, described.folders, file, tokens, cache_dir, tuple(warnings))


def theme_context(theme: Theme) -> dict[str, Any]:
    """Return what templates see of the theme."""
    return {"tokens": dict(theme.tokens), "theme": theme.file}
