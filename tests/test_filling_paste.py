"""A table out of Word or Excel: what stands in the clipboard, and which text of it goes into which place of a form."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from perfgen.check import loading
from perfgen.filling.change import changed
from perfgen.filling.clipboard import PastedTable, read_table
from perfgen.filling.edits import EditError, Many
from perfgen.filling.pasted import Plan, plan
from perfgen.filling.sheet import sheet
from perfgen.project.layout import DataFile
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers import garden
from tests.helpers.hangs import no_hang
from tests.helpers.projects import snapshot

WORD = """\
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=gb2312><style>td {color: red}</style>
</head><body><!--StartFragment--><p class=MsoNormal>前面的话<o:p></o:p></p>
<table class=MsoTableGrid><tr><td rowspan=3><p>产出
指标</p></td><td colspan=2><p>数量&amp;质量</p><p>第二段</p></td></tr>
<tr><td>a<br>b<td>&nbsp;</tr><tr><td><b>粗</b>体<td>word
 wrap</tr>
<![if !supportMisalignedColumns]><tr height=0><td width=9></td><td></td><td></td></tr><![endif]>
</table><!--EndFragment--></body></html>"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return garden.make(tmp_path_factory.mktemp("garden") / "project")


def pasted(root, path, *rows, text=garden.TEXT) -> tuple[Plan, str]:
    """The plan for a table pasted into the form, and the file's text after it."""
    filling = garden.filled(root, text)
    made = plan(filling, path, PastedTable(rows))
    return made, changed(filling.filing.document, filling.filing.form, made.edit)


def data(text):
    return reader.load_yaml(text.encode(), "x.yaml").top


# ── the clipboard ──


def test_words_table_is_read_with_its_merged_cells():
    table = read_table(WORD, "not this")
    assert table.rows == (
        ("产出指标", "数量&质量\n第二段", ""),
        (None, "a\nb", ""),
        (None, "粗体", "word wrap"),
    )
    assert table.beside == ("前面的话",)
    assert table.in_row(0) == [(0, "产出指标"), (1, "数量&质量\n第二段")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", (("a", "b"), ("c", "d"))),
        ('"一\n二 ""引"""\t"只有引号"\r\n', (('一\n二 "引"', '"只有引号"'),)),
        ('12"\t"半个\n下一行', (('12"', '"半个'), ("下一行", None))),
        ("a\t\tb\n\t\t\n\n", (("a", "", "b"),)),
        ("一行\n二行", (("一行",), ("二行",))),
        ("a\t\n", (("a",),)),
        ("", ()),
    ],
)
def test_a_text_with_tabs_is_a_table(text, rows):
    assert read_table("<p>no table</p>", text).rows == rows


def test_tables_below_one_another_are_one():
    html = "<table><tr><td>a<td><table><tr><td>in<td>side</table></table><p>x</p><table><tr><td>b</table>"
    table = read_table(html, "")
    assert table.rows == (("a", "in side"), ("b", None))
    assert not table.is_single
    assert read_table("<table><tr><td colspan=3>a</table>", "").is_single


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<div>" * 5000 + "a",
        "<table><tr>" + "<td>x" * 100_000,
        "<table>" + "<tr><td>x" * 5000,
        "<table>" + "<b>" * 100_000,
        "<table><tr><td rowspan=99999 colspan=99999>a",
        "<table>" * 300,
        "<table>" + "<!--" * 100_000,
        "<table" + ' a="' * 100_000,
        "<table><tr><td>" + "<p>x\n" * 100_000,
        "<table>\0\ud800<tr><td>\ud800",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><table><tr><td>&a;<img src='http://x.test/'>",
        "<table" + "x" * 5_000_000,
    ],
)
def test_a_hostile_table_is_read_or_refused_at_once(html):
    begin = time.process_time()
    with no_hang():
        try:
            table = read_table(html, "")
        except EditError:
            table = PastedTable(())
    assert time.process_time() - begin < 2
    assert "root:" not in str(table)


# ── what goes where ──

PLOT = ("地块", "东区", "菜地")


