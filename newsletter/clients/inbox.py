"""The line of a mail in the list of mails: how much of sender, subject and preheader people see there.

Nobody publishes exact limits: they hang on window, font and letters ("M" takes more room than "i"). The figures here
are "about", measured or collected by others, in characters of ordinary width (a wide one counts twice):

- Apple Mail, iPhone 14: subject 48, preheader 99; put what matters into the first 33 characters, never more than 50
  (emailtooltester.com, email-subject-lines-character-limit, tested on the devices; read November 2026).
- Subjects in Gmail (70; 37 in the app), Apple Mail on a Mac (64), Outlook for Windows (60) and its app (38): the lower
  ones of lettercounter.org, email-subject-line-length-guide, and typecount.com, email-subject-line-length (2026).
- Preheaders in Gmail (97), Apple Mail on a Mac (140), Outlook for Windows (35) and its app (55): themarketer.com,
  how-long-should-your-preview-texts-be; in Gmail's app (40 to 70): knowledge.acellemail.com, email-preheader-text
  (read November 2026). In Gmail on the web both share a line: a long subject leaves less.
- Senders: 20 to 25 characters (campaign.name, email-subject-line-tester; read November 2026).

Whatever stands behind the preheader does not show: the themes put padding there (see their ``_head.mjml``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wcwidth import wcswidth, wcwidth

Device = Literal["desktop", "phone"]
SENDER = 20
"""Characters of the sender's name that every list shows."""


@dataclass(frozen=True, slots=True)
class Room:
    """About how many characters a client's list shows, and how many are recommended, of subject and preheader."""

    client: str
    device: Device
    subject: int
    preheader: int
    recommended_subject: int
    recommended_preheader: int


ROOMS: tuple[Room, ...] = (
    Room("Gmail", "desktop", 70, 97, 60, 90),
    Room("Apple Mail", "desktop", 64, 140, 60, 90),
    Room("Outlook", "desktop", 60, 35, 50, 35),
    Room("Gmail", "phone", 37, 40, 33, 40),
    Room("Apple Mail", "phone", 48, 99, 33, 90),
    Room("Outlook", "phone", 38, 55, 33, 50),
)
"""Figures with their sources: at the head of this module. On phones, what matters belongs into the first 33."""


@dataclass(frozen=True, slots=True)
class InboxLine:
    """What one list shows. What is shown ends in an ellipsis where something was cut; ``…_cut`` is the rest."""

    client: str
    device: Device
    sender: str
    sender_cut: str
    subject: str
    subject_cut: str
    preheader: str
    preheader_cut: str


def inbox_lines(sender: str, subject: str, preheader: str) -> list[InboxLine]:
    """Return what each list shows of a mail, as far as it is known: "about"."""
    return [
        InboxLine(
            room.client,
            room.device,
            *cut(sender, SENDER),
            *cut(subject, room.subject),
            *cut(preheader, room.preheader),
        )
        for room in ROOMS
    ]


def width(text: str) -> int:
    """Return how much room a text takes, in characters of ordinary width."""
    return max(wcswidth(text), 0) if text.isprintable() else sum(max(wcwidth(letter), 0) for letter in text)


def cut(text: str, room: int) -> tuple[str, str]:
    """Return what fits, with an ellipsis where something is cut, and what is cut. White space is as one space."""
    text = " ".join(text.split())
    if width(text) <= room:
        return text, ""
    end = taken = 0
    for end, letter in enumerate(text):  # noqa: B007 - where the next one does not fit
        taken += max(wcwidth(letter), 0)
        if taken > room - 1:
            break
    return text[:end].rstrip() + "…", text[end:].lstrip()
