"""What a report says beside its values: words and numbers that the engine makes, each with the place where it is made.

A page prints such a text with its place around it (`data-fact`), as it prints a value with its path, so that it can be
read back and compared with what the report says there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias

from perfgen.table.view import Record, Text

SaidFacts: TypeAlias = Mapping[str, Any]
"""By name, what a report says: frozen dataclasses and tuples of them, down to texts."""
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


def said(node: Any, at: str) -> Any:
    """A part of a report's facts in which each text that is no value has its place, which begins with `at`."""
    if isinstance(node, Text | Record) or node is None or isinstance(node, bool):
        return node
    if isinstance(node, str):
        return Said(str(node), at) if node else node
    if isinstance(node, tuple):
        return tuple(said(item, f"{at}/{number}") for number, item in enumerate(node))
    if is_dataclass(node) and not isinstance(node, type):
        members = ((each.name, getattr(node, each.name)) for each in fields(node) if each.name not in _NO_WORDS)
        changed = {name: value for name, old in members if (value := said(old, f"{at}/{name}")) is not old}
        return replace(node, **changed) if changed else node
    return node


def text_at(facts: SaidFacts, at: str) -> str | None:
    """The text at a place of a report's facts; None where there is none."""
    node: Any = facts
    for step in at.split("/"):
        if isinstance(node, Mapping):
            node = node.get(step)
        elif isinstance(node, tuple):
            node = node[int(step)] if step.isdecimal() and int(step) < len(node) else None
        elif is_dataclass(node) and step in {each.name for each in fields(node)}:
            node = getattr(node, step)
        else:
            return None
    return str(node) if isinstance(node, str) else None
