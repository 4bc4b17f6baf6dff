"""The words of a theme, gathered from its templates into catalogues that a translator can work on."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from newsletter.errors import ContentError
from newsletter.files import write_atomic
from newsletter.schema import LANGUAGE
from newsletter.words import catalogues, read, texts

KEYWORDS = ("_", "gettext", "ngettext")
OPTIONS = {"silent": "false"}
HEADER = """\
# Words of the theme {theme} in {language}.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def extract(theme: str, files: Mapping[str, Path]) -> Catalog:
    """Return every word that a theme's templates mark with ``_()``, ``ngettext()`` or ``{% trans %}``.

    Args:
        theme: its name, for the head of a catalogue.
        files: its files, by their names within it.
    """
    found = Catalog(project=theme)
    for name, path in files.items():
        if path.suffix not in (".mjml", ".txt", ".html"):
            continue
        with path.open("rb") as file:
            for line, _, message, comments in babel_extract(file, list(KEYWORDS), [], OPTIONS):
                words = [part for part in (message if isinstance(message, tuple) else [message]) if part]
                if words:
                    message_id = tuple(words[:2]) if words[1:] else words[0]
                    found.add(message_id, locations=[(name, line)], auto_comments=comments)
    return found


def is_language(language: str) -> bool:
    """Whether there can be a catalogue for ``language``: it is written as a publication writes it, and known."""
    try:
        return bool(LANGUAGE.fullmatch(language) and Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False


def language_of(path: Path) -> str:
    """Return the language of a catalogue. Raises :class:`ContentError`: its name is none, and no mail reads it."""
    if not is_language(path.stem):
        what = f"no mail reads this catalogue: '{path.stem}' is no language"
        raise ContentError.at(path, what, "name it as fr.po, pt-BR.po or zh-Hant.po, or remove it")
    return path.stem


def update(path: Path, found: Catalog) -> tuple[int, int]:
    """Bring the catalogue ``path`` up to date with the words ``found``; return how many there are, and translated.

    What was translated stays; words that the program's own catalogues have are filled in; words that no template
    has any more are kept as comments at the end of the file.

    Raises:
        ContentError: its name is no language, or the catalogue that is there has mistakes.
    """
    language = language_of(path)
    locale = Locale.parse(language, sep="-")
    catalogue = read(path, locale) if path.is_file() else Catalog(locale)
    catalogue.update(deepcopy(found), no_fuzzy_matching=True)  # Babel puts the very messages into the catalogue
    for known in catalogues(language):
        for message in read(known):
            ours = catalogue.get(message.id) if message.id else None
            if ours is not None and not any(texts(ours.string)) and _fits(message, catalogue):
                ours.string = message.string
    written = io.BytesIO()
    write_po(written, catalogue, width=0, omit_header=True)
    head = HEADER.format(
        theme=found.project, language=locale.english_name, code=language, plural=catalogue.plural_forms
    )
    path.parent.mkdir(exist_ok=True)
    write_atomic(path, head.encode() + written.getvalue())
    return count(catalogue)


def count(catalogue: Catalog) -> tuple[int, int]:
    """Return how many words a catalogue has, and how many of them are translated."""
    messages = [message for message in catalogue if message.id]
    return len(messages), sum(all(texts(message.string)) and not message.fuzzy for message in messages)


def missing(found: Catalog, language: str, folders: Sequence[Path]) -> list[str]:
    """Return those of the words ``found`` that no catalogue for ``language`` translates."""
    known = {
        texts(message.id)[0]
        for path in catalogues(language, folders)
        for message in read(path)
        if all(texts(message.string)) and not message.fuzzy
    }
    return [first for message in found if message.id and (first := texts(message.id)[0]) not in known]


def _fits(message: Message, catalogue: Catalog) -> bool:
    return isinstance(message.id, str) or len(texts(message.string)) == catalogue.num_plurals
