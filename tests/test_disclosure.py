"""A figure that takes from other files is public by its fields only where all that it takes is public in all forms."""

from __future__ import annotations

import json

import pytest

from perfgen.form import forms
from tests.helpers import cycle
from tests.helpers.projects import snapshot

REFERS = """\
引用:
  目标表: {表: plan, 对上: [果园, 项目]}
  往年: {表: review, 往前: 1, 对上: [果园, 项目]}
  各项: {表: plan, 对上: [果园], 几份: 多份}
计算:
"""


@pytest.fixture
def root(tmp_path):
    return cycle.make(tmp_path / "p")


def is_public(root, figures, name, *, plan="", form="review"):
    cycle.write(root, "schema/review.rules.yaml", REFERS + "".join(f"  {line}\n" for line in figures))
    if plan:
        cycle.write(root, "schema/plan.rules.yaml", f"引用:\n  自评: {{表: review, 对上: [果园, 项目]}}\n计算:\n{plan}")
    found = forms.find(snapshot(root), form)
    about = found.figures.fields.at(tuple(name.split(".")))
    assert about is not None
    return about.public


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("目标表.预算 - 执行", True),
        ("目标表.底价 - 执行", False),
        ("执行 if 目标表.经办 == '王' else 0", False),
        ("各项 | 求和('预算')", True),
        ("各项 | 求和('底价')", False),
        ("各项 | 选取(经办='王') | 求和('预算')", False),
        ("各项 | 计数", True),
        ("目标表.指标.组.行 | 求和('权重')", True),
        ("往年.执行 - 执行", True),
        ("上年表.执行 - 执行", True),
    ],
)
def test_what_is_private_there_makes_it_private(root, formula, wanted):
    assert is_public(root, [f'数: "{formula}"'], "数") is wanted


def test_through_figures_of_both_forms(root):
    plan = "  底数: 底价 * 2\n  预数: 预算 * 2\n"
    figures = ["甲: 目标表.底数 + 1", "乙: 甲 + 1", "丙: 目标表.预数 + 1", "丁: 丙 + 1"]
    assert not is_public(root, figures, "乙", plan=plan)
    assert is_public(root, figures, "丁", plan=plan)


@pytest.mark.parametrize(("inner", "wanted"), [("执行", True), ("各项 | 求和('底价')", False)])
def test_through_a_circle_that_leads_to_earlier_years(root, inner, wanted):
    assert is_public(root, [f'累计: "求和(往年.累计, {inner})"'], "累计") is wanted


def test_a_place_that_is_private_in_its_own_schema_stays_so(root):
    schema = json.loads(json.dumps(cycle.REVIEW))
    schema["properties"]["数"] = {"type": "number", "title": "数"}
    cycle.write(root, "schema/review.schema.json", json.dumps(schema, ensure_ascii=False))
    assert not is_public(root, ["数: 目标表.预算"], "数")


def test_what_only_reads_its_own_form_is_as_before(root):
    assert is_public(root, ["双: 执行 * 2", "差: 目标表.底价 - 双"], "双")
