"""Building an issue: everything read, composed, rendered and written to build/ISSUE/."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.compose import compose, languages_of
from newsletter.errors import ContentError, Position, Problem, UsageError
from newsletter.files import write_atomic
from newsletter.fingerprint import fingerprint
from newsletter.issues import definition, ledger
from newsletter.issues.definition import Issue
from newsletter.model import Edition, Message, Note
from newsletter.publication import Publication, ThemeChoice
from newsletter.render.theme import Theme, find_theme
from newsletter.render.themefile import TOKEN_FORMS, describe
from newsletter.services import GMAIL_CLIPS_AT, Outgoing, Service, find_service
from newsletter.versions import engine_versions, program_digest
from newsletter.words import is_known
from newsletter.workspace import PUBLICATION, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from newsletter.render.images import Pictures
    from newsletter.render.inline import StyleCache

MANIFEST = "manifest.json"
PICTURE = "picture "
"""What stands before a picture's name among the inputs of a build."""
OUTPUT = re.compile(r"[a-z]+\.[a-z]+|(images|events)/[a-z0-9-]+\.[a-z]{3}")
"""A file of a build; nothing else is ever removed."""


@dataclass(frozen=True, slots=True)
class Built:
    """What building an edition of an issue gave. Sizes are bytes of HTML: as built, and as sent through the service."""

    issue: str
    subject: str
    folder: Path
    files: tuple[str, ...]
    html_bytes: int
    sent_bytes: int
    notes: tuple[Note, ...]
    unchanged: bool = False
    images: dict[str, int] = field(default_factory=dict)
    """Name to bytes of each picture."""
    language: str = ""
    """Of the edition, where the issue has several."""

    @property
    def clipped(self) -> bool:
        """Whether Gmail would cut the mail."""
        return self.sent_bytes > GMAIL_CLIPS_AT


@dataclass(frozen=True, slots=True)
class Drawn:
    """An edition, rendered: neutral, and as the service takes it. ``sent_bytes`` is the size of its HTML as sent."""

    edition: Edition
    message: Message
    outgoing: Outgoing
    pictures: Pictures
    sent_bytes: int

    @property
    def weights(self) -> dict[str, int]:
        """Bytes of each picture, by name."""
        return {name: len(data) for name, data in self.pictures.files.items()}

    def outputs(self) -> dict[str, bytes]:
        """Return the files of a build by their names, without the manifest."""
        from newsletter.export.eml import to_eml  # noqa: PLC0415 - what has not changed pays for no engine
        from newsletter.render.images import FOLDER  # noqa: PLC0415

        edition, outgoing, files = self.edition, self.outgoing, self.pictures.files
        shown = {name: data for name, data in files.items() if f'"{FOLDER}/{name}"' in outgoing.html}
        attached = shown if edition.publication.images == "attached" else {}
        outputs = _outputs(outgoing, self.message.web, to_eml(outgoing, edition, attached))
        outputs |= {f"{FOLDER}/{name}": data for name, data in files.items()}
        if any(item.extra and item.extra.starts for item in edition.web_items):
            from newsletter.export.ics import calendars  # noqa: PLC0415 - most issues have no events

            outputs |= calendars(edition)
        return outputs


