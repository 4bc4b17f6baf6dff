"""From MJML to HTML, by mjml-python (mrml); what it refuses is told at the template's file and line.

Nothing of the telling (:mod:`newsletter.render.diagnose`) costs a render that succeeds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from newsletter.errors import TemplateError

CUT = tuple((f"<{name}>", f"</{name}>") for name in ("mj-raw", "mj-preview", "mj-title"))
"""What is kept out of a frame: the engine passes it on as it is."""
MARK = "nlframe"
"""Stands for what is kept out of a frame, with a number of four digits behind it. ASCII, since the engine writes
other characters of a title as Rust does."""
_SWALLOWED = re.compile(r"</?mj-")


class EngineError(Exception):
    """The engine cannot convert a document; its words say why."""


def to_html(mjml: str, marked: Callable[[], str]) -> str:
    """Return the HTML of an MJML document; comments are kept, and no font is loaded but by an ``mj-font``.

    Args:
        mjml: the document.
        marked: gives the same document with marks, for errors; may cost as much as rendering did.

    Raises:
        TemplateError: with the template's path, line, and the column where it can be told.
    """
    try:
        result = convert(mjml)
    except EngineError as error:
        from newsletter.render.diagnose import diagnose  # noqa: PLC0415 - only a mistake needs it

        raise TemplateError(diagnose(str(error), marked())) from None
    # An MJML tag in the result is one that the engine did not understand where it stood.
    if _SWALLOWED.search(result):
        from newsletter.render.diagnose import check  # noqa: PLC0415

        if problems := check(marked()):
            raise TemplateError(problems)
    return result


def frame(mjml: str) -> tuple[str, list[str]]:
    """Return a document with a mark in place of the inside of what is :data:`CUT`, and these insides.

    The engine passes HTML in an mj-raw on as it is, and a mail is mostly that: without it, issues of one theme are
    nearly the same document.
    """
    parts: list[str] = []
    contents: list[str] = []
    for begin, end in CUT:
        first, *rest = mjml.split(begin)
        parts = [first]
        for part in rest:
            content, closing, behind = part.partition(end)
            parts += begin, f"{MARK}{len(contents):04d}", closing, behind
            contents.append(content)
        mjml = "".join(parts)
    return mjml, contents


def fill(html: str, contents: list[str]) -> str | None:
    """Return a frame's HTML with ``contents`` in place of the marks, or None where one is missing or unknown.

    The title has two places: the engine makes it the label of the mail as well.
    """
    first, *rest = html.split(MARK)
    parts = [first]
    seen: set[int] = set()
    for part in rest:
        number = int(part[:4]) if part[:4].isdecimal() and part[:4].isascii() else -1
        if not 0 <= number < len(contents):
            return None
        seen.add(number)
        parts += contents[number], part[4:]
    return "".join(parts) if len(seen) == len(contents) else None


@lru_cache(maxsize=64)
def convert_frame(mjml: str) -> str:
    """Return the engine's HTML of a frame; it is remembered, since the next issue has the same one."""
    return convert(mjml)


def convert(mjml: str) -> str:
    """Return the engine's HTML. Raises :class:`EngineError` with the engine's own words."""
    from mjml import mjml2html  # noqa: PLC0415 - loaded where it is needed only

    try:
        # Without `fonts` the engine adds Google's for Ubuntu, Roboto and others that a font-family names.
        return str(mjml2html(mjml, disable_comments=False, fonts={}))
    except ValueError as error:
        raise EngineError(str(error)) from None
    except BaseException as error:
        # A panic of the engine's Rust is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise EngineError(f"engine panic: {error}") from None
