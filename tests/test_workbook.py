"""The bureau's workbook of all files of a year: typed cells, the same bytes each time, and no formula anywhere."""

from __future__ import annotations

import datetime
import io
import os
import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from perfgen.project.snapshot import Project
from perfgen.prove.proof import ProofError
from perfgen.render import workbook
from perfgen.render.parts import sheet, xlsx, year_sheets
from perfgen.render.parts.sheet import Sheet
from perfgen.render.parts.zip_package import packed, parts_of
from perfgen.report.listing import Listing, Made
from perfgen.report.site import Site
from perfgen.report.summary import AmountSummary, ChangeSummary, MeasureSummary, Summary
from tests.helpers import site_data, tiny
from tests.helpers.site_data import build, public_files

FORMULA = '=HYPERLINK("http://evil.example","x")'
CODE = "_x0041_甲_x000D_"


def amount(label: str, value: str, past: tuple[tuple[str, str], ...] = (), *parts: AmountSummary) -> AmountSummary:
    return AmountSummary(label, label, value, "万元", "", past, parts)


def summary(unit: str, *amounts: AmountSummary, **changes: object) -> Summary:
    first = Summary(
        "a", "甲表", "2025", unit, "", f"2025/{unit}", unit, f"{unit}的表", "2025-01-24", "2025-02-20", True
    )
    return replace(first, amounts=amounts, **changes)


MEASURE = MeasureSummary("甲[1]", "办结率", ("甲", "乙"), "≥1,500.5元", "不低于", "1,500.5", "元", (("2024", "95%"),),
                         "1,600元", "达到", True)  # fmt: skip
WEAKER = ChangeSummary("放宽", "甲 › 办结率", "从 ≥95% 放宽到 ≥90%", "人手少", True)
DROPPED = ChangeSummary("取消", "甲 › 满意度", "没有了", "", True)
OTHERS = (ChangeSummary("资金减", "甲", "少 1", "", False), ChangeSummary("趋严", "乙", "严了", "", True))
PART = amount("其中", "0.1", (("2024", "0.2"),))
ALL = (
    summary("东局", amount("合计", "0.1", (("2024", "0.2"), ("2023", "7")), PART), measures=(MEASURE,),
            changes=(DROPPED, *OTHERS)),
    summary("西局", amount("合计", "88.3", (("2024", "1,000"),)), changes=(WEAKER,), approved="", published=""),
    summary("南局", amount("合计", "-3", (), amount("另外", "12345678901234567.8")), title="乙[表]:/" + "长" * 40),
    summary(FORMULA, title=CODE, subject="+1\x01"),
)  # fmt: skip


def listing(root: Path, *summaries: Summary) -> Listing:
    by_stem = {one.stem: one for one in summaries}
    made = {"public/2025/东局/index.html": Made("0" * 64, 1)}
    return Listing(Project.on_disk(root), "templates/site", Site({}), (), by_stem, "official/2025/全部单位.xlsx", made)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    one = listing(tmp_path_factory.mktemp("book"), *ALL)
    made = workbook.render(one)
    assert workbook.prove(made, one) > 60
    return made


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def values(page) -> list[list[object]]:
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_the_first_sheet_adds_amounts_and_lists_what_was_weakened(book):
    page = values(book.worksheets[0])
    assert page[0][0] == "2025年全部单位汇总" and page[1][0] == "4 个单位，4 份文件，其中 1 份已经公开。"
    heads = next(row for row in page if row[0] == "表")
    assert heads[:8] == ["表", "金额名称", "计量单位", "份数", "2025年", "2024年", "2023年", "往年不全的"]
    sums = [row for row in page if row[2] == "万元"]
    assert sums[0][:8] == ["甲表", "合计", "万元", 2, 88.4, 1000.2, 7, "2023年只有 1 份"]
    assert sums[1][:6] == ["甲表", "　其中", "万元", 1, 0.1, 0.2]
    assert [row[1] for row in sums] == ["合计", "　其中", "合计", "　另外"]
    weakened = page[next(at for at, row in enumerate(page) if row[3] == "变化") + 1 :]
    assert [row[:7] for row in weakened] == [
        ["西局", "甲表", None, "放宽", "甲 › 办结率", "从 ≥95% 放宽到 ≥90%", "人手少"],
        ["东局", "甲表", None, "取消", "甲 › 满意度", "没有了", None],
    ]


def test_where_nothing_was_weakened_it_says_so(tmp_path):
    one = listing(tmp_path, summary("东局"))
    pages = openpyxl.load_workbook(io.BytesIO(workbook.render(one))).worksheets
    assert values(pages[0])[-1][0] == "没有"


def test_each_form_has_a_sheet_of_its_amounts(book):
    titles = [page.title for page in book.worksheets]
    assert titles[:2] == ["汇总", "甲表"] and titles[-2:] == ["要求和结果", "公开情况"]
    assert titles[2] == ("乙_表___" + "长" * 40)[:31]
    assert values(book.worksheets[1]) == [
        ["单位", "事项", "合计（万元）", "合计 › 其中（万元）"], ["东局", None, 0.1, 0.1], ["西局", None, 88.3, None],
    ]  # fmt: skip


