"""What a template's names mean: from a dotted name and the loops around it to a field of the schema.

Templates see groups as lists (see `view`), so a name leads through loops that the schema does
not have; the same way back is what turns a form's cells into data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from perfgen.fields import Field
from perfgen.table.template import Repeat

Role = Literal["plain", "groups", "group", "label"]


@dataclass(frozen=True)
class Meaning:
    """A field as templates see it: itself, the list of its groups, one of these, or a group's name."""

    field: Field
    role: Role = "plain"

    def member(self, name: str) -> Meaning | None:
        """What `name` means in it."""
        field = self.field
        if self.role == "group":
            if name == field.label:
                return Meaning(field, "label")
            below = [*field.members.values(), *([field.other] if field.other else [])]
            for content in below:
                if content.kind == "array" and content.rows == name:
                    return Meaning(content)
                if content.kind == "object" and (found := Meaning(content).member(name)):
                    return found
            return None
        if field.kind == "object" and name == field.groups:
            return Meaning(field, "groups")
        found_field = field.member(name) if field.kind == "object" else None
        return Meaning(found_field) if found_field else None

    def item(self) -> Meaning | None:
        """What a loop over it turns through."""
        if self.role == "groups":
            return Meaning(self.field, "group")
        return Meaning(self.field.item) if self.field.kind == "array" and self.field.item else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts it may hold, where the schema says so."""
        if self.role == "label":
            return () if self.field.other else tuple(n for n, m in self.field.members.items() if m.kind != "value")
        return self.field.choices

    @property
    def is_number(self) -> bool:
        """Whether it may hold nothing but a number."""
        return self.role == "plain" and self.field.numeric and not self.field.textual


def meaning(path: tuple[str, ...], loops: tuple[Repeat, ...], fields: Field) -> Meaning | None:
    """What a printed name means inside some loops; None for `loop.index` and what nobody knows."""
    known: dict[str, Meaning] = {}
    for loop in loops:
        if loop.open.variable is None:
            continue
        source = _resolve(loop.open.source, known, fields)
        item = source.item() if source else None
        known.pop(loop.open.variable, None)
        if item:
            known[loop.open.variable] = item
    return _resolve(path, known, fields)


def _resolve(path: tuple[str, ...], known: Mapping[str, Meaning], fields: Field) -> Meaning | None:
    here: Meaning | None = known.get(path[0])
    rest = path[1:]
    if here is None:
        here, rest = Meaning(fields), path
    for name in rest:
        here = here.member(name) if here else None
    return here
