"""The workers of a Dask cluster: which are there, and which of them have the same programs and fonts as here."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from perfgen.findings import ToolError
from perfgen.system import cluster_address, environment
from perfgen.system.environment import Environment

if TYPE_CHECKING:
    from distributed import Client

Told = Callable[[str], None]
"""Hears, in a sentence, of a worker that gets no jobs, and what it has otherwise."""

_DASK = ("cloudpickle", "dask", "distributed", "msgpack", "tornado")
"""The packages of Dask that both sides must have alike, too."""
PATIENCE = 30.0
"""Seconds without any worker after which nobody waits any longer: one that is started again takes a few."""
_ANSWER = 30.0
"""Seconds that the scheduler has to answer."""
_SAME = "在那台机器上照 requirements/cluster.txt 装同一版 perfgen，装同样的字体，再启动工作进程。"
"""What to do where a worker differs."""
_NAMED = 5
"""Of how many differences a sentence speaks."""
GOES_ON = "做好的已经写下，下次接着做。"
"""What becomes of a build that ends before it is done."""
_MOST_ASKED = 2
"""So often a worker is asked that does not answer: it may have gone in this moment."""


class Members:
    """The workers of a cluster, each asked once what it has."""

    def __init__(self, client: Client, families: Iterable[str], told: Told, patience: float) -> None:
        """`families` are the fonts that the work needs; `told` hears of workers that differ."""
        packages, families = (*environment.needed(), *_DASK), tuple(families)
        self._here = environment.of_machine(families, packages)
        self._ask = _asking(families, packages)
        self._client = client
        self._told = told
        self._patience = patience
        self._known: dict[str, list[str]] = {}
        """What the workers that were asked have otherwise; nothing of those that may have jobs."""
        self._seen = time.monotonic()
        """When there was one that may, for the last time."""
        self._had_some = False
        self._silent: Counter[str] = Counter()
        """How often the workers that did not answer were asked."""

    def look(self) -> dict[str, int]:
        """The threads of the workers that are there now and may have jobs, by address; those that came are asked.

        Raises ToolError where the scheduler is gone, where no worker may have jobs, and where none came for too long;
        UsageError for one on another machine where nothing is encrypted.
        """
        there = self._threads()
        cluster_address.require_near(there)
        self._known = {one: found for one, found in self._known.items() if one in there}  # another may come there
        came = [one for one in there if one not in self._known]
        for address, found in (self._asked(came) if came else {}).items():
            self._known[address] = found
            if found:
                self._told(f"工作进程 {address} 没有用，它和这里不同：{_in_words(found)}。{_SAME}")
        able = {one: threads for one, threads in there.items() if self._known.get(one) == []}
        if able:
            self._seen, self._had_some = time.monotonic(), True
        elif (there and not self._had_some) or time.monotonic() - self._seen > self._patience:
            raise self._nobody(there)
        return able

    def _nobody(self, there: Iterable[str]) -> ToolError:
        """Says that no worker may have jobs, and why."""
        refused = {address: self._known[address] for address in there if address in self._known}
        for address, found in refused.items():
            return ToolError(f"集群里没有能用的工作进程。{address} 和这里不同：{_in_words(found)}。{_SAME}{GOES_ON}")
        return ToolError(f"集群里一个工作进程也没有（等了 {self._patience:.0f} 秒）；启动工作进程再运行。{GOES_ON}")

    def _threads(self) -> dict[str, int]:
        """The threads of all workers. Raises ToolError where the scheduler is gone."""
        if self._client.status == "running":
            with suppress(Exception):  # whatever it is, nobody answers
                found: dict[str, int] = self._client.sync(self._client.scheduler.ncores, callback_timeout=_ANSWER)
                return found
        raise ToolError(f"和集群的调度进程断了；看它还在不在，再运行。{GOES_ON}")

    def _asked(self, workers: list[str]) -> dict[str, list[str]]:
        """What some workers have otherwise than this machine; those that do not answer are asked once more."""
        answers: list[Any] = self._client.sync(self._answers, workers)
        found: dict[str, list[str]] = {}
        for address, answer in zip(workers, answers, strict=True):
            self._silent[address] += isinstance(answer, OSError)  # so are timeouts, and Dask's own for lines
            if not isinstance(answer, OSError) or self._silent[address] >= _MOST_ASKED:
                found[address] = _otherwise(self._here, answer)
                del self._silent[address]
        return found

    async def _answers(self, workers: list[str]) -> list[Any]:
        """What each of some workers says, or the error that came instead: none keeps the others waiting for long."""
        import asyncio

        async def answer(address: str) -> Any:
            try:
                call = self._client._run(self._ask, workers=[address], on_error="return")
                return (await asyncio.wait_for(call, _ANSWER))[address]
            except Exception as error:
                return error

        return await asyncio.gather(*map(answer, workers))


def _in_words(found: list[str]) -> str:
    more = f"，等 {len(found)} 处" if len(found) > _NAMED else ""
    return "；".join(found[:_NAMED]) + more


def _otherwise(here: Environment, answer: Any) -> list[str]:
    """What a worker has otherwise; where it cannot say, why not."""
    if isinstance(answer, dict):
        return environment.differences(here, answer)
    if isinstance(answer, ImportError):
        return ["那里没有装 perfgen，或者是别的版本"]
    return [f"问不出来：{type(answer).__name__}: {answer}"]


def _asking(families: tuple[str, ...], packages: tuple[str, ...]) -> Callable[[], Environment]:
    """A function that a worker without perfgen can be sent as well: one inside another travels as its code."""

    def ask() -> Environment:
        from perfgen.system import environment

        return environment.of_machine(families, packages)

    return ask
