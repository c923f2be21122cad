"""What a build tells while it runs, and the listener that ignores it; the build itself prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from perfgen.system.console import Progress


class Listener(Protocol):
    """Is told what a build does while it runs."""

    def waits(self) -> None:
        """Another build of the project is running: this one waits until it ends."""

    def is_stale(self, output: str, reason: str) -> None:
        """An output has to be made; `output` is its path in the project, `reason` says why in Chinese."""

    def was_made(self, output: str, remark: str) -> None:
        """An output was made, and its renderer remarked something in Chinese; `output` is its path in the project."""

    def progress(self, units: int, /) -> AbstractContextManager[Progress]:
        """Gives the function that is told of each finished unit; there are `units` of them."""


class Silent:
    """A listener that ignores everything, for programs that call a build as a library."""

    def waits(self) -> None:
        """Does nothing."""

    def is_stale(self, output: str, reason: str) -> None:
        """Does nothing."""

    def was_made(self, output: str, remark: str) -> None:
        """Does nothing."""

    @contextmanager
    def progress(self, _: int, /) -> Iterator[Progress]:
        """Gives a function that does nothing."""
        yield _ignore


def _ignore(text: str, *, failed: bool = False) -> None:
    """Does nothing."""
