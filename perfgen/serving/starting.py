"""The first page, and what makes a new file: an empty one, next year's, that of the next form.

    GET  /KEY/                     the list of all files
    GET  /KEY/api/files            the same as JSON, with all that is known of their states
    GET  /KEY/api/spelt            how the names are read in Latin letters, to search by them
    GET  /KEY/api/after?file=PATH  what can be made from a file
    POST /KEY/api/new              {form, year, unit, about: {field: text}, anyway}
    POST /KEY/api/rollover         {file}
    POST /KEY/api/next             {file, form}

What was made is answered as {file, holes, remarks}. A file that is there already is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from perfgen.authoring import next_step
from perfgen.authoring.empty_file import empty_file
from perfgen.authoring.next_file import NextFile, next_file
from perfgen.authoring.next_year import NextYear, next_year
from perfgen.check import loading
from perfgen.filling import change, optional
from perfgen.findings import PerfgenError, UsageError
from perfgen.form import forms
from perfgen.project import faults
from perfgen.project.layout import DataFile
from perfgen.report import spelling
from perfgen.serving import asked
from perfgen.serving.answers import given, in_words, refused
from perfgen.serving.desk import Desk
from perfgen.serving.listing import asked_of, listing
from perfgen.serving.office import office_of
from perfgen.serving.page import page

_MOST = 100_000
"""How many bytes a request may have."""
_YEAR = re.compile(r"[12][0-9]{3}")


async def _start(request: Request) -> Response:
    return HTMLResponse(page("start.html", root=office_of(request).root))


async def _files(request: Request) -> Response:
    office = office_of(request)
    if heard := office.states.begin():
        office.desk.heard.append(heard)
    listed = await office.at_desk(lambda desk: desk.project.once(listing))
    return given({**listed, "known": office.states.all()})


async def _spelt(request: Request) -> Response:
    office = office_of(request)
    listed = await office.at_desk(lambda desk: desk.project.once(listing))
    names = {one[name] for one in listed["files"] for name in ("unit", "name")}
    names |= {one["unit"] for one in listed["units"]} | {one["title"] for one in listed["forms"]}
    names |= {state["subject"] for state in office.states.all()["states"].values()}
    return given(await office.background("names").run(spelt, sorted(filter(None, names))))


def spelt(names: list[str]) -> dict[str, str]:
    """By name, its syllables with spaces between them, the readings of one with strokes."""
    return {name: " ".join("/".join(readings) for readings in spelling.syllables(name)) for name in names}


async def _after(request: Request) -> Response:
    file = request.query_params.get("file", "")
    return await _answer(request, file, lambda desk: _can_follow(desk, file))


def _can_follow(desk: Desk, source: str) -> dict[str, Any]:
    """What can be made from a data file. Raises DataError for one that cannot be read."""
    form = loading.filing(desk.project, desk.file(source)).form
    steps = [{"form": step.form.name, "title": step.form.title} for step in next_step.steps(desk.project, form)]
    return {"title": form.title, "year": desk.file(source).year, "rolls": form.rolls_over, "next": steps}


async def _new(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    form, year, unit = (body.text(name).strip() for name in ("form", "year", "unit"))
    about = {name: text.strip() for name, text in body.texts("about").items()}
    anyway = body.members.get("anyway") is True
    return await _answer(request, "", lambda desk: _empty(desk, form, year, unit, about, anyway=anyway))


def _empty(desk: Desk, name: str, year: str, unit: str, about: dict[str, str], *, anyway: bool) -> dict[str, Any]:
    """Makes an empty file; where last year's is there, says so first, unless it is wanted `anyway`.

    It has no holes for what need not be filled in: the window has a place for each thing without.
    """
    form = forms.find(desk.project, name) if name in forms.names(desk.project) else None
    if form is None:
        raise UsageError("先选一张表。")
    if not _YEAR.fullmatch(year):
        raise UsageError("年度写四位数字，例如 2026。")
    if not unit:
        raise UsageError("写上单位的名称。")
    if missing := [field for field in asked_of(form) if not about.get(field)]:
        raise UsageError(f"写上{'、'.join(missing)}。")
    typed = [f"{field}={text}" for field, text in about.items()]
    new = empty_file(desk.project, form, int(year), unit, typed)
    before = loading.files_before(desk.project, new.target, form)[:1] if form.rolls_over and not anyway else ()
    if before:
        return {"before": before[0].source, "year": before[0].year}
    made = optional.without_optional(new.draft.document, form.fields)
    content = change.changed(new.draft.document, form, made).encode()
    return _written(desk, new.target, content, len(new.draft.holes) - len(made.edits), [])


async def _rollover(request: Request) -> Response:
    file = (await asked.body(request, _MOST)).text("file")

    return await _answer(request, file, lambda desk: _continued(desk, next_year(desk.project, desk.file(file))))


async def _next(request: Request) -> Response:
    body = await asked.body(request, _MOST)
    file, form = body.text("file"), body.text("form")

    return await _answer(request, file, lambda desk: _continued(desk, next_file(desk.project, desk.file(file), form)))


def _continued(desk: Desk, new: NextYear | NextFile) -> dict[str, Any]:
    return _written(desk, new.target, new.content, len(new.draft.holes), list(new.remarks()))


def _written(desk: Desk, file: DataFile, content: bytes, holes: int, remarks: list[str]) -> dict[str, Any]:
    desk.create(file, content)
    return {"file": file.source, "holes": holes, "remarks": remarks}


async def _answer(request: Request, file: str, work: Callable[[Desk], dict[str, Any]]) -> Response:
    """Does some work at the desk; answers with what it gives, or in words why it was not done."""
    office = office_of(request)
    try:
        with faults.in_hand(file):
            made = await office.at_desk(work)
    except PerfgenError as error:
        return refused(in_words(error))
    if "holes" in made:
        office.hub.tell("changed", {"files": [made["file"]]})
    return given(made)


ROUTES = [
    Route("/", _start),
    Route("/api/files", _files),
    Route("/api/spelt", _spelt),
    Route("/api/after", _after),
    Route("/api/new", _new, methods=["POST"]),
    Route("/api/rollover", _rollover, methods=["POST"]),
    Route("/api/next", _next, methods=["POST"]),
]
