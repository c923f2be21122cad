"""What lists know of a report: the money and the promises of any form, found by the annotations of its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site, summary
from perfgen.report.report import Edition, Report
from perfgen.report.summary import Summary
from tests.helpers import tiny
from tests.helpers.words import docx_of

PUBLIC = {"x-public": True}
NUMBER = {"type": "number", "x-unit": "万元", **PUBLIC}
VALUE = {"type": "string", "x-measure": True, **PUBLIC}
ROW: dict[str, Any] = {
    "type": "object",
    "properties": {
        "说": {"type": "string", **PUBLIC},
        "要": VALUE,
        "做": {**VALUE, "x-outcome": "要"},
        "去": {**VALUE, "x-next": "做"},
        "前": {**VALUE, "x-next": "去"},
        "藏": {"type": "string"},
    },
}
ROWS = {"type": "array", "x-rows": "行", "x-identity": "说", "items": ROW}
GROUPED = {
    "title": "各组", "type": "object", "x-groups": "组", "x-label": "组名",
    "properties": {"甲": {"title": "甲组", **ROWS}}, "additionalProperties": {"title": "别的", **ROWS},
}  # fmt: skip
MONEY = {
    "title": "钱", "type": "object",
    "properties": {
        "地": {"title": "地里", "type": "object", "properties": {
            "今": {"title": "今年", **NUMBER}, "昨": {"title": "去年", **NUMBER, "x-next": "今"},
            "份": {"title": "份额", "type": "number", **PUBLIC},
        }},
        "店": {"title": "店里", "type": "object", "properties": {"今": {"title": "今年", **NUMBER}}},
        "合": {"title": "一共", "type": "object", "properties": {"今": {"title": "今年", **NUMBER}}},
    },
}  # fmt: skip
RULES = """\
计算:
  钱.合.今: 求和(钱.地.今, 钱.店.今)
  钱.地.份: {公式: '百分比(钱.地.今, 钱.合.今)', 单位: '%'}
"""
DATA = """\
form: fruit
年: 2025
果园: 东园
钱: {地: {今: 3, 昨: 2.5}, 店: {今: 1}}
各组:
  甲:
    - {说: 一, 要: ≥95%, 做: 96%, 去: 94%, 前: 93%, 藏: 秘密}
    - {说: 二, 要: 规范}
  乙:
    - {说: 三, 要: "<20分钟", 做: 21分钟}
    - {说: 四, 做: 5个}
    - {说: 五, 要: 3—5个}
