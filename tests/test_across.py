"""What only shows when all units of a year lie side by side."""

from __future__ import annotations

import re
import shutil

import pytest

from perfgen import across, cli, forms, work
from perfgen.findings import FormError

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
    extracts = [across.extract(work.well_formed(root, source)) for source in sources]
    return list(across.check(extracts, {form.name: form.rules.across for form in forms.loaded(root)}))


def test_the_one_that_measures_otherwise_is_named(orchard):
    units(orchard, 2025, ("东", "1", "≥3筐"), ("西", "1", "≥4筐"), ("南", "1", "≥5箱"), ("北", "1", "红"))
    (finding,) = found(orchard)
    assert (finding.rule, finding.place.file, finding.place.line) == ("Y01", "data/2025/南.yaml", 5)
    assert "“箱”" in finding.message and "“筐”" in finding.message


def test_ten_thousands_are_no_other_unit_and_years_are_apart(orchard):
    units(orchard, 2025, ("东", "1", "≥3万元"), ("西", "1", "≥30000元"))
    units(orchard, 2024, ("东", "1", "≥3箱"), ("西", "1", "≥3箱"))
    assert found(orchard) == []


def test_a_total_that_jumps_against_the_rest(orchard):
    rows = [(name, weight, "红") for name, weight in zip("甲乙丙丁戊", ("10", "12", "11", "9", "40"), strict=True)]
    units(orchard, 2025, *rows)
    (finding,) = found(orchard)
    assert (finding.rule, finding.place.file) == ("Y02", "data/2025/戊.yaml")
    assert "40" in finding.message and "11" in finding.message
    (orchard / "data/2025/甲.yaml").unlink()
    assert found(orchard) == [], "four are too few to say what is usual"


def test_a_unit_of_last_year_that_is_missing_and_its_answer(orchard):
    units(orchard, 2024, ("东", "1", "红"), ("西", "1", "红"))
    units(orchard, 2025, ("东", "1", "红"))
    (finding,) = found(orchard)
    assert (finding.rule, finding.place.file, finding.reason) == ("Y03", "data/2024/西.yaml", "")
    units(orchard, 2024, ("西", "1", "红"), extra="说明: {Y03: 并入东园}\n")
    (finding,) = found(orchard)
    assert finding.reason == "并入东园"


def test_the_command_looks_across_only_when_it_sees_all(orchard, capsys):
    units(orchard, 2025, ("东", "1", "≥3筐"), ("西", "1", "≥4箱"))
    assert cli.main(["-C", str(orchard), "check"]) == 0
    assert capsys.readouterr().err.count("[Y01]") == 2
    assert cli.main(["-C", str(orchard), "check", "data/2025/东.yaml"]) == 0
    assert "Y01" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("看: 目标", "看: 目的", "没有“目的”"),
        ("对象: 水果", "对象: 果", "没有“目标”"),
        ("比较: 单位", "比较: 单价", "单位、离群 或 缺少"),
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
        forms.find(orchard, "fruit")
    assert any(re.search(words, f"{f.message}{f.hint}") for f in caught.value.findings)
