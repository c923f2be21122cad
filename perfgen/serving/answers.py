"""What is answered to a script: what it asked for as JSON, or in words why that was not done."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from perfgen.filling.edits import EditError
from perfgen.findings import FindingsError, PerfgenError
from perfgen.serving.desk import Desk
from perfgen.serving.office import office_of

_FEW = 3


def in_words(error: Exception) -> str:
    """What went wrong, for people."""
    if isinstance(error, FindingsError):
        said = [f"{finding.place} {finding.message}{finding.hint}" for finding in error.findings[:_FEW]]
        more = len(error.findings) - _FEW
        return "；".join([*said, *([f"另有 {more} 处"] if more > 0 else [])])
    return str(error)


def given(members: object, status: int = 200) -> Response:
    """An answer."""
    return JSONResponse(members, status)


def refused(words: str, status: int = 400) -> Response:
    """That something was not done, and why."""
    return given({"trouble": words}, status)


async def told(request: Request, work: Callable[[Desk], object], status: int = 400) -> Response:
    """What some work at the desk gives; where it cannot be done, why not, with a status."""
    try:
        return given(await office_of(request).at_desk(work))
    except (EditError, PerfgenError) as error:
        return refused(in_words(error), status)
