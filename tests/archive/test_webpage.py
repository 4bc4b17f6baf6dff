"""One page of the web as one item: what pages say of themselves, and servers of every temper, on loopback."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from newsletter import __version__
from newsletter.archive.fetching import MOST_BYTES, FetchError, _is_within, _Redirects, fetch
from newsletter.archive.importers.moments import day_of, moment_of
from newsletter.archive.importers.webpage import WebPage, decoded, read_page
from newsletter.content import plain, to_html
from newsletter.errors import NewsletterError, UsageError
from newsletter.model import Item

AT = "https://coop.example.org/news/2020/bakery?utm_source=x#top"


def page(head: str = "", body: str = "", lang: str = "en") -> bytes:
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'.encode()


def read(head: str = "", body: str = "", lang: str = "en", at: str = AT) -> WebPage:
    return read_page(page(head, body, lang), at)


def ld(**data: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **data})}</script>'


def metas(**named: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in named.items())


def taken(found: WebPage) -> dict[str, tuple[str, str]]:
    return {offer.field: (offer.value, offer.where) for offer in found.offers if offer.taken}


# --- what pages say ---------------------------------------------------------------------------------------------------

FULL = (
    ld(
        **{"@type": "NewsArticle"},
        headline="A bakery becomes a cooperative",
        description="Twelve bakers bought <b>their</b> bakery &amp; opened it.",
        image={"@type": "ImageObject", "url": "/images/oven.jpg", "caption": "Bakers at their oven"},
        datePublished="2020-03-14T23:30:00-05:00",
        inLanguage="en-GB",
    )
    + metas(
        og__title="OG title", og__description="OG text", og__image="https://cdn.example.org/og.jpg", og__locale="fr_FR"
    )
    + '<meta name="twitter:title" content="Twitter title"><meta name="description" content="Meta text">'
    + '<link rel="canonical" href="/news/bakery"><title>Bakery | Coop News</title>'
)
BODY = '<h1>Heading</h1><article><time datetime="2019-01-01">1 January</time><p>A paragraph.</p></article>'


def test_json_ld_is_trusted_most() -> None:
    found = read(FULL, BODY)
    item = found.item
    assert (item.id, item.title, str(item.date)) == ("unnamed", "A bakery becomes a cooperative", "2020-03-14")
    assert item.summary == "Twelve bakers bought their bakery & opened it."
    assert item.url == "https://coop.example.org/news/bakery"
    assert item.image is not None
    assert (item.image.src, item.image.alt) == ("https://coop.example.org/images/oven.jpg", "Bakers at their oven")
    assert item.language == "en-GB"
    assert item.category == ""
    assert taken(found)["title"] == ("A bakery becomes a cooperative", "JSON-LD NewsArticle")
    offered = [(offer.value, offer.where) for offer in found.offers if offer.field == "title"]
    assert offered == [
        ("A bakery becomes a cooperative", "JSON-LD NewsArticle"),
        ("OG title", "og:title"),
        ("Twitter title", "twitter:title"),
        ("Bakery | Coop News", "<title>"),
        ("Heading", "<h1>"),
    ]


LADDER = [
    (metas(og__title="A", twitter__title="B") + "<title>C</title>", "<h1>D</h1>", "A", "og:title"),
    (metas(twitter__title="B") + "<title>C</title>", "<h1>D</h1>", "B", "twitter:title"),
    ("<title> C \n c </title>", "<h1>D</h1>", "C c", "<title>"),
    ("<title></title>", "<h1>D <em>d</em></h1>", "D d", "<h1>"),
    (metas(og__title="  ") + "<title>C</title>", "", "C", "<title>"),
    (metas(og__title="News of May - Coop News", og__site_name="Coop News"), "", "News of May", "og:title"),
    (metas(og__title="Coop News", og__site_name="Coop News"), "", "Coop News", "og:title"),
    ("<title>News of May :: Home</title>", "<h1>News of May</h1>", "News of May", "<title>"),
    (ld(headline="no type") + "<title>C</title>", "", "C", "<title>"),
    (ld(**{"@type": "BreadcrumbList"}, name="Path") + "<title>C</title>", "", "C", "<title>"),
    (
        ld(**{"@type": "WebPage"}, name="P") + ld(**{"@type": "BlogPosting"}, headline="B"),
        "",
        "B",
        "JSON-LD BlogPosting",
    ),
    (ld(**{"@graph": [{"@type": ["Thing", "Article"], "name": "G"}]}), "", "G", "JSON-LD Article"),
    ('<script type="application/ld+json">{broken</script><title>C</title>', "", "C", "<title>"),
    (
        '<script type="application/LD+JSON; charset=utf-8">[{"@type":"http://schema.org/Article","headline":"a\nb"}]</script>',
        "",
        "a b",
        "JSON-LD Article",
    ),
    ("<script type='application/ld+json'>" + "[" * 100_000 + "</script><title>C</title>", "", "C", "<title>"),
    ("<title>1 &lt; 2 &amp;amp; <b>x</title>", "", "1 < 2 & x", "<title>"),
]


@pytest.mark.parametrize(("head", "body", "title", "where"), LADDER)
def test_the_title(head: str, body: str, title: str, where: str) -> None:
    assert taken(read(head, body))["title"] == (title, where)


def test_of_several_articles_the_one_of_this_page_counts() -> None:
    others = [{"@type": "Article", "headline": f"Other {n}", "url": f"https://coop.example.org/{n}"} for n in range(3)]
    ours = {"@type": "Article", "headline": "Ours", "mainEntityOfPage": {"@id": "https://coop.example.org/news/ours/"}}
    assert read(ld(**{"@graph": [*others, ours]}), at="https://coop.example.org/news/ours").item.title == "Ours"


@pytest.mark.parametrize(
    ("head", "body", "summary"),
    [
        (metas(og__description="O") + '<meta name="description" content="M">', "", "O"),
        ('<meta name="Description" content="M">', "", "M"),
        ("", f"<main><p>Short.</p><p>{'long enough ' * 8}</p></main>", ("long enough " * 8).strip()),
        ("", "<p>A paragraph outside of what the page is about, however long it may be, is not taken at all.</p>", ""),
        (metas(og__description="word " * 1000), "", ("word " * 399).strip() + "…"),
    ],
)
def test_the_summary(head: str, body: str, summary: str) -> None:
    found = read(f"<title>T</title>{head}", body).item.summary
    assert len(found) <= 2000
    assert found == summary or (found.endswith("…") and summary.endswith("…") and found[:100] == summary[:100])


@pytest.mark.parametrize(
    "text",
    [
        "*stars* and _lines_",
        "[a](https://x.example)",
        "# one",
        "- two",
        "12. three",
        "<b>",
        "`code`",
        "a\\*b",
        "> q",
        "2 * 3 * 4",
        "snake_case_word",
        "+ x",
        "===",
    ],
)
def test_a_summary_is_no_markdown(text: str) -> None:
    head = f'<title>T</title><meta name=description content="{text.replace("<", "&lt;")}">'
    shown = plain(read(head).item.summary)
    assert shown == ("" if text == "<b>" else text)


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        (ld(**{"@type": "Article"}, headline="T", datePublished="2020-03-14"), "", "2020-03-14"),
        (metas(article__published_time="2020-03-14T00:30:00+02:00"), "", "2020-03-14"),
        ('<meta name="DC.date.issued" content="20200314">', "", "2020-03-14"),
        ('<meta itemprop="datePublished" name="pubdate" content="Sat, 14 Mar 2020 10:00:00 GMT">', "", "2020-03-14"),
        ("", '<time datetime="2019-01-01">x</time><article><time>14 March 2020</time></article>', "2019-01-01"),
        ("", "<time>14 mars 2020</time>", "2020-03-14"),
        (
            "",
            '<footer><time datetime="2031-01-01">x</time></footer><p><time pubdate datetime="2020-03-14">y</time>',
            "2031-01-01",
        ),
        ('<meta name="date" content="2020-02-31">', "", None),
        ('<meta name="date" content="0001-01-01">', "", None),
        ('<meta name="date" content="soon">', "", None),
    ],
)
def test_the_date(head: str, body: str, date: str | None) -> None:
    found = read(f"<title>T</title>{head}", body).item.date
    assert found == (day_of(date) if date else None)


@pytest.mark.parametrize(
    ("head", "lang", "language"),
    [
        ("", "fr", "fr"),
        ("", "FR-ca", "fr-CA"),
        ("", "zh-hant", "zh-Hant"),
        (metas(og__locale="es_ES"), "", "es-ES"),
        ('<meta http-equiv="content-language" content="ar">', "", "ar"),
        (
            ld(
                **{"@type": "Article"},
                headline="T",
                inLanguage={"@type": "Language", "name": "Spanish", "alternateName": "es"},
            ),
            "fr",
            "es",
        ),
        ("", "x-klingon", ""),
        ("", "", ""),
        ("", "en-US", ""),
    ],
)
def test_the_language(head: str, lang: str, language: str) -> None:
    assert read_page(page(f"<title>T</title>{head}", "", lang), AT, ours="en-GB").item.language == language


def test_the_server_says_the_language_where_the_page_does_not() -> None:
    assert read_page(page("<title>T</title>", lang=""), AT, language="fr, en").item.language == "fr"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (
            '<link rel="canonical" href="../bakery?id=1&amp;utm_medium=mail#x">',
            "https://coop.example.org/news/bakery?id=1",
        ),
        ('<link rel="Canonical" href="//www.example.org/b">', "https://www.example.org/b"),
        ('<link rel="canonical" href="https://coop.example.org/">', "https://coop.example.org/news/2020/bakery"),
        ('<link rel="canonical" href="javascript:alert(1)">', "https://coop.example.org/news/2020/bakery"),
        ('<link rel="canonical" href="http://[broken">', "https://coop.example.org/news/2020/bakery"),
        (metas(og__url="https://coop.example.org/og"), "https://coop.example.org/og"),
        (ld(**{"@type": "Article"}, headline="x", url="/ld"), "https://coop.example.org/ld"),
        ('<base href="https://other.example.org/a/"><link rel="canonical" href="b">', "https://other.example.org/a/b"),
        ("", "https://coop.example.org/news/2020/bakery"),
    ],
)
def test_the_address(head: str, url: str) -> None:
    assert read(f"<title>T</title>{head}").item.url == url


@pytest.mark.parametrize(
    ("head", "body", "src", "alt"),
    [
        (metas(og__image="/a.jpg", og__image__alt="A &amp; b"), "", "https://coop.example.org/a.jpg", "A & b"),
        (metas(og__image="/a.jpg"), '<img src="/a.jpg" alt="Bread">', "https://coop.example.org/a.jpg", "Bread"),
        (metas(og__image="/a.jpg"), "", "https://coop.example.org/a.jpg", None),
        (metas(twitter__image="t.png", twitter__image__alt="T"), "", "https://coop.example.org/news/2020/t.png", "T"),
        (
            metas(og__image="http://a.example/x.jpg", og__image__secure_url="https://a.example/x.jpg"),
            "",
            "https://a.example/x.jpg",
            None,
        ),
        (
            ld(**{"@type": "Article"}, headline="x", image=["/1.jpg", "/2.jpg"]),
            "",
            "https://coop.example.org/1.jpg",
            None,
        ),
        (metas(og__image="data:image/png;base64,xx"), "", None, None),
        (metas(og__image="file:///etc/passwd"), "", None, None),
        ('<link rel="image_src" href="/l.jpg">', "", "https://coop.example.org/l.jpg", None),
    ],
)
def test_the_picture(head: str, body: str, src: str | None, alt: str | None) -> None:
    image = read(f"<title>T</title>{head}", body).item.image
    assert (image and image.src, image and image.alt) == (src, alt)


PLACE = {
    "@type": "Place",
    "name": "Town Hall",
    "address": {"streetAddress": "1 Quay", "addressLocality": "Lyon", "addressCountry": {"name": "France"}},
}


@pytest.mark.parametrize(
    ("data", "extra"),
    [
        ({"startDate": "2020-07-05", "endDate": "2020-07-06"}, {"starts": "2020-07-05", "ends": "2020-07-06"}),
        (
            {"startDate": "2020-07-05T14:00:00+02:00", "endDate": "2020-07-05T17:30+02:00", "location": PLACE},
            {
                "starts": "2020-07-05 12:00",
                "ends": "2020-07-05 15:30",
                "timezone": "UTC",
                "where": "Town Hall, 1 Quay, Lyon, France",
            },
        ),
        ({"startDate": "2020-07-05T14:00"}, {"starts": "2020-07-05"}),
        (
            {"startDate": "2020-07-05T14:00Z", "endDate": "2020-07-06"},
            {"starts": "2020-07-05 14:00", "timezone": "UTC"},
        ),
        ({"startDate": "2020-07-06", "endDate": "2020-07-05"}, {"starts": "2020-07-06"}),
        (
            {"startDate": "soon", "location": {"@type": "VirtualLocation", "url": "https://x.example"}},
            {"where": "Online"},
        ),
        ({"location": ["Geneva"]}, {"where": "Geneva"}),
    ],
)
def test_an_event(data: dict[str, Any], extra: dict[str, str]) -> None:
    for kind in ("Event", "EducationEvent", "https://schema.org/BusinessEvent"):
        found = read(ld(**{"@type": kind}, name="Assembly", **data)).item
        assert found.title == "Assembly"
        assert found.extra is not None
        assert found.extra.model_dump(exclude_defaults=True) == extra


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0\0", b"   ", b"<!-- only -->", b"<title></title>", b"<html><body>no title</body></html>", b"\xff\xfe"],
)
def test_a_page_that_says_nothing_is_told(raw: bytes) -> None:
    with pytest.raises(NewsletterError, match=r"https://coop\.example\.org.*(no title|no HTML page)"):
        read_page(raw, AT)


def test_nothing_of_an_attack_is_markup() -> None:
    bad = "<script>alert(1)</script>\u202eevil\u0000\x07 {{7*7}} [x](javascript:alert(1))"
    item = read(
        metas(og__title=bad.replace('"', ""), og__description=bad, og__image="javascript:x", og__url="javascript:x")
    ).item
    assert "<" not in item.title
    assert "\x07" not in item.title
    assert item.title.endswith("\u202c") or "\u202e" not in item.title
    assert item.image is None
    assert item.url.startswith("https://coop.example.org/")
    assert "<a" not in to_html(item.summary)
    assert plain(item.summary).startswith("alert(1)")


@given(st.binary(max_size=400), st.text(max_size=40))
def test_whatever_comes_ends_in_an_item_or_a_clear_error(raw: bytes, kind: str) -> None:
    for data in (
        raw,
        b"<title>T</title><script type=application/ld+json>" + raw,
        b"<html><meta property=og:title content='" + raw,
    ):
        try:
            found = read_page(data, AT, kind)
        except NewsletterError as error:
            assert str(error).startswith(AT)
        else:
            assert isinstance(found.item, Item)
            assert found.item.title


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda each: (
        st.lists(each, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@graph", "name", "url", "@id", "image", "location", "address", "startDate", "caption"]
            ),
            each,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(VALUES, st.sampled_from(["Article", "Event", "WebPage"]))
def test_json_ld_of_any_shape(value: Any, kind: str) -> None:
    names = (
        "headline",
        "name",
        "description",
        "image",
        "datePublished",
        "startDate",
        "endDate",
        "location",
        "inLanguage",
        "url",
        "mainEntityOfPage",
    )
    for name in names:
        script = json.dumps({"@type": kind, name: value}).replace("<", "\\u003c")
        item = read(f'<title>T</title><script type="application/ld+json">{script}</script>').item
        assert item.title


# --- letters ----------------------------------------------------------------------------------------------------------

WORD = "Coopérative – Ñandú"
CHARSETS = [
    (WORD.encode(), "text/html", WORD),
    (WORD.encode(), "text/html; charset=iso-8859-1", WORD),  # what is UTF-8 is UTF-8
    (WORD.encode("cp1252"), "text/html; charset=ISO-8859-1", WORD),
    (WORD.encode("cp1252"), "text/html", WORD),
    (WORD.encode("cp1252"), "text/html; charset=utf-8", WORD),
    (WORD.encode("cp1252"), "text/html; charset=zlib", WORD),
    (WORD.encode("cp1252"), "text/html; charset=no-such", WORD),
    (b"\xef\xbb\xbf" + WORD.encode(), "text/html; charset=cp1251", WORD),
    (WORD.encode("utf-16"), "text/html", WORD),
    ("Кооператив".encode("koi8-r"), 'text/html; charset="koi8-r"', "Кооператив"),
    (
        b"<meta charset=windows-1251>" + "Кооператив".encode("cp1251"),
        "text/html",
        "<meta charset=windows-1251>Кооператив",
    ),
    ("合作社".encode("gb18030"), "text/html; charset=gb2312", "合作社"),
    ("協同組合".encode("euc-jp"), "text/html; charset=EUC-JP", "協同組合"),
    (
        b'<?xml version="1.0" encoding="iso-8859-6"?>' + "تعاونية".encode("iso-8859-6"),
        "",
        '<?xml version="1.0" encoding="iso-8859-6"?>تعاونية',
    ),
]


@pytest.mark.parametrize(("raw", "kind", "text"), CHARSETS)
def test_letters_are_read_as_they_were_meant(raw: bytes, kind: str, text: str) -> None:
    assert decoded(raw, kind) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-03-14T10:00:00.123Z", ("2020-03-14 10:00", "UTC")),
        ("2020-03-14 10:00 +0530", ("2020-03-14 04:30", "UTC")),
        ("2020-03-14T10:00", ("2020-03-14", "")),
        ("2020-03-14T25:00Z", ("", "")),
        ("14 March 2020", ("2020-03-14", "")),
        ("", ("", "")),
    ],
)
def test_moments(text: str, moment: tuple[str, str]) -> None:
    assert moment_of(text) == moment


# --- servers ----------------------------------------------------------------------------------------------------------

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server on loopback: what it answers at each path, and what it was asked."""

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def serve(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in ({"Content_Type": "text/html"} | headers).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return f"{self.address}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            answer = found.answers.get(self.path.partition("?")[0])
            try:
                if answer:
                    answer(self)
                else:
                    self.send_error(404)
            except (BrokenPipeError, ConnectionResetError):
                pass  # who asked has gone

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as above
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()


ARTICLE = page(FULL, BODY)


def test_a_page_is_fetched_once_and_the_program_says_who_it_is(site: Site) -> None:
    url = site.serve("/a", ARTICLE, Content_Language="en")
    found = fetch(url)
    assert (found.raw, found.address, found.language) == (ARTICLE, url, "en")
    ((path, headers),) = site.asked
    assert path == "/a"
    assert headers["User-Agent"].startswith(f"newsletter/{__version__} ")
    assert "Cookie" not in headers


@pytest.mark.parametrize("packing", ["gzip", "deflate", "x-gzip"])
def test_a_packed_page_is_unpacked(site: Site, packing: str) -> None:
    data = zlib.compress(ARTICLE) if packing == "deflate" else gzip.compress(ARTICLE)
    assert fetch(site.serve("/a", data, Content_Encoding=packing)).raw == ARTICLE


def test_redirects_are_followed_a_few_times(site: Site) -> None:
    for number in range(5):
        site.serve(f"/{number}", b"", 302, Location=f"/{number + 1}")
    last = site.serve("/5", ARTICLE)
    assert fetch(f"{site.address}/0").address == last
    site.serve("/start", b"", 301, Location="/0")
    with pytest.raises(FetchError, match="leads on more than 5 times"):
        fetch(f"{site.address}/start")
    site.serve("/round", b"", 302, Location="/round")
    with pytest.raises(FetchError, match="leads on more than 5 times"):
        fetch(f"{site.address}/round")


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://user:pass@127.0.0.1/",
    ],
)
def test_no_redirect_leaves_the_web(site: Site, target: str) -> None:
    url = site.serve("/out", b"", 302, Location=target)
    with pytest.raises(FetchError, match="no page"):
        fetch(url)


