"""Formulas about rows in the rows of a list of the form itself: the fields of that outermost row go by their names."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from perfgen import fields
from perfgen.check import evaluate
from perfgen.check.evaluate import Verdict
from perfgen.check.filing import Filing
from perfgen.findings import FormError
from perfgen.form import figures, rules_file
from perfgen.source import reader

TEXT, NUMBER = {"type": "string", "x-public": True}, {"type": "number", "x-public": True}
SECRET = {"type": "string"}


def rows(**members):
    item = {"type": "object", "additionalProperties": False, "properties": members}
    return {"type": "array", "items": item}


TREES = rows(树=TEXT, 棵=NUMBER, 钱=NUMBER, 主人=TEXT, 单价=NUMBER, 谁=TEXT)
SCHEMA = {
    "type": "object",
    "properties": {
        "表": {"const": "x", "x-role": "form", "x-public": True},
        "年": {"type": "integer", "x-role": "year", "x-public": True},
        "名": {"type": "string", "x-role": "unit", "x-public": True},
        "园": rows(
            主=TEXT, 名=TEXT, 密=SECRET, 单价=NUMBER,
            区={"type": "object", "x-groups": "组", "x-label": "组名",
                "additionalProperties": {"x-rows": "行", **TREES}},
        ),
        "价": rows(主=TEXT, 每棵=NUMBER),
    },
}  # fmt: skip
FIELDS = fields.read_fields(SCHEMA, "x")
DATA = """\
表: x
年: 2025
名: 东园
园:
  - 主: 甲
    名: 南
    单价: 2
    区: {东: [{树: 梨, 棵: 3}, {树: 桃, 棵: 4}], 西: [{树: 梨, 棵: 5}]}
  - 主: 乙
    区: {东: [{树: 梨, 棵: 3, 单价: 7}]}
价: [{主: 甲, 每棵: 10}, {主: 乙, 每棵: 100}]
"""


def document(text):
    return reader.load_yaml(text.encode(), "data/2025/x.yaml")


def computed(formula, place="园.区.组.行.钱", where=""):
    rules = document(f'计算:\n  {place}: {{{where}公式: "{formula}"}}\n')
    return list(figures.read_figures(rules, FIELDS).compute(document(DATA).top).values())


def numbers(*values):
    return [None if value is None else Decimal(value) for value in values]


def test_a_row_is_told_from_one_of_the_same_name_in_another_outer_row():
    """The price of each tree is its owner's, although both have pears in the east."""
    found = computed("棵 * (价 | 选取(主=主) | 首个).每棵")
    assert found == numbers(30, 40, 50, 300)


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("主", ["甲", "甲", "甲", "乙"]),
        ("主 if 组.组名 == '东' else 组.组名", ["甲", "甲", "西", "乙"]),
        ("'有' if 密 else '没有'", ["没有"] * 4),
    ],
)
def test_its_fields_go_by_their_names(formula, wanted):
    assert computed(formula, "园.区.组.行.主人") == wanted


def test_what_is_nearer_comes_first():
    """The row's own field, then the rows around it, then the form, and last the outermost row."""
    assert computed("单价") == numbers(None, None, None, 7)
    assert computed("名", "园.区.组.行.主人") == ["东园"] * 4


def test_a_name_for_a_part_of_the_formula_may_be_the_same():
    assert computed("主 + 1", where="其中: {主: 棵 * 2}, ") == numbers(7, 9, 11, 7)


@pytest.mark.parametrize("where", ["其中: {主: 主}, ", "其中: {甲: 主, 主: 棵}, "])
def test_and_then_it_hides_the_field_in_every_part(where):
    with pytest.raises(FormError, match="没有“主”"):
        computed("主", where=where)


def filing(rules):
    read = rules_file.read_rules(document(rules), FIELDS)
    form = SimpleNamespace(
        name="x", figures=figures.read_figures(None, FIELDS), fields=FIELDS, references={}, rules=read
    )
    return Filing(document(DATA), form), read


RULE = """\
审核:
  A:
    名称: 甲的至少四棵
    级别: 警告
    对象: 园.区.组.行
    当: 主 == '甲'
    {where}公式: 棵 >= 4
    说法: “{{{{ 主 }}}}”的“{{{{ 树 }}}}”只有 {{{{ 棵 }}}} 棵。
    改法: 多种。
    依据: 规定。
"""


def test_rules_and_what_they_say_know_them():
    made, rules = filing(RULE.format(where=""))
    found = list(evaluate.evaluate(rules.rules["A"], made))
    assert [one.outcome for one in found] == [Verdict.BROKEN, Verdict.HOLDS, Verdict.HOLDS, Verdict.IDLE]
    assert found[0].target.say(found[0].names) == "“甲”的“梨”只有 3 棵。"


def test_a_rule_may_call_a_part_of_its_own_so():
    made, rules = filing(RULE.format(where="其中: {主: \"'甲'\"}\n    "))
    assert [one.outcome for one in evaluate.evaluate(rules.rules["A"], made)][-1] is Verdict.BROKEN


def test_a_figure_that_takes_a_private_field_of_the_outermost_row_is_private():
    rules = document("计算:\n  园.区.组.行.谁: 密\n  园.区.组.行.主人: 主\n")
    found = figures.read_figures(rules, FIELDS).fields
    public = {name: found.at(("园", 0, "区", "东", 0, name)).public for name in ("谁", "主人")}
    assert public == {"谁": False, "主人": True}
