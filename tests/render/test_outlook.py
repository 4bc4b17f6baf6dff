"""What Outlook for Windows makes of a mail: it reads what conditional comments hold, everybody else reads past them."""

from __future__ import annotations

import operator
import re
from html.parser import HTMLParser

import lxml.etree
import lxml.html
import pytest
from conftest import Mails

from newsletter.render.theme import Theme

FEATURE = re.compile(r"(?:(lte|lt|gte|gt) )?(mso|vml|IE)(?: (\d+))?")


ORDERS = {"lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge, None: operator.eq}


def holds(condition: str) -> bool:
    """Evaluate a condition as Outlook 2016 and later do: ``mso 16``, no Internet Explorer."""

    def feature(match: re.Match[str]) -> str:
        order, name, version = match.groups()
        return str(ORDERS[order](16, int(version or 16)) if name == "mso" else name == "vml")

    said = FEATURE.sub(feature, condition).replace("!", " not ").replace("|", " or ").replace("&", " and ")
    assert re.fullmatch(r"(?:True|False|not|or|and|[() ])+", said), condition
    return bool(eval(said.strip()))


def as_outlook(html: str) -> str:
    """Return the HTML that Outlook reads: what its conditions hold, nothing of what they keep from it."""
    html = re.sub(r"<!--\[if ([^\]]+)\]><!-->(.*?)<!--<!\[endif\]-->", _kept, html, flags=re.DOTALL)
    html = re.sub(r"<!--\[if ([^\]]+)\]>(.*?)<!\[endif\]-->", _kept, html, flags=re.DOTALL)
    return as_everybody(html)


def _kept(match: re.Match[str]) -> str:
    return match[2] if holds(match[1]) else ""


def as_everybody(html: str) -> str:
    """Return the HTML that all others read: without comments."""
    return re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("mso", True), ("!mso", False), ("mso | IE", True), ("IE", False), ("gte mso 9", True), ("lte mso 11", False),
        ("(gte mso 9)|(IE)", True), ("mso 16", True), ("mso 15", False), ("!(IE)", True), ("(mso)&(lt mso 16)", False),
    ],
)  # fmt: skip
def test_conditions_are_evaluated_as_outlook_does(condition: str, expected: bool) -> None:
    html = f"a<!--[if {condition}]>b<![endif]-->c<!--[if {condition}]><!-->d<!--<![endif]-->e<!-- f -->"
    assert as_outlook(html) == ("abcde" if expected else "ace")
    assert as_everybody(html) == "acde"


VOID = frozenset(("br", "col", "hr", "img", "input", "link", "meta"))
BLOCKS = frozenset(("blockquote", "div", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "table", "td", "tr", "ul"))
PARENTS = {
    "td": ("tr",),
    "th": ("tr",),
    "tr": ("table", "tbody", "thead"),
    "tbody": ("table",),
    "li": ("ul", "ol"),
}
ONLY = {"table": ("tbody", "thead", "tr"), "tbody": ("tr",), "tr": ("td", "th"), "ul": ("li",), "ol": ("li",)}


