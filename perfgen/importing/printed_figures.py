"""The computed figures that a form prints: they tell its year, and they are compared with what is computed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from perfgen import values
from perfgen.check import schema_errors
from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, path_text, value_at
from perfgen.display import show
from perfgen.form.figures import Figure, FigureValue, names_of
from perfgen.form.forms import Form
from perfgen.form.formulas import FormulaError, Unavailable
from perfgen.importing.doubts import is_broken
from perfgen.importing.folding import folded, is_dash, shortened, squeezed
from perfgen.importing.matching.bind import Node
from perfgen.importing.notes import CHANGED, DIFFERENT, UNSURE, Notes

_NAMED = 6
"""How many figures are named that could not be compared."""


def year_from(printed: dict[ValuePath, Node], form: Form) -> int | None:
    """The year that a form's figures speak of, where they depend on nothing but the year.

    `前年` may be printed as 2022, and its formula says how it follows from the year: the year
    for which all such figures come out as printed is the form's.
    """
    name = form.fields.with_role("year")
    figures = {figure.path: figure for figure in form.figures.figures if figure.reads == {(name,)}}
    # of a figure that every row has, the last row's tells
    told = {
        figures[names_of(path)]: folded(node.text)
        for path, node in printed.items()
        if names_of(path) in figures and node.text
    }
    limits = form.schema["properties"].get(name, {})
    years = range(int(limits.get("minimum", 1990)), int(limits.get("maximum", 2100)) + 1)
    try:
        fitting = [year for year in years if told and _as_printed(told, {name: Decimal(year)}) == list(told.values())]
    except FormulaError:
        return None
    return fitting[0] if len(fitting) == 1 else None


def _as_printed(figures: Iterable[Figure], data: dict[str, Data]) -> list[str]:
    """Figures computed from some data, as they print. Raises FormulaError for one that cannot be computed."""
    return [show(figure.formula(data), figure.unit) for figure in figures]


def compute(filing: Filing, printed: dict[ValuePath, Node]) -> tuple[dict[ValuePath, FigureValue], list[ValuePath]]:
    """The figures of what was read, and the paths of those that cannot be computed: some amount is no number, or
    another file is not there.

    These have the number that the form prints, so that what is printed again does not differ by them.
    """
    form, data = filing.form, filing.document.top
    computed, uncertain = form.figures.compute_what_can(data)
    known = _with_other_files(filing)
    # what needs other files only comes out empty by itself
    needing = [path for path in computed if _is_one_of(form.figures.of_other_files, path, form)]
    computed.update((path, known[path]) for path in (*needing, *uncertain) if path in known)
    failed = list(dict.fromkeys(path for path in (*needing, *uncertain) if path not in known))
    for path in failed:
        typed = value_at(data, path)
        node = printed.get(path)
        computed[path] = typed if isinstance(typed, Decimal) else _read(node, form.figures.at(path))
    return computed, failed


def _with_other_files(filing: Filing) -> dict[ValuePath, FigureValue]:
    """The figures that other files are needed for, and that can be computed."""
    needing = filing.form.figures.of_other_files
    if not needing:
        return {}
    try:
        whole = filing.without(schema_errors.unusable(filing))
        figures, gaps = whole.figures, whole.figure_gaps
    except FormulaError:
        return {}
    # where another file is not there, what is empty may be so only because of it
    is_whole = not any(isinstance(filing.refer(name), Unavailable) for name in filing.form.references)
    return {
        path: value
        for path, value in figures.items()
        if path not in gaps and (is_whole or value is not None) and _is_one_of(needing, path, filing.form)
    }


def _is_one_of(figures: frozenset[ValuePath], path: ValuePath, form: Form) -> bool:
    figure = form.figures.at(path)
    return figure is not None and figure.path in figures


def _read(node: Node | None, figure: Figure | None) -> FigureValue:
    """What a form prints for a figure; None where it prints nothing, or no number where the figure is one."""
    number = _number(node, figure.unit if figure else "")
    if number is not None or node is None or figure is None or figure.formula.type.kind == "number":
        return number
    return node.text or None


def _number(node: Node | None, unit: str | None) -> Decimal | None:
    """The number that a form prints for a figure; None where it prints none."""
    try:
        return Decimal(folded(node.text or "").removesuffix(unit or "").replace(",", "")) if node else None
    except InvalidOperation:
        return None


def tell_of_failed(failed: list[ValuePath], printed: dict[ValuePath, Node], form: Form, notes: Notes) -> None:
    """Tells of the figures that were not compared: an amount in them is no number, or another file is not there."""
    needing = form.figures.of_other_files
    others = [path for path in failed if _is_one_of(needing, path, form)]
    if own := [path for path in failed if path not in others]:
        notes.say(CHANGED, f"有的金额不是一个数，用到它的没有核对：{_named(own)}。", hint="先改好那个金额。")
    if shown := [path for path in others if path in printed]:
        notes.say(UNSURE, f"要看别的文件才算得出来，没有核对：{_named(shown)}。", hint="放好那个文件，再导入一次。")


def _named(paths: list[ValuePath]) -> str:
    """The names of some figures, not too many."""
    names = list(dict.fromkeys(path_text(names_of(path)) for path in paths))
    return "、".join(names[:_NAMED]) + (f"等 {len(names)} 项" if len(names) > _NAMED else "")


def compare_figures(
    printed: dict[ValuePath, Node], computed: dict[ValuePath, FigureValue], form: Form, notes: Notes
) -> None:
    """A remark for each figure that has no field in the data and that the form prints otherwise."""
    for path, node in printed.items():
        if path in computed and not _is_shown_alike(node, computed[path]):
            _compare_figure(node, computed[path], form.figures.unit_at(path), notes)


def _is_shown_alike(node: Node, computed: FigureValue) -> bool:
    """Whether a form shows the parts of a target, in a cell each, that are those of the computed one."""
    if not node.shown or not isinstance(computed, str):
        return False
    return values.taken_apart(node.text or "") == values.taken_apart(computed)


def _compare_figure(node: Node, computed: FigureValue, unit: str, notes: Notes) -> None:
    """A remark where a form prints a figure otherwise; blanks in a text make no difference, in a number they do."""
    wanted, given = show(computed, unit), node.text or ""
    quoted = f" {wanted}" if isinstance(computed, Decimal) else f"“{shortened(wanted)}”"
    if is_dash(given) and not wanted:
        if given.strip():
            notes.say(CHANGED, f"“{given.strip()}”当作没有填。", node.cell)
    elif folded(given) != folded(wanted):
        remark = f"算出来是{quoted}" if wanted else "算不出数（有关的数没有填）"
        notes.say(DIFFERENT, f"表上印的是“{shortened(given)}”，{remark}。", node.cell, "看看是哪一个数写错了。")
    elif isinstance(computed, Decimal) and is_broken(given):
        remark = f"“{shortened(given)}”中间有空白或换行，看不出是一个数还是两个；算出来是 {wanted}。"
        notes.say(UNSURE, remark, node.cell)
    elif squeezed(given) != squeezed(wanted):
        notes.say(CHANGED, f"“{shortened(given)}”改成{quoted}。", node.cell)
