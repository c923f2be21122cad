"""A rules file is held to the schema when it is read; what is wrong in it is the form's fault, with its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen import fields
from perfgen.check import check
from perfgen.check.filing import Filing
from perfgen.findings import FormError, Level
from perfgen.form import figures, rules_file
from perfgen.form.forms import Form
from perfgen.form.formulas import Unavailable
from perfgen.source import reader
from tests.helpers import book
from tests.helpers.found import by_rule

SCHEMA = {
    "title": "试",
    "type": "object",
    "properties": {
        "表": {"const": "x", "x-role": "form"},
        "年": {"type": "integer", "x-role": "year"},
        "名": {"type": "string", "x-role": "unit"},
        "甲": {"type": "number"},
        "乙": {"type": "number"},
        "答": {"type": "object", "x-role": "waivers", "additionalProperties": {"type": "string"}},
        "行": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "名称": {"type": "string"},
                    "数": {"type": "number"},
                    "值": {"type": "string", "x-measure": True},
                },
            },
        },
        "组": {
            "type": "object",
            "x-groups": "类",
            "x-label": "类名",
            "additionalProperties": {
                "type": "array",
                "x-rows": "项",
                "items": {"type": "object", "properties": {"名称": {"type": "string"}, "数": {"type": "number"}}},
            },
        },
    },
}
FIELDS = fields.read_fields(SCHEMA, "x.schema.json")
RULE = "审核:\n  A01: {{名称: 试, 级别: 警告, {}, 说法: 不对。, 依据: 试}}\n"


def read(text: str):
    document = reader.load_yaml(text.encode(), "x.rules.yaml")
    return rules_file.read_rules(document, figures.read_figures(document, FIELDS).fields)


def judged(rules: str, data: dict, earlier=None):
    document = reader.load_yaml(rules.encode(), "x.rules.yaml")
    known = figures.read_figures(document, FIELDS)
    form = Form("x", SCHEMA, FIELDS, known, rules_file.read_rules(document, known.fields), None, ())
    lines = reader.load_yaml(b"a: 1\n", "x.yaml")
    filing = Filing(
        reader.Document("x.yaml", {"表": "x", "年": Decimal(2025), "名": "甲", **data}, lines.values, {}), form
    )
    if earlier is not None:
        object.__setattr__(filing, "earlier", earlier)
    return check.check_filing(filing)


BROKEN_RULES = [
        ("公式: 丙 > 1", "没有“丙”"),
        ("公式: 甲 > 名", "大小只能在数之间比较"),
        ("公式: 甲 == 名", "数和文字不能比较"),
        ("公式: 甲 + 1", "要是“是”或“否”"),
        ("公式: 甲 + 名 > 1", "加减乘除只能用在数上"),
        ("公式: 行 == 1", "不能比较"),
        ("对象: 行, 公式: 值 == '3项'", "要拆开来比较"),
        ("对象: 行, 公式: 值.数 > '3'", "大小只能在数之间比较"),
        ("对象: 行, 公式: 值.量 > 3", "没有“量”"),
        ("对象: 列, 公式: 甲 > 1", "“列”不是本表的一个列表"),
        ("对象: 甲, 公式: 甲 > 1", "不是本表的一个列表"),
        ("对象: 行, 公式: 数 > 1, 指向: 量", "没有“量”"),
        ("公式: 字数(甲) > 1", "这里要文字，不是数"),
        ('公式: "字数(名, 名) > 1"', "要有 1 个参数"),
        ("公式: \"符合(名, '[')\"", "正则表达式写法不对"),
        ('公式: "符合(名, 名)"', "要写成加引号的文字"),
        ('公式: "找词(名, 名) == 1"', "文字的列表"),
        ('公式: "变化(甲, 甲, 名) != 无"', "有方向、数和单位"),
        ('公式: "(行 | 计数(1, 2)) > 1"', "最多写一个值"),
        ("公式: (行 | 首个) != 无, 当: 行 | 首个(1) != 无", "没有参数"),
        ("公式: (行 | 选取('数')) != 无", "写明字段"),
        ("公式: (行 | 选取(数='一') | 计数) > 1", "不能比较"),
        ("公式: (行 | 求和('名称')) > 1", "只能把数加起来"),
        ("公式: 上年表.丙 > 1", "没有“丙”"),
        ("公式: 甲 in 乙", "in 后面"),
        ("公式: 甲 > 1, 其中: {甲: 乙}", "已经是一个字段"),
        ("公式: 甲 > 1, 其中: [1]", "一行行"),
        ("公式: 甲 > 1, 其中: {丙: 丁}", "没有“丁”"),
        ("公式: 甲 > 1, 公示: 1", "没有“公示”这一项"),
        ("公式: 甲 > 1, 核对: [甲]", "只能有一个"),
        ("核对: [丙]", "没有“丙”"),
        ("核对: 甲", "要写成一个列表"),
        ("当: 甲 > 1", "只能有一个"),
        ("公式: 1", "要写成文字"),
        ("公式: 甲 > 1, 当: 甲 + 1", "要是“是”或“否”"),
        ("公式: 甲 > , 指向: 甲", "写法不对"),
        ("公式: \"符合(名, '\\\\s')\"", "写法不对"),
        ("公式: 甲.__class__ == 1", "不是一组"),
        ("公式: 求和.__globals__ == 1", "没有“求和”"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words"), BROKEN_RULES)
def test_a_broken_rule_is_said_at_load(body, words):
    with pytest.raises(FormError) as caught:
        read(RULE.format(body))
    said = [f"{f.message}{f.hint}" for f in caught.value.findings]
    assert any(words in text for text in said), said
    assert all(f.place.file == "x.rules.yaml" and f.place.line == 2 for f in caught.value.findings)


BROKEN_FILES = [
    ("审核:\n  A01: {名称: 试, 级别: 严重, 公式: 甲 > 1, 说法: 不。, 依据: 试}\n", "级别只能是"),
    ("审核:\n  A01: {级别: 警告, 公式: 甲 > 1, 说法: 不。}\n", "要有“名称”和“依据”"),
    ("审核:\n  A01: {名称: 试, 级别: 警告, 公式: 甲 > 1, 依据: 试}\n", "要有“说法”"),
    ("审核:\n  A01: {名称: 试, 级别: 警告, 公式: 甲 > 1, 说法: '{{ 丙 }}', 依据: 试}\n", "没有“丙”"),
    ("审核:\n  A01: {名称: 试, 级别: 警告, 公式: 甲 > 1, 说法: '{{ 甲', 依据: 试}\n", "没有写完整"),
    ("审核:\n  A01: 甲 > 1\n", "一行行"),
    ("审核: 甲\n", "一行行"),
    ("审计:\n  A01: 1\n", "没有“审计”这一节"),
    ("参数: {甲: 1}\n", "同名"),
    ("参数: {丙: {丁: 1}}\n", "一个数、一段文字"),
    ("方向: {率: 大}\n", "≥ ≤"),
    ("等级: [好, 坏]\n", "从好到差"),
    ("计算:\n  丙: 甲 > 1\n", "要是一个数或一段文字"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN_FILES)
def test_a_broken_section_is_said_at_load(text, words):
    with pytest.raises(FormError) as caught:
        read(text)
    assert any(words in f"{f.message}{f.hint}" for f in caught.value.findings), caught.value.findings


# besides those above: what else a rules file can get wrong
MORE_SLIPS = [
    "审核:\n  A01: {名称: [试], 级别: 警告, 公式: 甲 > 1, 说法: 不。, 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 对象: {行: 1}, 公式: 甲 > 1, 说法: 不。, 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 对象: [行, 列], 公式: 数 > 1, 说法: 不。, 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 对象: 行.值.数, 公式: 甲 > 1, 说法: 不。, 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 公式: 甲 > 1, 说法: 不。, 改法: '{{ 丙 }}', 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 公式: 甲 > 1, 说法: '{% if 甲 %}', 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 公式: 甲 > 1, 说法: 不。, 依据: 试, 指向: 行.丙}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 核对: [甲, 丙.丁], 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 公式: 甲 > 1, 其中: {丙: 1, 丁: 戊}, 说法: 不。, 依据: 试}\n",
    "审核:\n  A01: {名称: 试, 级别: 警告, 公式: 丁 > 1, 当: 丙 > 1, 说法: '{{ 戊 }}', 改法: '{{ 己 }}', 依据: 试}\n",
    "参数: {丙: }\n",
    "参数: {丙: [1, 二]}\n",
    "方向: {率: 1}\n",
    "方向: {率: ''}\n",
    "方向: [率]\n",
    "等级: {好: 坏}\n",
    "等级: [[好, 1]]\n",
    "汇审:\n  A01: {名称: 试, 级别: 警告, 比较: 缺少, 依据: 试}\n"
    "审核:\n  A01: {名称: 试, 级别: 警告, 由: 试, 依据: 试}\n",
    "汇审:\n  Y01: 缺少\n",
    "汇审:\n  Y 01: {名称: 试, 级别: 警告, 比较: 缺少, 依据: 试}\n",
    "汇审:\n  Y01: {名称: 试, 级别: 错误, 比较: 多余, 依据: 试, 公示: 1}\n",
    "汇审:\n  Y01: {名称: 试, 级别: 警告, 比较: 单位, 对象: [行, 组], 看: 值, 按: 名, 依据: 试}\n",
    "汇审:\n  Y01: {名称: 试, 级别: 警告, 比较: 单位, 对象: 1, 看: 值, 按: 名称, 依据: 试}\n",
    "汇审:\n  Y01: {名称: 试, 级别: 提示, 比较: 离群, 公式: 名, 上限: 十, 依据: 试}\n",
    "汇审:\n  Y01: {名称: 试, 级别: 提示, 比较: 离群, 公式: 丙, 依据: 试}\n",
]


def test_every_answer_to_a_slip_is_word_for_word_the_one_in_the_book():
    """What those who keep the rules read."""
    slips = [*(RULE.format(body) for body, _ in BROKEN_RULES), *(text for text, _ in BROKEN_FILES), *MORE_SLIPS]
    book.holds("rules-answers.txt", map(_answer, slips))


def _answer(text: str) -> str:
    with pytest.raises(FormError) as caught:
        read(text)
    said = (f"{finding}\n    {finding.hint}".rstrip() for finding in caught.value.findings)
    return "\n".join([text.rstrip(), *said])


def test_all_that_is_wrong_comes_at_once():
    text = (
        RULE.format("公式: 丙 > 1")
        + "  A02: {名称: 试, 级别: 警告, 公式: 丁 > 1, 说法: 不。, 依据: 试}\n参数: {甲: 1}\n"
    )
    with pytest.raises(FormError) as caught:
        read(text)
    assert len(caught.value.findings) == 3


def test_a_number_that_is_not_there_leaves_the_rule_undecided():
    (finding,) = judged(RULE.format("公式: 甲 > 乙"), {"甲": Decimal(1)})
    assert (finding.level, finding.rule) == (Level.UNDECIDED, "A01")
    assert "“乙”没有填" in finding.message


def test_a_rule_that_does_not_apply_says_nothing():
    assert judged(RULE.format("当: 乙 != 无, 公式: 甲 > 乙"), {"甲": Decimal(1)}) == []


@pytest.mark.parametrize(
    ("when", "outcome"),
    [("乙 > 0", []), ("乙 > 0 and 甲 > 0", []), ("二 > 100 and 乙 > 0", []), ("二 > 0", ["不对。"])],
)
def test_what_a_rule_computes_is_only_computed_where_it_applies(when, outcome):
    """A share of nothing is guarded by the rule's own condition, unless the condition needs it."""
    body = f"其中: {{二: 甲 * 2, 比: 甲 / 乙 if 二 < 10 else 0}}, 当: {when}, 公式: 比 > 1"
    data = {"甲": Decimal(5), "乙": Decimal(0)}
    assert [finding.message for finding in judged(RULE.format(body), data)] == outcome


