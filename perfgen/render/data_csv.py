"""Writes the public data as one CSV (RFC 4180): a row for each value, with the path of the value."""

from __future__ import annotations

from collections.abc import Sequence

from perfgen.data import ValuePath
from perfgen.display import csv_of, guarded
from perfgen.prove.proof import compare_places
from perfgen.render.parts.csv_cells import rows_of, value_cell
from perfgen.report import open_data
from perfgen.report.report import Report

TARGETS = {"public": "public/{stem}/{name}.csv"}
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()

HEADING = ("年度", "单位", "位置", "名称", "内容")
"""What stands above the columns that every CSV has."""


def render(report: Report) -> bytes:
    """The CSV: year, unit, path, the field's title, the value.

    Of a form of which a unit has several, its title and what each is about stand after the unit.
    """
    subjects = report.subjects
    about = [report.form.title, *subjects.values()] if subjects else []
    titles = ["表", *(open_data.title(report, (name,)) for name in subjects)] if subjects else []
    rows: list[Sequence[str]] = [[*HEADING[:2], *titles, *HEADING[2:]]]
    for path, text in open_data.printed(report).items():
        where = "/".join(map(str, _counted(path)))
        cells = [report.year, report.unit, *about, where, open_data.title(report, path)]
        rows.append([*map(guarded, cells), _content(report, path, text)])
    return csv_of(rows)


def _counted(path: ValuePath) -> list[str | int]:
    """A path with list positions counted from 1, as people count."""
    return [step + 1 if isinstance(step, int) else step for step in path]


def _content(report: Report, path: ValuePath, text: str) -> str:
    """The text of a value as the CSV has it: bare where it is one number or one target, guarded otherwise."""
    return value_cell(text) if open_data.is_value(report, path) else guarded(text)


def prove(content: bytes, report: Report) -> int:
    """Compares each row with the view and gives the number of rows.

    Raises ProofError for a row that differs, is missing, or should not be there.
    """
    rows = rows_of(content)[1:]
    wanted = open_data.printed(report)
    compare_places(report, [("CSV 的行数", str(len(wanted)), str(len(rows)), ())])
    for (path, text), row in zip(wanted.items(), rows, strict=True):
        where = "/".join(map(str, _counted(path)))
        place, _, typed = row[-3:]
        written = text if typed == _content(report, path, text) else typed
        compare_places(
            report, [("CSV 的位置", where, place.removeprefix("'"), path), (f"CSV 的 {where}", text, written, path)]
        )
    return len(rows)
