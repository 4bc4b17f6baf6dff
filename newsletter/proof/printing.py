"""A proof on paper: how high its frames are, how they look, and the PDF."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.proof import chromium
from newsletter.proof.frames import embed
from newsletter.proof.making import Proof
from newsletter.proof.page import DESKTOP, PHONE, documents, proof_page

WIDTHS = {"desktop": DESKTOP, "phone": PHONE, "dark": PHONE}
"""Of the frames, in CSS pixels."""


def frame_heights(program: str, proof: Proof) -> dict[str, int]:
    """Return how high the frames of a proof are, by name. Raises :class:`NewsletterError` when Chromium fails."""
    return chromium.heights(program, _documents(proof), WIDTHS)


def printed(program: str, proof: Proof, heights: Mapping[str, int]) -> bytes:
    """Return a proof as PDF, without what is on a phone where its height is not known. Raises as above."""
    shown = {name: html for name, html in _documents(proof).items() if name != "desktop" and heights.get(name)}
    sizes = {name: (WIDTHS[name], heights[name]) for name in shown}
    looks = chromium.pictures(program, shown, sizes) if shown else {}
    return chromium.print_pdf(program, proof_page(proof, heights, looks=looks))


def _documents(proof: Proof) -> dict[str, str]:
    return documents(embed(proof.shown.html, proof.pictures).html)
