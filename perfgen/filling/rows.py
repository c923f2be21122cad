"""A new row or group, with a hole for each thing that must be filled in."""

from __future__ import annotations

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.form.forms import Form


def blank_row(form: Form, path: ValuePath) -> Data:
    """The value of a new row or group at a path of a form, there or not; None for a row that is one value."""
    field = form.fields.at(path)
    return _blank(form, field, path) if field else None


def holes(form: Form, path: ValuePath) -> dict[str, Data]:
    """A hole for each single value that a row or group at a path must have, and that is not computed."""
    field = form.fields.at(path)
    if field is None:
        return {}
    wanted = [name for name, member in field.members.items() if name in field.required and member.kind == "value"]
    return {name: None for name in wanted if form.figures.at((*path, name)) is None}


def _blank(form: Form, field: Field, path: ValuePath) -> Data:
    if field.kind == "array" and field.item:
        return [_blank(form, field.item, (*path, 0))]
    if field.kind == "value":
        return None
    wanted = {name: member for name, member in field.members.items() if name in field.required}
    return {
        name: _blank(form, member, (*path, name))
        for name, member in wanted.items()
        if form.figures.at((*path, name)) is None
    }
