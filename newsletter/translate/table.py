"""CSV that spreadsheets open: UTF-8 with a byte order mark, one text a row (RFC 4180).

A text that a spreadsheet would take for a formula has an apostrophe in front, which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from newsletter import yamlfile
from newsletter.errors import ContentError, Position, Problem
from newsletter.translate.returned import MAX_BYTES, UTF16, Returned, ReturnedFile
from newsletter.translate.units import Unit

COLUMNS = ("id", "what", "source", "present", "translation", "state")
"""``present`` is the translation that there is; what stands in ``translation`` is new."""

# Tab and carriage return too (OWASP, CSV Injection), and what Japanese spreadsheets take for the same signs.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(rf"'(?={_FORMULA.pattern})")
_LANGUAGE = re.compile(r"translation(?:\s*\(([A-Za-z0-9-]+)\))?", re.IGNORECASE)


def to_csv(units: Sequence[Unit], language: str) -> bytes:
    """Return the texts as a table; the column for translations says in which language."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(f"translation ({language})" if name == "translation" else name for name in COLUMNS)
    for unit in units:
        row = (unit.id, unit.note, unit.source, unit.present, "", unit.state)
        writer.writerow(map(guarded, row))
    return out.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what :func:`guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def from_csv(raw: bytes, name: str) -> ReturnedFile:
    """Read what came back; commas, semicolons and tabs are understood. Raises :class:`ContentError`: no such table."""
    text = _decoded(raw, name)
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        places, language = _places(header, name)
        texts: list[Returned] = []
        problems: list[Problem] = []
        line = reader.line_num
        for row in reader:
            at, line = Position(name, line + 1), reader.line_num
            cells = {key: unguarded(row[place]) if place < len(row) else "" for key, place in places.items()}
            if any(cell.strip() for cell in row[len(header) :]):
                hint = "a text with a comma or a line break in it must be in quotes"
                problems.append(Problem(at, "the row has more cells than the table has columns", hint))
            elif cells["id"].strip():
                present = cells["present"] if "present" in places else None
                texts.append(Returned(cells["id"].strip(), cells["source"], cells["translation"], at.line, present))
            elif any(cell.strip() for cell in row):
                problems.append(Problem(at, "the row has no id", "export it anew"))
    except csv.Error as error:
        raise ContentError.at(name, f"not valid CSV: {error}", "", reader.line_num) from None
    return ReturnedFile(language, tuple(texts), tuple(problems))


def _decoded(raw: bytes, name: str) -> str:
    if raw.startswith(UTF16):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise ContentError.at(name, "not valid UTF-16", "save it as 'CSV UTF-8'") from None
    return yamlfile.decode(raw, Path(name))


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _places(header: Sequence[str], name: str) -> tuple[dict[str, int], str]:
    """Return the number of each column that is known, and the language of the translations ('' when not said)."""
    places: dict[str, int] = {}
    language = ""
    for number, title in enumerate(header):
        match = _LANGUAGE.fullmatch(title)
        key = "translation" if match else title.lower()
        if key in COLUMNS:
            places.setdefault(key, number)
        if match:
            language = match[1] or ""
    lacking = [key for key in ("id", "source", "translation") if key not in places]
    if lacking:
        hint = "the first row names the columns: 'newsletter translate export' writes such a file"
        raise ContentError.at(name, f"neither XLIFF nor a table with a column '{lacking[0]}'", hint, 1)
    return places, language
