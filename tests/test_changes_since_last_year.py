"""What changed against last year's file: in the words of a comparison, and nothing of it that is private in a year."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfgen.build import batch, job
from perfgen.comparison.classify import Class
from perfgen.data import value_at
from perfgen.form.likeness import Budget
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.report.summary import decoded, encoded, summary
from perfgen.system.day import Day, Origin
from tests.helpers.words import docx_of

DAY = "2026-06-01"
LAST, FILE = "data/2025/东园.yaml", "data/2026/东园.yaml"
TEXT: dict[str, Any] = {"type": "string", "x-public": True}
MONEY: dict[str, Any] = {"type": "number", "x-unit": "万元", "x-public": True}
HIDDEN: dict[str, Any] = {"type": "string"}


def _rows(identity: str, **members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "array", "x-identity": identity,
        "items": {"type": "object", "additionalProperties": False, "properties": members},
    }  # fmt: skip


def schema(*, public_reasons: bool) -> dict[str, Any]:
    """A plan with public and private fields and rows, and figures of both kinds."""
    reason = {"type": "string", "x-printed": False, "x-public": public_reasons}
    fields: dict[str, Any] = {
        "form": {"const": "plan", "x-role": "form", "x-printed": False, "x-public": True},
        "年": {"type": "integer", "x-role": "year", "x-public": True, "x-printed": False},
        "果园": {"type": "string", "x-role": "unit", "x-public": True},
        "理由": {"type": "object", "x-role": "reasons", "x-printed": False, "additionalProperties": reason},
        "拨款": MONEY, "自筹": MONEY, "合计": MONEY, "占比": {"type": "number", "x-public": True},
        "底价": {"type": "number", "x-unit": "万元"},
        "经办": HIDDEN,
        "指标": _rows("名称", 名称=TEXT, 目标值={**TEXT, "x-measure": True}, 内情=HIDDEN),
        "支出": _rows("密名", 密名=HIDDEN, 金额=MONEY),
        "私事": _rows("名称", 名称=HIDDEN, 目标值={**HIDDEN, "x-measure": True}),
    }  # fmt: skip
    titled = {name: {"title": name, **field} for name, field in fields.items()}
    return {
        "title": "果园计划", "type": "object", "additionalProperties": False,
        "required": ["form", "年", "果园"], "properties": titled,
    }  # fmt: skip


RULES = """\
计算:
  合计: 求和(拨款, 自筹)
  占比: {公式: '百分比(拨款, 合计)', 单位: '%'}
  自筹: {公式: 拨款, 填了用填的: 真}
"""
BEFORE = """\
form: plan
年: 2025
果园: 东园
拨款: 100
自筹: 20
底价: 7654321
经办: 王暗号
指标:
  - {名称: 好果率, 目标值: ≥95%, 内情: 旧暗号}
  - {名称: 新种的树, 目标值: ≥100棵}
  - {名称: 嫁接的老果树, 目标值: ≥10棵}
  - {名称: 修渠, 目标值: ≥3公里}
支出:
  - {密名: 甲暗号, 金额: 5}
私事:
  - {名称: 乙暗号, 目标值: ≥90%}
  - {名称: 丁暗号, 目标值: ≥80%}
"""
AFTER = """\
form: plan
年: 2026
果园: 东园
理由:
  好果率: 今年雨水多，谁都没有办法
  乙暗号: 理由暗号
拨款: 130
底价: 8765432
经办: 李暗号
指标:
  - {名称: 好果率, 目标值: ≥90%, 内情: 新暗号}
  - {名称: 新种的树, 目标值: ≥120棵, 内情: 又一暗号}
  - {名称: 嫁接老果树, 目标值: ≥10棵}
  - {名称: 疏花, 目标值: ≥2次}
支出:
  - {密名: 丙暗号, 金额: 8}
私事:
  - {名称: 乙暗号, 目标值: ≥70%}
"""
SECRETS = ("暗号", "7654321", "8765432", "底价", "经办", "内情", "私事", "≥70%", "≥80%")
PAGE_TEMPLATE = """\
<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ 果园|plain }}</title></head><body>
<p>{{ 果园 }} {{ 拨款 }} {{ 自筹 }} {{ 合计 }} {{ 占比 }}</p>
{% for 行 in 指标 %}<p>{{ 行.名称 }} {{ 行.目标值 }}</p>{% endfor %}
{% for 行 in 支出 %}<p>{{ 行.金额 }}</p>{% endfor %}
<h2>和 {{ report.compared_with }} 年比</h2>
{% for 处 in report.changes %}<p>{{ 处.kind }} {{ 处.label }}：{{ 处.sentence }}{{ 处.reason }}</p>{% endfor %}
</body></html>
"""
SITE = """\
站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}
公开:
  2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}
  2026: {批复日期: 2026-01-24, 公开日期: 2026-02-10}
