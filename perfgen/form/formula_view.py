"""Data as formulas see it: groups are lists of rows, target values are taken apart, every row knows its path.

A group of the data (name: list) becomes a row that holds its name, as templates see it; a formula
then walks `甲.乙.丙` through lists as through objects. An absent value is None, an absent list empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from perfgen.data import Data, ValuePath, as_group, path_text
from perfgen.fields import Field
from perfgen.form.grouping import Grouping, Member, grouping, groups_of, list_name, members_of, row
from perfgen.form.holes import Hole
from perfgen.form.row_list import RowList
from perfgen.values import Measure, parse

TEXT, SIGN, NUMBER, UPPER, UNIT, WORD, IS_NUMBER, IS_DATE, IS_BLANK, IS_CHANGE = (
    "原文", "方向", "数", "上限", "单位", "等级", "是数", "是日期", "没有", "是增减",
)  # fmt: skip
"""What a taken-apart target value holds. 数 and 上限 are in the base unit; of a date, its day, counted from the year 1.

等级 is the text of a date as well: rules that ask whether there is any value look at 是数 and 等级.
"""

ALL_TEXTS, TEXT_NAME, TEXT_PUBLIC = "全部文字", "位置", "公开"


class FormulaRow(dict[str, Any]):
    """Named values that know where in the data they come from.

    What is read of a row is held to the fields when a formula is compiled, so that readers need not ask for its type.
    """

    __slots__ = ("measure", "path")

    def __init__(self, path: ValuePath, values: Mapping[str, FormulaValue], measure: Measure | None = None) -> None:
        super().__init__(values)
        self.path = path
        self.measure = measure


FormulaNames: TypeAlias = Mapping[str, object]
"""What a formula may use, by name."""

FormulaValue: TypeAlias = "FormulaRow | list[FormulaValue] | Data | Hole"
"""What a formula finds under a name: a group or a target value taken apart, a list, a plain value, a hole."""


def formula_fields(field: Field, *, measures: bool = True, named_groups: bool = False) -> Field:
    """The fields of `formula_view`, so that names can be checked before there is data.

    Without `measures`, target values stay whole, as templates see them. With `named_groups`, as formulas see them, each
    group that the schema names is there under its own name too, beside the list of the rows.
    """
    return _FieldViewer(measures, named_groups).of(field)


class _FieldViewer:
    """Makes the fields of a formula view, each once: a group stands under its own name and among the rows, and what a
    schema refers to stands in many places."""

    def __init__(self, measures: bool, named_groups: bool) -> None:
        self.measures = measures
        self.named_groups = named_groups
        self.made: dict[int, Field] = {}
        """By the identity of a field, how it is seen."""

    def of(self, field: Field) -> Field:
        """How a field is seen."""
        if id(field) not in self.made:
            self.made[id(field)] = self._seen(field)
        return self.made[id(field)]

    def _seen(self, field: Field) -> Field:
        if field.kind == "array" and field.item:
            return replace(field, item=self.of(field.item))
        if field.kind != "object":
            return replace(field, kind="object", members=_MEASURE) if field.measure and self.measures else field
        groups = dict(groups_of(field))
        members = {name: self.of(member) for name, member in field.members.items() if name not in groups}
        if names := grouping(field):
            # open members, beside groups and inside them, have no name that a formula or a tag could be held to
            named = {name: self.of(group) for name, group in groups.items() if name is not None and self.named_groups}
            rows = self._rows(groups, names)
            return replace(field, members={**named, **members, names.rows: rows}, other=None)
        return replace(field, members=members, other=self.of(field.other) if field.other else None)

    def _rows(self, groups: Mapping[str | None, Field], names: Grouping) -> Field:
        """The list of rows as a field: a row may hold what any of the groups does, of one name the last one's."""
        label = Field("value", names.label, public=True)
        members: dict[str, Field] = {}
        for group in groups.values():
            members |= row(group, self.of(group), lambda content: content.members, (names.label, label))
        members = {**{name: member for name, member in members.items() if name != names.label}, names.label: label}
        return Field("array", names.rows, item=Field("object", names.rows, members=members))


def formula_view(data: Data, field: Field, *, named_groups: bool = False) -> FormulaRow:
    """Data, with or without figures put in, as formulas see it; the root also lists all its texts.

    With `named_groups`, each group that the schema names is there under its own name too, as `formula_fields` has it.
    """
    year = as_group(data).get(field.find_role("year") or "")
    root = _Viewer(named_groups, int(year) if isinstance(year, Decimal) else None).object(data, field, ())
    root[ALL_TEXTS] = RowList(_texts(data, field, ()))
    return root


def with_texts(field: Field) -> Field:
    """A root's fields of a formula view, with the list of all texts that `formula_view` adds."""
    names = {TEXT_NAME: Field("value", TEXT_NAME), TEXT: Field("value", TEXT)}
    names[TEXT_PUBLIC] = Field("value", TEXT_PUBLIC, flag=True)
    texts = Field("array", ALL_TEXTS, item=Field("object", ALL_TEXTS, members=names))
    return replace(field, members={**field.members, ALL_TEXTS: texts})


