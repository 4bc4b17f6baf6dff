"""Building many issues at once, on all cores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from newsletter.build import Builder, Built
from newsletter.errors import ContentError, NewsletterError, Position, Problem
from newsletter.workspace import Workspace

Outcome = tuple[Built, ...] | tuple[Problem, ...]
"""What building one issue gave: its editions, or what is wrong."""

AT_ONCE = 8
"""Issues handed to a process at a time; more would make the progress jump."""

_builder: Builder


def build_many(workspace: Workspace, names: list[str], *, force: bool, jobs: int | None = None) -> Iterator[Outcome]:
    """Build issues in order; a mistake in one does not stop the others.

    Args:
        workspace: theirs.
        names: of the issues.
        force: build even what has not changed.
        jobs: processes at once; as many as there are cores when None.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(names))
    workspace.archive.months()  # brings the index up to date once, before everybody asks it
    if jobs == 1:
        _start(workspace.root)
        yield from map(_one, ((name, force) for name in names))
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (workspace.root,)) as pool:
        yield from pool.map(_one, ((name, force) for name in names), chunksize=AT_ONCE)


def _start(root: Path) -> None:
    global _builder  # noqa: PLW0603 - a process of the pool has one builder
    _builder = Builder(Workspace(root))


def _one(work: tuple[str, bool]) -> Outcome:
    name, force = work
    try:
        return _builder.build(name, force=force)
    except ContentError as error:
        return error.problems
    except NewsletterError as error:
        return (Problem(Position(f"issues/{name}.yaml"), str(error)),)
