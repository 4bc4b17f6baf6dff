"""XLIFF 1.2 (OASIS, 1 February 2008), which every translation program reads.

A text is the content of ``source`` and ``target``, character by character (``xml:space="preserve"``). A character that
XML 1.0 cannot hold is an inline code, ``<ph ctype="x-character">U+0001</ph>``. Files are read without entities, DTDs
and the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from newsletter.errors import ContentError, Position, Problem
from newsletter.translate.returned import Returned, ReturnedFile
from newsletter.translate.units import State, Unit

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
STATES: dict[State, str] = {"stale": "needs-review-translation", "translated": "translated"}
"""The state of a target (2.3, ``state``); what is missing has no target."""
UNREVIEWED = ("new", "needs-")
"""How the states begin that say: somebody has to look at it."""

_Q = f"{{{NAMESPACE}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CHARACTER = "x-character"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENT = re.compile(rb"<[A-Za-z_]")
_CODE = re.compile(r"U\+([0-9A-F]{4})")


def to_xliff(units: Sequence[Unit], original: str, language: str) -> bytes:
    """Return the texts as a file for translators; ``original`` is the file that they were taken from.

    Texts in several languages are several ``file`` elements, since each of these has one.
    """
    root = etree.Element(f"{_Q}xliff", {"version": "1.2"}, nsmap={None: NAMESPACE})
    texts: list[tuple[etree._Element, str]] = []
    ordered = sorted(units, key=lambda unit: unit.language)
    for source_language, group in groupby(ordered, key=lambda unit: unit.language):
        attributes = {
            "original": original,
            "source-language": source_language,
            "target-language": language,
            "datatype": "plaintext",
        }
        body = etree.SubElement(etree.SubElement(root, f"{_Q}file", attributes), f"{_Q}body")
        for unit in group:
            texts += _unit(body, unit)
    etree.indent(root)  # before there is text, so that none gains a space
    for element, text in texts:
        _write(element, text)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _unit(body: etree._Element, unit: Unit) -> Iterator[tuple[etree._Element, str]]:
    """Make the elements of a text; yield those that hold text, with it (2.3, ``trans-unit``: their order counts)."""
    element = etree.SubElement(body, f"{_Q}trans-unit", {"id": unit.id, _SPACE: "preserve"})
    element.set("resname", _printable(unit.what))
    yield etree.SubElement(element, f"{_Q}source"), unit.source
    if unit.present:
        yield etree.SubElement(element, f"{_Q}target", {"state": STATES[unit.state]}), unit.present
    yield etree.SubElement(element, f"{_Q}note", {"from": "newsletter"}), _printable(unit.note)
    if unit.present:
        alternative = etree.SubElement(element, f"{_Q}alt-trans", {"origin": "newsletter"})
        yield etree.SubElement(alternative, f"{_Q}target"), unit.present


def _printable(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _write(element: etree._Element, text: str) -> None:
    """Put text into an element, and codes for the characters that XML does not have."""
    last = None
    start = 0
    for number, match in enumerate(_NO_XML.finditer(text), 1):
        _append(element, last, text[start : match.start()])
        last = etree.SubElement(element, f"{_Q}ph", {"id": str(number), "ctype": _CHARACTER})
        last.text = f"U+{ord(match[0]):04X}"
        start = match.end()
    _append(element, last, text[start:])


def _append(element: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        element.text = text
    else:
        last.tail = text


def from_xliff(raw: bytes, name: str) -> ReturnedFile:
    """Read what came back. Raises :class:`ContentError`: no XLIFF 1.2, or one with a DTD."""
    root = _parse(raw, name)
    reading = _Reading(name)
    texts = tuple(text for unit in root.iter(f"{_Q}trans-unit") if (text := reading.unit(unit)) is not None)
    languages = list(dict.fromkeys(file.get("target-language", "") for file in root.iter(f"{_Q}file")))
    if len(languages) > 1:
        told = (
            f"the file is in several languages: {', '.join(each or 'one that it does not name' for each in languages)}"
        )
        raise ContentError.at(name, told, "one file holds one translation: import them apart")
    return ReturnedFile(languages[0] if languages else "", texts, tuple(reading.problems))


def _parse(raw: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    prolog = _ELEMENT.split(raw.replace(b"\0", b""), maxsplit=1)[0]
    if b"<!DOCTYPE" in prolog:
        raise _has_dtd(name, prolog.partition(b"<!DOCTYPE")[0].count(b"\n") + 1)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise ContentError.at(name, f"not valid XML: {error.msg}", "", line, column) from None
    except ValueError as error:
        raise ContentError.at(name, f"not valid XML: {error}") from None
    if root.getroottree().docinfo.doctype:  # hidden from a plain look
        raise _has_dtd(name, 1)
    if root.tag != f"{_Q}xliff":
        kind = etree.QName(root)
        other = kind.localname == "xliff" and f"XLIFF {root.get('version', '')}".strip()
        told = f"this is {other or f'<{kind.localname}>'}, not XLIFF 1.2"
        raise ContentError.at(name, told, "export it as XLIFF 1.2 from your translation program", root.sourceline or 0)
    return root


def _has_dtd(name: str, line: int) -> ContentError:
    told = "the file has a DTD, which XLIFF 1.2 has not"
    return ContentError.at(name, told, "remove what begins with <!DOCTYPE", line)


@dataclass
class _Reading:
    """Reads units, and gathers what cannot be read."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def unit(self, element: etree._Element) -> Returned | None:
        """Return a text, or None where it cannot be taken."""
        line = element.sourceline or 0
        unit_id, source, target = element.get("id"), element.find(f"{_Q}source"), element.find(f"{_Q}target")
        if not unit_id or source is None:
            self._problem(line, f"a trans-unit has no {'source' if unit_id else 'id'}", "export it anew")
            return None
        old = element.find(f"{_Q}alt-trans[@origin='newsletter']/{_Q}target")
        strange = [tag for part in (source, target) if part is not None for tag in _strange(part)]
        if strange:
            what = f"'{unit_id}' has inline codes that the original has not: <{'>, <'.join(dict.fromkeys(strange))}>"
            self._problem(line, what, "write it without them: *italics*, **bold**, [words](address)")
            return None
        state = target.get("state", "") if target is not None else ""
        return Returned(
            unit_id,
            "".join(_characters(source)),
            "".join(_characters(target)) if target is not None else "",
            (target if target is not None else element).sourceline or line,
            "".join(_characters(old)) if old is not None else None,
            state.startswith(UNREVIEWED),
        )

    def _problem(self, line: int, message: str, hint: str) -> None:
        self.problems.append(Problem(Position(self.name, line), message, hint))


def _character(element: etree._Element) -> str:
    """Return the character that an inline code of ours stands for, or ''."""
    match = _CODE.fullmatch(element.text or "") if element.get("ctype") == _CHARACTER else None
    character = chr(int(match[1], 16)) if match else ""
    surrogate = "\ud800" <= character <= "\udfff"  # no text has one of these alone
    return character if _NO_XML.fullmatch(character) and not surrogate else ""


def _strange(element: etree._Element) -> Iterator[str]:
    """Yield the inline elements that are neither ours nor a translation program's marks of segments (``mrk``)."""
    for inner in element.iterdescendants():
        tag = etree.QName(inner).localname
        if tag != "mrk" and not _character(inner):
            yield tag


def _characters(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        yield _character(inner) or "".join(_characters(inner))
        yield inner.tail or ""
