"""What came back from a translator: a file in either format, recognised by what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import ContentError, Problem

MAX_BYTES = 16 << 20
"""Largest file that is read, in bytes; an issue makes some hundred kilobytes."""
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Returned:
    """A text that came back."""

    id: str
    source: str
    """What was translated."""
    text: str
    """Its translation; empty where there is none."""
    line: int
    """Of the file."""
    present: str | None = None
    """The translation that there was when the file was made; None where the file does not say."""
    unreviewed: bool = False
    """Whether the file says itself that somebody has to look at it."""


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """All texts of a file, the language that it says it is in ('' when it does not), and what cannot be taken."""

    language: str
    texts: tuple[Returned, ...]
    problems: tuple[Problem, ...] = ()


def read(path: Path, name: str) -> ReturnedFile:
    """Read a file of either format; ``name`` is for messages.

    Raises:
        ContentError: it is missing, too large, or neither XLIFF 1.2 nor such a table, with the line where it can be
            told.
    """
    raw = _bytes(path, name)
    start = raw.decode("utf-16", "replace") if raw.startswith(UTF16) else raw[:100].decode("utf-8-sig", "replace")
    if start.lstrip().startswith("<"):
        from newsletter.translate.xliff import from_xliff  # noqa: PLC0415 - only the format that it is

        return from_xliff(raw, name)
    from newsletter.translate.table import from_csv  # noqa: PLC0415

    return from_csv(raw, name)


def _bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ContentError.at(name, "there is no such file") from None
    except OSError as error:
        raise ContentError.at(name, f"cannot be read: {error.strerror or error}") from None
    if len(raw) > MAX_BYTES:
        told = f"the file is larger than {MAX_BYTES >> 20} MiB"
        raise ContentError.at(name, told, "is it the right file? The texts of an issue are some hundred kilobytes")
    if raw.startswith(b"PK\x03\x04"):
        told = "this is a spreadsheet's or a translation program's own file"
        raise ContentError.at(name, told, "save it as 'CSV UTF-8', or export it as XLIFF 1.2")
    if not raw.strip():
        raise ContentError.at(name, "the file is empty")
    return raw
