"""A proof put into its files: the page, and a PDF where there is Chromium."""

from __future__ import annotations

from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.files import write_atomic
from newsletter.proof.making import Proof
from newsletter.proof.page import proof_page
from newsletter.proof.printing import frame_heights, printed

NAME = "proof.html"


def write(proof: Proof, path: Path, chromium: str | None) -> tuple[list[Path], str]:
    """Write a proof to ``path``, and its PDF beside it where it can be.

    Args:
        proof: what is shown.
        path: the page's file.
        chromium: the program that prints; None for no PDF.

    Returns:
        The files that were written, and why there is no PDF in spite of Chromium.
    """
    beside = path.with_suffix(".pdf")
    known: dict[str, int] = {}
    pdf, wrong = b"", ""
    try:
        if chromium:
            known = frame_heights(chromium, proof)
            pdf = printed(chromium, proof, known)
    except NewsletterError as error:
        wrong = str(error)
    write_atomic(path, proof_page(proof, known).encode("utf-8", "surrogatepass"))
    if pdf:
        write_atomic(beside, pdf)
        return [path, beside], wrong
    if path.name == NAME:
        beside.unlink(missing_ok=True)  # it shows an earlier state
    return [path], wrong
