"""Running the preview: its socket, its address, and an end at once."""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from newsletter.errors import NewsletterError
from newsletter.preview.app import Preview
from newsletter.preview.guard import Guard
from newsletter.preview.studio import Studio
from newsletter.workspace import Workspace

TRIES = 20
"""So many ports are tried, from the one that is asked for upwards."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(workspace: Workspace, issue: str, host: str, port: int, ready: Callable[[str, str], None]) -> None:
    """Serve the preview until it is interrupted.

    Args:
        workspace: what is shown.
        issue: the issue whose page is named; '' for the page with all issues.
        host: address to listen on.
        port: port to listen on; when another program has it, the next one that is free. 0: any.
        ready: told the address, and a word about the port, once connections are taken.

    Raises:
        NewsletterError: no port is free, or the address is none of this machine's.
    """
    listening = listen(host, port)
    taken: int = listening.getsockname()[1]
    public = "" if host in LOOPBACK else host
    token = secrets.token_urlsafe(24)
    preview = Preview(Studio(workspace), token)
    guard = Guard(preview.app(), taken, token, public)
    shown = f"[{host}]" if ":" in host else ("127.0.0.1" if host in ("localhost", "0.0.0.0") else host)  # noqa: S104
    address = f"http://{shown}:{taken}/{f'issue/{issue}' if issue else ''}"
    if public:
        address += f"?token={token}"
    note = f"port {port} is taken, perhaps by another preview: this one is at {taken}" if port not in (0, taken) else ""
    server = _Server(guard, preview, lambda: ready(address, note))
    with contextlib.suppress(KeyboardInterrupt):  # the way to end it
        server.run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``port``, or on the next one that is free.

    Raises:
        NewsletterError: none is free, or ``host`` is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + TRIES if port else 1):
        # named TCP, for asyncio sends at once (TCP_NODELAY) only what it knows to be TCP: else each answer waits 40 ms
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind((host, candidate))
            taken.listen(128)
        except OSError as error:
            taken.close()
            if error.errno == errno.EADDRINUSE:
                continue
            raise NewsletterError(f"cannot listen on {host}:{candidate}: {error.strerror}") from None
        return taken
    raise NewsletterError(f"the ports {port} to {port + TRIES - 1} are all taken: choose another one with --port")


class _Server(uvicorn.Server):
    """Tells when it is ready, and ends at once: nobody waits for a page that only listens for news."""

    def __init__(self, guard: Guard, preview: Preview, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                guard,
                log_level="error",
                access_log=False,
                ws="none",
                http="h11",
                lifespan="on",
                timeout_graceful_shutdown=1,
                timeout_keep_alive=30,
                h11_max_incomplete_event_size=64 << 10,
            )
        )
        self._preview = preview
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections, and say so."""
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams of news first, which would go on for ever."""
        self._preview.close()
        super().handle_exit(sig, frame)
