"""What a report says beside its values: words and numbers that the engine makes, each with the place where it is made.

A page prints such a text with its place around it (`data-fact`), as it prints a value with its path, so that it can be
read back and compared with what the report says there.
"""

from __future__ import annotations

import functools
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from perfgen.table.view import Text

_NO_WORDS = frozenset({"path", "row"})
"""Members that say where something is, and are not printed."""


class Said(str):
    """A text that the engine made, and its place."""

    at: str
    """Names of members and positions (from 0) in the report's facts, with slashes between them."""
    __slots__ = ("at",)

    def __new__(cls, text: str, at: str) -> Said:
        """A text with its place."""
        instance = super().__new__(cls, text)
        instance.at = at
        return instance


T = TypeVar("T")


def said(node: T, at: str) -> T:
    """A part of a report's facts in which each text has its place, which begins with `at`."""
    return cast(T, _said(node, at))


def _said(node: object, at: str) -> object:
    if isinstance(node, Text):
        return node.placed(at) if node else node
    if isinstance(node, str):
        return Said(str(node), at) if node else node
    if isinstance(node, tuple):
        return tuple(_said(item, f"{at}/{number}") for number, item in enumerate(node))
    if is_dataclass(node) and not isinstance(node, type):
        members = ((name, getattr(node, name)) for name in _members(type(node)))
        changed: dict[str, Any] = {name: new for name, old in members if (new := _said(old, f"{at}/{name}")) is not old}
        return replace(node, **changed) if changed else node
    return node


@functools.cache
def _members(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in _NO_WORDS)


def text_in(node: Any, at: str) -> str | None:
    """The text at a place of a part of a report's facts; None where there is none."""
    for step in filter(None, at.split("/")):
        if isinstance(node, tuple):
            node = node[int(step)] if step.isdecimal() and int(step) < len(node) else None
        elif is_dataclass(node) and not isinstance(node, type) and step in _members(type(node)):
            node = getattr(node, step)
        else:
            return None
    return str(node) if isinstance(node, str) else None
