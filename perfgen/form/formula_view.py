"""Data as formulas see it: groups are lists of rows, target values are taken apart, every row knows its path.

A group of the data (name: list) becomes a row that holds its name, as templates see it; a formula
then walks `甲.乙.丙` through lists as through objects. An absent value is None, an absent list empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from perfgen.fields import Field
from perfgen.findings import ValuePath, path_text
from perfgen.values import Measure, parse

TEXT, SIGN, NUMBER, UPPER, UNIT, WORD, IS_NUMBER, IS_BLANK = (
    "原文", "方向", "数", "上限", "单位", "等级", "是数", "没有",
)  # fmt: skip
"""What a taken-apart target value holds; 数 and 上限 are in the base unit."""

ALL_TEXTS, TEXT_NAME, TEXT_PUBLIC = "全部文字", "位置", "公开"


class FormulaRow(dict[str, Any]):
    """Named values that know where in the data they come from."""

    __slots__ = ("measure", "path")

    def __init__(self, path: ValuePath, values: dict[str, Any], measure: Measure | None = None) -> None:
        super().__init__(values)
        self.path = path
        self.measure = measure


def formula_fields(field: Field, *, measures: bool = True) -> Field:
    """The fields of `formula_view`, so that names can be checked before there is data.

    Without `measures`, target values stay whole, as templates see them.
    """
    if field.kind == "array" and field.item:
        return replace(field, item=formula_fields(field.item, measures=measures))
    if field.kind != "object":
        return replace(field, kind="object", members=_MEASURE) if field.measure and measures else field
    members = {name: formula_fields(member, measures=measures) for name, member in field.members.items()}
    other = formula_fields(field.other, measures=measures) if field.other else None
    if not (field.groups and field.label):
        return replace(field, members=members, other=other)
    inner: dict[str, Field] = {}
    for group in [*members.values(), *([other] if other else [])]:
        if group.kind == "object" and not group.measure:
            inner |= group.members
        elif group.kind == "array":
            inner[group.rows or ""] = group
    label = Field("value", field.label, public=True)
    item = Field("object", field.groups, members={**inner, field.label: label})
    kept = {name: member for name, member in members.items() if member.kind == "value" or member.measure}
    groups = Field("array", field.groups, item=item)
    return replace(field, members={**kept, field.groups: groups}, other=None)


def formula_view(data: Any, field: Field) -> FormulaRow:
    """Data, with or without figures put in, as formulas see it; the root also lists all its texts."""
    root: FormulaRow = _object(data, field, ())
    root[ALL_TEXTS] = list(_texts(data, field, ()))
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
    IS_NUMBER: Field("value", IS_NUMBER, flag=True), IS_BLANK: Field("value", IS_BLANK, flag=True),
}  # fmt: skip


def _node(value: Any, field: Field, path: ValuePath) -> Any:
    if field.kind == "array" and field.item:
        return [_node(item, field.item, (*path, number)) for number, item in enumerate(value or [])]
    if field.kind == "object":
        return _object(value, field, path)
    if not field.measure:
        return value
    found = parse(value if isinstance(value, str | Decimal) else None)
    parts = (found.text, found.sign, found.amount, found.upper, found.unit, found.word, found.is_number, found.is_blank)
    return FormulaRow(path, dict(zip(_MEASURE, parts, strict=True)), found)


def _object(value: Any, field: Field, path: ValuePath) -> FormulaRow:
    given: dict[str, Any] = value or {}
    names = [*field.members, *(name for name in given if name not in field.members)]
    known = [(name, member) for name in names if (member := field.member(name))]
    if not (field.groups and field.label):
        return FormulaRow(path, {name: _node(given.get(name), member, (*path, name)) for name, member in known})
    made = {name: _node(given.get(name), member, (*path, name)) for name, member in known if member.kind == "value"}
    made[field.groups] = [
        _group(name, given[name], member, field.label, (*path, name))
        for name, member in known
        if name in given and member.kind != "value"
    ]
    return FormulaRow(path, made)


def _group(name: str, value: Any, field: Field, label: str, path: ValuePath) -> FormulaRow:
    content = _node(value, field, path)
    inner = content if isinstance(content, FormulaRow) else {field.rows or "": content}
    return FormulaRow(path, {**inner, label: name})


def _texts(node: Any, field: Field | None, path: ValuePath) -> Iterator[FormulaRow]:
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
