"""Findings on the real form: the right line, the right words, all at once."""

from __future__ import annotations

import json

import pytest

from perfgen.build import job
from perfgen.findings import Level
from perfgen.form.nearest import nearest
from perfgen.project.layout import DataFile
from perfgen.report import site
from tests.helpers import tiny
from tests.helpers.found import errors, unanswered
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"


def findings(project, *changes: tuple[str, str]):
    path = project / SOURCE
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    result, _ = job.reports(snapshot(project), DataFile.at(SOURCE), site.Site({}))
    return errors(result.findings)


def only(project, *changes: tuple[str, str]):
    found = findings(project, *changes)
    assert len(found) == 1, found
    return found[0]


def test_good_samples_have_nothing_unanswered(repository):
    for path in sorted(repository.glob("data/2*/*.yaml")):
        result, editions = job.reports(
            snapshot(repository),
            DataFile.at(path.relative_to(repository).as_posix()),
            site.load_site(snapshot(repository)),
        )
        if "示例市" in path.name:
            assert unanswered(result.findings) == []
        assert len(editions) == 2


@pytest.mark.parametrize(
    ("typed", "known", "said"),
    [
        ("单价格", ["单价", "数量"], "是不是“单价”？"),
        ("D99", ["D09", "D19", "A01"], "是不是“D19”或“D09”？"),
        ("部门标准", ["计划标准", "行业标准", "其他标准"], "可以写：计划标准、行业标准、其他标准。"),
        ("甲", ["乙", "乙", "丙"], "可以写：乙、丙。"),
        ("甲", [str(n) for n in range(51)], f"可以写：{'、'.join(map(str, range(50)))}等 51 个。"),
    ],
)
def test_the_nearest_name_is_only_said_where_it_is_one(typed, known, said):
    assert nearest(typed, known) == said


def test_unknown_key_points_at_itself_and_names_the_nearest(project):
    finding = findings(project, ("联系电话:", "联系电活:"))
    assert [f.rule for f in finding] == ["schema-additionalProperties"]
    assert str(finding[0].place) == f"{SOURCE}:6:1"
    assert "联系电话" in finding[0].hint


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("年度: 2025", "年度: 二〇二五", "schema-type", ["整数", "“二〇二五”"]),
        ("年度: 2025", "年度: 2024", "location-year", ["data/2025/", "2024"]),
        ("年度: 2025", "年度:", "schema-type", ["没有填"]),
        ("填报人: ", "填报人: #", "schema-type", ["没有填", "成了注释"]),
        ("人员类项目支出, 总预算", "人员类支出, 总预算", "schema-enum", ["人员类项目支出", "“人员类支出”"]),
        ("分类: 绩效基本型", "分类: 基本型", "schema-enum", ["是不是“绩效基本型”"]),
        ("联系电话: ", "联系电话: 110 #", "schema-type", ["文字", "“110”"]),
    ],
)
def test_a_mistake_and_its_words(project, old, new, rule, words):
    finding = only(project, (old, new))
    assert finding.rule == rule
    assert finding.level is Level.ERROR
    assert all(word in finding.message + finding.hint for word in words)
    assert finding.hint
    assert finding.place.line > 1


def test_a_missing_member_is_called_what_its_definition_says(tiny_project):
    path = tiny_project / "schema/fruit.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    schema["$defs"] = {"重量": {"title": "净重", "type": "number", "x-public": True}}
    schema["properties"]["水果"]["items"]["properties"]["斤数"] = {"$ref": "#/$defs/重量"}
    schema["properties"]["水果"]["items"]["required"] = ["斤数"]
    path.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    tiny.write_unit(tiny_project, "东园", tiny.UNIT.format(name="东园").replace(", 斤数: 2}", "}"))
    (finding,) = job.check_file(snapshot(tiny_project), DataFile.at("data/2025/东园.yaml"))[0].findings
    assert finding.message == "“水果[2]”缺少“斤数”（净重）。"


def test_money_has_two_decimals_and_no_sign(project):
    import re

    text = (project / SOURCE).read_text("utf-8")
    amount = re.search(r"财政拨款: \{当年: ([\d.]+)", text)[1]
    assert only(project, (f"当年: {amount}", "当年: 1.234")).rule == "schema-multipleOf"
    assert only(project, ("当年: 1.234", "当年: -1")).rule == "schema-minimum"
    assert "千位" in only(project, ("当年: -1", "当年: '1,234'")).hint


def test_first_key_names_the_form(project):
    finding = only(project, ("表式: department-target", "表式: department-targte"))
    assert (finding.rule, finding.place.line) == ("form", 2)
    assert "表式: department-target" in finding.hint


def test_all_findings_come_at_once_in_reading_order(project):
    found = findings(project, ("年度: 2025", "年度: x"), ("分类: 绩效基本型", "分类: y"), ("依据: 计划标准", "依据: z"))
    assert len(found) == 3
    assert [f.place for f in found] == sorted(f.place for f in found)