@pytest.mark.parametrize(
    ("address", "within"),
    [
        ("http://127.0.0.1/", True),
        ("http://localhost:1/", True),
        ("http://[::1]/", True),
        ("http://10.1.2.3/", True),
        ("http://169.254.169.254/", True),
        ("http://93.184.215.14/", False),
        ("http://[2606:2800:21f:cb07::1]/", False),
    ],
)
def test_what_is_ones_own_network(address: str, within: bool) -> None:
    assert _is_within(address) is within


def test_no_redirect_leads_from_outside_into_ones_own_network() -> None:
    class Closed:
        def close(self) -> None:
            pass

    with pytest.raises(FetchError, match=r"leads into your own network, to http://127\.0\.0\.1/admin"):
        _Redirects("http://93.184.215.14/").redirect_request(None, Closed(), 302, "", {}, "http://127.0.0.1/admin")


REFUSED = [
    ("404", {"body": b"", "status": 404}, "no such page"),
    ("410", {"body": b"", "status": 410}, "taken away"),
    ("403", {"body": b"", "status": 403}, "refuses it"),
    ("401", {"body": b"", "status": 401}, "wants a login"),
    ("500", {"body": b"", "status": 500}, r"an error \(500\)"),
    ("a picture", {"body": b"x", "Content_Type": "image/png"}, "no page but image/png"),
    ("a PDF", {"body": b"%PDF", "Content_Type": "application/pdf; x=y"}, "no page but application/pdf"),
    ("nothing said", {"body": b"\x00\x01", "Content_Type": ""}, "no page"),
    ("large, and says so", {"body": b"", "Content_Length": str(MOST_BYTES + 1)}, "larger than 5 MB"),
    ("large", {"body": b"<p>" * (MOST_BYTES // 3 + 10)}, "larger than 5 MB"),
    ("a bomb", {"body": gzip.compress(b"<p>" * 20_000_000), "Content_Encoding": "gzip"}, "larger than 5 MB"),
    ("damaged", {"body": b"no gzip", "Content_Encoding": "gzip"}, "packed, and damaged"),
    ("unknown packing", {"body": b"x", "Content_Encoding": "br"}, "not known"),
]


@pytest.mark.parametrize(("what", "answer", "told"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_no_page_is_told(site: Site, what: str, answer: dict[str, Any], told: str) -> None:
    url = site.serve("/x", **answer)
    with pytest.raises(FetchError, match=told) as error:
        fetch(url)
    assert str(error.value).startswith(f"{url}: ")


def slow_header(handler: BaseHTTPRequestHandler) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" * 10:
        handler.wfile.write(bytes([letter]))
        handler.wfile.flush()
        time.sleep(0.05)


def slow_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"<p>")
        handler.wfile.flush()
        time.sleep(0.05)


def silence(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(5)


@pytest.mark.parametrize("temper", [slow_header, slow_body, silence])
def test_a_slow_server_keeps_nobody(site: Site, temper: Answer) -> None:
    site.answers["/slow"] = temper
    with pytest.raises(FetchError, match=r"did not come within|does not answer"):
        fetch(f"{site.address}/slow", patience=0.5)


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\x01 hello\r\n\r\n")


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


@pytest.mark.parametrize("temper", [nonsense, hangs_up])
def test_an_answer_without_sense_is_told(site: Site, temper: Answer) -> None:
    site.answers["/x"] = temper
    with pytest.raises(FetchError, match=r"makes no sense|connection broke"):
        fetch(f"{site.address}/x")


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="connection refused"):
        fetch(f"http://127.0.0.1:{port}/")


def test_a_host_that_does_not_exist_is_told(run: Run, workspace: Path) -> None:
    done = run("archive", "add", "http://no-such-host.invalid/x", cwd=workspace)
    assert done.code == 1
    assert "http://no-such-host.invalid/x: there is no such host" in done.stderr


def test_a_certificate_of_nobody_is_told(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with pytest.raises(FetchError, match="certificate is not to be trusted"):
        fetch(f"https://127.0.0.1:{server.server_port}/")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "news",
        "file:///etc/passwd",
        "ftp://example.org",
        "http://",
        "javascript:alert(1)",
        "http://a b/",
        "https://user@example.org",
    ],
)
def test_what_is_no_address_is_wrong_usage(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a web page"):
        fetch(address)


# --- the command ------------------------------------------------------------------------------------------------------


def test_it_is_shown_before_it_is_written(run: Run, workspace: Path, site: Site) -> None:
    url = site.serve("/news/bakers", page(FULL.replace("A bakery becomes", "A dairy becomes")))
    before = {path: path.read_bytes() for path in (workspace / "archive").rglob("*.yaml")}
    for answer, code in (("n\n", 0), ("", 2)):
        done = run("archive", "add", url, "--category", "news", cwd=workspace, stdin=answer)
        assert done.code == code
        assert "nothing was written" in done.stderr
        assert {path: path.read_bytes() for path in (workspace / "archive").rglob("*.yaml")} == before
    shown = yaml.safe_load(done.stdout)
    assert shown[0]["title"] == "A dairy becomes a cooperative"
    assert shown[0]["category"] == "News"
    assert "title: from JSON-LD NewsArticle (instead of: OG title; Twitter title" in done.stderr
    done = run("archive", "add", url, "--category", "news", cwd=workspace, stdin="y\n")
    assert done.code == 0, done.stderr
    assert "added 2020-03-14 a-dairy-becomes-a-cooperative" in done.stdout
    told = run("archive", "show", "a-dairy-becomes-a-cooperative", cwd=workspace).stdout
    assert f"source: {url}" in told or f'source: "{url}"' in told
    assert run("archive", "check", cwd=workspace).code == 0
    again = run("archive", "add", url, "--category", "news", "--yes", cwd=workspace)
    assert again.code == 0
    assert "added 0, unchanged 1" in again.stdout


def test_a_script_reads_json(run: Run, workspace: Path, site: Site) -> None:
    url = site.serve("/x", page("<title>News of May</title>"))
    looked = json.loads(run("archive", "add", url, "--json", cwd=workspace).stdout)
    assert looked["written"] is False
    assert looked["item"]["title"] == "News of May"
    assert {"field": "title", "value": "News of May", "where": "<title>", "taken": True} in looked["found"]
    assert run("archive", "search", "May", "--format", "json", cwd=workspace).stdout.strip() == "[]"
    done = json.loads(run("archive", "add", url, "--json", "--yes", "--date", "2020-05-02", cwd=workspace).stdout)
    assert done["written"] is True
    assert done["report"]["added"] == ["news-of-may"]
    assert (workspace / "archive/2020/2020-05.yaml").is_file()


def test_what_the_archive_has_otherwise_is_left_alone(run: Run, workspace: Path, site: Site) -> None:
    """The same story by its title and day; the page tells it in other words."""
    url = site.serve("/x", page(FULL))
    before = (workspace / "archive/2020/2020-03.yaml").read_bytes()
    done = run("archive", "add", url, "--category", "News", "--yes", cwd=workspace)
    assert done.code == 1
    assert "conflicting a-bakery-becomes-a-cooperative" in done.stdout
    assert (workspace / "archive/2020/2020-03.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("news",), "no address of a web page"), (("https://example.org", "--date", "soon"), "--date")],
)
def test_wrong_usage(run: Run, workspace: Path, arguments: tuple[str, ...], told: str) -> None:
    done = run("archive", "add", *arguments, cwd=workspace)
    assert done.code == 2
    assert told in done.stderr


def test_it_may_undo_nothing_in_a_terminal(run: Run, workspace: Path, site: Site) -> None:
    url = site.serve("/x", page("<title>\x1b[31mRed\x07</title><meta name=description content='\x1b]0;owned\x07text'>"))
    done = run("archive", "add", url, "--yes", cwd=workspace)
    assert done.code == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x07" not in done.stdout + done.stderr