def test_rows_go_through_the_rows_that_are_there_and_then_new_ones(root):
    made, text = pasted(root, (*PLOT, 1, "作物"), ("茄子", "1,234.5"), ("豆角", "二"), ("", ""), ("辣椒", "6"))
    assert [(cell.path[-2:], cell.before, cell.after, cell.is_new) for cell in made.cells] == [
        ((1, "作物"), "萝卜", "茄子", False),
        ((1, "亩数"), "3", "1234.5", False),
        ((2, "作物"), "", "豆角", True),
        ((2, "亩数"), "", "二", True),
        ((3, "作物"), "", "辣椒", True),
        ((3, "亩数"), "", "6", True),
    ]
    assert [row.label for row in made.new_rows] == ["菜地第 3 条", "菜地第 4 条"]
    assert made.cells[1].label == "菜地第 2 条：亩数"
    assert made.cells[1].remarks and made.cells[3].remarks
    assert made.left_over == ()
    assert text == garden.TEXT.replace(
        "      - {作物: 萝卜, 亩数: 3, 品种: 早熟}\n",
        "      - {作物: 茄子, 亩数: 1234.5, 品种: 早熟}\n"
        "      - {作物: 豆角, 亩数: 二}\n"
        "      - {作物: 辣椒, 亩数: 6}\n",
    )


def test_a_row_of_which_nothing_fits_makes_no_row(root):
    made, text = pasted(root, ("要点", 1), ("甲", None), ("", "多"), ("乙", None))
    assert data(text)["要点"] == ["头一条", "甲", "乙"]
    assert [left.text for left in made.left_over] == ["多"]


def test_an_empty_cell_empties_and_a_covered_one_does_not(root):
    _, text = pasted(root, (*PLOT, 0, "作物"), ("", "7"), (None, "8"))
    assert data(text)["地块"]["东区"]["菜地"] == [
        {"作物": None, "亩数": Decimal(7)},
        {"作物": "萝卜", "亩数": Decimal(8), "品种": "早熟"},
    ]


def test_names_of_groups_lead_to_their_groups(root):
    made, text = pasted(
        root, ("地块", "东区"),
        ("东区", "果园", "桃", "1"),
        (None, None, "李", "2"),
        (None, "菜 地", "茄子", "3"),
        ("北坡", "竹林", "竹", "4"),
        ("西区", "道路", "草", "5"),
        ("南山", "茶园", "茶", "6"),
    )  # fmt: skip
    plots = data(text)["地块"]
    assert [row["作物"] for row in plots["东区"]["果园"]] == ["桃", "李"]
    assert [row["作物"] for row in plots["东区"]["菜地"]] == ["茄子", "萝卜"]
    assert [row["作物"] for row in plots["北坡"]["林地"]] == ["松"]
    assert [row["作物"] for row in plots["北坡"]["竹林"]] == ["竹"]
    assert plots["西区"] == {"道路": [{"作物": "草", "亩数": Decimal(5)}]}
    assert plots["南山"] == {"茶园": [{"作物": "茶", "亩数": Decimal(6)}]}
    assert made.left_over == ()
    assert {row.label for row in made.new_rows} >= {"“竹林”", "“西区”", "“道路”", "“南山”", "“茶园”", "果园第 2 条"}


def test_a_new_name_where_the_table_is_pasted_renames_the_group(root):
    made, text = pasted(root, PLOT, ("大田", "茄子", "3"), (None, "豆角", "4"), ("小田", "葱", "1"))
    assert list(data(text)["地块"]["东区"]) == ["水面", "大田", "果园", "小田"]
    assert [row["作物"] for row in data(text)["地块"]["东区"]["大田"]] == ["茄子", "豆角"]
    names = [(cell.before, cell.after, cell.is_new) for cell in made.cells if cell.is_name]
    assert names == [("菜地", "大田", False), ("", "小田", True)]
    assert "    大田:     # 自己的名称\n" in text


def test_a_group_that_cannot_be_leaves_its_rows_over(root):
    source = "data/2025/示例市档案馆.yaml"
    project = snapshot(REPOSITORY)
    filing = loading.filing(project, DataFile.at(source))
    path = next(
        one for one in filing.document.values if len(one) == 4 and "在职人员控制" in one and one[0] == "年度绩效指标"
    )
    rows = (("没有的组", "甲"), (None, "乙"), ("在职人员控制", "丙"))
    made = plan(sheet(project, filing), path, PastedTable(rows))
    assert [left.text for left in made.left_over] == ["没有的组", "甲", "乙"]
    assert all(left.why for left in made.left_over)
    assert [cell.after for cell in made.cells] == ["在职人员控制", "丙"]


