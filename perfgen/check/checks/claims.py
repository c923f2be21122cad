"""Figures: one that the author typed too is a claim, held against what was computed; one that came out empty where the
form wants it, or that would divide by zero, is said at its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, path_text
from perfgen.display import show
from perfgen.findings import Finding, Level
from perfgen.form.figure_sheet import Gap
from perfgen.form.figures import Figure, FigureValue
from perfgen.form.sentences import in_words

ORDER = 50
GATE = False
RULES = {
    "figure-claim": "写出来的合计或占比和计算的不一样，而没有哪条规则管它。",
    "figure-missing": "表上要有的、由程序计算的值，算它要用的没有填，或者要除以零。",
}
_HINT = "这个数由程序计算：删掉这一项，或改正相关的数。"


def check(filing: Filing) -> Iterator[Finding]:
    """Findings for claims that differ, under the rules that judge them, and for figures that must not be empty.

    Raises FormulaError for a figure that cannot be computed whatever the data.
    """
    figures, gaps = filing.figures, filing.figure_gaps
    told = _told_of_files(filing)
    for path, value in figures.items():
        figure = filing.form.figures.at(path)
        assert figure is not None
        typed = filing.document.value(path)
        if path in told:
            continue
        if typed is not None and not figure.may_be_typed:
            yield from _claim(filing, path, figure, value)
        elif value is None and typed is None and filing.is_wanted(path):
            yield _missing(filing, path, figure, gaps.get(path))
    yield from (
        _missing(filing, path, filing.form.figures.at(path), gap) for path, gap in gaps.items() if gap.is_divided
    )


def _claim(filing: Filing, path: ValuePath, figure: Figure, value: FigureValue) -> Iterator[Finding]:
    typed = filing.document.value(path)
    if not filing.is_usable(path) or (value is not None and _is_same(typed, value, figure.unit)):
        return
    rule = filing.form.rules.claimed(figure.path)
    rule_id, level = (rule.id, rule.level) if rule else ("figure-claim", Level.ERROR)
    computed = f"，计算结果是 {in_words(value)}{figure.unit}" if value is not None else "，可是算它要用的数都没有填"
    message = f"{path_text(path)} 写的是 {show(typed)}{computed}。"
    hint = rule.fix if rule and rule.fix else _HINT
    yield Finding(filing.document.place(path), rule_id, message, hint, level, path)


def _is_same(typed: Data, value: FigureValue, unit: str) -> bool:
    """Whether what is typed is the figure; a number that is typed as text may carry the figure's unit."""
    if isinstance(value, str):
        return isinstance(typed, str | Decimal) and show(typed).strip() == value.strip()
    if isinstance(typed, Decimal):
        return typed == value
    try:
        return Decimal(str(typed).strip().replace("％", "%").removesuffix(unit)) == value
    except InvalidOperation:
        return False


def _told_of_files(filing: Filing) -> set[ValuePath]:
    """The figures that are empty because another file is not there, which is said once, at what leads there."""
    told: set[ValuePath] = set()
    holders: dict[ValuePath, set[ValuePath]] = defaultdict(set)
    """By a figure's path in the rules file, where such ones stand."""
    for path, value in filing.figures.items():  # each after those that it needs
        figure, gap = filing.form.figures.at(path), filing.figure_gaps.get(path)
        if figure is None or value is not None:
            continue
        needs = filing.form.figures.needs.get(figure.path, frozenset())
        around = [holders[need] if need[:-1] != figure.path[:-1] else holders[need] & {path[:-1]} for need in needs]
        if (gap is not None and gap.missing is not None) or any(around):
            told.add(path)
            holders[figure.path].add(path[:-1])
    return told


def _missing(filing: Filing, path: ValuePath, figure: Figure | None, gap: Gap | None) -> Finding:
    """A figure that came out empty, at its row."""
    why = gap.reason if gap else "算它要用的都没有填"
    formula = f"按“{figure.formula.text}”计算" if figure else "由程序计算"
    message = f"“{path_text(path)}”{formula}，算不出来：{why}。"
    row = _innermost(filing, path[:-1])
    place = filing.document.place(row, key=bool(row) and isinstance(row[-1], str))
    hint = "填上它，或填好、改正要用的数。" if figure and figure.may_be_typed else "填好或改正要用的数；它自己不用填。"
    return Finding(place, "figure-missing", message, hint, Level.ERROR, path)


def _innermost(filing: Filing, path: ValuePath) -> ValuePath:
    """A path as far as the file has it."""
    while path and filing.document.value(path) is None:
        path = path[:-1]
    return path
