"""`check` says what has to be published within twenty days of approval: before they have passed, and after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.findings import DataError, Level
from perfgen.project.snapshot import Project
from perfgen.report import deadline
from perfgen.system import day
from tests.helpers import tiny

NAMES = "站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}\n"


def said(root: Path, dates: str, today: str, rule: str = deadline.RULE) -> list[str]:
    (root / "data/site.yaml").write_text(NAMES + dates, "utf-8")
    project = Project.on_disk(root)
    found = deadline.check(project, project.data_files()[0], date.fromisoformat(today))
    assert all(finding.rule == rule and finding.level is Level.WARNING for finding in found)
    return [f"{finding.place.line} {finding.message}" for finding in found]


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        ("2025-01-23", None), ("2025-01-24", "还有 20 天。"), ("2025-02-12", "还有 1 天。"),
        ("2025-02-13", "还有 0 天。"), ("2025-02-14", "已经过了 1 天。"), ("2026-02-13", "已经过了 365 天。"),
    ],
)  # fmt: skip
def test_what_is_approved_and_has_no_date(tiny_project, today, wanted):
    found = said(tiny_project, "公开:\n  2025:\n    批复日期: 2025-01-24\n", today)
    begin = "4 2025 年的东园、西园，2025-01-24 批复，20 日内公开，最晚 2025-02-13；还没有公开日期，"
    assert found == ([begin + wanted] if wanted else [])


@pytest.mark.parametrize(
    ("published", "today", "wanted"),
    [
        ("2025-02-13", "2025-02-01", None), ("2025-02-14", "2025-02-01", "公开日期 2025-02-14 晚了 1 天。"),
        ("2025-02-14", "2025-02-13", "公开日期 2025-02-14 晚了 1 天。"), ("2025-02-14", "2025-02-14", None),
        ("2025-03-13", "2025-03-01", "公开日期 2025-03-13 晚了 28 天。"), ("2025-02-10", "2025-02-14", None),
    ],
)  # fmt: skip
def test_a_date_that_is_late_is_said_until_the_day(tiny_project, published, today, wanted):
    found = said(tiny_project, f"公开: {{2025: {{批复日期: 2025-01-24, 公开日期: {published}}}}}\n", today)
    assert [line.rpartition("；")[2] for line in found] == ([wanted] if wanted else [])


def test_a_unit_with_dates_of_its_own_is_told_at_its_own(tiny_project):
    dates = "公开:\n  2025:\n    批复日期: 2025-01-24\n    公开日期: 2025-02-10\n    单位:\n"
    own = "      西园:\n        批复日期: 2025-01-02\n"
    (line,) = said(tiny_project, dates + own, "2025-01-20")
    assert line.startswith(
        "8 2025 年的西园，2025-01-02 批复，20 日内公开，最晚 2025-01-22；公开日期 2025-02-10 晚了 19 天"
    )
    assert said(tiny_project, dates + own, "2025-02-10") == []


def test_a_publication_before_its_approval_is_said_whatever_the_day(tiny_project):
    dates = "公开: {2025: {批复日期: 2025-02-10, 公开日期: 2025-01-24, 单位: {西园: {公开日期: 2025-02-10}}}}\n"
    for today in ("2025-01-01", "2025-06-01"):
        (found,) = said(tiny_project, dates, today, deadline.EARLY)
        assert found == "2 2025 年的东园，2025-02-10 批复，公开日期 2025-01-24 还在批复以前。"


def test_a_form_that_is_never_published_is_asked_for_no_date(tiny_project):
    dates = "公开: {2025: {批复日期: 2025-01-24}}\n"
    assert said(tiny_project, dates, "2025-02-01") != []
    (tiny_project / "templates/fruit/page.html").unlink()
    assert said(tiny_project, dates, "2025-02-01") == []


def test_years_without_files_and_without_approval_say_nothing(tiny_project):
    assert said(tiny_project, "公开: {2026: {批复日期: 2026-01-24}}\n", "2026-05-01") == []
    assert said(tiny_project, "公开: {2025: {公开日期: 2026-01-24}}\n", "2025-05-01") == []
    assert said(tiny_project, "", "2025-05-01") == []


def test_many_units_are_counted(tmp_path):
    root = tiny.make(tmp_path / "果园", tuple(f"园{number}" for number in range(9)))
    (line,) = said(root, "公开: {2025: {批复日期: 2025-01-24}}\n", "2025-02-01")
    assert "园0、园1、园2、园3、园4等 9 个，" in line


def test_broken_settings_are_said_without_any_file(tiny_project):
    (tiny_project / "data/site.yaml").write_text("站点: 5\n", "utf-8")
    with pytest.raises(DataError):
        deadline.check(Project.on_disk(tiny_project), [], date(2025, 1, 1))


def test_check_takes_the_day_that_it_is_given(tiny_project, capsys, monkeypatch):
    (tiny_project / "data/site.yaml").write_text(NAMES + "公开: {2025: {批复日期: 2025-01-24}}\n", "utf-8")

    def check(*arguments: str) -> tuple[int, str]:
        code = cli.main(["-C", str(tiny_project), "check", "--all", *arguments])
        told = capsys.readouterr()
        return code, told.out + told.err

    code, told = check("--date", "2025-02-03")
    assert code == 0 and "data/site.yaml:2:" in told and "还有 10 天" in told and deadline.RULE in told
    monkeypatch.setenv(day.VARIABLE, "1738857600")  # 2025-02-07
    assert "还有 6 天" in check("data/2025/东园.yaml")[1]
    monkeypatch.setenv(day.VARIABLE, "x")
    assert check()[0] == 2
    assert deadline.RULE not in check("--date", "2025-01-01")[1]
