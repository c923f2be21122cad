"""Work that takes long, in a process beside this one: a server goes on answering, and what nobody wants ends at once.

    background = Background()
    pages = await background.run(make_pages, project, file)     # any function and values that can be pickled
    background.close()

One job runs at a time, the others wait in their order. Who cancels the task that awaits one ends it, with its process;
the next job gets a new one. A process is a new Python ("spawn"): a server has threads, and a copy would wait for their
locks. Ctrl-C reaches only the server, which closes this.
"""

from __future__ import annotations

import asyncio
import copy
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, ParamSpec, TypeAlias, TypeVar

from perfgen.findings import ToolError
from perfgen.system import executor

_T = TypeVar("_T")
_P = ParamSpec("_P")
_Job: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

_TASKS_PER_PROCESS = 100
"""A process is replaced after this many jobs, so that what the libraries keep of a document does not add up."""
_GRACE = 0.2
"""Seconds that a process has to end what it has started itself."""
_DIED = "后台的进程没有做完就结束了，可能是内存不够；再试一次。"


class Background:
    """One process for jobs, started when the first one comes."""

    def __init__(self, jobs: int | None = _TASKS_PER_PROCESS, niceness: int = 0) -> None:
        """The process is replaced after so many jobs, None for never; `niceness` lets other programs go first."""
        self._most = jobs
        self._niceness = niceness
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="perfgen-background")
        self._guard = threading.Lock()
        self._worker: _Worker | None = None
        self._is_closed = False

    async def run(self, work: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """What some work gives, done in the process; it ends where the task that waits is cancelled.

        Raises what the work raises, ToolError where the process died.
        """
        async with self._turn:
            job, unwanted = (work, args, named), threading.Event()
            try:
                loop = asyncio.get_running_loop()
                result: _T = await loop.run_in_executor(self._thread, self._do, job, unwanted)
            except asyncio.CancelledError:
                unwanted.set()
                if worker := self._dismissed():
                    threading.Thread(target=worker.end, daemon=True).start()
                raise
            return result

    def close(self) -> None:
        """Ends the process, and takes no more jobs; waits until it is gone, which takes less than a second."""
        self._is_closed = True
        if worker := self._dismissed():
            worker.end()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _dismissed(self) -> _Worker | None:
        """The process, which gets no more jobs."""
        with self._guard:
            worker, self._worker = self._worker, None
        return worker

    def _do(self, job: _Job, unwanted: threading.Event) -> Any:
        """Hands a job out and waits for its end."""
        with self._guard:
            if self._is_closed or unwanted.is_set():
                raise ToolError(_DIED)
            if self._worker is None:
                self._worker = _Worker.start(self._niceness)
            worker = self._worker
        try:
            is_good, result = worker.ask(job)
        except (EOFError, OSError):
            self._forget(worker)
            raise ToolError(_DIED) from None
        if self._most is not None and worker.jobs >= self._most:
            self._forget(worker)
        if not is_good:
            raise result
        return result

    def _forget(self, worker: _Worker) -> None:
        """Ends a process that is not to have another job."""
        with self._guard:
            if self._worker is worker:
                self._worker = None
        worker.end()


@dataclass
class _Worker:
    """The process, from this side."""

    process: BaseProcess
    line: Connection
    jobs: int = 0

    @classmethod
    def start(cls, niceness: int) -> _Worker:
        """Starts a process."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, niceness), name="perfgen-background", daemon=True)
        with _deaf():
            process.start()
        theirs.close()
        return cls(process, ours)

    def ask(self, job: _Job) -> tuple[bool, Any]:
        """Whether a job came to its end, and what it gave or raised. Raises EOFError or OSError where it died."""
        self.jobs += 1
        self.line.send(job)
        answer: tuple[bool, Any] = self.line.recv()
        return answer

    def end(self) -> None:
        """Ends it; what it has started, such as LibreOffice, it ends itself where it has the time."""
        self.process.terminate()
        self.process.join(_GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(_GRACE)


@contextmanager
def _deaf() -> Iterator[None]:
    """Lets a process that is started inside not hear of Ctrl-C, from its first moment; not on Windows."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(line: Connection, niceness: int) -> None:
    """What the process does: one job after the other, until nobody is there to send one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    executor.end_with_parent()
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    with suppress(EOFError, OSError):
        while True:
            answer = _answer(*line.recv())
            try:
                line.send(answer)
            except (AttributeError, TypeError, ValueError, pickle.PicklingError) as error:  # a fault of the work's
                line.send((False, RuntimeError(str(error))))


def _answer(work: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> tuple[bool, Any]:
    """Does a job; gives whether it came to its end, and what it gave or raised."""
    try:
        return True, work(*args, **named)
    except Exception as error:  # it is raised on the other side
        try:
            return False, copy.copy(error)
        except Exception:  # an error of a library that cannot be made again there
            return False, RuntimeError(f"{type(error).__name__}: {error}")


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Ends the process in good order, so that what it waits for is ended too."""
    raise SystemExit(1)
