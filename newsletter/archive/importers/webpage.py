"""One page of the web as one item: what the page says of itself, and where it says it.

Most is taken from what a page has for machines, in the order in which it can be trusted: JSON-LD (schema.org), Open
Graph, Twitter cards, ``<meta>``, and then what readers see: ``<title>``, ``<h1>``, ``<time>``, a first paragraph.
Everything is untrusted: text comes out clean and is no Markdown, addresses follow :func:`newsletter.content.safe_url`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from pydantic import ValidationError

from newsletter.archive.importers.jsonld import nodes, of_event
from newsletter.archive.importers.moments import day_of
from newsletter.archive.naming import UNNAMED
from newsletter.content import clean, plain, safe_url, squeeze
from newsletter.errors import NewsletterError
from newsletter.model import Extra, Image, Item
from newsletter.schema import LANGUAGE, same_language

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST = {"title": 300, "summary": 2000, "alt": 500}
"""Characters that are taken of a text; what is longer ends with an ellipsis."""
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|_hs\w+|igshid|yclid", re.IGNORECASE)
"""Parts of an address that say how somebody came, and nothing about the page."""
DATES = (
    "article:published_time",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "dcterms.created",
    "citation_publication_date",
    "parsely-pub-date",
)
"""Names of ``<meta>`` that tell when a page appeared, the surest first."""

_TAG = re.compile(r"<[^<>]*>")
_META_CHARSET = re.compile(
    rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]+)|<\?xml[^>]*encoding=[\"']([\w.-]+)"
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]+)", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAFE_CHARSET = re.compile(
    r"(utf-8|utf-16(-?[lb]e)?|(iso-?8859-?|windows-?|cp)\d+|koi8-[ru]|gb\w*|big5\w*|euc[-_]\w+|shift[-_]jis|sjis"
    r"|iso-2022-jp|ks_c_5601\S*|tis-620|macintosh|us-ascii|latin-?1)"
)
_ALIKE = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
"""What a browser takes for these (WHATWG Encoding, section 4.2)."""
_SPECIAL = re.compile(r"([\\`*_\[\]<>~])")
_BLOCK = re.compile(r"^([#>+=-]|\d+(?=[.)]))")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that the page says: of which field, what, where it says it, and whether the item has it."""

    field: str
    value: str
    where: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class WebPage:
    """An item made of a page (called ``UNNAMED``, without a category), and all that was found for it."""

    item: Item
    offers: tuple[Offer, ...]


def read_page(raw: bytes, address: str, content_type: str = "", language: str = "", ours: str = "") -> WebPage:
    """Read a page.

    Args:
        raw: its bytes, unpacked.
        address: where it was found in the end; relative addresses are resolved against it.
        content_type: what the server says it is, with its charset.
        language: what the server says its language is.
        ours: the publication's language, which an item need not name.

    Raises:
        NewsletterError: it is no HTML, or has no title.
    """
    root = _parsed(decoded(raw, content_type), address)
    found = _Finder(root, address, language)
    chosen: dict[str, Offer] = {}
    offers: list[Offer] = []
    for offer in found.offers():
        taken = bool(offer.value) and offer.field not in chosen
        if taken:
            chosen[offer.field] = offer
        if offer.value and offer not in offers:
            offers.append(Offer(offer.field, offer.value, offer.where, taken))
    if "title" not in chosen:
        raise NewsletterError(f"{address}: the page has no title: add the item by hand")
    values = {name: offer.value for name, offer in chosen.items()}
    tongue = values.get("language", "")
    picture = values.get("image")
    item = Item(
        id=UNNAMED,
        title=values["title"],
        date=day_of(values.get("date", "")),
        summary=_no_markdown(values.get("summary", "")),
        url=values.get("url", "") or safe_url(address) or "",
        image=Image(src=picture, alt=found.alt(picture)) if picture else None,
        language="" if ours and same_language(tongue, ours) else tongue,
        extra=_extra(values),
        source=safe_url(address) or "",
    )
    return WebPage(item, tuple(offers))


