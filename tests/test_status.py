"""`perfgen status`: each unit and form of a year, what is missing in it, and what the days leave."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import check
from perfgen.system import git
from tests.conftest import REPOSITORY
from tests.helpers import tiny

RULES = """\
计算:
  合计: 水果 | 求和('斤数')
审核:
  R01:
    名称: 不太少
    级别: 警告
    公式: 合计 >= 5
    说法: 只有 {{ 合计 }} 斤。
    改法: 多种。
    依据: 规定
汇审:
  Y01: {名称: 单位都在, 级别: 警告, 比较: 缺少, 依据: 规定}
"""
SITE = "站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}\n"
DAY = ("--date", "2025-02-06")


@pytest.fixture
def orchard(tmp_path) -> Path:
    root = tiny.make(tmp_path / "project", ())
    schema = tiny.SCHEMA_TEXT.replace(
        '"备注"', '"理由": {"type": "object", "x-role": "waivers", "x-printed": false},'
        '"同意": {"type": "object", "x-role": "approvals", "x-printed": false}, "备注"', 1,
    )  # fmt: skip
    (root / "schema/fruit.schema.json").write_text(schema, "utf-8")
    (root / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    (root / "data/site.yaml").write_text(SITE, "utf-8")
    return root


def put(root: Path, name: str, weight: str = "9", year: int = 2025, more: str = "") -> str:
    source = f"data/{year}/{name}.yaml"
    (root / source).parent.mkdir(parents=True, exist_ok=True)
    unit = name.rpartition("/")[2]
    text = f"form: fruit\n年: {year}\n果园: {unit}\n水果:\n  - {{名称: 梨, 斤数: {weight}}}\n{more}"
    (root / source).write_text(text, "utf-8")
    return source


def write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, "utf-8")


def said(root: Path, capsys, *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert cli.main(["-C", str(root), "status", *arguments]) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def rows(root: Path, capsys, *arguments: str) -> dict[str, dict[str, str]]:
    """By unit and form, the cells of the CSV."""
    text = said(root, capsys, *arguments, *DAY, "--format", "csv").removeprefix("\ufeff")
    return {row["单位"] + (f" {row['表']}" if row["表"] != "水果登记表" else ""): row
            for row in csv.DictReader(io.StringIO(text))}  # fmt: skip


def stages(root: Path, capsys, *arguments: str) -> dict[str, str]:
    return {name: row["状态"] for name, row in rows(root, capsys, *arguments).items()}


def test_each_stage(orchard, capsys):
    write(orchard, "data/units.yaml", "截止: 2025-02-10\n单位:\n" + "".join(f"  {n}园:\n" for n in "甲乙丙丁戊己庚"))
    put(orchard, "乙园", "", more="备注: 有\n")
    put(orchard, "丙园", "多")
    put(orchard, "丁园", "1")
    put(orchard, "戊园")
    put(orchard, "己园", "1")
    put(orchard, "庚园", more="同意: {a1b2c3d4e5f60718: {人: 王五}}\n")
    dates = "己园: {批复日期: 2025-01-20, 公开日期: 2025-02-20}, 庚园: {批复日期: 2025-01-20, 公开日期: 2025-02-06}"
    write(orchard, "data/site.yaml", f"{SITE}公开: {{2025: {{单位: {{{dates}}}}}}}\n")
    found = rows(orchard, capsys, "2025")
    assert list(found) == ["甲园", "乙园", "丙园", "丁园", "戊园", "己园", "庚园"], "the list's order"
    assert [row["状态"] for row in found.values()] == [
        "没交", "没填完", "有错误", "有警告", "可以批复", "已批复", "已公开",
    ]  # fmt: skip
    numbers = [[row[name] for name in ("没填", "错误", "没有说明的警告", "审核记录")] for row in found.values()]
    assert numbers == [
        ["0", "0", "0", "0"], ["1", "0", "0", "0"], ["0", "1", "0", "0"], ["0", "0", "1", "0"], ["0", "0", "0", "0"],
        ["0", "0", "1", "0"], ["0", "0", "0", "1"],
    ]  # fmt: skip
    assert [row["离截止还有几天"] for row in found.values()] == ["4", "4", "4", "4", "", "", ""]
    assert [row["离公开期限还有几天"] for row in found.values()] == ["", "", "", "", "", "3", ""]
    assert found["己园"]["备注"] == "公开日期晚于批复后 20 日"


def test_the_text_begins_with_what_is_to_be_done(orchard, capsys):
    units = "单位:\n  甲园: {截止: 2025-02-01, 分组: 一组}\n  乙园: {截止: 2025-02-06}\n  丙园:\n"
    write(orchard, "data/units.yaml", units)
    put(orchard, "乙园", "")
    put(orchard, "丙园")
    assert said(orchard, capsys, *DAY).splitlines() == [
        "2025 年，按 2025-02-06（--date 写的）算：3 个单位，应有 3 份，交了 2 份。",
        "没交 1，没填完 1，可以批复 1。",
        "截止 2025-02-01，过了 5 天：1 份还没有好。",
        "截止 2025-02-06，就是今天：1 份还没有好。",
        "",
        "没交 1 份：",
        "  甲园（一组）：截止 2025-02-01，过了 5 天",
        "",
        "没填完 1 份：",
        "  乙园：1 处没填；截止 2025-02-06，就是今天  data/2025/乙园.yaml",
        "",
        "可以批复 1 份：",
        "  丙园",
    ]


@pytest.mark.parametrize(
    ("dates", "today", "expected"),
    [
        (("2025-01-24", ""), "2025-01-23", ("可以批复", "")),
        (("2025-01-24", ""), "2025-01-24", ("已批复", "20")),
        (("2025-01-24", "2025-02-10"), "2025-02-09", ("已批复", "4")),
        (("2025-01-24", "2025-02-10"), "2025-02-10", ("已公开", "")),
        (("2025-01-24", ""), "2025-02-13", ("已批复", "0")),
        (("2025-01-24", ""), "2025-03-01", ("已批复", "-16")),
        (("2024-02-20", ""), "2024-03-01", ("已批复", "10")),
        (("", "2025-02-10"), "2025-03-01", ("可以批复", "")),
    ],
)
def test_the_days_of_publication(orchard, capsys, dates, today, expected):
    put(orchard, "东园")
    typed = "".join(f"    {name}: {day}\n" for name, day in zip(("批复日期", "公开日期"), dates, strict=True) if day)
    write(orchard, "data/site.yaml", f"{SITE}公开:\n  2025:\n{typed}")
    text = said(orchard, capsys, "2025", "--date", today, "--format", "csv").removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["状态"], row["离公开期限还有几天"]) == expected


def test_the_day_is_one_input(orchard, capsys, monkeypatch):
    put(orchard, "东园")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1738771200")
    assert "按 2025-02-06（环境变量 SOURCE_DATE_EPOCH 的）算" in said(orchard, capsys)
    assert "按 2025-03-01（--date 写的）算" in said(orchard, capsys, "--date", "2025-03-01")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setattr(git, "head_seconds", lambda _: pytest.fail("status does not ask for a commit"))
    assert "（今天）算" in said(orchard, capsys)


def test_without_a_list_the_units_of_last_year_stand_in(orchard, capsys):
    for name in ("东园", "西园", "南园", "旧园"):
        put(orchard, name, year=2024, more="理由: {Y01: 并入东园}\n" if name == "南园" else "")
    put(orchard, "东园")
    put(orchard, "新园")
    assert stages(orchard, capsys) == {"东园": "可以批复", "新园": "可以批复", "旧园": "没交", "西园": "没交"}
    text = said(orchard, capsys)
    assert "没有 data/units.yaml，应有哪些按 2024 年的文件算。" in text
    assert "南园 今年不交：并入东园" in text, "a reason that answers the rule answers here"


def test_a_year_that_nobody_has_begun(orchard, capsys):
    put(orchard, "东园")
    assert stages(orchard, capsys, "2026") == {"东园": "没交"}
    assert "2026 年" in said(orchard, capsys, "2026") and "2025 年" in said(orchard, capsys)


def test_a_renamed_unit_is_not_missing(orchard, capsys):
    put(orchard, "旧园", year=2024)
    put(orchard, "新园")
    assert stages(orchard, capsys)["旧园"] == "没交"
    write(orchard, "data/units.yaml", "单位:\n  新园: {曾用名: [旧园]}\n")
    assert stages(orchard, capsys) == {"新园": "可以批复"}
    (orchard / "data/2025/新园.yaml").unlink()
    assert stages(orchard, capsys, "2025") == {"新园": "没交"}, "it owes what it handed in under its old name"


@pytest.fixture
def two_forms(orchard) -> Path:
    for path, text in (("schema/{}.schema.json", tiny.SCHEMA_TEXT), ("schema/{}.rules.yaml", RULES)):
        write(orchard, path.format("berry"), text.replace('"fruit"', '"berry"').replace("水果登记表", "浆果登记表"))
    shutil.copytree(orchard / "templates/fruit", orchard / "templates/berry")
    return orchard


def berry(root: Path, name: str, year: int = 2025) -> None:
    source = put(root, f"浆果/{name}", year=year)
    write(root, source, (root / source).read_text("utf-8").replace("form: fruit", "form: berry"))


def test_each_form_that_is_owed_is_a_row(two_forms, capsys):
    put(two_forms, "东园", year=2024)
    berry(two_forms, "东园", 2024)
    put(two_forms, "东园")
    put(two_forms, "南园")
    berry(two_forms, "南园")
    units = "单位:\n  东园:\n  西园: {应报: [berry]}\n  南园: {应报: [fruit]}\n  北园: {应报: []}\n  中园:\n"
    write(two_forms, "data/units.yaml", units)
    found = rows(two_forms, capsys)
    assert {name: row["状态"] for name, row in found.items()} == {
        "东园": "可以批复", "东园 浆果登记表": "没交", "西园 浆果登记表": "没交", "南园": "可以批复",
        "南园 浆果登记表": "可以批复", "中园 ": "没交",
    }  # fmt: skip
    assert found["南园 浆果登记表"]["备注"] == "名单里没有要它"
    assert found["中园 "]["备注"] == "名单里没有写应报哪张表"
    assert "东园（浆果登记表）" in said(two_forms, capsys, *DAY)


def test_several_files_of_one_form_are_one_row(orchard, capsys):
    put(orchard, "东园/一期", "")
    put(orchard, "东园/二期", "1")
    write(orchard, "data/units.yaml", "单位:\n  东园:\n")
    (row,) = rows(orchard, capsys).values()
    assert (row["单位"], row["没填"], row["没有说明的警告"]) == ("东园", "1", "1")
    assert row["文件"] == "data/2025/东园/一期.yaml、data/2025/东园/二期.yaml"


def test_a_unit_that_is_not_in_the_list_is_said(orchard, capsys):
    put(orchard, "东园")
    put(orchard, "西园")
    write(orchard, "data/units.yaml", "单位:\n  东园:\n")
    assert rows(orchard, capsys)["西园"]["备注"] == "名单里没有"


def test_a_file_under_another_name_is_the_units_that_it_names(orchard, capsys):
    source = put(orchard, "101001")
    write(orchard, source, (orchard / source).read_text("utf-8").replace("果园: 101001", "果园: 东园"))
    write(orchard, "data/units.yaml", "单位:\n  东园:\n")
    assert stages(orchard, capsys) == {"东园": "可以批复"}


def test_a_file_that_cannot_be_read_is_handed_in_with_errors(orchard, capsys):
    write(orchard, put(orchard, "东园"), "form: fruit\n年: 2025\n果园： 东园\n")
    (row,) = rows(orchard, capsys).values()
    assert (row["单位"], row["状态"], row["错误"]) == ("东园", "有错误", "1")


def test_a_deadline_is_one_of_the_year_that_is_worked_on(orchard, capsys):
    write(orchard, "data/units.yaml", "截止: 2025-02-10\n单位:\n  东园:\n  西园:\n")
    put(orchard, "东园", year=2024)
    assert rows(orchard, capsys, "2024")["西园"]["离截止还有几天"] == "4"
    put(orchard, "东园", year=2025)
    assert rows(orchard, capsys, "2024")["西园"]["离截止还有几天"] == ""


@pytest.mark.parametrize("text", ["单位: {东园: {截止: 2025-02-30}}\n", "单位：\n"])
def test_a_wrong_list_is_said_and_nothing_else(orchard, capsys, text):
    put(orchard, "东园")
    write(orchard, "data/units.yaml", text)
    assert "data/units.yaml:1:" in said(orchard, capsys, code=1)


def test_what_cannot_be_asked(orchard, capsys):
    assert "还没有数据文件" in said(orchard, capsys, code=2)
    assert "要写四位数字" in said(orchard, capsys, "今年", code=2)
    assert said(orchard, capsys, "2025", *DAY).startswith("2025 年，按 2025-02-06（--date 写的）算：0 个单位")


def test_a_name_is_no_formula_and_no_markup(orchard, capsys):
    write(orchard, "data/units.yaml", "units: 1\n".replace("units: 1", '单位: {"=1+1": , "<b>园": {分组: "@x"}}'))
    text = said(orchard, capsys, "2025", *DAY, "--format", "csv")
    assert "2025,'=1+1," in text and "'@x" in text
    page = said(orchard, capsys, "2025", *DAY, "--format", "html")
    assert "&lt;b&gt;园" in page and "<b>" not in page


def test_files_are_written_from_one_check(orchard, capsys):
    put(orchard, "东园")
    outputs = [orchard / f"build/review/status.{suffix}" for suffix in ("html", "csv", "txt")]
    text = said(orchard, capsys, *DAY, *(word for path in outputs for word in ("-o", str(path))))
    page, table, plain = (path.read_bytes().decode("utf-8") for path in outputs)
    assert page.startswith("<!DOCTYPE html>") and table.startswith("\ufeff年度,") and plain == text
    assert table.endswith("\r\n") and "\n\n" not in table
    assert said(orchard, capsys, *DAY, "--format", "csv", "-o", str(orchard / "x")) == ""
    assert (orchard / "x").read_bytes().decode("utf-8") == table


def test_each_file_is_checked_once(orchard, capsys, monkeypatch):
    """The status costs what a check of the same files does."""
    for name in ("东园", "西园", "南园"):
        put(orchard, name, year=2024)
        put(orchard, name)
    checked = []

    def counted(filing, *more):
        checked.append(filing.document.file)
        return check_filing(filing, *more)

    check_filing = check.check_filing
    monkeypatch.setattr(check, "check_filing", counted)
    assert len(stages(orchard, capsys)) == 3
    assert sorted(checked) == ["data/2025/东园.yaml", "data/2025/南园.yaml", "data/2025/西园.yaml"]


def test_several_processes_say_the_same(orchard, capsys):
    put(orchard, "旧园", year=2024)
    for name in ("东园", "西园", "南园"):
        put(orchard, name, "1", more="同意: {a1b2: 王五}\n")
    put(orchard, "新园", "")
    write(orchard, "data/units.yaml", "单位:\n  新园: {曾用名: [旧园]}\n")
    assert said(orchard, capsys, *DAY, "-j", "2") == said(orchard, capsys, *DAY, "-j", "1")


def test_the_page_fetches_nothing_and_runs_nothing(orchard, capsys):
    put(orchard, "东园", "1")
    page = said(orchard, capsys, *DAY, "--format", "html")
    assert "default-src 'none'; style-src 'sha256-" in page and "<script" not in page and "style=" not in page
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)


MARKS = ("标甲", "标乙", "markb", "markc", "标丙", "markd", "0123456789abcdef", "标丁", "标戊")
MARKED = """\
审核人: {标甲: {邮箱: markb@example.com, 密钥: 0123456789abcdef}}
单位:
  东园:
    曾用名: [标乙]
    代码: markc
    联系人: 标丙 13800000000
    提交人: [markd@example.com]
    审核人: [标甲]
    分组: 标丁
  标戊:
