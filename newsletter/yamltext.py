"""Text as YAML that a person likes to read, and that every YAML reader takes for the same text.

Text stands plain where that is safe under YAML 1.1 and 1.2, else as a literal block or in quotes. No line is ever
folded, so that a diff shows what changed.
"""

from __future__ import annotations

import re

# What a block or plain scalar cannot hold: C0 and C1, the line breaks of YAML 1.1, the byte order mark,
# noncharacters (YAML 1.1, 4.1 and 4.2; YAML 1.2.2, 5.1).
_UNPRINTABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_LITERAL = re.compile(rf"(?!\s)[^{_UNPRINTABLE}]*(?<!\s)")
# Begins with a letter, or with a digit and has a letter that no number, date or time of YAML 1.1 has.
_PLAIN = re.compile(rf"(?:[^\W\d_]|[0-9](?=.*[g-np-su-wyG-NP-SU-WY]))[^\t\n{_UNPRINTABLE}]*(?<![\s:])")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
RESERVED = frozenset({"y", "yes", "n", "no", "true", "false", "on", "off", "null"})
"""The words that YAML 1.1 takes for something else."""
_ESCAPED = re.compile(rf'[\\"\n\t{_UNPRINTABLE}]')
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}

LONGEST_KEY = 1024
"""Characters of a key with its colon behind it; a longer one needs a '?'."""


def key_text(name: str) -> str:
    """Return ``name`` as a key."""
    return name if _KEY.fullmatch(name) and name.casefold() not in RESERVED else quoted(name)


def key_head(name: str, pad: str) -> str:
    """Return what stands before the text of a key; a key that is too long for one line gets its own (YAML 1.2, 7.4)."""
    key = key_text(name)
    return f"{pad}{key}: " if len(key) < LONGEST_KEY else f"{pad}? {key}\n{pad}: "


def scalar_lines(head: str, text: str | None, indent: int, literal: bool = False) -> list[str]:
    """Return ``head`` followed by ``text``; further lines stand ``indent`` columns in."""
    if text is None:
        return [head.rstrip(" ")]
    pad = " " * indent
    if (literal or "\n" in text) and text and _LITERAL.fullmatch(text):
        return [head + "|-", *(pad + line if line else "" for line in text.split("\n"))]
    return (head + scalar(text, pad)).split("\n")


def scalar(text: str, pad: str = "  ") -> str:
    """Return ``text`` as a plain or quoted scalar; its further lines begin with ``pad``."""
    if _PLAIN.fullmatch(text) and text.casefold() not in RESERVED and ": " not in text and " #" not in text:
        return text
    if ('"' in text or "\\" in text) and not re.search(rf"[\n\t{_UNPRINTABLE}]", text):
        return "'" + text.replace("'", "''") + "'"
    return quoted(text, pad)


def quoted(text: str, pad: str = "") -> str:
    """Return ``text`` in double quotes, in one line; with ``pad``, in one for each of its own, which begin with it."""
    lines = [_ESCAPED.sub(_escape, line) for line in re.split(r"(?<=\n)(?!\Z)", text)]
    if not pad:
        return f'"{"".join(lines)}"'
    # an escaped line end vanishes with the space that follows it; a backslash keeps the text's own
    lines[1:] = [f"\\{line}" if line.startswith(" ") else line for line in lines[1:]]
    return '"' + f"\\\n{pad}".join(lines) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    return _SHORT.get(char) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