"""
WITHOUT = SITE.replace("  2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}\n", "")
LATER = SITE.replace("公开日期: 2025-02-10", "公开日期: 2026-09-01")


def write(root: Path, source: str, text: str) -> None:
    path = root / source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def project_at(root: Path, *, public_reasons: bool = False) -> Path:
    """Both years of a unit, with what makes a page."""
    write(root, "schema/plan.schema.json", json.dumps(schema(public_reasons=public_reasons), ensure_ascii=False))
    write(root, "schema/plan.rules.yaml", RULES)
    write(root, "templates/plan/page.html", PAGE_TEMPLATE)
    (root / "templates/plan/form.docx").write_bytes(docx_of([["果园", "{{ 果园 }}"], ["拨款", "{{ 拨款 }}"]]))
    write(root, "data/site.yaml", SITE)
    write(root, LAST, BEFORE)
    write(root, FILE, AFTER.replace("  乙暗号: 理由暗号\n", "") if public_reasons else AFTER)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project_at(tmp_path)


def reports(root: Path, source: str = FILE, day: str = DAY) -> dict[Edition, Report]:
    project = Project.on_disk(root)
    settings = replace(site.load_site(project), day=day)
    result, found = job.reports(project, DataFile.at(source), settings)
    assert found, result.findings
    return found


def public(root: Path, **names: str) -> Report:
    return reports(root, **names)[Edition.PUBLIC]


def told(report: Report) -> dict[str, tuple[str, str]]:
    """By label, the class and the sentence."""
    found = {change.label: (str(change.kind), change.sentence) for change in report.changes}
    assert len(found) == len(report.changes)
    return found


def test_a_page_says_what_was_raised_lowered_new_dropped_renamed_and_what_money_does(root):
    report = public(root)
    assert report.compared_with == "2025"
    said = told(report)
    assert said["指标 › 好果率"] == ("放宽", "由 ≥95% 改为 ≥90%，放宽 5 个百分点")
    assert said["指标 › 新种的树"] == ("趋严", "由 ≥100棵 改为 ≥120棵，收紧 20棵（20%）")
    assert said["指标 › 修渠"] == ("取消", "取消了，原来是 ≥3公里")
    assert said["指标 › 疏花"] == ("新增", "新增，≥2次")
    assert said["指标 › 嫁接老果树"] == ("仅文字", "可能改名：原来叫“嫁接的老果树”，现在叫“嫁接老果树”")
    assert said["拨款"] == ("资金增", "由 100 万元 改为 130 万元，增加 30 万元（30%）")
    weights = [list(Class).index(change.kind) for change in report.changes]
    assert weights == sorted(weights) and report.changes[0].kind is Class.WEAKER


def test_each_change_has_its_place_in_the_reports_own_data(root):
    by_label = {change.label: change for change in public(root).changes}
    data = public(root).data
    raised = by_label["指标 › 新种的树"]
    assert value_at(data, raised.path) == "≥120棵" and value_at(data, raised.row)["名称"] == "新种的树"
    assert by_label["指标 › 修渠"].path is None and by_label["指标 › 修渠"].row is None
    assert by_label["拨款"].row == by_label["拨款"].path == ("拨款",)
    assert raised.is_promise and by_label["指标 › 疏花"].is_promise and not by_label["拨款"].is_promise


def test_a_sum_that_is_computed_in_one_year_and_typed_in_the_other_was_not_cancelled(root):
    said = told(public(root))
    assert said["自筹"] == ("资金增", "由 20 万元 改为 130 万元，增加 110 万元（550%）")
    assert said["合计"] == ("资金增", "由 120 万元 改为 260 万元，增加 140 万元（116.67%）")
    assert "占比" not in said  # it only follows from the rest
    write(root, LAST, BEFORE.replace("拨款: 100\n自筹: 20\n", ""))
    assert not {"自筹", "合计"} & told(public(root)).keys()  # last year's cannot be computed: nothing came anew


def test_nothing_private_of_either_year_is_told_to_the_public(root):
    found = reports(root)
    everything = repr(found[Edition.OFFICIAL].since_last_year)
    assert all(secret in everything for secret in SECRETS)
    told_all = repr(found[Edition.PUBLIC].since_last_year)
    assert not [secret for secret in SECRETS if secret in told_all]


def test_what_changes_in_private_changes_nothing_in_public(root):
    before = public(root).since_last_year
    others = str.maketrans({"暗": "明", "7": "6"})
    more = "私事:\n  - {名称: 多一行, 目标值: ≥60%}\n"
    for source, text in ((LAST, BEFORE), (FILE, AFTER)):
        write(root, source, text.translate(others).replace("私事:\n", more))
    assert public(root).since_last_year == before
    write(root, LAST, AFTER.replace("2026", "2025").replace("暗号", "从前"))
    assert public(root).changes == ()
    assert reports(root)[Edition.OFFICIAL].changes


@pytest.mark.parametrize("is_public", [True, False])
def test_a_reason_is_told_where_the_schema_says_that_reasons_are_public(tmp_path, is_public):
    found = reports(project_at(tmp_path, public_reasons=is_public))
    reason = "今年雨水多，谁都没有办法"
    for edition, is_told in ((Edition.OFFICIAL, True), (Edition.PUBLIC, is_public)):
        by_label = {change.label: change.reason for change in found[edition].changes}
        assert by_label["指标 › 好果率"] == (reason if is_told else "")
        private = ["理由暗号"] if edition is Edition.OFFICIAL and not is_public else []
        assert sorted(filter(None, by_label.values())) == sorted([reason, *private] if is_told else private)


def test_a_reason_that_was_there_last_year_is_none_for_this_one(tmp_path):
    root = project_at(tmp_path, public_reasons=True)
    write(root, LAST, BEFORE + "理由: {好果率: 今年雨水多，谁都没有办法}\n")
    assert not any(change.reason for change in public(root).changes)


@pytest.mark.parametrize("settings", [WITHOUT, LATER], ids=["no dates", "its day has not come"])
def test_last_years_file_counts_in_public_only_where_it_is_published_itself(root, settings):
    write(root, "data/site.yaml", settings)
    found = reports(root)
    assert found[Edition.PUBLIC].changes == () and found[Edition.PUBLIC].compared_with == ""
    assert found[Edition.OFFICIAL].compared_with == "2025" and found[Edition.OFFICIAL].changes


def test_without_last_years_file_nothing_is_compared(root):
    assert public(root, source=LAST).changes == () and public(root, source=LAST).compared_with == ""
    write(root, LAST, "form: plan\n年: [\n")
    assert all(report.changes == () for report in reports(root).values())


def test_no_change_is_told_where_nothing_changed(root):
    write(root, LAST, AFTER.replace("年: 2026", "年: 2025"))
    report = public(root)
    assert report.changes == () and report.compared_with == "2025"


def test_what_a_reviewer_is_to_do_is_not_told_to_readers(root):
    for source, text, value in ((LAST, BEFORE, "3公里"), (FILE, AFTER.replace("疏花", "修渠"), "5公里")):
        typed = text.replace("≥3公里", value).replace("≥2次", value)
        write(root, source, typed)
    for report in reports(root).values():
        sentence = told(report)["指标 › 修渠"][1]
        assert sentence.endswith("没有写明多好还是少好"), sentence


def test_only_who_asks_for_changes_waits_for_them(root, monkeypatch):
    found = reports(root)
    asked = []
    monkeypatch.setattr("perfgen.report.changes.own_year.differences_of_years", lambda *_: asked.append(1) or [])
    for report in found.values():
        assert report.table and report.view
    assert not asked
    report = found[Edition.PUBLIC]
    assert report.changes == report.changes == () and report.compared_with and asked == [1]


def build(root: Path) -> batch.BuildOutcome:
    today = Day(datetime.date.fromisoformat(DAY), Origin.OPTION)
    return batch.build(batch.BuildOrder(Project.on_disk(root), None, ("html", "data_json"), 1, day=today))


def reason_to_make(root: Path, path: str) -> str | None:
    """Why an output of this year's file has to be made again."""
    project = Project.on_disk(root)
    found = batch.output_tree.found(root)
    settings = site.load_site(project)
    planner = batch.Planner(project, settings, batch.load_manifest(root), ("html",), found, day=DAY)
    return {wanted.path: wanted.why for wanted in planner.unit(DataFile.at(FILE)).outputs}[path]


