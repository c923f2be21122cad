"""Writes the public data as one CSV (RFC 4180): a row for each value, with the path of the value.

The file is UTF-8 with CRLF line ends, and has a byte order mark: spreadsheets otherwise take it for another encoding.
A name or prose that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection). A number
or a target stays as it is.
"""

from __future__ import annotations

import csv
import io

from perfgen.data import ValuePath
from perfgen.prove.proof import compare_places
from perfgen.report import open_data
from perfgen.report.report import Report

TARGETS = {"public": "public/{stem}/{name}.csv"}
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()

_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADING = ("年度", "单位", "位置", "名称", "内容")


def render(report: Report) -> bytes:
    """The CSV: year, unit, path, the field's title, the value."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_HEADING)
    for path, text in open_data.printed(report).items():
        where = "/".join(map(str, _counted(path)))
        row = [report.year, report.unit, where, open_data.title(report, path)]
        writer.writerow([*map(_guarded, row), text if open_data.is_value(report, path) else _guarded(text)])
    return (_BOM + buffer.getvalue()).encode()


def _counted(path: ValuePath) -> list[str | int]:
    """A path with list positions counted from 1, as people count."""
    return [step + 1 if isinstance(step, int) else step for step in path]


def _guarded(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def prove(content: bytes, report: Report) -> int:
    """Compares each row with the view and gives the number of rows.

    Raises ProofError for a row that differs, is missing, or should not be there.
    """
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    wanted = open_data.printed(report)
    compare_places(report, [("CSV 的行数", str(len(wanted)), str(len(rows)), ())])
    for (path, text), row in zip(wanted.items(), rows, strict=True):
        where = "/".join(map(str, _counted(path)))
        written = row[4].removeprefix("'") if row[4] == _guarded(text) else row[4]
        compare_places(
            report, [("CSV 的位置", where, row[2].removeprefix("'"), path), (f"CSV 的 {where}", text, written, path)]
        )
    return len(rows)
