"""One field of a form: what it is called, holds, shows and hides, and the fields below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from perfgen.data import ValuePath
from perfgen.fields.annotations import FieldRole

FieldKind = Literal["object", "array", "value"]
NextKind = Literal["keep", "look", "clear", "later", "clear=", "take"]
"""`take` is what the name of a sibling alone says."""
_KINDS_ALONE: tuple[NextKind, ...] = ("keep", "look", "clear", "later")
"""The kinds that name no sibling."""


@dataclass(frozen=True)
class Next:
    """An `x-next` annotation, taken apart; `annotations` says what each kind means."""

    kind: NextKind = "keep"
    sibling: str = ""
    """The member of the same group that it names, for the kinds `clear=` and `take`."""

    @classmethod
    def parse(cls, annotation: str) -> Next:
        """Reads an annotation as it stands in the schema. Whether the sibling exists is not checked here."""
        for kind in _KINDS_ALONE:
            if annotation == kind:
                return cls(kind)
        if annotation.startswith("clear="):
            return cls("clear=", annotation.removeprefix("clear="))
        return cls("take", annotation)


@dataclass(frozen=True)
class Field:
    """One field of a form and everything below it."""

    kind: FieldKind
    title: str
    public: bool = False
    printed: bool = True
    numeric: bool = False
    flag: bool = False
    textual: bool = False
    """Whether it may hold text; a field may be both, as a value that is typed with its unit or without."""
    choices: tuple[str, ...] = ()
    """The texts it is limited to, if the schema lists them."""
    role: str | None = None
    groups: str | None = None
    label: str | None = None
    lines: str = ""
    rows: str | None = None
    identity: str | None = None
    measure: bool = False
    outcome_of: str = ""
    """The member of the same group that holds the promise whose outcome it is."""
    highlight: bool = False
    """Whether the public page says first what stands in it."""
    unit: str = ""
    next: Next = Next()
    description: str = ""
    error_message: str = ""
    required: frozenset[str] = frozenset()
    """The members that must be there."""
    members: dict[str, Field] = field(default_factory=dict)
    other: Field | None = None
    """The members whose names the schema leaves open, if it allows any."""
    item: Field | None = None

    def member(self, name: str) -> Field | None:
        """The field called `name` in an object, declared or open."""
        return self.members.get(name, self.other)

    @property
    def is_past(self) -> bool:
        """Whether it holds a value of an earlier year: next year's file takes its value from another field."""
        return self.source is not None

    @property
    def is_promise(self) -> bool:
        """Whether it is a target value that is promised, not one that was reached, then or now."""
        return self.measure and not self.is_past and not self.outcome_of

    def promise(self) -> str | None:
        """The name of the member that holds a row's target value; None for rows without one."""
        return next((name for name, member in self.members.items() if member.is_promise), None)

    def outcomes(self) -> dict[str, str]:
        """By the name of a member that holds an outcome, the name of the one that holds its promise."""
        return {name: member.outcome_of for name, member in self.members.items() if member.outcome_of}

    @property
    def guidance(self) -> str:
        """What to fill in, in the schema's own words; empty where it has none."""
        choices = f"从这几个里选一个：{'、'.join(self.choices)}。" if len(self.choices) > 1 else ""
        return f"{self.description}{choices}"

    @property
    def source(self) -> str | None:
        """The sibling whose value this year is this field's value next year."""
        return self.next.sibling if self.next.kind == "take" else None

    @property
    def below(self) -> list[Field]:
        """The fields right below it."""
        return [*self.members.values(), *(part for part in (self.other, self.item) if part)]

    def holds_public(self) -> bool:
        """Whether anything in it may be published."""
        below = self.below
        return any(part.holds_public() for part in below) if below else self.public

    def holds_outcome(self) -> bool:
        """Whether anything in it says what came of a promise."""
        return bool(self.outcome_of) or any(part.holds_outcome() for part in self.below)

    def at(self, path: ValuePath) -> Field | None:
        """The field a path of the data leads to, None where the schema has none."""
        current: Field | None = self
        for step in path:
            if current is None:
                return None
            current = current.item if isinstance(step, int) else current.member(step)
        return current

    def with_role(self, role: Literal["form", "year", "unit"]) -> str:
        """The name of the top-level field that plays a role every form has."""
        name = self.find_role(role)
        assert name is not None
        return name

    def find_role(self, role: FieldRole) -> str | None:
        """The name of the top-level field that plays a role, None where the form has none."""
        return next((name for name, member in self.members.items() if member.role == role), None)

    def find_parts(self, role: FieldRole, number: int) -> tuple[str, ...]:
        """The name of the top-level field that plays a role, then those of its first members, of a list its rows'.

        A form may call them what it likes: their order says what they are. Empty where it has no such field, or one
        with fewer members.
        """
        name = self.find_role(role)
        holder = self.members[name].item or self.members[name] if name else self
        members = list(holder.members)[:number]
        return (name, *members) if name and len(members) == number else ()
