"""What is made for the windows in another process: the newest of each kind is kept, what is older is not waited for."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.serving.office import Office

_T = TypeVar("_T")

_KEPT = 6
"""How many results are kept: a page and the papers of a few files."""


class OutdatedError(Exception):
    """The files changed while it was made; who needs it asks again."""


@dataclass(frozen=True)
class _Order:
    """What is made, and of which state of the project."""

    kind: str
    source: str
    state: str


class Making:
    """Makes one thing at a time, in the process for previews."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._running: dict[tuple[str, str], tuple[_Order, asyncio.Task[Any]]] = {}
        self._kept: OrderedDict[tuple[str, str], tuple[_Order, Any]] = OrderedDict()

    async def made(self, kind: str, source: str, make: Callable[[Project, DataFile], _T], *, keeps: bool = True) -> _T:
        """What `make` makes of a data file as it is now; what it keeps is made once for a state of the project.

        `kind` is one word for `make`. What is still being made of an older state is ended. Raises what `make` raises,
        UsageError for what is no data file, OutdatedError where somebody asked for a newer state meanwhile.
        """
        project, file = await self._office.at_desk(lambda desk: (desk.project, desk.file(source)))
        order, key = _Order(kind, source, project.name), (kind, source)
        if keeps and (kept := self._kept.get(key)) and kept[0] == order:
            self._kept.move_to_end(key)
            result: _T = kept[1]
            return result
        if (running := self._running.get(key)) is None or running[0] != order:
            if running:
                running[1].cancel()
            running = self._running[key] = (order, asyncio.create_task(self._make(order, make, project, file)))
        try:
            made: _T = await asyncio.shield(running[1])
        except asyncio.CancelledError:
            if running[1].cancelled() and self._running.get(key) != running:
                raise OutdatedError from None
            raise
        return made

    def kept(self, kind: str, source: str) -> Any:
        """What was made last of a file; None where nothing was."""
        found = self._kept.get((kind, source))
        return found[1] if found else None

    def all_kept(self, kind: str) -> list[Any]:
        """All that was made of a kind and is kept, the newest first."""
        return [result for (of, _), (_, result) in reversed(self._kept.items()) if of == kind]

    async def _make(
        self, order: _Order, make: Callable[[Project, DataFile], _T], project: Project, file: DataFile
    ) -> _T:
        key = (order.kind, order.source)
        try:
            result = await self._office.background("previews").run(make, project, file)
        finally:
            if (running := self._running.get(key)) and running[0] == order:
                del self._running[key]
        self._kept[key] = (order, result)
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return result