def test_titles_of_sheets_are_no_two_alike():
    names = ["汇总", "A" * 40, "a" * 41, "'", "要求和结果"]
    titles = list(year_sheets._sheet_titles(names).values())
    assert len({title.casefold() for title in (*titles, "汇总", "要求和结果")}) == len(names) + 2
    assert all(0 < len(title) <= 31 for title in titles)


def test_cells_have_their_types(book):
    measures = book["要求和结果"]
    heads = [cell.value for cell in measures[1]]
    row = dict(zip(heads, measures[2], strict=True))
    assert row["数值"].value == 1500.5 and row["数值"].data_type == "n" and row["数值"].number_format == "#,##0.0"
    assert row["要求"].value == "≥1,500.5元" and row["上年"].value == "95%" and row["分组"].value == "甲/乙"
    dates = book["公开情况"]
    heads = [cell.value for cell in dates[1]]
    by_unit = {cells[0].value: dict(zip(heads, cells, strict=True)) for cells in dates.iter_rows(min_row=2)}
    east, west = by_unit["东局"], by_unit["西局"]
    assert east["批复日期"].value == datetime.datetime(2025, 1, 24) and east["批复日期"].number_format == "yyyy-mm-dd"
    assert (east["状态"].value, east["批复后第几天"].value, east["迟了几天"].value) == ("已公开", 27, 7)
    assert (west["状态"].value, west["批复日期"].value) == ("没有日期", None)
    assert by_unit["南局"]["状态"].value == "没有公开"


def test_numbers_are_written_digit_by_digit(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        first = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    numbers = [cell.findtext("{*}v") for cell in first.iter("{*}c") if cell.get("t") == "n"]
    assert "88.4" in numbers and "1000.2" in numbers, "as a float, 88.4 is written with 14 decimals"
    assert sheet.number("12345678901234567.8") == "12345678901234567.8", "longer than a spreadsheet can keep: a text"
    assert sheet.number("1,260.50") == Decimal("1260.5") and sheet.number("—") == "—" and sheet.number("") == ""


def test_no_text_is_a_formula(content, book):
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    found = [cell for cell in cells if cell.value == FORMULA]
    assert found and all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any(b"<f>" in package.read(name) or b"<f " in package.read(name) for name in package.namelist())
        assert all(
            "_x005F_x0041_" in package.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (len(book.worksheets),)
        )
    assert dict(xlsx.read(content)[-1])[4, 1] == CODE


def test_sheets_are_laid_out_to_be_read_and_printed(book):
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "A2" and page.print_title_rows == "$1:$1"
        assert page.auto_filter.ref == page.dimensions
    for page in book.worksheets:
        assert page.page_setup.orientation == "landscape" and page.page_setup.fitToHeight == 0
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert all(5 < dimension.width < 50 for dimension in page.column_dimensions.values())


def test_the_same_data_gives_the_same_bytes_and_tells_of_nobody(content, tmp_path):
    again = workbook.render(listing(tmp_path, *ALL))
    assert again == content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert "2025年全部单位" in core and "creator" not in core and "created" not in core and "modified" not in core


@pytest.mark.parametrize(("before", "after"), [("88.4", "88.6"), ("人手少", "人手多"), ("没有公开", "已经公开")])
def test_a_changed_cell_fails_the_proof(content, tmp_path, before, after):
    parts = parts_of(content)
    escaped = [text.encode("ascii", "xmlcharrefreplace") for text in (before, after)]
    spoilt = {name: part.replace(*escaped) for name, part in parts.items()}
    assert spoilt != parts
    with pytest.raises(ProofError):
        workbook.prove(packed(spoilt), listing(tmp_path, *ALL))


def test_a_cell_that_is_missing_or_too_many_fails_the_proof(content, tmp_path):
    parts = parts_of(content)
    name = "xl/worksheets/sheet1.xml"
    cells = re.findall(rb"<c [^>]*[^/]>(?:(?!</c>).)+</c>", parts[name])
    for old, new in ((cells[-1], b""), (cells[-1], cells[-1] + cells[-1])):
        with pytest.raises(ProofError, match="有内容的格"):
            workbook.prove(packed({**parts, name: parts[name].replace(old, new)}), listing(tmp_path, *ALL))


def test_a_table_that_is_too_long_for_a_sheet_goes_on_with_its_heads_on_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(year_sheets, "MOST_ROWS", 3)
    one = listing(tmp_path, *ALL)
    content = workbook.render(one)
    assert workbook.prove(content, one) > 60
    pages = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    whole = values(openpyxl.load_workbook(io.BytesIO(_as_before(one, monkeypatch)))["公开情况"])
    parts = [values(page) for page in pages if page.title.startswith("公开情况")]
    assert len(parts) > 1 and all(len(part) <= 3 and part[0] == whole[0] for part in parts)
    assert [row for part in parts for row in part[1:]] == whole[1:]


def _as_before(one: Listing, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(year_sheets, "MOST_ROWS", 1000)
    return workbook.render(one)


def test_a_large_sheet_is_read_row_by_row():
    sheet_of_many = sheet.Sheet("多", tuple([Decimal(number)] for number in range(20_000)))
    content = xlsx.written([sheet_of_many], "多")
    (cells,) = xlsx.read(content)
    tracemalloc.start()
    try:
        assert sum(1 for _ in cells) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 1_500_000
    finally:
        tracemalloc.stop()


def test_it_is_about_all_files_and_lies_in_no_public_folder(tiny_project):
    (tiny_project / "data/site.yaml").write_text(tiny.SITE + "  2024: {批复日期: 2024-01-24}\n", "utf-8")
    settings = tiny_project / "data/site.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace("2025-02-10}", "2025-02-10, 单位: {西园: {公开日期: 2027-01-01}}}")
    )
    build(tiny_project, only=("summary", "data_csv", "html", "workbook", "year_tables"))
    assert not any(path.endswith(".xlsx") or "西园" in path for path in public_files(tiny_project))
    made = openpyxl.load_workbook(tiny_project / "build/official/2025/全部单位.xlsx")
    states = {row[0].value: row[3].value for row in made["公开情况"].iter_rows(min_row=2)}
    assert states == {"东园": "已公开", "西园": "没有公开"}


