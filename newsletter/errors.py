"""Errors that a person can act on: where, what, what was expected, what to do.

Everything that a person may have caused is a :class:`NewsletterError`; the command line prints it without a
traceback. Anything else that escapes is a mistake of ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file. ``line`` and ``column`` count from 1; 0 means unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        text = display_path(self.path)
        if self.line:
            text += f":{self.line}"
            if self.column:
                text += f":{self.column}"
        return text


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake at one place. ``hint`` says what was expected or what to do."""

    position: Position
    message: str
    hint: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.position}: {self.severity}: {self.message}{hint}"


class NewsletterError(Exception):
    """Root of all errors that are told to a person. Exit code 1 unless a subclass says otherwise."""

    exit_code = 1


class UsageError(NewsletterError):
    """The command was called in a way that cannot be meant (exit code 2)."""

    exit_code = 2


class ContentError(NewsletterError):
    """One or more mistakes in files of the workspace, all told at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def at(cls, path: str | Path, message: str, hint: str = "", line: int = 0, column: int = 0) -> ContentError:
        """Build an error of a single problem at ``path:line:column``."""
        return cls([Problem(Position(str(path), line, column), message, hint)])


class TemplateError(ContentError):
    """A mistake in a theme: an unknown MJML tag, a Jinja error, an unbalanced comment …"""


def display_path(path: str | Path) -> str:
    """Return ``path`` as a person would type it: relative to the current folder where it lies below it."""
    path = Path(path)
    if not path.is_absolute():
        return str(path)
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def did_you_mean(word: str, known: Sequence[str], limit: int = 3) -> str:
    """Return ``did you mean 'x'?`` with the nearest of the ``known`` words, or an empty string."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=limit, cutoff=0.6)
    return offer([folded[name] for name in near])


def offer(names: Sequence[str]) -> str:
    """Return ``did you mean 'a' or 'b'?``, or an empty string for no names."""
    quoted = " or ".join(f"'{name}'" for name in names)
    return f"did you mean {quoted}?" if names else ""