def test_outside_of_lists_the_rows_are_those_of_the_form(root):
    made, text = pasted(
        root, ("园",), ("东园", "电话", "12"), ("新说明", "面积：", "13 公顷"), ("是", "土质", "壤土", "多"), ("≥95%",)
    )
    assert data(text)["电话"] == "12"
    assert data(text)["说明"] == "新说明"
    assert data(text)["面积"] == "13 公顷"
    assert data(text)["自留"] is True
    assert data(text)["土质"] == "壤土"
    assert data(text)["产值"] == "≥95%"
    assert [(left.text, left.row) for left in made.left_over] == [("面积：", 1), ("多", 2)]


def test_a_cell_of_several_values_is_taken_apart(root):
    made, text = pasted(root, ("开始",), ("2024 年 — 2026 年",))
    assert (data(text)["开始"], data(text)["结束"]) == (Decimal(2024), Decimal(2026))
    made, text = pasted(root, ("开始",), ("2024",))
    assert text == garden.TEXT
    assert "几个值" in made.left_over[0].why


def test_paragraphs_lose_the_numbers_that_the_form_prints(root):
    _, text = pasted(root, ("要点", 1), ("2．甲",), ("乙",), ("13.丙",))
    assert data(text)["要点"] == ["头一条", "甲", "乙", "丙"]


def test_headings_and_figures_take_nothing(root):
    made, text = pasted(root, (*PLOT, 0, "作物"), ("作物", "亩数"), ("茄子", "3"))
    assert [left.why for left in made.left_over] == ["这是表头，不用粘贴。"] * 2
    assert data(text)["地块"]["东区"]["菜地"][0]["作物"] == "茄子"
    made, text = pasted(root, ("合计",), ("15", "x"))
    assert text == garden.TEXT
    assert [left.text for left in made.left_over] == ["x"]
    made, _ = pasted(root, ("合计",), ("16",))
    assert "算出来" in made.left_over[0].why


def test_an_empty_form_takes_a_table(root):
    text = "form: garden\n年: 2025\n园: 东园\n电话: x\n"
    made, new = pasted(root, ("地块", "东区", "水面", 0, "作物"), ("莲", "1"), ("藕", "2"), text=text)
    assert new == text + "地块:\n  东区:\n    水面:\n      - {作物: 莲, 亩数: 1}\n      - {作物: 藕, 亩数: 2}\n"
    assert all(cell.is_new for cell in made.cells)
    unnamed = text + "地块:\n  北坡: {}\n"
    made, new = pasted(root, ("地块", "北坡", "", 0, "作物"), ("松", "1"), text=unnamed)
    assert (new, made.edit) == (unnamed, Many())
    assert "名称" in made.left_over[0].why
    _, new = pasted(root, ("地块", "北坡", ""), ("林地", "松", "1"), (None, "柏", "2"), text=unnamed)
    assert data(new)["地块"]["北坡"] == {
        "林地": [{"作物": "松", "亩数": Decimal(1)}, {"作物": "柏", "亩数": Decimal(2)}]
    }


def test_what_the_form_does_not_print_takes_the_columns_of_its_schema(root):
    made, text = pasted(root, (*PLOT, 1, "品种"), ("晚熟", "9吨", "3"), ("中熟", "1吨", "4", "多"))
    assert data(text)["地块"]["东区"]["菜地"][1:] == [
        {"作物": "萝卜", "亩数": Decimal(3), "品种": "晚熟", "产量": "9吨", "收入": Decimal(3)},
        {"作物": None, "亩数": None, "品种": "中熟", "产量": "1吨", "收入": Decimal(4)},
    ]
    assert [left.text for left in made.left_over] == ["多"]


def test_what_stands_beside_the_table_is_said(root):
    filling = garden.filled(root)
    made = plan(filling, (*PLOT, 0, "作物"), read_table("说明<table><tr><td>葱<td>1</table>", ""))
    assert [(left.row, left.text) for left in made.left_over] == [(-1, "说明")]


def test_a_hundred_rows_are_quick(root):
    rows = tuple((f"作物{number}", str(number)) for number in range(300))
    begin = time.process_time()
    made, text = pasted(root, (*PLOT, 0, "作物"), *rows)
    assert time.process_time() - begin < 2
    assert len(data(text)["地块"]["东区"]["菜地"]) == 300
    assert len(made.new_rows) == 298