def test_an_earlier_year_that_is_not_there_leaves_the_rule_undecided():
    (finding,) = judged(
        RULE.format("公式: 上年表.甲 == 甲"), {"甲": Decimal(1)}, lambda _: Unavailable("没有文件 y.yaml")
    )
    assert finding.level is Level.UNDECIDED and "没有文件 y.yaml" in finding.message


def test_each_row_is_judged_and_undecided_ones_are_said_once():
    rows = [{"名称": "一", "数": Decimal(5)}, {"名称": "二", "数": Decimal(1)}, {"名称": "三"}, {"名称": "四"}]
    found = judged(RULE.format("对象: 行, 公式: 数 > 乙"), {"乙": Decimal(2), "行": rows})
    assert [(f.level, f.path) for f in found if f.level is Level.WARNING] == [(Level.WARNING, ("行", 1))]
    assert len([f for f in found if f.level is Level.UNDECIDED]) == 1


def test_several_reasons_are_counted():
    rows = [{"名称": "一"}, {"名称": "二", "数": Decimal(1)}]
    (finding,) = judged(RULE.format("对象: 行, 公式: 数 + 乙 > 甲"), {"行": rows})
    assert finding.message == "试：判断不了，“数”没有填等 2 个原因。"


def test_groups_are_rows_that_know_their_name_and_their_group():
    text = (
        "审核:\n  A01: {名称: 试, 级别: 警告, 对象: 组.类.项, 公式: 数 > 1, 指向: 数, 依据: 试, "
        "说法: '{{ 类.类名 }}里的{{ 名称 }}是 {{ 数 }}。'}\n"
    )
    data = {"组": {"红": [{"名称": "一", "数": Decimal(1)}], "蓝": [{"名称": "二", "数": Decimal(2)}]}}
    (finding,) = judged(text, data)
    assert finding.message == "红里的一是 1。"
    assert finding.path == ("组", "红", 0, "数")