class Builder:
    """Builds issues of one workspace; what they share (publication, theme, ledger) is loaded once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._themes: dict[str, Theme] = {}
        self._former: dict[str, Theme] = {}
        self._styles: StyleCache | None = None
        self._published: list[ledger.PublishedIssue] | None = None

    def refresh(self) -> None:
        """Look at the workspace anew, for files have changed; themes and archive that have not are kept."""
        self.workspace = self.workspace.anew()
        self._former |= self._themes
        self._themes = {}
        self._published = None

    def build(self, issue_name: str, *, force: bool = False) -> tuple[Built, ...]:
        """Build every edition of one issue, or find it unchanged.

        Args:
            issue_name: name or path of the definition.
            force: render even when nothing that was read has changed.

        Raises:
            UsageError: there is no such issue.
            ContentError: mistakes in the definition, newsletter.yaml, the archive, the ledger or a template.
        """
        issue = definition.load(self.workspace.issue_path(issue_name))
        editions = self.editions(issue)
        built = tuple(self._build(issue, edition, force) for edition in editions)
        _remove_former(self.workspace.build_dir / issue.name, [each.folder for each in built])
        return built

    def _build(self, issue: Issue, edition: Edition, force: bool) -> Built:
        publication = edition.publication
        theme = self.theme(publication)
        self.service(publication)  # what it lacks is told, built or not
        folder = self.workspace.build_dir / edition.path
        inputs = self._inputs(issue, edition, theme)
        if not force:
            known = _unchanged(folder, inputs)
            if known is not None:
                pictured = tuple(
                    Note("image", each["message"], each["item"], self._position(issue, each["item"]))
                    for each in known["notes"]
                    if each["code"] == "image"
                )
                edition = replace(edition, notes=(*edition.notes, *pictured))
                return _built(folder, known, edition, unchanged=True)
        drawn = self.draw(issue, edition)
        outputs = drawn.outputs()
        _remove_stale(folder, outputs)
        manifest = _manifest(drawn.edition, inputs, outputs, drawn.sent_bytes)
        manifest["seen"] = fingerprint(drawn.message, self._picture_hashes(inputs), drawn.pictures.files)
        for name, data in outputs.items():
            write_atomic(folder / name, data)
        write_atomic(folder / MANIFEST, _json(manifest))
        return _built(folder, manifest, drawn.edition)

    def draw(self, issue: Issue, edition: Edition) -> Drawn:
        """Render an edition, with its pictures, for the publication's service; nothing is written but caches.

        Raises:
            ContentError: what the service or the pictures lack, or a mistake in a template.
        """
        publication = edition.publication
        service = self.service(publication)
        message, pictures = self._rendered(edition)
        if pictures.files and publication.images == "hosted" and not publication.base_url:
            what = "the issue has pictures, and 'base_url' is missing: a mail must know where they are"
            hint = "add a line 'base_url: https://…', or 'images: attached'"
            raise ContentError([Problem(self.workspace.where("base_url"), what, hint)])
        edition = replace(message.edition, notes=(*edition.notes, *self._about(issue, pictures)))
        outgoing = service.fill(message)
        return Drawn(edition, message, outgoing, pictures, service.sent_bytes(outgoing))

    def _rendered(self, edition: Edition) -> tuple[Message, Pictures]:
        # Only what has changed pays for the engines.
        from newsletter.render.images import prepare  # noqa: PLC0415
        from newsletter.render.inline import StyleCache  # noqa: PLC0415
        from newsletter.render.pipeline import render  # noqa: PLC0415

        self._styles = self._styles or StyleCache(self.workspace.state_dir / "cache")
        theme = self.theme(edition.publication)
        pictures = prepare(edition, theme, self.workspace.root, self.workspace.state_dir / "cache" / "images")
        edition = _without_captions(edition, pictures)
        offers = self.service(edition.publication).offers(edition)
        return render(edition, theme, offers=offers, pictures=pictures.by_item, styles=self._styles), pictures

    def seen(self, issue: Issue, editions: Sequence[Edition]) -> dict[str, str]:
        """Return, by language, a hash of what readers of each edition see (:mod:`newsletter.fingerprint`).

        A build that is up to date knows it; else the edition is rendered, and nothing is written.

        Raises:
            ContentError: mistakes in newsletter.yaml or a template.
        """
        found: dict[str, str] = {}
        for edition in editions:
            theme = self.theme(edition.publication)
            inputs = self._inputs(issue, edition, theme)
            manifest = _unchanged(self.workspace.build_dir / edition.path, inputs)
            if manifest and isinstance(manifest.get("seen"), str):
                found[edition.language] = manifest["seen"]
            else:
                message, pictures = self._rendered(edition)
                found[edition.language] = fingerprint(message, self._picture_hashes(inputs), pictures.files)
        return found

    def _picture_hashes(self, inputs: dict[str, str]) -> dict[str, str]:
        """Return a hash of each picture file that was read, without what it is drawn by."""
        read = [name.removeprefix(PICTURE) for name, digest in inputs.items() if name.startswith(PICTURE) and digest]
        return {src: _sha256((self.workspace.root / src.strip()).read_bytes()) for src in read}

    def _about(self, issue: Issue, pictures: Pictures) -> Iterator[Note]:
        """Yield a note for each picture that is not as it should be, at its item's place."""
        for item_id, message, hint in pictures.problems:
            at = self._position(issue, item_id)
            yield Note("image", f"'{item_id}': {message}{f' ({hint})' if hint else ''}", item_id, at)

    def _position(self, issue: Issue, item_id: str) -> Position | None:
        """Return where the picture of an item stands, of a block, or the logo."""
        kind, _, name = item_id.partition(":")
        if kind == "logo":
            return self.workspace.where("logo", name or "src")
        if not name:
            return self.workspace.archive.position(item_id, "image", "src")
        for number, block in enumerate(issue.definition.blocks):
            if block.name == name and block.image:
                return issue.position(("blocks", number, "image", "src"))
        names = [block.name for block in self.workspace.publication.blocks]
        return self.workspace.where("blocks", names.index(name), "image", "src") if name in names else None

    def state(self, issue: Issue, editions: Sequence[Edition]) -> str:
        """Return where an unpublished issue stands: draft, built, or changed since built."""
        folders = {edition.path: self.workspace.build_dir / edition.path for edition in editions}
        if not any((folder / MANIFEST).is_file() for folder in folders.values()):
            return "draft"
        for edition in editions:
            inputs = self._inputs(issue, edition, self.theme(edition.publication))
            if _unchanged(folders[edition.path], inputs) is None:
                return "changed since built"
        return "built"

    def editions(self, issue: Issue) -> list[Edition]:
        """Compose one issue from the workspace, once in each of its languages. Raises :class:`ContentError`."""
        if self._published is None:
            self._published = ledger.read(self.workspace.ledger_dir)
        wanted, publication = issue.definition, self._dressed(issue)
        carried = ledger.carried_before(self._published, issue.name, wanted.date, wanted.number)
        languages = languages_of(publication, issue)
        if len(languages) > 1 and publication.web_version and "{language}" not in publication.web_version:
            what = f"'web_version' is the same for the editions in {' and '.join(languages)}"
            hint = "put {language} where the language belongs"
            raise ContentError([Problem(self.workspace.where("web_version"), what, hint)])
        archive = self.workspace.archive
        return [self._noted(compose(publication, issue, archive, carried, language)) for language in languages or ("",)]

    def _noted(self, edition: Edition) -> Edition:
        """Return an edition with notes about what its theme cannot do."""
        theme = self.theme(edition.publication)
        notes = [Note("contrast", f"{each.message} ({each.hint})", "", each.position) for each in theme.warnings]
        if not is_known(edition.language, theme.words):
            begin = (
                f"for a theme of your own, 'newsletter themes extract THEME --language {edition.language}' begins some"
            )
            notes.append(Note("words", f"the theme speaks English: it has no words in '{edition.language}' ({begin})"))
        known = theme.file.layouts
        sections = list(edition.sections)
        for number, section in enumerate(sections):
            if section.layout not in known and not (section.block and section.layout == "divider"):
                sections[number] = replace(section, layout=known[0])
                what = f"the theme '{theme.name}' has no layout '{section.layout}'"
                notes.append(Note("layout", f"{what}: {section.heading or section.anchor} is shown as {known[0]}"))
        return replace(edition, notes=(*edition.notes, *notes), sections=tuple(sections)) if notes else edition

    def _dressed(self, issue: Issue) -> Publication:
        """Return the publication in the issue's theme, with those of its tokens that this theme has as well."""
        publication = self.workspace.publication
        name = issue.definition.theme
        if not name or name == publication.theme.name:
            return publication
        file = describe(name, self.workspace.theme_roots, issue.position(("theme",))).file
        fitting = {
            key: value
            for key, value in publication.theme.tokens.items()
            if key in file.tokens and TOKEN_FORMS[file.tokens[key].type][0].fullmatch(value)
        }
        return publication.model_copy(update={"theme": ThemeChoice(name=name, tokens=fitting)})

    def theme(self, publication: Publication) -> Theme:
        """Return the publication's theme, checked. Raises :class:`ContentError`."""
        name = publication.theme.name
        if name not in self._themes:
            theme = find_theme(
                name,
                self.workspace.theme_roots,
                publication.theme.tokens,
                where=self.workspace.where,
                cache_dir=self.workspace.state_dir / "cache" / "jinja",
            )
            former = self._former.get(name)
            self._themes[name] = former if former and _is_same(former, theme) else self._checked(theme)
        return self._themes[name]

    def _checked(self, theme: Theme) -> Theme:
        """Check a theme, once for each state of its files."""
        seal = self.workspace.state_dir / "cache" / f"theme-{theme.name}.checked"
        state = f"{theme.digest} {program_digest()}"
        try:
            if seal.read_text() == state:
                return theme.as_checked()
        except OSError:
            pass
        theme = theme.check()
        write_atomic(seal, state.encode())
        return theme

    def service(self, publication: Publication) -> Service:
        """Return the publication's service. Raises :class:`ContentError` when newsletter.yaml lacks what it needs."""
        service = find_service(publication.service, self.workspace.where("service"))
        demands = [
            Problem(self.workspace.where(key), message, hint) for key, message, hint in service.demands(publication)
        ]
        if demands:
            raise ContentError(demands)
        return service

    def _inputs(self, issue: Issue, edition: Edition, theme: Theme) -> dict[str, str]:
        """Return a hash for everything that the build reads. No path, time or place is among them."""
        root = self.workspace.root
        pictures: dict[str, str] = {}
        if edition.publication.logo or any(item.image for item in edition.contents):
            from newsletter.render.images import sources  # noqa: PLC0415 - most issues have none

            pictures = {f"{PICTURE}{src}": digest for src, digest in sources(edition, theme, root).items()}
        return {
            **pictures,
            f"issues/{issue.name}.yaml": _sha256(issue.definition.told.encode("utf-8", "surrogatepass")),
            PUBLICATION: _sha256((root / PUBLICATION).read_bytes()),
            "edition": _edition_digest(edition),
            f"theme {theme.name}": theme.digest,
            "program": program_digest(),
            **engine_versions(),
        }


