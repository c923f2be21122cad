"""The same work on one process, two processes and two workers of a Dask cluster: `python -m benchmarks.cluster`.

Scheduler and workers are processes of this machine, so what is measured is what Dask adds: processor time of all
processes together, and the bytes that travel. `--forms` and `--every` choose how many forms there are, and of every how
many of them Word and PDF are made.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import forms
from benchmarks.measuring import ROOT, spent
from perfgen import render
from perfgen.build import batch, check_batch
from perfgen.project.layout import BUILD, DataFile
from perfgen.project.snapshot import Project
from perfgen.system import cluster
from perfgen.system.dispatch import Elsewhere

_DEAR = ("docx", "pdf")
_FONT = "Noto Serif CJK SC"
_PORT = 8799


@dataclass(frozen=True)
class Cost:
    """What a piece of work took."""

    seconds: float
    """Processor time of all processes together."""
    here: float
    """Of that, the time of the process that asks, and of its own workers."""
    wall: float
    """Seconds on the clock."""


@dataclass
class Way:
    """A way to do the work."""

    jobs: int | None
    pool: Elsewhere | None
    others: Callable[[], float]
    """The processor time of the processes that are no children of this one."""

    def cost(self, work: Callable[[], object]) -> Cost:
        """Does a piece of work and measures it."""
        begin, here, there = time.monotonic(), spent(), self.others()
        work()
        here = spent() - here
        return Cost(here + self.others() - there, here, time.monotonic() - begin)


def measure(folder: Path, way: Way, sources: list[str], every: int) -> dict[str, Cost]:
    """All pieces of the work, from an empty build/."""
    shutil.rmtree(folder / BUILD, ignore_errors=True)
    files = tuple(map(DataFile.at, sources))
    cheap = tuple(name for name in render.names() if name not in _DEAR)

    def check() -> None:
        found = check_batch.check_files(Project.on_disk(folder), files, way.jobs, pool=way.pool)
        _require(found.exit_code == 0)

    def build(chosen: tuple[DataFile, ...], only: tuple[str, ...]) -> None:
        order = batch.BuildOrder(Project.on_disk(folder), chosen, only, way.jobs)
        _require(batch.build(order, way.pool).exit_code == 0)

    return {
        "check": way.cost(check),
        "data and pages": way.cost(lambda: build(files, cheap)),
        f"Word and PDF of every {every}th": way.cost(lambda: build(files[::every], _DEAR)),
    }


def _require(is_good: bool) -> None:
    if not is_good:
        raise RuntimeError("the forms of the benchmark have errors")


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[cluster.Cluster, Callable[[], float]]]:
    """A cluster of two workers, and the processor time of all its processes."""
    address, dask = f"127.0.0.1:{_PORT}", [sys.executable, "-P", "-m", "dask"]
    where = ["--local-directory", str(folder), "--no-dashboard", "--nthreads", "1"]
    calls = [
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(_PORT), "--no-dashboard", "--no-show"],
        *([*dask, "worker", f"tcp://{address}", *where] for _ in range(2)),
    ]
    with (folder / "log").open("wb") as log:
        started = [
            psutil.Popen(
                call, cwd=folder, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log
            )
            for call in calls
        ]
    try:
        with cluster.connected(f"dask://{address}", [_FONT], sys.stderr.write) as pool:
            yield pool, lambda: sum(map(_of_tree, started))
    finally:
        for process in started:
            for one in (*process.children(recursive=True), process):
                one.kill()
            process.wait()


def _of_tree(process: psutil.Process) -> float:
    """The processor time of a process and of all below it, those that have ended too."""
    return sum(sum(one.cpu_times()[:4]) for one in (process, *process.children(recursive=True)))


def _lines(found: dict[str, dict[str, Cost]]) -> Iterator[str]:
    """The table."""
    yield "| " + " | ".join(["processor seconds (of them here; on the clock)", *found]) + " |"
    yield "|---" * (len(found) + 1) + "|"
    first = next(iter(found.values()))
    for piece in first:
        costs = [of_way[piece] for of_way in found.values()]
        yield "| " + " | ".join([piece, *(_cell(cost, costs[0]) for cost in costs)]) + " |"


def _cell(cost: Cost, first: Cost) -> str:
    return f"{cost.seconds:.0f} ({cost.here:.0f}; {cost.wall:.0f}): {cost.seconds / first.seconds:.2f}"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--every", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = forms.project(folder / "project", options.forms)
        found = {
            f"{jobs} processes" if jobs > 1 else "one process": measure(
                folder / "project", Way(jobs, None, lambda: 0.0), sources, options.every
            )
            for jobs in (1, 2)
        }
        with _cluster(folder) as (pool, others):
            found["two Dask workers"] = measure(folder / "project", Way(None, pool, others), sources, options.every)
            print("\n".join(_lines(found)))
            print(f"jobs: {pool.jobs}; bytes of jobs: {pool.sent}; shared files: {pool.shared}; back: {pool.back}")


if __name__ == "__main__":
    main()
