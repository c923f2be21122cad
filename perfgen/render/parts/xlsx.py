"""Writes sheets as an Excel workbook (ECMA-376), the same bytes each time, and reads one back.

No text becomes a formula, whatever it begins with. openpyxl is imported only when a workbook is made.
"""

from __future__ import annotations

import functools
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lxml import etree

from perfgen.display import guarded, show, visible
from perfgen.render.parts.sheet import Cell, Sheet
from perfgen.render.parts.zip_package import packed, parts_of

_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'
)
"""Properties without persons and times."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet would take for the code of a character (ECMA-376 Part 1, 22.9.2.19)."""
_EPOCH = date(1899, 12, 30)
_FONT, _HEAD_COLOR, _DAY = "宋体", "DDE6F0", "yyyy-mm-dd"
_NARROWEST, _WIDEST, _WIDE = 6, 28, 44
_LONGEST = 16_000
"""So many characters a cell gets: it may hold 32,767, and with codes a text is at most twice as long."""
_LINE = 14
"""The height of a line, in points."""
_ROWS_LOOKED_AT = 200
_A4 = 9


def written(sheets: list[Sheet], title: str) -> bytes:
    """A workbook with these sheets."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    parts = parts_of(buffer.getvalue())
    parts["docProps/core.xml"] = _CORE.format(_escaped_xml(title)).encode()
    return packed(parts)


class _Cells:
    """The cells of a sheet. Those that look the same are one object: each is written before the next is asked for."""

    def __init__(self, target: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        line = Side(style="thin", color="BBBBBB")
        self.target = target
        self.border = Border(left=line, right=line, top=line, bottom=line)
        self.font, self.bold = Font(name=_FONT, size=10), Font(name=_FONT, size=10, bold=True)
        self.headline = Font(name=_FONT, size=14, bold=True)
        self.fill = PatternFill("solid", fgColor=_HEAD_COLOR)
        self.text = Alignment(vertical="top", wrap_text=True)
        self.head = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.plain = Alignment(vertical="center")
        self.made: dict[tuple[str, str, bool], Any] = {}

    def cell(self, cell: Cell, look: str, number_format: str) -> Any:
        """A cell with its type and style, until the next one."""
        if isinstance(cell, Decimal):
            # as a number, it would be written with the error of a float
            return self._styled(look, number_format or _format_of(cell), show(cell), "n")
        if isinstance(cell, date):
            return self._styled(look, _DAY, cell, "d")
        text, is_formula = _stored(cell or "")
        return self._styled(look, "", text or None, "s", is_quoted=look == "body" and is_formula)

    def _styled(self, look: str, number_format: str, value: object, kind: str, *, is_quoted: bool = False) -> Any:
        key = (look, number_format, is_quoted)
        if key not in self.made:
            self.made[key] = self._new(look, number_format, is_quoted=is_quoted)
        made = self.made[key]
        made.value = value
        if value is not None:
            made.data_type = kind
        return made

    def _new(self, look: str, number_format: str, *, is_quoted: bool) -> Any:
        from openpyxl.cell import WriteOnlyCell

        made = WriteOnlyCell(self.target)
        made.font = {"title": self.headline, "head": self.bold}.get(look, self.font)
        made.alignment = {"head": self.head, "body": self.text}.get(look, self.plain)
        if look in ("head", "body"):
            made.border = self.border
        if look == "head":
            made.fill = self.fill
        if number_format:
            made.number_format = number_format
        if is_quoted:
            made.quotePrefix = True  # who edits it gets no formula either
        return made


def _write(target: Any, sheet: Sheet) -> None:
    """Lays out a sheet and writes its rows."""
    from openpyxl.utils import get_column_letter

    widths = [_width(sheet, column) for column in range(sheet.columns)]
    for column, width in enumerate(widths, 1):
        target.column_dimensions[get_column_letter(column)].width = width
    target.freeze_panes = f"A{sheet.heads[0] + 2 if sheet.is_one_table else 2}"
    if sheet.is_one_table:
        target.print_title_rows = "1:1"
        target.auto_filter.ref = f"A1:{get_column_letter(max(1, sheet.columns))}{max(1, len(sheet.rows))}"
    target.page_setup.orientation, target.page_setup.paperSize = "landscape", _A4
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.oddFooter.center.text = "第 &P 页，共 &N 页"
    cells = _Cells(target)
    formats = [_number_format(sheet, column) for column in range(sheet.columns)]
    for at, row in enumerate(sheet.rows):
        look = _look(sheet, at)
        if look in ("head", "body") and (lines := _lines(row, widths)) > 1:
            target.row_dimensions[at + 1].height = lines * _LINE  # not every program finds it by itself
        target.append(cells.cell(cell, look, form) for cell, form in zip(row, formats, strict=False))


def _look(sheet: Sheet, row: int) -> str:
    """How a row looks, in one word."""
    looks = {"title": sheet.titles, "note": sheet.notes, "head": sheet.heads}
    return next((look for look, rows in looks.items() if row in rows), "body")


def _number_format(sheet: Sheet, column: int) -> str:
    """With as many decimals as the number of a column that has most, so that they stand below one another.

    Empty where they are counted in different units.
    """
    if column in sheet.mixed:
        return ""
    cells = (row[column] for row in sheet.rows if column < len(row))
    return _format_of(*(cell for cell in cells if isinstance(cell, Decimal)))


def _format_of(*numbers: Decimal) -> str:
    exponents = (number.as_tuple().exponent for number in numbers)
    places = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    return "#,##0" + (f".{'0' * places}" if places > 0 else "")


def _width(sheet: Sheet, column: int) -> int:
    """The width of a column by what stands in it, headlines aside; a Chinese character counts twice."""
    rows = [row for at, row in enumerate(sheet.rows[:_ROWS_LOOKED_AT]) if at not in sheet.titles and column < len(row)]
    widest = max((_length(str(row[column] or "")) for row in rows), default=0)
    most = _WIDE if column in sheet.wide else _WIDEST
    return min(max(widest + 3, _NARROWEST), most)


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """How many lines the texts of a row take in columns of these widths."""
    texts = [(cell, width) for cell, width in zip(row, widths, strict=False) if isinstance(cell, str)]
    return max((sum(1 + (_length(line) - 1) // (width - 2) for line in text.split("\n")) for text, width in texts),
               default=1)  # fmt: skip


def _length(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


@functools.lru_cache(maxsize=20_000)
def _stored(text: str) -> tuple[str, bool]:
    """A text as a workbook stores it, and whether it would be a formula where somebody types it.

    What looks like the code of a character is none.
    """
    stored = _ESCAPE.sub("_x005F_", _fitting(text))
    return stored, guarded(stored) != stored


def _escaped_xml(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_Place = tuple[int, int]
"""Row and column, from 0."""


def read(package: bytes) -> list[Iterator[tuple[_Place, Cell]]]:
    """The cells of each sheet, in the order of the sheets, each with its place, as they stand in the file.

    They are read while somebody asks for them: of a large sheet little is in memory. Raises ValueError for a formula.
    """
    parts = parts_of(package)
    names = sorted((name for name in parts if name.startswith("xl/worksheets/sheet")), key=_number_in)
    days = _styles_of_days(parts["xl/styles.xml"])
    return [_cells(parts[name], days) for name in names]


def shown(cell: Cell) -> Cell:
    """A value as reading it back gives it."""
    return _fitting(cell) if isinstance(cell, str) else cell


def _fitting(text: str) -> str:
    """A text as a cell can hold it; of a very long one the beginning."""
    readable = visible(text)
    return readable if len(readable) <= _LONGEST else readable[: _LONGEST - 1] + "…"


def _number_in(name: str) -> int:
    return int(re.sub(r"\D", "", name))


def _styles_of_days(styles: bytes) -> set[str]:
    """The numbers of the styles of cells that show a day."""
    root = etree.fromstring(styles)
    codes = {one.get("numFmtId") for one in root.iter(f"{_MAIN}numFmt") if one.get("formatCode") == _DAY}
    formats = root.find(f"{_MAIN}cellXfs")
    return {str(at) for at, one in enumerate(formats if formats is not None else ()) if one.get("numFmtId") in codes}


def _cells(sheet: bytes, days: set[str]) -> Iterator[tuple[_Place, Cell]]:
    for _, row in etree.iterparse(io.BytesIO(sheet), tag=f"{_MAIN}row"):
        for element in row.iter(f"{_MAIN}c"):
            if element.find(f"{_MAIN}f") is not None:
                raise ValueError("a formula")
            if text := "".join(map(str, element.itertext())):
                yield _place(element.get("r", "")), _value(text, element, days)
        row.clear()
        while row.getprevious() is not None:  # the row stays in the tree until the next one is read
            del row.getparent()[0]


def _value(text: str, element: Any, days: set[str]) -> Cell:
    if element.get("t") != "n":
        return re.sub(r"_x005F_(?=x[0-9A-Fa-f]{4}_)", "_", text)
    return _EPOCH + timedelta(days=int(text)) if element.get("s") in days else Decimal(text)


def _place(name: str) -> _Place:
    """Row and column, from 0, of a name such as B7."""
    letters = re.sub(r"\d", "", name)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :]) - 1, column - 1
