"""How the server ends: at Ctrl-C, a closed terminal or a request of the system, within a second, whatever it does."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
_PATIENCE = 0.6
"""Seconds that work which is under way may still take: writing a file takes hundredths of one."""


@contextmanager
def calmly(end: Callable[[], None], farewell: Callable[[], None]) -> Iterator[None]:
    """For a block, a signal to end calls `end`; what is not over soon after it is cut off, and the process with it.

    `farewell` is called once at the end of the block, or before it is cut off; workers end with their parent. Signals
    that come after the first one, until the process is gone, change nothing.
    """
    said, is_told = threading.Lock(), threading.Event()

    def leave() -> None:
        if said.acquire(blocking=False):
            farewell()

    def cut_off() -> None:
        leave()
        os._exit(0)

    def told(_: int, __: FrameType | None) -> None:
        is_told.set()
        timer = threading.Timer(_PATIENCE, cut_off)
        timer.daemon = True
        timer.start()
        end()

    before = {number: signal.signal(number, told) for number in _SIGNALS}
    try:
        yield
        leave()
        _wait_for_threads()
        if is_told.is_set():  # all is written: what Python would still put in order takes longer than all before
            os._exit(0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_for_threads() -> None:
    """Waits until the threads have ended that Python would wait for without a limit."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
