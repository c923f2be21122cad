"""Whatever dies in the middle of a build on a cluster, what comes out is what a build on this machine gives."""

from __future__ import annotations

import os
import pickle
import signal
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import pytest

from perfgen.build import job
from perfgen.findings import ToolError
from perfgen.system import cluster as clusters
from perfgen.system import write
from perfgen.system.cluster import Cluster
from tests.helpers import clusters as real
from tests.helpers import tiny
from tests.helpers.cluster_faults import (
    NAMES,
    SOURCES,
    Faults,
    build,
    built_at,
    came_out_the_same,
    finished,
    meanwhile,
    noted,
    outputs,
    project_at,
    started,
)  # fmt: skip
from tests.helpers.clusters import Cluster as RealCluster
from tests.helpers.waiting import is_running, until

pytestmark = pytest.mark.cluster

FAMILIES: list[str] = []
ONE, OTHER = SOURCES[1], SOURCES[4]
QUICKLY = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
"""A job is given up when it has ended two workers, and not four, which take seconds to come back."""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return Faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, faults: Faults) -> Iterator[RealCluster]:
    with real.cluster(tmp_path_factory.mktemp("cluster"), **faults.extra, **QUICKLY) as one:
        yield one


@pytest.fixture
def pool(running: RealCluster, faults: Faults) -> Iterator[Cluster]:
    faults.clear()
    with clusters.connected(running.address, FAMILIES, print) as one:
        yield one


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built on this machine."""
    return built_at(tmp_path_factory.mktemp("here") / "project")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The same project, not built yet."""
    return project_at(tmp_path / "there")


