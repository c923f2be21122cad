"""Removes from data everything that the schema does not mark as public; only the rest may leave the office."""

from __future__ import annotations

from perfgen.data import Data, as_group, as_list
from perfgen.fields import Field


def publish(data: Data, field: Field) -> Data:
    """Data without anything private; None where nothing public is left."""
    if field.kind == "object":
        kept = {
            name: publish(value, member) for name, value in as_group(data).items() if (member := field.member(name))
        }
        return {name: value for name, value in kept.items() if value is not None} or None
    if field.kind == "array" and field.item:
        items = [publish(item, field.item) for item in as_list(data)]
        return items if any(item is not None for item in items) else None
    return data if field.public else None
