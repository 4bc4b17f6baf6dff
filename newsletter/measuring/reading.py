"""How long a mail reads."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

WORDS_A_MINUTE = {
    "ar": 138,
    "de": 179,
    "en": 228,
    "es": 218,
    "fi": 161,
    "fr": 195,
    "he": 187,
    "it": 188,
    "nl": 202,
    "pl": 166,
    "pt": 181,
    "ru": 184,
    "sl": 180,
    "sv": 199,
    "tr": 166,
}
"""Words that a grown-up reads in a minute, by language: Trauzettel-Klosinski and Dietz, Standardized Assessment of
Reading Performance (IReST), Investigative Ophthalmology & Visual Science 53 (2012), 5452-5461."""
CHARACTERS_A_MINUTE = {"zh": 255, "ja": 357}
"""The same in characters, where words have no spaces between them."""
ANY_LANGUAGE = 184
"""The mean of that study, for a language that it did not measure."""

_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+|^\[\d+\] \S+$|\[\d+\]", re.MULTILINE)
_WORD = re.compile(r"\w+(?:['’.,:-]\w+)*")
_CHARACTER = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How much there is to read: words (in Chinese and Japanese: characters), seconds, and minutes rounded up."""

    words: int
    characters: int
    seconds: int
    minutes: int


def reading(text: str, language: str) -> Reading:
    """Return how long the plain text of a mail reads, at the rates of the IReST study (:data:`WORDS_A_MINUTE`).

    Addresses and the numbers that stand for them are not read. Chinese and Japanese are counted by character, what is
    in Latin letters among them by word, at the rate of English.

    Args:
        text: the plain-text part.
        language: BCP 47; only its first part counts.
    """
    text = _ADDRESS.sub(" ", text)
    speech = language.partition("-")[0].lower()
    characters = 0
    seconds = 0.0
    rate = WORDS_A_MINUTE.get(speech, ANY_LANGUAGE)
    if speech in CHARACTERS_A_MINUTE:
        characters = len(_CHARACTER.findall(text))
        seconds += characters * 60 / CHARACTERS_A_MINUTE[speech]
        text, rate = _CHARACTER.sub(" ", text), WORDS_A_MINUTE["en"]
    words = sum(any(map(str.isalnum, word)) for word in _WORD.findall(text))
    seconds += words * 60 / rate
    return Reading(words, characters, round(seconds), max(1, math.ceil(seconds / 60)) if seconds else 0)
