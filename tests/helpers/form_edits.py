"""Random edits of a filing, as somebody makes them who fills in its form: what is typed, and what must become of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.filling.edits import Add, Drop, Edit, Many, Move, Put, Remove, Rename
from perfgen.filling.meant import edit_for
from perfgen.filling.sheet import Sheet
from perfgen.filling.slots import Slot, SlotKind, printed_slots
from perfgen.filling.turns import Place, places
from perfgen.form.forms import Form

TEXTS: list[tuple[str, Data]] = [
    (text, text)
    for text in [
        "改过的字",
        "值: 1 # 注",
        "2025",
        "null",
        '"引',
        "- x",
        "{a: 1}",
        "yes",
        "0012",
        "第一行。\n第二行。",
        "a]",
    ]
]
MEASURES: list[tuple[str, Data]] = [
    ("≥90%", "≥90%"),
    ("90%", "90%"),
    ("—", "—"),
    ("0012", "0012"),
    ("约: 3 # 件", "约: 3 # 件"),
]
NUMBERS: list[tuple[str, Data]] = [
    ("12.5", Decimal("12.5")), ("0", Decimal(0)), ("1,234.5", Decimal("1234.5")), ("１２", Decimal(12)),
    ("不知道", "不知道"),
]  # fmt: skip
NAMES = ["新的一组", "新: 组 # 一", "2026", "“新”组", "- 组"]


@dataclass(frozen=True)
class Tried:
    """An edit, and the one that the test means by it."""

    made: Edit
    meant: Edit


def is_free(form: Form) -> Callable[[ValuePath], Callable[[str], bool]]:
    """Which members of a group are groups under names that people choose."""

    def of(path: ValuePath) -> Callable[[str], bool]:
        field = form.fields.at(path)
        if field is None or not (field.groups and field.label) or field.other is None or field.other.kind == "value":
            return lambda _: False
        return lambda name: name not in field.members

    return of


def holes(form: Form) -> Callable[[ValuePath], list[str]]:
    """The values that a new row must have."""

    def of(path: ValuePath) -> list[str]:
        field = form.fields.at(path)
        assert field is not None
        return [
            name
            for name, member in field.members.items()
            if name in field.required and member.kind == "value" and not form.figures.at((*path, name))
        ]

    return of


class FormEdits:
    """Makes random edits of a form."""

    def __init__(self, dice: random.Random, sheet: Sheet) -> None:
        self.dice, self.sheet = dice, sheet
        self.form, self.document = sheet.filing.form, sheet.filing.document
        self.slots = [slot for slot in printed_slots(sheet) if slot.is_editable]
        self.places = list(places(sheet).values())

    def one(self) -> Tried:
        """An edit that can be made."""
        kinds = [self.typed, self.typed, self.emptied, self.filled, self.row, self.taken_out, self.moved, self.named]
        while (tried := self.dice.choice(kinds)()) is None:
            pass
        return tried

    def _slot(self, fits: Callable[[Slot], bool]) -> Slot | None:
        fitting = [slot for slot in self.slots if fits(slot)]
        return self.dice.choice(fitting) if fitting else None

    def _place(self, fits: Callable[[Place], bool]) -> Place | None:
        fitting = [place for place in self.places if fits(place)]
        return self.dice.choice(fitting) if fitting else None

    def typed(self) -> Tried | None:
        """Another value where one stands."""
        return self._value(self._slot(lambda slot: slot.path in self.document.spans and slot.kind is not SlotKind.NAME))

    def filled(self) -> Tried | None:
        """A value where none stands."""
        return self._value(self._slot(lambda slot: slot.path not in self.document.spans and "" not in slot.path))

    def _value(self, slot: Slot | None) -> Tried | None:
        if slot is None:
            return None
        text, value = self.dice.choice(self._texts(slot))
        edit = edit_for(self.sheet, slot.path, text).edit
        return Tried(edit, Many() if text == slot.typed else Put(slot.path, value))

    def _texts(self, slot: Slot) -> list[tuple[str, Data]]:
        if slot.kind is SlotKind.CHOICE:
            is_flag = slot.field is not None and slot.field.flag
            return [(one, one == "是" if is_flag else one) for one in slot.choices]
        if slot.kind is SlotKind.NUMBER:
            return NUMBERS
        is_number = slot.field is not None and slot.field.numeric
        if slot.kind is SlotKind.MEASURE:
            return [*MEASURES, ("12", Decimal(12) if is_number else "12")]
        return [(text, Decimal(text) if is_number and text == "2025" else value) for text, value in TEXTS]

    def emptied(self) -> Tried | None:
        """Nothing where a value stands."""
        slot = self._slot(lambda slot: slot.path in self.document.spans and slot.kind is not SlotKind.NAME)
        if slot is None or not slot.typed:
            return None
        around = self.form.fields.at(slot.path[:-1])
        may_go = isinstance(slot.path[-1], str) and around is not None and slot.path[-1] not in around.required
        edit = edit_for(self.sheet, slot.path, self.dice.choice(["", " ", "\n"])).edit
        return Tried(edit, Drop(slot.path) if may_go else Put(slot.path, None))

    def row(self) -> Tried | None:
        """A new row or group beside another."""
        place = self._place(lambda place: not place.is_blank)
        if place is None:
            return None
        if place.is_group:
            names = [*place.names, *(NAMES if place.is_open else [])]
            if not names:
                return None
            name = self.dice.choice(names)
            field = self.form.fields.at((*place.rows, name))
            edit: Edit = Add(place.rows, place.after, self._new(field), name)
        else:
            edit = Add(
                place.rows, self.dice.choice([place.number, place.after]), self._new(self.form.fields.at(place.item))
            )
        return Tried(edit, edit)

    def _new(self, field: Field | None) -> Any:
        assert field is not None
        if field.kind == "value":
            return self.dice.choice(TEXTS)[1]
        if field.kind == "array":
            return [self._new(field.item)]
        values = [name for name, member in field.members.items() if member.kind == "value"]
        return {name: self.dice.choice(TEXTS)[1] for name in self.dice.sample(values, min(2, len(values)))}

    def taken_out(self) -> Tried | None:
        """A row or group less."""
        place = self._place(lambda place: not place.is_blank)
        return place and Tried(Remove(place.item), Remove(place.item))

    def moved(self) -> Tried | None:
        """A row or group at another place."""
        place = self._place(lambda place: not place.is_blank and place.count > 1 and not place.is_fixed)
        edit = place and Move(place.item, self.dice.choice([0, place.count - 1, self.dice.randrange(place.count)]))
        return edit and Tried(edit, edit)

    def named(self) -> Tried | None:
        """Another name for a group."""
        slot = self._slot(lambda slot: slot.kind is SlotKind.NAME and not slot.is_blank)
        if slot is None:
            return None
        name = self.dice.choice(NAMES)
        return Tried(edit_for(self.sheet, slot.path, name).edit, Rename(slot.path, name))
