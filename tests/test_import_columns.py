"""A row is placed by the columns that Word gives its cells: what is merged, split or thin moves nothing aside."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from perfgen.build import job
from perfgen.importing import import_file
from perfgen.importing.paper.word_text import Revisions
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import WHO, Sheet, W, xml

SOURCE = "data/2025/示例市档案馆.yaml"
CASES = REPOSITORY / "tests/cases/import"


@pytest.fixture(scope="module")
def clean() -> bytes:
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


@pytest.fixture(scope="module")
def data(clean) -> dict[str, Any]:
    return imported(clean).data


def imported(content: bytes) -> import_file.Imported:
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))


def missing(old: Any, new: Any, path: str = "") -> list[str]:
    """The paths of the values that only the old data has; a value that is another one is named with it."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [each for name in {**old, **new} for each in missing(old.get(name), new.get(name), f"{path}/{name}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [each for n, pair in enumerate(zip(old, new, strict=True)) for each in missing(*pair, f"{path}/{n}")]
    return [] if old == new else [path if new is None else f"{path}={new}"]


YEAR, LONG = "/年度绩效指标/0/", "/长期绩效指标/0/"
MERGED = {
    "前年和上年，二级的第一行": ((47, 4, 2), "第 5、6 列", [f"{YEAR}运行成本/公用经费控制/0/上年"]),
    "前年和上年，一级的第一行": ((59, 4, 2), "第 5、6 列", [f"{YEAR}履职效能/档案资源建设/0/上年"]),
    "前年和上年，后面的行": ((53, 4, 2), "第 5、6 列", [f"{YEAR}管理效率/预算编制/1/上年"]),
    "上年和指标值": ((48, 5, 2), "第 6、7 列", [f"{YEAR}运行成本/在职人员控制/0/指标值"]),
    "三格": ((47, 4, 3), "第 5、6、7 列",
             [f"{YEAR}运行成本/公用经费控制/0/上年", f"{YEAR}运行成本/公用经费控制/0/指标值"]),
    "名称和前年": ((47, 3, 2), "第 4、5 列", [f"{YEAR}运行成本/公用经费控制/0/前年"]),
    "最后两格": ((47, 7, 2), "第 8、9 列", [f"{YEAR}运行成本/公用经费控制/0/分类"]),
    "二级和名称": ((48, 2, 2), "第 3、4 列", [f"{YEAR}运行成本/在职人员控制/0/三级指标"]),
    "长期的指标值和依据": ((24, 4, 2), "第 5、8 列", [f"{LONG}运行成本/在职人员控制/0/依据"]),
    "长期的名称和指标值": ((23, 3, 2), "第 4、5 列", [f"{LONG}运行成本/公用经费控制/0/指标值"]),
    "项目的两格": ((17, 4, 2), "第 7、8 列", ["/项目支出/1/用途"]),
    "标题和值": ((2, 0, 2), "第 1、3 列", ["/填报人"]),
    "值和标题": ((2, 1, 2), "第 3、5 列", []),
    "两个标题": ((46, 4, 2), "第 5、6 列", []),
}  # fmt: skip
GRIDS = {
    "as it is": lambda sheet: None,
    "no grid": lambda sheet: sheet.table.remove(sheet.table.find(f"{W}tblGrid")),
    "thin columns": lambda sheet: [sheet.split_column(column) for column in (8, 5, 4, 0)],
    "other widths": lambda sheet: [
        column.set(f"{W}w", str(300 + 900 * (number % 2)))
        for number, column in enumerate(sheet.table.iter(f"{W}gridCol"))
    ],
}  # fmt: skip


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
@pytest.mark.parametrize("merged", MERGED.values(), ids=MERGED)
def test_cells_merged_sideways_move_nothing(clean, data, merged, grid):
    (row, place, count), columns, lost = merged
    sheet = Sheet(clean)
    sheet.join(row, place, count)
    grid(sheet)
    result = imported(sheet.save())
    assert missing(data, result.data) == lost
    told = [finding for finding in result.notes if finding.place.line == row]
    assert [finding.rule for finding in told] == ["import-unsure"]
    assert columns in told[0].message and "在这里是一格" in told[0].message
    assert result.count.unsure == 1


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_another_grid_alone_is_no_doubt(clean, data, grid):
    sheet = Sheet(clean)
    grid(sheet)
    result = imported(sheet.save())
    assert (result.notes, result.data) == ([], data)


@pytest.mark.parametrize(
    ("name", "group", "value"),
    [
        ("merged-first-row.docx", "公用经费控制", {"三级指标": "公用经费控制率", "前年": "100%", "指标值": "≤100%"}),
        ("merged-first-row-2.docx", "人才支撑", {"三级指标": "业务培训完成率", "前年": "100%", "指标值": "=100%"}),
    ],
)
def test_a_second_level_name_beside_merged_cells_stays(name, group, value):
    result = imported((CASES / name).read_bytes())
    groups = {second: rows for first in result.data["年度绩效指标"][0].values() if isinstance(first, dict)
              for second, rows in first.items()}  # fmt: skip
    row = groups[group][0]
    assert {key: row[key] for key in value} == value
    assert "上年" not in row
    assert [finding.rule for finding in result.notes] == ["import-unsure"]
    pending = [line for line in result.text("").split("\n") if "# 待核：" in line]
    assert len(pending) == 1 and value["前年"] in pending[0]


