"""A Python process beside this one that does one job after the other, and can be ended in the middle of one.

    process = WorkerProcess.start()
    is_good, result = process.ask((make, (1, 2), {}))     # any function and values that can be pickled
    process.end()

It is a new Python, since a process with threads cannot be copied, and no process of `multiprocessing`, since those of
a cluster may not start any. Jobs and answers go through its standard input and output; what a library prints goes to
standard error. It ends when the one who started it is gone. Ctrl-C does not reach it.
"""

from __future__ import annotations

import copy
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import IO, Any, TypeAlias

from perfgen.system.garbage import collect_seldom

Job: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
"""A function and what it is called with."""

_GRACE = 0.2
"""Seconds that a process has to end what it has started itself."""
_LENGTH = struct.Struct(">Q")
_BEGIN = "import sys; sys.path[:] = sys.argv[2:]; from perfgen.system import worker_process; worker_process.work()"


@dataclass
class WorkerProcess:
    """The process, from this side."""

    process: subprocess.Popen[bytes]
    jobs: int = 0

    @classmethod
    def start(cls, niceness: int = 0) -> WorkerProcess:
        """Starts a process; `niceness` lets other programs go first. Raises OSError where the system refuses."""
        # -P: nothing is imported from the folder that one happens to stand in
        call = [sys.executable, "-P", "-c", _BEGIN, str(niceness), *filter(None, sys.path)]
        with _deaf():
            return cls(subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def ask(self, job: Job) -> tuple[bool, Any]:
        """Whether a job came to its end, and what it gave or raised.

        Raises EOFError or OSError where the process died, what `pickle` raises for a job that cannot be handed over.
        """
        answer: tuple[bool, Any] = pickle.loads(self.ask_for_bytes(job))
        return answer

    def ask_for_bytes(self, job: Job) -> bytes:
        """The same as it comes back, pickled, for one who only hands it on."""
        self.jobs += 1
        assert self.process.stdin and self.process.stdout
        _write(self.process.stdin, pickle.dumps(job))
        return _read(self.process.stdout)

    def end(self) -> None:
        """Ends it; what it has started, such as LibreOffice, it ends itself where it has the time."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_GRACE)
        self.process.kill()
        self.process.wait()
        for line in (self.process.stdin, self.process.stdout):
            if line:
                with suppress(OSError):
                    line.close()


@contextmanager
def _deaf() -> Iterator[None]:
    """Lets a process that is started inside not hear of Ctrl-C, from its first moment; not on Windows."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def work() -> None:
    """What the process does: one job after the other, until nobody is there to send one."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    collect_seldom()
    if (niceness := int(sys.argv[1])) and hasattr(os, "nice"):
        os.nice(niceness)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        _write(answers, _answer(jobs.get()))


def _listen(line: IO[bytes], jobs: queue.SimpleQueue[bytes]) -> None:
    """Takes jobs in, in the order in which they come; ends the process where nobody is there any more."""
    with suppress(EOFError, OSError):
        while True:
            jobs.put(_read(line))
    os._exit(1)


def _write(line: IO[bytes], content: bytes) -> None:
    """Sends some bytes, with their number before them."""
    line.write(_LENGTH.pack(len(content)))
    line.write(content)
    line.flush()


def _read(line: IO[bytes]) -> bytes:
    """What was sent. Raises EOFError where the other side is gone."""
    head = line.read(_LENGTH.size)
    content = line.read(*_LENGTH.unpack(head)) if len(head) == _LENGTH.size else b""
    if len(head) < _LENGTH.size or len(content) < _LENGTH.unpack(head)[0]:
        raise EOFError
    return content


def _answer(job: bytes) -> bytes:
    """Does a job; gives whether it came to its end, and what it gave or raised, as bytes."""
    try:
        work, args, named = pickle.loads(job)
        answer: tuple[bool, Any] = True, work(*args, **named)
    except Exception as error:  # it is raised on the other side
        answer = False, _portable(error)
    try:
        return pickle.dumps(answer)
    except (AttributeError, TypeError, ValueError, pickle.PicklingError) as error:  # a fault of the work's
        return pickle.dumps((False, RuntimeError(str(error))))


def _portable(error: Exception) -> Exception:
    """An error that can be made again on the other side."""
    try:
        return copy.copy(error)
    except Exception:  # one of a library that takes other arguments than it keeps
        return RuntimeError(f"{type(error).__name__}: {error}")


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Ends the process in good order, so that what it waits for is ended too."""
    raise SystemExit(1)
