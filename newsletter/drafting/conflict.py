"""Two people changed the same thing: both versions, and where it stands."""

from __future__ import annotations

from typing import Any

from newsletter.errors import NewsletterError, Position


class Conflict(NewsletterError):  # noqa: N818 - what people call it
    """The file has something else than the person saw. Nothing was written, and nothing of theirs is lost.

    Args:
        what: what is in dispute: ``subject``.
        was: what the person began with, where that is known.
        theirs: what the file has now.
        yours: what was to be written.
        position: where it stands in the file.
        their_text: the whole file as it is now.
        your_text: the whole file as it would be with ``yours``.
        kept: where a version is kept that could stand nowhere else; empty where none had to be.
    """

    def __init__(
        self,
        what: str,
        was: Any,
        theirs: Any,
        yours: Any,
        position: Position,
        their_text: str = "",
        your_text: str = "",
        kept: str = "",
    ) -> None:
        self.what = what
        self.was = was
        self.theirs = theirs
        self.yours = yours
        self.position = position
        self.their_text = their_text
        self.your_text = your_text
        self.kept = kept
        hint = f"the other version is kept in {kept}" if kept else "look at both, and choose"
        super().__init__(f"{position}: error: {what} was changed by someone else meanwhile ({hint})")