PAGE = "public/2026/东园/index.html"


def words(root: Path) -> str:
    """The page without its tags."""
    return re.sub("<[^>]*>", "", (root / "build" / PAGE).read_text("utf-8"))


def test_a_page_is_made_again_when_last_years_file_changes_is_published_or_withdrawn(root):
    (root / "schema/plan.rules.yaml").unlink()  # no rule and no figure looks at last year
    assert build(root).exit_code == 0
    assert reason_to_make(root, PAGE) is None
    write(root, LAST, BEFORE.replace("≥95%", "≥96%"))
    assert LAST in (reason_to_make(root, PAGE) or "")
    build(root)
    for settings in (WITHOUT, SITE, LATER):
        write(root, "data/site.yaml", settings)
        assert f"{DataFile.at(LAST)} 是不是公开" in (reason_to_make(root, PAGE) or "")
        assert build(root).exit_code == 0 and reason_to_make(root, PAGE) is None
        page = words(root)
        assert ("取消了，原来是 ≥3公里" in page) is ("和 2025 年比" in page) is (settings is SITE)


def test_a_withdrawn_year_leaves_the_page_though_the_page_cannot_be_made_again(root):
    build(root)
    assert "放宽 指标 › 好果率：由 ≥95% 改为 ≥90%" in words(root)
    write(root, FILE, AFTER.replace("拨款: 130", "拨款: 很多"))
    build(root)
    assert (root / "build" / PAGE).is_file()  # what was published stays until it can be made again
    write(root, "data/site.yaml", WITHOUT)
    assert build(root).exit_code
    assert not (root / "build" / PAGE).exists()