def test_all_rows_of_a_section_merged(clean, data):
    sheet = Sheet(clean)
    for row in range(47, 77):
        sheet.join(row, 4)
    result = imported(sheet.save())
    assert [finding.rule for finding in result.notes] == ["import-unsure"] * 30
    assert {path.rpartition("/")[2] for path in missing(data, result.data)} == {"上年"}
    assert result.proof.same == result.proof.cells


def test_merged_in_one_place_and_split_in_another(clean, data):
    """As many cells as the row should have, and still not those of the template one by one."""
    sheet = Sheet(clean)
    sheet.split_column(7)
    sheet.join(48, 4)
    blank = copy.deepcopy(sheet.cell(48, 6))
    for text in blank.iter(f"{W}t"):
        text.text = ""
    sheet.cell(48, 6).addnext(blank)
    sheet.cover(48, 6, 1)
    sheet.cover(48, 7, 1)
    result = imported(sheet.save())
    assert missing(data, result.data) == [f"{YEAR}运行成本/在职人员控制/0/上年"]
    assert [(finding.rule, "多出一个空格子" in finding.message) for finding in result.notes] == [
        ("import-unsure", False), ("import-changed", True),
    ]  # fmt: skip


def test_merged_blank_cells_are_blank(clean, data):
    sheet = Sheet(clean)
    sheet.join(7, 3)
    result = imported(sheet.save())
    assert result.data == data
    assert [(finding.rule, "是空的" in finding.message) for finding in result.notes] == [("import-changed", True)]


def test_groups_merged_with_one_another_are_said(clean, data):
    """Names of both levels in one cell: no row goes to the group above."""
    sheet = Sheet(clean)
    sheet.join(50, 0, 3)
    result = imported(sheet.save())
    assert not missing(result.data["年度绩效指标"][0]["运行成本"], data["年度绩效指标"][0]["运行成本"]) or any(
        finding.place.line == 50 and finding.rule in ("import-unsure", "import-unplaced") for finding in result.notes
    )
    assert any(finding.rule == "import-unplaced" for finding in result.notes)


def test_a_row_with_columns_left_free_at_its_end(clean, data):
    sheet = Sheet(clean)
    sheet.row(47).remove(sheet.cell(47, 8))
    sheet.row_properties(47).append(xml('<w:gridAfter w:val="1"/>'))
    result = imported(sheet.save())
    assert missing(data, result.data) == [f"{YEAR}运行成本/公用经费控制/0/分类"]
    assert [(finding.rule, finding.place.line) for finding in result.notes] == [("import-unsure", 47)]


@pytest.mark.libreoffice
def test_saved_by_libreoffice(clean, data, convert, tmp_path):
    sheet = Sheet(clean)
    sheet.join(47, 4)
    sheet.join(61, 3)
    (tmp_path / "a.docx").write_bytes(sheet.save())
    saved = convert([tmp_path / "a.docx"], "docx:MS Word 2007 XML", tmp_path / "out")[0]
    result = imported(saved.read_bytes())
    straight = imported(sheet.save())
    assert result.data == straight.data
    assert [finding.place.line for finding in result.notes] == [47, 61]


@pytest.mark.parametrize(("row", "place", "group"), [(47, 4, "公用经费控制"), (48, 3, "在职人员控制")])
def test_without_grid_and_spans_each_value_of_the_row_is_doubtful(clean, data, row, place, group):
    """Nothing tells which cell is missing: the likeliest is taken, and no value of the row is certain."""
    sheet = Sheet(clean)
    sheet.join(row, place)
    sheet.table.remove(sheet.table.find(f"{W}tblGrid"))
    for span in list(sheet.root.iter(f"{W}gridSpan")):
        span.getparent().remove(span)
    result = imported(sheet.save())
    assert group in result.data["年度绩效指标"][0]["运行成本"]
    other = {name: value for name, value in data.items() if name != "年度绩效指标"}
    assert {name: result.data[name] for name in other} == other
    assert [(finding.rule, finding.place.line) for finding in result.notes if finding.rule != "import-changed"] == [
        ("import-unsure", row)
    ]
    assert result.count.unsure >= 6 and result.count.elsewhere == 1
    assert result.text("../../").count("看不出少的是哪一格") >= 5


@pytest.mark.parametrize("mark", ["cellDel", "cellIns"])
@pytest.mark.parametrize("revisions", list(Revisions))
def test_where_tracked_changes_shift_cells_each_value_of_the_row_is_doubtful(clean, mark, revisions):
    sheet = Sheet(clean)
    cell = sheet.cell(60, 4)
    properties = cell.find(f"{W}tcPr")
    properties.append(xml(f"<w:{mark} {WHO}/>"))
    order = import_file.ImportOrder(snapshot(REPOSITORY), revisions=revisions)
    read = import_file.import_form(sheet.save(), "表.docx", order)
    assert read.count.unsure >= 3
    assert "# 待核：修订加了或者去掉了格子，后面的可能错了位" in read.text("../../")


def test_what_an_empty_cell_too_many_holds_is_told(clean):
    sheet = Sheet(clean)
    extra = copy.deepcopy(sheet.cell(60, 6))
    for paragraph in extra.findall(f"{W}p")[0]:
        if paragraph.tag == f"{W}r":
            paragraph.getparent().remove(paragraph)
    extra.find(f"{W}p").append(xml("<w:r><w:drawing><w:x/></w:drawing></w:r>"))
    sheet.row(60).append(extra)
    read = imported(sheet.save())
    assert [note.message for note in read.notes if "图片" in note.message]
    assert not read.is_certain
