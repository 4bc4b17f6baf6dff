"""``plain``: no mailing service at all. It knows the real addresses of newsletter.yaml and the defaults of names;
what it gives can be sent as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from newsletter.model import Edition, Message, Placeholder
from newsletter.publication import Publication
from newsletter.services import Outgoing


class Plain:
    """Fills placeholders with the publication's own addresses."""

    name = "plain"

    def offers(self, edition: Edition) -> frozenset[str]:
        """Return the addresses that newsletter.yaml gives."""
        return frozenset(name for name, address in _addresses(edition).items() if address)

    def demands(self, publication: Publication) -> Sequence[tuple[str, str, str]]:
        """Ask for an unsubscribe address: without a service nobody else has one."""
        if publication.unsubscribe:
            return ()
        hint = "add a line 'unsubscribe: https://…' or 'unsubscribe: mailto:…'"
        return (("unsubscribe", "'unsubscribe' is missing: the mail must say how to leave the list", hint),)

    def fill(self, message: Message) -> Outgoing:
        """Return the message with real addresses and defaults."""
        values = {placeholder.token: _value(placeholder, message.edition) for placeholder in message.placeholders}
        return Outgoing(
            subject=_replace(message.subject, values),
            preheader=_replace(message.preheader, values),
            html=_replace(message.html, values, escape),
            text=_replace(message.text, values),
        )

    def sent_bytes(self, outgoing: Outgoing) -> int:
        """Return the bytes as built: nothing is added."""
        return len(outgoing.html.encode())


def _value(placeholder: Placeholder, edition: Edition) -> str:
    if placeholder.kind == "value":
        return placeholder.default
    return _addresses(edition).get(placeholder.name) or ""


def _addresses(edition: Edition) -> dict[str, str | None]:
    return {"unsubscribe": edition.publication.unsubscribe, "web_version": edition.web_version}


def _replace(text: str, values: dict[str, str], how: Callable[[str], str] = str) -> str:
    for token, value in values.items():
        text = text.replace(token, how(value))
    return text


SERVICE = Plain()
