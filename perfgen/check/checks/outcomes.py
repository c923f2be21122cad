"""Outcomes that cannot be held against their promises: another unit, another direction, no exact number."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.check.reasons import line_of, row_names
from perfgen.data import Data, Scalar, ValuePath, as_scalar
from perfgen.fields import Field
from perfgen.findings import Finding, Level
from perfgen.form import value_advice
from perfgen.values import Measure, parse

ORDER = 52
GATE = False
RULE = "outcome-unlike"
RULES = {RULE: "结果（schema 的 x-outcome）和它的承诺不能比：单位不同、没有单位、不是准数，看不出有没有达到。"}


def check(filing: Filing) -> Iterator[Finding]:
    """A warning for each outcome that leaves open whether its promise was kept; none where one of both is not there."""
    for path, row in _rows(filing.form.fields, filing.document.data, ()):
        for name, promised in row.outcomes().items():
            if filing.is_usable((*path, name)) and filing.is_usable((*path, promised)):
                yield from _unlike(filing, path, row, name)


def _unlike(filing: Filing, path: ValuePath, row: Field, name: str) -> Iterator[Finding]:
    """Why an outcome of a row and its promise cannot be compared; nothing where they can."""
    form, where, promised = filing.form, (*path, name), row.members[name].outcome_of
    outcome, promise = (_measure(filing, (*path, member)) for member in (name, promised))
    row_name = next((known for known in reversed(row_names(filing.document.data, form.fields, where)) if known), "")
    compared = form.rules.vocabulary, outcome, promise, row_name
    if not (why := value_advice.why_unlike(*compared)):
        return
    titles = [row.members[member].title or member for member in (name, promised)]
    message = f"{titles[0]} {outcome.text}，{titles[1]} {promise.text}：{why}，看不出有没有达到。"
    other = f"；口径确实不同的，{line_of(RULE, row_name, form)}" if form.fields.find_role("waivers") else ""
    about = f"“{row_name}”" if row_name else ""
    hint = f"{value_advice.to_be_alike(*compared)}{other}。"
    yield Finding(filing.document.place(where), RULE, about + message, hint, Level.WARNING, where)


def _rows(field: Field, data: Data, path: ValuePath) -> Iterator[tuple[ValuePath, Field]]:
    """The groups and rows of the data that hold an outcome, with their paths."""
    if isinstance(data, dict):
        if field.outcomes():
            yield path, field
        for name, value in data.items():
            if (member := field.member(name)) is not None:
                yield from _rows(member, value, (*path, name))
    elif isinstance(data, list) and field.item is not None:
        for number, value in enumerate(data):
            yield from _rows(field.item, value, (*path, number))


def _measure(filing: Filing, path: ValuePath) -> Measure:
    """What is typed at a path, else what is computed for it."""
    typed: Scalar = as_scalar(filing.document.value(path))
    return parse(filing.figures.get(path) if typed is None else typed)