def test_lists_flatten_along_a_path_and_can_be_counted():
    text = RULE.format(
        "公式: (组.类.项.数 | 计数) == 3 and (组.类.项 | 求和('数')) == 6 and (组.类.类名 | 计数('红')) == 1"
    )
    data = {"组": {"红": [{"数": Decimal(1)}, {"数": Decimal(2)}], "蓝": [{"数": Decimal(3)}]}}
    assert judged(text, data) == []


def test_a_formula_that_cannot_be_computed_over_the_data_is_the_forms_fault():
    with pytest.raises(FormError) as caught:
        judged(RULE.format("公式: 甲 / 乙 > 1"), {"甲": Decimal(1), "乙": Decimal(0)})
    (finding,) = caught.value.findings
    assert str(finding.place).startswith("x.rules.yaml:2:") and "x.yaml" in finding.message


def test_a_reason_goes_with_its_warning_and_an_idle_one_is_a_finding():
    data = {"甲": Decimal(1), "乙": Decimal(2)}
    (finding,) = judged(RULE.format("公式: 甲 > 乙"), {**data, "答": {"A01": "说好了"}})
    assert finding.reason == "说好了"
    found = judged(RULE.format("公式: 甲 < 乙"), {**data, "答": {"A01": "说好了"}})
    assert [f.rule for f in found] == ["waiver-stale"]
    found = judged(RULE.format("公式: 甲 > 乙").replace("警告", "错误"), {**data, "答": {"A01": "说好了"}})
    assert {f.rule for f in found} == {"A01", "waiver-error"} and not any(f.reason for f in found)


def test_an_undecided_rule_neither_needs_its_reason_nor_makes_it_stale():
    (finding,) = judged(RULE.format("公式: 甲 > 乙"), {"甲": Decimal(1), "答": {"A01": "说好了"}})
    assert finding.level is Level.UNDECIDED and not finding.reason


def test_claims_do_not_hide_the_rules_behind_them():
    text = "计算:\n  乙: 甲 * 2\n审核:\n  A01: {名称: 试, 级别: 错误, 核对: [乙], 依据: 试}\n"
    text += "  A02: {名称: 试, 级别: 警告, 公式: 乙 > 5, 说法: '乙是 {{ 乙 }}。', 依据: 试}\n"
    found = judged(text, {"甲": Decimal(1), "乙": Decimal(9)})
    assert by_rule(found, "A01")[0].message == "乙 写的是 9，计算结果是 2。"
    assert by_rule(found, "A02")[0].message == "乙是 2。"
