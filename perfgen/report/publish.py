"""Removes from data everything that the schema does not mark as public; only the rest may leave the office."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.fields import Field


@dataclass(frozen=True)
class Published:
    """Data without anything private, and where its values come from.

    A list's row with nothing public is left out, and those after it move up: that there is one is private, too.
    """

    data: Data
    """None where nothing public is left."""
    kept: Mapping[ValuePath, list[int]] = field(default_factory=dict)
    """By the path of a list that lost rows, the positions of those that stayed, in order; all in the data as it was."""

    def origin(self, path: ValuePath) -> ValuePath:
        """Where a value of the published data stands in the data as it was."""
        before: ValuePath = ()
        for step in path:
            kept = self.kept.get(before, ())
            before = (*before, kept[step] if isinstance(step, int) and step < len(kept) else step)
        return before

    def destination(self, path: ValuePath) -> ValuePath | None:
        """Where a value of the data as it was stands in the published data; None where its row is left out."""
        after: ValuePath = ()
        for length, step in enumerate(path):
            kept = self.kept.get(path[:length])
            position = step if kept is None or not isinstance(step, int) else bisect.bisect_left(kept, step)
            if kept is not None and isinstance(position, int) and kept[position : position + 1] != [step]:
                return None
            after = (*after, position)
        return after


def publish(data: Data, field: Field) -> Published:
    """Takes away all that is private."""
    kept: dict[ValuePath, list[int]] = {}
    return Published(_public(data, field, (), kept), kept)


def _public(data: Data, field: Field, path: ValuePath, kept: dict[ValuePath, list[int]]) -> Data:
    """What is public at a path, None where nothing is; notes the lists that lose rows."""
    if field.kind == "object":
        members = {
            name: _public(value, member, (*path, name), kept)
            for name, value in as_group(data).items()
            if (member := field.member(name))
        }
        return {name: value for name, value in members.items() if value is not None} or None
    if field.kind == "array" and field.item:
        found = [_public(item, field.item, (*path, number), kept) for number, item in enumerate(as_list(data))]
        items: list[Data] = [item for item in found if item is not None]
        if len(items) < len(found):
            kept[path] = [number for number, item in enumerate(found) if item is not None]
        return items or None
    return data if field.public else None
