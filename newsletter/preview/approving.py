"""A proof of the issue for the person who approves it, and the yes."""

from __future__ import annotations

import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.build import Builder
from newsletter.errors import UsageError
from newsletter.issues import definition
from newsletter.preview.asking import body_of, issue_name, language_of
from newsletter.preview.studio import Studio

PROOFS = {"proof.html": "text/html", "proof.pdf": "application/pdf"}
"""Files of a proof, and what they are."""


class Approving:
    """The endpoints of proofs and approvals, with builders of their own: printing takes seconds, the page goes on."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/api/issues/{issue}/proof", self.proof, methods=["POST"]),
            Route("/api/issues/{issue}/approval", self.approve, methods=["POST"]),
            Route("/proof/{issue}/{language}/{name}", self.proof_file),
        ]

    async def proof(self, request: Request) -> Response:
        """Make a proof of every edition, as ``newsletter proof`` does."""
        await body_of(request)
        return await run_in_threadpool(self._proofs, issue_name(request))

    def _proofs(self, issue: str) -> Response:
        from newsletter.proof import proofs  # noqa: PLC0415 - only when one is asked for
        from newsletter.proof.chromium import find  # noqa: PLC0415
        from newsletter.proof.writing import NAME, write  # noqa: PLC0415
        from newsletter.standing import mark_proofed  # noqa: PLC0415

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
        body = await body_of(request)
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
