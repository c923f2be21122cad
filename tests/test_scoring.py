"""Scores as the rules of the yearly cycle have them, written in 计算 and held to what was worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen import fields
from perfgen.findings import FormError
from perfgen.form import figures, rules_file
from perfgen.source import reader

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
MEASURE = {"type": ["string", "number"], "x-measure": True}
ROW = {"指标": TEXT, "目标": MEASURE, "完成": MEASURE, "权重": NUMBER, "得分": NUMBER}
SCHEMA = {
    "type": "object",
    "properties": {
        "表": {"const": "x", "x-role": "form"},
        "年": {"type": "integer", "x-role": "year"},
        "名": {"type": "string", "x-role": "unit"},
        "行": {"type": "array", "items": {"type": "object", "properties": ROW}},
        "资金": {"type": "array", "items": {"type": "object", "properties": {
            "甲": {"type": "object", "properties": {"预算": NUMBER, "执行": NUMBER}}}}},
        "总分": NUMBER,
        "等次": TEXT,
    },
}  # fmt: skip
FIELDS = fields.read_fields(SCHEMA, "x")

SCORES = """\
等级: [[优, 良, 中, 差]]
计算:
  行.得分:
    其中:
      越低越好: 目标.方向 in ['≤', '<']
      越高越好: 目标.方向 in ['≥', '>', '']
      正向: 最小(权重, 四舍五入(完成.数 / 目标.数 * 权重, 2))
      超出: (完成.数 - 目标.数) / 目标.数
      反向: 四舍五入(按档(-超出, [0, -1], [1, 1 - 超出, 0]) * 权重, 2)
      相等: (权重 if 完成.数 <= 0 else 0) if 目标.数 == 0 else 正向
      区间: 权重 if 目标.数 <= 完成.数 and 完成.数 <= 目标.上限 else 0
      定性: 四舍五入(查表(完成.等级, ['优', '良', '中', '差'], [1, 0.8, 0.6, 0]) * 权重, 2)
    公式: >-
      0 if 完成.没有 else 定性 if 目标.等级 != '' else 区间 if 目标.上限 > 目标.数
      else 反向 if 越低越好 else 正向 if 越高越好 else 相等
  总分: 行 | 求和('得分')
  等次: 按档(总分, [90, 80, 60], ['优', '良', '中', '差'])