"""


def report(root: Path, schema: dict[str, Any], data: str = DATA, edition: Edition = Edition.PUBLIC) -> Report:
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (root / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    (root / "templates/fruit/form.docx").write_bytes(docx_of([["果园", "{{ 果园 }}"]]))
    tiny.write_unit(root, "东园", data)
    project = Project.on_disk(root)
    result, editions = job.reports(project, DataFile.at("data/2025/东园.yaml"), site.load_site(project))
    assert editions, result.findings
    return editions[edition]


def schema(**changed: Any) -> dict[str, Any]:
    members = {name: tiny.SCHEMA["properties"][name] for name in ("form", "年", "果园")}  # type: ignore[index]
    return {"title": "表", "type": "object", "properties": {**members, "钱": MONEY, "各组": GROUPED, **changed}}


@pytest.fixture
def shown(tiny_project: Path) -> Report:
    return report(tiny_project, schema())


def test_large_sums_have_their_parts_shares_and_earlier_years(shown):
    (whole,) = shown.amounts
    assert (whole.label, str(whole.value), whole.unit, whole.past) == ("今年", "4", "万元", ())
    assert [(part.label, str(part.value), str(part.share)) for part in whole.parts] == [
        ("地里", "3", "75%"), ("今年", "1", ""),
    ]  # fmt: skip
    assert [(year, str(value)) for year, value in whole.parts[0].past] == [("2024", "2.5")]
    assert whole.value.path == ("钱", "合", "今")


def test_rows_have_their_groups_direction_number_and_unit(shown):
    rows = {str(row.name): row for row in shown.measures}
    assert list(rows) == ["一", "二", "三", "四", "五"]
    assert rows["一"].groups == ("各组", "甲") and rows["三"].groups == ("各组", "乙")
    assert (rows["一"].direction, rows["一"].number, rows["一"].unit) == ("不低于", "95", "%")
    assert (rows["三"].direction, rows["三"].number, rows["三"].unit) == ("低于", "20", "分钟")
    assert [(rows[name].direction, rows[name].number) for name in "二四五"] == [("", "")] * 3, "no single number"
    assert rows["一"].path == ("各组", "甲", 0)


def test_rows_have_their_past_and_what_came_of_them(shown):
    rows = {str(row.name): row for row in shown.measures}
    assert [(year, str(text)) for year, text in rows["一"].past] == [("2024", "94%"), ("2023", "93%")]
    assert [(str(rows[name].outcome), rows[name].reached) for name in "一二三四"] == [
        ("96%", "达到"), ("", ""), ("21分钟", "没有达到"), ("5个", ""),
    ]  # fmt: skip


def test_where_nothing_is_marked_those_with_a_number_come_first(shown):
    assert [str(row.name) for row in shown.measures if row.highlight] == ["一", "三"]


def test_what_the_schema_marks_comes_first(tiny_project):
    marked = {**GROUPED, "properties": {"甲": {"title": "甲组", **ROWS, "x-highlight": True}}}
    made = report(tiny_project, schema(各组=marked))
    assert [str(row.name) for row in made.measures if row.highlight] == ["一", "二"]


def test_of_several_target_values_the_marked_one_counts(tiny_project):
    row = {"type": "object", "properties": {"说": ROW["properties"]["说"], "久": VALUE, "要": VALUE}}
    data = DATA.partition("各组")[0] + "各组: {甲: [{说: 一, 久: ≥9, 要: ≥3}, {说: 二, 要: ≥4}]}\n"

    def values(**mark: Any) -> list[str]:
        members = {**row["properties"], "要": {**VALUE, **mark}}  # type: ignore[dict-item]
        rows = {**ROWS, "items": {**row, "properties": members}}
        grouped = {**GROUPED, "properties": {"甲": {"title": "甲组", **rows}}, "additionalProperties": False}
        return [str(one.value) for one in report(tiny_project, schema(各组=grouped), data).measures]

    assert values() == ["≥9", "≥4"] and values(**{"x-highlight": True}) == ["≥3", "≥4"]


def test_a_summary_comes_back_as_it_was_written(shown):
    made = summary.summary(shown)
    assert summary.decoded(summary.encoded(made)) == made
    assert made.amounts[0].parts[0].past == (("2024", "2.5"),) and made.measures[0].path == "各组.甲[1]"
    assert "秘密" not in summary.encoded(made).decode()


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"format": 1}', b"\xff", b'{"format": 2, "measures": []}', b'{"format": 1, "x": 1}'],
)
def test_anything_else_is_no_summary(content):
    with pytest.raises(ValueError):
        summary.decoded(content)


def test_what_is_private_is_in_no_public_summary(tiny_project):
    hidden = {name: {key: value for key, value in node.items() if key != "x-public"} for name, node in
              ROW["properties"].items()}  # fmt: skip
    rows = {**ROWS, "items": {**ROW, "properties": hidden}}
    grouped = {**GROUPED, "properties": {"甲": {"title": "甲组", **rows}}}
    made = {
        edition: summary.summary(report(tiny_project, schema(各组=grouped), edition=edition)) for edition in Edition
    }
    assert [row.name for row in made[Edition.PUBLIC].measures] == ["三", "四", "五"]
    assert [row.name for row in made[Edition.OFFICIAL].measures] == ["一", "二", "三", "四", "五"]


def test_the_samples_are_summed_up(project):
    shown = Project.on_disk(project)
    _, editions = job.reports(shown, DataFile.at("data/2025/示例市档案馆.yaml"), site.load_site(shown))
    made: Summary = summary.summary(editions[Edition.PUBLIC])
    assert [(one.label, one.value) for one in made.amounts] == [("收入合计", "548.46"), ("支出合计", "548.46")]
    assert {row.groups[0] for row in made.measures} == {"长期绩效指标", "年度绩效指标"}
    marked = [row for row in made.measures if row.highlight]
    assert marked and {row.groups[:2] for row in marked} == {("年度绩效指标", "履职效能")}
