"""What the MJML engine does: facts that themes, the linter and the pipeline rest on.

An upgrade of mjml-python that changes one of these fails here; then the code that works around it is looked at.
"""

from __future__ import annotations

import re

import pytest
from mjml import mjml2html

from newsletter.render.components import facts


def convert(mjml: str) -> str:
    return str(mjml2html(mjml, disable_comments=False, fonts={}))


def document(body: str = "", head: str = "", attributes: str = "") -> str:
    return f"<mjml {attributes}><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>"


def column(inner: str) -> str:
    return document(f"<mj-section><mj-column>{inner}</mj-column></mj-section>")


def kept(inner: str, tag: str = "mj-text") -> str:
    """Return what becomes of ``inner`` within an mj-text."""
    result = convert(column(f"<{tag}>@@{inner}@@</{tag}>"))
    return result[result.index("@@") + 2 : result.rindex("@@")]


@pytest.mark.parametrize("tag", ["mj-text", "mj-raw"])
@pytest.mark.parametrize(
    "inner",
    [
        "<!--[if mso | IE]><table><tr><td><![endif]-->x<!--[if mso | IE]></td></tr></table><![endif]-->",
        '<!--[if mso]><v:roundrect xmlns:v="urn:x" href="u" arcsize="10%"><center>x</center></v:roundrect><![endif]-->',
        "<!--[if gte mso 9]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]-->",
        "<!--[if !mso]><!-->x<!--<![endif]-->",
        "<!--[if !mso]><!-- -->x<!-- <![endif]-->",
        "<!--[if !mso]>-->x<!--<![endif]-->",
        "<![if !mso]>x<![endif]>",
        "<!-- plain -->",
        "<style>a > b {}</style>",
        '<a href="https://example.org/?a=1&b=2&amp;c={{ x }}%20*|Y|*">&nbsp;&</a>',
        '<a title="a > b < c">x</a>',
        "<x:y>x</x:y>",
    ],
)
def test_comments_vml_and_addresses_come_through_whole(inner: str, tag: str) -> None:
    assert kept(inner, tag) == inner


@pytest.mark.parametrize(
    ("inner", "result"),
    [
        ("<br>", "<br />"),
        ("<!--[if mso]><w:anchorlock/><![endif]-->", "<!--[if mso]><w:anchorlock /><![endif]-->"),
        ("<v:fill></v:fill>", "<v:fill />"),
        ("<a\n href='x'\n>y</a>", '<a href="x">y</a>'),
        ("<a title='\"'>y</a>", '<a title="\\"">y</a>'),
        ("<b>x</i>", "<b>x</b>"),
        ("<mj-foo>x</mj-foo>", "<mj-foo>x</mj-foo>"),
    ],
)
def test_markup_is_written_anew(inner: str, result: str) -> None:
    assert kept(inner) == result


REFUSED = {
    "a < b": "unable to parse next template in root template",
    "<3": "unable to parse next template in root template",
    "<style>a < b {}</style>": "unable to parse next template in root template",
    "<a href=x>y</a>": "unable to parse next template in root template",
    '<a href="x"title="y">z</a>': "unable to parse next template in root template",
    "<!-- a -- b -->": "unable to parse next template in root template",
    "<b>": "unexpected end of stream in root template",
    "<!--[if mso]><b><![endif]-->": "unexpected end of stream in root template",
    "</b>": "unexpected token in root template at position",
    "<![CDATA[x]]>": "unexpected token in root template at position",
}


