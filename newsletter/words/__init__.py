"""The program's own words in the reader's language: gettext catalogues, LANG.po beside this file.

English is in the templates and in the code themselves. A theme may bring a folder ``words`` of its own, whose
catalogues come first: for words that only it has, and for words that it says otherwise.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from copy import copy
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import ContentError, Position, Problem

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog, Message

SOURCE = "en"
"""The language that the words are written in."""
BUILT_IN = Path(__file__).parent
"""Where the program's own catalogues are."""

_PLACES = re.compile(r"%\((\w+)\)s")


def words(language: str, folders: Sequence[Path] = ()) -> NullTranslations:
    """Return ``gettext`` and ``ngettext`` for ``language`` (BCP 47); what no catalogue has stays English.

    Args:
        language: ``fr``, ``pt-BR``, ``zh-Hant`` …; a region's catalogue comes before the language's.
        folders: further folders with catalogues, which come before the program's own.

    Raises:
        ContentError: a catalogue that cannot be read, with its line where it can be told.
    """
    chain = NullTranslations()
    if not folders and language.partition("-")[0] == SOURCE:
        return chain
    for path in reversed(catalogues(language, folders)):
        found = copy(_compiled(path, path.read_bytes()))
        found.add_fallback(chain)
        chain = found
    return chain


def catalogues(language: str, folders: Sequence[Path] = ()) -> list[Path]:
    """Return the catalogues that are asked for words in ``language``, the first one first."""
    names = [f"{name}.po" for name in _names(language)]
    return [folder / name for folder in (*folders, BUILT_IN) for name in names if (folder / name).is_file()]


def is_known(language: str, folders: Sequence[Path] = ()) -> bool:
    """Whether there are words in ``language``: English, or a catalogue."""
    return language.partition("-")[0] == SOURCE or bool(catalogues(language, folders))


@lru_cache(maxsize=256)
def language_name(language: str, said_in: str = "") -> str:
    """Return the name of a language: its own ("Français"), or as another one calls it ("anglais"); '' if unknown."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - late, as below

    try:
        locale = Locale.parse(language.replace("_", "-"), sep="-")
        plain = Locale(locale.language, script=locale.script)  # whichever country's: readers know
        name = plain.get_display_name(Locale.parse(said_in, sep="-") if said_in else plain) or ""
    except (UnknownLocaleError, ValueError):
        return ""
    return name if said_in else name[:1].upper() + name[1:]


def _names(language: str) -> list[str]:
    """Return the names of catalogues for a language: pt-BR, pt. Chinese in another script is another language."""
    parts = language.replace("_", "-").split("-")
    names = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    traditional = parts[0] == "zh" and {"Hant", "TW", "HK", "MO"} & set(parts)
    return [name for name in names if not (traditional and name == "zh")]


def read(path: Path, locale: Locale | None = None) -> Catalog:
    """Read a catalogue. Raises :class:`ContentError` with every mistake in it, each with its line."""
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - late: 30 ms that English never needs

    try:
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale, abort_invalid=True)
    except PoFileError as error:
        raise ContentError.at(path, f"not a catalogue: {error.args[0]}", "", error.lineno + 1) from None
    except (UnicodeDecodeError, ValueError) as error:
        raise ContentError.at(path, f"not a catalogue: {error}", "gettext's .po format, in UTF-8") from None
    if found := [problem for message in catalogue if message.id for problem in _mistakes(message, path)]:
        raise ContentError(found)
    return catalogue


def texts(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the texts of a message: one, or one for each plural form."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


@lru_cache(maxsize=32)
def _compiled(path: Path, raw: bytes) -> GNUTranslations:  # noqa: ARG001 - what was edited is another catalogue
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - late, as above

    compiled = io.BytesIO()
    write_mo(compiled, read(path))
    compiled.seek(0)
    try:
        return GNUTranslations(compiled)
    except ValueError as error:
        raise ContentError.at(
            path, f"'Plural-Forms' cannot be read: {error}", "take them from another catalogue"
        ) from None


def _mistakes(message: Message, path: Path) -> Iterator[Problem]:
    """Yield a problem for each ``%(name)s`` that the English words do not have: rendering would fail for it."""
    given = set(_PLACES.findall(" ".join(texts(message.id))))
    at = Position(str(path), message.lineno or 0)
    for text in texts(message.string):
        for name in dict.fromkeys(_PLACES.findall(text)):
            if name not in given:
                hint = f"the words have {', '.join(f'%({known})s' for known in sorted(given)) or 'none'}"
                yield Problem(at, f"unknown place '%({name})s'", hint)
        if re.search(r"%(?!\(\w+\)s|%)", text):
            yield Problem(at, "a '%' that is no place", "write it twice: %%")
