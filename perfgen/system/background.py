"""Work that takes long, in a process beside this one: a server goes on answering, and what nobody wants ends at once.

    background = Background()
    pages = await background.run(make_pages, project, file)     # any function and values that can be pickled
    background.close()

One job runs at a time, the others wait in their order. Who cancels the task that awaits one ends it, with its process;
the next job gets a new one. Ctrl-C reaches only the server, which closes this.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from perfgen.findings import ToolError
from perfgen.system.worker_process import Job, WorkerProcess

_T = TypeVar("_T")
_P = ParamSpec("_P")

_TASKS_PER_PROCESS = 100
"""A process is replaced after this many jobs, so that what the libraries keep of a document does not add up."""
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
        self._worker: WorkerProcess | None = None
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

    def _dismissed(self) -> WorkerProcess | None:
        """The process, which gets no more jobs."""
        with self._guard:
            worker, self._worker = self._worker, None
        return worker

    def _do(self, job: Job, unwanted: threading.Event) -> Any:
        """Hands a job out and waits for its end."""
        with self._guard:
            if self._is_closed or unwanted.is_set():
                raise ToolError(_DIED)
            if self._worker is None:
                self._worker = WorkerProcess.start(self._niceness)
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

    def _forget(self, worker: WorkerProcess) -> None:
        """Ends a process that is not to have another job."""
        with self._guard:
            if self._worker is worker:
                self._worker = None
        worker.end()
