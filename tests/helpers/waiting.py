"""Waits for something to happen, by looking again and again: how long that takes is the machine's business."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PAUSE = 0.02


def until(test: Callable[[], Any], looks: int = 3_000) -> Any:
    """What a test gives as soon as it is true. Raises AssertionError where it never is in so many looks."""
    for _ in range(looks):
        if found := test():
            return found
        time.sleep(_PAUSE)
    raise AssertionError("nothing happened")


def is_running(number: int) -> bool:
    """Whether a process is there and has not ended; asks Linux."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text("utf-8")
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"
