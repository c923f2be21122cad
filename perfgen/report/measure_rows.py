"""Finds the rows with a target value in a report: what is promised, how it was before, what came of it.

Nothing here knows what a form calls them: by the schema a row has a promise (`x-measure`), values of earlier years
(`x-next`) and an outcome (`x-outcome`), and stands in groups (`x-groups`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from perfgen import values
from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.grouping import grouping
from perfgen.form.past_values import years_back
from perfgen.table.view import Record, Rows, Text, View, ViewNode, members, path_of
from perfgen.values import Vocabulary

DIRECTIONS = {"≥": "不低于", "≤": "不高于", ">": "高于", "<": "低于", "=": "等于"}
"""The signs of target values in words."""


@dataclass(frozen=True)
class MeasureRow:
    """A row with a target value; its texts have their paths."""

    path: ValuePath
    """That of the row."""
    name: str
    groups: tuple[str, ...]
    """What it stands in, the outermost first: the title of the list, then the names of groups."""
    value: str
    """What is promised, as it is printed; empty where only an outcome is there."""
    direction: str = ""
    """The direction in words; empty where the value has none, or is no number."""
    number: str = ""
    unit: str = ""
    """Number and unit as they are typed; both empty where the value is no single number."""
    past: tuple[tuple[str, str], ...] = ()
    """The value of earlier years, each with its year, the latest first."""
    outcome: str = ""
    """What came of it; empty where nobody has said."""
    reached: str = ""
    """Whether that is what was promised, in words; empty where nobody has said."""
    highlight: bool = False
    """Whether a page says it first."""


def measure_rows(view: View, fields: Field, vocabulary: Vocabulary, year: str) -> tuple[MeasureRow, ...]:
    """All rows with a target value, in the form's order; `year` is the report's own.

    Where the schema marks nothing (`x-highlight`), the rows with a number are those that a page says first.
    """
    found = tuple(_Finder(vocabulary, int(year)).rows(view, fields, (), marked=False))
    if any(row.highlight for row in found):
        return found
    return tuple(replace(row, highlight=bool(row.number)) for row in found)


@dataclass(frozen=True)
class _Finder:
    """Walks through a view and its fields together."""

    vocabulary: Vocabulary
    year: int

    def rows(self, node: ViewNode, field: Field, groups: tuple[str, ...], *, marked: bool) -> Iterator[MeasureRow]:
        """The rows in a part of a view."""
        marked = marked or field.highlight
        if isinstance(node, Rows) and field.item:
            for item in node:
                yield from self._item(item, field, groups, marked=marked)
        elif isinstance(node, Record):
            yield from self._members(node, field, groups, marked=marked)

    def _item(self, item: ViewNode, field: Field, groups: tuple[str, ...], *, marked: bool) -> Iterator[MeasureRow]:
        """The row that an item of a list is, or those in it."""
        assert field.item is not None
        promises = _promises(field.item)
        if promises and isinstance(item, Record):
            promise = next((name for name in promises if members(item).get(name)), promises[0])
            row = self._row(item, field, promise, groups)
            if row:
                yield replace(row, highlight=marked or field.item.highlight)
        else:
            yield from self.rows(item, field.item, groups, marked=marked)

    def _members(self, node: Record, field: Field, groups: tuple[str, ...], *, marked: bool) -> Iterator[MeasureRow]:
        """The rows below the members of a group; the list of its groups shows these once more and is left out."""
        grouped = grouping(field)
        for name, below in members(node).items():
            member = field.member(name)
            if member is None or isinstance(below, Text) or (grouped and name == grouped.rows):
                continue
            is_named = bool(grouped) or not groups
            named = (*groups, name if grouped else member.title or name) if is_named else groups
            yield from self.rows(below, member, named, marked=marked)

    def _row(self, item: Record, field: Field, promise: str, groups: tuple[str, ...]) -> MeasureRow | None:
        """A row of a list; None for one that says nothing, as one that is private."""
        row, texts = field.item, members(item)
        assert row is not None
        outcome = next((texts[name] for name, of in row.outcomes().items() if of == promise and name in texts), "")
        value, name = texts.get(promise), texts.get(field.identity or _first_text(row))
        if not (isinstance(value, Text) and isinstance(name, Text) and name and (value or outcome)):
            return None
        sign, number, unit = _number_of(str(value))
        return MeasureRow(
            path_of(item), name, groups, value, DIRECTIONS.get(sign, ""), number, unit,
            past=tuple(self._past(texts, row, promise)),
            outcome=outcome if isinstance(outcome, Text) else "",
            reached=self._reached(str(value), str(outcome), str(name)),
        )  # fmt: skip

    def _past(self, texts: Mapping[str, ViewNode], row: Field, promise: str) -> Iterator[tuple[str, str]]:
        """The values of earlier years: they come from the promise, or from what came of it."""
        names = (promise, *(name for name, of in row.outcomes().items() if of == promise))
        found = {past: back for name in names for back, past in years_back(row, name)}
        for past, back in sorted(found.items(), key=lambda pair: pair[1]):
            text = texts.get(past)
            if isinstance(text, Text) and text:
                yield str(self.year - back), text

    def _reached(self, promise: str, outcome: str, name: str) -> str:
        said = values.reached(values.parse(promise), values.parse(outcome), name, self.vocabulary)
        return said.value


def _promises(row: Field) -> list[str]:
    """The members of a row that hold its target values: the one that the schema marks first, then in its order."""
    names = [name for name, member in row.members.items() if member.is_promise]
    return sorted(names, key=lambda name: not row.members[name].highlight)


def _number_of(typed: str) -> tuple[str, str, str]:
    """Sign, number and unit of a target value; nothing where it is no single number."""
    measure = values.parse(typed)
    if not measure.is_number or measure.high is not None or measure.label:
        return "", "", ""
    return values.taken_apart(typed)


def _first_text(row: Field) -> str:
    """The first member of a row that holds words."""
    return next((name for name, member in row.members.items() if member.textual and not member.measure), "")
