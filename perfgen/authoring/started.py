"""What a new file takes over from the file that it is started from: its keys, its groups and rows, and what is copied.

Groups and rows that stand at the same path in both forms are the same ones: the new file has their names, as what they
are known by (`x-identity`). What else stands there is only taken over where the reference says so (`照抄`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, as_group
from perfgen.fields import Field
from perfgen.form.figure_places import place_of
from perfgen.form.forms import Form
from perfgen.form.references import Reference


@dataclass
class Started:
    """What is known of a new file, and what was left behind."""

    values: dict[str, Data] = field(default_factory=dict)
    """By top-level field, as `new_file` takes it."""
    copied: list[ValuePath] = field(default_factory=list)
    """The paths, in the new file, of the values that were taken over; its keys are not among them."""
    unknown_groups: list[ValuePath] = field(default_factory=list)
    """The groups that the new form has no place for."""
    hidden: list[ValuePath] = field(default_factory=list)
    """The names that may not be taken over, since they would become public."""


def started(form: Form, reference: Reference, before: Mapping[str, Data], there: Field) -> Started:
    """What a file of a form takes over; `before` is the data of the file that the reference leads to, `there` are the
    fields of that file's form."""
    walk = _Walk(form, reference, Started())
    found = walk.group(form.fields, there, before, ())
    keys = {key.here: before.get(key.there) for key in reference.keys}
    walk.result.values = {**found, **keys}
    return walk.result


class _Walk:
    def __init__(self, form: Form, reference: Reference, result: Started) -> None:
        self.figures = form.figures
        self.fields = form.fields
        self.copies = reference.copies
        self.result = result

    def group(self, own: Field, other: Field, data: Mapping[str, Data], path: ValuePath) -> dict[str, Data]:
        """What is known of the members of a group."""
        known: dict[str, Data] = {}
        for name, value in data.items():
            here, there = own.member(name), other.member(name)
            if value is None or there is None:
                continue
            if here is None:
                if own.groups and not isinstance(value, str):
                    self.result.unknown_groups.append((*path, name))
            elif name in own.members or self.may_take(here, there, (*path, name)):
                found = self.value(here, there, value, (*path, name))
                if found is not None:
                    known[name] = found
        return known

    def value(self, own: Field, other: Field, value: Data, path: ValuePath) -> Data:
        """What is known of the value at a path; None where nothing is."""
        if place_of(self.fields, path) in self.copies:
            self.result.copied.append(path)
            return value
        if own.kind == "array" and own.item and other.item and isinstance(value, list):
            return self.rows(own, other, value, path)
        if own.kind == "object" and isinstance(value, dict):
            is_known = own.groups or (value and own.members)  # a list of answers by name is this file's own
            return dict(self.group(own, other, value, path)) if is_known else None
        return None

    def rows(self, own: Field, other: Field, rows: list[Data], path: ValuePath) -> Data:
        """The rows of a list, known by what tells them apart; None where nothing does on both sides."""
        if not own.identity or not other.identity:
            return None
        assert own.item is not None and other.item is not None
        known: list[Data] = []
        for number, row in enumerate(rows):
            at = (*path, number)
            found = self.group(own.item, other.item, as_group(row), at)
            known.append({**found, **self.identity(own, other, as_group(row), at)})
        return known

    def identity(self, own: Field, other: Field, row: Mapping[str, Data], path: ValuePath) -> dict[str, Data]:
        """What a row is known by, where it is typed in the new file."""
        name, name_there = str(own.identity), str(other.identity)
        assert own.item is not None and other.item is not None
        here, there = own.item.member(name), other.item.member(name_there)
        if here is None or there is None or self.figures.at((*path, name)) is not None:
            return {}
        if not self.may_take(here, there, (*path, name)):
            return {}
        self.result.copied.append((*path, name))
        return {name: row.get(name_there)}

    def may_take(self, own: Field, other: Field, path: ValuePath) -> bool:
        """Whether a name may be taken over: it does not become public by it."""
        if own.holds_public() and not other.holds_public():
            self.result.hidden.append(path)
            return False
        return True
