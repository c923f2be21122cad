"""The names that a formula may use: what each stands for, by the form's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from perfgen.data import ValuePath
from perfgen.fields import Field

TypeKind = Literal["number", "text", "flag", "object", "list", "none", "any"]


@dataclass(frozen=True)
class Type:
    """What a part of a formula stands for, and the path it reads where that is a field."""

    kind: TypeKind
    field: Field | None = None
    item: Type | None = None
    path: ValuePath | None = None
    rows: ValuePath | None = None
    """Of a column, the path of the list whose rows it runs through."""

    @property
    def is_measure(self) -> bool:
        """Whether it is a taken-apart target value."""
        return self.field is not None and self.field.measure


Scope = Mapping[str, Type]
"""The names a formula may use."""


def type_of(field: Field, path: ValuePath = ()) -> Type:
    """The type of a field that stands at a path of names."""
    if field.kind == "array" and field.item:
        return Type("list", field, type_of(field.item, path), path)
    if field.kind == "object":
        return Type("object", field, path=path)
    return Type("flag" if field.flag else "number" if field.numeric else "text", field, path=path)


def scope_of(fields: Field, path: ValuePath = ()) -> dict[str, Type]:
    """The members of an object as names."""
    return {name: type_of(member, (*path, name)) for name, member in fields.members.items()}
