"""A text that stands in many places is judged once where nothing but the text decides; it is said at each place."""

from __future__ import annotations

import pytest

from perfgen.check import loading
from perfgen.check.evaluate import Verdict, evaluate, to_be_told
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from tests.helpers import tiny

RULE = """审核:
  A01: {{名称: 文字, 级别: 错误, 对象: 全部文字, 公式: "{formula}", 说法: 不对, 改法: 改写, 依据: 例子}}
"""
UNIT = """form: fruit
年: 2025
果园: 东园
备注: 苹果
items: 苹果
水果:
  - {名称: 苹果, 斤数: 1}
  - {名称: 梨, 斤数: 1}
  - {名称: 苹果, 斤数: 1}
"""


@pytest.mark.parametrize(
    ("formula", "broken"),
    [
        ("原文 != '苹果'", ["备注", "items", ("水果", 0, "名称"), ("水果", 2, "名称")]),
        ("原文 == '苹果' or 原文 == '东园' or 原文 == 'fruit'", [("水果", 1, "名称")]),
        ("公开 or 原文 == 'fruit'", ["备注"]),
        ("原文 != '苹果' or 位置 == '备注'", ["items", ("水果", 0, "名称"), ("水果", 2, "名称")]),
        ("原文 != '苹果' or 合计 == 3", []),
    ],
)
def test_each_place_of_a_text_is_judged(tmp_path, formula, broken):
    root = tiny.make(tmp_path)
    (root / "schema/fruit.rules.yaml").write_text(tiny.RULES + RULE.format(formula=formula), "utf-8")
    tiny.write_unit(root, "东园", UNIT)
    filing = loading.well_formed(Project.on_disk(root), DataFile.at("data/2025/东园.yaml"))
    evaluations = list(evaluate(filing.form.rules.rules["A01"], filing))
    assert len(evaluations) == len(filing.formula_view["全部文字"])
    told = list(to_be_told(filing.form.rules.rules["A01"], filing))
    assert told == [one for one in evaluations if one.outcome not in (Verdict.HOLDS, Verdict.IDLE)]
    paths = [one.row.path for one in told]
    assert paths == [path if isinstance(path, tuple) else (path,) for path in broken]


def test_what_a_rule_works_out_for_a_row_is_not_known_at_the_next(tmp_path):
    root = tiny.make(tmp_path)
    rules = """审核:
  A01: {名称: 一, 级别: 错误, 对象: 水果, 其中: {数: "斤数 + 1"}, 公式: 数 == 2, 说法: "{{ 数 }}", 改法: 改, 依据: 例子}
  A02: {名称: 二, 级别: 错误, 对象: 水果, 其中: {数: "斤数 + 2"}, 公式: 数 == 3, 说法: "{{ 数 }}", 改法: 改, 依据: 例子}
"""
    (root / "schema/fruit.rules.yaml").write_text(tiny.RULES + rules, "utf-8")
    tiny.write_unit(root, "东园", UNIT)
    filing = loading.well_formed(Project.on_disk(root), DataFile.at("data/2025/东园.yaml"))
    for rule in filing.form.rules.rules.values():
        found = list(evaluate(rule, filing))
        assert {one.outcome for one in found} == {Verdict.HOLDS}
        assert len({id(one.names) for one in found}) == len(found) == 3
