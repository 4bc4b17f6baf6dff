"""A progress bar on stderr, where a person sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

T = TypeVar("T")


def progress(things: Iterable[T], length: int, label: str) -> Iterator[T]:
    """Yield ``things`` while a bar on stderr moves; no bar when stderr is no terminal."""
    with click.progressbar(
        things, length=length, label=label, file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()
    ) as bar:
        yield from bar
