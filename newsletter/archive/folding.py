"""Texts folded for comparing and searching: case, accents, vowel signs and typography do not tell two apart."""

from __future__ import annotations

import re
import unicodedata

# Combining marks of the Latin, Greek, Cyrillic, Hebrew and Arabic scripts, the tatweel, and what joins or
# separates letters invisibly. Vowel signs of Indic scripts stay: without them other words would result.
_MARKS = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufe00-\ufe0f\ufeff]+"
)
_BREAKS = re.compile(r"[\W_]+")
# Scripts written without spaces: each sign is a word of its own, and a word that is looked for a phrase.
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents; spaces and punctuation stay."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()).casefold())


def title_key(title: str) -> str:
    """Return what two spellings of one title have in common: letters and digits only, one space between words."""
    return _BREAKS.sub(" ", fold(title)).strip() or " ".join(title.split())


def searchable(text: str) -> str:
    """Return ``text`` as the full-text index reads it and is asked."""
    if text.isascii():
        return text
    return _SIGNS.sub(r" \g<0> ", fold(text))
