"""Which addresses content may link to: http, https, mailto and tel, whole and without tricks (RFC 3986)."""

from __future__ import annotations

import re
import unicodedata

from newsletter.content.characters import FORBIDDEN

_HOST_NAME = r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?"
_FINE = re.compile(
    rf"https?://{_HOST_NAME}(?::[0-9]+)?(?:[/?][A-Za-z0-9\-._~/?&=+,;:@!$()*]*)?(?:#[A-Za-z0-9\-._~/?&=]*)?"
)
_WEB = re.compile(r"(https?)://([^/?#\\]+)([/?#].*)?", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(rf"(?:{_HOST_NAME}|\[[0-9a-f:.]+\])(?::[0-9]{{0,5}})?")
_MAIL = re.compile(r"mailto:([^?#]*[^?#@\s]@[^?#@\s]+)(\?.*)?", re.IGNORECASE)
_TEL = re.compile(r"tel:(\+?[0-9().*-]*[0-9*](?:;[A-Za-z0-9-]+(?:=[A-Za-z0-9.+%-]+)?)*)", re.IGNORECASE)
_NEVER = re.compile(f"[\t\n\r{FORBIDDEN}]")
_ENCODE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#@!$&()*+,;=%]")


def safe_url(url: str) -> str | None:
    """Return ``url`` ready for an attribute, a header or a text, or None where it must not be linked.

    Refused: other schemes, relative and protocol-relative addresses, user information before the host, a host
    that is none, and any control character or line break. Space around the address is ignored; what RFC 3986
    does not allow (and quotes, brackets, braces) comes out percent-encoded, escapes stay as they are, and an
    international host becomes ASCII (RFC 3492).
    """
    if _FINE.fullmatch(url):
        return url
    url = url.strip(" \t\r\n")
    if _NEVER.search(url):
        return None
    if web := _WEB.fullmatch(url):
        host = _ascii_host(web[2])
        return f"{web[1].lower()}://{host}{_encode(web[3] or '')}" if host else None
    if mail := _MAIL.fullmatch(url):
        # a line break within the addresses would begin another header
        return None if re.search("%0[ad]", mail[1], re.IGNORECASE) else _encode(f"mailto:{mail[1]}{mail[2] or ''}")
    if tel := _TEL.fullmatch(url):
        return f"tel:{tel[1]}"
    return None


def _encode(text: str) -> str:
    head, mark, fragment = text.partition("#")
    return _escape(head) + mark + _escape(fragment).replace("#", "%23")


def _escape(text: str) -> str:
    return _ENCODE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


def _ascii_host(host: str) -> str | None:
    """Return host and port in lower-case ASCII, or None when it is no host (or has user information)."""
    if not host.isascii():
        # compatibility forms first, so that a full-width slash or dot is judged as what it stands for
        host = unicodedata.normalize("NFKC", host.lower()).replace("\u3002", ".")
        if any(unicodedata.category(letter)[0] not in "LMN" for letter in host if not letter.isascii()):
            return None
        host = ".".join(map(_ascii_label, host.split(".")))
    host = host.lower()
    return host if _HOST.fullmatch(host) else None


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
