"""Writes one Excel workbook of all files of a year, for the bureau: it lies in official/ and never in public/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from perfgen.render.parts import xlsx
from perfgen.render.parts.made_files import require_same
from perfgen.render.parts.sheet import Cell, Sheet
from perfgen.render.parts.year_sheets import sheets
from perfgen.report.listing import Listing
from perfgen.report.summary import Summary

NAME = "全部单位.xlsx"
TARGETS = {"site": f"official/{{year}}/{NAME}"}
EDITION = "official"
AFTER = ("summary",)
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES = ("openpyxl", "lxml")
STYLES: tuple[str, ...] = ()


def outputs(listing: Listing) -> dict[str, str]:
    """A workbook for each year, with the files that it tells of."""
    public = _public(listing)
    return {
        _path(year): repr([(stem, listing.state(stem), stem in public) for stem in stems])
        for year, stems in _by_year(listing).items()
    }


def render(report: Listing) -> bytes:
    """The workbook of the year that `path` names."""
    year, made = _asked(report)
    return xlsx.written(made, f"{year}年{NAME.partition('.')[0]}")


def prove(content: bytes, report: Listing) -> int:
    """Compares each cell that is read back with what the summaries say, and gives the number of cells.

    Raises ProofError for a cell that differs, is missing, or should not be there.
    """
    _, made = _asked(report)
    there = xlsx.read(content)
    require_same(report, [("表页数", len(made), len(there))])
    count = 0
    for sheet, cells in zip(made, there, strict=True):
        count += require_same(report, _compared(sheet, cells))
    return count


def _compared(sheet: Sheet, there: Iterable[tuple[tuple[int, int], Cell]]) -> Iterator[tuple[str, object, object]]:
    """The cells of a sheet, in reading order, each with what it should hold and what it holds."""
    wanted = (((row, column), xlsx.shown(cell)) for row, column, cell in sheet.places())
    for (at, cell), (found, value) in zip_longest(wanted, there, fillvalue=(None, None)):
        if at != found or at is None:
            yield f"表页“{sheet.title}”有内容的格", _name(at), _name(found)
        else:
            yield f"“{sheet.title}”第 {at[0] + 1} 行第 {at[1] + 1} 列", cell, value


def _name(at: tuple[int, int] | None) -> str:
    return f"第 {at[0] + 1} 行第 {at[1] + 1} 列" if at else "没有"


def _asked(listing: Listing) -> tuple[str, list[Sheet]]:
    """The year of the workbook that is made, and its sheets."""
    year = next(year for year in _by_year(listing) if _path(year) == listing.path)
    summaries: list[Summary] = [listing.summary(stem) for stem in _by_year(listing)[year]]
    return year, sheets(year, summaries, _public(listing))


def _path(year: str) -> str:
    return f"official/{year}/{NAME}"


def _by_year(listing: Listing) -> dict[str, list[str]]:
    """The stems of all files by the folder of their year."""
    years: dict[str, list[str]] = {}
    for stem in listing.summaries:
        years.setdefault(stem.partition("/")[0], []).append(stem)
    return years


def _public(listing: Listing) -> frozenset[str]:
    """The stems of the files that have a public page."""
    folder, page = "public/", "/index.html"
    return frozenset(path.removeprefix(folder).removesuffix(page) for path in listing.made if path.endswith(page))
