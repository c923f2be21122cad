"""The rows and groups that stand on a form: what can be added beside each, moved and taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfgen.data import Data, ValuePath, as_group, value_at
from perfgen.fields import Field
from perfgen.filling.free_groups import free_groups
from perfgen.filling.sheet import Sheet
from perfgen.form.forms import Form
from perfgen.form.grouping import groups_of
from perfgen.table.model import Turn


@dataclass(frozen=True)
class Place:
    """A row of a list, or a group of an object, on a form."""

    item: ValuePath
    rows: ValuePath
    """The list, or the object whose groups are its rows."""
    number: int
    """Its place among its likes in the data, from 0: among the rows of its list; of a group, among those that can be
    moved, whose names people choose."""
    count: int
    """How many there are of these in the data."""
    after: int
    """The place of a row or group that is added behind it (`Add.at`); before it is `number`. A group that the schema
    names stands before all others, so that behind it is the first place."""
    is_group: bool
    is_blank: bool
    """Whether it only stands there to begin at."""
    label: str
    """What it is called, for people: the name of a group; else what the list is called, and the row's number."""
    names: tuple[str, ...] = ()
    """Of a group: the names that the schema has for groups that are not there."""
    is_open: bool = False
    """Of a group: whether groups may be added under names that people choose."""
    is_fixed: bool = False
    """Of a group: whether the schema has its name, and so its place on the form."""


def places(sheet: Sheet) -> dict[ValuePath, Place]:
    """By its path, each row and group of the file itself that stands on the form, in reading order."""
    found: dict[ValuePath, Place] = {}
    for turn in _turns(sheet):
        if turn.item not in found and turn.rows and turn.rows[0] not in sheet.filing.form.references:
            found[turn.item] = _place(sheet, turn)
    return found


def _turns(sheet: Sheet) -> Iterator[Turn]:
    for row in sheet.table.rows:
        yield from row.turns
        for cell in row.cells:
            for line in cell.lines:
                yield from (turn for turn in line.turns if turn.variable)


def _place(sheet: Sheet, turn: Turn) -> Place:
    form, data = sheet.filing.form, sheet.filing.document.data
    field = form.fields.at(turn.rows)
    around = value_at(data, turn.rows)
    is_blank = sheet.is_blank(turn.item)
    if not turn.is_group or field is None:
        count = len(around) if isinstance(around, list) else 0
        number = turn.item[-1] if isinstance(turn.item[-1], int) else 0
        after = min(number + 1, count)
        return Place(turn.item, turn.rows, number, count, after, False, is_blank, row_label(form, turn.rows, number))
    return _group(turn, field, as_group(around), title_of(form, turn.rows), is_blank=is_blank)


def title_of(form: Form, rows: ValuePath) -> str:
    """What a list or an object of groups is called, for people: one that people named goes by its name."""
    field, around = form.fields.at(rows), form.fields.at(rows[:-1])
    is_named = around is not None and isinstance(rows[-1], str) and rows[-1] not in around.members
    return str(rows[-1]) if field is None or is_named else field.title or str(rows[-1])


def row_label(form: Form, rows: ValuePath, number: int) -> str:
    """What a row of a list is called, for people; `number` counts from 0."""
    return f"{title_of(form, rows)}第 {number + 1} 条"


def _group(turn: Turn, field: Field, given: Mapping[str, Data], title: str, *, is_blank: bool) -> Place:
    """A group of an object, among those that people may move."""
    known, name, free = dict(groups_of(field)), str(turn.item[-1]), free_groups(given, field)
    number = free.index(name) if name in free else 0
    return Place(
        turn.item, turn.rows, number, len(free), number + 1 if name in free else 0, True, is_blank,
        f"“{name}”" if name else title,
        tuple(one for one in known if one is not None and one not in given), None in known, name in field.members,
    )  # fmt: skip
