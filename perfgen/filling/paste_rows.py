"""The rows of a list that a pasted table goes through: those that are there, then new ones.

A text in the column of a group's name says in which group a row goes: that of the name, wherever it stands. One that no
group has is the new name of the group in which the table was pasted, or makes a new group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, as_group, as_list, value_at
from perfgen.filling.blanks import UNNAMED
from perfgen.filling.paste_values import Pasting, Taken, Target
from perfgen.filling.printed_text import values_in
from perfgen.filling.typed import LONGEST_NAME, typed_name
from perfgen.form.grouping import groups_of
from perfgen.importing.folding import squeezed
from perfgen.table.model import Cell, Line, Turn
from perfgen.values import plain_name

_NO_COLUMN = "表里这一行的右边没有别的格了。"
_MIXED = "表里这一格有几个值，分不开，一个一个填。"
_UNNAMED = "先给这一组起一个名称，再粘贴里面的内容。"
_NO_GROUP = "看不出放在哪一组：把组的名称一起复制。"


class _NoPlaceError(Exception):
    """A row that has no place on the form; the message is Chinese."""


@dataclass(frozen=True)
class Column:
    """A column that a form prints of each row of a list, from the place on where a table is pasted."""

    lines: tuple[Line, ...]
    """What stands in the cell of the row in which the table is pasted."""
    level: int | None = None
    """The number of the turn whose group has its name there; None where there is no name of a group."""

    @property
    def printed(self) -> str:
        """What is printed there."""
        return "\n".join(line.text for line in self.lines)


def columns_of(cells: Sequence[Cell], turns: Sequence[Turn]) -> list[Column]:
    """The columns that some cells of one row stand for; `turns` made the row, from the outermost."""
    names = {turn.item: level for level, turn in enumerate(turns) if turn.is_group}
    return [Column(cell.lines, names.get(cell.paths[0]) if len(set(cell.paths)) == 1 else None) for cell in cells]


@dataclass(frozen=True)
class _Step:
    """A row or group on the way to the values of a row."""

    now: str | int | None
    """Its number or name in the data; None for what is new."""
    then: str | int


@dataclass
class ListRows:
    """Takes the rows of a pasted table one after the other."""

    pasting: Pasting
    turns: Sequence[Turn]
    columns: Sequence[Column]
    _way: list[_Step | None] = field(default_factory=list)
    _next: dict[ValuePath, int] = field(default_factory=dict)
    """By the path of a list, its row that comes next."""
    _added: dict[ValuePath, list[str]] = field(default_factory=dict)
    """By the path of an object, the groups that the plan adds to it."""
    _renamed: dict[ValuePath, dict[str, str]] = field(default_factory=dict)
    """By the path of an object, the new names of its groups, with the old ones."""
    _is_first: bool = True

    def __post_init__(self) -> None:
        for turn in self.turns:
            step = turn.item[-1]
            self._way.append(_Step(None if self.pasting.sheet.is_blank(turn.item) else step, step))
        *rows, number = self.turns[-1].item
        if isinstance(number, int):
            self._next[tuple(rows)] = number

    def take(self, row: int, cells: Sequence[tuple[int, str | None]]) -> None:
        """Plans a row; its cells come with their columns in the pasted table, None for one covered from above."""
        taken = [Taken(row, column, text or "") for column, text in cells]
        for one in taken[len(self.columns) :]:
            self.pasting.leave(one, _NO_COLUMN)
        pairs = list(zip(self.columns, taken, cells, strict=False))
        mark = self.pasting.mark()
        try:
            self._route({column.level: one for column, one, _ in pairs if column.level is not None})
            now, then, is_new = self._row()
        except _NoPlaceError as error:
            self.pasting.undo(mark)
            self._lose_the_way({column.level for column, one, _ in pairs if one.text.strip()})
            for _, one, _ in pairs:
                self.pasting.leave(one, str(error))
            return
        self._is_first = False
        before = self.pasting.mark()
        for column, one, (_, text) in pairs:
            if column.level is None and text is not None:
                self._values(column, one, Target(now, then, is_new))
        if is_new and then[:-1] in self._next and self.pasting.mark() == before:
            self._next[then[:-1]] -= 1  # nothing of it makes the row, so that the next one stands there

    def _lose_the_way(self, named: Set[int | None]) -> None:
        """Forgets the groups that a row named and that have no place, so that rows below it do not go elsewhere."""
        lost = min((level for level in named if level is not None), default=len(self._way))
        for level in range(lost, len(self._way)):
            self._way[level] = None if self.turns[level].is_group else _Step(0, 0)

    def _values(self, column: Column, taken: Taken, row: Target) -> None:
        """The texts of a cell, in the places of its values."""
        item = self.turns[-1].item
        if all(part.path is None or part.path[: len(item)] != item for line in column.lines for part in line.parts):
            self.pasting.fixed(taken, column.printed)
            return
        values = values_in(column.lines, taken.text)
        if values is None:
            self.pasting.leave(taken, _MIXED)
            return
        for path, text in values.items():
            below = path[len(item) :]
            self.pasting.value(taken._replace(text=text), Target((*row.now, *below), (*row.then, *below), row.is_new))

    def _route(self, names: Mapping[int, Taken]) -> None:
        """Goes to the groups that a row names."""
        for level, turn in enumerate(self.turns):
            if level in names and names[level].text.strip():
                step = self._group(level, names[level])
                if step != self._way[level]:
                    self._way[level] = step
                    for deeper in range(level + 1, len(self.turns)):
                        self._way[deeper] = None if self.turns[deeper].is_group else _Step(0, 0)
            elif turn.is_group and self._way[level] is None:
                raise _NoPlaceError(_NO_GROUP)

    def _row(self) -> tuple[ValuePath, ValuePath, bool]:
        """The row that comes next on the way: where it is, where it will be, whether it is new."""
        turn = self.turns[-1]
        now, then = self._rows(len(self.turns) - 1)
        if UNNAMED in then:
            raise _NoPlaceError(_UNNAMED)
        if turn.is_group:
            return self._next_group(now, then)
        number = self._next.get(then, 0)
        self._next[then] = number + 1
        is_there = now is not None and number < len(as_list(value_at(self.pasting.sheet.filing.document.data, now)))
        where = (*(then if now is None else now), number)
        return where, (*then, number), not is_there

    def _next_group(self, now: ValuePath | None, then: ValuePath) -> tuple[ValuePath, ValuePath, bool]:
        """The group that a row fills: that which it names, or the one behind the last."""
        step = self._way[-1]
        assert step is not None
        used = self._next.get((*then, step.then), 0)
        if used:
            raise _NoPlaceError(_NO_GROUP)
        self._next[*then, step.then] = 1
        where = then if now is None else now
        return (*where, step.then if step.now is None else step.now), (*then, step.then), step.now is None

    def _rows(self, level: int) -> tuple[ValuePath | None, ValuePath]:
        """The list, or the object of groups, of a level on the way: where it is, None for a new one, and will be."""
        turn = self.turns[level]
        outer = next((at for at in reversed(range(level)) if _lies_in(turn.rows, self.turns[at].item)), None)
        if outer is None:
            return turn.rows, turn.rows
        now, then = self._rows(outer)
        step, below = self._way[outer], turn.rows[len(self.turns[outer].item) :]
        if step is None:
            raise _NoPlaceError(_NO_GROUP)
        is_new = now is None or step.now is None
        return None if is_new or now is None else (*now, step.now, *below), (*then, step.then, *below)  # type: ignore[arg-type]

    def _group(self, level: int, taken: Taken) -> _Step:
        """The group of a name; the one in which the table was pasted gets it where no other has it."""
        now, then = self._rows(level)
        typed = typed_name(taken.text)
        name = str(typed.value)
        there = {} if now is None else {self._then(then, one): one for one in as_group(self._data(now))}
        found = next((one for one in (*there, *self._added.get(then, ())) if _is_same_name(one, name)), None)
        if found is not None:
            self.pasting.name(taken, found, (*then, found), is_new=False)
            return _Step(there.get(found), found)
        if UNNAMED in then:
            raise _NoPlaceError(_UNNAMED)
        return self._named(level, taken, name, now, then) or self._new_group(taken, name, then)

    def _named(self, level: int, taken: Taken, name: str, now: ValuePath | None, then: ValuePath) -> _Step | None:
        """The group in which the table was pasted, under a name of its own; None where it keeps the one that it has."""
        step = self._way[level]
        around = self.pasting.sheet.filing.form.fields.at(then)
        is_free = around is not None and step is not None and step.then not in around.members
        if (
            not self._is_first
            or not is_free
            or step is None
            or step.now is None
            or now is None
            or not self._may(then, name)
        ):
            return None
        self.pasting.rename((*then, step.then), name)
        self._renamed.setdefault(then, {})[name] = str(step.now)
        self.pasting.name(taken, str(step.then), (*then, name), is_new=False)
        for path in [path for path in self._next if _lies_in(path, (*then, step.then))]:
            self._next[(*then, name, *path[len(then) + 1 :])] = self._next.pop(path)
        self._way[level] = renamed = _Step(step.now, name)
        return renamed

    def _new_group(self, taken: Taken, name: str, then: ValuePath) -> _Step:
        if not self._may(then, name):
            raise _NoPlaceError(f"表里没有叫“{name}”的组，也不能加。")
        added = self._added.setdefault(then, [])
        added.append(name)
        self.pasting.add(taken, then, name, len(as_group(self._data(then))) + len(added))
        return _Step(None, name)

    def _may(self, rows: ValuePath, name: str) -> bool:
        """Whether a group may go by a name."""
        field = self.pasting.sheet.filing.form.fields.at(rows)
        known = dict(groups_of(field)) if field and len(name) <= LONGEST_NAME else {}
        return name in known or (None in known and field is not None and name not in field.members)

    def _then(self, rows: ValuePath, name: str) -> str:
        """The name that a group of an object will have."""
        return next((new for new, old in self._renamed.get(rows, {}).items() if old == name), name)

    def _data(self, path: ValuePath) -> Data:
        return value_at(self.pasting.sheet.filing.document.data, path)


def _is_same_name(one: str, other: str) -> bool:
    return plain_name(one) == plain_name(other) or squeezed(one) == squeezed(other)


def _lies_in(path: ValuePath, around: ValuePath) -> bool:
    return path[: len(around)] == around
