"""A moving GIF without what is not its animation. The format: GIF89a, CompuServe, 1990."""

from __future__ import annotations

from newsletter.render.reading import UnusableError

EXTENSION, PICTURE, END = 0x21, 0x2C, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
"""Extensions: how long a picture stands and what is transparent; and what a program wants to add."""
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
"""Applications that say how often the animation runs. Others hold XMP, colour profiles, a program's own notes."""


def bare(raw: bytes) -> bytes:
    """Return a GIF without comments, metadata and what follows its end; all else is the same, byte for byte.

    Raises:
        UnusableError: it is damaged.
    """
    try:
        at = 13 + _table(raw[10])
        kept = bytearray(raw[:at])
        while at < len(raw) and raw[at] != END:
            end = _end(raw, at)
            if raw[at] == PICTURE or _moves(raw, at):
                kept += raw[at:end]
            at = end
    except IndexError:
        raise UnusableError("is damaged: it ends too early", "export it again") from None
    kept.append(END)
    return bytes(kept)


def _table(packed: int) -> int:
    """Return the bytes of a colour table, as the flags before it say."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _moves(raw: bytes, at: int) -> bool:
    """Say whether the extension at ``at`` belongs to the animation."""
    label = raw[at + 1]
    return label == CONTROL or (label == APPLICATION and raw[at + 3 : at + 14] in LOOPS)


def _end(raw: bytes, at: int) -> int:
    """Return where the extension or picture at ``at`` ends."""
    if raw[at] == EXTENSION:
        at += 2
    elif raw[at] == PICTURE:
        at += 11 + _table(raw[at + 9])
    else:
        raise UnusableError("is damaged: something stands between its pictures", "export it again")
    while raw[at]:  # the length of what follows; 0 ends it
        at += 1 + raw[at]
    return at + 1
