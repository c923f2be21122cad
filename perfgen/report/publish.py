"""What may leave the office: data without anything that the schema does not mark as public."""

from __future__ import annotations

from perfgen.data import Data, as_group, as_list
from perfgen.fields import Field


def publish(data: Data, field: Field) -> Data:
    """Data without anything private; None where nothing public is left."""
    if field.kind == "object":
        kept = {n: publish(v, m) for n, v in as_group(data).items() if (m := field.member(n))}
        return {name: value for name, value in kept.items() if value is not None} or None
    if field.kind == "array" and field.item:
        items = [publish(item, field.item) for item in as_list(data)]
        return items if any(item is not None for item in items) else None
    return data if field.public else None
