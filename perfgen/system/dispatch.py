"""Hands jobs out to an executor and takes the results back; of one elsewhere, without what its workers died of."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

from perfgen.findings import ToolError
from perfgen.project.snapshot import Project
from perfgen.system import executor

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")
Submit: TypeAlias = Callable[[Executor, _Job], Future[_Result]]
"""Hands a job out."""
Split: TypeAlias = Callable[[_Job], Sequence[_Job]]
_Finished: TypeAlias = list[tuple[_Job, Future[_Result]]]

_IN_FLIGHT = 64
"""Jobs handed out and not yet taken back; results hold whole files, so there is a limit."""


class WorkerDiedError(Exception):
    """A job ended the process that did it, or was there when another one did, each time that it was tried."""

    def __init__(self, tries: int) -> None:
        super().__init__(tries)
        self.tries = tries


class Elsewhere(Executor):
    """Runs jobs where the project's files are not: they are handed over, and the fewer the better."""

    in_flight: int
    """How many jobs may be handed out and not yet taken back."""

    def carried(self, project: Project, paths: tuple[str, ...]) -> Project:
        """What stands for a project among a job's arguments: there, it is one of these files alone."""
        raise NotImplementedError


def lent(pool: Executor, project: Project, paths: Callable[[], Iterable[str]]) -> Project:
    """A project for a job: as it is, or where the job runs elsewhere with the files that are named."""
    return pool.carried(project, tuple(paths())) if isinstance(pool, Elsewhere) else project


@contextmanager
def given(pool: Executor | None, jobs: int | None, count: int) -> Iterator[Executor]:
    """An executor that the caller has, which stays as it is; or one of `executor.make`, which ends with the work.

    Raises ToolError where a worker process of this machine died of what is done inside.
    """
    try:
        if pool is not None:
            yield pool
            return
        with executor.make(jobs, count) as made:
            yield made
    except BrokenProcessPool as error:
        raise ToolError("一个工作进程被系统终止了，可能是内存不够；用 -j1 再试。") from error


def run(
    pool: Executor,
    jobs: Iterable[_Job],
    submit: Submit[_Job, _Result],
    split: Split[_Job] | None = None,
    in_flight: int = _IN_FLIGHT,
) -> Iterator[tuple[_Job, Future[_Result]]]:
    """Gives each job with its finished future, in the order of the jobs; only so many are handed out at a time.

    Where they run elsewhere, those whose worker died are tried again when all others are done, each by itself, so that
    the one that ends workers is told from those that were there; `split` says what of a job can be done by itself. A
    future raises WorkerDiedError where that failed too, BrokenProcessPool where a worker process of this machine died.
    """
    if isinstance(pool, Elsewhere):
        yield from _in_order(_taken(pool, jobs, submit, split))
        return
    running: deque[tuple[_Job, Future[_Result]]] = deque()
    try:
        for job in jobs:
            running.append((job, submit(pool, job)))
            while running and (len(running) >= in_flight or running[0][1].done()):
                yield _first(running)
        while running:
            yield _first(running)
    finally:
        for _, future in running:
            future.cancel()


def as_done(
    pool: Executor, jobs: Iterable[_Job], submit: Submit[_Job, _Result], split: Split[_Job] | None = None
) -> Iterator[tuple[_Job, Future[_Result]]]:
    """The same, but of jobs that run elsewhere each as soon as it is done: what is done may be all that comes."""
    if isinstance(pool, Elsewhere):
        for _, finished in _taken(pool, jobs, submit, split):
            yield from finished
    else:
        yield from run(pool, jobs, submit, split)


def _first(running: deque[tuple[_Job, Future[_Result]]]) -> tuple[_Job, Future[_Result]]:
    """Takes the first job that was handed out, when it is finished."""
    wait([running[0][1]])
    return running.popleft()


def _in_order(taken: Iterable[tuple[int, _Finished[_Job, _Result]]]) -> Iterator[tuple[_Job, Future[_Result]]]:
    """Jobs that come as they are done, in the order of their numbers."""
    early: dict[int, _Finished[_Job, _Result]] = {}
    turn = 0
    for number, finished in taken:
        early[number] = finished
        while turn in early:
            yield from early.pop(turn)
            turn += 1


def _taken(
    pool: Elsewhere, jobs: Iterable[_Job], submit: Submit[_Job, _Result], split: Split[_Job] | None
) -> Iterator[tuple[int, _Finished[_Job, _Result]]]:
    """Each job by its number, or its parts; with the futures, which are finished."""
    running: dict[Future[_Result], tuple[int, _Job]] = {}
    suspects: list[tuple[int, _Job, int]] = []
    try:
        for number, job in enumerate(jobs):
            running[submit(pool, job)] = number, job
            yield from _back(running, suspects, left=pool.in_flight - 1)
        yield from _back(running, suspects, left=0)
        for number, job, tries in suspects:
            parts = split(job) if split else [job]
            yield number, [(part, _by_itself(submit(pool, part), tries)) for part in parts]
    finally:
        for future in running:
            future.cancel()


def _back(
    running: dict[Future[_Result], tuple[int, _Job]], suspects: list[tuple[int, _Job, int]], left: int
) -> Iterator[tuple[int, _Finished[_Job, _Result]]]:
    """Takes back all that is finished, and waits until at most `left` are not; those whose worker died are suspects.

    What is good comes first: an error may be the end of all, and what was done would be lost.
    """
    while running:
        finished = sorted((future for future in running if future.done()), key=_is_bad)
        for future in finished:
            number, job = running.pop(future)
            if tries := _tries(future):
                suspects.append((number, job, tries))
            else:
                yield number, [(job, future)]
        if not finished and len(running) <= left:
            return
        if not finished:
            wait(running, return_when=FIRST_COMPLETED)


def _is_bad(future: Future[_Result]) -> bool:
    """Whether a finished job gave nothing."""
    return future.cancelled() or future.exception() is not None


def _tries(future: Future[_Result]) -> int:
    """How often workers died of a finished job that was given up; 0 where it was not."""
    error = None if future.cancelled() else future.exception()
    return error.tries if isinstance(error, WorkerDiedError) else 0


def _by_itself(future: Future[_Result], tries: int) -> Future[_Result]:
    """A future that is finished, of a job that was tried before."""
    wait([future])
    error = future.exception()
    if isinstance(error, WorkerDiedError):
        error.tries += tries
    return future
