"""The money of all units in a year: of each the large sums of one form, side by side where they mean the same.

Two sums mean the same where they are of one form, are called the same and counted in the same unit. Which form it is:
one about the units themselves before one about a subject of theirs, then the one that most of them have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from perfgen.display import round_half_up, show
from perfgen.report.datum import Datum
from perfgen.report.listing import Listing
from perfgen.report.site_lists import YearEntries, with_summaries
from perfgen.report.summary import Summary

_MOST_SUMS = 3
"""How many sums stand side by side."""


class SumKey(NamedTuple):
    """What a sum is called, and in which form."""

    form: str
    label: str
    unit: str


@dataclass(frozen=True)
class UnitSums:
    """The sums of a file; one that it does not have is not there."""

    summary: Summary
    values: Mapping[SumKey, Datum]

    def number(self, key: SumKey) -> Decimal:
        """The size of a sum; 0 where there is none."""
        return size(self.values.get(key, ""))


@dataclass(frozen=True)
class YearSums:
    """The sums of a form of a year."""

    year: str
    title: str
    """What the form is called."""
    keys: tuple[SumKey, ...]
    """The sums, in the form's order."""
    rows: tuple[UnitSums, ...]
    """The files, the largest first sum first."""

    @property
    def main(self) -> SumKey:
        """The sum that the files are ordered by."""
        return self.keys[0]

    @property
    def total(self) -> Decimal:
        """Of all files together."""
        return sum((row.number(self.main) for row in self.rows), Decimal(0))


def size(text: str) -> Decimal:
    """The number that a text of an amount is; 0 for one that is none.

    It is no target value: as one, 2025.5 would be a month.
    """
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def lengths(sizes: Sequence[Decimal]) -> tuple[str, ...]:
    """Of sizes the lengths of their bars: the largest has 100, what is less than nothing has none."""
    most = max(sizes, default=Decimal(0))
    return tuple(show(round_half_up(max(one, Decimal(0)) * 100 / most, 2)) if most > 0 else "0" for one in sizes)


def year_sums(listing: Listing, year: YearEntries) -> YearSums | None:
    """The sums of a year; None where no file has one."""
    entries = [entry for unit in year.units for entry in unit.entries]
    summaries = [listing.summary(entry.stem) for entry in with_summaries(listing, entries)]
    for about_units in (True, False):
        if found := _most_common([one for one in summaries if (not one.subject) == about_units]):
            return found
    return None


def latest_sums(listing: Listing, years: Iterable[YearEntries]) -> YearSums | None:
    """The sums of the first of some years that has any."""
    return next((sums for year in years if (sums := year_sums(listing, year))), None)


def _most_common(summaries: Sequence[Summary]) -> YearSums | None:
    counts: dict[SumKey, int] = {}
    for summary in summaries:
        for key in _sums(summary):
            counts[key] = counts.get(key, 0) + 1
    if not counts:
        return None
    main = max(counts, key=lambda key: counts[key])  # of equals the first
    keys = [main, *(key for key in counts if key != main and key[::2] == main[::2])][:_MOST_SUMS]
    rows = [UnitSums(one, sums) for one in summaries if main in (sums := _sums(one))]
    rows.sort(key=lambda row: row.number(main), reverse=True)
    title = rows[0].summary.title
    return YearSums(rows[0].summary.year, title, tuple(keys), tuple(rows))


def _sums(summary: Summary) -> dict[SumKey, Datum]:
    """The large sums of a file; of several that are called the same, the first."""
    found: dict[SumKey, Datum] = {}
    for number, amount in enumerate(summary.amounts):
        key = SumKey(summary.form, amount.label, amount.unit)
        found.setdefault(key, Datum(amount.value, summary.stem, f"a{number}"))
    return found
