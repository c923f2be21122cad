"""Answers a request that changes a data file, or only looks at it, with what its window then shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from perfgen.filling.edits import EditError
from perfgen.findings import PerfgenError
from perfgen.project import faults
from perfgen.project.snapshot import digest
from perfgen.serving.answers import given, in_words, refused
from perfgen.serving.desk import Desk
from perfgen.serving.office import office_of
from perfgen.serving.saves import ConflictError
from perfgen.serving.window import payload


async def answer(
    request: Request, file: str, work: Callable[[Desk], Mapping[str, Any] | None], seen: str = ""
) -> Response:
    """Does some work on a file; answers with what its window then shows, and tells the other windows.

    What the work gives is in the answer too. It is 409 where the file was changed by somebody else, 400 with `trouble`
    where the work could not be done.
    """
    office = office_of(request)

    def done(desk: Desk) -> tuple[int, dict[str, Any], str]:
        before = desk.look(file).version
        status, said = 200, dict[str, Any](remarks=[], trouble="")
        try:
            said |= work(desk) or {}
        except ConflictError:
            status = 409
        except (EditError, PerfgenError) as error:
            status, said["trouble"] = 400, in_words(error)
        shown = payload(desk, desk.look(file))
        return status, {**shown, **said, "seen": digest(json.dumps(shown).encode())}, before

    try:
        with faults.in_hand(file):
            status, made, before = await office.at_desk(done)
    except PerfgenError as error:
        return refused(in_words(error), 404)
    if made["version"] != before:
        office.hub.tell("changed", {"files": [file], "seen": made["seen"]})
    if seen == made["seen"]:
        made = {"seen": seen}
    return given(made, status)
