"""Progress bars on stderr, where a person sees them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import click

T = TypeVar("T")

WORTH_A_BAR = 30
"""Fewer files than these take less than a second."""


def progress(things: Iterable[T], length: int, label: str) -> Iterator[T]:
    """Yield ``things`` while a bar moves; no bar when stderr is no terminal."""
    with _bar(length, label, things) as bar:
        yield from bar


class FileBar:
    """A bar for whoever counts by itself: called with how many of how many files are done."""

    def __init__(self, label: str = "archive files") -> None:
        self._label = label
        self._shown: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Move the bar; it is made when there is enough to do, and ends with the last file."""
        if total < WORTH_A_BAR:
            return
        if self._shown is None:
            self._shown = _bar(total, self._label)
        self._shown.update(done - self._shown.pos)
        if done == total:
            self._shown.render_finish()
            self._shown = None


def _bar(length: int, label: str, things: Iterable[Any] | None = None) -> Any:
    return click.progressbar(
        things, length=length, label=label, file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()
    )
