"""The groups of an object whose names people choose: they stand on the form in the order of the data.

Those that the schema names stand before them, in the schema's order, wherever the data has them
(`form.grouping.members_of`).
"""

from __future__ import annotations

from collections.abc import Iterable

from perfgen.fields import Field
from perfgen.form.grouping import group_named


def is_free_value(name: str, field: Field | None) -> bool:
    """Whether a member of an object is, or would be, a single value under a name that people choose."""
    if field is None or name in field.members or field.other is None:
        return False
    return field.other.kind == "value"


def free_groups(names: Iterable[str], field: Field | None) -> list[str]:
    """Those of an object's members, in their order, that are groups under names that people choose."""
    if field is None:
        return []
    return [name for name in names if name not in field.members and group_named(field, name) is not None]
