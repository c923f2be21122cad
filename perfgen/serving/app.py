"""The addresses of the window, and what answers at each.

    GET  /KEY/file/PATH              the window of a data file
    GET  /KEY/api/window?file=PATH   what it shows, as JSON; with &seen=…, only where it is no longer that
    POST /KEY/api/put                a value that was typed: {file, version, path, text}
    POST /KEY/api/edit               another change: {file, version, edit}
    POST /KEY/api/repair             all that the program can put right: {file, version}
    POST /KEY/api/undo, …/redo       {file, version}
    GET  /KEY/events                 what happens, as server-sent events

The addresses of the first page stand in `starting`, those of Word files in `bringing`.

A change answers with what the window now shows; 409 where the file is of another version, with what it is now.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from perfgen.filling.said import Said
from perfgen.findings import PerfgenError
from perfgen.serving import asked, bringing, committing, knowing, pasting, refusal, starting, tabs
from perfgen.serving.answering import answer
from perfgen.serving.following import follow
from perfgen.serving.guard import Guard
from perfgen.serving.office import Office, office_of
from perfgen.serving.page import page

STATIC = Path(__file__).parent / "static"
_MOST = 4_000_000
"""How many bytes a request may have; a Word file that is dropped has its own limit."""


def make_app(office: Office, port: int) -> Guard:
    """The application, behind its guard."""
    routes = [
        *starting.ROUTES,
        *bringing.ROUTES,
        Route("/file/{path:path}", _file),
        Route("/api/window", _window),
        Route("/api/put", _put, methods=["POST"]),
        Route("/api/edit", _edit, methods=["POST"]),
        Route("/api/repair", _repair, methods=["POST"]),
        Route("/api/undo", _undo, methods=["POST"]),
        Route("/api/redo", _redo, methods=["POST"]),
        *pasting.ROUTES,
        *committing.ROUTES,
        Route("/events", _events),
        *knowing.ROUTES,
        *tabs.ROUTES,
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    mounts = [
        Mount(f"/{office.keys.desk}", routes=routes),
        Mount(f"/{office.keys.preview}", routes=tabs.PREVIEW_ROUTES),
    ]
    refused: dict[Any, Any] = {HTTPException: refusal.of_http, Exception: refusal.of_fault}
    app = Starlette(routes=mounts, exception_handlers=refused, lifespan=_followed(office))
    app.state.office = office
    return Guard(app, port, office.keys, office.troubled)


def _followed(office: Office) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Follows the files as long as the server runs."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(follow(office))
        yield
        task.cancel()

    return lifespan


async def _file(request: Request) -> Response:
    office, source = office_of(request), request.path_params["path"]
    try:
        file = office.desk.file(source)
    except PerfgenError as error:
        return refusal.response(request.headers, str(error), 404)
    return HTMLResponse(page("window.html", root=office.root, file=file.source))


async def _window(request: Request) -> Response:
    file, seen = request.query_params.get("file", ""), request.query_params.get("seen", "")
    return await answer(request, file, lambda _: None, seen)


async def _put(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, version, path, text = body.text("file"), body.text("version"), body.path("path"), body.text("text")
    return await answer(request, file, lambda desk: {"remarks": desk.put(file, version, path, text)})


async def _edit(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, version, edit = body.text("file"), body.text("version"), body.edit("edit")
    return await answer(request, file, lambda desk: desk.edit(file, version, desk.completed(file, edit)))


async def _repair(request: Request) -> Response:
    file, version = await _version(request)
    return await answer(request, file, lambda desk: desk.repair(file, version))


async def _undo(request: Request) -> Response:
    file, version = await _version(request)
    return await answer(request, file, lambda desk: {"step": step_of(desk.undo(file, version))})


async def _redo(request: Request) -> Response:
    file, version = await _version(request)
    return await answer(request, file, lambda desk: {"step": step_of(desk.redo(file, version))})


async def _version(request: Request) -> tuple[str, str]:
    """The file that a request names, and of which version it is to be."""
    body = await asked.body(request, _MOST)
    return body.text("file"), body.text("version")


def step_of(said: Said) -> dict[str, Any]:
    """What was taken back or made again, for the window."""
    return {"label": said.text, "path": list(said.path)}


async def _events(request: Request) -> Response:
    office = office_of(request)
    return StreamingResponse(office.hub.messages(), media_type="text/event-stream")
