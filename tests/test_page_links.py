"""A page links to the pages of the files that it refers to: those that are public, and no others."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from perfgen.build.template_check import check_templates
from perfgen.form import forms
from perfgen.system.day import Day, Origin
from tests.helpers import cycle
from tests.helpers.cycle import change
from tests.helpers.projects import settings, snapshot

PLAN, REVIEW = "data/2025/目标/东园/嫁接.yaml", "data/2025/自评/东园/嫁接.yaml"
PLAN_PAGE, REVIEW_PAGE, ORCHARD_PAGE = (
    f"build/public/2025/{stem}/index.html" for stem in ("目标/东园/嫁接", "自评/东园/嫁接", "东园")
)
LINK = '{% if NAME|address %}<a class="link" href="{{ NAME|address }}">去看</a>{% endif %}'
TO_REVIEW = "../../../../2025/%E8%87%AA%E8%AF%84/%E4%B8%9C%E5%9B%AD/%E5%AB%81%E6%8E%A5/index.html"
SITE = settings("果园", "review", "2025-05-20", "2025-06-01")
BEFORE, AFTER = "2025-03-01", "2025-06-01"


@pytest.fixture
def root(tmp_path):
    """Each plan's page links to its review, each review's to its plan, the orchard's to its plans."""
    root = cycle.filled(tmp_path / "p", pages=True)
    change(root, "schema/plan.rules.yaml", ("引用:", "引用:\n  自评表: {表: review, 对上: [果园, 项目]}"))
    change(root, "templates/plan/page.html", ("<p>{{ 项目 }}", LINK.replace("NAME", "自评表") + "<p>{{ 项目 }}"))
    change(root, "templates/review/page.html", ("<p>{{ 项目 }}", LINK.replace("NAME", "目标表") + "<p>{{ 项目 }}"))
    change(root, "templates/orchard/page.html", ("{{ 一个.预算 }}", "{{ 一个.预算 }}" + LINK.replace("NAME", "一个")))
    cycle.write(root, "data/site.yaml", SITE)
    return root


def build(root, day=AFTER):
    return batch.build(BuildOrder(snapshot(root), day=Day(date.fromisoformat(day), Origin.OPTION)))


def built(root, day=AFTER):
    outcome = build(root, day)
    assert outcome.exit_code == 0, outcome.findings
    return outcome


def links(root, page):
    return re.findall(r'<a class="link" href="([^"]*)">', (root / page).read_text("utf-8"))


def leads_to(root, page, link):
    return Path(root / page).parent.joinpath(unquote(link)).resolve()


def test_a_link_leads_to_the_page_of_the_file(root):
    built(root)
    for page, wanted in ((PLAN_PAGE, REVIEW_PAGE), (REVIEW_PAGE, PLAN_PAGE)):
        [link] = links(root, page)
        assert leads_to(root, page, link) == (root / wanted).resolve()
        assert leads_to(root, page, link).is_file()


def test_each_of_several_files_has_its_own(root):
    built(root)
    found = [leads_to(root, ORCHARD_PAGE, link) for link in links(root, ORCHARD_PAGE)]
    assert [path.parent.name for path in found] == ["嫁接", "灌溉"]
    assert all(path.is_file() for path in found)


def test_there_is_none_to_a_page_whose_day_has_not_come(root):
    built(root, BEFORE)
    assert links(root, PLAN_PAGE) == []
    assert "自评" not in (root / PLAN_PAGE).read_text("utf-8")


def without_dates(root):
    change(root, "data/site.yaml", ("{批复日期: 2025-05-20, 公开日期: 2025-06-01}", "{}"))


def without_page(root):
    (root / "templates/review/page.html").unlink()


def without_file(root):
    (root / REVIEW).unlink()


@pytest.mark.parametrize("hide", [without_dates, without_page, without_file])
def test_nor_to_what_has_no_public_page(root, hide):
    built(root)
    assert len(links(root, PLAN_PAGE)) == 1
    hide(root)
    built(root)
    assert links(root, PLAN_PAGE) == []


def test_the_page_is_made_again_when_the_other_becomes_public(root):
    built(root, BEFORE)
    outcome = built(root, AFTER)
    assert links(root, PLAN_PAGE) == [TO_REVIEW]
    assert outcome.made
    assert built(root, AFTER).made == 0


def test_and_when_it_is_public_no_longer(root):
    built(root)
    change(root, "data/site.yaml", ("2025-06-01", "2025-07-01"))
    built(root)
    assert links(root, PLAN_PAGE) == []


def test_a_page_that_would_link_to_what_is_hidden_goes_even_if_it_cannot_be_made_again(root):
    built(root)
    change(root, "data/site.yaml", ("2025-06-01", "2025-07-01"))
    change(root, PLAN, ("预算: 120", "预算: 很多"))
    assert build(root).exit_code == 1
    assert not (root / PLAN_PAGE).exists()


def test_names_with_any_character_make_links_that_work(root):
    change(root, REVIEW, ("项目: 嫁接", "项目: '嫁 接%#&\"<甲>?'"))
    change(root, PLAN, ("项目: 嫁接", "项目: '嫁 接%#&\"<甲>?'"))
    (root / REVIEW).rename(root / "data/2025/自评/东园/嫁 接%#&'甲.yaml")
    built(root)
    [link] = links(root, PLAN_PAGE)
    assert leads_to(root, PLAN_PAGE, link).is_file()


@pytest.mark.parametrize("wrong", ["果园", "项目表", "report", "指标", "'别的'"])
def test_what_is_no_file_has_no_address(root, wrong):
    change(root, "templates/orchard/page.html", ("<p>{{ 总预算 }}", f"<p>{{{{ {wrong}|address }}}}{{{{ 总预算 }}}}"))
    outcome = build(root)
    assert outcome.exit_code
    said = [finding for finding in outcome.findings if "orchard/page.html" in finding.place.file]
    assert said and all(finding.place.line for finding in said)


@pytest.mark.parametrize("link", ["{{ report.home }}2025/自评/东园/嫁接/index.html", TO_REVIEW, f"./{TO_REVIEW}?a#b"])
def test_a_page_that_leads_to_a_hidden_one_by_other_means_is_not_written(root, link):
    change(root, "templates/plan/page.html", ("<p>{{ 项目 }}", f'<a href="{link}">看</a><p>{{{{ 项目 }}}}'))
    for kind in ("目标", "自评"):
        (root / f"data/2025/{kind}/东园/灌溉.yaml").unlink()
    outcome = build(root, BEFORE)
    assert outcome.exit_code
    assert ["链接应该是" in finding.message for finding in outcome.findings if finding.rule == "proof"] == [True]
    assert not (root / PLAN_PAGE).exists()
    assert build(root, AFTER).exit_code == 0


def tried(root):
    project = snapshot(root)
    return [finding.message for form in forms.loaded(project) for finding in check_templates(form, project)]


def own_dates(root):
    schema = "schema/review.schema.json"
    change(root, schema, ('{"title": "项目自评表"', '{"x-own-dates": true, "title": "项目自评表"'))


@pytest.mark.parametrize("prepare", [lambda root: None, own_dates], ids=["dates of the year", "own dates"])
def test_templates_are_tried_with_it(root, prepare):
    prepare(root)
    assert tried(root) == []


def test_the_page_of_a_form_with_dates_of_its_own_is_tried_too(root):
    own_dates(root)
    change(root, "templates/review/page.html", ("<p>{{ 项目 }}", "{{ 写错了 }}<p>{{ 项目 }}"))
    assert any("写错了" in message for message in tried(root))
