"""A unit that changed its name keeps its past: in rules, last year's values, missing units, rollover, staleness."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import former_names, loading
from perfgen.check.filing import Filing
from perfgen.project.layout import DataFile
from tests.helpers import tiny
from tests.helpers.projects import snapshot

SCHEMA = json.loads(tiny.SCHEMA_TEXT)
SCHEMA["properties"]["原名"] = {"type": ["string", "array"], "items": {"type": "string"}, "x-role": "former-name"}
SCHEMA["properties"]["数"] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "今": {"type": ["string", "number"], "x-measure": True, "x-next": "clear"},
        "去": {"type": ["string", "number"], "x-measure": True, "x-next": "今"},
        "前": {"type": ["string", "number"], "x-measure": True, "x-next": "去"},
    },
}
RULES = """\
计算:
  合计: 水果 | 求和('斤数')
审核:
  R01:
    名称: 不比上年少
    级别: 警告
    公式: 合计 >= 上年表.合计
    说法: 现在 {{ 合计 }}，上年 {{ 上年表.合计 }}。
    改法: 改。
    依据: 规定
  R02:
    名称: 不比前年少
    级别: 警告
    公式: 合计 >= 前年表.合计
    说法: 现在 {{ 合计 }}，前年 {{ 前年表.合计 }}。
    改法: 改。
    依据: 规定
汇审:
  Y01: {名称: 单位都在, 级别: 警告, 比较: 缺少, 依据: 规定}
"""


@pytest.fixture
def orchard(tmp_path) -> Path:
    root = tiny.make(tmp_path / "project", ())
    (root / "schema/fruit.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    (root / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    return root


def put(root: Path, year: int, name: str, weight: int, more: str = "", *, path: str = "") -> str:
    source = f"data/{year}/{path or name}.yaml"
    (root / source).parent.mkdir(parents=True, exist_ok=True)
    text = f"form: fruit\n年: {year}\n果园: {name}\n水果:\n  - {{名称: 梨, 斤数: {weight}}}\n{more}"
    (root / source).write_text(text, "utf-8")
    return source


def units(root: Path, text: str) -> None:
    (root / "data/units.yaml").write_text(f"单位:\n{text}", "utf-8")


def before(root: Path, source: str, years: int = 1) -> list[str]:
    return [file.source for file in loading.earlier_files(snapshot(root), DataFile.at(source), years)]


def said(root: Path, capsys, *arguments: str) -> str:
    capsys.readouterr()
    cli.main(["-C", str(root), *arguments])
    return capsys.readouterr().out


LISTED = "  新园: {曾用名: [旧园]}\n"
WAYS = {
    "list": (LISTED, ""),
    "list with a year": ("  新园: {曾用名: [{名称: 旧园, 到: 2024}]}\n", ""),
    "data": ("", "原名: 旧园\n"),
    "data, a list": ("", "原名: [旧园]\n"),
    "data, with an escape": ("", '"\\u539f名": "\\u65e7园"\n'),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_renamed_unit_keeps_its_past(orchard, capsys, way):
    listed, typed = WAYS[way]
    put(orchard, 2024, "旧园", 9, "数: {去: 5个}\n")
    new = put(orchard, 2025, "新园", 7, f"数: {{今: 6个, 前: 4个}}\n{typed}")
    if listed:
        units(orchard, listed)
    assert before(orchard, new) == ["data/2024/旧园.yaml"]
    out = said(orchard, capsys, "check", "--all")
    assert "现在 7，上年 9。" in out and "[R01]" in out
    assert "data/2024/旧园.yaml 的“去”是 5个" in out and "[last-year]" in out
    assert "[Y01]" not in out, "nobody is missing"
    assert "现在 7，上年 9。" in said(orchard, capsys, "explain", "R01", str(orchard / new))


def test_without_a_word_the_unit_is_missing_and_the_new_one_has_no_past(orchard, capsys):
    put(orchard, 2024, "旧园", 9)
    new = put(orchard, 2025, "新园", 7)
    assert before(orchard, new) == []
    out = said(orchard, capsys, "check", "--all")
    assert "data/2024/旧园.yaml:1:1: 警告 2025 年没有这个单位的文件 data/2025/旧园.yaml" in out
    assert "没有文件 data/2024/新园.yaml" in out and "曾用名的 data" not in out


def test_the_next_year_needs_no_earlier_name(orchard):
    put(orchard, 2023, "旧园", 1)
    put(orchard, 2024, "新园", 2)
    third = put(orchard, 2025, "新园", 3)
    units(orchard, LISTED)
    assert before(orchard, third) == ["data/2024/新园.yaml"]
    assert before(orchard, third, 2) == ["data/2023/旧园.yaml"]


def test_names_are_followed_year_by_year(orchard, capsys):
    """Each year's file says the name of the year before."""
    put(orchard, 2023, "甲园", 9)
    put(orchard, 2024, "乙园", 8, "原名: 甲园\n")
    third = put(orchard, 2025, "丙园", 7, "原名: 乙园\n")
    assert before(orchard, third) == ["data/2024/乙园.yaml"]
    assert before(orchard, third, 2) == ["data/2023/甲园.yaml"]
    assert "现在 7，前年 9。" in said(orchard, capsys, "check", "--all")


