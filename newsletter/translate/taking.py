"""What a translator's file means for a workspace: what is new, what is known, and what has to be decided. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from dataclasses import dataclass, field

from newsletter.content import dropped, safe_url, squeeze
from newsletter.content.markdown import parse
from newsletter.errors import Position, Problem
from newsletter.item import state_of
from newsletter.model import PERSONAL_PATTERN, personal_mistakes
from newsletter.translate.returned import Returned, ReturnedFile
from newsletter.translate.units import Entry, Place, Unit


@dataclass(frozen=True, slots=True)
class Conflict:
    """A text whose translation here reads differently, and is not known to be out of date."""

    unit: Unit
    theirs: str
    line: int


@dataclass(slots=True)
class Report:
    """What an import did, or would do. Texts are named by their ids."""

    added: list[str] = field(default_factory=list)
    """Translations that there were none of."""
    updated: list[str] = field(default_factory=list)
    """Translations of an original that had changed, renewed or confirmed."""
    unchanged: list[str] = field(default_factory=list)
    conflicting: list[Conflict] = field(default_factory=list)
    """Translations that read differently; the workspace keeps its own."""
    taken: list[Conflict] = field(default_factory=list)
    """The same, taken as they came (``--take-theirs``)."""
    stale: list[str] = field(default_factory=list)
    """Translations of an original that has changed since the file was made."""
    missing: list[str] = field(default_factory=list)
    """Texts that have no translation, in the file neither."""
    unreviewed: list[str] = field(default_factory=list)
    """Translations of an original that has changed, as they were."""
    problems: list[Problem] = field(default_factory=list)
    """What cannot be taken."""
    warnings: list[Problem] = field(default_factory=list)
    """What was taken, and should be looked at."""
    values: dict[Place, str] = field(default_factory=dict)
    """What to write, and where."""

    def __str__(self) -> str:
        counts: dict[str, Sized] = {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "conflicting": self.conflicting,
            "stale": self.stale,
            "missing": self.missing,
        }
        counts |= {name: each for name in ("unreviewed", "taken") if (each := getattr(self, name))}
        return ", ".join(f"{name} {len(each):,}" for name, each in counts.items())


def plan(
    file: ReturnedFile,
    units: Mapping[str, Unit],
    name: str,
    *,
    take_theirs: bool = False,
    take_stale: bool = False,
) -> Report:
    """Hold what came back against the texts of the workspace.

    Args:
        file: what came back.
        units: what the workspace has of it, by id; what it has not is for the caller to tell.
        name: of the file, for messages.
        take_theirs: overwrite translations that read differently.
        take_stale: take translations of an original that has changed since; they stay marked as such.
    """
    deciding = _Deciding(Report(), name, take_theirs, take_stale)
    seen: dict[str, Returned] = {}
    for text in file.texts:
        if (first := seen.setdefault(text.id, text)) is not text:
            if first.text != text.text:
                deciding.problem(text, f"'{text.id}' stands here a second time", f"the first is in line {first.line}")
        elif unit := units.get(text.id):
            deciding.decide(unit, text)
    deciding.whole_headings()
    deciding.remember_originals()
    return deciding.report


@dataclass(slots=True)
class _Deciding:
    report: Report
    name: str
    take_theirs: bool
    take_stale: bool
    decided: dict[str, tuple[Unit, Returned]] = field(default_factory=dict)
    """What was taken or confirmed."""

    def decide(self, unit: Unit, text: Returned) -> None:
        """Put a text where it belongs in the report."""
        report = self.report
        theirs = _plain(unit, text.text)
        outdated = not _alike(text.source, unit.source)
        if not theirs:
            {"translated": report.unchanged, "stale": report.unreviewed, "missing": report.missing}[unit.state].append(
                unit.id
            )
        elif outdated and not self.take_stale:
            report.stale.append(unit.id)
        elif theirs == _plain(unit, unit.present):
            self._same(unit, text)
        elif self._refused(unit, text, theirs):
            pass
        elif unit.present and not _may_renew(unit, text):
            conflict = Conflict(unit, theirs, text.line)
            (report.taken if self.take_theirs else report.conflicting).append(conflict)
            if self.take_theirs:
                self._take(unit, text, theirs)
        else:
            (report.updated if unit.present else report.added).append(unit.id)
            self._take(unit, text, theirs)

    def _same(self, unit: Unit, text: Returned) -> None:
        if unit.state != "stale" or not _alike(text.source, unit.source):
            self.report.unchanged.append(unit.id)
        elif text.unreviewed:
            self.report.unreviewed.append(unit.id)
        else:
            self.report.updated.append(unit.id)
            self.decided[unit.id] = (unit, text)

    def _take(self, unit: Unit, text: Returned, theirs: str) -> None:
        self.decided[unit.id] = (unit, text)
        self.report.values[unit.place] = theirs
        for message in _doubts(unit, theirs):
            self.report.warnings.append(Problem(self._at(text), f"'{unit.id}': {message}", "", "warning"))

    def _refused(self, unit: Unit, text: Returned, theirs: str) -> bool:
        """Tell what the definition of an issue could not be read with."""
        mistakes = list(personal_mistakes(theirs)) if unit.personal else []
        for _, message, hint in mistakes:
            self.problem(text, f"'{unit.id}': {message}", hint)
        return bool(mistakes)

    def whole_headings(self) -> None:
        """Take no heading over one item without that over several, nor the other way round."""
        values = self.report.values
        for unit, text in [*self.decided.values()]:
            head, key = unit.place.keys[:-1], unit.key
            if head[-1:] != ("heading",) or unit.present:
                continue
            other = Place(unit.place.kind, unit.place.name, (*head, "other" if key == "one" else "one"))
            if other not in values:
                del values[unit.place]
                self.report.added.remove(unit.id)
                what = f"'{unit.id}' is of no use alone: the heading over {key_words(str(other.keys[-1]))} is missing"
                self.problem(text, what, "translate both")

    def remember_originals(self) -> None:
        """Say of each translation which state of the original it was made from."""
        parts: dict[Place, tuple[Entry, dict[str, Returned]]] = {}
        for unit, text in self.decided.values():
            if unit.entry and unit.key in unit.entry.originals:
                parts.setdefault(unit.entry.place, (unit.entry, {}))[1][unit.key] = text
        for place, (entry, texts) in parts.items():
            of = _made_from(entry, texts)
            if of != entry.of:
                self.report.values[place] = of

    def problem(self, text: Returned, message: str, hint: str) -> None:
        """Tell what cannot be taken."""
        self.report.problems.append(Problem(self._at(text), message, hint))

    def _at(self, text: Returned) -> Position:
        return Position(self.name, text.line)


def key_words(key: str) -> str:
    """Return what a heading of this key stands over."""
    return "a single item" if key == "one" else "several items"


def _may_renew(unit: Unit, text: Returned) -> bool:
    """Whether the translation here is out of date, and still the one that the translator began with."""
    began_with = text.present is not None and _plain(unit, text.present) == _plain(unit, unit.present)
    return unit.state == "stale" and began_with


def _made_from(entry: Entry, texts: Mapping[str, Returned]) -> str:
    """Return the state of the original that a translation is made from, once ``texts`` are part of it."""
    outdated = {key: text.source for key, text in texts.items() if not _alike(text.source, entry.originals[key])}
    if outdated:
        return state_of(*(outdated.get(key, text) for key, text in entry.originals.items()))
    waiting = [key for key in entry.originals if entry.present.get(key) and key not in texts]
    return entry.of if entry.stale and waiting else state_of(*entry.originals.values())


def _plain(unit: Unit, text: str) -> str:
    """Return a translation as it is written: no space around it, one line where there is but one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if unit.long else squeeze(text)


def _alike(one: str, other: str) -> bool:
    """Whether two originals are the same but for white space, which translation programs and spreadsheets touch."""
    return one.split() == other.split()


def _doubts(unit: Unit, theirs: str) -> Iterator[str]:
    """Yield what a translation lacks that its original has, and what will not be seen."""
    if unit.personal:
        names = {match[1] for match in PERSONAL_PATTERN.finditer(theirs)}
        for match in PERSONAL_PATTERN.finditer(unit.source):
            if match[1] not in names:
                names.add(match[1])
                yield f"the original has {match[0]}, the translation has it not"
    if unit.long:
        links = set(_links(theirs))
        for link in dict.fromkeys(_links(unit.source)):
            if link not in links:
                yield f"the original links to {link}, the translation does not"
    if count := dropped(theirs):
        yield f"{count} character{'s' if count > 1 else ''} without a place in a text; no issue shows them"


def _links(markdown: str) -> Iterator[str]:
    for token in parse(markdown) or []:
        for inner in token.children or []:
            if inner.type == "link_open" and (address := safe_url(str(inner.attrs.get("href", "")))):
                yield address
