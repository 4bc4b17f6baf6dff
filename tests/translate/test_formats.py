"""XLIFF and CSV: whatever text goes out comes back, what a translator's program does to a file is understood."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsletter.errors import ContentError
from newsletter.translate.returned import ReturnedFile, read
from newsletter.translate.table import from_csv, guarded, to_csv, unguarded
from newsletter.translate.units import Entry, Place, Unit
from newsletter.translate.xliff import from_xliff, to_xliff

TRICKY = st.sampled_from([*"\n\n\t \"'=+-@;,<>&", "\r", "\r\n", "\x00", "\x1b", "\x85", "\u2028", "\ufeff", "\ufffe", "]]>",
                          "＝", "U+0001", "é", "ع", "😀"])  # fmt: skip
TEXT = st.lists(st.one_of(TRICKY, st.text(max_size=5)), max_size=8).map("".join)
NS = "{urn:oasis:names:tc:xliff:document:1.2}"


def unit(source: str, present: str = "", *, of: str = "", language: str = "en", name: str = "a") -> Unit:
    place = Place("item", name, ("translations", "fr", "title"))
    entry = Entry(place, {"title": source}, {"title": present}, of)
    return Unit(f"item/{name}/title", f"Title of '{name}'", source, language, place, present, entry)


def xliff(*units: Unit) -> bytes:
    return to_xliff(units, "issues/2020-03.yaml", "fr")


def translated(raw: bytes, *texts: str) -> bytes:
    """Fill the empty targets in turn, as a program does that knows nothing but XLIFF."""
    root = etree.fromstring(raw)
    for element, text in zip(root.iter(f"{NS}trans-unit"), texts, strict=True):
        target = element.find(f"{NS}target")
        if target is None:
            target = etree.Element(f"{NS}target")
            element.insert(1, target)
        target.text = text
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


# --- XLIFF ------------------------------------------------------------------------------------------------------------


@given(source=TEXT, present=TEXT)
def test_any_text_survives_xliff(source: str, present: str) -> None:
    (back,) = from_xliff(xliff(unit(source, present)), "f.xlf").texts
    assert (back.source, back.text, back.present) == (source, present, present or None)


ORDER = ("source", "target", "note", "alt-trans")
STATE_VALUES = {"final", "needs-adaptation", "needs-l10n", "needs-review-adaptation", "needs-review-l10n",
                "needs-review-translation", "needs-translation", "new", "signed-off", "translated"}  # fmt: skip


def test_the_file_is_as_the_specification_demands() -> None:
    """XLIFF 1.2, 2.2 to 2.4: what is required, in which order, with which values."""
    root = etree.fromstring(
        xliff(unit("One"), unit("Un", "Uno", language="es", name="b"), unit("x\x01", "y", of="old"))
    )
    assert (root.tag, root.get("version")) == (f"{NS}xliff", "1.2")
    files = list(root)
    assert [(each.tag, each.get("source-language")) for each in files] == [(f"{NS}file", "en"), (f"{NS}file", "es")]
    for file in files:
        assert set(file.attrib) == {"original", "source-language", "target-language", "datatype"}
        assert file.get("datatype") == "plaintext"
        (body,) = file
        assert body.tag == f"{NS}body"
        ids = [each.get("id") for each in body]
        assert len(set(ids)) == len(ids) or ids == ["item/a/title", "item/a/title"]
        for element in body:
            assert element.tag == f"{NS}trans-unit"
            assert element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
            names = [etree.QName(child).localname for child in element]
            assert names[0] == "source"
            assert names == [name for name in ORDER if name in names]
            for target in element.findall(f"{NS}target"):
                assert target.get("state") in STATE_VALUES
            for code in element.iter(f"{NS}ph"):
                assert code.get("id")
                assert str(code.get("ctype")).startswith("x-")


def test_the_state_of_each_text_is_told() -> None:
    root = etree.fromstring(
        xliff(unit("One"), unit("Two", "Deux", name="b"), unit("Three", "Trois", of="old", name="c"))
    )
    targets = [element.find(f"{NS}target") for element in root.iter(f"{NS}trans-unit")]
    assert [None if each is None else each.get("state") for each in targets] == [
        None,
        "translated",
        "needs-review-translation",
    ]


BACK = xliff(unit("Two *words*", "Deux", of="old"))


def test_segments_of_a_translation_program_are_one_text() -> None:
    segmented = BACK.replace(
        b">Deux</target>\n        <note", b'><mrk mtype="seg" mid="1">Un.</mrk> <mrk mtype="seg" mid="2">Deux.</mrk></target>\n        <note'
    )  # fmt: skip
    (back,) = from_xliff(segmented, "f.xlf").texts
    assert (back.text, back.present, back.unreviewed) == ("Un. Deux.", "Deux", True)


def test_comments_and_cdata_are_read_as_xml_means_them() -> None:
    raw = BACK.replace(
        b">Deux</target>\n        <note", b">De<!-- now -->ux <![CDATA[<b> & <!DOCTYPE]]></target>\n        <note"
    )
    (back,) = from_xliff(raw, "f.xlf").texts
    assert back.text == "Deux <b> & <!DOCTYPE"


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1"])
def test_another_encoding_is_read(encoding: str) -> None:
    root = etree.fromstring(translated(BACK, "Été"))
    (back,) = from_xliff(bytes(etree.tostring(root, encoding=encoding, xml_declaration=True)), "f.xlf").texts
    assert back.text == "Été"


@pytest.mark.parametrize(
    "markup", [b'<g id="1">Deux</g>', b'Deux<x id="1"/>', b'<ph id="1">U+0001</ph>', b"<b>Deux</b>"]
)
def test_inline_codes_that_are_not_ours_are_told_and_not_taken(markup: bytes) -> None:
    raw = BACK.replace(b">Deux</target>\n        <note", b">" + markup + b"</target>\n        <note")
    file = from_xliff(raw, "f.xlf")
    assert not file.texts
    assert "f.xlf:5: error: 'item/a/title' has inline codes that the original has not: <" in str(file.problems[0])


@pytest.mark.parametrize(
    ("code", "taken"), [("U+0001", True), ("U+0041", False), ("U+D800", False), ("U+110000", False)]
)
def test_a_code_of_ours_stands_for_what_xml_has_not(code: str, taken: bool) -> None:
    raw = BACK.replace(
        b">Deux</target>\n        <note",
        b'><ph id="1" ctype="x-character">%s</ph></target>\n        <note' % code.encode(),
    )
    file = from_xliff(raw, "f.xlf")
    assert bool(file.texts) == taken


HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
ENTITIES = b"".join(b'<!ENTITY e%d "%s">\n' % (n, b"&e%d;" % (n - 1) * 20) for n in range(1, 12))
BOMB = b"%s<!DOCTYPE xliff [\n<!ENTITY e0 'ha'>\n%s]>\n" % (HEAD, ENTITIES)
UNIT = b'<file original="o" source-language="en" target-language="%s" datatype="plaintext"><body>' \
       b'<trans-unit id="%s"><source>s</source><target>%s</target></trans-unit></body></file>'  # fmt: skip
ROOT = b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">%s</xliff>'

HOSTILE = {
    "an entity bomb in a text": (BOMB + ROOT % (UNIT % (b"fr", b"a", b"&e11;")), "DTD"),
    "an entity bomb in an id": (BOMB + ROOT % (UNIT % (b"fr", b"&e11;", b"t")), "f.xlf:2: error: the file has a DTD"),
    "a DTD behind a comment": (
        HEAD + b"<!-- <a> -->\n" + BOMB[len(HEAD) :] + ROOT % (UNIT % (b"fr", b"&e11;", b"t")),
        "f.xlf:",
    ),
    "a DTD in UTF-16": (
        (BOMB.replace(HEAD, b"") + ROOT % b"").decode().encode("utf-16"),
        "f.xlf:1: error: the file has a DTD",
    ),
    "a file of the machine": (
        HEAD + b'<!DOCTYPE xliff [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + ROOT % (UNIT % (b"fr", b"a", b"&f;")),
        "the file has a DTD, which XLIFF 1.2 has not",
    ),
    "a DTD from elsewhere": (HEAD + b'<!DOCTYPE xliff SYSTEM "http://example.org/x.dtd">' + ROOT % b"", "has a DTD"),
    "parameter entities": (
        HEAD + b'<!DOCTYPE xliff [<!ENTITY % p SYSTEM "http://example.org/p">%p;]>' + ROOT % b"",
        "DTD",
    ),
    "another root": (b"<html><body/></html>", "f.xlf:1: error: this is <html>, not XLIFF 1.2"),
    "XLIFF 2": (
        b'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0"/>',
        "this is XLIFF 2.0, not XLIFF 1.2",
    ),
    "not closed": (HEAD + b"<xliff>\n<file>", "f.xlf:3:"),
    "an undefined entity": (HEAD + ROOT % (UNIT % (b"fr", b"a", b"&eacute;")), "Entity 'eacute' not defined"),
    "two languages": (ROOT % (UNIT % (b"fr", b"a", b"t") + UNIT % (b"es", b"b", b"t")), "in several languages: fr, es"),
    "deep nesting": (b"<a>" * 100_000, "not valid XML"),
    "a wrong encoding": (b'<?xml version="1.0" encoding="klingon"?><xliff/>', "not valid XML"),
    "bytes that are none": (HEAD + ROOT % (UNIT % (b"fr", b"a", b"\xff\xfe")), "f.xlf:2:"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_told_at_its_line(what: str, tmp_path: Path) -> None:
    raw, message = HOSTILE[what]
    path = tmp_path / "f.xlf"
    path.write_bytes(raw)
    with pytest.raises(ContentError) as caught:
        read(path, "f.xlf")
    assert message in str(caught.value)


def test_a_file_of_50_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "f.xlf"
    with path.open("wb") as file:
        file.truncate(50 << 20)
    with pytest.raises(ContentError, match="the file is larger than 16 MiB"):
        read(path, "f.xlf")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04 and so on", "a spreadsheet's or a translation program's own file"),
        (b"id,what\na,b\n", "neither XLIFF nor a table with a column 'source'"),
        (b"just words\n", "neither XLIFF nor a table with a column 'id'"),
        (b"id,source,translation\na,b,caf\xe9\n", r"f.csv:2:8: error: byte 0xe9 is not valid UTF-8"),
        (b'id,source,translation\na,b,"c" d\n', "f.csv:2: error: not valid CSV"),
        (b"\xff\xfei\x00d\x00x", "not valid UTF-16"),
    ],
)
def test_what_is_neither_is_told(raw: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    with pytest.raises(ContentError) as caught:
        read(path, "f.csv")
    assert message in str(caught.value)


# --- CSV --------------------------------------------------------------------------------------------------------------


@given(source=TEXT, present=TEXT, new=TEXT)
def test_any_text_survives_csv(source: str, present: str, new: str) -> None:
    raw = to_csv([unit(source, present)], "fr")
    header, row = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    row[4] = guarded(new)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, row])
    file = from_csv(out.getvalue().encode("utf-8-sig"), "f.csv")
    (back,) = file.texts
    assert file.language == "fr"
    assert (back.source, back.present, back.text) == (source, present, new)


@given(text=TEXT)
def test_no_cell_is_a_formula(text: str) -> None:
    cell = guarded(text)
    assert cell[:1] not in tuple("=+-@\t\r＝＋－＠") or not cell
    assert unguarded(cell) == text


def test_an_apostrophe_of_the_text_stays() -> None:
    for text in ("'t Huis", "'s avonds", "''", "l'eau"):
        assert guarded(text) == text
        assert unguarded(text) == text


def test_the_table_opens_in_a_spreadsheet() -> None:
    raw = to_csv([unit('=HYPERLINK("https://example.org")'), unit("Été", "Summer", name="b")], "fr")
    assert raw.startswith(b"\xef\xbb\xbf")  # else Excel takes it for the machine's own encoding
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert list(rows[0]) == ["id", "what", "source", "present", "translation (fr)", "state"]
    assert rows[0]["source"] == '\'=HYPERLINK("https://example.org")'
    assert [row["state"] for row in rows] == ["missing", "translated"]


def saved_as(delimiter: str, encoding: str, end: str = "\r\n") -> bytes:
    rows = [
        "id;what;source;present;translation (fr);state",
        'item/a/title;Title;"One; two";;"Un; ""deux""";missing',
        ";;;;;",
    ]
    text = end.join(rows)
    if delimiter != ";":
        text = (
            text.replace("One; two", "One\x00 two")
            .replace("Un; ", "Un\x00 ")
            .replace(";", delimiter)
            .replace("\x00", ";")
        )
    return (text + end).encode(encoding)