def test_two_units_that_swap_their_names_keep_their_own_past(orchard):
    """Only years tell them apart."""
    put(orchard, 2024, "甲园", 1)
    put(orchard, 2024, "乙园", 2)
    one, other = put(orchard, 2025, "甲园", 2), put(orchard, 2025, "乙园", 1)
    assert before(orchard, one) == ["data/2024/甲园.yaml"]
    units(orchard, "  甲园: {曾用名: [{名称: 乙园, 到: 2024}]}\n  乙园: {曾用名: [{名称: 甲园, 到: 2024}]}\n")
    assert before(orchard, one) == ["data/2024/乙园.yaml"]
    assert before(orchard, other) == ["data/2024/甲园.yaml"]


def test_a_name_that_went_on_to_another_unit(orchard):
    """B's name is taken over by A; B is C now."""
    put(orchard, 2024, "甲园", 1)
    put(orchard, 2024, "乙园", 2)
    second, third = put(orchard, 2025, "乙园", 1), put(orchard, 2025, "丙园", 2)
    units(orchard, "  乙园: {曾用名: [{名称: 甲园, 到: 2024}]}\n  丙园: {曾用名: [{名称: 乙园, 到: 2024}]}\n")
    assert before(orchard, second) == ["data/2024/甲园.yaml"]
    assert before(orchard, third) == ["data/2024/乙园.yaml"]


def test_a_unit_that_still_hands_in_is_not_another_ones_past(orchard, capsys):
    put(orchard, 2024, "旧园", 9)
    put(orchard, 2025, "旧园", 9)
    new = put(orchard, 2025, "新园", 7, "原名: 旧园\n")
    assert before(orchard, new) == []
    out = said(orchard, capsys, "check", "--all")
    assert "曾用名的 data/2024/旧园.yaml 没有当作它的，data/2025/旧园.yaml 还在" in out


def test_units_that_became_one(orchard, capsys):
    put(orchard, 2024, "甲园", 1)
    put(orchard, 2024, "乙园", 2)
    new = put(orchard, 2025, "新园", 3)
    units(orchard, "  新园: {曾用名: [甲园, 乙园]}\n")
    assert before(orchard, new) == ["data/2024/甲园.yaml", "data/2024/乙园.yaml"]
    out = said(orchard, capsys, "check", "--all")
    assert "以前的名称有几个文件：data/2024/甲园.yaml、data/2024/乙园.yaml" in out
    assert "[Y01]" not in out, "both went on in the new one"


def test_a_unit_that_took_another_one_in_is_compared_with_itself(orchard, capsys):
    put(orchard, 2024, "大园", 8)
    put(orchard, 2024, "小园", 1)
    new = put(orchard, 2025, "大园", 7)
    units(orchard, "  大园: {曾用名: [小园]}\n")
    assert before(orchard, new) == ["data/2024/大园.yaml", "data/2024/小园.yaml"]
    out = said(orchard, capsys, "check", "--all")
    assert "现在 7，上年 8。" in out and "[Y01]" not in out


def test_a_folder_may_be_the_unit(orchard):
    put(orchard, 2024, "旧园", 1, path="一组/旧园/自评")
    new = put(orchard, 2025, "新园", 1, path="一组/新园/自评")
    assert before(orchard, new) == []
    units(orchard, LISTED)
    assert before(orchard, new) == ["data/2024/一组/旧园/自评.yaml"]
    (orchard / "data/units.yaml").unlink()
    new = put(orchard, 2025, "新园", 1, "原名: 旧园\n", path="一组/新园/自评")
    assert before(orchard, new) == ["data/2024/一组/旧园/自评.yaml"]


@pytest.mark.parametrize("name", ["../2024/旧园", "/etc/hostname", "..", "", "a/b", "CON", "旧\\u0007园"])
def test_a_hostile_name_leads_nowhere(orchard, name):
    put(orchard, 2024, "旧园", 1)
    new = put(orchard, 2025, "新园", 1, f'原名: "{name}"\n')
    assert before(orchard, new) == []


def test_a_wrong_list_is_said_and_followed_nowhere(orchard, capsys):
    put(orchard, 2024, "旧园", 9)
    new = put(orchard, 2025, "新园", 7)
    units(orchard, "  新园: {曾用名: 旧园}\n")
    assert before(orchard, new) == []
    assert "data/units.yaml:2:13: 错误" in said(orchard, capsys, "check")


