"""Neutral placeholders: what templates ask for instead of a mailing service's own tags."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from newsletter.model import PERSONAL_PATTERN, Edition, Placeholder, PlaceholderKind

ADDRESSES = ("unsubscribe", "web_version", "preferences", "forward")
"""Addresses that a mailing service may fill in."""


class Merge:
    """Hands out tokens: ``merge.unsubscribe`` is an address, ``merge.link('unsubscribe')`` that of a link which a
    service may replace as a whole, ``merge.first_name`` a value. An address that the service does not offer is
    empty, so that a template can leave its link out.

    A token is ``nl``, 12 hexadecimal digits of a hash over all content (so content cannot hold it), a number and
    ``z``: plain URL-safe ASCII that every engine leaves alone.
    """

    def __init__(self, edition: Edition, offers: Collection[str]) -> None:
        self._key = _content_hash(edition)
        self._offers = offers
        self._made: dict[tuple[PlaceholderKind, str, str], Placeholder] = {}

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Every placeholder handed out, in order."""
        return tuple(self._made.values())

    def _token(self, kind: PlaceholderKind, name: str, default: str = "") -> str:
        made = self._made.get((kind, name, default))
        if made is None:
            made = Placeholder(f"nl{self._key}{len(self._made):02d}z", kind, name, default)
            self._made[kind, name, default] = made
        return made.token

    def url(self, name: str) -> str:
        """Return a token that stands where an address stands; empty when there is none."""
        return self._token("url", name) if name in self._offers else ""

    def link(self, name: str) -> str:
        """Return a token for the ``href`` of an ``<a>`` that a service may replace as a whole."""
        return self._token("link", name) if name in self._offers else ""

    def value(self, name: str, default: str = "") -> str:
        """Return a token that stands in text."""
        return self._token("value", name, default)

    @property
    def unsubscribe(self) -> str:
        """Address for unsubscribing."""
        return self.link("unsubscribe")

    @property
    def web_version(self) -> str:
        """Address of the web version."""
        return self.link("web_version")

    def personal(self, text: str) -> str:
        """Return an editor's text with its ``[[name|default]]`` turned into tokens."""
        if "[[" not in text:
            return text
        return PERSONAL_PATTERN.sub(lambda found: self.value(found[1], found[2] or ""), text)


class WebMerge(Merge):
    """For the web version, which everybody reads: real addresses and defaults instead of tokens."""

    def url(self, name: str) -> str:  # noqa: ARG002 - the page itself is the web version
        """Return nothing: a page has no reader to unsubscribe."""
        return ""

    link = url

    def value(self, name: str, default: str = "") -> str:  # noqa: ARG002
        """Return the default."""
        return default


def _content_hash(edition: Edition) -> str:
    total = hashlib.sha256()
    texts = [edition.issue, edition.subject, edition.preheader, edition.editorial]
    for item in edition.contents:
        texts += (item.id, item.title, item.summary, item.url)
    total.update("\0".join(texts).encode("utf-8", "surrogatepass"))
    return total.hexdigest()[:12]