"""


@pytest.mark.pdf
def test_nothing_of_the_list_is_in_an_output(orchard, capsys):
    """Names and groups are shown by `status`; contacts, addresses and keys by nothing."""
    shutil.copytree(REPOSITORY / "templates/shared", orchard / "templates/shared")
    put(orchard, "东园", "1")
    write(orchard, "data/site.yaml", f"{SITE}公开: {{2025: {{批复日期: 2025-01-20, 公开日期: 2025-02-01}}}}\n")
    assert cli.main(["-C", str(orchard), "build"]) == 0
    before = contents(orchard)
    write(orchard, "data/units.yaml", MARKED)
    assert cli.main(["-C", str(orchard), "build"]) == 0
    assert contents(orchard) == before and any(path.endswith(".pdf") for path in before)
    assert not [path for path, content in before.items() for mark in MARKS if mark.encode() in content]
    shown = "".join(said(orchard, capsys, *DAY, "--format", name) for name in ("text", "csv", "html"))
    assert {mark for mark in MARKS if mark in shown} == {"标丁", "标戊"}


def contents(root: Path) -> dict[str, bytes]:
    paths = (path for folder in ("official", "public") for path in (root / "build" / folder).rglob("*"))
    return {path.as_posix(): path.read_bytes() for path in paths if path.is_file()}
