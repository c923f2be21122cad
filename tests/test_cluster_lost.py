"""A build whose cluster goes away says so, keeps what was finished, and the next one goes on from there."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfgen.findings import ToolError
from perfgen.system import cluster as clusters
from perfgen.system import cluster_members
from tests.helpers import clusters as real
from tests.helpers.cluster_faults import (
    SOURCES,
    Faults,
    build,
    built_at,
    came_out_the_same,
    finished,
    meanwhile,
    noted,
    project_at,
    started,
)
from tests.helpers.clusters import Cluster as RealCluster
from tests.helpers.waiting import until

pytestmark = pytest.mark.cluster

ONE = SOURCES[-1]
SHORT = 2.0


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return Faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built on this machine."""
    return built_at(tmp_path_factory.mktemp("here") / "project")


@pytest.fixture
def there(tmp_path: Path, faults: Faults) -> Path:
    """The same project, not built yet; the job of one file waits."""
    faults.clear()
    faults.put(ONE, "wait")
    return project_at(tmp_path / "there")


@pytest.fixture
def running(tmp_path: Path, faults: Faults) -> Iterator[RealCluster]:
    """A cluster of one worker, which nobody starts again."""
    with real.cluster(tmp_path / "cluster", 0, **faults.extra) as one:
        one.worker("--no-nanny")
        yield one


def lost(root: Path, running: RealCluster, act) -> str:
    """What a build says when something happens to its cluster while one job waits and others are done."""

    def do() -> None:
        until(lambda: len(finished(root)) > 1)
        act()

    with (
        clusters.connected(running.address, [], print, patience=SHORT) as pool,
        meanwhile(do),
        pytest.raises(ToolError) as raised,
    ):
        build(root, pool)
    return str(raised.value)


def goes_on(root: Path, here: Path, faults: Faults, pool=None) -> bool:
    """Whether the next build keeps what was finished, and comes to what a build on this machine gives."""
    kept = finished(root)
    assert kept and ONE not in kept
    faults.clear()
    outcome = build(root, pool)
    assert outcome.kept >= sum(len(noted(here)[source].outputs) for source in kept)
    return came_out_the_same(root, here)


def test_when_all_workers_are_gone_the_build_ends_and_goes_on_with_others(running, faults, here, there):
    said = lost(there, running, lambda: real.end(running.processes[-1]))
    assert "一个工作进程也没有" in said and "下次接着做" in said
    running.worker("--no-nanny")
    with clusters.connected(running.address, [], print) as pool:
        assert goes_on(there, here, faults, pool)


def test_when_the_scheduler_is_gone_the_build_ends_at_once(running, faults, here, there):
    process = started(there, running.address)
    try:
        until(lambda: len(finished(there)) > 1)
        real.end(running.processes[0])
        said, _ = process.communicate()
    finally:
        real.end(process)
    assert process.returncode == 3 and "Traceback" not in said
    assert [line for line in said.splitlines() if "和集群的调度进程断了" in line and "下次接着做" in line]
    assert goes_on(there, here, faults)


def test_a_scheduler_that_stands_still_keeps_nobody_waiting(running, faults, here, there, monkeypatch):
    monkeypatch.setattr(cluster_members, "_ANSWER", SHORT)
    said = lost(there, running, lambda: os.killpg(running.processes[0].pid, signal.SIGSTOP))
    assert "和集群的调度进程断了" in said
    assert goes_on(there, here, faults)


@pytest.mark.nightly  # it is like test_a_form_that_dies_each_time_is_named_and_the_others_are_built
def test_with_one_worker_a_form_that_ends_it_each_time_is_named(tmp_path, faults, here, there):
    faults.put(ONE, "kill worker")
    with (
        real.cluster(tmp_path / "one", 1, **faults.extra, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as alone,
        clusters.connected(alone.address, [], print) as pool,
    ):
        outcome = build(there, pool)
    assert [finding.place.file for finding in outcome.findings] == [ONE] and outcome.exit_code == 3
    assert finished(there) >= set(SOURCES) - {ONE}
