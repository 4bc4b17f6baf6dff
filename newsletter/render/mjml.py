"""From MJML to HTML, by mjml-python (mrml); what it refuses is told at the template's file and line.

Nothing of the telling (:mod:`newsletter.render.diagnose`) costs a render that succeeds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from newsletter.errors import TemplateError

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
