"""The line in the list of mails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.clients.inbox import ROOMS, cut, inbox_lines, width


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("short", 5, ("short", "")),
        ("longer", 5, ("long…", "er")),
        ("two words", 5, ("two…", "words")),
        ("  white \n space ", 20, ("white space", "")),
        ("日本語の件名", 7, ("日本語…", "の件名")),  # wide letters
        ("é" * 5, 5, ("é" * 5, "")),  # a letter and its accent
        ("", 5, ("", "")),
    ],
)
def test_where_a_text_is_cut(text: str, room: int, expected: tuple[str, str]) -> None:
    assert cut(text, room) == expected


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60), st.integers(2, 40))
def test_what_is_shown_fits_and_nothing_is_lost(text: str, room: int) -> None:
    shown, rest = cut(text, room)
    assert width(shown) <= room
    assert (shown.removesuffix("…") + rest if rest else shown).replace(" ", "") == "".join(text.split()).replace(
        " ", ""
    )


def test_every_list_has_a_line() -> None:
    lines = inbox_lines("Coop Letter", "Coop Letter, March 2020: " + "bread and bees, " * 5, "Twelve bakers. " * 12)
    assert [(line.client, line.device) for line in lines] == [
        (client, device) for device in ("desktop", "phone") for client in ("Gmail", "Apple Mail", "Outlook")
    ]
    for line, room in zip(lines, ROOMS, strict=True):
        assert (line.sender, line.sender_cut) == ("Coop Letter", "")
        assert room.subject - 2 <= width(line.subject) <= room.subject and line.subject_cut
        assert room.preheader - 2 <= width(line.preheader) <= room.preheader and line.preheader_cut


def test_what_is_recommended_is_shown() -> None:
    for room in ROOMS:
        assert room.recommended_subject <= room.subject
        assert room.recommended_preheader <= room.preheader
