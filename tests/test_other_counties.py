"""Tables in the layouts of other places: what can be placed is right, and what cannot is said with its place.

They are drawn after published forms of several provinces; names and numbers are made up.
"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from perfgen import cli
from perfgen.importing import import_file
from perfgen.importing.units import other_unit
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.typed_table import typed_table

CHONGQING = """
主管部门 | < | 示例区科学技术协会 | < | < | 财政处室 | < | 行政科 | 自评总分（分） | 97.94
部门联系人 | < | 示例 | < | < | 联系电话 | < | 000-00000001 | < | <
部门支出（元） | 年初预算数 | < | 全年（调整）预算数 | < | 全年执行数 | < | 执行率（%） | 执行率权重 | 执行率得分
^ | 3,724,055.00 | < | 3,845,200.00 | < | 3,724,076.20 | < | 96.85 | 10 | 9.68
当年整体绩效目标 | 年初绩效目标 | < | < | 全年（调整）绩效目标 | < | < | 全年目标实际完成情况 | < | <
^ | 举办科普活动，服务科技工作者。 | < | < | 无 | < | < | 举办科普活动 38 场。 | < | <
指标名称|计量单位|指标性质|年初指标值|调整指标值|全年完成值|得分系数（%）|指标权重（分）|指标得分（分）|是否核心指标
科普活动场次 | 场 | ≥ | 36 | 36 | 38 | 100 | 30 | 30 | 是
群众满意度 | % | ≥ | 90 | 90 | 95 | 100 | 20 | 20 | 是
说明 | 座谈会有一次推迟到下一年。
"""
HUNAN = """
部门（单位）名称 | < | 示例区价格认证中心 | < | < | < | < | < | <
*部门（单位）职责 | < | 承担涉案财物价格认证和价格调解。 | < | < | < | < | < | <
*年度总体绩效目标 | < | 完成价格认证 200 件，按时出具结论书。 | < | < | < | < | < | <
绩效指标 | < | < | < | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 指标值类型 | *指标值 | 计量单位 | *指标解释 | *评（扣）分标准 | 备注
履职效能 | 价格认证 | 价格认证件数 | 定量 | ≥200件 | 件 | 全年办结的价格认证 | 少一件扣 0.1 分 |
^ | ^ | 按期办结率 | 定量 | ≥95% | % | 在规定期限内办结的比例 | 未达指标值酌情扣分 |
社会效应 | 经济效益 |  |  |  |  |  | 未达指标值酌情扣分 |
"""
SICHUAN = """
单位名称|项目名称|预算数（元）|年度目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|权重|指标方向性
示例县示例镇人民政府|村组干部报酬|1,234,500.00|按时足额发放|产出指标|数量指标|村组干部人数|≥|230|人|20|正向指标
^ | ^ | ^ | ^ | 成本指标 | 经济成本指标 | 人均报酬 | ≤ | 5,367.39 | 元 | 20 | 反向指标
"""
SHANXI = """
项目名称 | < | 古戏台修缮 | < | < | < | < | <
主管部门及代码 | < | 示例市文物局 012 | < | 实施单位 | < | 示例市文物保护中心 | <
项目属性 | < | 新增项目 | < | 项目期 | < | 2年 | <
项目资金（元） | 实施期资金总额 | < | 590,000.00 | < | 年度资金总额 | < |
^ | 其中：财政拨款 | < | 590,000.00 | < | 其中：财政拨款 | < |
^ | 其他资金 | < | 0.00 | < | 其他资金 | < |
总体目标 | 实施期目标 | < | < | 年度目标 | < | < | <
^ | 完成戏台大木构架修缮。 | < | < | 完成屋面揭瓦。 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值
^ | 产出指标 | 数量指标 | 修缮戏台 | ≥1座 | 数量指标 | 揭瓦面积 | ≥420平方米
^ | 效益指标 | 社会效益指标 | 参观人次 | ≥3万人次 | 社会效益指标 | 文物安全 | 无事故
^ | 满意度指标 | 服务对象满意度指标 | 参观者满意度 | ≥90% | 服务对象满意度指标 | 村民满意度 | ≥91%
"""
ANHUI = """
项目名称 | < | 畜禽养殖补助 | < | < | < | < | < | <
主管部门 | < | 示例县农业农村局 | < | < | 实施单位 | < | 示例镇人民政府 | <
项目资金（万元） | < |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | ^ | 年度资金总额 | 29 | 29 | 27.8 | 10 | 0.958 | 9
^ | ^ | 其中：财政拨款 | 29 | 29 | 27.8 | 10 | 0.958 | 10
^ | ^ | 其他资金 | 0 | 0 | 0 | — | — | —
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
^ | 扶持养殖户，增加收入。 | < | < | < | 扶持 35 户。 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 实际完成值 | 得分 | 偏差原因分析及改进措施
^ | 产出指标（50分） | 数量指标 | 养殖规模 | 20 | 5.5亩 | 6亩 | 20 |
^ | ^ | ^ | ^ | ^ | 80头 | 81头 | ^ |
^ | ^ | ^ | ^ | ^ | 500只 | 480只 | ^ | 冬季死亡
^ | 效益指标（30分） | 经济效益指标 | 户均增收 | 30 | ≥2000元 | 2300元 | 30 |
^ | 满意度指标（10分） | 服务对象满意度指标 | 养殖户满意度 | 10 | ≥90% | 95% | 10 |
总分 | < | < | < | 100 | < | < | 99 |
"""
YUNNAN = """
项目名称 | < | 学校营养改善计划 | < | < | < | < | < | < | <
主管部门 | < | 示例县教育体育局 | < | < | 实施单位 | < | 示例县第一中学 | < | <
项目资金（元） | < |  | 年初预算数 | 全年预算数 | 全年执行数 | < | 分值 | 执行率 | 得分
^ | ^ | 年度资金总额 | 1,023,000.00 | 1,023,000.00 | 1,001,250.50 | < | 10.00 | 97.87 | 9.79
^ | ^ | 其中：当年财政拨款 | 1,023,000.00 | 1,023,000.00 | 1,001,250.50 | < | — | — | —
^ | ^ | 上年结转资金 | — | — | — | < | — | — | —
^ | ^ | 非财政拨款 | — | — | — | < | — | — | —
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | < | <
^ | 为学生提供营养餐。 | < | < | < | 已为 1023 名学生提供营养餐。 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 受益学生人数 | ≧ | 1000 | 人 | 1023 | 30.00 | 30.00 | —
^ | 质量指标 | 食品留样率 | ═ | 100 | % | 100 | 20.00 | 20.00 | —
效益指标 | 社会效益指标 | 政策知晓率 | ═ | 100 | % | 98 | 30.00 | 29.00 | 宣传不够
其他需要说明事项 | < | < | 无
总分 | < | < | < | < | < | < | 100.00 | 95.79 | 优
"""


class Table(NamedTuple):
    """A table of another place: the form that it is meant for, what it looks like, and what stands above it."""

    form: str
    drawn: str
    above: tuple[str, ...]


REFUSED = {
    "Chongqing": Table("department-review", CHONGQING, ("2024年度部门整体绩效自评表",)),
    "Hunan": Table("department-target", HUNAN, ("2025 年度部门整体绩效目标表",)),
    "Sichuan": Table("project-target", SICHUAN, ("2025年部门预算项目绩效目标申报表",)),
}
READ = {
    "Shanxi": Table("project-target", SHANXI, ("2025 年县级项目支出绩效目标申报表",)),
    "Anhui": Table("project-review", ANHUI, ("项目支出绩效自评表", "（2024年度）")),
    "Yunnan": Table("project-review", YUNNAN, ("公开14表", "项目支出绩效自评表", "（2022年度）")),
}


def word(table: Table) -> bytes:
    return typed_table(table.drawn, above=table.above)


@pytest.fixture(scope="module")
def read() -> dict[str, import_file.Imported]:
    """The tables that are read at least in part, as they are read."""
    project = snapshot(REPOSITORY)
    return {
        name: import_file.import_form(word(table), "表.docx", import_file.ImportOrder(project, table.form, 2025))
        for name, table in READ.items()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("schema", "templates"):
        shutil.copytree(REPOSITORY / name, tmp_path / "p" / name)
    (tmp_path / "p/data").mkdir()
    return tmp_path / "p"


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_is_built_otherwise_is_refused_as_a_whole(folder, capsys, name):
    table = REFUSED[name]
    (folder / "表.docx").write_bytes(word(table))
    assert cli.main(["-C", str(folder), "import", str(folder / "表.docx"), "--form", table.form]) == 1
    said = capsys.readouterr()
    assert "表头只有" in said.out + said.err and "对不上的：第 " in said.out + said.err
    assert "--form 写明表名" not in said.out + said.err and "perfgen new" in said.out + said.err
    assert not list((folder / "data").rglob("*.yaml"))


@pytest.mark.parametrize("name", READ)
def test_a_table_that_is_read_in_part_ends_with_1(folder, capsys, name):
    table = READ[name]
    (folder / "表.docx").write_bytes(word(table))
    goes = folder / "data/2025/表.yaml"
    assert cli.main(["-C", str(folder), "import", str(folder / "表.docx"), "--form", table.form, "-o", str(goes)]) == 1
    assert "# 待核：" in goes.read_text("utf-8") and "Traceback" not in capsys.readouterr().err


def said_or_read(imported: import_file.Imported, text: str) -> bool:
    """Whether a text of the form is in the data, or in a note."""
    return text in imported.text("../../") or any(text[:16] in note.message for note in imported.notes)


@pytest.mark.parametrize("name", READ)
def test_nothing_is_lost_in_silence(read, name):
    cells = {cell.strip() for line in READ[name].drawn.split("\n") for cell in line.split("|")}
    values = {cell for cell in cells if len(cell) > 2 and not cell.replace(",", "").replace(".", "").isdigit()}
    headings = {note.message for note in read[name].notes}
    lost = {value for value in values if not said_or_read(read[name], value)}
    known = (REPOSITORY / f"schema/{READ[name].form}.schema.json").read_text("utf-8") + "".join(headings)
    assert {value for value in lost if value not in known and value not in FIXED} == set()


FIXED = {
    "主管部门及代码", "项目资金（万元）", "年度资金总额", "其中：财政拨款", "年度总体目标", "实际完成情况", "预期目标",
    "示例县农业农村局", "示例县教育体育局", "扶持养殖户，增加收入。", "为学生提供营养餐。",
}  # fmt: skip
"""Headings that are the template's, and what the form takes from the target: a note says that it was not compared."""


