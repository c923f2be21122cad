"""What only shows when all units of a year lie side by side."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from perfgen import cli
from perfgen.check import all_units, loading
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.project.layout import DataFile
from tests.helpers.projects import snapshot

RULES = """\
计算:
  合计: 水果 | 求和('斤数')
汇审:
  Y01: {名称: 同名同单位, 级别: 警告, 比较: 单位, 对象: 水果, 看: 目标, 按: 名称, 依据: 试}
  Y02: {名称: 合计, 级别: 提示, 比较: 离群, 公式: 合计 * 1, 上限: 10, 依据: 试}
  Y03: {名称: 单位齐全, 级别: 警告, 比较: 缺少, 依据: 试}
"""
UNIT = "form: fruit\n年: {year}\n果园: {name}\n水果:\n  - {{名称: 苹果, 斤数: {weight}, 目标: {value}}}\n"


@pytest.fixture
def orchard(tiny_project):
    schema = tiny_project / "schema/fruit.schema.json"
    text = schema.read_text("utf-8")
    measure = '"目标": {"type": "string", "x-measure": true, "x-printed": false}, "斤数"'
    text = text.replace('"斤数"', measure, 1)
    text = text.replace('"备注"', '"说明": {"type": "object", "x-role": "waivers", "x-printed": false}, "备注"', 1)
    schema.write_text(text, "utf-8")
    (tiny_project / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    shutil.rmtree(tiny_project / "data/2025")
    return tiny_project


def units(root, year: int, *rows: tuple[str, str, str], extra: str = ""):
    folder = root / f"data/{year}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, weight, value in rows:
        text = UNIT.format(year=year, name=name, weight=weight, value=value) + extra
        (folder / f"{name}.yaml").write_text(text, "utf-8")


def found(root):
    sources = sorted(path.relative_to(root).as_posix() for path in root.glob("data/2*/*.yaml"))
    extracts = [all_units.extract(loading.well_formed(snapshot(root), DataFile.at(source))) for source in sources]
    return list(
        all_units.check_all_units(extracts, {form.name: form.rules.all_units for form in forms.loaded(snapshot(root))})
    )


def test_the_one_that_measures_otherwise_is_named(orchard):
    units(orchard, 2025, ("东", "1", "≥3筐"), ("西", "1", "≥4筐"), ("南", "1", "≥5箱"), ("北", "1", "红"))
    (finding,) = found(orchard)
    assert said(finding) == (
        "data/2025/南.yaml:5:25: 警告 “苹果”的单位是“箱”，另一个文件写的是“筐”（data/2025/东.yaml:5:25）。 [Y01]",
        "口径相同就用同一个单位；不同就换一个名称。",
    )


def test_another_unit_in_the_same_file_is_named_by_its_line_alone(orchard):
    units(orchard, 2025, ("东", "1", "≥3筐"), ("西", "1", "≥4筐"))
    units(orchard, 2025, ("南", "1", "≥5箱"), extra="  - {名称: 苹果, 斤数: 1, 目标: ≥1斤}\n")
    assert [finding.message for finding in found(orchard)] == [
        "“苹果”的单位是“筐”，另一个文件写的是“箱”（data/2025/南.yaml:5:25）。",
        "“苹果”的单位是“箱”，同一个文件第 6 行写的是“斤”。",
        "“苹果”的单位是“斤”，同一个文件第 5 行写的是“箱”。",
        "“苹果”的单位是“筐”，另一个文件写的是“箱”（data/2025/南.yaml:5:25）。",
    ]


def test_where_nobody_is_usual_each_is_named_beside_another(orchard):
    units(orchard, 2025, ("东", "1", "≥3筐"), ("西", "1", "≥4箱"), ("南", "1", "≥5箱"), ("北", "1", "≥2斤"))
    pairs = [re.findall("“(.)”", finding.message) for finding in found(orchard)]
    assert pairs == [["筐", "斤"], ["斤", "筐"], ["箱", "筐"], ["箱", "筐"]]
    assert [finding.place.file[10] for finding in found(orchard)] == list("东北南西")


def test_three_in_five_are_the_usual_ones(orchard):
    units(orchard, 2025, *((name, "1", f"≥3{unit}") for name, unit in zip("甲乙丙丁戊", "箱箱箱筐斤", strict=True)))
    assert sorted(finding.place.file[10] for finding in found(orchard)) == ["丁", "戊"]


def test_each_name_by_itself(orchard):
    """A name that all measure alike comes before one that they do not."""
    more = "  - {名称: 梨, 斤数: 1, 目标: ≥1%s}\n"
    units(orchard, 2025, ("东", "1", "≥3筐"), extra=more % "筐")
    units(orchard, 2025, ("西", "1", "≥3筐"), extra=more % "箱")
    assert [finding.message[:3] for finding in found(orchard)] == ["“梨”", "“梨”"]


def said(finding) -> tuple[str, str]:
    """All that people read of a finding."""
    return str(finding), finding.hint


def test_ten_thousands_are_no_other_unit_and_years_are_apart(orchard):
    units(orchard, 2025, ("东", "1", "≥3万元"), ("西", "1", "≥30000元"))
    units(orchard, 2024, ("东", "1", "≥3箱"), ("西", "1", "≥3箱"))
    assert found(orchard) == []


def test_a_total_that_jumps_against_the_rest(orchard):
    rows = [(name, weight, "红") for name, weight in zip("甲乙丙丁戊", ("10", "12", "11", "9", "40"), strict=True)]
    units(orchard, 2025, *rows)
    (finding,) = found(orchard)
    assert said(finding) == (
        "data/2025/戊.yaml:1:1: 提示 合计：40，5 个单位的中位数是 11，相差超过 10。 [Y02]",
        "核对数字；确有原因的，写明理由。",
    )
    (orchard / "data/2025/甲.yaml").unlink()
    assert found(orchard) == [], "four are too few to say what is usual"


@pytest.mark.parametrize(
    ("weights", "jumps"),
    [
        ("10 12 11 9 21", []),
        ("10 12 11 9 21.01", ["合计：21.01，5 个单位的中位数是 11，相差超过 10。"]),
        ("10 12 11 9 0.5", []),
        ("20 22 21 19 9.99", ["合计：9.99，5 个单位的中位数是 20，相差超过 10。"]),
        ("10 12 11 12 11 30.255", ["合计：30.26，6 个单位的中位数是 11.5，相差超过 10。"]),
    ],
)
def test_how_far_from_the_middle_is_too_far(orchard, weights, jumps):
    units(orchard, 2025, *(("甲乙丙丁戊己"[i], weight, "红") for i, weight in enumerate(weights.split())))
    assert [finding.message for finding in found(orchard)] == jumps


def test_a_unit_of_last_year_that_is_missing_and_its_answer(orchard):
    units(orchard, 2024, ("东", "1", "红"), ("西", "1", "红"))
    units(orchard, 2025, ("东", "1", "红"))
    (finding,) = found(orchard)
    assert (*said(finding), finding.reason) == (
        "data/2024/西.yaml:1:1: 警告 2025 年没有这个单位的文件 data/2025/西.yaml。 [Y03]",
        "补上；改了名称的，在 data/units.yaml 里写上曾用名；机构撤并的，在 data/2024/西.yaml 里写明 Y03 的理由。",
        "",
    )
    units(orchard, 2024, ("西", "1", "红"), extra="说明: {Y03: 并入东园}\n")
    (finding,) = found(orchard)
    assert finding.reason == "并入东园"


def test_an_answer_may_be_for_one_name(orchard):
    more = "  - {名称: 梨, 斤数: 1, 目标: ≥1%s}\n"
    units(orchard, 2025, ("东", "1", "≥3筐"), extra=more % "筐")
    units(orchard, 2025, ("西", "1", "≥3箱"), extra=more % "箱" + "说明: {Y01 梨: 梨论箱}\n")
    assert [(f.message.partition("的")[0], f.place.file[10], f.reason) for f in found(orchard)] == [
        ("“苹果”", "东", ""), ("“苹果”", "西", ""), ("“梨”", "东", ""), ("“梨”", "西", "梨论箱"),
    ]  # fmt: skip


def test_the_command_says_of_a_file_what_the_rules_over_all_units_say_of_it(orchard, capsys):
    units(orchard, 2024, ("北", "1", "≥3筐"))
    units(orchard, 2025, ("东", "1", "≥3筐"), ("西", "1", "≥4箱"))
    said = {}
    for files in ([], ["data/2025/东.yaml"], ["data/2024/北.yaml"], ["data/2025"]):
        assert cli.main(["-C", str(orchard), "check", "--format", "json", *files]) == 0
        found = json.loads(capsys.readouterr().out)
        said["".join(files)] = [(f["file"], f["rule"]) for f in found if f["rule"].startswith("Y")]
    assert said[""] == [
        ("data/2024/北.yaml", "Y03"), ("data/2025/东.yaml", "Y01"), ("data/2025/西.yaml", "Y01"),
    ]  # fmt: skip
    assert said["data/2025/东.yaml"] == [("data/2025/东.yaml", "Y01")]
    assert said["data/2024/北.yaml"] == [("data/2024/北.yaml", "Y03")]
    assert said["data/2025"] == said[""][1:]


def test_a_file_with_errors_is_not_missing(orchard, capsys):
    units(orchard, 2024, ("东", "1", "红"), ("西", "1", "红"))
    units(orchard, 2025, ("东", "1", "红"), ("西", "x", "红"))
    assert cli.main(["-C", str(orchard), "check"]) == 1
    assert "没有这个单位的文件" not in capsys.readouterr().out


def test_errors_of_a_file_beside_the_chosen_one_are_not_judged(orchard, capsys):
    units(orchard, 2025, ("东", "1", "≥3筐"), ("西", "x", "≥4箱"))
    assert cli.main(["-C", str(orchard), "check", "data/2025/东.yaml"]) == 0
    assert "西" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("看: 目标", "看: 目的", "没有“目的”"),
        ("对象: 水果", "对象: 果", "没有“目标”"),
        ("比较: 单位", "比较: 单价", "单位、离群、缺少 或 取消"),
        ("上限: 10", "上限: 十", "要是一个数"),
        ("级别: 提示", "级别: 错误", "警告 或 提示"),
        ("按: 名称, ", "", "缺少“按”"),
        ("公式: 合计 * 1", "公式: 果园", "要是一个数"),
        ("汇审:", "会审:", "是不是“汇审”"),
    ],
)
def test_a_broken_declaration_is_the_forms_fault(orchard, old, new, words):
    path = orchard / "schema/fruit.rules.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(FormError) as caught:
        forms.find(snapshot(orchard), "fruit")
    assert any(re.search(words, f"{f.message}{f.hint}") for f in caught.value.findings)
