"""Members of a group that were typed into one value: the marks between them are full-width, so YAML sees none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

HINT = "逗号、冒号是全角的，几项连成了一个：改成英文逗号和冒号，后面各加一个空格。"


def holder(name: str, group: Mapping[str, object]) -> str | None:
    """The member of a group in whose text another member stands; None where there is none."""
    return next((key for key, value in group.items() if isinstance(value, str) and _holds(value, name)), None)


def held(text: str, names: Iterable[str]) -> list[str]:
    """Those of some names that a text holds as members, each before a colon and behind a separating mark."""
    return [name for name in names if _holds(text, name)]


def begins(text: str, names: Iterable[str]) -> bool:
    """Whether a name that nobody knows is one of some names with its value run on behind a full-width colon."""
    return any(text.startswith(name) and text[len(name) :].lstrip().startswith("：") for name in names)


def _holds(text: str, name: str) -> bool:
    return re.search(rf"[，,、；;]\s*{re.escape(name)}\s*[：:]", text) is not None
