"""The advice about a name that a group does not have: what was meant, as the sample with one slip shows."""

from __future__ import annotations

import pytest

from perfgen.check import check, loading
from perfgen.project.layout import DataFile
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ("\n年度目标:\n", "\n  年度目标:\n", "“年度目标”和“长期目标”同一级"),
        ("    管理效率:\n      战略管理:\n", "      管理效率:\n      战略管理:\n", "“管理效率”和“运行成本”同一级"),
        ("{当年: 548.46, ", "{548.46, ", "前面少了名称"),
        ("{当年: 548.46, ", "{当年=548.46, ", "= 改成英文冒号"),
        ("{当年: 548.46, ", "{当年＝548.46, ", "＝ 改成英文冒号"),
        ("{当年: 548.46, 上年", "{当年: 548.46, 上一年", "是不是“上年”？"),
    ],
)
def test_the_advice_names_what_was_meant(project, old, new, advice):
    path = project / SOURCE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    findings = check.check_filing(loading.filing(snapshot(project), DataFile.at(SOURCE)))
    found = [finding for finding in findings if finding.rule == "schema-additionalProperties"]
    assert found and found[0].hint.startswith(advice)
