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

_HERE_ONLY = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
"""Without a dashboard, they still answer HTTP, and would to everybody."""
_ALONE = "120s"
"""After so long without work, or without a scheduler, they end by themselves: the tests were killed."""
_DASK = [sys.executable, "-P", "-m", "dask"]


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
    host: str = "127.0.0.1"
    protocol: str = "tcp"
    """Or tls, where `extra` names certificates."""

    @property
    def address(self) -> str:
        """As `--executor` takes it."""
        return f"dask{'+tls' * (self.protocol == 'tls')}://{self._place}"

    @property
    def _place(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

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
        where = [
            "--protocol",
            self.protocol,
            "--host",
            self._place.rpartition(":")[0],
            "--port",
            str(self.port),
            *_HERE_ONLY,
        ]
        process = self.start("scheduler", *where, "--no-show", "--idle-timeout", _ALONE, **extra)
        until(lambda: self.listens() or process.poll() is not None)
        assert process.poll() is None, self.log
        return process

    def worker(self, *words: str, **extra: str) -> subprocess.Popen[bytes]:
        """Starts a worker of one thread, which a nanny starts again where it dies."""
        where = ["--local-directory", str(self.folder), *_HERE_ONLY, "--nthreads", "1", "--death-timeout", _ALONE]
        return self.start("worker", f"{self.protocol}://{self._place}", *where, *words, **extra)

    def listens(self) -> bool:
        """Whether the scheduler can be reached."""
        with suppress(OSError), socket.create_connection((self.host, self.port), 1):
            return True
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Kills a process and all that it has started, as a machine does that loses its power."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def cluster(
    folder: Path, workers: int = 2, *, host: str = "127.0.0.1", protocol: str = "tcp", **extra: str
) -> Iterator[Cluster]:
    """A cluster that stands in a folder, ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    one = Cluster(folder, extra=extra, host=host, protocol=protocol)
    try:
        one.scheduler()
        for _ in range(workers):
            one.worker()
        yield one
    finally:
        for process in one.processes:
            end(process)


def held(address: str) -> set[str]:
    """The tasks that a cluster has now, whoever wants them; asked by a client that has nothing to do with it."""
    from distributed import Client

    with Client(address.replace("dask", "tcp", 1), set_as_default=False, timeout=30) as client:
        return set(client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks)))
