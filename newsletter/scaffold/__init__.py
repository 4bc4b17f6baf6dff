"""The files that a new workspace or a new issue starts from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def scaffold(name: str, values: Mapping[str, str] | None = None) -> str:
    """Return the text of a starting file with ``{key}`` replaced by its value."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    for key, value in (values or {}).items():
        text = text.replace(f"{{{key}}}", value)
    return text
