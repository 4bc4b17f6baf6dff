"""The words of a theme, gathered from its templates into catalogues that a translator can work on."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from newsletter.errors import UsageError
from newsletter.files import write_atomic
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


def update(path: Path, found: Catalog, language: str) -> tuple[int, int]:
    """Bring the catalogue ``path`` up to date with the words ``found``; return how many there are, and translated.

    What was translated stays; words that the program's own catalogues have are filled in; words that no template
    has any more are kept as comments at the end of the file.

    Raises:
        UsageError: the language is unknown.
        ContentError: the catalogue that is there has mistakes.
    """
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise UsageError(f"'{language}' is no language: write it as fr, pt-BR or zh-Hant") from None
    catalogue = read(path, locale) if path.is_file() else Catalog(locale)
    catalogue.update(found, no_fuzzy_matching=True)
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
