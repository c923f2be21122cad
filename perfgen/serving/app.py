"""The addresses of the window, and what answers at each.

    GET  /KEY/file/PATH              the window of a data file
    GET  /KEY/api/window?file=PATH   what it shows, as JSON
    POST /KEY/api/put                a value that was typed: {file, version, path, text}
    POST /KEY/api/edit               another change: {file, version, edit}
    POST /KEY/api/undo, …/redo       {file, version}
    GET  /KEY/events                 what happens, as server-sent events

The addresses of the first page stand in `starting`, those of Word files in `bringing`. A change answers with what the window now shows; 409 where the file is of another version, with what it is now.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from perfgen.filling.edits import EditError
from perfgen.findings import PerfgenError
from perfgen.serving import asked, bringing, starting
from perfgen.serving.answers import in_words
from perfgen.serving.desk import Desk
from perfgen.serving.guard import POLICY, Guard
from perfgen.serving.office import Office, office_of
from perfgen.serving.page import page
from perfgen.serving.saves import ConflictError
from perfgen.serving.window import payload

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
        Route("/api/undo", _undo, methods=["POST"]),
        Route("/api/redo", _redo, methods=["POST"]),
        Route("/events", _events),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    app = Starlette(routes=[Mount(f"/{office.keys.desk}", routes=routes)])
    app.state.office = office
    return Guard(app, port, office.keys)


def _html(text: str) -> Response:
    return HTMLResponse(
        text,
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


async def _file(request: Request) -> Response:
    office = office_of(request)
    return _html(page("window.html", root=office.root, file=request.path_params["path"]))


async def _window(request: Request) -> Response:
    file = request.query_params.get("file", "")
    return await _answer(request, file, lambda _: None)


async def _put(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, version, path, text = body.text("file"), body.text("version"), body.path("path"), body.text("text")
    return await _answer(request, file, lambda desk: desk.put(file, version, path, text))


async def _edit(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, version, edit = body.text("file"), body.text("version"), body.edit("edit")
    return await _answer(request, file, lambda desk: desk.edit(file, version, desk.completed(file, edit)))


async def _undo(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, version = body.text("file"), body.text("version")
    return await _answer(request, file, lambda desk: desk.undo(file, version))


async def _redo(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, version = body.text("file"), body.text("version")
    return await _answer(request, file, lambda desk: desk.redo(file, version))


async def _answer(request: Request, file: str, work: Callable[[Desk], tuple[str, ...] | None]) -> Response:
    """Does some work on a file; answers with what its window then shows, and tells the other windows."""
    office = office_of(request)

    def done(desk: Desk) -> tuple[int, dict[str, Any], str]:
        before = desk.look(file).version
        status, said = 200, {"remarks": [], "trouble": ""}
        try:
            said["remarks"] = list(work(desk) or ())
        except ConflictError:
            status = 409
        except (EditError, PerfgenError) as error:
            status, said["trouble"] = 400, in_words(error)
        return status, {**payload(desk, desk.look(file)), **said}, before

    try:
        status, made, before = await office.at_desk(done)
    except PerfgenError as error:
        return JSONResponse({"trouble": in_words(error)}, 404)
    if made["version"] != before:
        office.hub.tell("file", {"file": file, "version": made["version"]})
    return JSONResponse(made, status, {"Cache-Control": "no-store"})


async def _events(request: Request) -> Response:
    office = office_of(request)
    return StreamingResponse(
        office.hub.messages(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


Answer = Callable[[Request], Awaitable[Response]]
