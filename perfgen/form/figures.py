"""Figures of a form: what a rules file says to compute, and computing it from the data."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from perfgen.data import Data, ValuePath, as_group, as_list, copied, path_text, put, value_at
from perfgen.fields import Field
from perfgen.findings import Finding, FormError, Place
from perfgen.form import steps
from perfgen.form.figure_places import Place as Place_
from perfgen.form.figure_places import changed, place_of, places_of
from perfgen.form.figure_visibility import with_visibility
from perfgen.form.formula_scope import OpenField, Scope, Type, scope_of
from perfgen.form.formulas import Formula, FormulaError, compile_formula
from perfgen.form.holes import Hole
from perfgen.source.reader import Document

SECTION = "计算"
FORMULA, UNIT = "公式", "单位"
_UNKNOWN = Decimal("sNaN")
"""What stands for a number that is not known: Decimal refuses to compute with it."""


@dataclass(frozen=True)
class Figure:
    """A number that is computed: where it goes, how, and the unit it prints with."""

    path: ValuePath
    formula: Formula
    unit: str = ""
    place: Place | None = None
    """Where it stands in the rules file."""


@dataclass(frozen=True, eq=False)
class FigureSet:
    """The figures of a form in an order in which each finds what it needs."""

    figures: tuple[Figure, ...]
    fields: Field
    """The form's fields, with those that only exist as figures."""

    def compute(self, data: dict[str, Data]) -> dict[ValuePath, Decimal | None]:
        """Every figure of valid data; an absent one is None.

        Raises FormulaError when a formula cannot be computed.
        """
        results: dict[ValuePath, Decimal | None] = {}
        for path, result in self._all(data):
            if isinstance(result, FormulaError):
                error = FormulaError(f"{path_text(path)}：{result}")
                error.place = result.place
                raise error from result
            results[path] = result
        return results

    def compute_what_can(self, data: dict[str, Data]) -> tuple[dict[ValuePath, Decimal | None], list[ValuePath]]:
        """The figures of data that may be wrong, and the paths of those that cannot be computed because of it."""
        results = dict(
            self._all({name: _with_unknown(value, self.fields.member(name)) for name, value in data.items()})
        )
        failed = [path for path, result in results.items() if isinstance(result, FormulaError)]
        return {path: result for path, result in results.items() if not isinstance(result, FormulaError)}, failed

    def _all(self, data: dict[str, Data]) -> list[tuple[ValuePath, Decimal | FormulaError | None]]:
        with steps.limited(steps.for_a_file()):
            return list(self._each(data))

    def _each(self, data: dict[str, Data]) -> Iterator[tuple[ValuePath, Decimal | FormulaError | None]]:
        """Each figure, or why it cannot be computed; what uses such a one cannot be computed either."""
        values = as_group(complete(data, self.fields))
        for figure in self.figures:
            for path, holder in _holders(values, figure.path[:-1], ()):
                # only in a row are its own fields known by their bare names, as _compile has it
                in_row = names_of(path) != path
                names = {**values, **holder} if in_row else values
                name = str(figure.path[-1])
                try:
                    result = holder[name] = figure.formula(names)
                    if result is not None and (not isinstance(result, Decimal) or result.is_snan()):
                        raise FormulaError("要用的数不是一个数。")
                except FormulaError as error:
                    error.place = figure.place
                    holder[name] = _UNKNOWN
                    yield (*path, name), error
                else:
                    yield (*path, name), result

    @staticmethod
    def filled(data: Data, computed: Mapping[ValuePath, Decimal | None]) -> Data:
        """Data as it is typed with the figures put in, a computed one in place of a typed one."""
        values = copied(data)
        for path, value in computed.items():
            put(values, path, value)
        return values

    def at(self, path: ValuePath) -> Figure | None:
        """The figure that is computed at a path of the data, with or without its positions, if one is."""
        return self._by_place.get(place_of(self.fields, path))

    def unit_at(self, path: ValuePath) -> str:
        """The unit that the figure at a path of the data prints with; empty where there is none."""
        found = self.at(path)
        return found.unit if found else ""

    @functools.cached_property
    def _by_place(self) -> dict[Place_, Figure]:
        return {place: figure for figure in self.figures for place in places_of(self.fields, figure.path)}

    @property
    def units(self) -> dict[ValuePath, str]:
        """By figure, the unit it prints with; a figure of every row has one path without positions."""
        return {figure.path: figure.unit for figure in self.figures}


def _with_unknown(node: Data, field: Field | None) -> Data:
    """Data in which an unknown number stands for each text where only a number may stand."""
    if field is None:
        return node
    if isinstance(node, dict):
        return {name: _with_unknown(value, field.member(name)) for name, value in node.items()}
    if isinstance(node, list):
        return [_with_unknown(item, field.item) for item in node]
    return _UNKNOWN if isinstance(node, str) and field.numeric and not field.textual else node