_MEASURE = {
    TEXT: Field("value", TEXT), SIGN: Field("value", SIGN), NUMBER: Field("value", NUMBER, numeric=True),
    UPPER: Field("value", UPPER, numeric=True), UNIT: Field("value", UNIT), WORD: Field("value", WORD),
    IS_NUMBER: Field("value", IS_NUMBER, flag=True), IS_DATE: Field("value", IS_DATE, flag=True),
    IS_BLANK: Field("value", IS_BLANK, flag=True),
    IS_CHANGE: Field("value", IS_CHANGE, flag=True),
}  # fmt: skip


class _Viewer:
    """Makes the rows of a formula view."""

    __slots__ = ("named_groups", "year")

    def __init__(self, named_groups: bool, year: int | None) -> None:
        self.named_groups = named_groups
        self.year = year
        """The year of the file, where it has one."""

    def node(self, value: Data, field: Field, path: ValuePath, identity: str | None = None) -> FormulaValue:
        """What formulas see of a value that stands at a path; `identity` is the member that holds the name of a row."""
        if isinstance(value, Hole):
            return value
        if field.kind == "array" and field.item:
            items = value if isinstance(value, list) else []
            names = field.identity
            return RowList(self.node(item, field.item, (*path, number), names) for number, item in enumerate(items))
        if field.kind == "object":
            return self.object(value, field, path, identity)
        return measure_row(value, path) if field.measure else value

    def object(self, data: Data, field: Field, path: ValuePath, identity: str | None = None) -> FormulaRow:
        """The row of an object, with its groups as a list of rows."""
        members = list(members_of(data, field, path))
        values = {m.name: self.node(m.value, m.field, m.path) for m in members if not m.is_group}
        for member in (m for m in members if m.field.measure):
            values[member.name] = self._in_place(values[member.name], member, field, values.get(identity or ""))
        if names := grouping(field):
            groups = [(m, self.node(m.value, m.field, m.path)) for m in members if m.is_group]
            if self.named_groups:
                values = {**{m.name: content for m, content in groups if m.name in field.members}, **values}
            rows = RowList(_row(m, content, names.label) for m, content in groups if m.is_row)
            if self.named_groups:
                _fill(rows, field)
            values[names.rows] = rows
        return FormulaRow(path, values)

    def _in_place(self, value: FormulaValue, member: Member, parent: Field, name: FormulaValue) -> FormulaValue:
        """A target value with what only its place tells of a date: the name of its row, and the year it is about."""
        measure = value.measure if isinstance(value, FormulaRow) else None
        if measure is None or not measure.may_be_date:
            return value
        measure = measure.under(name if isinstance(name, str) else "")
        year = None if self.year is None else self.year - _years_back(parent, member.name)
        return _taken_apart(measure if year is None else measure.about(year), member.path)


def _years_back(parent: Field, name: str) -> int:
    """How many years before the form's own a member's value is about: the steps from it to a value of that year."""
    steps, member = 0, parent.members.get(name)
    while member is not None and member.source and steps < len(parent.members):
        steps, member = steps + 1, parent.members.get(member.source)
    return steps


def _fill(rows: RowList, field: Field) -> None:
    """Gives each row of groups what others of its list may have: an empty list, or nothing."""
    groups = list(groups_of(field))
    if len({id(group) for _, group in groups}) == 1:
        return
    names: dict[str, bool] = {}
    for _, group in groups:
        if (listed := list_name(group)) is not None:
            names[listed] = True
            continue
        names |= {name: member.kind == "array" for name, member in group.members.items()}
        names |= dict.fromkeys([inside.rows] if (inside := grouping(group)) else [], True)
    for one in rows:
        if isinstance(one, FormulaRow):
            for name, is_list in names.items():
                if name not in one:
                    one[name] = RowList() if is_list else None


def measure_row(value: object, path: ValuePath) -> FormulaRow:
    """A target value as formulas see it: taken apart."""
    return _taken_apart(parse(value if isinstance(value, str | Decimal) else None), path)


def _taken_apart(found: Measure, path: ValuePath) -> FormulaRow:
    parts = (
        found.text, found.sign, found.amount if found.is_number else found.day,
        found.upper if found.is_number else found.day, found.unit, found.text if found.is_date else found.word,
        found.is_number, found.is_date,
        found.is_blank, found.is_change,
    )  # fmt: skip
    return FormulaRow(path, dict(zip(_MEASURE, parts, strict=True)), found)


def _row(group: Member, content: FormulaValue, label: str) -> FormulaRow | Hole:
    if isinstance(content, Hole):
        return content
    made: dict[str, FormulaValue] = row(group.field, content, _members, (label, group.name))
    if not isinstance(content, FormulaRow):
        return FormulaRow(group.path, made)
    content.update(made)  # the row and the group are one, so that what is computed for one is there for the other
    return content


def _members(content: FormulaValue) -> Mapping[str, FormulaValue]:
    return content if isinstance(content, FormulaRow) else {}


def _texts(node: Data, field: Field | None, path: ValuePath) -> Iterator[FormulaRow]:
    if isinstance(node, dict):
        for name, value in node.items():
            below = field.member(name) if field else None
            if below and name not in (field.members if field else ()):
                yield _text(name, (*path, name), below.holds_public())
            yield from _texts(value, below, (*path, name))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _texts(value, field.item if field else None, (*path, number))
    elif isinstance(node, str):
        yield _text(node, path, field is not None and field.public)


def _text(text: str, path: ValuePath, public: bool) -> FormulaRow:
    return FormulaRow(path, {TEXT_NAME: path_text(path), TEXT: text, TEXT_PUBLIC: public})
