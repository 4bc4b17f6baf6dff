"""What each mailing service can do: one module a service, one registry. No network here.

A service turns a message with neutral placeholders into what is handed over. Adding one is adding a module here,
or an entry point of the group ``newsletter.services``.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from newsletter.errors import ContentError, Position, Problem, did_you_mean
from newsletter.model import Edition, Message
from newsletter.publication import Publication

BUILT_IN = {"plain": "newsletter.services.plain"}
"""Name to module; each module has a ``SERVICE``."""

GMAIL_CLIPS_AT = 102_000
"""Bytes of HTML beyond which Gmail shows "[Message clipped]" (observed by the field, about 102 KB)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message without neutral placeholders, as a service takes it."""

    subject: str
    preheader: str
    html: str
    text: str


class Service(Protocol):
    """What a mailing service declares."""

    name: str

    def offers(self, edition: Edition) -> frozenset[str]:
        """Return the names of the addresses that it fills in for this edition."""

    def demands(self, publication: Publication) -> Sequence[tuple[str, str, str]]:
        """Return ``(key of newsletter.yaml, what is wrong, what to do)`` for whatever it cannot do without."""

    def fill(self, message: Message) -> Outgoing:
        """Return the message with the service's own syntax in place of every placeholder."""

    def sent_bytes(self, outgoing: Outgoing) -> int:
        """Return about how many bytes the HTML has as sent, with the service's own links and additions."""


def find_service(name: str, where: Position | None = None) -> Service:
    """Return the service ``name``. Raises :class:`ContentError` at ``where`` when there is none."""
    if name in BUILT_IN:
        found: Service = importlib.import_module(BUILT_IN[name]).SERVICE
        return found
    from importlib.metadata import entry_points  # noqa: PLC0415 - only for services of others

    others = {entry.name: entry for entry in entry_points(group="newsletter.services")}
    if name in others:
        loaded: Service = others[name].load()
        return loaded
    known = [*BUILT_IN, *others]
    hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
    raise ContentError([Problem(where or Position("newsletter.yaml"), f"there is no service '{name}'", hint)])