def _holders(node: Data, steps: ValuePath, path: ValuePath) -> Iterator[tuple[ValuePath, dict[str, Data]]]:
    """The objects a figure goes into: one, or one for each row of a list on the way."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _holders(item, steps, (*path, number))
    elif steps:
        yield from _holders(value_at(node, steps[:1]), steps[1:], (*path, steps[0]))
    elif isinstance(node, dict):
        yield path, node


def names_of(path: ValuePath) -> ValuePath:
    """A path without list positions, as rules files write it."""
    return tuple(step for step in path if not isinstance(step, int))


def complete(data: Data, field: Field) -> Data:
    """Data with every field the schema knows: an absent value is None, an absent list empty; a hole stays one."""
    if isinstance(data, Hole):
        return data
    if field.kind == "object":
        given = as_group(data)
        names = [*field.members, *(name for name in given if name not in field.members)]
        return {name: complete(given.get(name), member) for name in names if (member := field.member(name))}
    if field.kind == "array" and field.item:
        return [complete(item, field.item) for item in as_list(data)]
    return data


def with_places(rules: Document | None, fields: Field) -> Field:
    """The fields of a schema with places for the figures of a rules file; `read_figures` says what is wrong with it.

    A figure without a place in the schema is of an open kind, because formulas are not looked at.
    """
    for name in as_group(as_group(rules.data if rules else None).get(SECTION)):
        path = tuple(name.split("."))
        fields = changed(fields, path, functools.partial(_known_or_open, path[-1])) or fields
    return fields


def _known_or_number(name: str, known: Field | None) -> Field:
    """The field of a figure: as the schema has it, or a number."""
    return known or Field("value", name, numeric=True, printed=False)


def _known_or_open(name: str, known: Field | None) -> Field:
    """The field of a figure: as the schema has it, or of an open kind where it has no place there."""
    return known or OpenField("value", name, printed=False)


def read_figures(rules: Document | None, fields: Field, files: Mapping[str, Type] | None = None) -> FigureSet:
    """The figures that a rules file declares over a form's fields; no file, no figures.

    `files` is what the names stand for that lead to other files (`names.file_type`).
    Raises FormError for every formula that is wrong, each with its place in the rules file.
    """
    if rules is None:
        return FigureSet((), fields)
    findings: list[Finding] = []
    typed = fields

    def wrong(path: ValuePath, message: str) -> None:
        findings.append(Finding(rules.place(path, key=True), "formula", message, path=path))

    declared = rules.data.get(SECTION, {}) if isinstance(rules.data, dict) else None
    if not isinstance(declared, dict):
        wrong((), f"规则文件要有一节“{SECTION}”，里面一行一个“名称: 公式”。")
        raise FormError(findings)
    for name in declared:
        path = tuple(name.split("."))
        extended = changed(fields, path, functools.partial(_known_or_number, path[-1]))
        if extended is None:
            wrong((SECTION, name), f"“{name}”没有地方放：上一级不是本表的一组字段。")
        else:
            fields = extended
    figures: dict[ValuePath, Figure] = {}
    for name, body in declared.items():
        parts = body if isinstance(body, dict) else {FORMULA: body}
        texts = {key: part for key, part in parts.items() if isinstance(part, str)}
        if set(parts) - {FORMULA, UNIT} or len(texts) < len(parts):
            wrong((SECTION, name), f"“{name}”要写成一个公式，或 {{{FORMULA}: …, {UNIT}: …}}。")
            continue
        try:
            formula = _compile(texts.get(FORMULA, ""), fields, tuple(name.split(".")), files or {})
            if formula.type.kind not in ("number", "any"):
                raise FormulaError("公式的结果要是一个数。")
        except FormulaError as error:
            wrong((SECTION, name), str(error))
            continue
        path = tuple(name.split("."))
        place = rules.place((SECTION, name), key=True)
        figures[path] = Figure(path, formula, texts.get(UNIT, ""), place)
    try:
        order = TopologicalSorter({p: f.formula.reads & figures.keys() for p, f in figures.items()}).static_order()
        ordered = tuple(figures[path] for path in order)
    except CycleError as error:
        cycle = error.args[1]
        wrong((SECTION, ".".join(cycle[0])), f"公式互相引用成了圈：{' → '.join(path_text(p) for p in cycle)}。")
    if findings:
        raise FormError(findings)
    return FigureSet(ordered, with_visibility(fields, {figure.path: figure.formula for figure in ordered}, typed))


def _row_around(fields: Field, path: ValuePath) -> dict[str, Field]:
    """The fields of the row that a figure goes into; none where it goes into no list."""
    here, rows = fields, False
    for step in path[:-1]:
        found = here.member(str(step))
        if found is None:
            return {}
        rows = rows or found.kind == "array"
        here = found.item if found.kind == "array" and found.item else found
    return here.members if rows else {}


def _compile(text: str, fields: Field, path: ValuePath, files: Scope) -> Formula:
    """A figure's formula: in a list, the fields of its own row are known by their bare names.

    What it reads is put down by full paths, because on that depends whether it may be published.
    """
    row = _row_around(fields, path)
    formula = compile_formula(text, {**scope_of(replace(fields, members={**fields.members, **row})), **files})
    reads, wholes = (
        frozenset((*path[:-1], *read) if read[0] in row else read for read in paths)
        for paths in (formula.reads, formula.wholes)
    )
    return replace(formula, reads=reads, wholes=wholes)
