"""How jobs are handed out and taken back, without any cluster: what ends workers is told from what was there."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from perfgen.findings import ToolError
from perfgen.system import dispatch
from perfgen.system.dispatch import WorkerDiedError


@dataclass
class Threads(dispatch.Elsewhere):
    """Runs jobs in threads, as if they were elsewhere."""

    in_flight: int = 3
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    open: int = 0
    most: int = 0

    def submit(self, fn, /, *args, **kwargs) -> Future:
        self.open += 1
        self.most = max(self.most, self.open)
        return self.pool.submit(fn, *args, **kwargs)


@pytest.fixture
def pool():
    one = Threads()
    yield one
    one.pool.shutdown()


def handing(work: Callable[[str], object]):
    return lambda pool, job: pool.submit(work, job)


def results(finished) -> list[tuple[str, object]]:
    return [(job, future.exception() or future.result()) for job, future in finished]


def test_all_come_back_in_their_order(pool):
    gate = threading.Event()

    def work(job: str) -> str:
        if job == "a":
            gate.wait()
        elif job == "c":
            gate.set()
        return job.upper()

    assert results(dispatch.run(pool, "abcdef", handing(work))) == [(job, job.upper()) for job in "abcdef"]


def test_as_done_gives_what_is_done_first(pool):
    gate = threading.Event()

    def work(job: str) -> str:
        if job == "a":
            gate.wait()
        return job

    came = []
    for job, _ in dispatch.as_done(pool, "abc", handing(work)):
        came.append(job)
        if len(came) == 2:
            gate.set()
    assert came[-1] == "a" and sorted(came) == ["a", "b", "c"]


def test_only_so_many_are_handed_out(pool):
    for _ in dispatch.as_done(pool, range(20), handing(str)):
        pool.open -= 1
    assert pool.most <= pool.in_flight


def test_a_job_that_ends_workers_is_told_from_those_that_were_there(pool):
    tried: Counter[str] = Counter()
    alone = []

    def work(job: str) -> str:
        tried[job] += 1
        if job == "b" or (job in "ad" and tried[job] == 1):
            raise WorkerDiedError(4)
        alone.append(job)
        return job

    came = results(dispatch.run(pool, "abcd", handing(work)))
    assert [job for job, _ in came] == list("abcd")
    assert [result for job, result in came if job != "b"] == ["a", "c", "d"]
    assert isinstance(came[1][1], WorkerDiedError) and came[1][1].tries == 8
    assert tried == {"a": 2, "b": 2, "c": 1, "d": 2}


def test_each_is_tried_again_alone_when_all_others_are_done(pool):
    running, together = set(), set()
    first = set()

    def work(job: str) -> str:
        running.add(job)
        if job in first:
            together.update(running - {job})
        running.discard(job)
        if job in "xy" and job not in first:
            first.add(job)
            raise WorkerDiedError(1)
        return job

    came = [job for job, _ in dispatch.as_done(pool, "xaybcd", handing(work))]
    assert came[-2:] == ["x", "y"] and not together


def test_the_parts_of_a_job_are_tried_each_by_itself(pool):
    def work(job: str) -> str:
        if "2" in job:
            raise WorkerDiedError(1)
        return job

    came = results(dispatch.as_done(pool, ["123", "4"], handing(work), list))
    assert [job for job, _ in came] == ["4", "1", "2", "3"]
    assert [job for job, result in came if isinstance(result, WorkerDiedError)] == ["2"]


def test_what_is_good_comes_before_an_error_that_ends_all(pool):
    handed: list[Future] = []

    def submit(_pool, job: str) -> Future:
        handed.append(Future())
        if job == "c":
            handed[0].set_exception(ToolError("gone"))
            handed[1].set_result("b")
            handed[2].set_result("c")
        return handed[-1]

    pool.in_flight = 4
    finished = dispatch.as_done(pool, "abc", submit)
    assert [job for job, _ in finished] == ["b", "c", "a"]


def test_who_stops_takes_back_what_was_handed_out(pool):
    handed: list[Future] = []

    def submit(_pool, _job) -> Future:
        handed.append(Future())
        if len(handed) == 1:
            handed[0].set_result("a")
        return handed[-1]

    finished = dispatch.as_done(pool, "abcdef", submit)
    next(finished)
    finished.close()
    assert all(future.cancelled() for future in handed[1:])
