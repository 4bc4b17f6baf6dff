"""Content is untrusted: whatever comes in is visible text, well-formed, and changes nothing around it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import mjml
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from newsletter.content import (
    TextBlock,
    clean,
    dropped,
    inline_html,
    own_part,
    plain,
    safe_url,
    text_blocks,
    to_html,
)
from newsletter.content import markdown as md
from newsletter.render.text import Links

HOSTILE = [
    "<script>alert(1)</script>",
    "</mj-text></mj-column>",
    "{{ 7*7 }} {{7*7}}",
    "{% x %}{# y #}",
    "*|UNSUB|* and *|IF:X|*",
    "%%unsubscribe%% [unsubscribe] <%= x %>",
    "]]>",
    "a --> b --!> c",
    "<!--[if mso]><table><![endif]-->",
    "<!--",
    "<![CDATA[ x ]]>",
    "\"double\" 'single' `",
    "<a href=\"javascript:alert(1)\" onclick='x'>y</a>",
    "[click](javascript:alert(1))",
    "[click](data:text/html;base64,x)",
    "<javascript:alert(1)>",
    "[relative](/path) [protocol](//evil.example)",
    "x" * 5000,
    "👩‍👩‍👧 🏳️‍🌈 ❤️ 🇮🇷",
    "التعاونيات في العالم می‌خواهم",
    "> " * 60 + "deep",
    "- " * 60 + "deep",
    "\n".join("  " * depth + f"- level{depth}" for depth in range(60)),
    "```{{ info }}\nx\n```",
    "<style>*{display:none}</style>",
]

PIECES = st.lists(
    st.sampled_from(
        [
            *"aB2 \n\t&-#>+\\*_`|!é漢\u00a0\u3000\u202e\u2069\ufeff\x0b\u2028",
            *("  ", "    ", "\n\n", "\r\n", "1.", "12)", "---", "===", "~~~", "&amp;", "&#65;", "&#x202e;"),
            *("[x]", "[y](http://x.y 'z')", "![i](u)", "<b>", "<http://x.y>", "[r]: http://x.y\n"),
        ]
    )
).map("".join)


def tree(html: str) -> etree._Element:
    """Parse as strictly as XML does, which knows no named entity but five and no open element."""
    return etree.fromstring(f"<div>{html}</div>")


def visible(html: str) -> str:
    return "".join(tree(html).itertext())


# Characters


@pytest.mark.parametrize(
    ("text", "expected", "count"),
    [
        ("as it is\tand\nso on", "as it is\tand\nso on", 0),
        ("a\r\nb\rc\n", "a\nb\nc\n", 0),
        ("a\u2028b\u2029c", "a\nb\n\nc", 0),
        ("a\x00b\x08\x0b\x0c\x1b[31m\x7f\x85\x9f", "ab[31m", 8),
        ("\ufeffBOM \ud800\udfff\ufffe\uffff\ufdd0\U0001ffff\U0010fffe.", "BOM .", 8),
        ("zwj\u200d zwnj\u200c \u200e\u200f\u061c", "zwj\u200d zwnj\u200c \u200e\u200f\u061c", 0),
        ("\u202eevil", "\u202eevil\u202c", 0),
        ("\u2067a\u202bb", "\u2067a\u202bb\u202c\u2069", 0),
        ("\u202aa\u202c done", "\u202aa\u202c done", 0),
        ("stray\u202c\u2069", "stray", 2),
        ("\u2066a\u202c\u2069", "\u2066a\u2069", 1),  # a PDF does not end an isolate
        ("\u2066a\u202eb\u2069c", "\u2066a\u202eb\u2069c", 0),  # a PDI ends what is open within
        ("\u2066a\u202eb\u2069c\u202c", "\u2066a\u202eb\u2069c", 1),
        ("🇮🇷 👩‍👩‍👧", "🇮🇷 👩‍👩‍👧", 0),
    ],
)
def test_clean(text: str, expected: str, count: int) -> None:
    assert clean(text) == expected
    assert dropped(text) == count


def test_every_control_but_tab_and_line_ends_is_dropped() -> None:
    for code in [*range(0x20), *range(0x7F, 0xA0)]:
        assert clean(f"a{chr(code)}b") == {9: "a\tb", 10: "a\nb", 13: "a\nb"}.get(code, "ab")


def test_clean_text_is_the_same_object() -> None:
    text = "Coopératives : 3 %, l’économie\nsociale"
    assert clean(text) is text


@given(st.text(st.sampled_from("ab \n\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\ufeff")) | st.text())
def test_clean_twice_is_clean_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert dropped(once) == 0


# Addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.ilo.org/a/b?c=d&e=%20#f", "https://www.ilo.org/a/b?c=d&e=%20#f"),
        (" https://www.ilo.org \n", "https://www.ilo.org"),
        ("HTTPS://WWW.Ilo.org/Path", "https://www.ilo.org/Path"),
        ("http://x.org:8080/", "http://x.org:8080/"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]:80/x"),
        ("https://x.org/a b\"c'd<e>f", "https://x.org/a%20b%22c%27d%3Ce%3Ef"),
        ("https://x.org/é/協", "https://x.org/%C3%A9/%E5%8D%94"),
        ("https://x.org/\u202egpj", "https://x.org/%E2%80%AEgpj"),
        ("https://x.org/100%/%zz/%41", "https://x.org/100%25/%25zz/%41"),
        ("https://x.org/{{ x }}/*|U|*/[u]", "https://x.org/%7B%7B%20x%20%7D%7D/*%7CU%7C*/%5Bu%5D"),
        ("https://x.org/#a#b", "https://x.org/#a%23b"),
        ("https://x.org/a\\b", "https://x.org/a%5Cb"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("mailto:coop@ilo.org?subject=Hello there", "mailto:coop@ilo.org?subject=Hello%20there"),
        ("MAILTO:a@b.org,c@d.org", "mailto:a@b.org,c@d.org"),
        ("tel:+41-22-799-61-11;ext=5", "tel:+41-22-799-61-11;ext=5"),
    ],
)
def test_addresses_that_may_be_linked(url: str, expected: str) -> None:
    assert safe_url(url) == expected
    assert safe_url(expected) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "/path", "//evil.org", "?q", "#f", "ftp://x.org", "file:///etc/passwd", "javascript:alert(1)"),
        *(
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "cid:1",
            "\x01https://x.org",
        ),
        *("https://", "https:///x", "https:x.org", "https://a b.org/", "https://x.org/a\nb", "https://x.org/a\tb"),
        *("https://x.org/\x00", "https://user@x.org/", "https://user:pw@x.org/", "https://good.org\\@evil.org/"),
        *(
            "https://good.org\\.evil.org",
            "https://x..org/",
            "https://.x.org",
            "https://x.org:port/",
            "https://%65vil.org/",
        ),
        *("https://good.org／evil.org", "https://x\u200b.org/", "https://{{x}}/", "https://x.org/\ud800"),
        *("mailto:", "mailto:nobody", "mailto:a b@x.org\r\nBcc: y", "mailto:a%0ABcc:b@x.org", "tel:", "tel:call me"),
    ],
)
def test_addresses_that_may_not(url: str) -> None:
    assert safe_url(url) is None


@given(st.text() | st.tuples(st.sampled_from(["http://x", "https://", "mailto:a@", "tel:1"]), st.text()).map("".join))
def test_a_safe_address_can_stand_anywhere(url: str) -> None:
    safe = safe_url(url)
    if safe is not None:
        assert re.fullmatch(r"(https?://|mailto:|tel:)[!#-&(-;=?-Z\[\]_a-z~]+", safe)
        assert safe_url(safe) == safe


# Markdown to HTML


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n \n", ""),
        ("One.\nStill one.\n\nTwo & <three>", "<p>One.\nStill one.</p>\n<p>Two &amp; &lt;three&gt;</p>"),
        ("**b** *i* `c`", "<p><strong>b</strong> <em>i</em> <code>c</code></p>"),
        ("a  \nb\\\nc", "<p>a<br />\nb<br />\nc</p>"),
        ("# A\n## B\n### C\n###### F", "<h3>A</h3>\n<h3>B</h3>\n<h4>C</h4>\n<h4>F</h4>"),
        ("A\n===\nB\n---", "<h3>A</h3>\n<h3>B</h3>"),
        ("a\n\n***\n\nb", "<p>a</p>\n<hr />\n<p>b</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("5. a", '<ol start="5">\n<li>a</li>\n</ol>'),
        ("1986. A year", '<ol start="1986">\n<li>A year</li>\n</ol>'),
        ("> q", "<blockquote>\n<p>q</p>\n</blockquote>"),
        ("    no code", "<p>no code</p>"),
        ('[a](https://x.org/ö "t")', '<p><a href="https://x.org/%C3%B6">a</a></p>'),
        ("<https://x.org>", '<p><a href="https://x.org">https://x.org</a></p>'),
        ("[r]\n\n[r]: https://x.org", '<p><a href="https://x.org">r</a></p>'),
        ("![a *picture* `x`](https://x.org/p.png)", "<p>a <em>picture</em> <code>x</code></p>"),
        ("[![logo](x.png)](https://x.org)", '<p><a href="https://x.org">logo</a></p>'),
        ("![a [b](http://c)](d)", "<p>a b</p>"),
        ("![](x.png)\n\nb", "<p>b</p>"),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
        ("[*a*]()", "<p>[<em>a</em>]()</p>"),
        ("&copy; &amp; &nbsp;. &#x202e; &#xfeff; &#0;", "<p>© &amp; \u00a0. &amp;#x202e; &amp;#xfeff; \ufffd</p>"),
        ("R&D at 3.5 % > 2", "<p>R&amp;D at 3.5 % &gt; 2</p>"),
        ("www.ilo.org and https://ilo.org", '<p>www.ilo.org and <a href="https://ilo.org">https://ilo.org</a></p>'),
        ("a | b\n--|--\nc | d", "<p>a | b\n--|--\nc | d</p>"),
        ("*|FNAME|* **|x|**", "<p>*|FNAME|* <strong>|x|</strong></p>"),
        ("\x00a\u202eb", "<p>a\u202eb\u202c</p>"),
    ],
)
def test_to_html(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_content_is_visible_and_contained(text: str) -> None:
    html = to_html(text)
    words = re.findall(r"\w+", text)
    assert re.findall(r"\w+", visible(html)) == words
    assert not re.search(r"<(?!/?(?:p|br|em|code|ul|li|blockquote)\b)|-->|\]\]>", html)
    page = mjml.mjml2html(
        "<mjml><mj-body><mj-section><mj-column><mj-text>before</mj-text>"
        f"<mj-text>{html}</mj-text><mj-text>after</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    assert html in page
    assert page.index("before") < page.index(html) < page.index("after")
    assert re.findall(r"\w+", plain(text)) == words


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% x %}", "*|UNSUB|*", "]]>", "-->", "<!--[if mso]>", "</mj-text>"])
def test_syntax_of_others_comes_out_as_written(text: str) -> None:
    assert visible(to_html(text)) == visible(inline_html(text)) == plain(text) == text


@given(PIECES | st.text())
@example("[a](<http://x.y/\n>)")
def test_html_is_well_formed_with_allowed_elements_only(text: str) -> None:
    for html in (to_html(text), inline_html(text)):
        for element in tree(html).iterdescendants():
            assert element.tag in md.TAGS
            allowed = {"a": ["href"], "ol": ["start"]}.get(element.tag, [])
            assert [name for name in element.keys() if name not in allowed] == []  # noqa: SIM118 - lxml's
            if element.tag == "a":
                assert safe_url(element.get("href")) == element.get("href")
        assert clean(visible(html)) == visible(html)


@given(PIECES | st.text(st.sampled_from("ab1. \n\n-#>=+)~&;'\"|!\u00a0\u3000é")))
@example("a \n    b\n\n \n  c ")
@example("a\n=")
@example("1.\n")
@example("a &amp b & c &")
def test_the_short_way_is_the_parsers_way(text: str) -> None:
    paragraphs = md.plain_paragraphs(text)
    if paragraphs is not None:
        assert to_html(text) == md._to_html.__wrapped__(text)
        assert inline_html(text).split() == md._inline_html.__wrapped__(text).split()
        tokens = md.parse(text)
        assert tokens is not None
        found = [re.sub(" *\n *", "\n", token.content) for token in tokens if token.type == "inline"]
        assert tuple(found) == paragraphs


@pytest.mark.parametrize(
    "text",
    ["Plain text.", "R&D, AT&T & more", "a\n\nb\nc", "3.5 million\n2017 was", "l’économie – sociale", "x > y"],
)
def test_ordinary_text_needs_no_parser(text: str) -> None:
    assert md.plain_paragraphs(text) is not None


def test_plain_text_imports_no_parser() -> None:
    program = (
        "import sys; from newsletter.content import to_html, plain, text_blocks\n"
        "from newsletter.render.text import wrap\n"
        "to_html('Plain & simple.'); plain('é'); text_blocks('a\\n\\nb', lambda label, url: label); wrap('é – “x”')\n"
        "print(sorted({'markdown_it', 'nh3', 'wcwidth'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@given(st.lists(st.sampled_from(["a", "Bc", " ", "\n", "*", "_", "`", "#", "> ", "- ", "1. ", "<", "|", "!", "~"])))
def test_no_letter_is_lost(parts: list[str]) -> None:
    text = "".join(parts)
    letters = re.findall("[aBc]", text)
    assert re.findall("[aBc]", visible(to_html(text))) == letters
    assert re.findall("[aBc]", plain(text)) == letters
    assert re.findall("[aBc]", "".join(block.text for block in text_blocks(text, lambda label, _: label))) == letters


def test_inline_html_has_no_blocks() -> None:
    assert inline_html("1. *a* and [b](https://x.org)\n\n# c") == (
        '1. <em>a</em> and <a href="https://x.org">b</a>\n\n# c'
    )


# Markdown to text


def test_text_blocks() -> None:
    source = (
        "# Head\n\nA **bold *and* more** [label](https://x.org)\nline.  \nNext\n\n- one\n- two\n\n  more\n"
        "  1. deep\n  2. er\n\n> said\n>\n> - x\n> - y\n\n---\n\n![pic](p.png)"
    )
    assert text_blocks(source, lambda label, url: f"{label} <{url}>") == [
        TextBlock("Head", kind="heading"),
        TextBlock("A *bold and more* label <https://x.org> line.\nNext"),
        TextBlock("one", "- ", "  "),
        TextBlock("two", "- ", "  "),
        TextBlock("more", "  ", "  "),
        TextBlock("deep", "  1. ", "     ", tight=True),
        TextBlock("er", "  2. ", "     ", tight=True),
        TextBlock("said", "> ", "> "),
        TextBlock("x", "> - ", ">   "),
        TextBlock("y", "> - ", ">   ", tight=True),
        TextBlock("", kind="rule"),
        TextBlock("pic"),
    ]


def test_a_list_is_tight_but_stands_apart() -> None:
    blocks = text_blocks("a\n- b\n  - c\n-\n- d\n\ne", lambda label, _: label)
    assert [(block.first + block.text, block.tight) for block in blocks] == [
        ("a", False),
        ("- b", False),
        ("  - c", True),
        ("- ", True),
        ("- d", True),
        ("e", False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\n two \n\nthree", "One two three"),
        ("**a** [b](https://x.org) `c`\n\n---\n\n> d\n\n- e\n- f", "a b c d e f"),
        ("5. Kongress", "5. Kongress"),
        ("3\u00a0% *x*", "3\u00a0% x"),
        ("![alt](x.png)", "alt"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


# Series blurbs

SPOTLIGHT = '"Spotlight Interviews with Cooperators" is a series of interviews - with leaders.'


@pytest.mark.parametrize(
    ("summary", "own"),
    [
        (SPOTLIGHT, ""),
        (SPOTLIGHT + " For this issue “x”\n- *y* ", "For this issue “x”\n- *y* "),
        (SPOTLIGHT + "\n\nOwn.", "Own."),
        ("“spotlight  INTERVIEWS with\nCo-operators” is a series of interviews — with leaders. Own", "Own"),
        ("«Spotlight Interviews with Co‑operators» is a series of interviews with leaders! Own", "Own"),
        (SPOTLIGHT[:-1], ""),
        (SPOTLIGHT[:-1] + "\nOwn", "Own"),
        (SPOTLIGHT[:-1] + ", and more. Own", None),
        (SPOTLIGHT[:-1] + "hip. Own", None),
        (SPOTLIGHT[:-1] + " of the world. Own", None),
        (SPOTLIGHT[:40], None),
        ("Own. " + SPOTLIGHT, None),
        ("", None),
    ],
)
def test_own_part(summary: str, own: str | None) -> None:
    assert own_part(summary, SPOTLIGHT) == (summary if own is None else own)


def test_own_part_without_spaces_between_sentences() -> None:
    assert own_part("協同組合の連載です。今月は東京。", "協同組合の連載です。") == "今月は東京。"


def test_own_part_needs_a_blurb() -> None:
    assert own_part("Own", "") == own_part("Own", " - ") == "Own"


def test_own_part_of_the_seed() -> None:
    archive = (Path(__file__).parent.parent / "newsletter.yaml").read_text("utf-8")
    blurbs = [" ".join(text.split()) for text in re.findall(r"blurb: >-\n((?:      .*\n)+)", archive)]
    first, second = blurbs
    assert own_part(f"{first} For this issue ILO interviewed Ms X.", first) == "For this issue ILO interviewed Ms X."
    assert own_part(second, second) == ""


@given(st.text(min_size=1), st.text())
def test_own_part_is_the_end_of_the_summary(blurb: str, rest: str) -> None:
    for summary in (rest, f"{blurb}. {rest}"):
        assert summary.endswith(own_part(summary, blurb))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("See https://example.org/a?b=1&c=2.", '<p>See <a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>.</p>'),
        ("(http://example.org/x), a", '<p>(<a href="http://example.org/x">http://example.org/x</a>), a</p>'),
        ("https://example.org/_a_b_", '<p><a href="https://example.org/_a_b_">https://example.org/_a_b_</a></p>'),
        ("[here](https://example.org)", '<p><a href="https://example.org">here</a></p>'),
        ("`https://example.org`", "<p><code>https://example.org</code></p>"),
        ("https://user@example.org/x", "<p>https://user@example.org/x</p>"),
        ("ftp://example.org, javascript://x, //example.org", "<p>ftp://example.org, javascript://x, //example.org</p>"),
        ("a@example.org, example.org", "<p>a@example.org, example.org</p>"),
    ],
)  # fmt: skip
def test_a_bare_address_leads_there(text: str, html: str) -> None:
    assert to_html(text) == html
    assert md.to_html(f"{text}\n\n*x*").startswith(html)


def test_a_bare_address_stands_once_in_a_text() -> None:
    links = Links()
    assert (
        links.prose("See https://example.org/a. Or [x](https://example.org/b)") == "See https://example.org/a. Or x [1]"
    )
    assert links.listing() == "[1] https://example.org/b"
