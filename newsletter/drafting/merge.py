"""Two versions of a text that come from a third, made one: line by line, where their changes do not touch."""

from __future__ import annotations

import difflib

Hunk = tuple[int, int, list[str]]
"""From, to (lines of the base), and what stands there instead."""


def merge(base: str, ours: str, theirs: str) -> str | None:
    """Return ``base`` with the changes of both; None where they touch each other.

    Lines next to each other do not touch where each is changed into as many; else an entry could end up under another
    key than its own.
    """
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    lines = base.splitlines(keepends=True)
    left, right = _hunks(lines, ours), _hunks(lines, theirs)
    both = [hunk for hunk in left if hunk in right]
    hunks = left + [hunk for hunk in right if hunk not in both]
    hunks.sort(key=lambda hunk: hunk[:2])
    result: list[str] = []
    done, last = 0, None
    for hunk in hunks:
        start, stop, new = hunk
        if last is not None and _touch(last, hunk):
            return None
        result += [*lines[done:start], *new]
        done, last = stop, hunk
    return "".join([*result, *lines[done:]])


def _touch(first: Hunk, second: Hunk) -> bool:
    if first[1] != second[0]:
        return first[1] > second[0]
    return any(stop - start != len(new) for start, stop, new in (first, second))


def _hunks(base: list[str], other: str) -> list[Hunk]:
    lines = other.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(a=base, b=lines, autojunk=False)
    return [(a, b, lines[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
