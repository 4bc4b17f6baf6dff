"""Writing files so that a crash at any moment leaves the old or the new one, never a half."""

from __future__ import annotations

import contextlib
import functools
import glob
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

BEGUN = ".begun-"
"""What the name of a file has that stands beside the one that it is to replace."""


def write_atomic(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write ``data`` to ``path`` through a temporary file beside it and a rename.

    Args:
        path: where to; its folder is made when it is missing, and an existing file's mode is kept.
        data: all bytes of the file.
        durable: wait until the disk has it (fsync); for what cannot be made again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    if durable:
        _sync_folder(path.parent)


class ChangedMeanwhile(Exception):  # noqa: N818 - it is caught by whoever tries again
    """Another program wrote the file since it was read. ``kept`` is where its version stands, if not in its place."""

    def __init__(self, kept: Path | None = None) -> None:
        super().__init__(str(kept or ""))
        self.kept = kept


def replace_known(path: Path, known: bytes | None, data: bytes | None) -> None:
    """Put ``data`` where ``known`` stands, and nowhere else; durable, and with nothing half at any moment.

    Args:
        path: the file; where it is a link, what it leads to.
        known: what it holds (None: there is none).
        data: what it is to hold (None: it is removed).

    Raises:
        ChangedMeanwhile: it holds something else, which stays.
    """
    path = path.resolve()
    if _bytes(path) != known:
        raise ChangedMeanwhile
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}{BEGUN}", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data or b"")
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_mode(path))
        if known is None:
            _put_new(beside, path)
        elif data is None:
            _take_away(beside, path, known)
        else:
            _swap(beside, path, known, data)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    _sync_folder(path.parent)


def remove_begun(path: Path) -> None:
    """Remove what a killed :func:`replace_known` left beside ``path``; nobody else may be writing it so."""
    path = path.resolve()
    for left in path.parent.glob(f".{glob.escape(path.name)}{BEGUN}*.tmp"):
        left.unlink(missing_ok=True)


def _kept(beside: Path) -> ChangedMeanwhile:
    """Give a version that has no other place a name that stays."""
    return ChangedMeanwhile(beside.rename(beside.with_suffix(".kept")))


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _put_new(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)
    except FileExistsError:
        raise ChangedMeanwhile from None
    except OSError:  # a disk without links
        if path.exists():
            raise ChangedMeanwhile from None
        beside.replace(path)


def _take_away(beside: Path, path: Path, known: bytes) -> None:
    path.replace(beside)
    if _bytes(beside) != known:
        try:
            os.link(beside, path)
        except OSError:
            raise _kept(beside) from None
        raise ChangedMeanwhile


def _swap(beside: Path, path: Path, known: bytes, data: bytes) -> None:
    """Exchange the two files at once, and back again when what stood there is not what was read."""
    if _bytes(path) != known:  # writing took a while
        raise ChangedMeanwhile
    if not _exchange(beside, path):
        _replace_and_look(beside, path, known)
        return
    if _bytes(beside) == known:
        return
    _exchange(beside, path)
    if _bytes(beside) != data:  # and once more in this very moment: theirs, the older one, stays beside
        raise _kept(beside)
    raise ChangedMeanwhile


def _replace_and_look(beside: Path, path: Path, known: bytes) -> None:
    """Replace a file where none can be exchanged; one that was written into in this moment is put back."""
    held = beside.with_suffix(".held.tmp")
    try:
        os.link(path, held)
    except OSError:  # a disk without links
        beside.replace(path)
        return
    try:
        beside.replace(path)
        if _bytes(held) != known:
            held.replace(path)
            raise ChangedMeanwhile
    finally:
        held.unlink(missing_ok=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two files change their names at once; False where the system cannot (Linux can: renameat2)."""
    call = _renameat2()
    if call is None:
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(call(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


@functools.cache
def _renameat2() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # noqa: PLC0415 - for writing a person's files only

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    call.restype = ctypes.c_int
    return cast("Callable[..., int]", call)


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o644


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last (POSIX); Windows has no such call."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
