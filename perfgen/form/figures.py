"""Reads the figures that a rules file says to compute, and holds their formulas to the form.

    计算:
      合计: 列表 | 求和('数')                            where it goes: how it is computed
      列表.占比: {公式: '百分比(数, 合计)', 单位: '%'}       in each row of a list, whose fields go by their bare names
      园.区.树.得分: {其中: {比: 高 / 限}, 公式: 比 * 100}   through groups as formulas see them; names for its parts

A formula uses the names of `names.shared_scope`, the figures too, in any order.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from perfgen.data import Data, ValuePath, as_group
from perfgen.fields import Field
from perfgen.findings import Finding, FormError
from perfgen.form.figure import Figure, FigureValue
from perfgen.form.figure_links import in_a_circle, link
from perfgen.form.figure_places import Place, at_place, changed, places_of
from perfgen.form.figure_set import FigureSet
from perfgen.form.formula_scope import OpenField, Scope, Type, hide, scope_of, type_of
from perfgen.form.formulas import Formula, FormulaError, compile_formula
from perfgen.form.names import seen_fields, shared_scope
from perfgen.form.row_list import RowList
from perfgen.form.rules import WHERE
from perfgen.form.rules_source import PARAMETERS, RulesSource
from perfgen.source.reader import Document

__all__ = [
    "FORMULA",
    "SECTION",
    "UNIT",
    "Figure",
    "FigureSet",
    "FigureValue",
    "names_of",
    "read_figures",
    "with_places",
]

SECTION = "计算"
FORMULA, UNIT, TYPED = "公式", "单位", "填了用填的"
_KINDS = {"number", "text", "any"}
"""What a figure may be, beside a target value."""


def names_of(path: ValuePath) -> ValuePath:
    """A path without list positions, as rules files write it."""
    return tuple(step for step in path if not isinstance(step, int))


def with_places(rules: Document | None, fields: Field) -> Field:
    """The fields of a schema with places for the figures of a rules file; `read_figures` says what is wrong with it.

    A figure without a place in the schema is of an open kind, because formulas are not looked at.
    """
    for name in as_group(as_group(rules.data if rules else None).get(SECTION)):
        fields = _with_place(fields, tuple(name.split("."))) or fields
    return fields


def _with_place(fields: Field, path: ValuePath) -> Field | None:
    """Fields with the places of a figure; None where there is none for it."""
    return changed(fields, path, functools.partial(_known_or_open, str(path[-1])))


def _known_or_open(name: str, known: Field | None) -> Field:
    """The field of a figure: as the schema has it, or of an open kind where it has no place there."""
    return known or OpenField("value", name, printed=False)


def read_figures(rules: Document | None, fields: Field, files: Mapping[str, Type] | None = None) -> FigureSet:
    """The figures that a rules file declares over a form's fields; no file, no figures.

    `files` is what the names stand for that lead to other files (`names.file_type`). What is taken from these counts as
    private until the form is linked to the others (`figure_links`).
    Raises FormError for every formula that is wrong, each with its place in the rules file.
    """
    if rules is None:
        return FigureSet((), fields, fields)
    reader = _Reader(rules, fields, files or {})
    found = reader.figure_set()
    if reader.findings:
        raise FormError(reader.findings)
    return link("", {"": found}, {})


class _Reader(RulesSource):
    """Reads the section of figures; what is wrong with other sections is said by whoever reads the rules."""

    def __init__(self, document: Document, fields: Field, files: Mapping[str, Type]) -> None:
        super().__init__(document, fields)
        self.data = as_group(document.data)
        self.typed = fields
        self.files = files
        self.words = self.vocabulary()
        self.parameters = self.section(PARAMETERS)
        self.parameter_kinds = self.parameter_types(self.parameters)
        self.findings.clear()
        self.opened: set[ValuePath] = set()
        """The figures without a place in the schema, whose kind follows from their formulas."""
        self.is_stale = False
        """Whether the kind of one of them became known since the fields were looked at."""

    def wrong(self, path: ValuePath, message: str, hint: str = "") -> None:
        """Notes a finding about a figure at a path of the rules file."""
        assert self.document is not None
        self.findings.append(Finding(self.document.place(path, key=True), "formula", message, hint, path=path))

    def figure_set(self) -> FigureSet:
        """The figures in the order in which they need one another. What is wrong is among the findings."""
        bodies = self.placed()
        self.look_again()
        read = {path: self.figure(path, body) for path, body in bodies.items()}
        drafts = FigureSet(tuple(figure for figure in read.values() if figure), self.fields, self.typed)
        needs = {one.path: frozenset(other.path for other in drafts.needed("", one)) for one in drafts.figures}
        try:
            # in the order of the file, which a set does not have
            order = tuple(
                TopologicalSorter({one: [o for o in needs if o in needs[one]] for one in needs}).static_order()
            )
        except CycleError as error:
            places = [(self.document.file if self.document else "", drafts.by_path[path]) for path in error.args[1]]
            self.wrong((SECTION, ".".join(map(str, error.args[1][0]))), in_a_circle(places))
            return drafts
        figures = tuple(self.settled(drafts.by_path[path], needs[path], bodies[path]) for path in order)
        kept = {name: RowList(value) if isinstance(value, list) else value for name, value in self.parameters.items()}
        return FigureSet(tuple(filter(None, figures)), self.fields, self.typed, needs, {}, kept)

    def placed(self) -> dict[ValuePath, Data]:
        """What is written of each figure, by path; the fields get a place for each."""
        declared = self.data.get(SECTION, {}) if isinstance(self.document and self.document.data, dict) else None
        if not isinstance(declared, dict):
            self.wrong((), f"规则文件要有一节“{SECTION}”，里面一行一个“名称: 公式”。")
            return {}
        bodies: dict[ValuePath, Data] = {}
        taken: dict[Place, str] = {}
        for name, body in declared.items():
            path = tuple(name.split("."))
            extended = _with_place(self.fields, path)
            if extended is None:
                self.wrong((SECTION, name), f"“{name}”没有地方放：上一级不是本表的一组字段。")
                continue
            self.fields, bodies[path] = extended, body
            for place in places_of(extended, path):
                if place in taken:
                    self.wrong((SECTION, name), f"“{name}”已经由“{taken[place]}”算了。", "只留一个。")
                taken[place] = name
        return bodies

    def look_again(self) -> None:
        """Takes the fields as formulas see them, as far as is known now what kind each figure is."""
        self.seen = seen_fields(self.fields)
        self.names = shared_scope(self.seen, self.parameter_kinds, self.files)
        self.is_stale = False

    def settled(self, draft: Figure, needs: frozenset[ValuePath], body: Data) -> Figure | None:
        """A figure compiled again where another one that it needs was of an open kind; then its own kind is known."""
        if any(path in self.opened for path in needs):
            if self.is_stale:
                self.look_again()
            again = self.figure(draft.path, body)
            if again is None:
                return None
            draft = again
        if draft.path in self.opened and draft.formula.type.kind != "any":
            kind = "text" if draft.formula.type.is_measure else draft.formula.type.kind
            known = Field("value", str(draft.path[-1]), numeric=kind == "number", textual=kind == "text", printed=False)
            self.fields = changed(self.fields, draft.path, functools.partial(_settled, known)) or self.fields
            self.is_stale = True
            return replace(draft, is_number=draft.is_number or kind == "number")
        return draft

    def figure(self, path: ValuePath, body: Data) -> Figure | None:
        """A figure as it is written; None, and a finding, where something is wrong with it."""
        name = ".".join(map(str, path))
        parts = body if isinstance(body, dict) else {FORMULA: body}
        texts = {key: part for key, part in parts.items() if isinstance(part, str)}
        may_be_typed = _is_said(parts.get(TYPED))
        if set(parts) - {FORMULA, UNIT, WHERE, TYPED} or len(parts.keys() - texts.keys() - {WHERE, TYPED}):
            self.wrong((SECTION, name), f"“{name}”要写成一个公式，或 {{{FORMULA}: …, {UNIT}: …}}。")
            return None
        if may_be_typed is None:
            self.wrong((SECTION, name, TYPED), f"“{TYPED}”只能写 真。", "不是的，就不写这一项。")
            return None
        row, outermost = _row_scope(self.seen, path)
        taken = {**self.names, **row}
        scope = {**outermost, **taken}
        where = self.definitions((SECTION, name, WHERE), parts.get(WHERE, {}), scope, taken)
        try:
            formula = compile_formula(texts.get(FORMULA, ""), scope, self.words)
            places = places_of(self.fields, path)
            fields = [at_place(self.typed, place) for place in places]
            known = [field for field in fields if field]
            _check_kind(name, formula.type, known)
        except FormulaError as error:
            self.wrong((SECTION, name), str(error))
            return None
        if len(known) < len(fields):
            self.opened.add(path)
            if may_be_typed:
                self.wrong((SECTION, name, TYPED), f"“{name}”不是本表 schema 里的一项，没有填的地方。")
        place = self.document.place((SECTION, name), key=True) if self.document else None
        is_number = len(known) == len(fields) and all(field.numeric and not field.textual for field in known)
        is_measure = bool(known) and all(field.measure for field in known)
        unit, in_rows = texts.get(UNIT, ""), bool(row)
        return Figure(path, formula, unit, place, where, in_rows, places, is_number, is_measure, may_be_typed)

    def definitions(self, here: ValuePath, given: Data, scope: dict[str, Type], taken: Scope) -> dict[str, Formula]:
        """The names that a figure gives to parts of its formula, none of them among `taken`; `scope` gets them too."""
        texts = {name: text for name, text in as_group(given).items() if isinstance(text, str)}
        if not isinstance(given, dict) or len(texts) < len(given):
            self.wrong(here, f"“{WHERE}”要写成一行行“名称: 公式”。")
            return {}
        hide(scope, texts.keys() - taken.keys())
        found: dict[str, Formula] = {}
        for name, text in texts.items():
            if name in taken:
                self.wrong((*here, name), f"“{name}”已经是一个字段或参数了。", "换一个名称。")
                continue
            try:
                found[name] = compile_formula(text, scope, self.words)
            except FormulaError as error:
                self.wrong((*here, name), str(error))
                scope[name] = Type("any")
            else:
                scope[name] = found[name].type
        return found


def _is_said(value: Data) -> bool | None:
    """Whether a rules file says yes to something it may only say yes to; None where it says anything else."""
    return {None: False, "真": True, True: True}.get(value) if isinstance(value, str | bool | None) else None


def _settled(known: Field, old: Field | None) -> Field | None:
    """What is known now of a figure of an open kind."""
    return known if isinstance(old, OpenField) else old


def _check_kind(name: str, found: Type, known: list[Field]) -> None:
    """Raises FormulaError where a formula's result cannot be the figure of a name, or not in its places."""
    if found.kind not in _KINDS and not found.is_measure:
        raise FormulaError("公式的结果要是一个数或一段文字。")
    if any(field.kind != "value" for field in known):
        raise FormulaError(f"“{name}”是一组字段，不能由公式算出来。")
    takes_text = all(field.textual or field.measure or not field.numeric for field in known)
    if (found.kind == "text" or found.is_measure) and not takes_text:
        raise FormulaError(f"“{name}”填的是数，公式的结果是文字。")


def _row_scope(seen: Field, path: ValuePath) -> tuple[Scope, Scope]:
    """The names that a figure's formula knows beside those of the form; none where it goes into no list.

    They are the fields of the row that it goes into, and the rows around it by the names of their lists. Then come
    those that count where nothing else is called so: see `rules.Surrounded`.
    """
    here, is_row, around = seen, False, dict[str, Type]()
    outermost: Scope = {}
    for depth, step in enumerate(path[:-1], 1):
        below = here.member(str(step))
        if below is None:
            return {}, {}
        here = below.item if below.kind == "array" and below.item else below
        if below.kind == "array":
            is_row = True
            if depth > 1:
                around[str(step)] = type_of(here, path[:depth])
            else:
                outermost = scope_of(here, path[:depth])
    return ({**around, **scope_of(here, path[:-1])}, outermost) if is_row else ({}, {})