def decoded(raw: bytes, content_type: str = "") -> str:
    """Return the text of a page: by its byte order mark, the server's word, its own ``<meta>``, or as it looks.

    What is UTF-8 is read as such whatever is said of it: no other encoding looks like it by chance.
    """
    for mark, charset in _BOMS:
        if raw.startswith(mark):
            return raw.decode(charset, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    header = _HEADER_CHARSET.search(content_type)
    meta = _META_CHARSET.search(raw[:4096])
    said = [header[1] if header else "", *((part or b"").decode("ascii") for part in (meta.groups() if meta else ()))]
    for charset in filter(None, said):
        name = charset.lower()
        if _SAFE_CHARSET.fullmatch(name):
            try:
                return raw.decode(_ALIKE.get(name, name), "strict" if name == "utf-8" else "replace")
            except (LookupError, UnicodeDecodeError):
                continue
    return raw.decode("cp1252", "replace")


def _parsed(text: str, address: str) -> HtmlElement:
    from lxml import html  # noqa: PLC0415 - 20 ms, for this only
    from lxml.etree import LxmlError  # noqa: PLC0415

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    data = text.replace("\0", "").encode("utf-8", "replace")
    try:
        root = html.document_fromstring(data, parser=parser)
    except (LxmlError, ValueError, AssertionError):
        root = None
    if root is None or not len(root):
        raise NewsletterError(f"{address}: it is no HTML page")
    return root


class _Finder:
    """Looks for what a page says; :meth:`offers` gives it by field, the surest first."""

    def __init__(self, root: HtmlElement, address: str, language: str) -> None:
        self._root = root
        self._header_language = language
        base = root.xpath("string(//base/@href)")
        self._address = address
        self._base = urljoin(address, base.strip()) if base else address
        self._meta = self._metas()
        scripts = root.xpath("//script[contains(translate(@type,'LDJSON','ldjson'),'ld+json')]")
        self._node = nodes([script.text or "" for script in scripts], address)
        self._alts: dict[str, str] = {}

    def offers(self) -> Iterator[Offer]:
        """Yield what was found. Values are clean, addresses safe, dates as they stand."""
        for kind, look in (
            ("title", self._titles),
            ("summary", self._summaries),
            ("url", self._urls),
            ("image", self._images),
            ("date", self._dates),
            ("language", self._languages),
        ):
            for value, where in look():
                yield Offer(kind, value, where)
        if self._node and self._node.is_event:
            for field, value in of_event(self._node).items():
                yield Offer(field, _text(value, "title"), self._node.where)

    def alt(self, picture: str) -> str | None:
        """Return what the page says that a picture shows; None where it says nothing."""
        if self._alts.get(picture):
            return self._alts[picture]
        for image in self._root.xpath("//img[@src and @alt]"):
            if self._link(image.get("src")) == picture and (alt := _text(image.get("alt"), "alt")):
                return alt
        return None

    def _metas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for element in self._root.xpath("//meta[@content]"):
            for key in ("property", "name", "itemprop", "http-equiv"):
                if name := (element.get(key) or "").strip().lower():
                    found.setdefault(name, element.get("content").strip())
        return found

    def _named(self, *names: str) -> Iterator[tuple[str, str]]:
        for name in names:
            if value := self._meta.get(name):
                yield value, name if ":" in name else f"<meta name={name}>"

    def _first(self, path: str) -> str:
        found = self._root.xpath(path)
        return " ".join(found[0].itertext()) if found else ""

    def _titles(self) -> Iterator[tuple[str, str]]:
        site = _text(self._meta.get("og:site_name", ""), "title")
        if self._node:
            yield _text(self._node.text("headline", "name"), "title"), self._node.where
        for value, where in self._named("og:title", "twitter:title", "dc.title", "citation_title"):
            yield _without(_text(value, "title"), site), where
        whole = _text(self._first("//head/title"), "title")
        heading = _text(self._first("//article//h1 | //main//h1 | //h1"), "title")
        if heading and whole.startswith(heading):  # the rest is the name of the site
            whole = heading
        yield _without(whole, site), "<title>"
        yield heading, "<h1>"

    def _summaries(self) -> Iterator[tuple[str, str]]:
        if self._node:
            yield _text(self._node.text("description", "abstract"), "summary"), self._node.where
        for value, where in self._named("og:description", "twitter:description", "description", "dc.description"):
            yield _text(value, "summary"), where
        for paragraph in self._root.xpath("//article//p | //main//p")[:20]:
            text = _text(" ".join(paragraph.itertext()), "summary")
            if len(text) >= 80:
                yield text, "first paragraph"
                return

    def _urls(self) -> Iterator[tuple[str, str]]:
        for link in self._root.xpath("//link[@href]"):
            if "canonical" in (link.get("rel") or "").lower().split():
                yield self._own(link.get("href")), "<link rel=canonical>"
        for value, where in self._named("og:url"):
            yield self._own(value), where
        if self._node:
            yield self._own(self._node.text("url", "mainEntityOfPage")), self._node.where
        yield self._own(self._address), "the address itself"

    def _own(self, value: str) -> str:
        """Return the page's own address without what only tracks; '' for what is none, or only that of its site."""
        link = self._link(value)
        if not link:
            return ""
        parts = urlsplit(link)
        if parts.path in ("", "/") and not parts.query and urlsplit(self._address).path not in ("", "/"):
            return ""
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        kept = [pair for pair in pairs if not TRACKING.fullmatch(pair[0])]
        query = parts.query if len(kept) == len(pairs) else urlencode(kept)
        return safe_url(urlunsplit(parts._replace(query=query, fragment=""))) or ""

    def _link(self, value: str | None) -> str:
        try:
            link = safe_url(urljoin(self._base, clean(value or "").strip()))
        except ValueError:
            return ""
        return link if value and link and link.startswith(("http://", "https://")) else ""

    def _images(self) -> Iterator[tuple[str, str]]:
        if self._node:
            link = self._link(self._node.text("image", "thumbnailUrl"))
            self._alts.setdefault(link, _text(self._node.caption(), "alt"))
            yield link, self._node.where
        for names, alt in (
            (("og:image:secure_url", "og:image:url", "og:image"), "og:image:alt"),
            (("twitter:image", "twitter:image:src"), "twitter:image:alt"),
        ):
            for value, where in self._named(*names):
                link = self._link(value)
                self._alts[link] = self._alts.get(link) or _text(self._meta.get(alt, ""), "alt")
                yield link, where
        for link_element in self._root.xpath("//link[@rel='image_src'][@href]")[:1]:
            yield self._link(link_element.get("href")), "<link rel=image_src>"

    def _dates(self) -> Iterator[tuple[str, str]]:
        if self._node:
            yield _date(self._node.text("datePublished", "dateCreated", "uploadDate")), self._node.where
        for value, where in self._named(*DATES):
            yield _date(value), where
        times = self._root.xpath("//time[@pubdate or contains(@itemprop, 'datePublished')] | //article//time | //time")
        for time in times[:5]:
            yield _date(time.get("datetime") or "") or _date(" ".join(time.itertext())), "<time>"

    def _languages(self) -> Iterator[tuple[str, str]]:
        if self._node:
            yield _language(self._node.text("inLanguage")), self._node.where
        yield (
            _language(self._root.get("lang") or self._root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""),
            ("<html lang>"),
        )
        for value, where in self._named("og:locale", "content-language", "dc.language"):
            yield _language(value), where
        yield _language(self._header_language.partition(",")[0]), "Content-Language"


def _text(value: str | None, kind: str) -> str:
    """Return text in one line, without markup, entities and what has no place in a text; not longer than it may be."""
    text = value or ""
    if "&" in text:
        text = unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = squeeze(clean(text))
    most = LONGEST[kind]
    if len(text) <= most:
        return text
    return text[: text.rfind(" ", most // 2, most) if " " in text[most // 2 : most] else most - 1].rstrip() + "…"


def _without(title: str, site: str) -> str:
    """Return a title without the name of the site at its end: Title | Site, Title - Site."""
    if site and title.endswith(site) and len(title) > len(site):
        return title[: -len(site)].rstrip(" |-–—·:»•") or title
    return title


def _no_markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    if plain(text) == text:
        return text
    return _BLOCK.sub(lambda mark: f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}", _SPECIAL.sub(r"\\\1", text))


def _date(value: str) -> str:
    day = day_of(value)
    return day.isoformat() if day else ""


def _language(value: str) -> str:
    parts = re.split("[-_]", value.strip())
    tag = parts[0].lower()
    for part in parts[1:3]:
        tag += f"-{part.upper() if len(part) in (2, 3) else part.title()}"
    return tag if LANGUAGE.fullmatch(tag) else parts[0].lower() if LANGUAGE.fullmatch(parts[0].lower()) else ""


def _extra(values: dict[str, str]) -> Extra | None:
    """Return when and where an event takes place; what does not fit together is left to the offers."""
    told: dict[str, Any] = {key: values[key] for key in ("starts", "ends", "timezone", "where") if values.get(key)}
    for keys in (("starts", "ends", "timezone", "where"), ("starts", "timezone", "where"), ("where",)):
        kept = {key: told[key] for key in keys if key in told}
        try:
            return Extra.model_validate(kept) if kept else None
        except ValidationError:
            continue
    return None
