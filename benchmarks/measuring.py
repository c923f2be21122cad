"""The clock: processor time, user and system, of this process and of its children that have ended.

Machines are noisy and busy, so processor time is what is measured, and what counts is the ratio of two things that were
measured in turn.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

try:
    import resource
except ImportError:  # Windows, whose clock is coarser
    resource = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parents[1]
PERFGEN = (sys.executable, "-m", "perfgen")


def spent() -> float:
    """The processor time that went so far, in seconds."""
    if resource is None:
        return sum(os.times()[:4])
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def seconds(call: Callable[[], object]) -> float:
    """The processor time of one call."""
    begin = spent()
    call()
    return spent() - begin


def in_turn(calls: Sequence[Callable[[], object]], rounds: int, *, warm: bool = True) -> list[float]:
    """The median seconds of each call, made in turn; before that, each is made once where it is to be warm."""
    if warm:
        for call in calls:
            call()
    taken = [[seconds(call) for call in calls] for _ in range(rounds)]
    return [statistics.median(of_call) for of_call in zip(*taken, strict=True)]


def run(command: Sequence[str], folder: Path, *, codes: Sequence[int] = (0,), more: Mapping[str, str] = {}) -> None:
    """Runs a whole process in a folder. Raises RuntimeError with what it said where it fails.

    Python may keep what it compiles, as where perfgen is installed: otherwise each start would compile perfgen again.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPATH": str(ROOT), **more}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode not in codes or "Traceback" in done.stderr:
        raise RuntimeError(f"{' '.join(command)[:200]}: {done.stderr[-2000:]}")
