"""Figures of a form: what a rules file says to compute, and computing it from the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from perfgen.data import Data, ValuePath, as_group, as_list, copied, path_text, put, value_at
from perfgen.fields import Field
from perfgen.findings import Finding, FormError, Place
from perfgen.form import steps
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


@dataclass(frozen=True)
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
    """The fields of a schema with a place for each figure that a rules file declares; what is wrong is passed over."""
    for name in as_group(as_group(rules.data if rules else None).get(SECTION)):
        fields = _with_figure(fields, tuple(name.split(".")), name.split(".")[-1]) or fields
    return fields


def read_figures(rules: Document | None, fields: Field) -> FigureSet:
    """The figures that a rules file declares; no file, no figures.

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
        extended = _with_figure(fields, tuple(name.split(".")), name.split(".")[-1])
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
            formula = _compile(texts.get(FORMULA, ""), fields, tuple(name.split(".")))
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
    return FigureSet(ordered, _with_visibility(fields, ordered, typed))


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


def _compile(text: str, fields: Field, path: ValuePath) -> Formula:
    """A figure's formula: in a list, the fields of its own row are known by their bare names.

    What it reads is put down by full paths, because on that depends whether it may be published.
    """
    row = _row_around(fields, path)
    formula = compile_formula(text, replace(fields, members={**fields.members, **row}))
    reads, wholes = (
        frozenset((*path[:-1], *read) if read[0] in row else read for read in paths)
        for paths in (formula.reads, formula.wholes)
    )
    return replace(formula, reads=reads, wholes=wholes)


def _with_figure(field: Field, path: ValuePath, title: str) -> Field | None:
    """Fields with a place for a figure at `path`; None when its parent is neither object nor list of them."""
    if field.kind == "array" and field.item:
        below = _with_figure(field.item, path, title)
        return replace(field, item=below) if below else None
    if field.kind != "object":
        return None
    name = str(path[0])
    known = field.members.get(name)
    if len(path) == 1:
        below = known or Field("value", title, numeric=True, printed=False)
    else:
        below = _with_figure(known, path[1:], title) if known else None
    return replace(field, members={**field.members, name: below}) if below else None


def _with_visibility(fields: Field, figures: tuple[Figure, ...], typed: Field) -> Field:
    """Makes a figure public exactly when everything it is computed from is; `typed` are the fields without figures.

    A list or an object that is used whole is read whole. A figure of each row tells how many rows there are: in a list
    without anything public it is private.
    """
    computed = frozenset(figure.path for figure in figures)
    for figure in figures:
        read = [_leaf(fields, path) for path in figure.formula.reads]
        public = all(leaf is not None and leaf.public for leaf in read)
        public = public and all(_is_wholly_public(typed, path, computed) for path in figure.formula.wholes)
        fields = _replace_leaf(fields, figure.path, public and _shows_its_rows(typed, figure.path))
    return fields


def _is_wholly_public(typed: Field, path: ValuePath, computed: frozenset[ValuePath]) -> bool:
    """Whether all that is typed in the list or object at a path is public, and something is."""
    found = _leaf(typed, path)
    leaves = [leaf.public for place, leaf in _leaves(found, path) if place not in computed] if found else []
    return bool(leaves) and all(leaves)


def _leaves(field: Field, path: ValuePath) -> Iterator[tuple[ValuePath, Field]]:
    """The fields at a path that hold single values, or nothing that is known, with their paths."""
    below = [((*path, name), member) for name, member in field.members.items()]
    below += [(path, part) for part in (field.other, field.item) if part]
    if not below:
        yield path, field
    for place, part in below:
        yield from _leaves(part, place)


def _shows_its_rows(typed: Field, path: ValuePath) -> bool:
    """Whether every list that a path runs through holds something public."""
    above = [_leaf(typed, path[:length]) for length in range(1, len(path))]
    return all(found.holds_public() for found in above if found and found.kind == "array")


def _leaf(field: Field, path: ValuePath) -> Field | None:
    """The field at a path of names, stepping into a list's items on the way."""
    here: Field | None = field
    for step in path:
        if here and here.kind == "array":
            here = here.item
        here = here.member(str(step)) if here else None
    return here


def _replace_leaf(field: Field, path: ValuePath, public: bool) -> Field:
    if field.kind == "array" and field.item:
        return replace(field, item=_replace_leaf(field.item, path, public))
    name = str(path[0])
    below = field.members[name]
    new = replace(below, public=public) if len(path) == 1 else _replace_leaf(below, path[1:], public)
    return replace(field, members={**field.members, name: new})
