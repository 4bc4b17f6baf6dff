"""Draws an SVG (stdin) as PNG (stdout); run as a program of its own by :mod:`newsletter.render.svg`.

resvg may take any time and memory, and takes its whole process with it when the stack is full. So this process is
given so much and no more. Its fonts are none, or the same file would look different elsewhere.
"""

from __future__ import annotations

import contextlib
import sys

SECONDS = 4
"""Of CPU time. What a newsletter shows takes a tenth of a second."""
MEMORY = 1 << 30
"""Bytes of address space."""


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 - POSIX only; elsewhere the time limit of who waits must do
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit of address space
            resource.setrlimit(what, (most, most))


def main() -> int:
    """Draw; exit code 1 with the reason on stderr when it is no SVG."""
    import resvg_py  # noqa: PLC0415 - an optional extra

    _limit()
    try:
        png = resvg_py.svg_to_bytes(svg_string=sys.stdin.buffer.read().decode(), skip_system_fonts=True)
    except ValueError as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
