"""What is said of what was made and what not: pages without dates, forms that were written, rows by their names."""

from __future__ import annotations

import pytest

from perfgen import cli
from perfgen.build import job, unpublished
from perfgen.build.plan import UnitPlan
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.report.site import Site
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet

SOURCE = "data/2025/示例市档案馆.yaml"
NAMES = "站点: {名称: 甲, 域名: a.cn, 标识码: bm00000000}\n"


@pytest.fixture(scope="module")
def clean() -> bytes:
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


def run(root, *arguments: str) -> int:
    return cli.main(["-C", str(root), *arguments])


@pytest.mark.parametrize(
    ("settings", "missing", "there"),
    [
        (NAMES, "批复日期和公开日期", ["公开:", "  2025:"]),
        (f"{NAMES}公开: {{2024: {{批复日期: 2024-01-26}}}}\n", "批复日期和公开日期", ["公开:   #", "  2025:"]),
        (f"{NAMES}公开: {{2025: {{批复日期: 2025-01-26}}}}\n", "公开日期", ["公开:   #", "  2025:   #"]),
        (f"{NAMES}公开: {{2025: {{单位: {{示例市档案馆: {{公开日期: 2025-02-01}}}}}}}}\n", "批复日期", []),
    ],
)
def test_a_unit_without_dates_is_told_once_with_the_lines_to_write(project, capsys, settings, missing, there):
    (project / "data/site.yaml").write_text(settings, "utf-8")
    assert run(project, "build", "--only", "docx", SOURCE) == 0
    said = capsys.readouterr().out
    assert said.count("没有做网页") == 1
    assert f"1 个没有做网页（2025 年 示例市档案馆）：data/site.yaml 里没有{missing}。" in said
    assert all(any(line.startswith(begin) for line in said.split("\n")) for begin in there)
    assert ("批复日期: 2025-" in said, "公开日期: 2025-" in said) == ("批复" in missing, "公开" in missing)


def test_the_lines_done_to_the_letter_make_the_page(project, capsys):
    (project / "data/site.yaml").write_text(NAMES, "utf-8")
    run(project, "build", "--only", "docx", SOURCE)
    lines = capsys.readouterr().out.partition("在那里写：\n")[2]
    (project / "data/site.yaml").write_text(NAMES + lines, "utf-8")
    assert run(project, "build", "--only", "docx", SOURCE) == 0
    assert "没有做网页" not in capsys.readouterr().out
    assert (project / "build/public/2025/示例市档案馆/示例市档案馆.docx").is_file()


def test_of_many_units_some_are_named_and_all_counted():
    files = [DataFile("2026", f"单位{number}") for number in range(9)] + [DataFile("2027", "甲")]
    plans = [UnitPlan(file) for file in files]
    sentence = unpublished.notices(plans, Site({}))[0].split("\n")[0]
    assert "10 个没有做网页（2026 年 单位0、单位1、单位2、单位3、单位4等 9 个；2027 年 甲）" in sentence
    assert unpublished.notices([], Site({})) == []


def test_a_form_that_is_never_published_is_not_missed(tiny_project, capsys):
    assert run(tiny_project, "build", "--only", "pdf") == 0
    assert "没有做网页" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-1-26", "2026-01-26"), ("2026年1月6日", "2026-01-06"), ("2026/1/26", "2026-01-26"),
        ("2026.1.26", "2026-01-26"), ("'20260126'", "2026-01-26"), ("２０２６－１－２６", "2026-01-26"),
    ],
)  # fmt: skip
def test_a_date_typed_another_way_is_answered_with_the_right_form(project, capsys, typed, meant):
    (project / "data/site.yaml").write_text(f"{NAMES}公开:\n  2026:\n    批复日期: {typed}\n", "utf-8")
    assert run(project, "build", "--only", "docx") == 1
    assert f"改法：写成 {meant}。" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "said"), [("2026-02-30", "不是日历上有的一天"), ("明天", "的写法不对")])
def test_what_is_no_date_is_not_guessed(project, capsys, typed, said):
    """The day that is in no calendar once stopped the build as a fault of the program."""
    (project / "data/site.yaml").write_text(f"{NAMES}公开:\n  2026:\n    公开日期: {typed}\n", "utf-8")
    assert run(project, "build", "--only", "docx") == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("错误 ") == 1 and "改法：写成" not in error


def test_a_form_that_was_written_with_doubts_says_that_it_was(clean, project, capsys):
    sheet = Sheet(clean)
    sheet.write(60, 6, "≥240件", "≥300件")
    (project / "乙.docx").write_bytes(sheet.save())
    assert run(project, "import", "乙.docx", "-o", "data/2025/乙.yaml") == 1
    said = capsys.readouterr()
    assert "✗ 乙.docx → 已写到 data/2025/乙.yaml，有 1 格要核：确定 419 格" in said.out
    assert (project / "data/2025/乙.yaml").is_file()
    assert "表格第 60 行“征集史料数量”第 7 列：" in said.err


@pytest.mark.parametrize(
    ("row", "place", "name"),
    [(60, 6, "征集史料数量"), (25, 5, "档案数字化单页成本"), (7, 3, "单位资金"), (17, 3, "")],
)
def test_rows_are_named_by_what_they_are(clean, row, place, name):
    """A row of a list by its first own value, a fixed row by its last heading before a value."""
    sheet = Sheet(clean)
    sheet.write(row, place, "61 34", "或者 5")
    result = import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    told = [finding.message for finding in result.notes if finding.place.line == row]
    assert told and all(message.startswith(f"表格第 {row} 行") for message in told)
    assert not name or all(f"第 {row} 行“{name}”" in message for message in told), told