def _is_same(former: Theme, theme: Theme) -> bool:
    return (former.digest, former.folders, former.warnings) == (theme.digest, theme.folders, theme.warnings)


def _without_captions(edition: Edition, pictures: Pictures) -> Edition:
    """Leave out each block that is nothing but a picture and its caption, where the picture cannot be shown."""
    refused = [s for s in edition.sections if s.block and s.layout == "image" and s.items[0].id in pictures.refused]
    lost = [section.anchor for section in refused if not section.items[0].url]
    what = "it is left out, with its caption"
    pictures.problems += [(section.items[0].id, what, "") for section in refused if section.anchor in lost]
    return replace(edition, sections=tuple(each for each in edition.sections if each.anchor not in lost))


def newest_unpublished(workspace: Workspace) -> str:
    """Return the name of the newest issue that is not published.

    Raises:
        UsageError: there is none.
        ContentError: a mistake in a definition.
    """
    published = {path.stem for path in workspace.ledger_dir.glob("*.yaml")}
    names = [name for name in workspace.issue_names() if name not in published]
    if not names:
        what = "every issue is published: name the one to build" if published else "there is no issue yet"
        raise UsageError(f"{what} (start one with 'newsletter new')")
    dated = [
        (issue.definition.date, issue.definition.number or 0, issue.name)
        for issue in definition.load_all(map(workspace.issue_path, names))
    ]
    return max(dated)[2]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _edition_digest(edition: Edition) -> str:
    """Hash the query's answer and what composing made of it."""
    total = hashlib.sha256()
    head = (edition.subject, edition.preheader, edition.editorial, edition.editorial_language, edition.language)
    total.update(repr((head, edition.web_version, edition.others, edition.foreign)).encode())
    for s in edition.sections:
        told = (s.anchor, s.heading, s.layout, s.columns, s.block, s.sponsored, s.blurb, len(s.items))
        total.update(repr((*told, s.heading_language, s.blurb_language)).encode())
    total.update(repr([note.message for note in edition.notes]).encode())
    for item in edition.contents:
        total.update(item.model_dump_json().encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def _outputs(outgoing: Outgoing, web: str, eml: bytes) -> dict[str, bytes]:
    return {
        "email.html": outgoing.html.encode(),
        "email.txt": outgoing.text.encode(),
        "web.html": web.encode(),
        "email.eml": eml,
    }


def _listed(folder: Path) -> list[str]:
    """Return the files that an earlier build wrote into ``folder``; none where its manifest cannot be read."""
    try:
        return list(json.loads((folder / MANIFEST).read_bytes())["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _remove_stale(folder: Path, outputs: Collection[str]) -> None:
    """Remove the pictures of an earlier build that this one does not have."""
    for name in _listed(folder):
        if name not in outputs and OUTPUT.fullmatch(name):
            (folder / name).unlink(missing_ok=True)


def _remove_former(issue: Path, current: Collection[Path]) -> None:
    """Remove what earlier builds of an issue wrote for editions that it has no more; nobody should send it."""
    for path in [issue / MANIFEST, *sorted(issue.glob(f"*/{MANIFEST}"))]:
        if path.parent in current:
            continue
        outputs = _listed(path.parent)
        for name in [*outputs, MANIFEST] if outputs else []:
            if OUTPUT.fullmatch(name):
                (path.parent / name).unlink(missing_ok=True)


def _manifest(edition: Edition, inputs: dict[str, str], outputs: dict[str, bytes], sent: int) -> dict[str, Any]:
    return {
        "issue": edition.issue,
        "subject": edition.subject,
        "preheader": edition.preheader,
        "items": [item.id for item in edition.items],
        "inputs": inputs,
        "outputs": {name: {"bytes": len(data), "sha256": _sha256(data)} for name, data in outputs.items()},
        "html_bytes": {"built": len(outputs["email.html"]), "sent": sent, "gmail_clips_at": GMAIL_CLIPS_AT},
        "picture_bytes": sum(len(data) for name, data in outputs.items() if name.startswith("images/")),
        "notes": [{"code": note.code, "message": note.message, "item": note.item} for note in edition.notes],
    }


def _unchanged(folder: Path, inputs: dict[str, str]) -> dict[str, Any] | None:
    """Return the manifest of an earlier build from the same inputs whose files are all as they were written."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if manifest["inputs"] != inputs:
            return None
        for name, output in manifest["outputs"].items():
            if _sha256((folder / name).read_bytes()) != output["sha256"]:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest


def _built(folder: Path, manifest: dict[str, Any], edition: Edition, *, unchanged: bool = False) -> Built:
    return Built(
        issue=edition.issue,
        subject=edition.subject,
        folder=folder,
        files=(*manifest["outputs"], MANIFEST),
        html_bytes=manifest["html_bytes"]["built"],
        sent_bytes=manifest["html_bytes"]["sent"],
        notes=edition.notes,
        unchanged=unchanged,
        images={name: output["bytes"] for name, output in manifest["outputs"].items() if name.startswith("images/")},
        language=edition.folder,
    )
