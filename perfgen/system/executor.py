"""Where jobs run: at once in this process, or in a pool of processes; any Executor will do."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from typing import ParamSpec, TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")
_P = ParamSpec("_P")

_JOBS_PER_PROCESS = 8
"""With fewer jobs than this, a process costs more to start than it saves."""
_TASKS_PER_CHILD = 200
"""WeasyPrint keeps some memory of each document; a worker is replaced after this many jobs."""
_IN_FLIGHT = 64
"""Jobs handed out and not yet taken back; results hold whole files, so there is a limit."""


class Inline(Executor):
    """Runs each job at once, in this process."""

    def submit(self, fn: Callable[_P, _Result], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_Result]:
        """Makes a call at once and gives its finished future."""
        future: Future[_Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # what a pool would hand back the same way
            future.set_exception(error)
        return future


def make(jobs: int | None, count: int) -> Executor:
    """An executor for `count` jobs in `jobs` processes; None chooses by machine and work."""
    if jobs is None:
        jobs = min(os.cpu_count() or 1, count // _JOBS_PER_PROCESS)
    jobs = min(jobs, count)
    if jobs <= 1:
        return Inline()
    # spawn: WeasyPrint's native libraries do not survive a fork
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=_TASKS_PER_CHILD)


def run(
    pool: Executor, jobs: Iterable[_Job], submit: Callable[[Executor, _Job], Future[_Result]]
) -> Iterator[tuple[_Job, Future[_Result]]]:
    """Gives each job with its finished future, as they finish; at most _IN_FLIGHT are handed out at a time.

    Raises BrokenProcessPool when a worker process died.
    """
    limit = 1 if isinstance(pool, Inline) else _IN_FLIGHT
    running: dict[Future[_Result], _Job] = {}
    waiting = iter(jobs)
    try:
        while True:
            for job in waiting:
                running[submit(pool, job)] = job
                if len(running) >= limit:
                    break
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future
    finally:
        for future in running:
            future.cancel()
