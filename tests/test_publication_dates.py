"""The dates of publication by year, form and path: which hold for a data file, and what is said without them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from perfgen import cli
from perfgen.build import unpublished
from perfgen.build.plan import UnitPlan
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import deadline
from perfgen.report.site import Publication, Site
from tests.helpers import tiny

BUDGET = {"批复日期": "2025-01-24", "公开日期": "2025-02-10"}
AUTUMN = {"批复日期": "2025-08-20", "公开日期": "2025-09-05"}


def settings(**of_year):
    return Site({"公开": {"2025": {**BUDGET, **of_year}}})


def fruit(tmp_path, **more):
    root = tiny.make(tmp_path / "project")
    schema = {**tiny.SCHEMA, **more}
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    return forms.find(Project.on_disk(root), "fruit")


def when(site_, path, form=None):
    found = site_.publication(DataFile("2025", path), form)
    return found.published if found else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("东园", "2025-02-12"),
        ("西园", "2025-02-10"),
        ("自评/东园", "2025-02-12"),  # the name of a file, wherever it lies, as before
        ("自评/西园", "2025-09-05"),
        ("自评/项目/南园", "2025-09-05"),
        ("自评二/南园", "2025-02-10"),
        ("自评/北园", "2025-09-20"),
    ],
)
def test_exceptions_hold_for_a_name_a_path_and_a_folder_the_narrowest_first(path, expected):
    exceptions = {
        "东园": {"公开日期": "2025-02-12"},
        "自评": AUTUMN,
        "自评/北园": {"公开日期": "2025-09-20"},
    }
    assert when(settings(单位=exceptions), path) == expected


def test_a_form_with_a_section_only_knows_the_dates_there(tmp_path):
    form = fruit(tmp_path)
    assert when(settings(), "东园", form) == "2025-02-10"
    assert when(settings(表={"fruit": AUTUMN}), "东园", form) == "2025-09-05"
    assert when(settings(表={"other": AUTUMN}), "东园", form) == "2025-02-10"
    assert when(settings(表={"fruit": AUTUMN}, 单位={"东园": {"公开日期": "2025-02-12"}}), "东园", form) == "2025-09-05"
    own = {**AUTUMN, "单位": {"东园": {"公开日期": "2025-09-07"}}}
    assert when(settings(表={"fruit": own}), "东园", form) == "2025-09-07"
    for half in ({}, {"批复日期": "2025-08-20"}, {"公开日期": "2025-09-05"}):
        assert when(settings(表={"fruit": half}), "东园", form) is None


def test_a_form_with_dates_of_its_own_is_not_public_by_those_of_the_year(tmp_path):
    form = fruit(tmp_path, **{"x-own-dates": True})
    assert when(settings(), "东园", form) is None
    assert when(settings(单位={"东园": AUTUMN}), "东园", form) is None
    assert when(settings(表={"fruit": AUTUMN}), "东园", form) == "2025-09-05"


def test_an_exception_may_name_the_unit_of_a_path_that_is_made_by_a_pattern(tmp_path):
    root = tiny.make(tmp_path / "project")
    schema = json.loads(json.dumps(tiny.SCHEMA)) | {"x-path": "项目/{果园}/{items}"}
    schema["properties"]["items"]["x-role"] = "subject"
    schema["required"] = [*schema["required"], "items"]
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    form = forms.find(Project.on_disk(root), "fruit")
    assert when(settings(单位={"东园": {"公开日期": "2025-02-12"}}), "项目/东园/苹果", form) == "2025-02-12"
    assert when(settings(单位={"东园": {"公开日期": "2025-02-12"}}), "项目/西园/苹果", form) == "2025-02-10"
    assert when(settings(单位={"苹果": {"公开日期": "2025-02-12"}}), "项目/西园/苹果", form) == "2025-02-10"


def test_the_lines_to_write_stand_where_the_form_looks_for_them(tmp_path, capsys):
    root = tiny.make(tmp_path / "project")
    fruit(tmp_path / "other")
    schema = {**tiny.SCHEMA, "x-own-dates": True}
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    project = Project.on_disk(root)
    form = forms.find(project, "fruit")
    plans = [UnitPlan(DataFile("2025", "东园"), form), UnitPlan(DataFile("2026", "西园"), None)]
    (said,) = unpublished.notices(plans, Site({"公开": {"2025": {"表": {"fruit": {"批复日期": "2025-08-20"}}}}}))
    assert said.split("\n")[1:] == [
        "公开:   # 已经有了，不用再写",
        "  2025:   # 已经有了，不用再写",
        "    表:   # 已经有了，不用再写",
        "      fruit:   # 已经有了，不用再写",
        "        公开日期: 2025-02-08   # 改成真的日期",
        "  2026:",
        "    批复日期: 2026-01-26   # 改成真的日期",
        "    公开日期: 2026-02-08   # 改成真的日期",
    ]


def test_a_form_that_may_never_be_published_is_one_line_a_year(tmp_path):
    form = fruit(tmp_path, **{"x-own-dates": True})
    plans = [UnitPlan(DataFile("2025", name), form) for name in ("东园", "西园")] + [UnitPlan(DataFile("2025", "北园"))]
    first, own = unpublished.notices(plans, settings())
    assert first.startswith("1 个没有做网页（2025 年 北园）")
    assert own == (
        f"2025 年的{form.title} 2 份没有公开：data/site.yaml 里没有它的日期。"
        "要公开的，在那里的 公开 → 2025 → 表 → fruit 下面写批复日期和公开日期。"
    )


def test_what_is_late_is_said_at_the_date_of_the_form(tmp_path):
    root = tiny.make(tmp_path / "project")
    (root / "data/site.yaml").write_text(
        "站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}\n"
        "公开:\n  2025:\n    批复日期: 2025-01-24\n    公开日期: 2025-02-10\n"
        "    表:\n      fruit:\n        批复日期: 2025-08-01\n        公开日期: 2025-09-05\n",
        "utf-8",
    )
    project = Project.on_disk(root)
    files, _ = project.data_files()
    found = deadline.check(project, files, date(2025, 8, 10))
    assert [(one.place.line, one.rule) for one in found] == [(8, "publication-late")]
    assert "晚了 15 天" in found[0].message


def test_a_name_that_is_no_form_is_said(tmp_path, capsys):
    root = tiny.make(tmp_path / "project")
    text = (root / "data/site.yaml").read_text("utf-8")
    (root / "data/site.yaml").write_text(text + "  2031:\n    表: {水果: {公开日期: 2031-02-08}}\n", "utf-8")
    assert cli.main(["-C", str(root), "check"]) == 1
    assert "表名" in capsys.readouterr().out


def test_publication_is_what_the_dates_are():
    assert settings().publication(DataFile("2025", "甲"), None) == Publication("2025-01-24", "2025-02-10")
    assert settings().publication(DataFile("2024", "甲"), None) is None
