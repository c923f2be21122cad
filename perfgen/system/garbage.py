"""How often Python looks for unused cycles of objects."""

from __future__ import annotations

import gc

_THRESHOLDS = (20_000, 10, 10)
"""How many new objects bring a look at them, and how many looks one at older objects (`gc.set_threshold`).

Python's own are for small programs. What a file is read into, tens of thousands of objects, lives as long as the
command: looking through it again and again takes a seventh of a check, and finds next to nothing.
"""


def collect_seldom() -> None:
    """Lets this process look for unused cycles seldom."""
    gc.set_threshold(*_THRESHOLDS)
