"""What runs on a cluster's worker: a job's bytes come in, a process of its own does it, the answer goes back as bytes.

The process does the work, and not a thread of the worker: there the limits of time and memory hold that hostile
templates have, what ends it does not end the worker, and each thread of the worker may have one.
"""

from __future__ import annotations

import pickle
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from perfgen.findings import ToolError
from perfgen.project import invocation
from perfgen.project.parcel import delivered
from perfgen.system import environment
from perfgen.system.worker_process import WorkerProcess

Answer: TypeAlias = tuple[bool, Any] | None
"""Whether a job came to its end, and what it gave or raised; None where it ended its process."""
_JOBS_PER_PROCESS = 200
"""A process is replaced after this many jobs, so that what the libraries keep of a document does not add up."""
_LOOK = 0.5
"""Seconds between two looks whether a job is still wanted."""


@dataclass(frozen=True)
class Packed:
    """A job as it travels."""

    call: bytes
    """A pickled function with its arguments, in which parcels name their files by hashes."""
    own: Mapping[str, bytes]
    """The files that travel with this job alone, by their hashes."""
    shared: Sequence[str]
    """The hashes of those that come by themselves, once for all jobs of a worker."""
    speaker: invocation.State
    """How commands are written in messages."""
    code: str
    """The hash of perfgen's modules where it comes from: on the worker's disk they may have changed since."""


def do(packed: bytes, pieces: Sequence[bytes], is_wanted: Callable[[], bool]) -> bytes:
    """Does a packed job with the shared files in its order, as long as it is wanted; gives its pickled `Answer`."""
    process = _free()
    try:
        with _ended_when_unwanted(process, is_wanted):
            answer = process.ask_for_bytes((_done, (packed, pieces), {}))
    except (EOFError, OSError, ValueError):  # the last where it was ended by this side
        process.end()
        return pickle.dumps(None)
    if process.jobs < _JOBS_PER_PROCESS and process.is_there:
        _FREE.put(process)
    else:
        process.end()
    return answer


@contextmanager
def _ended_when_unwanted(process: WorkerProcess, is_wanted: Callable[[], bool]) -> Iterator[None]:
    """Ends a process in the middle of its job where nobody waits for that any more: its client is gone."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(_LOOK):
            if not is_wanted():
                process.end()
                return

    looking = threading.Thread(target=look, name="perfgen-wanted", daemon=True)
    looking.start()
    try:
        yield
    finally:
        done.set()
        looking.join()


_FREE: queue.LifoQueue[WorkerProcess] = queue.LifoQueue()
"""The processes that have nothing to do."""


def _free() -> WorkerProcess:
    """A process for a job; the one that worked last, which has most of what it needs."""
    try:
        return _FREE.get_nowait()
    except queue.Empty:
        return WorkerProcess.start()


def _done(packed: bytes, pieces: Sequence[bytes]) -> Any:
    """Does a job, in the process. Raises ToolError where that runs other code than who sent it."""
    job: Packed = pickle.loads(packed)
    if job.code != environment.of_code():
        raise ToolError("集群的机器上，perfgen 在工作进程启动以后换过了；停掉全部工作进程，装好再启动。")
    invocation.resume(job.speaker)
    with delivered({**job.own, **dict(zip(job.shared, pieces, strict=True))}):
        work, args, named = pickle.loads(job.call)
    return work(*args, **named)