@pytest.mark.parametrize(("inner", "message"), REFUSED.items())
def test_what_it_refuses_and_how_little_it_says(inner: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        convert(column(f"<mj-text>{inner}</mj-text>"))


def test_a_tag_end_in_text_behind_a_letter_of_two_bytes_is_a_panic() -> None:
    with pytest.raises(BaseException, match="not a char boundary") as caught:
        convert(column("<mj-text>é/></mj-text>"))
    assert type(caught.value).__name__ == "PanicException"


def test_a_position_counts_bytes() -> None:
    mjml = document(head="<mj-title>é</mj-title><mj-foo/>")
    with pytest.raises(ValueError, match=f"position {len(mjml[: mjml.index('<mj-foo')].encode()) + 1}:"):
        convert(mjml)


@pytest.mark.parametrize(
    "head", ["<mj-html-attributes></mj-html-attributes>", "<mj-foo/>", "<mj-title>x</mj-title> \n"]
)
def test_the_head_takes_no_unknown_tag_and_no_space_behind_a_tag(head: str) -> None:
    with pytest.raises(ValueError, match="unexpected"):
        convert(document(head=head))
    assert "<title>x</title>" in convert(document(head="\n  <mj-title>x</mj-title>\n  <!-- c -->\n"))


def test_unknown_attributes_and_wrong_nesting_pass_in_silence() -> None:
    assert convert(column('<mj-text data-at="a:1" foo="2">x</mj-text>')) == convert(column("<mj-text>x</mj-text>"))
    assert "x" in convert(document("<mj-section><mj-text>x</mj-text></mj-section>"))
    assert "x" in convert(column("<mj-text>x</mj-tex>"))


def test_a_tag_of_one_region_closed_in_another_swallows_what_is_between() -> None:
    halves = "<mj-raw><!--[if mso]>{}<![endif]--></mj-raw>"
    result = convert(document(halves.format("<td>") + "<mj-section></mj-section>" + halves.format("</td>")))
    assert "<mj-section>" in result


def test_language_and_direction_of_the_document_are_kept() -> None:
    result = convert(document(attributes='lang="ar" dir="rtl"'))
    assert re.search(r'<html lang="ar" dir="rtl"', result)
    assert re.search(r'<div [^>]*role="article" lang="ar" dir="rtl"', result)
    assert '<html lang="und" dir="auto"' in convert(document())


def test_a_style_to_inline_stays_a_style() -> None:
    result = convert(document(head='<mj-style inline="inline">.a { color: red }</mj-style>'))
    assert '<style type="text/css">.a { color: red }</style>' in result


def test_fonts_come_from_google_unless_told_otherwise() -> None:
    text = column('<mj-text font-family="Roboto">x</mj-text>')
    assert "fonts.googleapis.com" in mjml2html(text)
    assert "fonts.googleapis.com" not in convert(text)
    own = document(
        "<mj-section><mj-column><mj-text font-family='Inter'>x</mj-text></mj-column></mj-section>",
        '<mj-font name="Inter" href="https://example.org/inter.css" />',
    )
    assert "@import url(https://example.org/inter.css)" in convert(own)


def test_a_social_link_becomes_a_sharing_link_unless_told_otherwise() -> None:
    element = '<mj-social><mj-social-element name="{}" href="https://example.org/x">x</mj-social-element></mj-social>'
    assert "sharer.php?u=https://example.org/x" in convert(column(element.format("facebook")))
    assert "sharer" not in convert(column(element.format("facebook-noshare")))


def test_the_same_document_gives_the_same_bytes() -> None:
    mjml = column(
        '<mj-carousel><mj-carousel-image src="u"/></mj-carousel><mj-navbar hamburger="hamburger"></mj-navbar>'
    )
    assert convert(mjml) == convert(mjml)


@pytest.mark.parametrize(
    ("tag", "attribute"),
    [("mj-text", "background-color"), ("mj-spacer", "border"), ("mj-table", "role"), ("mj-table", "font-weight")],
)
def test_attributes_of_mjml_that_have_no_effect(tag: str, attribute: str) -> None:
    assert attribute in facts().components[tag].ignored
    assert convert(column(f'<{tag} {attribute}="1px solid red"></{tag}>')) == convert(column(f"<{tag}></{tag}>"))


SAFE = sorted(
    name
    for name, component in facts().components.items()
    if component.content == "html" and any(name in facts().components[p].children for p in ("mj-column", "mj-hero"))
)


@pytest.mark.parametrize("tag", SAFE)
def test_where_a_conditional_comment_may_stand(tag: str) -> None:
    mjml = column(f"<{tag}><!--[if mso]>x<![endif]--></{tag}>")
    if facts().components[tag].conditional:
        assert "<!--[if mso]>x<![endif]-->" in convert(mjml)
    else:
        with pytest.raises(ValueError, match="unexpected token"):
            convert(mjml)
