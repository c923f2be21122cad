"""A table that is pasted into a form: what would go where, and then the change itself.

POST /KEY/api/pasted   the plan: {file, version, at, html, plain} gives {single} or {cells, new_rows, left_over, …}
POST /KEY/api/paste    the change that the plan says: the same members
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from perfgen.data import ValuePath
from perfgen.filling.clipboard import read_table
from perfgen.filling.pasted import Plan, plan
from perfgen.findings import UsageError
from perfgen.serving import asked
from perfgen.serving.answering import answer
from perfgen.serving.answers import told
from perfgen.serving.desk import Desk

_MOST = 4_000_000
"""How many bytes a request may have: what Word puts into the clipboard is long."""


def planned(desk: Desk, file: str, path: ValuePath, html: str, text: str) -> Plan | None:
    """What a table that is pasted at a path would do; None for what is one cell. Raises EditError, PerfgenError."""
    table = read_table(html, text)
    if table.is_single:
        return None
    look = desk.look(file)
    if look.sheet is None or look.is_broken:
        raise UsageError("文件读不出来，先照检查说的改好它。")
    return plan(look.sheet, path, table)


async def _pasted(request: Request) -> Response:
    _, _, work = await _asked(request)

    def said(desk: Desk) -> dict[str, Any]:
        made = work(desk)
        return {"single": True} if made is None else {"single": False, **_shown(made)}

    return await told(request, said)


async def _paste(request: Request) -> Response:
    file, version, work = await _asked(request)

    def done(desk: Desk) -> None:
        made = work(desk)
        if made is not None:
            desk.edit(file, version, made.edit, f"贴上的 {sum(cell.is_change for cell in made.cells)} 格")

    return await answer(request, file, done)


async def _asked(request: Request) -> tuple[str, str, Callable[[Desk], Plan | None]]:
    """The file, its version, and the plan that a request asks for."""
    body = await asked.body(request, _MOST)
    file, version, path = body.text("file"), body.text("version"), body.path("at")
    html, text = body.text("html"), body.text("plain")
    return file, version, lambda desk: planned(desk, file, path, html, text)


def _shown(made: Plan) -> dict[str, Any]:
    return {
        "cells": [
            {
                "label": cell.label, "before": cell.before, "after": cell.after, "remarks": list(cell.remarks),
                "new": cell.is_new, "change": cell.is_change, "row": cell.row, "column": cell.column,
            }
            for cell in made.cells
        ],
        "rows": [row.label for row in made.new_rows],
        "left": [{"text": one.text, "why": one.why, "row": one.row, "column": one.column} for one in made.left_over],
    }  # fmt: skip


ROUTES = [
    Route("/api/pasted", _pasted, methods=["POST"]),
    Route("/api/paste", _paste, methods=["POST"]),
]