def test_it_is_made_again_when_a_file_changes_and_gone_with_the_last(tiny_project):
    formats = ("summary", "workbook")
    path = tiny_project / "build/official/2025/全部单位.xlsx"
    build(tiny_project, only=formats)
    before = path.read_bytes()
    assert build(tiny_project, only=formats).made == 0
    tiny.write_unit(tiny_project, "北园")
    build(tiny_project, only=formats)
    assert path.read_bytes() != before
    for unit in ("东园", "西园", "北园"):
        (tiny_project / f"data/2025/{unit}.yaml").unlink()
    build(tiny_project, only=formats)
    assert not path.exists()


def test_a_very_long_text_fits_its_cell():
    long = Sheet("长", (("头",), ("字" * 40_000,)))
    assert dict(xlsx.read(xlsx.written([long], "长"))[0])[1, 0] == "字" * 15_999 + "…"


@pytest.fixture
def calc(soffice):
    """LibreOffice with its Calc."""
    folder = Path(soffice).resolve().parent
    if not any((folder / name).exists() for name in ("libsclo.so", "libsclo.dylib", "sclo.dll")):
        if os.environ.get("PERFGEN_TESTS_REQUIRE") == "all":
            pytest.fail("LibreOffice Calc is required here and not installed")
        pytest.skip("没有 LibreOffice Calc；装上 libreoffice-calc-nogui 就会测")


def test_libreoffice_opens_it_and_sees_the_same(calc, convert, content, tmp_path):
    path = tmp_path / "全部单位.xlsx"
    path.write_bytes(content)
    (made,) = convert([path], "ods", tmp_path)
    with zipfile.ZipFile(made) as package:
        tree = etree.fromstring(package.read("content.xml"))
    assert not tree.xpath("//@*[local-name() = 'formula']")
    seen = [dict(_seen(page)) for page in tree.iter("{*}table")]
    assert seen == list(map(dict, xlsx.read(content)))


def _seen(page: etree._Element) -> Iterator[tuple[tuple[int, int], object]]:
    """The cells of a sheet as OpenDocument has them."""
    row = 0
    for line in page.iter("{*}table-row"):
        cells = [cell for one in line for cell in [_value(one)] * _times(one, "columns") if _times(one, "columns") < 99]
        for _ in range(_times(line, "rows") if any(cell is not None for cell in cells) else 1):
            yield from (((row, column), cell) for column, cell in enumerate(cells) if cell is not None)
            row += 1
        row += 0 if any(cell is not None for cell in cells) else _times(line, "rows") - 1


def _times(element: etree._Element, of: str) -> int:
    """How often a cell or a row stands there."""
    return int(next(iter(element.xpath(f"@*[local-name() = 'number-{of}-repeated']")), 1))


def _value(cell: etree._Element) -> object:
    """What a cell holds; None for nothing."""
    (kind,) = cell.xpath("@*[local-name() = 'value-type'][. != 'error']")[:1] or [""]
    (text,) = cell.xpath("@*[local-name() = 'value' or local-name() = 'date-value']")[:1] or [""]
    words = "\n".join("".join(part.itertext()) for part in cell.iter("{*}p"))
    return {"float": Decimal, "date": datetime.date.fromisoformat}[kind](text) if text else words or None


def test_samples_become_a_workbook_that_is_proven(tmp_path):
    root = site_data.samples(tmp_path / "p", *site_data.FILES[:2])
    build(root, only=("summary", "workbook"))
    made = openpyxl.load_workbook(root / "build/official/2025/全部单位.xlsx")
    rows = values(made.worksheets[0])
    assert any(row[1] == "收入合计" and row[4:7] == [548.46, 532.92, 522.55] for row in rows)
    assert sum(row[3] == "放宽" for row in rows) >= 2