class Strict(HTMLParser):
    """Notes what an HTML parser would have to mend: tags that do not match, and what may not stand where it does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.mistakes: list[str] = []
        self.comments = 0
        self.feed(html)
        self.close()
        self.mistakes += [f"<{name}> is not closed" for name in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        parent = self.open[-1] if self.open else ""
        if parent not in PARENTS.get(tag, (parent,)) or tag not in ONLY.get(parent, (tag,)):
            self._note(f"<{tag}> in <{parent}>")
        if (tag in BLOCKS and "p" in self.open) or (tag == "a" and "a" in self.open):
            self._note(f"<{tag}> somewhere in a <{'p' if tag in BLOCKS else tag}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and ":" not in tag:
            self._note(f"<{tag}/> closes nothing")
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self._note(f"</{tag}> within {self.open}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open and self.open[-1] in ONLY:
            self._note(f"text in <{self.open[-1]}>: {data.strip()[:40]}")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self.comments += 1

    def _note(self, what: str) -> None:
        self.mistakes.append(f"{what}, at {self.getpos()}")


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<table><tr><td>x</td></tr></table>", 0),
        ("<p>x<br>y<img src=z />", 1),
        ("<table><tr><td>x</tr></table>", 3 + 2),  # and from there on nothing matches
        ("<table><td>x</td></table>", 1),
        ("<tr></tr>", 1),
        ("<table>x<tr></tr></table>", 1),
        ("<p><b><p></p></b></p>", 1),
        ("<a><b><a>x</a></b></a>", 1),
        ("<div/>", 1),
        ("<v:a/><w:b />", 0),
    ],
)
def test_a_strict_look_finds_what_a_parser_mends(html: str, told: int) -> None:
    assert len(Strict(html).mistakes) == told


def test_outlook_and_all_others_read_sound_html(mails: Mails) -> None:
    for html, message in mails:
        for view in (as_outlook(html), as_everybody(html), message.web):
            assert Strict(view).mistakes == []


def test_conditional_comments_are_comments_everywhere(mails: Mails) -> None:
    """None is escaped, none stands in an attribute, a title or a style; and none is in the web version."""
    for html, message in mails:
        comments = re.findall(r"<!--.*?-->", html, re.DOTALL)
        assert Strict(html).comments == len(comments) > 0
        for view in (as_outlook(html), as_everybody(html), message.web):
            assert not re.search(r"\[if\b|\[endif\]|<!\[|--(?:>|&gt;)|&lt;!", view)
        assert comments.count("<!--[if !mso]><!-->") == comments.count("<!--<![endif]-->")


def test_others_see_nothing_of_what_outlook_needs(mails: Mails) -> None:
    for html, message in mails:
        for view in (as_everybody(html), message.web):
            assert not re.search(r"</?[vwo]:|<xml\b|PixelsPerInch", view)
        assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in as_outlook(html)


def style(element: lxml.html.HtmlElement) -> dict[str, str]:
    """Return the declarations of an element's style attribute."""
    pairs = (part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def colour(value: str) -> str:
    """Return ``#abc`` as ``#aabbcc``: the inliner shortens some."""
    return f"#{''.join(2 * digit for digit in value[1:])}" if len(value) == 4 else value


BUTTON = re.compile(
    r"<!--\[if mso\]>(<v:roundrect\b.*?</v:roundrect>)<!\[endif\]-->"
    r"<!--\[if !mso\]><!-->(<a\b[^>]*>[^<]*</a>)<!--<!\[endif\]-->",
    re.DOTALL,
)
VML = "{urn:schemas-microsoft-com:vml}"
WORD = "{urn:schemas-microsoft-com:office:word}"


def test_a_button_is_a_shape_for_outlook_and_a_link_for_all_others(mails: Mails, theme: Theme) -> None:
    """A link on a ground of its own is a button; Outlook paints no padding around a link, and gets VML for it."""
    for number, (html, _) in enumerate(mails):
        painted = [a for a in lxml.html.document_fromstring(as_everybody(html)).iter("a") if "background" in style(a)]
        buttons = BUTTON.findall(html)
        assert len(painted) == len(buttons) == html.count("<v:roundrect")
        assert bool(buttons) or number > 0, "the first of the made-up issues has a lead, and the lead a button"
        for vml, a in buttons:
            shape, link = lxml.etree.fromstring(vml), lxml.html.fragment_fromstring(a)
            anchorlock, center = shape
            assert (shape.tag, anchorlock.tag, center.tag) == (f"{VML}roundrect", f"{WORD}anchorlock", "center")
            assert shape.get("href") == link.get("href")
            assert center.text == link.text
            assert shape.get("fillcolor") == colour(style(link)["background"]) == theme.tokens["accent"]
            assert style(center)["color"] == colour(style(link)["color"])
            assert "font" in style(center)
            assert shape.get("stroke") == "f"
            assert re.fullmatch(r"\d{1,2}%", shape.get("arcsize"))
            assert style(shape)["v-text-anchor"] == "middle"
            assert int(style(shape)["height"].removesuffix("px")) >= 44
            assert int(style(shape)["width"].removesuffix("px")) >= 44


def test_outlook_does_not_cut_a_button(mails: Mails) -> None:
    """Word cuts what is higher than its line: the line that a shape stands in is as high as the shape."""
    for html, _ in mails:
        document = lxml.html.document_fromstring(as_outlook(html))
        for shape in document.iter("v:roundrect"):
            heights = [style(e)["line-height"] for e in shape.iterancestors() if "line-height" in style(e)]
            assert heights[0] == style(shape)["height"]


def test_all_of_a_mail_stands_in_tables_of_its_width(mails: Mails, theme: Theme) -> None:
    """Outlook knows no max-width: it needs tables whose width is a number."""
    width = int(theme.tokens["width"].removesuffix("px"))
    for html, message in mails:
        document = lxml.html.document_fromstring(as_outlook(html))
        texts = [
            text for text in document.xpath("//body//text()[normalize-space()]") if text.getparent().tag != "style"
        ]
        assert len(texts) > 4
        for text in texts:
            around = [text.getparent(), *text.getparent().iterancestors()]
            if any(style(element).get("display") == "none" for element in around):
                continue  # the preheader
            assert str(width) in [element.get("width") for element in around if element.tag == "table"], text
        assert message.edition.publication.title in " ".join(texts)


def test_outlook_jumps_where_all_others_do(mails: Mails) -> None:
    """Outlook jumps to names, the others to ids."""
    for html, _ in mails:
        outlook = lxml.html.document_fromstring(as_outlook(html))
        others = lxml.html.document_fromstring(as_everybody(html))
        wanted = {href[1:] for href in others.xpath("//a/@href") if href.startswith("#")}
        assert wanted <= set(others.xpath("//@id"))
        assert wanted <= set(outlook.xpath("//a/@name"))
