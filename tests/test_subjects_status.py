"""The status where a unit has several files of a form: how many there are, and which of them somebody has to open."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.status import collect
from tests.helpers import by_project, tiny

DAY = ("--date", "2026-01-10")


@pytest.fixture
def orchards(tmp_path: Path) -> Path:
    """Two forms: of one a unit has one file, of the other several; and a year of both."""
    root = by_project.make(tmp_path / "p")
    (root / "schema/fruit.schema.json").write_text(tiny.SCHEMA_TEXT, "utf-8")
    (root / "schema/fruit.rules.yaml").write_text(tiny.RULES, "utf-8")
    for unit, subjects in (("东园", ("买树苗", "修路", "打井")), ("西园", ("买树苗",))):
        (root / "data/2025").mkdir(exist_ok=True)
        (root / f"data/2025/{unit}.yaml").write_text(tiny.UNIT.format(name=unit), "utf-8")
        for subject in subjects:
            by_project.write(root, unit, subject)
    return root


def status(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert cli.main(["-C", str(root), "status", *arguments, *DAY]) == 0
    return capsys.readouterr().out


def rows(root: Path, capsys: pytest.CaptureFixture[str], year: str) -> dict[tuple[str, str], dict[str, str]]:
    text = status(root, capsys, year, "--format", "csv").removeprefix("\ufeff")
    return {(row["单位"], row["表"]): row for row in csv.DictReader(text.splitlines())}


@pytest.mark.parametrize(
    "listed", ["", "单位:\n  东园:\n  西园:\n", "单位:\n  西园: {应报: [project, fruit]}\n  东园:\n"]
)
def test_how_many_there_are_is_said(orchards, capsys, listed):
    if listed:
        (orchards / "data/units.yaml").write_text(listed, "utf-8")
    by_project.write(orchards, "东园", "买树苗", year=2026)
    by_project.write(orchards, "东园", "架桥", year=2026)
    found = rows(orchards, capsys, "2026")
    several = {
        unit: (row["份数"], row["状态"], row["备注"]) for (unit, form), row in found.items() if form == "果园项目表"
    }
    assert several == {"东园": ("2", "可以批复", "上年 3 份"), "西园": ("0", "没交", "上年 1 份")}
    text = status(orchards, capsys, "2026")
    assert "2 个单位，应有 2 份，交了 0 份；果园项目表有 2 个单位要交，1 个交了，共 2 份。" in text
    assert "东园（果园项目表）：2 份；上年 3 份" in text
    assert "上年 1 份" in text


def test_only_the_files_that_are_not_done_are_named(orchards, capsys):
    by_project.write(orchards, "东园", "买树苗", year=2026)
    hole = by_project.write(orchards, "东园", "架桥", year=2026, amount="")
    text = status(orchards, capsys, "2026")
    assert f"东园（果园项目表）：2 份；1 处没填；上年 3 份  {hole}\n" in text


def test_a_project_that_is_called_as_a_unit_is_none(orchards, capsys):
    (orchards / "data/units.yaml").write_text("单位:\n  东园: {应报: [project]}\n  西园: {应报: [project]}\n", "utf-8")
    by_project.write(orchards, "东园", "西园", year=2026)
    found = rows(orchards, capsys, "2026")
    assert {unit: row["份数"] for (unit, _), row in found.items()} == {"东园": "1", "西园": "0"}


def test_a_renamed_unit_is_not_missing(orchards, capsys):
    (orchards / "data/units.yaml").write_text("单位:\n  新园: {曾用名: [东园], 应报: [project]}\n", "utf-8")
    by_project.write(orchards, "新园", "修路", year=2026)
    found = rows(orchards, capsys, "2026")
    assert [(unit, row["份数"], row["备注"]) for (unit, _), row in found.items()] == [("新园", "1", "上年 3 份")]


def test_a_renamed_unit_is_not_missing_without_a_list(orchards, capsys):
    fields = {
        **by_project.SCHEMA["properties"],
        "原名": {"type": "string", "x-role": "former-name", "x-printed": False},
    }
    schema = orchards / "schema/project.schema.json"
    schema.write_text(json.dumps(by_project.schema(properties=fields), ensure_ascii=False), "utf-8")
    source = by_project.write(orchards, "新园", "修路", year=2026)
    with (orchards / source).open("a", encoding="utf-8") as file:
        file.write("原名: 东园\n")
    found = rows(orchards, capsys, "2026")
    assert {unit for unit, form in found if form == "果园项目表"} == {"新园", "西园"}


def test_the_page_has_a_column_for_the_number(orchards, capsys):
    by_project.write(orchards, "东园", "买树苗", year=2026)
    page = status(orchards, capsys, "2026", "--format", "html")
    assert 'data-name="份数" class="number">1</td>' in page


def test_a_project_without_such_a_form_is_told_as_before(tiny_project, capsys):
    text = status(tiny_project, capsys, "2025", "--format", "csv")
    assert "份数" not in text and text.splitlines()[0].endswith("文件,备注")


def test_one_late_file_is_not_hidden_by_a_later_approval_of_another(orchards, capsys):
    """Held to the last approval of both, the first file's publication would be in time."""
    dates = "公开: {2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10, 单位: {东园: {批复日期: 2025-01-02}}}}\n"
    names = "站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}\n"
    (orchards / "data/site.yaml").write_text(names + dates.replace("东园:", "项目/东园/修路:"), "utf-8")
    found = {unit: row["备注"] for (unit, form), row in rows(orchards, capsys, "2025").items() if form == "果园项目表"}
    assert collect.LATE in found["东园"] and collect.LATE not in found["西园"]


def test_a_form_without_a_page_has_no_last_day(orchards, capsys):
    names = "站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}\n"
    (orchards / "data/site.yaml").write_text(names + "公开: {2025: {批复日期: 2025-01-24}}\n", "utf-8")
    (orchards / "templates/fruit/page.html").unlink(missing_ok=True)
    found = rows(orchards, capsys, "2025")
    days = {form: row["离公开期限还有几天"] for (_, form), row in found.items()}
    assert days.pop("水果登记表") == "" and set(days.values()) == {"-331"}
