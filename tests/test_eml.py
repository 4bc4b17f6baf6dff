"""The .eml: what a mail program reads back is what was put in, and the same input gives the same bytes."""

from __future__ import annotations

import datetime
import email
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest

from newsletter.export.eml import to_eml
from newsletter.model import Edition
from newsletter.publication import Publication
from newsletter.services import Outgoing


def edition(**changes: Any) -> Edition:
    publication = Publication.model_validate(
        {
            "title": "T",
            "organisation": {"name": "O", "postal_address": "Street 1"},
            "sender": {"name": 'Käthe "K", COOP', "address": "coop@example.org"},
            "unsubscribe": "https://example.org/u",
            **changes,
        }
    )
    day = datetime.date(2017, 9, 29)
    return Edition(publication, "2017-09", 8, day, "en", "S", "P", "", None, ())


def read(data: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(data, policy=default))


OUTGOING = Outgoing(
    "Nyhetsbrev – Übersicht " * 6, "", "<p>" + "wörd " * 5000 + "</p>\n<p>.\nFrom x", "text é\n.\n-- \n"
)


def test_what_goes_in_comes_out() -> None:
    message = read(to_eml(OUTGOING, edition()))
    assert message.get_content_type() == "multipart/alternative"
    plain, html = cast(list[EmailMessage], message.get_payload())
    assert plain.get_content().replace("\r\n", "\n") == OUTGOING.text
    assert html.get_content().replace("\r\n", "\n") == OUTGOING.html
    assert message["Subject"] == OUTGOING.subject.strip() or message["Subject"] == OUTGOING.subject
    sender = message["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ('Käthe "K", COOP', "coop@example.org")
    assert message["Date"] == "Fri, 29 Sep 2017 00:00:00 -0000"
    assert not message.defects


def test_lines_are_short_ascii_and_end_in_crlf() -> None:
    data = to_eml(OUTGOING, edition())
    data.decode("ascii")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_the_same_input_gives_the_same_bytes() -> None:
    assert to_eml(OUTGOING, edition()) == to_eml(OUTGOING, edition())


def test_other_content_has_another_message_id() -> None:
    other = Outgoing(OUTGOING.subject, "", OUTGOING.html + "x", OUTGOING.text)
    ids = {read(to_eml(outgoing, edition()))["Message-ID"] for outgoing in (OUTGOING, other)}
    assert len(ids) == 2
    assert all(name.endswith("@example.org>") for name in ids)


@pytest.mark.parametrize(
    ("address", "post"),
    [
        ("https://example.org/u?" + "x" * 300, "List-Unsubscribe=One-Click"),
        ("http://example.org/u", None),
        ("mailto:leave@example.org?subject=Unsubscribe", None),
    ],
)
def test_list_unsubscribe_is_never_encoded(address: str, post: str | None) -> None:
    data = to_eml(OUTGOING, edition(unsubscribe=address))
    assert f"List-Unsubscribe: <{address}>\r\n".encode() in data
    assert read(data)["List-Unsubscribe-Post"] == post


def test_no_address_no_header() -> None:
    message = read(to_eml(OUTGOING, edition(unsubscribe=None)))
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_a_subject_cannot_add_a_header() -> None:
    with pytest.raises(ValueError, match="line end"):
        to_eml(Outgoing("a\r\nBcc: x@example.org", "", "h", "t"), edition())
