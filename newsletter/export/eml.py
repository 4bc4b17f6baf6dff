"""A message as a .eml file: multipart/alternative that a mail program opens, the same bytes for the same input."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from email.header import Header
from email.utils import quote
from types import MappingProxyType

from newsletter.model import Edition
from newsletter.services import Outgoing

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NO_IMAGES: Mapping[str, bytes] = MappingProxyType({})
LONGEST = 76
"""Characters of a line that need no encoding; what quoted-printable allows itself (RFC 2045 section 6.7)."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def to_eml(outgoing: Outgoing, edition: Edition, images: Mapping[str, bytes] = NO_IMAGES) -> bytes:
    """Return the message as RFC 5322 bytes with CRLF line ends, pure ASCII.

    The date is that of the issue at 00:00 with the zone "-0000": the day is known, the place is not (RFC 5322
    section 3.3). The message id is derived from the content. ``List-Unsubscribe`` (RFC 2369 section 3.2) carries
    the publication's own address; ``List-Unsubscribe-Post`` (RFC 8058 section 3.1) stands only beside https.

    Pictures go beside the HTML (RFC 2387), which asks for them by their Content-ID (RFC 2392).

    Args:
        outgoing: what is sent.
        edition: gives sender, date and language.
        images: name to bytes of the pictures to attach; the HTML has them as ``images/NAME``.

    Raises:
        ValueError: a header would hold a line end.
    """
    domain = edition.publication.sender.address.rpartition("@")[2]
    html = outgoing.html
    for name in images:
        html = html.replace(f'"images/{name}"', f'"cid:{name}@{domain}"')
    parts = [_part("plain", outgoing.text), _part("html", html)]
    if images:
        parts[1] = _related([parts[1], *(_image(name, data, domain) for name, data in images.items())])
    total = hashlib.sha256(outgoing.subject.encode())
    for part in parts:
        total.update(b"\0" + part)
    digest = total.hexdigest()
    boundary = f"=_{digest[:40]}"  # no part can hold it: it is made of a hash of them
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(outgoing, edition, digest, boundary))
    line = f"--{boundary}\r\n".encode()
    return b"".join([headers.encode("ascii"), b"\r\n", *(line + part for part in parts), line[:-2] + b"--\r\n"])


def _related(parts: list[bytes]) -> bytes:
    """Return parts that belong together as one; the first is what is shown."""
    boundary = f"=_{hashlib.sha256(b''.join(parts)).hexdigest()[:38]}r"
    head = f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}"\r\n\r\n'
    line = f"--{boundary}\r\n".encode()
    return b"".join([head.encode(), *(line + part for part in parts), line[:-2] + b"--\r\n"])


def _image(name: str, data: bytes, domain: str) -> bytes:
    kind = {"jpg": "jpeg"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    head = (
        f'Content-Type: image/{kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-ID: <{name}@{domain}>\r\nContent-Disposition: inline; filename="{name}"\r\n\r\n'
    )
    return head.encode("ascii") + base64.encodebytes(data).replace(b"\n", b"\r\n")


def _headers(outgoing: Outgoing, edition: Edition, digest: str, boundary: str) -> list[tuple[str, str]]:
    publication, sender, day = edition.publication, edition.publication.sender, edition.date
    headers = [
        ("Subject", _text("Subject", outgoing.subject)),
        ("From", f"{_phrase('From', sender.name)} <{_one_line(sender.address)}>"),
    ]
    if sender.reply_to:
        headers.append(("Reply-To", _one_line(sender.reply_to)))
    headers += [
        ("Date", f"{DAYS[day.weekday()]}, {day.day:02d} {MONTHS[day.month - 1]} {day.year} 00:00:00 -0000"),
        ("Message-ID", f"<{edition.issue}.{digest[:24]}@{sender.address.rpartition('@')[2]}>"),
        ("Content-Language", edition.language),
    ]
    if publication.unsubscribe:
        # On one line and never an encoded word, however long: RFC 2369 section 2 allows none in an address.
        headers.append(("List-Unsubscribe", f"<{_one_line(publication.unsubscribe)}>"))
        if publication.unsubscribe.startswith("https:"):
            headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return [
        *headers,
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]


def _one_line(value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError("a header cannot hold a line end")
    return value


def _text(name: str, value: str) -> str:
    """Return an unstructured header's value, folded; encoded words (RFC 2047) where it is not ASCII."""
    charset = "us-ascii" if value.isascii() else "utf-8"
    return Header(_one_line(value), charset, header_name=name).encode(linesep="\r\n")


def _phrase(name: str, value: str) -> str:
    """Return a display name: a quoted string where it is ASCII, else encoded words (RFC 5322 section 3.2.3)."""
    return f'"{quote(_one_line(value))}"' if value.isascii() else _text(name, value)


def _part(subtype: str, text: str) -> bytes:
    """Return a body part: as it is where it is ASCII in short lines, else as quoted-printable (RFC 2045, 6.7).

    The encoder is C; the one of the standard library's ``set_content`` is Python, 30 times slower.
    """
    data = text.encode("utf-8", "replace").replace(b"\r\n", b"\n")
    if text.isascii() and max(map(len, data.split(b"\n"))) <= LONGEST:
        encoding = "7bit"
    else:
        encoding, data = "quoted-printable", binascii.b2a_qp(data, istext=True)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode("ascii") + data.replace(b"\n", b"\r\n") + b"\r\n"
