"""A member that is taken out of a group: the last one of those that people name takes the group with it."""

from __future__ import annotations

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.filling.edits import Drop
from perfgen.filling.free_groups import is_free_value


def dropped(filing: Filing, path: ValuePath) -> Drop:
    """The edit that takes a member out: `{}` would be left of a group that only holds what people name."""
    around, fields = path[:-1], filing.form.fields
    field, outside = fields.at(around), fields.at(around[:-1])
    siblings = filing.document.value(around)
    is_last = isinstance(siblings, dict) and list(siblings) == [path[-1]]
    may_go = bool(around) and outside is not None and around[-1] not in outside.required
    return Drop(around if is_last and may_go and is_free_value(str(path[-1]), field) else path)
