"""What the system says of processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def is_running(process: int) -> bool:
    """Whether a process is there and not only waits for somebody to ask how it ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something holds within half a minute: on a busy machine a killed process takes a moment to end."""
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.05)
    return False
