"""Which client supports what: caniemail's facts, and the clients we offer.

The data (``caniemail.json``; its licence beside it) are of :func:`data_date` and say what was found when a client
was last tested, often years ago.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

Support = Literal["yes", "partly", "no", "unknown"]
Recolours = Literal["no", "part", "full", "unknown"]

DATA = Path(__file__).with_name("caniemail.json")
_VALUES: Mapping[str, Support] = {"y": "yes", "a": "partly", "n": "no", "u": "unknown"}


@dataclass(frozen=True, slots=True)
class Client:
    """A mail client as people know it.

    ``data`` is its name in caniemail. ``phone``: it is seen on a small screen. ``recolours``: what it does to a
    light mail in the dark, and ``own_dark`` whether a mail's own dark rules apply (docs/dark-mode.md has the sources).
    ``mso``: it is the Word engine, which takes what stands in ``<!--[if mso]>``.
    """

    key: str
    name: str
    data: str
    phone: bool = False
    recolours: Recolours = "unknown"
    own_dark: bool = False
    mso: bool = False

    @property
    def family(self) -> str:
        """The first part of its name in the data: ``gmail``."""
        return self.data.partition(".")[0]


CLIENTS: tuple[Client, ...] = (
    Client("gmail-web", "Gmail, web", "gmail.desktop-webmail", recolours="no"),
    Client("gmail-ios", "Gmail, iPhone", "gmail.ios", phone=True, recolours="full"),
    Client("gmail-android", "Gmail, Android", "gmail.android", phone=True, recolours="part"),
    Client("gmail-guest", "Gmail app, account of another provider", "gmail.guest", phone=True, recolours="part"),
    Client("gmail-mobile-web", "Gmail, web on a phone", "gmail.mobile-webmail", phone=True),
    Client("apple-mac", "Apple Mail, Mac", "apple-mail.macos", recolours="no", own_dark=True),
    Client("apple-iphone", "Apple Mail, iPhone", "apple-mail.ios", phone=True, recolours="no", own_dark=True),
    Client("outlook-classic", "Outlook for Windows, classic", "outlook.windows", recolours="full", mso=True),
    Client("outlook-new", "Outlook for Windows, new", "outlook.outlook-com", recolours="part"),
    Client("outlook-com", "Outlook.com and on the web", "outlook.outlook-com", recolours="part", own_dark=True),
    Client("outlook-mac", "Outlook, Mac", "outlook.macos", own_dark=True),
    Client("outlook-ios", "Outlook, iPhone", "outlook.ios", phone=True, recolours="part", own_dark=True),
    Client("outlook-android", "Outlook, Android", "outlook.android", phone=True, recolours="part", own_dark=True),
    Client("yahoo-web", "Yahoo, web", "yahoo.desktop-webmail"),
    Client("yahoo-ios", "Yahoo, iPhone", "yahoo.ios", phone=True),
    Client("yahoo-android", "Yahoo, Android", "yahoo.android", phone=True),
    Client("aol-web", "AOL, web", "aol.desktop-webmail"),
    Client("aol-ios", "AOL, iPhone", "aol.ios", phone=True),
    Client("aol-android", "AOL, Android", "aol.android", phone=True),
    Client("thunderbird", "Thunderbird", "thunderbird.macos", own_dark=True),
    Client("samsung", "Samsung Email", "samsung-email.android", phone=True, recolours="part", own_dark=True),
    Client("proton-web", "Proton Mail, web", "protonmail.desktop-webmail"),
    Client("proton-ios", "Proton Mail, iPhone", "protonmail.ios", phone=True),
    Client("proton-android", "Proton Mail, Android", "protonmail.android", phone=True),
    Client("fastmail", "Fastmail, web", "fastmail.desktop-webmail", own_dark=True),
    Client("hey", "HEY, web", "hey.desktop-webmail", recolours="part"),
    Client("gmx-web", "GMX, web", "gmx.desktop-webmail"),
    Client("gmx-ios", "GMX, iPhone", "gmx.ios", phone=True),
    Client("gmx-android", "GMX, Android", "gmx.android", phone=True),
    Client("webde-web", "WEB.DE, web", "web-de.desktop-webmail"),
    Client("webde-ios", "WEB.DE, iPhone", "web-de.ios", phone=True),
    Client("webde-android", "WEB.DE, Android", "web-de.android", phone=True),
    Client("ionos-web", "1&1 (IONOS), web", "ionos-1and1.desktop-webmail"),
    Client("orange-web", "Orange, web", "orange.desktop-webmail"),
    Client("orange-ios", "Orange, iPhone", "orange.ios", phone=True),
    Client("orange-android", "Orange, Android", "orange.android", phone=True),
    Client("sfr-web", "SFR, web", "sfr.desktop-webmail"),
    Client("laposte", "LaPoste.net, web", "laposte.desktop-webmail"),
    Client("mail-ru", "Mail.ru, web", "mail-ru.desktop-webmail"),
)
"""In the order of a menu. The new Outlook for Windows was not tested by itself: it shows mail as Outlook.com does."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last test found. ``tested`` is a month (``2023-01``) or the client's version; notes are numbers."""

    support: Support = "unknown"
    tested: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that mail is made of: a property, an at-rule, an element …

    ``conditions`` say, by the number of a note, when it does not work (see :mod:`newsletter.clients.conditions`).
    """

    slug: str
    title: str
    category: str
    tested: datetime.date
    conditions: Mapping[str, str] = field(hash=False)
    verdicts: Mapping[str, Verdict] = field(hash=False, repr=False)

    @property
    def url(self) -> str:
        """Its page at caniemail."""
        return f"https://www.caniemail.com/features/{self.slug}/"


_NONE = Verdict()


@cache
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return facts


def data_date() -> datetime.date:
    """Return the date of the data."""
    return datetime.date.fromisoformat(_facts()["date"])


@cache
def features() -> Mapping[str, Feature]:
    """Return all features by their names in caniemail (``css-border-radius``)."""
    clients = _facts()["clients"]
    return {slug: _feature(slug, facts, clients) for slug, facts in _facts()["features"].items()}


def _feature(slug: str, facts: dict[str, Any], clients: dict[str, str]) -> Feature:
    verdicts: dict[str, Verdict] = {}
    for found, letters in facts["support"].items():
        value, *notes, tested = found.split(" ")
        verdict = Verdict(_VALUES[value], tested, tuple(notes))
        verdicts.update((clients[letter], verdict) for letter in letters)
    tested = datetime.date.fromisoformat(facts["tested"])
    return Feature(slug, facts["title"], facts["category"], tested, facts["conditions"], verdicts)


def verdict(slug: str, client: Client) -> Verdict:
    """Return what is known of a feature in a client; ``unknown`` where nothing is."""
    feature = features().get(slug)
    return feature.verdicts.get(client.data, _NONE) if feature else _NONE


def find_client(key: str) -> Client:
    """Return the client of that key. Raises :class:`KeyError`."""
    return _BY_KEY[key]


_BY_KEY = {client.key: client for client in CLIENTS}
