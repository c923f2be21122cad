"""What happens to jobs on a real cluster, as a test says; and what came of a build that it happened to."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from perfgen.build import batch
from perfgen.build.manifest import load_manifest
from perfgen.build.records import Record
from perfgen.project.snapshot import Project
from perfgen.system.day import Day, Origin
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.marks import HOOK

TODAY = Day(datetime.date(2026, 11, 26), Origin.OPTION)
FORMATS = ("docx", "html", "data_json")
"""What is made: quick, and of both editions."""
NAMES = ("东园", "南园", "西园", "北园", "中园", "后园")
SOURCES = [f"data/2025/{name}.yaml" for name in NAMES]


@dataclass(frozen=True)
class Job:
    """A job of a data file that began on a worker."""

    source: str
    process: int
    worker: int


@dataclass(frozen=True)
class Faults:
    """What happens to the jobs of a cluster that was started with these; see `tests/helpers/faulty`."""

    folder: Path

    @property
    def extra(self) -> dict[str, str]:
        """The environment of the cluster's processes."""
        path = [HOOK.parent / "faulty", HOOK, REPOSITORY]
        return {"PERFGEN_TEST_FAULTS": str(self.folder), "PYTHONPATH": os.pathsep.join(map(str, path))}

    def put(self, source: str, what: str) -> None:
        """Says what happens to the job of a data file from now on."""
        self._file(source).write_text(what, "utf-8")

    def lift(self, source: str) -> None:
        """Nothing happens to it any more; one that waits goes on."""
        self._file(source).unlink(missing_ok=True)

    def clear(self) -> None:
        """Nothing happens to any, and nothing has."""
        for file in self.folder.iterdir():
            file.unlink()

    def begun(self, source: str | None = None) -> list[Job]:
        """The jobs that began so far; of one data file, or all."""
        log = self.folder / "log"
        lines = [line.rsplit(" ", 2) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
        jobs = [Job(name, int(process), int(worker)) for name, process, worker in lines]
        return [job for job in jobs if source in (None, job.source)]

    def _file(self, source: str) -> Path:
        return self.folder / source.replace("/", "-")


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Does something beside what is done inside; what goes wrong with it is raised at the end."""
    with ThreadPoolExecutor(1) as other:
        done = other.submit(act)
        yield
        done.result()


def project_at(root: Path) -> Path:
    """A small project of six units."""
    return tiny.make(root, NAMES)


def built_at(root: Path) -> Path:
    """The same, built on this machine."""
    project_at(root)
    assert build(root).exit_code == 0
    return root


def build(root: Path, pool: Executor | None = None, only: tuple[str, ...] | None = FORMATS) -> batch.BuildOutcome:
    """Builds a project, here or by a pool."""
    return batch.build(batch.BuildOrder(Project.on_disk(root), None, only, day=TODAY), pool)


def outputs(root: Path) -> dict[str, bytes]:
    """All files that a build has made, but for what it notes, and what it is writing."""
    found = (path for path in (root / "build").rglob("[!.]*") if path.is_file())
    named = {path.relative_to(root / "build").as_posix(): path for path in found}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(("manifest", "."))}


def noted(root: Path) -> dict[str, Record]:
    """What a build has noted of its outputs, but for when they were written."""
    records = load_manifest(root).records
    return {
        source: replace(record, outputs={path: replace(one, modified=0) for path, one in record.outputs.items()})
        for source, record in records.items()
    }


def came_out_the_same(there: Path, here: Path) -> bool:
    """Whether what a build made on a cluster, and what it noted, is what one on this machine did."""
    assert outputs(there) == outputs(here)
    assert noted(there) == noted(here)
    return len(outputs(here)) > 2 * len(NAMES)


def finished(root: Path) -> set[str]:
    """The data files whose outputs are written and noted."""
    return {source for source in SOURCES if (root / f"build/manifest/{source[5:-5]}.json").exists()}


def started(root: Path, address: str, **extra: str) -> subprocess.Popen[str]:
    """A build by the command, as it is typed, with environment variables; all that it says comes in one stream."""
    words = ["build", "--date", TODAY.iso, "--only", ",".join(FORMATS), "--executor", address]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **extra}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "perfgen", "-C", str(root), *words], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True,
    )  # fmt: skip
