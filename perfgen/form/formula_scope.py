"""The names that a formula may use: what each stands for, by the form's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.findings import Place

EARLIER = {"上年表": 1, "前年表": 2}
"""What formulas call the unit's files of one and two years before."""

TypeKind = Literal["number", "text", "flag", "object", "list", "none", "any"]


class FormulaError(Exception):
    """A formula that cannot be used: the message says why, in Chinese."""

    place: Place | None = None
    """Where the formula stands, for one that was compiled and could not be computed, as far as that is known."""


class OpenField(Field):
    """A figure without a place in the schema, of which is not known yet whether it is a number or a text."""


KINDS_SAID: Mapping[TypeKind, str] = {
    "number": "数", "text": "文字", "flag": "是或否", "object": "一组字段", "list": "列表", "none": "无", "any": "值",
}  # fmt: skip
"""What sentences call the kinds."""


@dataclass(frozen=True)
class Type:
    """What a part of a formula stands for, and the path it reads where that is a field."""

    kind: TypeKind
    field: Field | None = None
    item: Type | None = None
    path: ValuePath | None = None
    rows: ValuePath | None = None
    """Of a column, the path of the list whose rows it runs through."""
    origin: str = ""
    """The name that leads to another file, where it comes from there: its path is then one of that file."""

    @property
    def is_measure(self) -> bool:
        """Whether it is a taken-apart target value."""
        return self.field is not None and self.field.measure


Scope = Mapping[str, Type]
"""The names a formula may use."""


def type_of(field: Field, path: ValuePath = (), origin: str = "") -> Type:
    """The type of a field that stands at a path of names, in the file itself or in the one that `origin` leads to."""
    if field.kind == "array" and field.item:
        return Type("list", field, type_of(field.item, path, origin), path, origin=origin)
    if field.kind == "object":
        return Type("object", field, path=path, origin=origin)
    if isinstance(field, OpenField):
        return Type("any", field, path=path, origin=origin)
    kind: TypeKind = "flag" if field.flag else "number" if field.numeric else "text"
    return Type(kind, field, path=path, origin=origin)


def scope_of(fields: Field, path: ValuePath = ()) -> dict[str, Type]:
    """The members of an object as names."""
    return {name: type_of(member, (*path, name)) for name, member in fields.members.items()}


def hide(scope: dict[str, Type], names: Iterable[str]) -> None:
    """Takes names out of a scope that something nearer is called by."""
    for name in names:
        scope.pop(name, None)
