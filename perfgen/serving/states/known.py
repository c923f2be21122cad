"""The states as the server knows them: hands out the work in small parts, and tells the windows what came of it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from perfgen.findings import PerfgenError
from perfgen.project import invocation
from perfgen.serving.hub import Hub
from perfgen.serving.states.assessor import assess
from perfgen.serving.states.report import Report
from perfgen.system.background import Background

KIND = "states"
"""What a message with states is called."""
NICENESS = 10
"""How much the process lets others go first."""
_DEATHS = 3
"""After so many processes that died one after the other, no further one is started until something changes."""


class States:
    """The states of all files; to be used in the loop's own thread."""

    def __init__(self, root: Path, hub: Hub, background: Background) -> None:
        """`background` is a process that is kept from one job to the next, for this alone."""
        self._root = root
        self._hub = hub
        self._background = background
        self._visit = secrets.token_hex(8)
        self._changed: set[str] = set()
        self._call = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._states: dict[str, Any] = {}
        self._last: dict[str, Any] = {"left": None, "total": 0, "done": False, "troubles": [], "missing": []}

    def begin(self) -> Callable[[Iterable[str]], None] | None:
        """Begins to look, where nobody has yet: the first window that lists the files wants it.

        Gives what is to be told of files that change from now on, in any thread.
        """
        if self._task is not None:
            return None
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._work())

        def heard(paths: Iterable[str]) -> None:
            with suppress(RuntimeError):  # the server has ended
                loop.call_soon_threadsafe(self.changed, frozenset(paths))

        return heard

    def changed(self, paths: Iterable[str]) -> None:
        """Takes notice that files have changed."""
        self._changed.update(paths)
        self._call.set()

    def all(self) -> dict[str, Any]:
        """All that is known now."""
        return {"states": self._states, **self._last}

    def close(self) -> None:
        """Ends the work at once."""
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        deaths = 0
        while True:
            changed, self._changed = frozenset(self._changed), set()
            self._call.clear()
            try:
                report = await self._background.run(assess, self._root, self._visit, invocation.state(), changed)
            except PerfgenError as error:
                deaths += 1
                self._changed |= changed
                await self._wait_after(deaths, str(error))
                continue
            deaths = 0
            self._take(report)
            if report.is_done:
                await self._until_changed(None)

    async def _wait_after(self, deaths: int, trouble: str) -> None:
        """Waits a little before the next try; after too many, until a file changes, and says why."""
        if deaths < _DEATHS:
            await asyncio.sleep(deaths)
            return
        self._call.clear()
        self._last["troubles"] = [trouble]
        self._hub.tell(KIND, {"states": {}, "gone": [], **self._last})
        await self._until_changed(None)

    async def _until_changed(self, seconds: float | None) -> None:
        """Waits until a file changes, or so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._call.wait(), seconds)

    def _take(self, report: Report) -> None:
        self._states.update(report.states)
        for source in report.gone:
            self._states.pop(source, None)
        before = dict(self._last)
        self._last = {
            "left": report.left,
            "total": report.total,
            "done": report.is_done,
            "troubles": report.troubles,
            "missing": before["missing"] if report.missing is None else report.missing,
        }
        if report.states or report.gone or self._last != before:
            self._hub.tell(KIND, {"states": report.states, "gone": report.gone, **self._last})
