"""A printed text of a summary that knows where it stands there, so that a page about many reports can be read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfgen.report.summary import AmountSummary, MeasureSummary, Summary

WAY = " › "
"""What stands between the parts of the label of a change."""
SOURCE, AT = "data-source", "data-at"
"""The attributes that say, in HTML, of which file a text is and where it stands in its summary."""


class Datum(str):
    """A text of a summary.

    `source` is the stem of the file, or what a page calls the file; `at` is where the text stands in its summary: an
    amount `a0`, a part of it `a0.1`, a row `m3`, a change `c2`, and after a colon the member: `m3:outcome`, or the year
    of a past value: `a0:2024`. Without a colon it is the value.
    """

    source: str
    at: str
    __slots__ = ("at", "source")

    def __new__(cls, text: str, source: str, at: str) -> Datum:
        """A text with its place."""
        instance = super().__new__(cls, text)
        instance.source, instance.at = source, at
        return instance


def texts(summary: Summary) -> dict[str, str]:
    """By its place, every text of a summary that a page may print."""
    found = {f":{name}": getattr(summary, name) for name in ("unit", "subject", "title", "year", "published")}
    for number, amount in enumerate(summary.amounts):
        found.update(_of_amount(f"a{number}", amount))
    for number, row in enumerate(summary.measures):
        found.update(_of_row(f"m{number}", row))
    for number, change in enumerate(summary.changes):
        found.update((f"c{number}:{name}", getattr(change, name)) for name in ("kind", "sentence", "reason"))
        found[f"c{number}:way"], _, found[f"c{number}:name"] = change.label.rpartition(WAY)
    return found


class Stands(NamedTuple):
    """An amount and where it stands."""

    at: str
    amount: AmountSummary


def all_amounts(summary: Summary) -> Iterator[Stands]:
    """The large sums of a summary, each before its parts."""
    for number, amount in enumerate(summary.amounts):
        yield from _with_parts(f"a{number}", amount)


def _with_parts(at: str, amount: AmountSummary) -> Iterator[Stands]:
    yield Stands(at, amount)
    for number, part in enumerate(amount.parts):
        yield from _with_parts(f"{at}.{number}", part)


def _of_amount(at: str, amount: AmountSummary) -> Iterator[tuple[str, str]]:
    for place, one in _with_parts(at, amount):
        yield place, one.value
        yield f"{place}:label", one.label
        yield from ((f"{place}:{year}", text) for year, text in one.past)


def _of_row(at: str, row: MeasureSummary) -> Iterator[tuple[str, str]]:
    yield at, row.value
    yield from ((f"{at}:{name}", getattr(row, name)) for name in ("name", "outcome", "reached"))
    yield from ((f"{at}:{year}", text) for year, text in row.past)