@pytest.mark.parametrize("edition", [Edition.OFFICIAL, Edition.PUBLIC])
def test_a_summary_keeps_the_changes_as_they_are_told(root, edition):
    report = reports(root)[edition]
    kept = decoded(encoded(summary(report)))
    assert kept == summary(report) and kept.compared_with == "2025"
    assert [change.sentence for change in kept.changes] == [change.sentence for change in report.changes]
    assert kept.changes[0].kind == "放宽" and kept.changes[0].is_promise


def test_a_file_of_another_form_last_year_is_not_compared(root):
    other = schema(public_reasons=False)
    other["properties"]["form"]["const"] = "other"
    write(root, "schema/other.schema.json", json.dumps(other, ensure_ascii=False))
    (root / "templates/other").mkdir()
    (root / "templates/other/form.docx").write_bytes(docx_of([["果园", "{{ 果园 }}"]]))
    write(root, LAST, BEFORE.replace("form: plan", "form: other"))
    assert all(report.changes == () for report in reports(root).values())


def fund(root: Path, year: int, amount: int) -> None:
    """The file of another form, from which the plan takes a sum in place of a typed one."""
    write(root, f"data/{year}/资金/东园.yaml", f"form: fund\n年: {year}\n果园: 东园\n数: {amount}\n")


def with_fund(root: Path, published: str) -> Path:
    """The plan takes a sum from another file, which is published later in a year."""
    fields = schema(public_reasons=False)["properties"]
    properties = {name: fields[name] for name in ("form", "年", "果园")} | {"数": {**MONEY, "title": "数"}}
    properties["form"] = {**properties["form"], "const": "fund"}
    form = {"title": "资金表", "type": "object", "additionalProperties": False, "required": ["form", "年", "果园"]}
    write(root, "schema/fund.schema.json", json.dumps({**form, "properties": properties}, ensure_ascii=False))
    write(root, "templates/fund/page.html", PAGE_TEMPLATE)
    (root / "templates/fund/form.docx").write_bytes(docx_of([["数", "{{ 数 }}"]]))
    taken = "引用:\n  资金表: {表: fund, 对上: [果园]}\n" + RULES.replace("公式: 拨款, 填", "公式: 资金表.数, 填")
    write(root, "schema/plan.rules.yaml", taken)
    dates = f"\n    表: {{fund: {{批复日期: 2025-01-24, 公开日期: {published}}}}}\n"
    ends = {year: f"{{批复日期: {year}-01-24, 公开日期: {year}-02-10}}" for year in (2025, 2026)}
    plain = {year: f"\n    批复日期: {year}-01-24\n    公开日期: {year}-02-10" for year in ends}
    text = SITE.replace(ends[2025], plain[2025] + dates.rstrip("\n")).replace(ends[2026], plain[2026])
    write(root, "data/site.yaml", text)
    write(root, LAST, BEFORE.replace("自筹: 20\n", ""))
    fund(root, 2025, 424242)
    fund(root, 2026, 515151)
    return root


@pytest.mark.parametrize("published", ["2025-02-10", "2027-01-01"])
def test_a_sum_that_last_year_took_from_a_file_that_is_not_public_is_not_told(root, published):
    with_fund(root, published)
    found = reports(root)
    assert told(found[Edition.OFFICIAL])["自筹"][1].startswith("由 424242 万元 改为 515151 万元")
    is_told = published < DAY
    assert ("自筹" in told(found[Edition.PUBLIC])) is is_told
    everything = repr(found[Edition.PUBLIC].since_last_year)
    assert ("424242" in everything) is ("424342" in everything) is is_told  # the sum that it is part of, too


def test_what_is_too_much_to_look_for_is_said_to_be_gone_and_new(root, monkeypatch):
    assert not public(root).since_last_year.is_rough
    monkeypatch.setattr("perfgen.report.changes.Budget", lambda: Budget(5))
    report = public(root)
    assert report.since_last_year.is_rough
    assert told(report)["指标 › 嫁接的老果树"][0] == "取消" and told(report)["指标 › 嫁接老果树"][0] == "新增"
