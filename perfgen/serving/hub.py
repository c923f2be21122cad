"""Tells the open windows what happened, as server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

_MOST = 200
"""How many messages wait for a window that does not listen; then it is told to look at everything again."""
_ALIVE = 15.0
"""Seconds without a message after which a comment is sent, so that a window that is gone is noticed."""
_EVERYTHING = "event: everything\ndata: {}\n\n"
_END = None


class Hub:
    """The open windows."""

    def __init__(self) -> None:
        self._windows: set[asyncio.Queue[str | None]] = set()
        self._is_open = True

    def tell(self, kind: str, message: Mapping[str, object]) -> None:
        """Sends a message to every window; to be called in the loop's own thread."""
        line = f"event: {kind}\ndata: {json.dumps(message, ensure_ascii=False)}\n\n"
        for window in list(self._windows):
            is_behind = window.qsize() >= _MOST
            while is_behind and not window.empty():
                window.get_nowait()
            window.put_nowait(_EVERYTHING if is_behind else line)

    async def messages(self) -> AsyncIterator[str]:
        """The messages to one window, until it is closed or the server ends."""
        window: asyncio.Queue[str | None] = asyncio.Queue()
        self._windows.add(window)
        try:
            yield "retry: 500\n\n"
            while self._is_open:
                try:
                    message = await asyncio.wait_for(window.get(), _ALIVE)
                except TimeoutError:
                    message = ": \n\n"
                if message is _END:
                    return
                yield message
        finally:
            self._windows.discard(window)

    def close(self) -> None:
        """Ends the messages to every window."""
        self._is_open = False
        for window in self._windows:
            window.put_nowait(_END)
