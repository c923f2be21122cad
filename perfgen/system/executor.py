"""Where jobs run: at once in this process, or in worker processes; any Executor will do."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from perfgen.system.garbage import collect_seldom

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")
_P = ParamSpec("_P")

START = 1.0
"""The processor time, in seconds, that a worker costs where it starts as a new Python: it imports everything again."""
_TASKS_PER_PROCESS = 200
"""A worker is replaced after this many jobs, so that what the libraries keep of a document does not add up."""
_THREADS = Path("/proc/self/task")
_LOOKS, _MOMENT = 20, 0.001


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


class Workers(Executor):
    """Runs jobs in worker processes, and replaces all of them when they have had their share of jobs."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._handed_out = 0
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork" if can_copy() else "spawn")
        gc.freeze()  # what is there stays; copies need not look for unused cycles in it again and again
        pool = ProcessPoolExecutor(self.processes, mp_context=context, initializer=_begin)
        pool.submit(os.getpid)  # starts the processes now, before a progress bar has a thread
        return pool

    def submit(self, fn: Callable[_P, _Result], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_Result]:
        """Hands a call out to a worker."""
        if self._handed_out >= _TASKS_PER_PROCESS * self.processes:
            self._pool.shutdown()
            self._pool, self._handed_out = self._start(), 0
        self._handed_out += 1
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the workers."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


class Measured(Executor):
    """Runs jobs in this process until their measured cost says that workers would save more than they cost."""

    def __init__(self, count: int) -> None:
        """`count` is how many jobs there will be."""
        self._left = count
        self._done = 0
        self._spent = 0.0
        self._inline = Inline()
        self._workers: Workers | None = None

    def submit(self, fn: Callable[_P, _Result], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_Result]:
        """Runs a call here and measures it, or hands it out."""
        if self._workers is None and (processes := self._worth()) > 1:
            self._workers = Workers(processes)
        if self._workers is not None:
            return self._workers.submit(fn, *args, **kwargs)
        begin = time.process_time()
        future = self._inline.submit(fn, *args, **kwargs)
        self._spent += time.process_time() - begin
        self._done += 1
        self._left -= 1
        return future

    def _worth(self) -> int:
        """How many workers the jobs that are left are worth, by the mean cost of those that are done."""
        return worth(self._spent / self._done, self._left) if self._done else 0

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the workers, if there are any."""
        if self._workers is not None:
            self._workers.shutdown(wait, cancel_futures=cancel_futures)


def worth(seconds: float, count: int) -> int:
    """How many new Pythons are worth starting for `count` jobs of so much processor time: each must do its own cost."""
    return min(cores(), count, int(seconds * count / START))


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_copy() -> bool:
    """Whether a worker may start as a copy of this process, which costs a hundredth of a second.

    On Linux, and only while no thread runs, the libraries' own included: a copy would wait for the locks it holds.
    """
    if sys.platform != "linux" or not _THREADS.is_dir() or threading.active_count() > 1:
        return False
    for _ in range(_LOOKS):
        if len(list(_THREADS.iterdir())) == 1:
            return True
        time.sleep(_MOMENT)  # a thread that Python has joined may not have left the system yet
    return False


def make(jobs: int | None, count: int) -> Executor:
    """An executor for `count` jobs in `jobs` processes; None chooses by machine and by the cost of a job.

    The cheapest job reads and checks a file, which costs more than a copy of this process: where there can be copies,
    there is one for each processor from the second job on. A new Python costs as much as a job or more, so there the
    first jobs are measured.
    """
    if jobs is None and not can_copy():
        return Measured(count) if min(cores(), count) > 1 else Inline()
    processes = min(cores() if jobs is None else jobs, count)
    return Workers(processes) if processes > 1 else Inline()


def _begin() -> None:
    """What a worker does first; one that is no copy of its parent does not look for unused cycles seldom as it does."""
    collect_seldom()
    end_with_parent()


def end_with_parent() -> None:
    """Lets a worker end when its parent is gone: it would wait for jobs, and hold the lock of the parent's build."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.join,), daemon=True).start()


def _follow(wait_for_end: Callable[[], None]) -> None:
    wait_for_end()
    os._exit(1)
