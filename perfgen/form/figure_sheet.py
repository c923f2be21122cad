"""The figures of one document, computed one after the other into the document as formulas see it.

What a figure needs of other files is handed in: who computes a file's figures computes those first (`check/computing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, DivisionUndefined, InvalidOperation
from typing import cast

from jinja2 import Undefined

from perfgen.data import Data, ValuePath, copied, path_text
from perfgen.fields import Field
from perfgen.form import steps
from perfgen.form.figure import Figure, FigureValue
from perfgen.form.figure_places import place_of
from perfgen.form.formula_view import ALL_TEXTS, TEXT, FormulaNames, FormulaRow, formula_view, measure_row
from perfgen.form.formulas import Formula, FormulaError, Unavailable, Undecided, Unfilled
from perfgen.form.grouping import group_named
from perfgen.form.holes import HOLE, Hole
from perfgen.form.row_list import RowList
from perfgen.form.rules import rows

_ALONE = Unavailable("没有别的文件")


@dataclass(frozen=True)
class Gap:
    """Why a figure has no value at one place, although it is computed there."""

    reason: str
    """What it needs and is not there, or what is wrong with it; without a full stop."""
    missing: Unavailable | None = None
    """The other file that is not there, where it is that."""
    is_unfilled: bool = False
    """Whether it needs a hole, which has a finding of its own."""
    is_divided: bool = False
    """Whether it would divide by zero."""
    error: FormulaError | None = None
    """What is wrong with the formula, whatever the data."""

    @property
    def is_empty(self) -> bool:
        """Whether the figure is only absent; else nothing is known of it."""
        return not (self.is_unfilled or self.is_divided or self.error)


class Names(dict[str, object]):
    """What one figure's formula may use in one row: a row's own fields, what is around it, then its own names."""

    __slots__ = ("holders", "where")

    def __init__(
        self, row: Mapping[str, object], others: tuple[FormulaNames, ...], where: Mapping[str, Formula]
    ) -> None:
        super().__init__(row)
        self.holders = (row, *others)
        """What names are looked for in, one after the other, behind those of the figure's own."""
        self.where = where

    def __missing__(self, name: str) -> object:
        if formula := self.where.get(name):
            found = self[name] = formula(self)
            return found
        for names in self.holders:
            if name in names:
                return names[name]
        raise KeyError(name)


class Sheet:
    """The figures of one document as far as they are computed."""

    def __init__(
        self, data: dict[str, Data], fields: Field, figures: Iterable[Figure], parameters: FormulaNames
    ) -> None:
        """`fields` are the form's, with the figures' places; `data` is not changed."""
        self.fields = fields
        self.parameters = parameters
        self.view: FormulaRow = formula_view(_with_groups(data, fields, figures), fields, named_groups=True)
        """The document as formulas see it, with the figures that are computed so far."""
        self.results: dict[ValuePath, FigureValue] = {}
        """The figures so far, by the paths of the data: None for an absent one, and none of which nothing is known."""
        self.gaps: dict[ValuePath, Gap] = {}

    def compute(self, figure: Figure, files: FormulaNames) -> None:
        """Computes a figure wherever it goes.

        All that it needs must be there: the other figures in the view, and under its name in `files` each other file.
        """
        name = str(figure.path[-1])
        for path, row, names in self.turns(figure, files):
            if figure.may_be_typed and (typed := _typed(row.get(name))) is not None:
                self.results[path] = typed
                continue
            outcome = _outcome(figure, names, path)
            if figure.may_be_typed and isinstance(outcome, Gap) and outcome.missing is not None:
                outcome = replace(outcome, missing=None)  # it need not come from another file
            if isinstance(row.get(name), str | FormulaRow):
                self._forget(path)
            if isinstance(outcome, Gap):
                self.gaps[path] = outcome
            if isinstance(outcome, Gap) and not outcome.is_empty:
                row[name] = HOLE
                continue
            value = None if isinstance(outcome, Gap) else outcome
            self.results[path] = value
            row[name] = measure_row(value, path) if figure.is_measure else value

    def turns(self, figure: Figure, files: FormulaNames) -> Iterator[tuple[ValuePath, FormulaRow, Names]]:
        """Wherever a figure goes: its path in the data, the row that it goes into, and what its formula may use."""
        name = str(figure.path[-1])
        outside = (files, self.parameters, self.view)
        for row, around, outermost in rows(self.view, tuple(map(str, figure.path[:-1]))):
            path = (*row.path, name)
            if len(figure.places) > 1 and place_of(self.fields, path) not in figure.places:
                continue
            inside = Names(row, (around, *outside, outermost), figure.where)
            yield path, row, inside if figure.in_rows else Names({}, outside, figure.where)

    def refuse(self, figure: Figure, error: FormulaError) -> None:
        """Notes of a figure, wherever it goes, that it cannot be computed."""
        error.place = figure.place
        for row, *_ in rows(self.view, tuple(map(str, figure.path[:-1]))):
            row[str(figure.path[-1])] = HOLE
            self.gaps[(*row.path, figure.path[-1])] = Gap(str(error), error=error)

    def _forget(self, path: ValuePath) -> None:
        """Leaves what is typed in place of a figure out of the list of all texts: it is no text of the author's."""
        texts = self.view[ALL_TEXTS]
        self.view[ALL_TEXTS] = RowList(text for text in texts if text.path != path)


