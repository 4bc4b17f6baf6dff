"""One page of the web, fetched because a person asked for it: within limits, and with errors that say what to do."""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
import zlib
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

from newsletter import __version__
from newsletter.content import safe_url
from newsletter.errors import NewsletterError, UsageError

PATIENCE = 10.0
"""How long a page may take in all, in seconds."""
MOST_BYTES = 5 << 20
"""Largest page, in bytes, packed or not."""
MOST_REDIRECTS = 5
HTML = ("text/html", "application/xhtml+xml")
AGENT = f"newsletter/{__version__} (enewsupdate; one page, at a person's request)"
_BROKEN: dict[type[OSError], str] = {
    socket.gaierror: "there is no such host: look at the address, and whether you are online",
    TimeoutError: "it does not answer: try later",
    ConnectionRefusedError: "nobody answers there (connection refused)",
}
_CHUNK = 1 << 16
_TOLD = {
    401: "it wants a login",
    403: "the site refuses it: open it in a browser, and add the item by hand",
    404: "there is no such page: look at the address",
    410: "the page was taken away",
    429: "the site is asked too often: try later",
}


class FetchError(NewsletterError):
    """A page that could not be fetched: its address, why, and what to do."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"{address}: {why}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page: its bytes, unpacked; the address that answered in the end; its headers ``Content-Type`` and so on."""

    raw: bytes
    address: str
    content_type: str = ""
    language: str = ""


def fetch(address: str, patience: float = PATIENCE) -> Fetched:
    """Fetch one HTML page.

    Only http and https, at most five redirects (none from outside into one's own network), :data:`MOST_BYTES`, and
    ``patience`` seconds in all, however slowly the server speaks.

    Raises:
        UsageError: ``address`` is none of a web page.
        FetchError: it cannot be fetched, or is no page.
    """
    safe = safe_url(address)
    if safe is None or not safe.startswith(("http://", "https://")):
        raise UsageError(f"'{address}' is no address of a web page: begin it with https://")
    answer: queue.SimpleQueue[Fetched | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            answer.put(_fetched(safe, patience))
        except BaseException as error:  # noqa: BLE001 - it is raised again, where somebody waits for it
            answer.put(error)

    # a socket's timeout begins anew with each byte: whoever sends one at a time would keep us for ever
    threading.Thread(target=work, daemon=True).start()
    try:
        found = answer.get(timeout=patience)
    except queue.Empty:
        raise FetchError(safe, f"it did not come within {patience:g} seconds: try later") from None
    if isinstance(found, BaseException):
        raise found
    return found


def _fetched(address: str, patience: float) -> Fetched:
    headers = {"User-Agent": AGENT, "Accept": ", ".join(HTML), "Accept-Encoding": "gzip, deflate"}
    redirects = _Redirects(address)
    # nothing but the web: no file, no ftp, no data
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        redirects,
    ):
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - http and https only
        with opener.open(request, timeout=patience) as response:
            return _page(response, address)
    except urllib.error.HTTPError as error:
        error.close()
        told = "it leads to what is no page" if error.code < 400 else "the site answers with an error"
        raise FetchError(address, f"{_TOLD.get(error.code, told)} ({error.code})") from None
    except urllib.error.URLError as error:
        raise FetchError(address, _why(error.reason)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(address, _why(error)) from None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects, within the web, and none that leads into one's own network from outside."""

    max_redirections = MOST_REDIRECTS
    max_repeats = MOST_REDIRECTS + 1

    def __init__(self, asked: str) -> None:
        self._asked = asked
        self._count = 0

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Return the next request; raise :class:`FetchError` where it must not be made."""
        fp.close()
        self._count += 1
        target = safe_url(newurl)
        if self._count > MOST_REDIRECTS:
            raise FetchError(self._asked, f"it leads on more than {MOST_REDIRECTS} times: give the last address")
        if target is None or not target.startswith(("http://", "https://")):
            raise FetchError(self._asked, f"it leads to '{newurl[:80]}', which is no page")
        if _is_within(target) and not _is_within(self._asked):
            raise FetchError(
                self._asked, f"it leads into your own network, to {target}: give that address if you mean it"
            )
        return super().redirect_request(req, fp, code, msg, headers, target)


def _is_within(address: str) -> bool:
    """Whether an address is one of this machine or network."""
    host = urllib.parse.urlsplit(address).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        pass
    try:
        found = {str(entry[4][0]).partition("%")[0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return any(not ipaddress.ip_address(each).is_global for each in found)


def _page(response: HTTPResponse, asked: str) -> Fetched:
    kind = response.headers.get("Content-Type", "")
    if kind and kind.partition(";")[0].strip().lower() not in HTML:
        raise FetchError(asked, f"it is no page but {kind.partition(';')[0].strip()[:60]}")
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise FetchError(asked, _too_large())
    raw = _unpacked(response, asked)
    if not kind and b"<" not in raw[:1024]:
        raise FetchError(asked, "it is no page: nobody says what it is, and it has no HTML")
    language = response.headers.get("Content-Language", "")
    return Fetched(raw, response.geturl(), kind, language)


def _unpacked(response: HTTPResponse, asked: str) -> bytes:
    """Return the body, unpacked as far as its limit."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise FetchError(asked, f"it is packed in a way that is not known ({packing[:40]})")
    packed = packing not in ("identity", "")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None  # finds gzip and zlib by itself
    parts: list[bytes] = []
    size = received = 0
    try:
        while chunk := response.read1(_CHUNK):
            received += len(chunk)
            part = unpack.decompress(chunk, MOST_BYTES + 1 - size) if unpack else chunk
            parts.append(part)
            size += len(part)
            if max(size, received) > MOST_BYTES:
                raise FetchError(asked, _too_large())
    except zlib.error:
        raise FetchError(asked, "it is packed, and damaged") from None
    return b"".join(parts)


def _too_large() -> str:
    return f"it is larger than {MOST_BYTES >> 20} MB, and no page that a person reads"


def _why(reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({reason.verify_message}): tell who keeps the site"
    if isinstance(reason, ssl.SSLError):
        return f"no safe connection can be made ({reason.reason or reason})"
    for kind, told in _BROKEN.items():
        if isinstance(reason, kind):
            return told
    if isinstance(reason, OSError) and reason.strerror:
        return f"the connection broke: {reason.strerror}"
    return f"the answer makes no sense: {str(reason)[:100] or type(reason).__name__}"
