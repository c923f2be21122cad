"""The rows to begin at: one of each list, and one of each kind of group, of which the data has none."""

from __future__ import annotations

from collections.abc import Mapping

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.form.grouping import groups_of

UNNAMED = ""
"""What a group is called that is not there and that its author will name."""


def with_blanks(data: Mapping[str, Data], fields: Field) -> tuple[dict[str, Data], frozenset[ValuePath]]:
    """A document's data with the rows and groups to begin at, and their paths; what is there stays as it is.

    A list without items has one that is empty. An object whose groups people name has one without a name. Of groups
    that the schema names, those that must be there are, and all of them where the data has no group at all.
    """
    found: set[ValuePath] = set()
    made = _group(data, fields, (), found)
    return made, frozenset(found)


def _filled(value: Data, field: Field, path: ValuePath, blank: set[ValuePath]) -> Data:
    if field.kind == "array" and field.item and (value is None or isinstance(value, list)):
        if not value:
            blank.add((*path, 0))
        return [_filled(item, field.item, (*path, number), blank) for number, item in enumerate(value or [None])]
    if field.kind == "object" and (value is None or isinstance(value, dict)):
        return _group(value or {}, field, path, blank)
    return value


def _group(data: Mapping[str, Data], field: Field, path: ValuePath, blank: set[ValuePath]) -> dict[str, Data]:
    """An object's members with what is blank in them; what is neither there nor to begin at is left out."""
    groups = dict(groups_of(field))
    wanted = _missing_groups(data, field, groups)
    blank.update((*path, name) for name in wanted)
    made: dict[str, Data] = {}
    for name in [*field.members, *(name for name in (*data, *wanted) if name not in field.members)]:
        member = field.member(name)
        if member is None:
            made[name] = data[name]
        elif name in data or name in wanted or name not in groups:
            made[name] = _filled(data.get(name), member, (*path, name), blank)
    return made


def _missing_groups(data: Mapping[str, Data], field: Field, groups: Mapping[str | None, Field]) -> list[str]:
    """The names of the groups to begin at."""
    if not groups:
        return []
    declared = [name for name in groups if name is not None]
    has_any = any(name in data for name in declared) or any(name not in field.members for name in data)
    missing = [name for name in declared if name not in data and (not has_any or name in field.required)]
    return missing or ([UNNAMED] if None in groups and not has_any else [])
