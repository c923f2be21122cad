"""Formulas: Decimal throughout, every name held to the schema when loaded, nothing but the data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen import fields
from perfgen.findings import FormError
from perfgen.form import figures
from perfgen.form.formula_functions import FILTERS, FUNCTIONS, percentage
from perfgen.form.formula_view import FormulaRow
from perfgen.form.formulas import FormulaError, compile_formula, operands, parsed
from perfgen.source import reader

SCHEMA = {
    "type": "object",
    "properties": {
        "表": {"const": "x", "x-role": "form"},
        "年": {"type": "integer", "x-role": "year", "x-public": True},
        "名": {"type": "string", "x-role": "unit"},
        "甲": {"type": "number", "x-public": True},
        "乙": {"type": "number"},
        "组": {"type": "object", "properties": {"丙": {"type": "number", "x-public": True}}},
        "行": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"类": {"type": "string", "x-public": True}, "数": {"type": "number", "x-public": True}},
            },
        },
    },
}
FIELDS = fields.read_fields(SCHEMA, "x.schema.json")
DATA = {
    "年": Decimal(2025), "甲": Decimal("0.1"), "乙": Decimal("0.2"), "组": {"丙": Decimal(3)},
    "行": [{"类": "一", "数": Decimal("1.005")}, {"类": "二", "数": Decimal(2)}, {"类": "一", "数": None}],
}  # fmt: skip


def value(text: str, **changes):
    return compile_formula(text, FIELDS)({**DATA, **changes})


@pytest.mark.parametrize(
    "text", ["(行 | 选取(类='一') | 计数) == 2 and 甲 < 乙", "甲 + 乙 if 组.丙 > 1 else None", "行 | 求和('数') >= -甲"]
)
def test_a_tree_that_is_read_once_for_all_who_ask_stays_as_it_is(text):
    """It is remembered by its text: whoever changed it would change the formulas of other forms."""
    parsed.cache_clear()
    before = repr(parsed(text))
    formula = compile_formula(text, FIELDS)
    results = [formula(DATA), *(part(DATA) for part in operands(formula))]
    assert results == [formula(DATA), *(part(DATA) for part in operands(compile_formula(text, FIELDS)))]
    assert repr(parsed(text)) == before


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("甲 + 乙", "0.3"), ("甲 * 0.1", "0.01"), ("年 - 2", "2023"), ("1 / 4", "0.25"), ("组.丙 * 2.50", "7.500"),
        ("求和(甲, 乙, 组.丙)", "3.3"), ("行 | 求和('数')", "3.005"), ("行 | 选取(类='一') | 求和('数')", "1.005"),
        ("百分比(甲, 组.丙)", "3.33"), ("甲 if 年 > 2000 else 乙", "0.1"), ("-甲", "-0.1"),
    ],
)  # fmt: skip
def test_arithmetic_is_decimal(text, result):
    found = value(text)
    assert isinstance(found, Decimal)
    assert found == Decimal(result)


def test_absent_is_not_zero():
    assert value("求和(甲, 乙)", 甲=None, 乙=None) is None
    assert value("求和(甲, 乙)", 甲=None, 乙=Decimal(0)) == 0
    assert value("行 | 选取(类='三') | 求和('数')") is None


@pytest.mark.parametrize(
    ("part", "whole", "result"),
    [
        ("1", "3", "33.33"),
        ("2", "3", "66.67"),
        ("0.125", "100", "0.13"),
        ("0", "5", "0"),
        ("0", "0", "0"),
        (None, "5", None),
    ],
)
def test_shares_round_half_up_and_a_typed_zero_stays(part, whole, result):
    wanted = None if result is None else Decimal(result)
    assert percentage(part and Decimal(part), Decimal(whole)) == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("甲 + 丁", "没有“丁”"), ("组.丁", "没有“丁”"), ("甲.丙", "不是一组"), ("行 | 求和('错')", "没有“错”"),
        ("行 | 选取(错='一') | 求和('数')", "没有“错”"), ("行 | 求和(甲)", "加引号"), ("行 | length", "没有“| length”"),
        ("甲 | 求和('数')", "列表"), ("加(甲)", "没有这个函数"), ("甲 +", "写法不对"), ("甲 乙", "多余"),
        ("组['丙']", "不能用"), ("''.__class__", "不是一组"), ("求和.__globals__", "没有“求和”"), ("{1: 甲}", "不能用"),
        ("[错]", "没有“错”"), ("行 | 求和", "写明字段"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_load(text, words):
    with pytest.raises(FormulaError, match=words.replace("|", r"\|")):
        compile_formula(text, FIELDS)


@pytest.mark.parametrize("text", ["甲 / 0", "甲 + 乙"])
def test_what_cannot_be_computed_is_a_formula_error(text):
    with pytest.raises(FormulaError, match="算不出来"):
        value(text, 乙=None)


def rules(text: str):
    return figures.read_figures(reader.load_yaml(text.encode(), "x.rules.yaml"), FIELDS)


def test_figures_find_what_they_need_in_any_order():
    found = rules("计算:\n  和: 积 + 1\n  积: 甲 * 乙\n").compute(DATA)
    assert found[("和",)] == Decimal("1.02")


def test_a_figure_is_public_exactly_when_all_it_reads_is():
    members = rules("计算:\n  一: 甲 + 组.丙\n  二: 甲 + 乙\n  三: 一 + 二\n").fields.members
    assert [members[name].public for name in ("一", "二", "三")] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("计算:\n  一: 甲\n  二: 错\n", (3, 3), "没有“错”"),
        ("计算:\n  一: 二\n  二: 一\n", (2, 3), "成了圈"),
        ("计算:\n  甲.一: 1\n", (2, 3), "没有地方放"),
        ("计算:\n  一: {公式: '甲', 格式: x}\n", (2, 3), "要写成一个公式"),
        ("计算:\n  一: 5\n", (2, 3), "要写成一个公式"),
        ("计算: 甲\n", (1, 1), "一节"),
        ("- 甲\n", (1, 1), "一节"),
    ],
)
def test_a_broken_rules_file_is_the_forms_fault_with_its_place(text, place, words):
    with pytest.raises(FormError) as caught:
        rules(text)
    finding = next(f for f in caught.value.findings if words in f.message)
    assert (finding.place.file, (finding.place.line, finding.place.column)) == ("x.rules.yaml", place)


def test_all_broken_formulas_are_said_at_once():
    with pytest.raises(FormError) as caught:
        rules("计算:\n  一: 错\n  二: 也错\n")
    assert len(caught.value.findings) == 2


def test_a_figure_in_a_list_is_computed_for_every_row():
    found = rules("计算:\n  行.占比: {公式: '百分比(数, 合)', 单位: '%'}\n  合: 行 | 求和('数')\n")
    assert found.compute(DATA) == {
        ("合",): Decimal("3.005"), ("行", 0, "占比"): Decimal("33.44"), ("行", 1, "占比"): Decimal("66.56"),
        ("行", 2, "占比"): None,
    }  # fmt: skip
    assert found.units[figures.names_of(("行", 1, "占比"))] == "%"
    assert found.fields.at(("行", 1, "占比")).public


def test_a_row_figure_that_reads_something_private_is_private():
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "行": {"type": "array", "items": {"type": "object",
        "properties": {"密": {"type": "number"}, "数": {"type": "number", "x-public": True}}}}}}  # fmt: skip
    known = fields.read_fields(schema, "x.schema.json")
    text = "计算:\n  行.甲数: 密 + 数\n  行.乙数: 数 + 1\n  行.丙数: 甲数 + 1\n"
    found = figures.read_figures(reader.load_yaml(text.encode(), "x"), known).fields
    assert [found.at(("行", 0, name)).public for name in ("甲数", "乙数", "丙数")] == [False, True, False]


def test_a_row_formula_is_held_to_its_row():
    with pytest.raises(FormError, match="没有“数”"):
        rules("计算:\n  一: 数 + 1\n")


def test_a_figure_in_a_group_sees_the_forms_names_not_its_neighbours():
    """Only in a list's rows do bare names mean the row's own; the check at load and computing agree."""
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "组": {"type": "object", "properties": {
        "丙": {"type": "number"}, "甲": {"type": "number"}}}}}  # fmt: skip
    known = fields.read_fields(schema, "x.schema.json")
    text = "计算:\n  组.丙: 甲 + 1\n"
    found = figures.read_figures(reader.load_yaml(text.encode(), "x"), known)
    assert found.compute({"甲": Decimal(1), "组": {"甲": Decimal(100)}}) == {("组", "丙"): Decimal(2)}


PRIVATE_PARTS = {
    "type": "object",
    "properties": {
        "form": {"const": "x", "x-role": "form"},
        "年": {"type": "integer", "x-role": "year", "x-public": True},
        "名": {"type": "string", "x-role": "unit", "x-public": True},
        "内部联系人": {"type": "array", "items": {"type": "object", "properties": {"姓名": {"type": "string"},
            "电话": {"type": "string"}}}},
        "名单": {"type": "array", "items": {"type": "object", "properties": {"姓名": {"type": "string"},
            "级别": {"type": "string", "x-public": True}, "津贴": {"type": "number", "x-public": True}}}},
        "备注": {"type": "array", "items": {"type": "string"}},
        "内部": {"type": "object", "properties": {"数": {"type": "number"}}},
        "说明": {"type": "object", "additionalProperties": {"type": "string"}},
        "组": {"type": "object", "properties": {"数": {"type": "number", "x-public": True}}},
        "项目": {"type": "array", "items": {"type": "object", "properties": {
            "类": {"type": "string", "x-public": True}, "数": {"type": "number", "x-public": True},
            "子": {"type": "array", "items": {"type": "object", "properties": {"密": {"type": "number"}}}}}}},
        "公开项目": {"type": "array", "items": {"type": "object", "properties": {
            "类": {"type": "string", "x-public": True}, "数": {"type": "number", "x-public": True}}}},
    },
}  # fmt: skip


def _is_public(place: str, formula: str) -> bool:
    known = fields.read_fields(PRIVATE_PARTS, "x.schema.json")
    found = figures.read_figures(reader.load_yaml(f'计算:\n  {place}: "{formula}"\n'.encode(), "x"), known)
    return found.fields.at(found.figures[0].path).public if "." not in place else _leaf_of(found, place)


def _leaf_of(found, place):
    name, _, member = place.partition(".")
    top = found.fields.members[name]
    return (top.item or top).members[member].public


@pytest.mark.parametrize(
    "formula",
    [
        "内部联系人 | 计数",
        "1 if (内部联系人 | 首个) != 无 else 0",
        "1 if 内部联系人 else 0",
        "1 if not 内部联系人 else 0",
        "内部联系人 | 选取(姓名='甲') | 计数",
        "内部联系人.姓名 | 计数",
        "备注 | 计数",
        "名单 | 计数",
        "名单.级别 | 计数",
        "名单.级别 | 计数(无)",
        "名单 | 选取(级别='局长') | 计数",
        "1 if 名单.级别 else 0",
        "1 if 内部 == 无 else 0",
        "1 if 说明 else 0",
        "1 if 内部 and 真 else 0",
        "1 if 内部 in [组] else 0",
        "(组 if 真 else 内部).数",
        "[组, 内部].数 | 计数",
        "项目 | 选取(子=无) | 求和('数')",
        "项目.子 | 计数",
    ],
)
def test_a_figure_over_a_private_list_or_group_is_private(formula):
    assert not _is_public("结果", formula)


@pytest.mark.parametrize(
    "formula",
    [
        "公开项目 | 计数",
        "1 if (公开项目 | 首个) != 无 else 0",
        "公开项目 | 选取(类='一') | 计数",
        "名单.级别 | 计数('局长')",
        "1 if '局长' in 名单.级别 else 0",
        "名单 | 求和('津贴')",
        "项目 | 选取(类='一') | 求和('数')",
        "1 if 组 else 0",
        "(组 if 真 else 组).数",
    ],
)
def test_a_figure_over_what_is_public_stays_public(formula):
    assert _is_public("结果", formula)


@pytest.mark.parametrize(("place", "public"), [("内部联系人.序", False), ("公开项目.序", True), ("内部.序", True)])
def test_a_figure_of_each_row_is_private_where_the_rows_are(place, public):
    """One that reads nothing would still tell how many rows there are."""
    assert _is_public(place, "1") is public


def test_a_figure_in_a_list_may_count_that_list():
    assert _is_public("公开项目.份", "100 / (公开项目 | 计数)")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("参加3,200人", ["3200人"]),
        ("投入1,234,567.5元", ["1234567.5元"]),
        ("参加３,２００人", ["3200人"]),
        ("22个，200人", ["22个", "200人"]),
        ("3,5个", ["5个"]),
        ("2,3200人", ["3200人"]),
    ],
)
def test_a_thousands_comma_belongs_to_the_number_in_a_text(text, found):
    assert FUNCTIONS["数量"].call([text]) == found


@pytest.mark.parametrize(
    ("names", "again"), [("甲乙丙", []), ("甲乙甲", [2]), ("甲甲甲", [1, 2]), ("甲乙乙甲", [2, 3])]
)
def test_rows_whose_name_stands_before_them(names, again):
    rows = [FormulaRow(("行", number), {"名": name}) for number, name in enumerate(names)]
    assert [row.path[1] for row in FILTERS["再次出现"](rows, "名")] == again
