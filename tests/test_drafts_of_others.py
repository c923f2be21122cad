"""A file that is being filled in, and is not public yet, keeps no page of another file from being made."""

from __future__ import annotations

from datetime import date

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from perfgen.findings import Level
from perfgen.system.day import Day, Origin
from tests.helpers import cycle
from tests.helpers.cycle import change
from tests.helpers.projects import settings, snapshot

PLAN, REVIEW, ORCHARD = "data/2025/目标/东园/嫁接.yaml", "data/2025/自评/东园/嫁接.yaml", "data/2025/东园.yaml"
PLAN_PAGE, ORCHARD_PAGE = "build/public/2025/目标/东园/嫁接/index.html", "build/public/2025/东园/index.html"
SHOWN = "{% if 自评表 %}<b>做了{{ 自评表.执行 }} {{ 自评表.余 }}</b>{% endif %}"
SITE = settings("果园", "review", "2025-05-20", "2025-06-01")
BEFORE, AFTER = "2025-03-01", "2025-06-01"


@pytest.fixture
def root(tmp_path):
    """Each plan's page shows what came of it, where there is a review; a review computes a figure from its plan."""
    root = cycle.filled(tmp_path / "p", pages=True)
    change(root, "schema/plan.rules.yaml", ("引用:", "引用:\n  自评表: {表: review, 对上: [果园, 项目]}"))
    change(root, "schema/review.rules.yaml", ("审核:", "计算:\n  余: 1 / (目标表.预算 - 执行)\n审核:"))
    change(root, "templates/plan/page.html", ("<p>{{ 项目 }}", SHOWN + "<p>{{ 项目 }}"))
    change(root, "templates/review/page.html", ("<p>{{ 项目 }}", "{{ 余 }}<p>{{ 项目 }}"))
    cycle.review(root, "灌溉", spent="70")
    cycle.write(root, "data/site.yaml", SITE)
    return root


def build(root, day):
    return batch.build(BuildOrder(snapshot(root), day=Day(date.fromisoformat(day), Origin.OPTION)))


def said_of(outcome, source):
    """The errors of a data file."""
    return [
        finding.message for finding in outcome.findings if (finding.place.file, finding.level) == (source, Level.ERROR)
    ]


def wrong_value(root):
    change(root, REVIEW, ("执行: 96.5", "执行: 很多"))


def unfilled(root):
    change(root, REVIEW, ("执行: 96.5", "执行:"))


def no_yaml(root):
    change(root, REVIEW, ("执行: 96.5", "执行: [96.5"))


def no_figure(root):
    change(root, REVIEW, ("执行: 96.5", "执行: 120"))


def twice(root):
    cycle.write(root, "data/2025/自评/再来.yaml", (root / REVIEW).read_text("utf-8"))


def no_key(root):
    change(root, REVIEW, ("项目: 嫁接", "项目:"))


WRONG = [wrong_value, unfilled, no_yaml, no_figure, twice, no_key]


@pytest.mark.parametrize("spoil", WRONG)
def test_what_is_not_public_is_as_if_it_were_not_there(root, spoil):
    spoil(root)
    outcome = build(root, BEFORE)
    assert said_of(outcome, PLAN) == []
    page = (root / PLAN_PAGE).read_text("utf-8")
    assert "96.5" not in page and "120</span>" in page


@pytest.mark.parametrize("spoil", [wrong_value, unfilled, no_yaml, no_figure, twice])
def test_what_is_public_and_wrong_is_said(root, spoil):
    spoil(root)
    assert any("引用“自评表”" in message for message in said_of(build(root, AFTER), PLAN))


def test_when_it_is_right_and_public_it_is_shown(root):
    unfilled(root)
    build(root, BEFORE)
    change(root, REVIEW, ("执行:", "执行: 96.5"))
    assert build(root, BEFORE).exit_code == 0
    assert "96.5" not in (root / PLAN_PAGE).read_text("utf-8")
    assert build(root, AFTER).exit_code == 0
    assert '做了<span data-path="自评表/执行">96.5</span>' in (root / PLAN_PAGE).read_text("utf-8")


def spoil_a_plan(root):
    change(root, "data/2025/目标/东园/灌溉.yaml", ("预算: 80", "预算: 很多"))


PLANS_LATER = SITE.replace("review", "plan")
ONE_PLAN = PLANS_LATER.replace(
    "{批复日期: 2025-05-20, 公开日期: 2025-06-01}",
    "{单位: {目标/东园/嫁接: {批复日期: 2025-01-24, 公开日期: 2025-02-10}}}",
)


@pytest.mark.parametrize(("settings", "is_shown"), [(PLANS_LATER, False), (ONE_PLAN, True)])
def test_of_several_files_one_that_is_not_public_may_be_wrong(root, settings, is_shown):
    (root / "templates/orchard/form.docx").write_bytes(cycle.docx_of(cycle.ORCHARD_ROWS[:2]))
    cycle.write(root, "data/site.yaml", settings)
    spoil_a_plan(root)
    outcome = build(root, BEFORE)
    assert said_of(outcome, ORCHARD) == []
    page = (root / ORCHARD_PAGE).read_text("utf-8")
    assert ("嫁接" in page) is is_shown
    assert "灌溉" not in page


def test_of_several_files_a_public_one_that_is_wrong_is_said(root):
    (root / "templates/orchard/form.docx").write_bytes(cycle.docx_of(cycle.ORCHARD_ROWS[:2]))
    spoil_a_plan(root)
    assert any("引用“项目表”" in message for message in said_of(build(root, BEFORE), ORCHARD))
