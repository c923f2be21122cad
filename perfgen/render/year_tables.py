"""Writes the tables of all published files of a year as CSV: all values, the rows with a target value, the amounts.

The table of all values is the CSV files of its reports one after the other, cell by cell; it sees nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from perfgen.display import csv_of, guarded
from perfgen.notation import narrow
from perfgen.render.parts import open_tables
from perfgen.render.parts.csv_cells import rows_of
from perfgen.render.parts.made_files import content_of, require_same
from perfgen.render.parts.open_tables import Column
from perfgen.report.listing import Entry, Listing
from perfgen.report.summary import Summary

TARGETS = {"site": "public/data/values-{year}.csv"}
AFTER = ("data_csv", "summary")
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()

_LAST = 3
"""So many cells of a row of a file's CSV are about the value itself: place, title, content."""


def outputs(listing: Listing) -> dict[str, str]:
    """The tables of each year that has published files, with what they are made of."""
    wanted: dict[str, str] = {}
    for year, entries in _by_year(listing).items():
        files = [path for entry in entries if (path := _csv_of(listing, entry))]
        known = [entry.stem for entry in entries if entry.stem in listing.summaries]
        own = [(path, listing.made[path].sha256) for path in files]
        wanted[open_tables.path_of(open_tables.VALUES, year)] = repr((entries, own))
        for table in (open_tables.MEASURES, open_tables.AMOUNTS):
            wanted[open_tables.path_of(table, year)] = repr([(stem, listing.state(stem)) for stem in known])
    return wanted


def render(report: Listing) -> bytes:
    """The table that `path` names, as UTF-8. Raises ToolError where an output of a file cannot be read."""
    table, entries = _asked(report)
    wanted = open_tables.columns(table, _summaries(report, entries))
    return csv_of([[column.name for column in wanted], *_rows(report, table, entries, wanted)])


def _rows(listing: Listing, table: str, entries: list[Entry], wanted: tuple[Column, ...]) -> Iterator[list[str]]:
    """The rows as they are written."""
    if table == open_tables.VALUES:
        for entry in entries:
            whose = [guarded(text) for text in (entry.year, entry.unit, entry.form, entry.subject)]
            for row in _own_rows(listing, entry):
                yield [*whose, *row[-_LAST:]]
        return
    for summary in _summaries(listing, entries):
        for row in open_tables.rows(table, summary, wanted):
            yield [column.written(cell) for column, cell in zip(wanted, row, strict=True)]


def prove(content: bytes, report: Listing) -> int:
    """Compares each cell with the CSV file or the summary that it comes from, and gives the number of cells.

    Raises ProofError for a cell that differs, is missing, or should not be there.
    """
    table, entries = _asked(report)
    heads, *written = rows_of(content)
    wanted = open_tables.columns(table, _summaries(report, entries))
    require_same(report, [("CSV 的列", [column.name for column in wanted], heads)])
    own = list(_said(report, table, entries, wanted))
    require_same(report, [("CSV 的行数", len(own), len(written))])
    return require_same(
        report,
        (
            (f"CSV 第 {number} 行的{column.name}", said, said if _says(column, there, said) else there)
            for number, (row, cells) in enumerate(zip(own, written, strict=True), 2)
            for column, said, there in zip(wanted, row, cells, strict=True)
        ),
    )


def _said(listing: Listing, table: str, entries: list[Entry], wanted: tuple[Column, ...]) -> Iterator[list[str]]:
    """What the rows should say."""
    if table == open_tables.VALUES:
        for entry in entries:
            for row in _own_rows(listing, entry):
                yield [entry.year, entry.unit, entry.form, entry.subject, *row[-_LAST:]]
    else:
        for summary in _summaries(listing, entries):
            yield from open_tables.rows(table, summary, wanted)


def _says(column: Column, cell: str, said: str) -> bool:
    """Whether a cell says a text: as it is, guarded, or as the number that it is."""
    return _number(cell) == _number(said) if column.type == "number" else cell in (said, f"'{said}")


def _number(text: str) -> Decimal | None:
    """What a text is as a number; None for anything else. A year and a month are an amount here (2021.12)."""
    plain = narrow(text).replace(",", "")
    digits = plain.lstrip("+-").split(".")
    try:
        return Decimal(plain) if all(part.isascii() and part.isdigit() for part in digits) else None
    except InvalidOperation:
        return None


def _own_rows(listing: Listing, entry: Entry) -> list[list[str]]:
    """The rows of a file's own CSV without its heading; none where it is not there."""
    path = _csv_of(listing, entry)
    return rows_of(content_of(listing, path))[1:] if path else []


def _csv_of(listing: Listing, entry: Entry) -> str:
    """The path of a file's own CSV; empty where it was not made."""
    path = f"public/{entry.stem}/{entry.stem.rpartition('/')[2]}.csv"
    return path if path in listing.made else ""


def _asked(listing: Listing) -> tuple[str, list[Entry]]:
    """Which table is made, and of which files."""
    asked = {
        open_tables.path_of(table, year): (table, entries)
        for year, entries in _by_year(listing).items()
        for table in open_tables.TITLES
    }
    return asked[listing.path]


def _by_year(listing: Listing) -> dict[str, list[Entry]]:
    """The published files by the folder of their year, in their order."""
    years: dict[str, list[Entry]] = {}
    for entry in listing.entries:
        years.setdefault(entry.stem.partition("/")[0], []).append(entry)
    return years


def _summaries(listing: Listing, entries: list[Entry]) -> list[Summary]:
    """What is known of some files; a part of an older build may not know all."""
    return [listing.summary(entry.stem) for entry in entries if entry.stem in listing.summaries]
