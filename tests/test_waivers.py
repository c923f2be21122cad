"""A reason answers what it is written for: a whole file, or what lies in one row or group of that name."""

from __future__ import annotations

import pytest

from perfgen.build import job
from perfgen.check.reasons import Reasons
from perfgen.project.layout import DataFile
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"
ROWS = {"接收档案数量": "≥12000卷", "征集史料数量": "≥240件", "举办展览场次": "≥3场"}
"""Targets of the annual block that lose their direction here, which is a warning each (D02)."""


@pytest.fixture
def told(project):
    """What `check` says of rule D02 under the reasons given: by row the reason, and what is wrong with the reasons."""
    path = project / SOURCE
    text = path.read_text("utf-8")
    for target in ROWS.values():
        assert text.count(f"指标值: {target}") == 1
        text = text.replace(f"指标值: {target}", f"指标值: {target.lstrip('≥')}")

    def tell(*reasons: str) -> tuple[list[str], list[str]]:
        lines = "".join(f"\n  {reason}" for reason in reasons)
        path.write_text(text.replace("\n审核说明:", f"\n审核说明:{lines}", 1), "utf-8")
        result, _ = job.check_file(snapshot(project), DataFile.at(SOURCE))
        found = [finding.reason for finding in result.findings if finding.rule == "D02"]
        return found, [f"{f.message}{f.hint}" for f in result.findings if f.rule.startswith("waiver")]

    return tell


def test_a_reason_for_a_rule_answers_all_of_it(told):
    assert told("D02: 按等于考核") == (["按等于考核"] * 3, [])


def test_a_reason_for_a_row_answers_that_row(told):
    assert told("D02 征集史料数量: 捐赠数已定") == (["", "捐赠数已定", ""], [])


def test_the_reason_nearest_to_the_row_counts(told):
    reasons = told(
        "D02: 按等于考核", "D02 征集史料数量: 捐赠数已定", "D02 年度绩效指标: 年初已定", "D02 履职效能: 数量已定"
    )
    idle = ["D02 的发现都另有说明，这条说明用不着了。删掉这一行。"]
    idle += ["D02 在“年度绩效指标”没有发现，这条说明用不着了。删掉这一行。"]
    assert (reasons[0], sorted(reasons[1])) == (["数量已定", "捐赠数已定", "数量已定"], sorted(idle))


@pytest.mark.parametrize("key", ["D02　征集史料数量", "D02  “征集史料数量”", '"D02 征集 史料数量 "'])
def test_blanks_and_quotes_in_the_name_do_not_matter(told, key):
    assert told(f"{key}: 捐赠数已定") == (["", "捐赠数已定", ""], [])


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            "D02 征集史料数目",
            "D02 在“征集史料数目”没有发现，这条说明用不着了。是不是“征集史料数量”？不是就删掉这一行。",
        ),
        ("D02 预算执行率", "D02 在“预算执行率”没有发现，这条说明用不着了。删掉这一行。"),
        ("D02征集史料数量", "没有 D02征集史料数量 这条规则。规则编号后面空一格再写名称：“D02 征集史料数量”。"),
        ("D02（征集史料数量）", "没有 D02（征集史料数量） 这条规则。规则编号后面空一格再写名称：“D02 征集史料数量”。"),
        ("D022", "没有 D022 这条规则。是不是“D02”？"),
        ("A10 征集史料数量", "A10 是错误，不能用说明代替改正。改正数据，再删掉这条说明。"),
        ('"  "', "没有    这条规则。"),
    ],
)
def test_a_reason_that_answers_nothing_is_a_finding(told, key, said):
    reasons, (idle,) = told(f"{key}: 捐赠数已定")
    assert reasons == ["", "", ""] and idle.startswith(said)


@pytest.mark.parametrize("rule", ["mixed-signs", "text-fold", "last-year-expected"])
def test_a_reason_for_a_rule_of_perfgens_own_is_stale_once_the_finding_is_gone(told, rule):
    assert told(f"{rule}: 原来有一处")[1] == [f"{rule} 已经没有发现，这条说明用不着了。删掉这一行。"]
    named = told(f"{rule} 征集史料数量: 原来有一处")[1]
    assert named == [f"{rule} 在“征集史料数量”没有发现，这条说明用不着了。删掉这一行。"]
    assert told("last-yaer: 原来有一处")[1][0].startswith("没有 last-yaer 这条规则。是不是“last-year”？")


def test_no_reason_is_empty():
    assert Reasons({}).of("D02", ("甲",)) == ""
