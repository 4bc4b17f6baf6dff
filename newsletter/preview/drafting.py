"""What the page changes, and what it needs for that: the archive, items, steps back and forward, new issues."""

from __future__ import annotations

import contextlib
import datetime
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.archive.naming import slug
from newsletter.build import Builder
from newsletter.drafting.changes import read_changes
from newsletter.drafting.conflict import Conflict
from newsletter.drafting.desk import Desk, Done
from newsletter.errors import NewsletterError, UsageError
from newsletter.files import write_atomic
from newsletter.issues import definition, ledger
from newsletter.model import Query
from newsletter.preview.asking import issue_name, language_of
from newsletter.preview.studio import Studio, Wish
from newsletter.preview.telling import tell_item, tell_place
from newsletter.render.reading import UnusableError, is_drawing, opened
from newsletter.scaffold.issue import begin

MOST = 200
"""Most items in one answer."""
STEPS = 200
"""Most steps of the history in one answer."""
PROOFS = {"proof.html": "text/html", "proof.pdf": "application/pdf"}
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif", "GIF": ".gif", "TIFF": ".tif"}


class Drafting:
    """The endpoints that write, and those that the drafting page reads. Every change goes through the desk."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.desk = Desk(studio.workspace)
        self._known: tuple[int, dict[str, str], list[tuple[str, int]]] = (-1, {}, [])

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/api/archive", self.archive),
            Route("/api/items/{item}", self.item),
            Route("/api/history", self.history),
            Route("/api/issues", self.new, methods=["POST"]),
            Route("/api/issues/{issue}/changes", self.change, methods=["POST"]),
            Route("/api/undo", self.undo, methods=["POST"]),
            Route("/api/redo", self.redo, methods=["POST"]),
            Route("/api/pictures/{name}", self.picture, methods=["POST"]),
            Route("/api/page", self.page, methods=["POST"]),
            Route("/api/issues/{issue}/proof", self.proof, methods=["POST"]),
            Route("/api/issues/{issue}/approval", self.approve, methods=["POST"]),
            Route("/proof/{issue}/{language}/{name}", self.proof_file),
        ]

    # Reading

    def archive(self, request: Request) -> Response:
        """A page of the archive, the newest first: ``text category from to unused start limit issue``."""
        asked = request.query_params
        archive = self.studio.workspace.archive
        carried, categories = self.known()
        wanted = {
            "text": _begun(asked.get("text", "")),
            "categories": (asked["category"],) if asked.get("category") else (),
            "from": asked.get("from") or None,
            "to": asked.get("to") or None,
            "exclude": tuple(carried) if asked.get("unused") else (),
            "limit": min(_number(asked.get("limit", "60")), MOST),
        }
        items, total = archive.page(_query(wanted), _number(asked.get("start", "0")))
        here = self._here(asked.get("issue", ""))
        told = [tell_item(item) | {"here": item.id in here, "used": carried.get(item.id, "")} for item in items]
        return JSONResponse({"total": total, "items": told, "categories": categories})

    def known(self) -> tuple[dict[str, str], list[tuple[str, int]]]:
        """Return the items that published issues carry, each with the last of them; and the archive's categories."""
        generation, carried, categories = self._known
        if generation != self.studio.generation:
            generation, workspace = self.studio.generation, self.studio.workspace
            published = ledger.read(workspace.ledger_dir)
            carried = {item: issue.name for issue in published if not issue.retracted for item in issue.entry.items}
            categories = list(workspace.archive.categories())
            self._known = generation, carried, categories
        return carried, categories

    def warm(self) -> None:
        """Ask the archive once, so that the first who searches does not wait for what is kept afterwards."""
        with contextlib.suppress(NewsletterError):  # told when somebody asks
            self.known()
            self.studio.workspace.archive.page(Query(limit=1), 0)

    def _here(self, issue: str) -> frozenset[str]:
        """Return the ids of what an issue shows."""
        if not issue:
            return frozenset()
        drawn = self.studio.see(Wish(issue)).drawn
        return frozenset(item.id for item in drawn.edition.web_items) if drawn else frozenset()

    def item(self, request: Request) -> Response:
        """An item as the archive has it, and where."""
        name = request.path_params["item"]
        archive = self.studio.workspace.archive
        item = archive.get([name]).get(name)
        if item is None:
            raise UsageError(f"the archive has no item '{name[:80]}'")
        names = [category.name for category in self.studio.workspace.publication.categories]
        at = tell_place(archive.position(name), self.studio.root)
        return JSONResponse(tell_item(item) | {"at": at, "categories": names})

    def history(self, request: Request) -> Response:
        """The steps that were taken, the newest first, with what each changed."""
        entries = self.desk.history(min(_number(request.query_params.get("limit", "50")), STEPS))
        return JSONResponse([asdict(entry) | {"diff": self.desk.diff(entry.number)} for entry in entries])

    # Writing

    async def change(self, request: Request) -> Response:
        """Change an issue or the archive: ``{"changes": […], "tab": …}``, all in one step."""
        body = await _body(request)
        changes = read_changes(body.get("changes"))
        issue = issue_name(request)
        return await run_in_threadpool(self._done, lambda: self.desk.apply(issue, changes, _tab(body)))

    async def undo(self, request: Request) -> Response:
        """Take the last step back."""
        await _body(request)
        return await run_in_threadpool(self._done, self.desk.undo)

    async def redo(self, request: Request) -> Response:
        """Take the step again that was taken back last."""
        await _body(request)
        return await run_in_threadpool(self._done, self.desk.redo)

    async def new(self, request: Request) -> Response:
        """Begin an issue: ``{"name": …, "month": …, "since": true, "from": ISSUE}``."""
        body = await _body(request)
        name = str(body.get("name") or body.get("month") or "")

        def make() -> Done:
            text, _ = begin(
                self.studio.workspace,
                name,
                month=body.get("month") or None,
                since_last=bool(body.get("since")),
                source=body.get("from") or None,
            )
            return self.desk.create(name, text, _tab(body))

        return await run_in_threadpool(self._done, make)

    def _done(self, work: Any) -> Response:
        try:
            done: Done = work()
        except Conflict as conflict:
            self.studio.changed()
            return JSONResponse({"error": str(conflict), "conflict": self._conflict(conflict)}, 409)
        self.studio.wrote(done.files)
        added = [tell_item(item) for item in self.studio.workspace.archive.get(done.ids).values()]
        return JSONResponse(asdict(done) | {"added": added})

    def _conflict(self, conflict: Conflict) -> dict[str, Any]:
        kept = f" The other version is kept in {conflict.kept}." if conflict.kept else ""
        return {
            "message": f"{conflict.what} reads otherwise now than when you began.{kept}",
            "theirs": conflict.theirs,
            "yours": conflict.yours,
            "at": tell_place(conflict.position, self.studio.root),
        }

    async def page(self, request: Request) -> Response:
        """Ask a page of the web what it says of itself, for an item: ``{"url": …}``. Nothing is written."""
        body = await _body(request)
        return await run_in_threadpool(self._offered, str(body.get("url") or ""))

    def _offered(self, url: str) -> Response:
        from newsletter.archive.fetching import fetch  # noqa: PLC0415 - only when a person asks for a page
        from newsletter.archive.importers.webpage import read_page  # noqa: PLC0415

        found = fetch(url)
        ours = self.studio.workspace.publication.language
        page = read_page(found.raw, found.address, found.content_type, found.language, ours)
        told = tell_item(page.item)
        taken = [f"{offer.field} ({offer.where})" for offer in page.offers if offer.taken]
        return JSONResponse({"item": told, "found": taken})

    async def proof(self, request: Request) -> Response:
        """Make a proof of every edition, as ``newsletter proof`` does."""
        await _body(request)
        return await run_in_threadpool(self._proofs, issue_name(request))

    def _proofs(self, issue: str) -> Response:
        from newsletter.proof import proofs  # noqa: PLC0415 - only when one is asked for
        from newsletter.proof.chromium import find  # noqa: PLC0415
        from newsletter.proof.writing import NAME, write  # noqa: PLC0415
        from newsletter.standing import mark_proofed  # noqa: PLC0415

        # with a builder of its own: printing takes seconds, and the page goes on meanwhile
        workspace = self.studio.workspace.anew()
        found, seen = proofs(Builder(workspace), issue, "", datetime.datetime.now().astimezone())
        told = []
        for each in found:
            written, wrong = write(each, workspace.build_dir / each.edition.path / NAME, find())
            names = [path.name for path in written]
            told.append({"language": each.edition.folder or "-", "files": names, "wrong": wrong, "code": each.code})
        mark_proofed(workspace.build_dir / issue, seen, seen)
        return JSONResponse({"proofs": told})

    def proof_file(self, request: Request) -> Response:
        """A proof that was made, to be kept or sent."""
        issue, name = issue_name(request), request.path_params["name"]
        path = self.studio.built(issue, language_of(request)) / name
        if name not in PROOFS or not path.is_file():
            raise UsageError("there is no such proof")
        shown = f"{issue}-{path.parent.name}-{name}" if path.parent.name != issue else f"{issue}-{name}"
        headers = {"content-disposition": f'attachment; filename="{shown}"'}
        return Response(path.read_bytes(), media_type=PROOFS[name], headers=headers)

    async def approve(self, request: Request) -> Response:
        """Record a yes to the issue as it is now: ``{"by": …, "note": …}``."""
        body = await _body(request)
        by, note = str(body.get("by") or "").strip(), str(body.get("note") or "")
        if not by:
            raise UsageError("who says yes? Give a name")
        return await run_in_threadpool(self._approve, issue_name(request), by, note)

    def _approve(self, name: str, by: str, note: str) -> Response:
        from newsletter import approval  # noqa: PLC0415 - only when somebody approves

        workspace = self.studio.workspace.anew()
        builder = Builder(workspace)
        issue = definition.load(workspace.issue_path(name))
        seen = builder.seen(issue, builder.editions(issue))
        now = datetime.datetime.now().astimezone()
        done = approval.record(workspace.issues_dir, name, seen, by=by, at=now, note=note)
        return JSONResponse({"by": done.by, "at": done.at.isoformat()})

    async def picture(self, request: Request) -> Response:
        """Put a picture into images/: the body is the file. An equal one that is there already is used."""
        name = Path(request.path_params["name"])
        data = await request.body()
        return await run_in_threadpool(self._keep, name, data)

    def _keep(self, name: Path, data: bytes) -> Response:
        suffix = _suffix(data)
        stem, number = slug(name.stem), 1
        while True:
            path = self.studio.root / "images" / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}"
            if not path.exists():
                write_atomic(path, data, durable=True)
                break
            if path.read_bytes() == data:
                break
            number += 1
        return JSONResponse({"path": path.relative_to(self.studio.root).as_posix()})


