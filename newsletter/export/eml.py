"""A message as a .eml file: multipart/alternative that a mail program opens, the same bytes for the same input."""

from __future__ import annotations

import binascii
import hashlib
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy

from newsletter.model import Edition
from newsletter.services import Outgoing


class _AddressHeader(UnstructuredHeader):
    """A header of addresses in angle brackets, on one line.

    The standard library would turn an address longer than a line into an encoded word, which RFC 2369 section 2
    does not allow and no mail program reads; a line may have 998 octets (RFC 5322 section 2.1.1).
    """

    name: str

    def fold(self, *, policy: Policy) -> str:
        """Return the header, unfolded."""
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", _AddressHeader)  # type: ignore[arg-type]
POLICY = SMTP.clone(cte_type="7bit", header_factory=HEADERS)


def to_eml(outgoing: Outgoing, edition: Edition) -> bytes:
    """Return the message as RFC 5322 bytes with CRLF line ends.

    The date is that of the issue at 00:00 with the zone "-0000": the day is known, the place is not (RFC 5322
    section 3.3). The message id is derived from the content. ``List-Unsubscribe`` (RFC 2369 section 3.2) carries
    the publication's own address; ``List-Unsubscribe-Post`` (RFC 8058 section 3.1) stands only beside https.
    """
    publication = edition.publication
    digest = hashlib.sha256("\0".join((outgoing.subject, outgoing.text, outgoing.html)).encode()).hexdigest()
    sender = publication.sender
    message = EmailMessage(policy=POLICY)
    message["Subject"] = outgoing.subject
    message["From"] = _address(sender.name, sender.address)
    if sender.reply_to:
        message["Reply-To"] = _address("", sender.reply_to)
    message["Date"] = edition.date.strftime(f"{_day(edition)}, %d {_month(edition)} %Y 00:00:00 -0000")
    message["Message-ID"] = f"<{edition.issue}.{digest[:24]}@{sender.address.rpartition('@')[2]}>"
    message["Content-Language"] = edition.language
    if publication.unsubscribe:
        message["List-Unsubscribe"] = f"<{publication.unsubscribe}>"
        if publication.unsubscribe.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="=_{digest[:40]}"'
    message.set_payload([_part(outgoing.text, "plain"), _part(outgoing.html, "html")])
    return message.as_bytes(policy=POLICY)


def _part(text: str, subtype: str) -> EmailMessage:
    """Return one text part, quoted-printable (RFC 2045 section 6.7): any line length, any character.

    ``set_content`` would encode in pure Python: 30 times slower for a long mail.
    """
    part = EmailMessage(policy=POLICY)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(binascii.b2a_qp(text.encode(), istext=True).decode("ascii"))
    return part


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _day(edition: Edition) -> str:
    return DAYS[edition.date.weekday()]


def _month(edition: Edition) -> str:
    return MONTHS[edition.date.month - 1]
