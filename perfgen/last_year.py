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
from decimal import Decimal

from perfgen.display import show
from perfgen.fields import CLEAR, Field
from perfgen.figures import names_of
from perfgen.findings import Finding, Level, Path, path_text
from perfgen.forms import Form
from perfgen.values import Change, change, parse, plain_name
from perfgen.yaml_source import Data, Document

RULE, STILL_EXPECTED = "last-year", "last-year-expected"
_ROW = "#"
"""Begins a row's name in a key, so that no field's name is taken for it."""


@dataclass(frozen=True)
class _Group:
    """A group with members that come from last year's file, and what it is recognised by there."""

    path: Path
    field: Field
    key: tuple[str, ...]
    """The way to it, each list position as the name of the row."""
    loose: tuple[str, ...]
    """Only the innermost row's name: for a row whose surroundings were renamed."""


def differences(document: Document, before: Document, form: Form) -> Iterator[Finding]:
    """A warning for each value that is not what last year's file says, a note for each expectation left over.

    Both documents are valid. Rows that last year's file does not have are new, and nothing is
    said of them. Raises FormulaError when a figure of last year's cannot be computed.
    """
    computed = form.figures.compute(before.data)
    figures = {figure.path for figure in form.figures.figures}
    for here, there in _pairs(form.fields, document, before):
        for name, about in here.field.members.items():
            path = (*here.path, name)
            if about.source and names_of(path) not in figures:
                source = (*there, about.source)
                old = before.value(source)
                say = _Comparison(document, before, form, path, source)
                yield from say.of(about, here.field.members[about.source], computed.get(source) if old is None else old)


def _pairs(fields: Field, document: Document, before: Document) -> Iterator[tuple[_Group, Path]]:
    """Groups of this year with the paths of the same ones last year."""
    rows = list(_groups(fields, document.data, _Group((), fields, (), ())))
    old = list(_groups(fields, before.data, _Group((), fields, (), ())))
    exact = {group.key: group.path for group in old}
    loose = {group.loose: group.path for group in old}
    once = Counter(group.loose for group in rows), Counter(group.loose for group in old)
    for group in rows:
        if group.key in exact:
            yield group, exact[group.key]
        elif all(counted[group.loose] == 1 for counted in once):
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


@dataclass(frozen=True)
class _Comparison:
    """One value of this year and where it comes from."""

    document: Document
    before: Document
    form: Form
    path: Path
    source: Path

    def of(self, about: Field, source: Field, old: Data) -> Iterator[Finding]:
        """What there is to say about it; `old` is what last year's file gives."""
        new = self.document.value(self.path)
        if about.measure:
            was, now = parse(old), parse(new)
            if source.next == CLEAR:
                if was.sign and was == now:
                    yield self._still_expected(show(new))
            elif not (was.is_blank or was.sign) and change(was, now) is not Change.SAME:
                yield self._differs(new, old)
        elif old != new and (old or new):  # an amount that is not there is as good as 0
            yield self._differs(new, old)

    def _differs(self, new: Data, old: Data) -> Finding:
        waivers = self.form.fields.find_role("waivers")
        other = f"；确实不同的，在“{waivers}”里写明 {RULE} 的理由" if waivers else ""
        message = f"“{path_text(self.path)}”{_typed(new)}，{self.before.file} 的“{self.source[-1]}”{_typed(old)}。"
        hint = f"对照上一年的文件，改成一样的{other}。"
        return Finding(self.document.place(self.path), RULE, message, hint, Level.WARNING, self.path)

    def _still_expected(self, text: str) -> Finding:
        message = f"“{path_text(self.path)}”是 {text}，照抄了 {self.before.file} 的“{self.source[-1]}”，不是实际数。"
        place, hint = self.document.place(self.path), "有了实际数就换上。"
        return Finding(place, STILL_EXPECTED, message, hint, Level.NOTE, self.path)


def _typed(value: Decimal | str | None) -> str:
    return "没有填" if value is None else f"是 {show(value)}"