@pytest.fixture
def late(running: RealCluster) -> Iterator[Callable[[], object]]:
    """Starts one more worker, which goes with the test."""
    known = len(running.processes)
    yield lambda: running.worker("--no-nanny")
    for process in running.processes[known:]:
        real.end(process)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was written since."""
    counted: Counter[str] = Counter()
    as_ever = write.replace

    def replace(path: Path, *others: object, **named: object) -> object:
        counted[path.name if "manifest" in str(path) else str(path)] += 1
        return as_ever(path, *others, **named)

    monkeypatch.setattr(write, "replace", replace)
    return counted


def twice(written: Counter[str], root: Path) -> list[str]:
    """The outputs that were not written just once."""
    return [name for name in outputs(root) if written[str(root / "build" / name)] != 1]


def named(outcome) -> list[str]:
    return [finding.place.file for finding in outcome.findings if finding.rule == "worker-died"]


def without(source: str, root: Path) -> dict[str, bytes]:
    """The outputs of a project but for those of a data file, and of what is about all."""
    own = noted(root)[source].outputs
    return {path: content for path, content in outputs(root).items() if path not in own and "index" not in path}


def test_a_job_whose_worker_is_killed_in_the_middle_is_done_again(pool, faults, here, there, written):
    faults.put(ONE, "wait")

    def kill() -> None:
        first = until(lambda: faults.begun(ONE))[0]
        os.kill(first.worker, signal.SIGKILL)
        until(lambda: len(faults.begun(ONE)) > 1)
        faults.lift(ONE)
        until(lambda: not is_running(first.process))  # its work ends with the worker

    with meanwhile(kill):
        outcome = build(there, pool)
    assert (outcome.exit_code, outcome.findings) == (0, [])
    assert came_out_the_same(there, here) and not twice(written, there)
    assert outcome.made == len(outputs(here))


@pytest.mark.parametrize("end", ["exit once", "kill once"])
def test_a_job_that_dies_once_is_done_again(pool, faults, here, there, end):
    faults.put(ONE, end)
    outcome = build(there, pool)
    assert (outcome.exit_code, outcome.findings) == (0, [])
    assert len(faults.begun(ONE)) > 1
    assert came_out_the_same(there, here)


@pytest.mark.parametrize("end", ["exit", "kill worker"])
def test_a_form_that_dies_each_time_is_named_and_the_others_are_built(pool, faults, here, there, end):
    faults.put(ONE, end)
    outcome = build(there, pool)
    tries = len(faults.begun(ONE))
    assert named(outcome) == [ONE] and outcome.exit_code == 3
    assert f"试了 {tries} 次" in outcome.findings[0].message and tries > 2
    assert not noted(there)[ONE].outputs
    assert without(ONE, here).items() <= outputs(there).items()
    faults.clear()
    again = build(there, pool)
    assert again.exit_code == 0 and {job.source for job in faults.begun()} == {ONE}
    assert came_out_the_same(there, here)


@pytest.mark.nightly  # test_the_parts_of_a_job_are_tried_each_by_itself is like it
def test_of_two_years_of_a_form_only_the_one_is_named(pool, faults, there):
    other = ONE.replace("2025", "2026")
    (there / other).parent.mkdir()
    (there / other).write_text(tiny.UNIT.format(name=NAMES[1]).replace("2025", "2026"), "utf-8")
    faults.put(other, "kill worker")
    outcome = build(there, pool)
    assert named(outcome) == [other]
    assert noted(there)[ONE].outputs and not noted(there)[other].outputs


def test_two_builds_use_one_cluster_at_once(running, pool, faults, here, there):
    second = project_at(there.parent / "second")
    faults.put(ONE, "wait")

    def build_other() -> None:
        until(lambda: faults.begun(ONE))
        with clusters.connected(running.address, FAMILIES, print) as other, meanwhile(lambda: faults.lift(ONE)):
            build(second, other)

    with meanwhile(build_other):
        build(there, pool)
    assert came_out_the_same(there, here) and came_out_the_same(second, here)


def test_a_worker_that_comes_late_gets_jobs(pool, faults, here, there, late):
    for source in SOURCES:
        faults.put(source, "wait")
    before = pool.in_flight

    def come() -> None:
        known = {job.worker for job in until(lambda: len(faults.begun()) > 1 and faults.begun())}
        late()
        until(lambda: pool.in_flight > before)
        faults.lift(faults.begun()[0].source)  # the next job is handed out
        until(lambda: {job.worker for job in faults.begun()} - known)
        faults.clear()

    with meanwhile(come):
        build(there, pool)
    assert came_out_the_same(there, here)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_ended_leaves_the_cluster_free(running, faults, here, there, number):
    faults.clear()
    faults.put(ONE, "wait")
    process = started(there, running.address)
    try:
        until(lambda: faults.begun(ONE) and finished(there))
        done = set(outputs(there))
        os.kill(process.pid, number)
        said, _ = process.communicate()
    finally:
        real.end(process)
    if number == signal.SIGINT:
        assert process.returncode == 130 and "已中断" in said and "Traceback" not in said
    assert done <= set(outputs(there))
    assert all(outputs(here)[path] == content for path, content in outputs(there).items())
    until(lambda: not real.held(running.address), looks=30)
    until(lambda: not is_running(faults.begun(ONE)[0].process))  # nobody wants what it does
    begun = len(faults.begun())
    faults.lift(ONE)
    with clusters.connected(running.address, FAMILIES, print) as pool:
        again = build(there, pool)
    assert again.exit_code == 0 and came_out_the_same(there, here)
    assert len(faults.begun()) - begun < len(SOURCES)


@pytest.mark.parametrize("often", [1, 1000])
def test_an_error_of_dasks_own_is_tried_again_and_said_in_the_end(pool, here, there, monkeypatch, often):
    as_ever, failed = pool._executor.submit, []

    def submit(*args: object, **named: object) -> Future[bytes]:
        if len(failed) == often:
            return as_ever(*args, **named)
        failed.append(Future[bytes]())
        failed[-1].set_exception(ValueError("too many values to unpack"))  # of a worker that went with its answer
        return failed[-1]

    monkeypatch.setattr(pool._executor, "submit", submit)
    if often == 1:
        assert build(there, pool).exit_code == 0 and came_out_the_same(there, here)
    else:
        with pytest.raises(ToolError, match="没有做成"):
            build(there, pool)


def test_results_are_taken_back_as_they_come_and_go(pool, faults, tmp_path, monkeypatch):
    root = tiny.make(tmp_path / "many", [f"园{number:03}" for number in range(30)])
    came: list[weakref.ref[job.Result]] = []
    most = []

    def loads(content: bytes) -> object:
        answer = pickle.loads(content)
        came.extend(map(weakref.ref, answer[1]))
        most.append(sum(one() is not None for one in came))
        return answer

    monkeypatch.setattr(clusters, "pickle", SimpleNamespace(loads=loads, dumps=pickle.dumps))
    assert build(root, pool).exit_code == 0
    assert len(came) == 30 and max(most) <= pool.in_flight + 1
