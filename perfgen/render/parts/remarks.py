"""What a renderer remarks while it makes an output: nothing is wrong, but somebody who asks why should hear it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


def remark(text: str) -> None:
    """Remarks something, in Chinese; it is lost where nobody listens."""
    heard = _heard.get()
    if heard is not None:
        heard.append(text)


@contextmanager
def heard() -> Iterator[list[str]]:
    """Gives the list of what is remarked meanwhile."""
    remarks: list[str] = []
    token = _heard.set(remarks)
    try:
        yield remarks
    finally:
        _heard.reset(token)
