"""A sample with fewer rows: every kind of place and every loop, in a third of the time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from perfgen.check import loading
from perfgen.data import leaves
from perfgen.fields import Field
from perfgen.project.layout import DataFile
from tests.helpers.anything import as_yaml
from tests.helpers.projects import snapshot


def shortened(root: Path, source: str) -> bytes:
    """A data file with two rows or groups where there are the first of a kind, and one in all others."""
    filing = loading.filing(snapshot(root), DataFile.at(source))
    fields = filing.form.fields
    data = _short(filing.document.data, fields, set())
    names = {str(leaf.value) for leaf in leaves(data) if not leaf.is_name}
    for role in ("waivers", "reasons"):
        reasons = data.get(fields.find_role(role) or "")
        for key in list(reasons) if isinstance(reasons, dict) else ():
            if key.split(" ", 1)[-1] not in names:
                del reasons[key]
    return as_yaml(data, flow=False).encode()


def _short(value: Any, field: Field, seen: set[int]) -> Any:
    """`seen` has the fields of which rows or groups were kept."""
    if isinstance(value, list) and field.item:
        return [_short(item, field.item, seen) for item in value[: _most(field, seen)]]
    if not isinstance(value, dict):
        return value
    groups = [name for name, below in value.items() if isinstance(below, dict | list) and name not in field.required]
    first = groups[: _most(field, seen)] if field.groups else groups
    kept = [name for name in groups if name in first or _has_named(value[name], field.member(name))]
    members = {name: below for name, below in value.items() if name in kept or name not in groups}
    return {
        name: _short(below, member, seen) if (member := field.member(name)) else below
        for name, below in members.items()
    }


def _has_named(value: Any, field: Field | None) -> bool:
    """Whether a group holds some whose names people choose."""
    return isinstance(value, dict) and field is not None and any(name not in field.members for name in value)


def _most(field: Field, seen: set[int]) -> int:
    """How many rows or groups are kept."""
    is_new = id(field) not in seen
    seen.add(id(field))
    return 2 if is_new else 1