def rows(imported: import_file.Imported) -> dict[str, dict[str, object]]:
    groups = [second for first in imported.data.get("绩效指标", {}).values() for second in first.values()]
    return {row["三级指标"]: row for listed in groups for row in listed}


def test_a_second_tree_beside_the_first_is_put_nowhere(read):
    assert rows(read["Shanxi"]) == {name: {"三级指标": name} for name in ("修缮戏台", "参观人次", "参观者满意度")}
    told = "".join(note.message for note in read["Shanxi"].notes)
    for value in ("≥1座", "揭瓦面积", "≥420平方米", "文物安全", "村民满意度", "≥91%"):
        assert value in told
    assert "这一列的表头是“二级指标”，表上是“中期指标值”" in told


def test_columns_in_another_order_are_told_by_their_heads(read):
    found = rows(read["Anhui"])
    assert set(found) == {"养殖规模", "户均增收", "养殖户满意度"}
    assert not any({"完成值", "指标值", "权重"} & set(row) for row in found.values())
    told = [note for note in read["Anhui"].notes if "这一列的表头是“分值”，表上是“年度指标值”" in note.message]
    assert {(note.rule, note.place.column) for note in told} == {("import-unplaced", 5)}


def test_another_unit_of_money_is_said_at_each_amount(read):
    for name, money in (("Shanxi", "中期资金"), ("Yunnan", "资金")):
        text = read[name].text("../../")
        assert "这份表的金额写着“元”，表上是“万元”" in text and money in read[name].data
        amounts = [line for line in text.split("\n") if any(n in line for n in ("590000", "1023000", "1001250.5"))]
        assert amounts and all("没有换算" in line for line in amounts if not line.startswith("#")), amounts
    assert read["Yunnan"].data["资金"]["财政拨款"]["全年执行数"] == Decimal("1001250.5")
    assert "没有换算" not in read["Anhui"].text("../../")


def test_a_value_beside_another_title_is_doubtful(read):
    lines = [line for line in read["Yunnan"].text("../../").split("\n") if line.startswith("停止:")]
    assert lines == ["停止: 无  # 待核：这一行的标题是“其他需要说明事项”"]


@pytest.mark.parametrize(
    ("text", "unit", "other"),
    [
        ("项目资金（元）", "万元", "元"),
        ("单位：元", "万元", "元"),
        ("预算数(千元)", "万元", "千元"),
        ("单位：亿元", "万元", "亿元"),
        ("金额：万元", "元", "万元"),
        ("项目资金（万元）", "万元", None),
        ("得分（20分）", "万元", None),
        ("面积（万亩）", "万元", None),
        ("本栏单位：元（总额：万元）", "万元", None),
        ("每元投入带来的收入", "万元", None),
    ],
)
def test_the_unit_that_a_heading_says(text, unit, other):
    assert other_unit([text], unit) == other
