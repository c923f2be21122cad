"""What all addresses share: the desk with its one thread, the open windows, and the processes for long work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from starlette.requests import Request

from perfgen.serving.desk import Desk
from perfgen.serving.guard import Keys
from perfgen.serving.hub import Hub
from perfgen.serving.states import known
from perfgen.serving.states.known import States
from perfgen.system.background import Background

_T = TypeVar("_T")
_P = ParamSpec("_P")


class Office:
    """What all addresses share: the desk with its one thread, and the open windows."""

    def __init__(self, desk: Desk, keys: Keys) -> None:
        self.desk = desk
        self.keys = keys
        self.hub = Hub()
        self.troubled: Callable[[Exception], None] = lambda _: None
        """Is told of exceptions that nobody foresaw."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="perfgen-desk")
        self._owned: dict[Callable[[Office], Any], Any] = {}
        self._backgrounds: dict[str, Background] = {}
        self.states = States(desk.project.root, self.hub, self.background("states", None, known.NICENESS))

    def background(self, name: str, jobs: int | None = 100, niceness: int = 0) -> Background:
        """The process for a kind of work that takes long, started when the first such work comes; see `Background`."""
        return self._backgrounds.setdefault(name, Background(jobs, niceness))

    async def at_desk(self, work: Callable[Concatenate[Desk, _P], _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """What some work on the desk gives; one thing after the other, in a thread of its own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(self.desk, *args, **named))

    def own(self, make: Callable[[Office], _T]) -> _T:
        """What `make` makes for this office, made once: what some addresses share and no others need."""
        if make not in self._owned:
            self._owned[make] = make(self)
        made: _T = self._owned[make]
        return made

    @property
    def root(self) -> str:
        """What every address of the window begins with."""
        return f"/{self.keys.desk}/"

    def close(self) -> None:
        """Lets everybody go home."""
        self.hub.close()
        self.states.close()
        for background in self._backgrounds.values():
            background.close()
        self._thread.shutdown(wait=False, cancel_futures=True)


def office_of(request: Request) -> Office:
    """The office that a request came to."""
    found: Office = request.app.state.office
    return found