"""


def computed(text: str, data: str):
    return figures.read_figures(reader.load_yaml(text.encode(), "x"), FIELDS).compute(
        reader.load_yaml(data.encode(), "x").top
    )


@pytest.mark.parametrize(
    ("target", "outcome", "weight", "score"),
    [
        # reached, above the cap, partly, by halves of a cent
        ("≥100个", "100个", 10, "10"),
        ("≥100个", "130个", 10, "10"),
        ("≥100个", "99个", 10, "9.9"),
        ("≥100个", "0个", 10, "0"),
        ("≥3个", "2个", 10, "6.67"),
        ("≥7个", "6个", 5, "4.29"),
        ("≥95%", "93.1%", 10, "9.8"),
        ("≥95%", "96%", 10, "10"),
        ("≥1.5万人次", "12000人次", 10, "8"),
        ("100个", "90个", 10, "9"),
        (">80%", "81%", 4, "4"),
        ("≥8%", "0.01%", 8, "0.01"),
        # the other direction: full up to the target, falling to nothing at twice the target
        ("≤20天", "20天", 10, "10"),
        ("≤20天", "5天", 10, "10"),
        ("≤20天", "25天", 10, "7.5"),
        ("≤20天", "39天", 10, "0.5"),
        ("≤20天", "40天", 10, "0"),
        ("≤20天", "400天", 10, "0"),
        ("≤5%", "6%", 3, "2.4"),
        ("≤3次", "4次", 10, "6.67"),
        # exactly; nothing wanted and nothing there, or something
        ("=4次", "4次", 8, "8"),
        ("=4次", "3次", 8, "6"),
        ("=4次", "6次", 8, "8"),
        ("=0次", "0次", 6, "6"),
        ("=0次", "2次", 6, "0"),
        # a range
        ("90~100分", "95分", 10, "10"),
        ("90~100分", "90分", 10, "10"),
        ("90~100分", "100分", 10, "10"),
        ("90~100分", "89分", 10, "0"),
        ("90~100分", "101分", 10, "0"),
        # a grade
        ("优", "优", 10, "10"),
        ("优", "良", 10, "8"),
        ("优", "中", 5, "3"),
        ("优", "差", 10, "0"),
        ("良", "良", 6, "4.8"),
        # not filled in
        ("≥100个", "", 10, "0"),
        ("≤20天", "", 10, "0"),
        ("优", "", 10, "0"),
        ("=0次", "", 6, "0"),
        ("90~100分", "", 10, "0"),
    ],
)
def test_scores_by_hand(target, outcome, weight, score):
    found = computed(SCORES, f"行:\n- {{指标: 某, 目标: '{target}', 完成: '{outcome}', 权重: {weight}}}\n")
    assert found[("行", 0, "得分")] == Decimal(score)


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100", "优"), ("90", "优"), ("89.99", "良"), ("80", "良"), ("60", "中"), ("59.99", "差"), ("0", "差")],
)
def test_a_total_has_its_grade(total, grade):
    assert computed("计算:\n  等次: 按档(总分, [90, 80, 60], ['优', '良', '中', '差'])\n", f"总分: {total}\n") == {
        ("等次",): grade
    }


def test_a_cap_by_what_was_spent():
    text = "计算:\n  率: \"资金 | 求和('甲.执行') / (资金 | 求和('甲.预算')) * 100\"\n"
    text = text.replace("资金 | 求和('甲.执行') /", "(资金 | 求和('甲.执行')) /")
    text += "  总: 最小(95, 按档(率, [80, 70, 60, 50], [100, 89, 79, 69, 59]))\n"
    for spent, total in (("90", 95), ("75", 89), ("60", 79), ("49.9", 59)):
        data = f"资金:\n- {{甲: {{预算: 60, 执行: {spent}}}}}\n- {{甲: {{预算: 40}}}}\n- {{}}\n"
        assert computed(text, data)[("总",)] == total


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("最小(3, 1, 2)", "1"),
        ("最大(3, 1, 2)", "3"),
        ("最小(3, 总分)", None),
        ("最大(3, 总分)", None),
        ("最小(3)", "3"),
        ("行 | 平均('权重')", "2"),
        ("行 | 最大('权重')", "3"),
        ("行 | 最小('权重')", "1"),
        ("资金 | 平均('甲.预算')", None),
        ("行 | 选取(指标='无此') | 平均('权重')", None),
        ("查表('乙', ['甲', '乙'], [1, 2])", "2"),
        ("查表('丙', ['甲', '乙'], [1, 2])", None),
        ("查表(等次, ['甲', '乙'], [1, 2])", None),
        ("按档(总分, [1], [2, 3])", None),
        ("四舍五入(2.5, 0)", "3"),
        ("四舍五入(行 | 平均('权重'), 1)", "2.0"),
    ],
)
def test_what_scores_are_made_of(formula, wanted):
    found = computed(f'计算:\n  数: "{formula}"\n', "行:\n- {权重: 1}\n- {权重: 3}\n- {指标: 没有权重}\n")
    assert found[("数",)] == (None if wanted is None else Decimal(wanted))


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("按档(总分, [90, 80], ['优', '良'])", "结果比界限多一个"),
        ("按档(总分, [80, 90], [1, 2, 3])", "从大到小"),
        ("按档(总分, ['90'], [1, 2])", "数的列表"),
        ("按档(总分, [90], [1, '差'])", "同一种值"),
        ("按档(等次, [90], [1, 2])", "这里要数"),
        ("查表(等次, ['优'], [1, 2])", "一样长"),
        ("查表(总分, ['优'], [1])", "这里要文字"),
        ("查表(等次, [1], [1])", "文字的列表"),
        ("查表(等次, ['优'], 行)", "数或文字的列表"),
        ("最小(等次, 1)", "这里要数"),
        ("行 | 平均('指标')", "只能用在数上"),
        ("资金 | 求和('甲.错')", "没有“错”"),
        ("资金 | 求和('甲')", "只能把数加起来"),
        ("资金 | 求和('甲.预算.数')", "前面的不是一组字段"),
    ],
)
def test_a_slip_in_what_scores_are_made_of_is_said_at_load(formula, words):
    with pytest.raises(FormError, match=words):
        computed(f'计算:\n  数: "{formula}"\n', "{}")


@pytest.mark.parametrize(
    ("parameters", "formula", "wanted"),
    [
        ("{界限: [90, 80, 60], 等: [优, 良, 中, 差]}", "按档(82, 界限, 等)", "良"),
        ("{界限: [90, 80, 60]}", "按档(82, 界限, ['优', '良', '中', '差'])", "良"),
        ("{词: [优, 良], 几成: [1, 0.8]}", "查表('良', 词, 几成)", Decimal("0.8")),
        ("{几成: [1, 0.8]}", "几成 | 计数", Decimal(2)),
        ("{甲: [1, 2]}", "1 if 2 in 甲 else 0", Decimal(1)),
        ("{界限: [-1.5]}", "按档(-2, 界限, [1, 2])", Decimal(2)),
    ],
)
def test_a_parameter_may_be_a_list_of_numbers(parameters, formula, wanted):
    place = "等次" if isinstance(wanted, str) else "数"
    assert computed(f'参数: {parameters}\n计算:\n  {place}: "{formula}"\n', "{}")[(place,)] == wanted


@pytest.mark.parametrize("value", ["[1, 甲]", "[[1]]", "[1, null]", "[真, true]"])
def test_but_no_mixed_list(value):
    with pytest.raises(FormError, match="数的、文字的列表"):
        rules_file.read_rules(reader.load_yaml(f"参数: {{甲: {value}}}\n".encode(), "x"), FIELDS)


@pytest.mark.parametrize(
    ("formula", "unfilled", "filled"),
    [
        ("1 if 指标 != '' else 0", 0, 1),
        ("1 if 指标 == '' else 0", 1, 0),
        ("1 if '' == 指标 else 0", 1, 0),
        ("1 if 指标 in ['', '别的'] else 0", 1, 0),
        ("1 if not (指标 in ['', '别的']) else 0", 0, 1),
        ("1 if 指标 not in ['别的', ''] else 0", 0, 1),
        ("1 if 完成.原文 == '' else 0", 1, 0),
        ("1 if 指标 != '别的' else 0", 1, 1),
        ("1 if 指标 == 无 else 0", 1, 0),
    ],
)
def test_a_text_that_is_not_filled_in_is_empty(formula, unfilled, filled):
    found = computed(f'计算:\n  行.得分: "{formula}"\n', "行: [{权重: 1}, {指标: 甲, 完成: 3棵}]\n")
    assert list(found.values()) == [unfilled, filled]


def test_a_dotted_column_counts_for_publication_and_for_order():
    text = "计算:\n  甲: 资金 | 求和('甲.率')\n  资金.甲.率: 预算 * 2\n"
    found = figures.read_figures(reader.load_yaml(text.encode(), "x"), FIELDS)
    assert [figure.path for figure in found.figures] == [("资金", "甲", "率"), ("甲",)]