def test_nothing_is_rolled_over_by_a_wrong_list(orchard, capsys):
    old = put(orchard, 2025, "旧园", 1)
    units(orchard, "  新园: {曾用名: 旧园}\n")
    assert cli.main(["-C", str(orchard), "rollover", str(orchard / old)]) == 1
    assert "data/units.yaml:2:13: 错误" in capsys.readouterr().err
    assert not (orchard / "data/2026").exists()


def test_earlier_names_of_the_list(orchard):
    units(orchard, "  丙园: {曾用名: [{名称: 甲园, 到: 2020}, {名称: 乙园, 到: 2023}, 丁园]}\n")
    project = snapshot(orchard)
    assert former_names.earlier_names(project, "丙园", 2019) == ("甲园", "丙园", "丁园")
    assert former_names.earlier_names(project, "丙园", 2022) == ("乙园", "丙园", "丁园")
    assert former_names.earlier_names(project, "丙园", 2024) == ("丙园", "丁园")
    assert former_names.earlier_names(project, "戊园", 2024) == ("戊园",)


@pytest.mark.parametrize("listed", ["旧园", "{名称: 旧园, 到: 2025}"])
def test_a_rollover_goes_to_the_new_name(orchard, capsys, listed):
    old = put(orchard, 2025, "旧园", 1)
    units(orchard, f"  新园: {{曾用名: [{listed}]}}\n")
    out = said(orchard, capsys, "rollover", str(orchard / old))
    assert "data/2026/新园.yaml" in out and "原来是 data/2025/旧园.yaml" in out
    text = (orchard / "data/2026/新园.yaml").read_text("utf-8")
    assert "果园: 新园" in text and not (orchard / "data/2026/旧园.yaml").exists()
    assert before(orchard, "data/2026/新园.yaml") == [old]


def test_a_rollover_before_the_name_changes_keeps_it(orchard, capsys):
    old = put(orchard, 2025, "旧园", 1)
    units(orchard, "  新园: {曾用名: [{名称: 旧园, 到: 2026}]}\n")
    said(orchard, capsys, "rollover", str(orchard / old))
    assert "果园: 旧园" in (orchard / "data/2026/旧园.yaml").read_text("utf-8")


def test_a_rollover_does_not_repeat_what_goes_on_under_another_name(orchard, capsys):
    old = put(orchard, 2025, "旧园", 1)
    put(orchard, 2026, "新园", 1, "原名: 旧园\n")
    assert cli.main(["-C", str(orchard), "rollover", str(orchard / old)]) == 2
    captured = capsys.readouterr()
    assert "data/2026/新园.yaml 已经有了，没有动它" in captured.out + captured.err
    assert not (orchard / "data/2026/旧园.yaml").exists()


def test_a_rollover_of_a_unit_that_became_several_is_refused(orchard, capsys):
    old = put(orchard, 2025, "旧园", 1)
    units(orchard, "  东园: {曾用名: [{名称: 旧园, 到: 2025}]}\n  西园: {曾用名: [{名称: 旧园, 到: 2025}]}\n")
    assert cli.main(["-C", str(orchard), "rollover", str(orchard / old)]) == 2
    captured = capsys.readouterr()
    assert "“旧园”是几个单位的曾用名：东园、西园" in captured.out + captured.err


def test_new_points_at_the_file_under_the_earlier_name(orchard, capsys):
    put(orchard, 2025, "旧园", 1)
    units(orchard, LISTED)
    assert "有上一年的 data/2025/旧园.yaml" in said(orchard, capsys, "new", "2026", "新园")


def test_what_a_rule_looks_at_makes_an_output_stale(orchard, capsys):
    """The earlier file under its old name, and the list that leads there."""
    put(orchard, 2024, "旧园", 9)
    put(orchard, 2025, "新园", 7)
    units(orchard, LISTED)
    said(orchard, capsys, "build")
    assert "data/2024/旧园.yaml" not in said(orchard, capsys, "build", "--why")
    put(orchard, 2024, "旧园", 8)
    out = said(orchard, capsys, "build", "--why")
    assert "official/2025/新园.docx" in out and "data/2024/旧园.yaml 变了" in out
    (orchard / "data/units.yaml").unlink()
    assert "official/2025/新园.docx" in said(orchard, capsys, "build", "--why")


def test_a_filing_is_made_anew_when_the_list_changes(orchard):
    put(orchard, 2024, "旧园", 9)
    source = put(orchard, 2025, "新园", 7)
    project = snapshot(orchard)
    file = DataFile.at(source)
    assert not isinstance(loading.filing(project, file).earlier(1), Filing)
    units(orchard, LISTED)
    project = project.with_changes(["data/units.yaml"])
    assert isinstance(loading.filing(project, file).earlier(1), Filing)
