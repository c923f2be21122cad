"""The start page: search, years and forms, the money of all units, what is new, and every report by year and unit."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from perfgen.build.template_check import check_site
from perfgen.project.snapshot import Project
from perfgen.prove.proof import ProofError
from perfgen.render import SITE_TEMPLATES, index
from perfgen.report.listing import Listing
from perfgen.report.summary import Summary
from tests.helpers.projects import snapshot
from tests.helpers.summaries import amount, made, report, site

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
TODAY = """\
{% extends 'frame.html' %}
{% set site = site.settings %}
{% set title %}{{ site['站点']['名称'] if '站点' in site else '公开' }}{% endset %}
{% set css %}
{% include 'page.css' %}
ul.units .quiet { white-space: nowrap; }
{% endset %}
{% macro link(entry, words) %}
<a href="{{ entry.stem|urlencode }}/index.html"{% if words != name(entry) %} aria-label="{{ name(entry) }}"{% endif %}>\
{{ words }}</a> <span class="quiet">{{ entry.published }} 公开</span>
{%- endmacro %}
{% macro name(entry) %}
{{ entry.unit }}{{ entry.form }}{% if entry.subject %}：{{ entry.subject }}{% endif %}
{%- endmacro %}
{% block main %}
{% for year, of_year in entries | groupby('year') | reverse %}
<h2>{{ year }}年</h2>
{% for unit, of_unit in of_year | groupby('unit') %}
<section class="unit">
<h3>{{ unit }}</h3>
<ul class="units">
{% for entry in of_unit %}
<li>{{ link(entry, entry.form) }}</li>
{% endfor %}
</ul>
</section>
{% endfor %}
{% else %}
<p>还没有公开的内容。</p>
{% endfor %}
{% endblock %}
"""


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "data").mkdir()
    return snapshot(tmp_path)


YEAR = [
    report("甲局", form="项目自评表", subject="修路"), report("甲局", form="项目目标表", subject="修路"),
    report("甲局", form="部门自评表"), report("甲局", form="部门目标表", amounts=[amount("合计", "120.5")]),
    report("甲局", form="项目目标表", subject="修桥"),
    report("乙局", form="部门目标表", amounts=[amount("合计", "80"), amount("另外", "7")]),
]  # fmt: skip
OLDER = report("甲局", "2024", "部门目标表", amounts=[amount("合计", "999")])


def start(project: Project, *reports: Summary) -> str:
    return made(site(project, *reports), "index")["index.html"]


def section(text: str, name: str) -> str:
    return text.partition(f'id="{name}"')[2].partition("<h2")[0].partition("</main>")[0]


def words(text: str) -> list[str]:
    """The texts of links."""
    return re.findall(r"<a [^>]*>([^<]*)</a>", text)


def test_every_unit_of_every_year_stands_there_with_its_own_forms(project):
    listed = section(start(project, OLDER, *YEAR), "all")
    assert re.findall(r"<h3>(.*?)</h3>", listed) == ["2025年", "2024年"]
    assert words(listed) == [
        "2025年的列表", "甲局", "部门目标表", "部门自评表", "乙局", "部门目标表", "2024年的列表", "甲局", "部门目标表",
    ]  # fmt: skip
    assert "2 个项目" in listed
    assert len(set(re.findall(r'aria-label="([^"]*)"', listed))) == 4


def test_a_unit_whose_name_is_no_files_name_has_all_its_reports_there(project):
    text = start(project, report("甲/乙局"), report("甲/乙局", form="项目表", subject="修路"))
    assert words(section(text, "all")) == ["2025年的列表", "目标表", "项目表：修路"]


def test_what_is_new_comes_by_the_dates_in_the_data(project):
    reports = [report(f"第{n}局", "2024", published=f"2024-03-{n:02}") for n in range(1, 13)]
    text = start(project, *reports, report("甲局", "2023", published="2024-03-20"))
    new = words(section(text, "new"))
    assert len(new) == index.NEWEST
    assert re.findall(r"<h3>(.*?)</h3>", section(text, "new"))[:2] == ["2024-03-20", "2024-03-12"]
    assert new[:3] == ["2023年甲局目标表", "2024年第12局目标表", "2024年第11局目标表"]


def test_the_money_of_the_latest_year_is_drawn_from_the_largest_down(project):
    text = section(start(project, OLDER, *YEAR), "money")
    assert words(text) == ["甲局", "乙局"] and "999" not in text
    assert re.findall(r'<rect class="bar-part" width="([\d.]+)"', text) == ["100", "66.39"]
    assert '<span class="bar-number" data-added="total">200.5</span>' in text


def test_of_many_units_the_largest_are_drawn_and_the_others_added_up(project):
    reports = [report(f"第{n}局", amounts=[amount("合计", f"{n}.2")]) for n in range(1, 51)]
    text = section(start(project, *reports), "money")
    assert words(text) == [f"第{n}局" for n in range(50, 50 - index.LARGEST, -1)]
    others = sum((Decimal(f"{n}.2") for n in range(1, 31)), Decimal(0))
    assert "其余 30 个合计" in text and f'data-added="rest">{others.normalize():f}<' in text


def test_a_sum_that_looks_like_a_month_is_a_sum(project):
    reports = [report("甲局", amounts=[amount("合计", "2025.5")]), report("乙局", amounts=[amount("合计", "1012.75")])]
    text = section(start(project, *reports), "money")
    assert re.findall(r'width="([\d.]+)" height="4"', text) == ["100", "50"] and ">3038.25<" in text


def test_a_sum_in_another_unit_of_money_is_not_drawn_beside_the_others(project):
    other = report("丙局", amounts=[amount("合计", "900000", "元")])
    assert words(section(start(project, *YEAR, other), "money")) == ["甲局", "乙局"]


def test_a_year_of_projects_alone_is_drawn_by_projects(project):
    reports = [report("甲局", subject="修路", amounts=[amount("合计", "3")]),
               report("甲局", subject="修桥", amounts=[amount("合计", "-4")])]  # fmt: skip
    text = section(start(project, *reports), "money")
    assert words(text) == ["甲局 修路", "甲局 修桥"]
    assert re.findall(r'width="([\d.]+)" height="4"', text) == ["100", "0"]


def test_a_report_without_a_summary_yet_is_listed_all_the_same(project):
    listing = site(project, *YEAR)
    some = dict(list(listing.summaries.items())[:1])
    text = made(replace(listing, summaries=some), "index")["index.html"]
    assert text.count("甲局") > 3


def test_a_large_site_leads_to_the_lists_of_its_years(project):
    reports = [
        report(f"第{n}局", year, amounts=[amount("合计", f"{n}")]) for n in range(200) for year in ("2024", "2025")
    ]
    text = start(project, *reports)
    assert words(section(text, "all")) == ["2025年的列表", "2024年的列表"]
    assert len(text.encode()) < 20_000


def test_names_with_any_character(project):
    odd = report('甲"<局>&', form="表", subject='<b> "x" #?%')
    text = start(project, odd, report('甲"<局>&', form="表二"))
    assert "<b>" not in text.partition("<main")[2]


def test_there_may_be_nothing(project):
    text = start(project)
    assert "还没有公开的内容" in text and "data-names" in text


@pytest.mark.parametrize("template", [BEFORE, TODAY])
def test_a_page_of_the_repositorys_own_is_made_as_before(tmp_path, template):
    (tmp_path / SITE_TEMPLATES).mkdir(parents=True)
    (tmp_path / SITE_TEMPLATES / "index.html").write_text(template, "utf-8")
    text = start(snapshot(tmp_path), *YEAR)
    links = re.findall(r'<a href="2025/[^"]*/index.html"', text)
    assert len(links) == len(set(links)) == len(YEAR)
    assert check_site(snapshot(tmp_path)) == []


def test_templates_are_tried_with_it(project):
    assert check_site(project) == []


def proven(project: Project, old: str, new: str) -> int:
    listing: Listing = site(project, OLDER, *YEAR)
    content = index.render(listing).decode()
    assert old in content
    return index.prove(content.replace(old, new, 1).encode(), listing)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">120.5<", ">12.5<", "应该是“120.5”"),
        ('data-at="a0">80', 'data-at="a1">80', "应该是“7”"),
        ('width="66.39"', 'width="67"', "长条"),
        ('"total">200.5', '"total">201', "合起来的数"),
        ('href="2024/index.html"', 'href="2023/index.html"', "public/2023/index.html"),
        ("2025/%E9%83%A8%E9%97%A8%E7%9B%AE%E6%A0%87%E8%A1%A8/%E4%B9%99%E5%B1%80/index.html",
         "2025/%E4%B9%99/index.html", "public/2025/乙/index.html"),
        ('data-source="2025/部门目标表/乙局"', 'data-source="2025/部门目标表/丙局"', "丙局"),
        ('<ul class="link-list">\n<li>', '<ul class="link-list">\n<li><a href="2025/%E9%83%A8%E9%97%A8%E7%9B%AE'
         '%E6%A0%87%E8%A1%A8/%E4%B9%99%E5%B1%80/index.html">x</a>', "又有一处"),
        ("</main>", "</section>", "标签"),
    ],
)  # fmt: skip
def test_a_page_that_says_something_else_is_not_written(project, old, new, said):
    with pytest.raises(ProofError) as raised:
        proven(project, old, new)
    assert said in raised.value.findings[0].message


def test_a_report_that_cannot_be_reached_is_said(project):
    listing = site(project, report("甲局"))
    content = re.sub(rb'<a [^>]*href="(2025|units)/[^"]*"', b"<a", index.render(listing))
    with pytest.raises(ProofError, match=r"2025/目标表/甲局/index\.html"):
        index.prove(content, listing)
