"""Ends what hangs: by the time of the processor that it takes, not by the clock, which others slow down."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SECONDS = 300 * max(1, int(os.environ.get("PERFGEN_MORE_EXAMPLES", "0")))
"""What no test works for by itself; the longest takes a fifth of it. `make nightly` tries more examples."""


@contextmanager
def no_hang(seconds: float = 120) -> Iterator[None]:
    """Fails a test whose process works longer than this; the time of processes that it starts does not count.

    Where there is no such timer (Windows), nothing is ended. perfgen itself uses the other timer of the processor,
    SIGPROF.
    """
    if not hasattr(signal, "SIGVTALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGVTALRM, lambda *_: pytest.fail(f"hangs: worked for more than {seconds:.0f} s"))
    left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, left)
        signal.signal(signal.SIGVTALRM, handler)
