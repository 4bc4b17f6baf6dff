"""The text of a template, seen as MJML: Jinja blanked out, and cut into tags, comments and statements.

Everything keeps its place: what is blanked has the length that it had, so that an offset in the blanked text
is an offset in the template. Sources: the lexical rules of Jinja 3.1, and what the MJML engine reads as a tag
or a comment (tests/render/test_engine_traps.py).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

MARK = "data-at"
"""Attribute that says where in a template a tag stands: ``data-at="PATH:LINE"``."""

OUTPUT = "\x01"
"""Fills the place of a Jinja output."""
STATEMENT, REST = "\x03", "\x02"
"""Fill the place of a Jinja statement: its first character, and the others."""
NOTHING = "\x1f"
"""Fills the place of what Jinja drops (a comment, the tags of a raw block); whitespace to ``re``."""
DYNAMIC = frozenset(OUTPUT + STATEMENT + REST)

# A lookahead is never gone back into, so ``(?=(?P<x>…))(?P=x)`` takes what it took and no less. What ``*+`` does
# for the same purpose is wrong in Python before 3.11.5, which Debian 12 has.
_STRINGS = r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"""
_JINJA = re.compile(
    rf"""
      (?P<raw>\{{%[-+]?\s*raw\s*[-+]?%\}})(?P<body>.*?)(?P<endraw>\{{%[-+]?\s*endraw\s*[-+]?%\}})
    | (?P<comment>\{{\#.*?\#\}})
    | (?P<output>\{{\{{
        (?=(?P<said>(?:{_STRINGS}|\{{(?:{_STRINGS}|\{{[^{{}}]*\}}|[^{{}}"'])*\}}|(?!\}}\}}).)*))(?P=said)\}}\}})
    | (?P<statement>\{{%(?=(?P<done>(?:{_STRINGS}|(?!%\}}).)*))(?P=done)%\}})
    """,
    re.S | re.X,
)
_CONTROLS = str.maketrans(dict.fromkeys((OUTPUT, STATEMENT, REST, NOTHING), " "))

TOKEN = re.compile(
    r"""
      (?P<statement>\x03\x02*)
    | (?P<revealed><!--\[if[^\]]*\]>(?:<!--(?:\s*--)?>|-->) | <!\[if[^\]]*\]>)
    | (?P<hidden><!--\[if[^\]]*\]>)
    | (?P<endif><!(?:--\s*<!)?\[endif\](?:--)?>)
    | (?P<comment><!--.*?-->)
    | (?P<close></(?P<closed>[A-Za-z\x01][^\s<>/]*)\s*>)
    | (?P<open><(?P<name>[A-Za-z\x01][^\s<>/"'=\x02\x03]*)
        (?P<attributes>(?:[^<>"'/]|"[^"]*"|'[^']*'|/(?!>))*)(?P<empty>/?)>)
    | (?P<bare><)
    """,
    re.S | re.X,
)
"""One token of blanked text; ``lastgroup`` is not its kind (see :func:`kind`)."""

_KINDS = ("statement", "open", "close", "comment", "hidden", "revealed", "endif", "bare")


def kind(token: re.Match[str]) -> str:
    """Return which kind of token it is: the name of its outer group."""
    return next(name for name in _KINDS if token[name] is not None)


def blank(source: str) -> str:
    """Return the template ``source`` with all Jinja blanked out, character for character."""
    return _JINJA.sub(_filler, source.translate(_CONTROLS))


def _filler(match: re.Match[str]) -> str:
    length = match.end() - match.start()
    if match["raw"] is not None:
        return NOTHING * len(match["raw"]) + match["body"] + NOTHING * len(match["endraw"])
    if match["comment"] is not None:
        return NOTHING * length
    if match["output"] is not None:
        return OUTPUT * length
    return STATEMENT + REST * (length - 1)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of blanked ``text`` in order; what lies between them is text."""
    return TOKEN.finditer(text)


def has_dynamic_name(tag: re.Match[str]) -> bool:
    """Tell whether Jinja has a part in the name of an opening tag."""
    rest = tag["attributes"].lstrip(STATEMENT + REST)
    glued = len(rest) < len(tag["attributes"]) and rest[:1].strip() != ""
    return glued or OUTPUT in tag["name"]


def mark(source: str, name: str) -> str:
    """Return the template ``source`` with ``data-at="NAME:LINE"`` in its start tags, and the same lines.

    The engine passes over the attribute; in rendered MJML it tells where a tag came from. ``name`` is the
    path of the template's file. An mj-style stays as it is: the pipeline takes some of them out by their text.
    """
    parts: list[str] = []
    done, line = 0, 1
    label = html.escape(name).replace("{", "&#123;").replace("}", "&#125;")
    for tag in tokens(blank(source)):
        if tag["open"] is None or has_dynamic_name(tag) or tag["name"] == "mj-style":
            continue
        end = tag.end("name")
        line += source.count("\n", done, end)
        parts += source[done:end], f' {MARK}="{label}:{line}"'
        done = end
    return "".join(parts) + source[done:]
