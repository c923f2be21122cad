"""What runs on a cluster's worker: a job's bytes come in, a process of its own does it, the answer goes back as bytes.

The process does the work, and not a thread of the worker: there the limits of time and memory hold that hostile
templates have, what ends it does not end the worker, and each thread of the worker may have one.
"""

from __future__ import annotations

import pickle
import queue
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from perfgen.project import invocation
from perfgen.project.parcel import delivered
from perfgen.system.worker_process import WorkerProcess

Answer: TypeAlias = tuple[bool, Any] | None
"""Whether a job came to its end, and what it gave or raised; None where it ended its process."""
_JOBS_PER_PROCESS = 200
"""A process is replaced after this many jobs, so that what the libraries keep of a document does not add up."""


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


def do(packed: bytes, pieces: Sequence[bytes]) -> bytes:
    """Does a packed job with the shared files in its order; gives its pickled `Answer`."""
    process = _free()
    try:
        answer = process.ask_for_bytes((_done, (packed, pieces), {}))
    except (EOFError, OSError):
        process.end()
        return pickle.dumps(None)
    if process.jobs < _JOBS_PER_PROCESS:
        _FREE.put(process)
    else:
        process.end()
    return answer


_FREE: queue.LifoQueue[WorkerProcess] = queue.LifoQueue()
"""The processes that have nothing to do."""


def _free() -> WorkerProcess:
    """A process for a job; the one that worked last, which has most of what it needs."""
    try:
        return _FREE.get_nowait()
    except queue.Empty:
        return WorkerProcess.start()


def _done(packed: bytes, pieces: Sequence[bytes]) -> Any:
    """Does a job, in the process."""
    job: Packed = pickle.loads(packed)
    invocation.resume(job.speaker)
    with delivered({**job.own, **dict(zip(job.shared, pieces, strict=True))}):
        work, args, named = pickle.loads(job.call)
    return work(*args, **named)
