"""What the readers of an edition see, as a hash: the same on every machine, and another one when anything differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from newsletter.model import Message


def fingerprint(message: Message, pictures: Mapping[str, str], files: Iterable[str] = ()) -> str:
    """Return a hash of what the readers of an edition see: SHA-256, hexadecimal. Pure.

    Sender, subject, preheader, HTML, plain text, web version, the addresses that are filled in, events' calendars, and
    the pictures as they are in the workspace: what a picture is made into may differ by a bit from machine to machine.

    Args:
        message: with its neutral placeholders; which service sends it makes no difference, but for what it offers.
        pictures: hash of each picture's file.
        files: names of the pictures that were made of them, which depend on the machine.
    """
    edition, publication = message.edition, message.edition.publication
    html, web = message.html, message.web
    for name in sorted(files, key=len, reverse=True):
        html, web = html.replace(name, "picture"), web.replace(name, "picture")
    sender = publication.sender
    events = [[item.id, item.extra.model_dump(mode="json")] for item in edition.web_items if item.extra]
    shown = [[item.id, item.image.src, item.image.focus] for item in edition.contents if item.image]
    logo = publication.logo.model_dump(mode="json") if publication.logo else None
    told = [
        [sender.name, sender.address, sender.reply_to, publication.unsubscribe, edition.web_version, edition.language],
        [message.subject, message.preheader, html, message.text, web],
        [[each.token, each.kind, each.name, each.default] for each in message.placeholders],
        [events, str(edition.date), shown, logo, sorted(pictures.items())],
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode("ascii")).hexdigest()
