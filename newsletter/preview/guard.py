"""What stands before every request to the preview: only pages that we served may ask, and only they may write.

A page anywhere on the web can send requests to a server on this machine, and a name of its own can be made to point
here (DNS rebinding). So the Host must be ours, a foreign Origin is refused, and a write needs the token that only our
own pages hold. What is shown of content runs no script (see :data:`FRAME_POLICY`).
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-newsletter-token"  # noqa: S105 - a name
COOKIE = "newsletter_preview"
MAX_BODY = 1 << 20
"""Largest body of a request, in bytes."""
MAX_UPLOAD = 40 << 20
"""Largest picture that is dropped on the page, in bytes; as large as a build reads."""
PATIENCE = 20.0
"""How long a body may take to arrive, in seconds."""
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FRAME_POLICY = (
    "default-src 'none'; img-src {images}; style-src 'unsafe-inline'; font-src https: data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
"""For what is made of content: pictures and styles, no script, no form, no frame of its own (CSP Level 3)."""
LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    """ASGI middleware. A refusal says why, in a line of text.

    Args:
        app: what is guarded.
        port: the port that we listen on.
        token: what our pages hold.
        host: an address other than this machine's own that we listen on, or ''. Then reading needs the token as
            well: once in the address (``?token=``), afterwards in a cookie.
    """

    def __init__(self, app: ASGIApp, port: int, token: str, host: str = "") -> None:
        self.app = app
        self.token = token
        self.open = bool(host)
        self.hosts = frozenset(_names((*LOCAL, host) if host else LOCAL, port))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status, why = self._refusal(scope, headers)
        if status:
            await PlainTextResponse(f"{why}\n", status, _SAFE)(scope, receive, send)
            return
        limit = MAX_UPLOAD if scope["path"].startswith("/api/pictures") else MAX_BODY
        told = headers.get("content-length", "0")
        if not told.isdecimal() or int(told) > limit:
            await PlainTextResponse(f"more than {limit:,} bytes\n", 413, _SAFE | {"connection": "close"})(
                scope, receive, send
            )
            return
        await self.app(scope, _bounded(receive, limit), self._equipped(scope, send))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str]:
        host = headers.get("host", "")
        if not self.open and host.casefold() not in self.hosts:
            return 421, "this preview answers to its own address only"
        origin = headers.get("origin")
        if origin is not None and origin.casefold() != f"http://{host.casefold()}":
            return 403, "a page of another origin asks"
        if headers.get("sec-fetch-site", "none") == "cross-site" and not self._is_visit(scope, headers):
            return 403, "a page of another site asks"
        reading = scope["method"] in ("GET", "HEAD")
        if not reading and not self._is_ours(headers.get(TOKEN_HEADER, "")):
            return 403, "writing needs the token of the page: load the page anew"
        if reading and self.open and not self._is_known(scope, headers):
            return 403, "open the address that the preview printed, with its token"
        return 0, ""

    def _is_visit(self, scope: Scope, headers: Headers) -> bool:
        """Whether a person follows a link to one of our pages; that shows them the page and gives it to nobody."""
        return scope["method"] == "GET" and headers.get("sec-fetch-dest") == "document"

    def _is_ours(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    def _is_known(self, scope: Scope, headers: Headers) -> bool:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if self._is_ours(asked) or self._is_ours(headers.get(TOKEN_HEADER, "")):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and self._is_ours(cookie.value)

    def _equipped(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
                if self.open and b"token=" in scope["query_string"]:
                    headers.append("set-cookie", f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/")
            await send(message)

        return sending


_SAFE = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


def _names(hosts: Iterable[str], port: int) -> Iterable[str]:
    for host in hosts:
        yield f"{host}:{port}"
        if port == 80:
            yield host


def _bounded(receive: Receive, limit: int) -> Receive:
    """Return ``receive`` for a body that is neither larger than ``limit`` bytes nor slower than :data:`PATIENCE`."""
    got, whole = 0, False

    async def bounded() -> Message:
        nonlocal got, whole
        if whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), PATIENCE)
        except TimeoutError:
            return {"type": "http.disconnect"}
        got += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return message if got <= limit else {"type": "http.disconnect"}

    return bounded
