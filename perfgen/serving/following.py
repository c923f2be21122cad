"""Lets the desk and the windows know what other programs do to the files."""

from __future__ import annotations

import asyncio

from perfgen.serving import watching
from perfgen.serving.desk import Desk
from perfgen.serving.office import Office
from perfgen.serving.watching import Touched

_MOST = 50
"""How many files are named; a branch that is checked out may change thousands."""
_AGAIN = 2.0
"""Seconds after a fault until the files are followed again."""


async def follow(office: Office) -> None:
    """Takes notice of each change of a file and tells the windows, until it is cancelled.

    Every window is told of every change: what a file's form shows may come from other files, and a window asks for no
    more than whether anything is otherwise.
    """
    while True:
        try:
            await _follow(office)
        except Exception as error:  # nobody waits for this; a fault must not leave the windows behind
            office.troubled(error)
            await asyncio.sleep(_AGAIN)


async def _follow(office: Office) -> None:
    async for touched in watching.changes(office.desk.project.root):
        if changed := await office.at_desk(_noticed, touched):
            office.hub.tell("changed", {"files": sorted(changed)[:_MOST]})


def _noticed(desk: Desk, touched: Touched) -> frozenset[str]:
    """Tells the desk of what really changed, and gives it."""
    changed = touched.changed(desk.project)
    if changed:
        desk.changed(changed)
    return changed
