"""Finds the rows with a target value in a report: what is promised, how it was before, what came of it.

Nothing here knows what a form calls them: by the schema a row has a promise (`x-measure`), values of earlier years
(`x-next`) and an outcome (`x-outcome`), and stands in groups (`x-groups`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from perfgen import values
from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.grouping import grouping
from perfgen.form.past_values import years_back
from perfgen.table.view import Record, Rows, Text, View, ViewNode, members, path_of
from perfgen.values import Achievement, Vocabulary

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
    about: str = ""
    """What the outermost list says of the item that it stands in, as a goal; empty where it stands in none."""
    is_of_year: bool = True
    """Whether it is about the report's own year, and not about a longer time."""
    notes: tuple[tuple[str, str], ...] = ()
    """What else the row says, each with the title of its field, in the form's order."""
    result: MeasureRow | None = None
    """The row of the same name in a file that the form refers to and that says what came of it."""

    @property
    def verdict(self) -> str:
        """Whether it came to what was promised, in words, whoever says so; empty where nobody does."""
        return self.reached or (self.result.reached if self.result else "")

    @property
    def is_missed(self) -> bool:
        """Whether it did not come to what was promised."""
        return self.verdict == Achievement.MISSED.value

    @property
    def key(self) -> tuple[str, tuple[str, ...], str]:
        """What it has in common with the rows of other files that mean the same."""
        return str(self.about), tuple(map(str, self.groups[1:])), str(self.name)


def measure_rows(view: View, fields: Field, vocabulary: Vocabulary, year: str) -> tuple[MeasureRow, ...]:
    """All rows with a target value, in the form's order; `year` is the report's own.

    Lists with earlier values or outcomes are about the year, and others beside them about a longer time. Where the
    schema marks nothing (`x-highlight`), the rows of the year with a number are those that a page says first.
    """
    found = tuple(_Finder(vocabulary, int(year)).rows(view, fields, _Around()))
    if any(row.is_of_year for row in found) and not all(row.is_of_year for row in found):
        found = tuple(row if row.is_of_year else replace(row, highlight=False) for row in found)
    else:
        found = tuple(replace(row, is_of_year=True) for row in found)
    if any(row.highlight for row in found):
        return found
    return tuple(replace(row, highlight=row.is_of_year and bool(row.number)) for row in found)


def with_results(rows: tuple[MeasureRow, ...], others: Iterable[tuple[MeasureRow, ...]]) -> tuple[MeasureRow, ...]:
    """Rows with what other files say came of them, where these have rows of the same goal, groups and name."""
    results: dict[tuple[str, tuple[str, ...], str], MeasureRow] = {}
    for of_file in others:
        for row in of_file:
            if row.outcome:
                results.setdefault(row.key, row)
    if not results:
        return rows
    return tuple(replace(row, result=results.get(row.key)) if row.is_of_year else row for row in rows)


@dataclass(frozen=True)
class _Around:
    """What a part of a view stands in."""

    groups: tuple[str, ...] = ()
    is_marked: bool = False
    about: str = ""

    def inside(self, field: Field) -> _Around:
        """The same for what lies in a field."""
        return replace(self, is_marked=True) if field.highlight else self


@dataclass(frozen=True)
class _Finder:
    """Walks through a view and its fields together."""

    vocabulary: Vocabulary
    year: int

    def rows(self, node: ViewNode, field: Field, around: _Around) -> Iterator[MeasureRow]:
        """The rows in a part of a view."""
        if isinstance(node, Rows) and field.item:
            for item in node:
                yield from self._item(item, field, around.inside(field))
        elif isinstance(node, Record):
            yield from self._members(node, field, around.inside(field))

    def _item(self, item: ViewNode, field: Field, around: _Around) -> Iterator[MeasureRow]:
        """The row that an item of a list is, or those in it."""
        assert field.item is not None
        promises = _promises(field.item)
        if promises and isinstance(item, Record):
            promise = next((name for name in promises if members(item).get(name)), promises[0])
            if row := self._row(item, field, promise, around.inside(field.item)):
                yield row
            return
        if not around.about and isinstance(item, Record):
            around = replace(around, about=_said_of(item, field))
        yield from self.rows(item, field.item, around)

    def _members(self, node: Record, field: Field, around: _Around) -> Iterator[MeasureRow]:
        """The rows below the members of a group; the list of its groups shows these once more and is left out."""
        grouped = grouping(field)
        for name, below in members(node).items():
            member = field.member(name)
            if member is None or isinstance(below, Text) or (grouped and name == grouped.rows):
                continue
            is_named = bool(grouped) or not around.groups
            named = (*around.groups, name if grouped else member.title or name) if is_named else around.groups
            yield from self.rows(below, member, replace(around, groups=named))

    def _row(self, item: Record, field: Field, promise: str, around: _Around) -> MeasureRow | None:
        """A row of a list; None for one that says nothing, as one that is private."""
        row, texts = field.item, members(item)
        assert row is not None
        found = next((texts[name] for name, of in row.outcomes().items() if of == promise and name in texts), None)
        outcome = found if isinstance(found, Text) else Text("", ())
        value, name = texts.get(promise), texts.get(field.identity or _first_text(row))
        if not (isinstance(value, Text) and isinstance(name, Text) and name and (value or outcome)):
            return None
        sign, number, unit = _number_of(str(value))
        past = tuple(self._past(texts, row, promise))
        return MeasureRow(
            path_of(item), name, around.groups, value, DIRECTIONS.get(sign, ""), number, unit,
            past=past,
            outcome=outcome,
            reached=self._reached(value, outcome, name),
            highlight=around.is_marked, about=around.about, is_of_year=_is_of_year(row, promise),
            notes=tuple(_notes(texts, row, {name.path, value.path, outcome.path, *(text.path for _, text in past)})),
        )  # fmt: skip

    def _past(self, texts: Mapping[str, ViewNode], row: Field, promise: str) -> Iterator[tuple[str, Text]]:
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


def _notes(texts: Mapping[str, ViewNode], row: Field, told: Container[ValuePath]) -> Iterator[tuple[str, str]]:
    """The single values of a row that are there, that the form prints, and that are not told otherwise."""
    for name, text in texts.items():
        if isinstance(text, Text) and text and text.path not in told:
            member = row.member(name)
            if member and member.printed:
                yield member.title or name, text


def _is_of_year(row: Field, promise: str) -> bool:
    """Whether a row has room beside its promise for earlier years, or for what came of it."""
    return promise in row.outcomes().values() or any(True for _ in years_back(row, promise))


def _said_of(item: Record, field: Field) -> str:
    """What an item of a list is known by, its own words; empty where it has none."""
    assert field.item is not None
    said = members(item).get(field.identity or _first_text(field.item))
    return said if isinstance(said, Text) else ""


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
