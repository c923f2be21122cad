"""What a whole process takes: processor time of it and its children, the clock, the most memory at a time."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import ROOT


@dataclass(frozen=True)
class Taken:
    """What a process took."""

    seconds: float
    """Processor time, user and system, children too."""
    wall: float
    mebibytes: int
    """The most that was in memory at a time, of the process or of one of its children, whichever had more."""
    said: str = ""
    """What it wrote to its standard output."""


def taken(command: Sequence[str], folder: Path, *, codes: Sequence[int] = (0,)) -> Taken:
    """Runs a process in a folder. Raises RuntimeError with what it said where it fails.

    A child begins with the pages of its parent, which counts as its own memory: whoever measures must be small.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env={**kept, "PYTHONPATH": str(ROOT)}, stdout=output, stderr=errors
        )
        _, status, use = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begin
        said, complained = (_content(file) for file in (output, errors))
    if process.returncode not in codes or "Traceback" in complained:
        raise RuntimeError(f"{' '.join(command)[:200]}: {process.returncode} {complained[-2000:]}")
    return Taken(use.ru_utime + use.ru_stime, wall, use.ru_maxrss // 1024, said)


def _content(file: tempfile._TemporaryFileWrapper[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
