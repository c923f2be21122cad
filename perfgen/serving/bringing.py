"""Word files that somebody drops on a window: read in another process, shown, and only then written.

    POST /KEY/api/import?name=…&file=…&year=…&form=…   the file itself as the body; what it would make: {id, …}
    POST /KEY/api/import/write                         {id}: writes that; {file}

A form makes a new data file, or is a change of the one that it belongs to; `file` names one. What is written is what
was shown, and only where the data file is still what it was then: 409 otherwise. A change can be undone as any other.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import OrderedDict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from perfgen.findings import Finding, Level, PerfgenError
from perfgen.importing.import_file import ImportOrder
from perfgen.project import faults, invocation
from perfgen.project.layout import DataFile
from perfgen.review.brought import Brought, brought
from perfgen.serving import asked
from perfgen.serving.answers import given, in_words, refused
from perfgen.serving.desk import Desk
from perfgen.serving.office import Office, office_of
from perfgen.serving.saves import ConflictError
from perfgen.system.unpack import MAX_FILE

SECONDS = 120
"""So long may a file be read; then its reader is ended."""
_LOOK = 0.5
"""Seconds after which it is looked whether somebody still waits."""
_KEPT = 4
"""So many files that were shown wait to be written."""
_LONGEST_NAME = 300
_FEW = 200
"""So many notes are shown."""
_MOST = 10_000
_YEAR = re.compile(r"[12][0-9]{3}")
_TOO_LONG = f"读了 {SECONDS} 秒还没有读完，不读了：这个文件不像一张填好的表。"
_TOO_LARGE = f"文件太大，最多 {MAX_FILE // 1_000_000} MB。"
_CHANGED = "文件刚刚被别处改了，没有写。再拖进来读一遍，看看现在会改什么。"
_GONE = "这一份已经写过了，或者隔得太久；再拖进来读一遍。"


class Waiting:
    """What was shown in the windows of an office and may be written, the newest last."""

    def __init__(self, _: Office) -> None:
        self.forms: OrderedDict[str, Brought] = OrderedDict()

    def keep(self, one: Brought) -> str:
        """Keeps what was shown; gives its name."""
        name = secrets.token_urlsafe(12)
        self.forms[name] = one
        while len(self.forms) > _KEPT:
            self.forms.popitem(last=False)
        return name


async def _read(request: Request) -> Response:
    desk, asks = office_of(request).desk, request.query_params
    name = asks.get("name", "")[:_LONGEST_NAME] or "Word 文件"
    year, form, file = asks.get("year", ""), asks.get("form", ""), asks.get("file", "")
    try:
        content = await asked.whole(request, MAX_FILE)
    except HTTPException as error:
        if error.status_code != 413:
            raise
        return refused(_TOO_LARGE, 413)
    if year and not _YEAR.fullmatch(year):
        return refused("年度写四位数字，例如 2026。")
    try:
        with faults.in_hand(name):
            source = desk.file(file).source if file else ""
            order = ImportOrder(desk.project, form or None, int(year) if year else None)
            one = await _brought(request, order, content, name, source)
    except PerfgenError as error:
        return refused(in_words(error))
    except TimeoutError:
        return refused(_TOO_LONG)
    return given(_shown(office_of(request).own(Waiting).keep(one), one))


async def _brought(request: Request, order: ImportOrder, content: bytes, name: str, file: str) -> Brought:
    """What a file would make; it is read in another process, which ends when it takes too long or nobody waits for it.

    Raises TimeoutError, and as `brought` does.
    """
    background = office_of(request).background("import")
    reading = asyncio.ensure_future(background.run(read, invocation.state(), order, content, name, file))
    try:
        async with asyncio.timeout(SECONDS):
            while not (await asyncio.wait({reading}, timeout=_LOOK))[0]:
                if await request.is_disconnected():
                    raise TimeoutError
            return await reading
    finally:
        reading.cancel()
        await asyncio.wait({reading})


def read(state: invocation.State, order: ImportOrder, content: bytes, name: str, file: str) -> Brought:
    """What a file would make, in the words of the process that asks. Raises as `brought` does."""
    invocation.resume(state)
    with faults.in_hand(name):
        return brought(order, content, name, file)


def _shown(name: str, one: Brought) -> dict[str, Any]:
    """What a window shows of a file that was read."""
    return {
        "id": name,
        "file": one.file,
        "change": bool(one.stands),
        "different": one.is_different,
        "form": one.form,
        "words": one.words,
        "said": list(one.said),
        "notes": [_note(finding) for finding in one.noted[:_FEW]],
        "judged": [_note(finding) for finding in one.judged[:_FEW] if finding.level is Level.ERROR or finding.is_open],
    }


def _note(finding: Finding) -> dict[str, str]:
    place = str(finding.place)
    return {"level": finding.level.value, "message": finding.message, "hint": finding.hint, "place": place}


async def _write(request: Request) -> Response:
    name = (await asked.body(request, _MOST)).text("id")
    office = office_of(request)
    one = office.own(Waiting).forms.pop(name, None)
    if one is None:
        return refused(_GONE, 404)
    try:
        await office.at_desk(_written, one)
    except ConflictError:
        return refused(_CHANGED, 409)
    except PerfgenError as error:
        return refused(in_words(error))
    office.hub.tell("changed", {"files": [one.file]})
    return given({"file": one.file})


def _written(desk: Desk, one: Brought) -> None:
    """Writes what was shown. Raises ConflictError where the file is no longer what it was, ToolError."""
    if one.stands:
        desk.replace(one.file, one.stands, one.content)
    else:
        desk.create(DataFile.at(one.file), one.content)


ROUTES = [
    Route("/api/import", _read, methods=["POST"]),
    Route("/api/import/write", _write, methods=["POST"]),
]
