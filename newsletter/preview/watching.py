"""Which files of a workspace have changed: told as they are saved, to whoever listens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from watchfiles import Change, awatch

SETTLES = 10
"""A burst of changes is over when nothing has come for so long, in milliseconds."""
LONGEST = 200
"""A burst is told after so long even when it goes on, in milliseconds."""
UNWATCHED = frozenset({"build", "dist", "node_modules", "venv", "__pycache__"})
"""Folders of a workspace that hold nothing of it; those that begin with a dot are passed over as well."""
PASSING = re.compile(r"^\.|~$|^#.*#$|\.(sw[a-p]|tmp|bak|part)$|^4913$")
"""Names of files that editors and we ourselves keep for a moment."""
BEAT = 15.0
"""A connection without news hears something after so many seconds, so that both sides know of each other."""


def folders(root: Path) -> list[Path]:
    """Return the folders at the top of a workspace that are watched with all that is in them."""
    with contextlib.suppress(OSError):
        return sorted(
            path for path in root.iterdir() if path.is_dir() and path.name not in UNWATCHED and path.name[0] != "."
        )
    return []


def _matters(_: Change, path: str) -> bool:
    return not PASSING.search(Path(path).name) and "__pycache__" not in path


async def changes(root: Path, others: tuple[Path, ...], stop: asyncio.Event) -> AsyncIterator[set[str]]:
    """Yield the names (relative to ``root`` where they lie in it) of files that have changed.

    Args:
        root: folder of the workspace. Files at its top, and all below its folders, are watched.
        others: further folders, as those of built-in themes.
        stop: set to end.
    """
    queue: asyncio.Queue[set[str]] = asyncio.Queue()

    async def watch(*paths: Path, recursive: bool, until: asyncio.Event) -> None:
        found = awatch(
            *paths,
            watch_filter=_matters,
            debounce=LONGEST,
            step=SETTLES,
            stop_event=until,
            recursive=recursive,
            ignore_permission_denied=True,
        )
        async for burst in found:
            await queue.put({_named(path, root) for _, path in burst})

    def wanted() -> list[Path]:
        return [*folders(root), *(path for path in others if path.is_dir())]

    while not stop.is_set():
        watched = wanted()
        until = asyncio.Event()
        tasks = [asyncio.create_task(watch(root, recursive=False, until=until))]
        if watched:
            tasks.append(asyncio.create_task(watch(*watched, recursive=True, until=until)))
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set() and watched == wanted():  # else a folder has come or gone
                got = asyncio.create_task(queue.get())
                await asyncio.wait({got, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if got.done():
                    yield got.result()
                else:
                    got.cancel()
        finally:
            until.set()
            stopping.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _named(path: str, root: Path) -> str:
    place = Path(path)
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else path


def event(kind: str, **news: object) -> str:
    """Return news as the text of an event."""
    return f"event: {kind}\ndata: {json.dumps(news, ensure_ascii=False)}\n\n"


class Hub:
    """Tells news to every open page (server-sent events, HTML Living Standard 9.2)."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()
        self.closed = False

    def tell(self, kind: str, **news: object) -> None:
        """Tell all pages. To be called in the loop that they are served from."""
        for queue in self._queues:
            queue.put_nowait(event(kind, **news))

    def close(self) -> None:
        """End every connection."""
        self.closed = True
        for queue in self._queues:
            queue.put_nowait(None)

    async def listen(self, greeting: Callable[[], str]) -> AsyncIterator[str]:
        """Yield what is told, as text of an event stream, until the hub is closed."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        with self._listening(queue):
            yield greeting()
            while not self.closed:
                try:
                    news = await asyncio.wait_for(queue.get(), BEAT)
                except TimeoutError:
                    news = ": still here\n\n"
                if news is None:
                    return
                yield news

    @contextlib.contextmanager
    def _listening(self, queue: asyncio.Queue[str | None]) -> Iterator[None]:
        self._queues.add(queue)
        try:
            yield
        finally:
            self._queues.discard(queue)
