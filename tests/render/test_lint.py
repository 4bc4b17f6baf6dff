"""A template's mistakes, each with its line and column; and legal templates, which get none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.render.components import facts
from newsletter.render.lint import lint
from newsletter.render.markup import blank, mark


def told(source: str) -> list[str]:
    return [str(problem) for problem in lint(source, "part.mjml")]


def text(inner: str) -> str:
    return f"<mj-text>{inner}</mj-text>"


def section(inner: str) -> str:
    return f"<mj-section><mj-column>{inner}</mj-column></mj-section>"


BUTTON = """<mj-raw>
<!--[if mso]>
<v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w="urn:schemas-microsoft-com:office:word"
  href="{{ url }}" style="height:40px;v-text-anchor:middle;width:200px;" arcsize="10%" fillcolor="#0d3b66">
  <w:anchorlock/>
  <center style="color:#fff;">{{ label }}</center>
</v:roundrect>
<![endif]-->
<!--[if !mso]><!-- --><a href="{{ url }}" title="a > b">{{ label }}</a><!--<![endif]-->
</mj-raw>"""

DOCUMENT = """<mjml lang="{{ edition.language }}" dir="{{ direction }}">
<mj-head>
  <mj-title>{{ edition.subject }}</mj-title>{# no space here -#}
  <mj-preview>{{ edition.preheader }}</mj-preview>
  {% if fonts %}
  <mj-font name="Inter" href="https://example.org/inter.css" />
  {% endif %}
  <!-- a comment -->
  <mj-attributes>
    <mj-all font-family="{{ tokens.font }}" padding="0" />
    <mj-class name="small" font-size="12px" />
    <mj-text color="#222222" line-height="1.5" />
  </mj-attributes>
  <mj-style>
    td > a:hover { color: {{ tokens.link }}; }
    @media (max-width: 480px) { .card { padding: 0 } }
  </mj-style>
  <mj-style inline="inline">.title { font-weight: 700 }</mj-style>
  <mj-raw>
    <meta name="color-scheme" content="light dark">
    <style data-premailer="ignore">[data-ogsc] .a > b { color: #fff } u + .body .x { margin: 0 }</style>
    <!--[if mso]><style>td { mso-line-height-rule: exactly }</style><![endif]-->
  </mj-raw>
</mj-head>
<mj-body background-color="#ffffff" css-class="body">
  <mj-raw><div class="preheader">{{ "&zwnj;&nbsp;"|safe * 30 }}</div></mj-raw>
  {% for section in edition.sections if section.items|length < 9 %}
  <mj-section padding="24px 0" {% if loop.first %}css-class="first"{% endif %}>
    <mj-column>{{ heading(section) }}</mj-column>
  </mj-section>
  {% else %}
  <mj-section><mj-column><mj-spacer height="1px" /></mj-column></mj-section>
  {% endfor %}
</mj-body>
</mjml>"""

LEGAL = {
    "document": DOCUMENT,
    "VML button": BUTTON,
    "ghost table": "<mj-raw><!--[if mso | IE]><table><tr><td><![endif]--><div>x</div>"
    "<!--[if mso | IE]></td></tr></table><![endif]--></mj-raw>",
    "revealed": text("<!--[if !mso]><!-->x<!--<![endif]-->"),
    "revealed, the other way": text("<!--[if !mso]>-->x<!--<![endif]-->"),
    "downlevel": text("<![if !mso]>x<![endif]>"),
    "office settings": "<mj-raw><!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/>"
    "<o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]--></mj-raw>",
    "void element in a comment": text("<!--[if mso]><br>&nbsp;<![endif]-->"),
    "style with selectors": "<mj-raw><style>a > b { color: red } a:hover > i {}</style></mj-raw>",
    "quotes with signs in them": text("<a href='x' title=\"a > b < c\">y</a>"),
    "Jinja in a value": text("<a href=\"{{ url if a < b else '#' }}\">y</a>"),
    "Jinja as an attribute": '<mj-text {{ attributes }} {{ name }}="1" {% if a %}color="red"{% endif %}>x</mj-text>',
    "Jinja in an attribute's name": '<mj-text padding-{{ side }}="1px"'
    ' padding{% if a %}-top{% endif %}="1">x</mj-text>',
    "Jinja in a tag's name": "<h{{ level }}>x</h{{ level }}><h{% if a %}1{% else %}2{% endif %}>x</h{{ b }}>",
    "attributes from Jinja right behind the name": "<td{{ other(x) }}>x</td><mj-text{{ x }}>x</mj-text><img{{ x }}>",
    "value from Jinja without quotes": "<mj-text color={{ colour|tojson }}>x</mj-text>",
    "many lines": '<mj-text\n  color="red"\n  padding="1px 2px"\n>\nx</mj-text>',
    "void elements": text('a<br>b<hr/><img src="x" alt=""><wbr>&nbsp;& &copy;'),
    "comparison": text("{% if a < b and '</b>' != c %}x{% endif %}"),
    "statement with an end in a string": text('{{ "}} <b>" }}{% set x = "%} <i>" %}{{ {"a": {"b": 1}} }}'),
    "comment of Jinja": text("{# <b> a < b <mj-foo> <!--[if mso]> #}"),
    "raw block": text("{% raw %}<b>{{ x }}</b>{% endraw %}"),
    "comment with tags": text("<!-- <b> < </mj-text> <mj-foo> -->"),
    "branches that open": text("{% if a %}<ul>{% else %}<ol>{% endif %}x{% if a %}</ul>{% else %}</ol>{% endif %}"),
    "a column for each second": "<mj-section><mj-column>{% for i in x %}{{ i }}"
    "{% if loop.index % 2 %}</mj-column><mj-column>{% endif %}{% endfor %}</mj-column></mj-section>",
    "link when there is one": text("{% if u %}<a href='{{ u }}'>{% endif %}x{% if u %}</a>{% endif %}"),
    "comment when asked": "<mj-raw>{% if mso %}<!--[if mso]>{% endif %}<i>x</i>"
    "{% if mso %}<![endif]-->{% endif %}</mj-raw>",
    "elif": "{% if a %}<mj-text>{% elif b %}<mj-text color='red'>{% else %}<mj-text>{% endif %}x</mj-text>",
    "macros": "{% macro a(x) -%}\n<mj-column>{{ caller() }}</mj-column>\n{%- endmacro %}"
    "{% macro b() %}<b>x</b>{% endmacro %}",
    "call": "<mj-section>{% call card() %}<mj-text>x</mj-text>{% endcall %}</mj-section>",
    "set": "<mj-section>{% set x %}<mj-text>x</mj-text>{% endset %}{% set y = 1 %}</mj-section>",
    "block": "<mj-body>{% block content %}<mj-section></mj-section>{% endblock %}</mj-body>",
    "part": "<mj-text>x</mj-text><mj-section></mj-section><td>x</td>",
    "everything else in a column": section(
        "<mj-button href='u'>x</mj-button><mj-image src='x' alt=''/><mj-divider/><mj-spacer/>"
        "<mj-table><tr><td>x</td></tr></mj-table><mj-raw>x</mj-raw>"
        "<mj-social><mj-social-element name='web' href='u'>x</mj-social-element></mj-social>"
    ),
    "wrapper, group, hero": "<mj-body><mj-wrapper css-class='a' mj-class='b'><mj-section><mj-group><mj-column/>"
    "</mj-group></mj-section></mj-wrapper><mj-hero><mj-text>x</mj-text></mj-hero></mj-body>",
    "upper case": text("<B>x</b><BR>"),
    "Windows line ends": DOCUMENT.replace("\n", "\r\n"),
    "nothing": "",
    "a stray '>'": text("a > b"),
}


@pytest.mark.parametrize("source", LEGAL.values(), ids=LEGAL)
def test_a_legal_template_has_no_mistakes(source: str) -> None:
    assert told(source) == []


WRONG = {
    "unknown tag": ("<mj-section>\n <mj-colum></mj-colum></mj-section>", "2:2", "unknown tag 'mj-colum'", "mj-column"),
    "unknown tag that closes itself": ("<mj-foo/>", "1:1", "unknown tag 'mj-foo'", ""),
    "unknown attribute": ('<mj-text\n  colour="red">x</mj-text>', "2:3", "no attribute 'colour'", "'color'"),
    "attribute without effect": ('<mj-text background-color="red">x</mj-text>', "1:10", "no effect", "passes over"),
    "value without quotes": (text("<a href=x>y</a>"), "1:13", "not in quotes", 'href="x"'),
    "no space between attributes": (text('<a href="x"title="y">z</a>'), "1:21", "a space is missing", ""),
    "double quotes in single ones": (
        text("<a style='font-family:\"Segoe UI\"'>x</a>"),
        "1:13",
        "holds a double quote",
        "&quot;",
    ),
    "not an attribute": (text('<a @click="x">y</a>'), "1:13", "'@click' is not the name", ""),
    "nesting": (
        "<mj-section><mj-text>x</mj-text></mj-section>",
        "1:13",
        "mj-text cannot stand in mj-section",
        "mj-column",
    ),
    "nesting through Jinja": (
        "<mj-section>{% for x in y %}{% if x %}<mj-text>x</mj-text>{% endif %}{% endfor %}</mj-section>",
        "1:39",
        "mj-text cannot stand in mj-section",
        "",
    ),
    "section in a section": (
        "<mj-section>\n\n<mj-section></mj-section></mj-section>",
        "3:1",
        "cannot stand in mj-section",
        "mj-body",
    ),
    "component in HTML": ("<div><mj-text>x</mj-text></div>", "1:6", "mj-text cannot stand in <div>", ""),
    "component in text": (text("<mj-image/>"), "1:10", "mj-image cannot stand in mj-text", ""),
    "HTML in a section": (
        "<mj-section><div>x</div></mj-section>",
        "1:13",
        "<div> cannot stand in mj-section",
        "mj-raw",
    ),
    "text in a section": ("<mj-section>{{ a }}\n hello</mj-section>", "2:2", "text cannot stand in mj-section", ""),
    "text in an image": ("<mj-image src='x'>t</mj-image>", "1:19", "text cannot stand in mj-image", "nothing"),
    "document in a body": ("<mj-body><mjml></mjml></mj-body>", "1:10", "mjml cannot stand in mj-body", ""),
    "not closed": ("<mj-section>\n<mj-column>\n</mj-section>", "2:1", "<mj-column> is not closed", "</mj-column>"),
    "not closed to the end": ("<mj-section>", "1:1", "<mj-section> is not closed", ""),
    "not closed in a macro": ("{% macro a() %}<mj-text>{% endmacro %}", "1:16", "<mj-text> is not closed", ""),
    "HTML not closed": (text("<ul><li>a</ul>"), "1:14", "<li> is not closed", ""),
    "end tag that is misspelt": ("<mj-text>x</mj-tex>", "1:11", "</mj-tex> stands where </mj-text>", ""),
    "end tag too many": (text("x</b>"), "1:11", "</b> closes nothing", ""),
    "crossed": (text("<b><i>x</b></i>"), "1:13", "<i> is not closed", ""),
    "bare <": (text("a < b"), "1:12", "a bare '<'", "&lt;"),
    "bare < before a digit": (text("\n<3"), "2:1", "a bare '<'", "&lt;"),
    "bare < after Jinja": (text("{{ 'é' }} < {{ a }}"), "1:20", "a bare '<'", ""),
    "end of no tag": (text("é/> x"), "1:11", "a '/>' that ends no tag", "/&gt;"),
    "bare < in CSS": ("<mj-style>@media (width < 9px) {}</mj-style>", "1:25", "a bare '<'", "max-width"),
    "quote not closed": ('<mj-text color="red>x</mj-text>', "1:1", "the tag '<mj-text' has no end", "quote"),
    "CDATA": (text("<![CDATA[x]]>"), "1:10", "CDATA is not supported", ""),
    "doctype": ("<!doctype html><mjml></mjml>", "1:1", "cannot stand here", ""),
    "include of MJML": ("<mj-include path='x' />", "1:1", "mj-include is not supported", "{% include"),
    "html attributes": ("<mj-html-attributes></mj-html-attributes>", "1:1", "mj-html-attributes is not supported", ""),
    "comment not closed": (text("<!-- x"), "1:10", "this comment is not closed", "-->"),
    "comment with --": (text("<!-- a -- b -->"), "1:10", "a comment cannot hold '--'", "{#"),
    "comment in CSS": ("<mj-style><!-- x --></mj-style>", "1:11", "a comment cannot stand in mj-style", ""),
    "space in the head": (
        "<mj-head><mj-title>x</mj-title> \n</mj-head>",
        "1:32",
        "a space stands behind a tag",
        "line break",
    ),
    "condition in a section": (
        "<mj-section>\n<!--[if mso]>x<![endif]--></mj-section>",
        "2:1",
        "cannot stand in mj-section",
        "mj-raw",
    ),
    "MSO: no end": (text("<!--[if mso]>x"), "1:10", "unbalanced MSO comment", "<!--[if …]> without <![endif]-->"),
    "MSO: no beginning": (text("x<![endif]-->"), "1:11", "unbalanced MSO comment", "without <!--[if"),
    "MSO: wrong end": (text("<!--[if mso]>x<![endif]>"), "1:24", "unbalanced MSO comment", "write <![endif]-->"),
    "MSO: tag not closed": (text("<!--[if mso]><b><![endif]-->"), "1:23", "unbalanced MSO comment: <b> is opened", ""),
    "MSO: tag of another region": (
        "<mj-raw><!--[if mso]><td><![endif]--></mj-raw><mj-raw><!--[if mso]></td><![endif]--></mj-raw>",
        "1:22",
        "unbalanced MSO comment: <td> is opened",
        "",
    ),
    "MSO: VML not closed": (
        text("<!--[if mso]>\n<v:rect><o:p/><![endif]-->"),
        "2:1",
        "unbalanced MSO comment: <v:rect>",
        "",
    ),
    "MSO: closed outside": (text("<!--[if mso]><b><![endif]--></b>"), "1:38", "unbalanced MSO comment: <b>", ""),
    "MSO: closed only inside": (text("<!--[if mso]></td><![endif]-->"), "1:23", "unbalanced MSO comment: </td>", ""),
    "MSO: one in another": (text("<!--[if mso]><!--[if mso]>x<![endif]-->"), "1:10", "unbalanced MSO comment", ""),
}


@pytest.mark.parametrize(("source", "at", "message", "hint"), WRONG.values(), ids=WRONG)
def test_a_mistake_has_its_place_and_a_word_of_help(source: str, at: str, message: str, hint: str) -> None:
    problems = told(source)
    assert problems[0].startswith(f"part.mjml:{at}: error: ")
    assert message in problems[0]
    assert hint in problems[0]


def test_every_mistake_of_a_file_is_told_at_once_and_in_order() -> None:
    source = "<mj-section paddin='1'>\n<mj-text>a < b</mj-text>\n<mj-colum/>\n</mj-section>"
    assert [p.position.line for p in lint(source, "x")] == [1, 2, 2, 3]


def test_one_mistake_is_told_once() -> None:
    assert len(told(DOCUMENT.replace("<mj-column>{{ heading(section) }}</mj-column>", "<mj-colum></mj-colum>"))) == 1


def test_the_facts_are_of_a_piece() -> None:
    known = facts().components
    children = {child for component in known.values() for child in component.children} - {"*"}
    assert children <= set(known)
    assert all(not c.children or c.content in ("children", "strict") for c in known.values())
    assert not any(c.attributes & c.ignored for c in known.values())


PIECES = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "<mj-text>",
            "</mj-text>",
            "<b a='",
            "'",
            '"',
            "{{",
            "}}",
            "{% if a %}",
            "{% else %}",
            "{% endif %}",
            "{#",
            "#}",
            "{% raw %}",
            "{% endraw %}",
            "<!--",
            "-->",
            "<!--[if mso]>",
            "<![endif]-->",
            "\n",
            " ",
            "é",
            "\x01",
            "{% macro m() %}",
            "{% endmacro %}",
            "<td>",
            "</td>",
            "<mj-raw>",
            "</mj-raw>",
            "{%",
            "%}",
            "/>",
            "<![if a]>",
        ]
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_whatever_is_written_is_read(pieces: list[str]) -> None:
    source = "".join(pieces)
    assert len(blank(source)) == len(source)
    lines = source.count("\n") + 1
    assert all(1 <= problem.position.line <= lines for problem in lint(source, "x"))
    assert mark(source, "x").count("\n") == source.count("\n")


def test_marks_name_the_file_and_line_of_each_start_tag() -> None:
    source = '{# <b> #}\n<mj-text\n color="red"><b>{{ "<i>" }}</b>\n<!-- <u> --><br/></mj-text><h{{ n }}>'
    assert mark(source, "a.mjml") == (
        '{# <b> #}\n<mj-text data-at="a.mjml:2"\n color="red"><b data-at="a.mjml:3">{{ "<i>" }}</b>\n'
        '<!-- <u> --><br data-at="a.mjml:4"/></mj-text><h{{ n }}>'
    )


def test_a_mark_is_safe_for_jinja_and_for_attributes() -> None:
    marked = mark("<b>", 'a"{{ 1 }}{% x %}&<.mjml')
    assert "{{" not in marked
    assert "{%" not in marked
    assert marked.count('"') == 2
