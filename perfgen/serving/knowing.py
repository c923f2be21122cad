"""What a window asks about one place of a form: what it is, how it is computed, and how a text there is understood.

GET  /KEY/api/about?file=PATH&path=[…]  what is known of a place, as HTML for the page: {html}
POST /KEY/api/understood                how a text is understood that is being typed: {file, path, text}
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from perfgen.data import ValuePath
from perfgen.filling.formula import Explained, explained
from perfgen.filling.labels import label_of
from perfgen.filling.last_year import last_year
from perfgen.filling.sheet import Sheet
from perfgen.filling.slots import slot
from perfgen.filling.understood import Understood, understood
from perfgen.findings import Place
from perfgen.form.formulas import FormulaError
from perfgen.serving import asked
from perfgen.serving.answers import told
from perfgen.serving.desk import Desk
from perfgen.serving.office import office_of
from perfgen.serving.page import page

_MOST = 100_000
"""How many bytes a request may have."""


async def _about(request: Request) -> Response:
    office = office_of(request)
    file = request.query_params.get("file", "")
    try:
        given = json.loads(request.query_params.get("path", ""))
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    path = asked.path_of(given)
    return await told(request, lambda desk: {"html": about(desk, file, path, office.root)}, 404)


async def _understood(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, path, text = body.text("file"), body.path("path"), body.text("text")

    def said(desk: Desk) -> dict[str, Any]:
        form = desk.look(file).sheet
        found = understood(form, path, text) if form is not None else Understood()
        return {"parts": found.parts, "trouble": found.trouble, "remarks": found.remarks}

    return await told(request, said, 404)


def about(desk: Desk, source: str, path: ValuePath, root: str) -> str:
    """What is known of a place, as HTML; `root` is what every address of the window begins with."""
    look = desk.look(source)
    form = look.sheet
    if form is None:
        return ""
    at = None if look.is_broken or path[0] in form.filing.form.references else form.filing.document.place(path)
    return page(
        "about.html",
        slot=slot(form, path),
        label=" · ".join(label_of(form.filing, path).split(" · ")[-2:]),
        how=_explained(form, path),
        before=last_year(form.filing, path) if form.filing.form.fields.at(path) else "",
        at=at,
        editor=_in_editor(desk, at) if at else "",
        root=root,
    )


def _explained(form: Sheet, path: ValuePath) -> Explained | None:
    try:
        return explained(form, path)
    except FormulaError:
        return None  # the findings say what is wrong with the formula


def _in_editor(desk: Desk, place: Place) -> str:
    """The address that opens a place in Visual Studio Code, which takes a whole path."""
    path = (desk.project.root / place.file).resolve().as_posix().lstrip("/")
    return f"vscode://file/{quote(path, safe='/:')}:{place.line}:{place.column}"


ROUTES = [Route("/api/about", _about), Route("/api/understood", _understood, methods=["POST"])]
