"""The preview's addresses: pages, frames, what the page asks for, and news of changes."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
import re
from collections.abc import AsyncIterator
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from newsletter.build import OUTPUT
from newsletter.clients.support import CLIENTS
from newsletter.errors import ContentError, NewsletterError, UsageError
from newsletter.preview.approving import Approving
from newsletter.preview.asking import issue_name, language_of
from newsletter.preview.awkward import AWKWARD
from newsletter.preview.drafting import Drafting
from newsletter.preview.frames import Sight, as_page, frame, seen
from newsletter.preview.guard import FRAME_POLICY
from newsletter.preview.studio import Seen, Studio, Wish
from newsletter.preview.telling import tell, tell_issues, tell_problem
from newsletter.preview.watching import Hub, changes, event
from newsletter.render.themefile import known_names

SHOWN = "'self' data: https: http:"
"""Where the pictures of a frame come from; remote ones are fetched by the browser, as a reader's would."""
PAGE_FILE = re.compile(r"[a-z][a-z-]*\.(js|css|svg)")


class Preview:
    """The application for one workspace. ``token`` goes into its pages; :class:`~newsletter.preview.guard.Guard` checks
    it. Endpoints that touch files are plain functions: Starlette calls each in a thread.
    """

    def __init__(self, studio: Studio, token: str) -> None:
        self.studio = studio
        self.token = token
        self.drafting = Drafting(studio)
        self.hub = Hub()
        self.stop = asyncio.Event()

    def app(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/", self.home),
                Route("/issue/{issue}", self.issue_page),
                Route("/page/{name}", self.page_file),
                Route("/events", self.events),
                Route("/api/issues", self.issues, methods=["GET"]),
                Route("/api/choices", self.choices),
                Route("/api/issues/{issue}", self.issue),
                Route("/api/issues/{issue}/standing", self.standing),
                *self.drafting.routes(),
                *Approving(self.studio).routes(),
                Route("/frame/{issue}/{kind}/{language}/page", self.frame),
                Route("/frame/{issue}/{kind}/{language}/images/{name}", self.picture),
            ],
            exception_handlers={
                ClientDisconnect: _cut_off,
                UsageError: _not_there,
                ContentError: self._mistaken,
                NewsletterError: _refused,
            },
            lifespan=self.lifespan,
        )

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Follow the files as long as the server runs."""
        following = asyncio.create_task(self._follow())
        warming = asyncio.create_task(run_in_threadpool(self.drafting.warm))
        try:
            yield
        finally:
            self.close()
            await asyncio.wait({following, warming}, timeout=1)

    def close(self) -> None:
        """End what would go on for ever."""
        self.stop.set()
        self.hub.close()

    async def _follow(self) -> None:
        studio = self.studio
        themes = tuple(path for path in studio.workspace.theme_roots if not path.is_relative_to(studio.root))
        async for names in changes(studio.root, themes, self.stop):
            news = studio.is_news(names)  # else a page has asked for it, and has it already; the others have not
            generation = await run_in_threadpool(studio.changed) if news else studio.generation
            self.hub.tell("changed", generation=generation, files=sorted(names))

    def home(self, _: Request) -> Response:
        """The page with all issues."""
        return self._page("home.html")

    def issue_page(self, request: Request) -> Response:
        """The page of one issue."""
        self.studio.workspace.issue_path(issue_name(request))
        return self._page("issue.html")

    def _page(self, name: str) -> Response:
        html = (files(__package__) / "page" / name).read_text("utf-8")
        return HTMLResponse(html.replace("{{token}}", self.token))

    def page_file(self, request: Request) -> Response:
        """A script or a stylesheet of our pages."""
        name = request.path_params["name"]
        path = files(__package__) / "page" / name
        if not PAGE_FILE.fullmatch(name) or not path.is_file():
            raise UsageError("there is no such file")
        kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
        return Response(path.read_bytes(), media_type=kind)

    async def events(self, _: Request) -> Response:
        """News, as a stream."""

        def greeting() -> str:
            return event("hello", generation=self.studio.generation)

        return StreamingResponse(self.hub.listen(greeting), media_type="text/event-stream")

    def issues(self, _: Request) -> Response:
        """All issues and where each stands."""
        return JSONResponse(tell_issues(self.studio))

    def choices(self, _: Request) -> Response:
        """What there is to choose from, whatever the issue."""
        themes = known_names(self.studio.workspace.theme_roots)
        data = {name: what for name, (what, _) in AWKWARD.items()}
        clients = [{"id": client.key, "name": client.name} for client in CLIENTS]
        return JSONResponse({"themes": themes, "data": data, "clients": clients})

    def issue(self, request: Request) -> Response:
        """One issue: what it holds and how it came out, or its mistakes."""
        wish, found = self._seen(request)
        told = tell(self.studio, wish, found, request.query_params.get("client", ""))
        back, forward = self.drafting.desk.next_steps()
        steps = {"undo": back.what if back else "", "redo": forward.what if forward else ""}
        return JSONResponse(told | steps)

    def standing(self, request: Request) -> Response:
        """Where one issue stands: draft, built, proofed, approved …"""
        return JSONResponse({"state": self.studio.standing(issue_name(request))})

    def frame(self, request: Request) -> Response:
        """One view of an issue, for a frame."""
        kind = request.path_params["kind"]
        asked = request.query_params
        sight = Sight(asked.get("look", "light"), asked.get("client", ""), asked.get("styles") != "off")
        status = 200
        try:
            html = seen(self._built(request), sight) if kind == "built" else self._drawn(request, kind, sight)
        except UsageError as error:  # a frame shows what it is told, too
            status, html = 404, as_page(str(error), "")
        images = "'none'" if asked.get("images") == "off" else SHOWN
        return HTMLResponse(html, status, {"content-security-policy": FRAME_POLICY.format(images=images)})

    def _drawn(self, request: Request, kind: str, sight: Sight) -> str:
        _, found = self._seen(request)
        return as_page("", "") if found.drawn is None else frame(found.drawn, kind, sight)

    def _built(self, request: Request) -> str:
        path = self.studio.built(issue_name(request), language_of(request)) / "email.html"
        try:
            return path.read_text("utf-8")
        except OSError:
            raise UsageError("this edition has not been built") from None

    def picture(self, request: Request) -> Response:
        """A picture of a frame."""
        name = request.path_params["name"]
        if not OUTPUT.fullmatch(f"images/{name}"):
            raise UsageError("there is no such picture")
        data = self.studio.picture(issue_name(request), name)
        if data is None and request.path_params["kind"] == "built":
            with contextlib.suppress(OSError):
                data = (self.studio.built(issue_name(request), language_of(request)) / "images" / name).read_bytes()
        if data is None:
            raise UsageError("there is no such picture")
        return Response(data, media_type=mimetypes.guess_type(name)[0])

    def _seen(self, request: Request) -> tuple[Wish, Seen]:
        asked = request.query_params
        wish = Wish(issue_name(request), language_of(request), asked.get("theme", ""), asked.get("data", ""))
        return wish, self.studio.see(wish)

    def _mistaken(self, _: Request, error: Exception) -> Response:
        problems = error.problems if isinstance(error, ContentError) else ()
        told = [tell_problem(problem, self.studio.root) for problem in problems]
        return JSONResponse({"error": str(error), "problems": told}, 422)


def _not_there(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 404 if request.method == "GET" else 400)


def _refused(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 409)


def _cut_off(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "what was sent is too large, or came too slowly"}, 413, {"connection": "close"})
