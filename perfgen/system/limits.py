"""Ends work that takes too long or too much memory, where the system can: POSIX for the time, Linux for the memory.

It is for work that no count of steps bounds, such as a template. The time is that of the processor, so that a busy
machine stops nothing that an idle one lets through. A C function that runs long is ended only when it comes back.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_PAGES = Path("/proc/self/statm")
_AGAIN = 0.1
"""Seconds until the signal comes once more, where something caught what the first one raised."""
_AT_ONCE = 0.001
_TICK = 0.02
"""How much sooner than asked the system's clock may come."""
_ENDS: list[float] = []
"""When the works that are limited end, in seconds of this process; the innermost last."""
_MEBIBYTE = 1 << 20


class OutOfTimeError(Exception):
    """Work took longer than it may."""


class _Stop(BaseException):
    """Raised wherever the work is; no handler of Exception keeps it."""


@contextmanager
def limited(seconds: float, mebibytes: int | None) -> Iterator[None]:
    """Lets what is done inside take so much processor time, and so much more memory than there is in use now.

    Raises OutOfTimeError or MemoryError. In a thread beside the main one the time is not limited; None leaves the
    memory alone, for libraries that end the process where there is none.
    """
    end = time.process_time() + seconds
    with _memory(mebibytes) if mebibytes is not None else nullcontext():
        try:
            with _time(seconds):
                yield
        except _Stop as stop:
            if _ENDS and time.process_time() < end - _TICK:
                raise  # it is the work around this one that took too long
            raise OutOfTimeError().with_traceback(stop.__traceback__) from None


def _time(seconds: float) -> AbstractContextManager[None]:
    possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    return _timed(seconds) if possible else nullcontext()


def _stop(_: int, __: FrameType | None) -> None:
    """Ends the work, unless it has just ended and the clock is still running."""
    if _ENDS and time.process_time() >= _ENDS[-1] - _TICK:
        raise _Stop


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    """A clock that ends the work, no later than one around it does."""
    before = signal.signal(signal.SIGPROF, _stop)
    _ENDS.append(min([time.process_time() + seconds, *_ENDS]))
    try:
        _end_if_over()
        _set_clock()
        yield
    finally:
        _ENDS.pop()
        _set_clock()
        signal.signal(signal.SIGPROF, before)


def _end_if_over() -> None:
    """Ends the work whose time is over already: a clock that is set again and again within a tick never comes."""
    if time.process_time() >= _ENDS[-1]:
        raise _Stop


def _set_clock() -> None:
    """Sets the clock to the end of the innermost work; stops it where there is none."""
    left = max(_ENDS[-1] - time.process_time(), _AT_ONCE) if _ENDS else 0
    signal.setitimer(signal.ITIMER_PROF, left, _AGAIN if _ENDS else 0)


@contextmanager
def _memory(mebibytes: int) -> Iterator[None]:
    """Lowers the soft limit of the address space, and sets it back."""
    restore = _lower(mebibytes)
    try:
        yield
    finally:
        restore()


def _lower(mebibytes: int) -> Callable[[], None]:
    """Limits the address space; gives what undoes that."""
    if resource is None or not _PAGES.exists():
        return lambda: None
    used = int(_PAGES.read_text("ascii").split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = used + mebibytes * _MEBIBYTE
    if any(limit != resource.RLIM_INFINITY and most >= limit for limit in (soft, hard)):
        return lambda: None  # there is less than that already

    def restore() -> None:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    return restore
