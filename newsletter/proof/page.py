"""A proof as a page: HTML that is whole in itself, runs nothing and asks for nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from newsletter import __version__
from newsletter.clients.looks import dark, light
from newsletter.content import clean, safe_url, squeeze
from newsletter.proof.frames import attribute, embed, framed, on_paper, strips
from newsletter.proof.making import Proof
from newsletter.words import language_name

if TYPE_CHECKING:
    from jinja2 import Template

DESKTOP, PHONE = 700, 375
"""Widths at which the mail is shown, in CSS pixels: a reading pane, and a phone."""
# fmt: off
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
# fmt: on
UNKNOWN: Mapping[str, int] = MappingProxyType({})
WORDS = {
    "head": "Head and styles",
    "masthead": "Masthead",
    "editorial": "Editorial",
    "contents": "Contents",
    "lead": "Lead",
    "footer": "Footer",
}
"""What parts of the mail are called that have no heading."""
KINDS = {
    "web": "",
    "mail": "e-mail",
    "phone": "telephone",
    "inside": "within the mail",
    "placeholder": "filled in by the mailing service",
    "other": "leads nowhere",
}


def proof_page(proof: Proof, heights: Mapping[str, int] = UNKNOWN, *, looks: Mapping[str, bytes] | None = None) -> str:
    """Return a proof as HTML.

    Args:
        proof: what to show.
        heights: of the frames (:func:`documents`), in CSS pixels, where they are known; else a frame scrolls.
        looks: for printing: pictures of the frames ``phone`` and ``dark``. Everything is unfolded then, and the mail
            on a desktop is part of the page.
    """
    mail = embed(proof.shown.html, proof.pictures)
    frames = {name: Markup(attribute(html)) for name, html in documents(mail.html).items()}  # noqa: S704 - escaped
    measures = proof.measures
    context: dict[str, Any] = {
        "proof": proof,
        "edition": proof.edition,
        "publication": proof.edition.publication,
        "measures": measures,
        "mail": mail,
        "frames": frames,
        "paper": Markup(on_paper(light(mail.html))) if looks is not None else "",  # noqa: S704 - the mail, kept apart
        "strips": {name: strips(picture) for name, picture in (looks or {}).items()},
        "heights": heights,
        "desktop": DESKTOP,
        "phone": PHONE,
        "language": language_name(proof.edition.language, "en"),
        "links": [each for each in measures.links if each.kind != "inside"],
        "largest": max((part.bytes for part in measures.parts), default=1),
        "labels": {
            part.name or part.kind: clean(part.label) or WORDS.get(part.kind, part.name) for part in measures.parts
        }
        | WORDS,
        "kinds": KINDS,
        "version": __version__,
        "clean": clean,
        "line": lambda text: squeeze(clean(text)),
        "safe_url": safe_url,
    }
    return _template().render(context)


def documents(html: str) -> dict[str, str]:
    """Return the documents of the frames, by name, for a mail whose pictures are in it: desktop, phone, dark."""
    by_day = framed(light(html))
    return {"desktop": by_day, "phone": by_day, "dark": framed(dark(html))}


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - 20 ms

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = _moment
    return environment.get_template("page.html")


def _moment(moment: datetime.datetime) -> str:
    zone = f"{moment:%z}"
    zone = f"UTC{zone[:3]}:{zone[3:5]}" if zone.strip("+-0") else "UTC"
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} ({zone})"
