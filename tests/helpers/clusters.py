"""A real Dask cluster on this machine: a scheduler and workers, processes started by Dask's own commands."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.helpers.waiting import until

_DASK = [sys.executable, "-P", "-m", "dask"]
_UNSEEN = ("--dashboard-address", "127.0.0.1:0")
"""Where its pages are: without it on all lines of the machine, and `--no-dashboard` is no help."""


def free_port() -> int:
    """A port of the loopback that nobody has now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@dataclass
class Cluster:
    """A scheduler and its workers."""

    folder: Path
    """Where they may write, and where they stand: there is no project in it."""
    port: int = field(default_factory=free_port)
    extra: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of all of them."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """As `--executor` takes it."""
        return f"dask://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What all of them have said."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def start(self, *words: str, **extra: str) -> subprocess.Popen[bytes]:
        """Starts one of Dask's commands."""
        path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": path, **self.extra, **extra}
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [*_DASK, *words], cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def scheduler(self, **extra: str) -> subprocess.Popen[bytes]:
        """Starts the scheduler; comes back when it listens."""
        process = self.start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), *_UNSEEN, **extra)
        until(self.listens)
        return process

    def worker(self, *words: str, **extra: str) -> subprocess.Popen[bytes]:
        """Starts a worker of one thread, which a nanny starts again where it dies."""
        where = ["--local-directory", str(self.folder), *_UNSEEN, "--nthreads", "1"]
        return self.start("worker", f"tcp://127.0.0.1:{self.port}", *where, *words, **extra)

    def listens(self) -> bool:
        """Whether the scheduler can be reached."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Kills a process and all that it has started, as a machine does that loses its power."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def cluster(folder: Path, workers: int = 2, **extra: str) -> Iterator[Cluster]:
    """A cluster that stands in a folder, ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    one = Cluster(folder, extra=extra)
    try:
        one.scheduler()
        for _ in range(workers):
            one.worker()
        yield one
    finally:
        for process in one.processes:
            end(process)
