"""The page that lists what is public: by year and unit, its own forms first, then each project with its forms."""

from __future__ import annotations

import re

import pytest

from perfgen.build.template_check import check_site
from perfgen.project.snapshot import Project
from perfgen.render import SITE_TEMPLATES, index
from perfgen.report.listing import Entry, Listing
from perfgen.report.site import Site
from tests.helpers.projects import snapshot

BEFORE = """\
{% for year, entries in entries | groupby('year') | reverse %}
<h2>{{ year }}年</h2>
<ul>
{% for entry in entries %}
<li><a href="{{ entry.stem|urlencode }}/index.html">{{ entry.unit }}{{ entry.form }}</a> {{ entry.published }}</li>
{% endfor %}
</ul>
{% endfor %}
"""


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "data").mkdir()
    return snapshot(tmp_path)


def entry(year: str, unit: str, form: str, subject: str = "") -> Entry:
    return Entry(year, unit, form, f"{year}/{form}/{unit}/{subject or '本身'}", "2025-02-10", subject)


def page(project: Project, *entries: Entry) -> str:
    listing = Listing(project, SITE_TEMPLATES, Site({}), tuple(sorted(entries)))
    content = index.render(listing)
    assert index.prove(content, listing) == len(entries)
    return content.decode()


def outline(text: str) -> list[str]:
    """Headings, projects and links, in their order."""
    found = re.findall(r"<(h2|h3|p|a)[ >](?:[^<>]*>)?([^<]*)</(?:h2|h3|p|a)>", text.partition("<main")[2])
    return [f"{tag} {words}" for tag, words in found]


YEAR = [
    entry("2025", "甲局", "项目自评表", "修路"), entry("2025", "甲局", "项目目标表", "修路"),
    entry("2025", "甲局", "部门自评表"), entry("2025", "甲局", "部门目标表"),
    entry("2025", "甲局", "项目目标表", "修桥"), entry("2025", "乙局", "部门目标表"),
]  # fmt: skip


def test_a_unit_has_its_own_forms_and_then_each_project_with_its_forms(project):
    assert outline(page(project, *YEAR)) == [
        "h2 2025年",
        "h3 乙局", "a 部门目标表",
        "h3 甲局", "a 部门目标表", "a 部门自评表",
        "p 修桥", "a 项目目标表", "p 修路", "a 项目目标表", "a 项目自评表",
    ]  # fmt: skip


def test_links_of_the_same_words_are_told_apart_by_their_names(project):
    names = re.findall(r'aria-label="([^"]*)"', page(project, *YEAR))
    assert len(set(names)) == len(YEAR)
    assert {"甲局项目目标表：修路", "甲局项目目标表：修桥", "甲局部门目标表", "乙局部门目标表"} <= set(names)


def test_a_year_in_which_each_unit_has_one_form_is_a_plain_list(project):
    text = page(project, entry("2025", "甲局", "目标表"), entry("2025", "乙局", "目标表", "修桥"), *YEAR[:0])
    assert outline(text) == ["h2 2025年", "a 乙局目标表：修桥", "a 甲局目标表"]
    assert "aria-label" not in text


def test_years_are_told_apart(project):
    older = entry("2024", "甲局", "部门目标表")
    assert outline(page(project, older, *YEAR))[-2:] == ["h2 2024年", "a 甲局部门目标表"]


def test_names_with_any_character(project):
    odd = entry("2025", '甲"<局>&', "表", '<b> "x" #?%')
    text = page(project, odd, entry("2025", '甲"<局>&', "表二"))
    assert "<b>" not in text.partition("<main")[2]


def test_there_may_be_nothing(project):
    assert "还没有公开的内容" in page(project)


def test_a_page_of_the_repositorys_own_is_made_as_before(tmp_path):
    (tmp_path / SITE_TEMPLATES).mkdir(parents=True)
    (tmp_path / SITE_TEMPLATES / "index.html").write_text(BEFORE, "utf-8")
    text = page(snapshot(tmp_path), *YEAR)
    assert text.count("甲局项目目标表</a> 2025-02-10") == 2


def test_templates_are_tried_with_it(project):
    assert check_site(project) == []
