"""The packages that the window needs and no other command does; it can be asked where they are not installed."""

from __future__ import annotations

import importlib.util

_PACKAGES = ("starlette", "uvicorn", "watchfiles")


def missing() -> list[str]:
    """Those that are not installed."""
    return [name for name in _PACKAGES if importlib.util.find_spec(name) is None]


def install() -> str:
    """The command that installs those that are not installed."""
    return f"pip install {' '.join(missing())}"