@pytest.mark.parametrize(
    "raw",
    [saved_as(";", "utf-8-sig"), saved_as("\t", "utf-16"), saved_as(",", "utf-8", "\n"), saved_as(";", "utf-8", "\n")],
)
def test_what_spreadsheets_save_is_read(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    file = read(path, "f.csv")
    assert file.language == "fr"
    assert [(each.id, each.source, each.text, each.line) for each in file.texts] == [
        ("item/a/title", "One; two", 'Un; "deux"', 2)
    ]
    assert not file.problems


def test_rows_that_are_out_of_order_are_told_with_their_line() -> None:
    raw = b'id,source,translation\n"a","x\ny",one\n,words,deux\nb,x,trois,quatre\nc\nd,x,"cinq"\n'
    file = from_csv(raw, "f.csv")
    assert [(each.id, each.line) for each in file.texts] == [("a", 2), ("c", 6), ("d", 7)]
    assert [str(each) for each in file.problems] == [
        "f.csv:4: error: the row has no id (export it anew)",
        "f.csv:5: error: the row has more cells than the table has columns"
        " (a text with a comma or a line break in it must be in quotes)",
    ]


def test_both_formats_hold_the_same() -> None:
    units = [unit("One"), unit("Two", "Deux", of="old", name="b")]
    readers: list[tuple[Callable[[bytes, str], ReturnedFile], bytes]] = [
        (from_xliff, xliff(*units)),
        (from_csv, to_csv(units, "fr")),
    ]
    found = [reader(raw, "f") for reader, raw in readers]
    assert [[(each.id, each.source, each.present or "") for each in file.texts] for file in found] == [
        [("item/a/title", "One", ""), ("item/b/title", "Two", "Deux")]
    ] * 2
