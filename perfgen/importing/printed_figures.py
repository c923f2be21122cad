"""The computed figures that a form prints: they tell its year, and they must come out again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfgen.data import Data, ValuePath
from perfgen.display import show
from perfgen.form.figures import names_of
from perfgen.form.forms import Form
from perfgen.form.formulas import FormulaError
from perfgen.importing.folding import folded, is_dash, shortened, squeezed
from perfgen.importing.matching.bind import Node
from perfgen.importing.notes import CHANGED, DIFFERENT, UNSURE, Notes


def year_from(printed: dict[ValuePath, Node], form: Form) -> int | None:
    """The year that a form's figures speak of, where they depend on nothing but the year.

    `前年` may be printed as 2022, and its formula says how it follows from the year: the year
    for which all such figures come out as printed is the form's.
    """
    name = form.fields.with_role("year")
    known = {figure.path: figure for figure in form.figures.figures if figure.formula.reads == {(name,)}}
    told = {known[names_of(path)]: node for path, node in printed.items() if names_of(path) in known and node.text}
    limits = form.schema["properties"].get(name, {})
    fitting = []
    for year in range(int(limits.get("minimum", 1990)), int(limits.get("maximum", 2100)) + 1):
        try:
            right = [
                folded(node.text or "") == show(f.formula({name: Decimal(year)}), f.unit) for f, node in told.items()
            ]
        except FormulaError:
            return None
        if right and all(right):
            fitting.append(year)
    return fitting[0] if len(fitting) == 1 else None


def compute(data: Mapping[str, Data], form: Form, notes: Notes) -> dict[ValuePath, Decimal | None]:
    """The figures of what was read; none, and a remark, where it cannot be computed with."""
    try:
        return form.figures.compute(data)
    except FormulaError as error:
        notes.say(UNSURE, f"合计等算不出来，没有核对：{error}")
        return {}


def compare_figures(
    printed: dict[ValuePath, Node], computed: dict[ValuePath, Decimal | None], form: Form, notes: Notes
) -> None:
    """A remark for each figure that has no field in the data and that the form prints otherwise."""
    for path, node in printed.items():
        if path not in computed:
            continue
        wanted = show(computed[path], form.figures.units.get(names_of(path), ""))
        given = node.text or ""
        if is_dash(given) and not wanted:
            if given.strip():
                notes.say(CHANGED, f"“{given.strip()}”当作没有填。", node.cell)
        elif folded(given) != folded(wanted):
            said = f"算出来是 {wanted}" if wanted else "算不出数（有关的数没有填）"
            notes.say(DIFFERENT, f"表上印的是“{shortened(given)}”，{said}。", node.cell, "看看是哪一个数写错了。")
        elif squeezed(given) != wanted:
            notes.say(CHANGED, f"“{shortened(given)}”改成 {wanted}。", node.cell)
