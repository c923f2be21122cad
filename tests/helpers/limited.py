"""Runs a piece of work in a process of its own that may have little memory, and says what it cost."""

from __future__ import annotations

import json
import os
import resource
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MEMORY = 500_000_000


class Cost(NamedTuple):
    """What came out, in words, and the seconds of work that it took."""

    outcome: str
    seconds: float


def limited(work: Callable[[], object]) -> Cost:
    """What a call gives, or the error that it raises; it may have so much memory more than the caller has."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, none of which does any work here
        child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps(_done(work)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    os.waitpid(child, 0)
    return Cost(*json.loads(told)) if told else Cost("the process died", 0.0)


def _done(work: Callable[[], object]) -> Cost:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    begin = time.process_time()
    try:
        outcome = str(work())[:300]
    except MemoryError:
        outcome = "out of memory"
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"[:300]
    return Cost(outcome, time.process_time() - begin)