def _typed(value: object) -> Decimal | str | None:
    """What is typed in place of a figure; None where there is nothing, or a hole."""
    text = value.get(TEXT) if isinstance(value, FormulaRow) else value
    return text if isinstance(text, Decimal | str) else None


def _outcome(figure: Figure, names: FormulaNames, path: ValuePath) -> FigureValue | Gap:
    try:
        return _value(figure, figure.formula(names))
    except Unfilled as error:
        return Gap(error.reason, is_unfilled=True)
    except Undecided as error:
        return Gap(error.reason, error.missing)
    except FormulaError as error:
        if _is_division(error.__cause__):
            return Gap("要除以的数是零", is_divided=True)
        placed = FormulaError(f"{path_text(path)}：{error}")
        placed.place = figure.place
        return Gap(str(placed), error=placed)


def _is_division(cause: BaseException | None) -> bool:
    """Whether a computation failed because something was divided by zero; zero by zero is another of its errors."""
    told = cause.args[0] if isinstance(cause, InvalidOperation) and cause.args else ()
    return isinstance(cause, ZeroDivisionError) or (isinstance(told, list) and DivisionUndefined in told)


def _value(figure: Figure, result: object) -> FigureValue:
    """A formula's result as a figure's value. Raises FormulaError for what is none."""
    if isinstance(result, FormulaRow):
        result = result.get(TEXT)
    if result is None or (isinstance(result, Decimal) and not result.is_snan()):
        return result
    if isinstance(result, str):
        if not figure.is_number:
            return result or None
        raise FormulaError("公式算不出来：这里要的是一个数，算出来的是文字。")
    if type(result) is Undefined:  # a condition without `else`
        return None
    raise FormulaError("公式算不出来：要用的数不是一个数。")


def _with_groups(data: dict[str, Data], fields: Field, figures: Iterable[Figure]) -> dict[str, Data]:
    """The data with the groups that figures go into by the groups' own names; the same where all are there."""
    found = data
    for figure in figures:
        if not figure.in_rows and (lacking := _lacking(found, fields, figure.path[:-1])):
            found = found if found is not data else cast("dict[str, Data]", copied(data))
            _put_groups(found, lacking)
    return found


def _lacking(data: Data, fields: Field, path: ValuePath) -> ValuePath:
    """The part of a path of names up to the last group that goes by its name and is not there; empty where all are."""
    lacking: ValuePath = ()
    here: Field | None = fields
    for number, step in enumerate(path, 1):
        if here is None or isinstance(data, Hole):
            break
        is_there = isinstance(data, dict) and step in data
        if not is_there and group_named(here, str(step)):
            lacking = path[:number]
        data = data.get(str(step)) if isinstance(data, dict) else None
        here = here.member(str(step))
    return lacking


def _put_groups(data: dict[str, Data], path: ValuePath) -> None:
    here: Data = data
    for step in path:
        if not isinstance(here, dict):
            return
        here = here.setdefault(str(step), {})


def with_unknown(data: dict[str, Data], fields: Field) -> dict[str, Data]:
    """Data with a hole in place of each text where only a number may stand."""
    return {name: _with_unknown(value, fields.member(name)) for name, value in data.items()}


def _with_unknown(node: Data, field: Field | None) -> Data:
    if field is None:
        return node
    if isinstance(node, dict):
        return {name: _with_unknown(value, field.member(name)) for name, value in node.items()}
    if isinstance(node, list):
        return [_with_unknown(item, field.item) for item in node]
    return cast("Data", HOLE) if isinstance(node, str) and field.numeric and not field.textual else node


def alone(data: dict[str, Data], fields: Field, figures: Iterable[Figure], parameters: FormulaNames) -> Sheet:
    """The figures of data that stands alone: those that need another file are absent."""
    ordered = tuple(figures)
    with steps.limited(steps.for_a_file()):
        sheet = Sheet(data, fields, ordered, parameters)
        for figure in ordered:
            sheet.compute(figure, dict.fromkeys(figure.origins, _ALONE))
    return sheet
