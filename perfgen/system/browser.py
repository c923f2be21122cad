"""Opens an address in the user's browser: without a word on the terminal, and not in one that needs the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress


def show(address: str) -> None:
    """Asks the system for a browser; where there is none, nothing happens.

    `webbrowser` of Python chooses one, in a process of its own: what browsers say would stand in the terminal, and one
    that shows text would take it. Without TERM it takes none of those.
    """
    environment = {name: value for name, value in os.environ.items() if name != "TERM"}
    with suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "webbrowser", address], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
