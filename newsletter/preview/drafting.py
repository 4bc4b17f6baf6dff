"""What the page changes, and what it needs for that: the archive, items, steps back and forward, new issues."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.archive.naming import slug
from newsletter.drafting.changes import read_changes
from newsletter.drafting.conflict import Conflict
from newsletter.drafting.desk import Desk, Done
from newsletter.errors import NewsletterError, UsageError
from newsletter.files import write_atomic
from newsletter.issues import ledger
from newsletter.model import Query
from newsletter.preview.asking import body_of, issue_name
from newsletter.preview.studio import Studio, Wish
from newsletter.preview.telling import tell_item, tell_place
from newsletter.render.reading import UnusableError, is_drawing, opened
from newsletter.scaffold.issue import begin

MOST = 200
"""Most items in one answer."""
STEPS = 200
"""Most steps of the history in one answer."""
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
        told = [
            {
                "id": item.id,
                "title": item.title,
                "date": item.date.isoformat() if item.date else "",
                "category": item.category,
                "here": item.id in here,
                "used": carried.get(item.id, ""),
            }
            for item in items
        ]
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
        body = await body_of(request)
        changes = read_changes(body.get("changes"))
        issue = issue_name(request)
        return await run_in_threadpool(self._done, lambda: self.desk.apply(issue, changes, _tab(body)))

    async def undo(self, request: Request) -> Response:
        """Take the last step back."""
        await body_of(request)
        return await run_in_threadpool(self._done, self.desk.undo)

    async def redo(self, request: Request) -> Response:
        """Take the step again that was taken back last."""
        await body_of(request)
        return await run_in_threadpool(self._done, self.desk.redo)

    async def new(self, request: Request) -> Response:
        """Begin an issue: ``{"name": …, "month": …, "since": true, "from": ISSUE}``."""
        body = await body_of(request)
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
            "theirs": to_jsonable_python(conflict.theirs),  # the file may have a date there
            "yours": to_jsonable_python(conflict.yours),
            "at": tell_place(conflict.position, self.studio.root),
        }

    async def page(self, request: Request) -> Response:
        """Ask a page of the web what it says of itself, for an item: ``{"url": …}``. Nothing is written."""
        body = await body_of(request)
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
