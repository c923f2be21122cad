"""A file held against the same unit's file of the year before: what moved from there must be the same.

The form's `x-next` annotations say which value of last year each of this year's comes from.
Money and actual values must agree. An expected value of last year is no claim about what came
of it, so it is compared with nothing; but one that still stands where the actual value belongs,
with its sign, was never replaced after the rollover, and that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.check.filing import Filing
from perfgen.check.reasons import line_of, row_names
from perfgen.data import Data, Scalar, ValuePath, as_scalar, path_text
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Finding, Level
from perfgen.form.forms import Form
from perfgen.source.reader import Document
from perfgen.values import MeasureChange, compare_measures, parse, plain_name

RULE, STILL_EXPECTED = "last-year", "last-year-expected"
_ROW = "#"
"""Begins a row's name in a key, so that no field's name is taken for it."""


@dataclass(frozen=True)
class _Group:
    """A group with members that come from last year's file, and what it is recognised by there."""

    path: ValuePath
    field: Field
    key: tuple[str, ...]
    """The way to it, each list position as the name of the row."""
    loose: tuple[str, ...]
    """Only the innermost row's name: for a row whose surroundings were renamed."""


def differences_from_last_year(filing: Filing, last: Filing) -> Iterator[Finding]:
    """A warning for each value that is not what last year's file says, one for all expectations left over.

    Both filings are well formed. Rows that last year's file does not have are new, and nothing is
    said of them. Raises FormulaError when a figure of last year's cannot be computed.
    """
    document, before, form = filing.document, last.document, filing.form
    left_over = []
    for here, there in _pairs(form.fields, document, before):
        for name, about in here.field.members.items():
            path = (*here.path, name)
            if about.source and form.figures.at(path) is None and filing.is_usable(path):
                source = (*there, about.source)
                old = as_scalar(before.value(source))
                old = last.figures.get(source) if old is None else old
                new = as_scalar(document.value(path))
                if about.measure and here.field.members[about.source].next.kind == "clear":
                    if parse(old).sign and parse(old) == parse(new):
                        left_over.append(path)
                elif not _same(about, old, new):
                    yield _differs(document, form, path, f"{before.file} 的“{about.source}”{_typed(old)}")
    if left_over:
        lines = "、".join(str(line) for line in dict.fromkeys(document.place(path).line for path in left_over))
        message = (
            f"{len(left_over)} 处照抄了 {before.file} 的预期值，不是实际数：第 {lines} 行；"
            f"第一处是“{path_text(left_over[0])}”：{show(document.value(left_over[0]))}。"
        )
        place, hint = document.place(left_over[0]), f"换成实际数{_still_unknown(form)}。"
        yield Finding(place, STILL_EXPECTED, message, hint, Level.WARNING, left_over[0])


def _still_unknown(form: Form) -> str:
    """Where to say that the actual values are not known yet; one sentence answers for all of them."""
    return f"；还没有实际数的，{line_of(STILL_EXPECTED, '', form)}" if form.fields.find_role("waivers") else ""


def _pairs(fields: Field, document: Document, before: Document) -> Iterator[tuple[_Group, ValuePath]]:
    """Groups of this year with the paths of the same ones last year."""
    rows = list(_groups(fields, document.data, _Group((), fields, (), ())))
    old = list(_groups(fields, before.data, _Group((), fields, (), ())))
    exact = {group.key: group.path for group in old}
    loose = {group.loose: group.path for group in old}
    keys = [Counter(group.key for group in groups) for groups in (rows, old)]
    names = [Counter(group.loose for group in groups) for groups in (rows, old)]
    for group in rows:
        if all(counted[group.key] == 1 for counted in keys):
            yield group, exact[group.key]
        elif all(counted[group.loose] == 1 for counted in names):
            yield group, loose[group.loose]


def _groups(field: Field, node: Data, at: _Group) -> Iterator[_Group]:
    """The groups that hold something from last year: those the schema names, there or not, and every row."""
    if field.kind == "object":
        if any(member.source for member in field.members.values()):
            yield at
        given = node if isinstance(node, dict) else {}
        for name in [*field.members, *(name for name in given if name not in field.members)]:
            if member := field.member(name):
                below = _Group((*at.path, name), member, (*at.key, name), (*at.loose, name))
                yield from _groups(member, given.get(name), below)
    elif field.kind == "array" and field.item and field.identity and isinstance(node, list):
        for number, row in enumerate(node):
            mark = plain_name(str(row.get(field.identity))) if isinstance(row, dict) else ""
            loose = tuple(step for step in at.loose if not step.startswith(_ROW))
            below = _Group((*at.path, number), field.item, (*at.key, _ROW + mark), (*loose, _ROW + mark))
            yield from _groups(field.item, row, below)


def _same(about: Field, old: Scalar, new: Scalar) -> bool:
    """Whether a value agrees with last year's; an expectation of last year, or nothing, is no claim."""
    if about.measure:
        was = parse(old)
        return was.is_blank or bool(was.sign) or compare_measures(was, parse(new)) is MeasureChange.SAME
    return bool(old == new or not (old or new))  # an amount that is not there is as good as 0


def _differs(document: Document, form: Form, path: ValuePath, before: str) -> Finding:
    names = [name for name in row_names(document.data, form.fields, path) if name]
    other = f"；确实不同的，{line_of(RULE, names[-1], form)}" if form.fields.find_role("waivers") else ""
    message = f"“{path_text(path)}”{_typed(as_scalar(document.value(path)))}，{before}。"
    return Finding(document.place(path), RULE, message, f"对照上一年的文件，改成一样的{other}。", Level.WARNING, path)


def _typed(value: Scalar) -> str:
    return "没有填" if value is None else f"是 {show(value)}"