def _suffix(data: bytes) -> str:
    """Return what the name of a picture ends with, by its content. Raises :class:`UsageError` where it is none."""
    if is_drawing(data):
        return ".svg"
    try:
        return SUFFIXES.get(opened(data).format, ".png")
    except UnusableError as error:
        raise UsageError(f"this picture {error}{f' ({error.hint})' if error.hint else ''}") from None


async def _body(request: Request) -> dict[str, Any]:
    """Return the JSON object that was sent. Raises :class:`UsageError`."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise UsageError("send JSON")
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise UsageError("this is not JSON") from None
    if not isinstance(body, dict):
        raise UsageError("send an object")
    return body


def _tab(body: dict[str, Any]) -> str:
    return str(body.get("tab") or "")[:80]


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise UsageError(f"'{text[:20]}' is no number")
    return int(text)


def _begun(text: str) -> str:
    """Return a search as one types: the last word may go on."""
    return f"{text}*" if text and not text[-1].isspace() and not text.endswith("*") else text


def _query(wanted: dict[str, Any]) -> Query:
    from pydantic import ValidationError  # noqa: PLC0415 - loaded already, with the models

    try:
        return Query.model_validate(wanted)
    except ValidationError as error:
        raise UsageError(error.errors()[0]["msg"]) from None
