"""The lists of the units of a year: money, reports, pages of a long one."""

from __future__ import annotations

import re

import pytest

from perfgen.project.snapshot import Project
from perfgen.prove.proof import ProofError
from perfgen.render import year_lists
from perfgen.report import site_lists
from tests.helpers.projects import snapshot
from tests.helpers.summaries import amount, made, rendered, report, site


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "data").mkdir()
    return snapshot(tmp_path)


YEAR = [
    report("甲局", amounts=[amount("收", "120.5"), amount("支", "119")]), report("甲局", form="自评表"),
    report("甲局", form="项目表", subject="修路", amounts=[amount("总额", "3")]),
    report("乙局", amounts=[amount("收", "80")]), report("丙/丁局", form="项目表", subject="修桥"),
]  # fmt: skip


def table(text: str) -> list[list[str]]:
    """The cells of the table's rows, without marks."""
    rows = re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
    return [[re.sub(r"<[^>]*>|\n", "", cell).strip() for cell in row] for row in cells]


def test_each_unit_has_a_row_with_its_sums_and_its_reports(project):
    text = made(site(project, *YEAR), "year_lists")["2025/index.html"]
    assert table(text) == [
        ["单位", "收（万元）", "支（万元）", "公开的表"],
        ["丙/丁局", "", "", "项目表：修桥"],
        ["甲局", "120.5", "119", "目标表自评表1 个项目"],
        ["乙局", "80", "", "目标表"],
    ]
    assert 'href="../units/%E7%94%B2%E5%B1%80/index.html"' in text


def test_each_year_has_a_list_that_leads_to_the_others(project):
    pages = made(site(project, *YEAR, report("甲局", "2023"), report("甲局", "2024")), "year_lists")
    assert sorted(pages) == ["2023/index.html", "2024/index.html", "2025/index.html"]
    assert {"../2025/index.html", "../2024/index.html"} <= set(re.findall(r'href="([^"]*)"', pages["2023/index.html"]))


def test_a_long_list_has_pages_that_hold_all_units(project, monkeypatch):
    monkeypatch.setattr(site_lists, "ON_A_PAGE", 20)
    reports = [report(f"{name}局{n}", amounts=[amount("收", f"{n}")]) for name in "安财教" for n in range(15)]
    pages = made(site(project, *reports), "year_lists")
    assert sorted(pages) == ["2025/index.html", "2025/units-2.html", "2025/units-3.html"]
    units = [row[0] for name in sorted(pages) for row in table(pages[name])[1:]]
    assert sorted(units) == sorted(one.unit for one in reports)
    assert units[0].startswith("安") and units[-1].startswith("教"), "in the order in which they are read"
    assert "units-2.html" in pages["2025/index.html"] and "units-3.html" in pages["2025/index.html"]


def test_a_change_of_one_year_makes_the_pages_of_no_other_one_anew(project):
    before = year_lists.outputs(site(project, *YEAR, report("甲局", "2024")))
    changed = [report("甲局", amounts=[amount("收", "121")]), *YEAR[1:]]
    after = year_lists.outputs(site(project, *changed, report("甲局", "2024")))
    assert {path for path in before if before[path] != after[path]} == {"public/2025/index.html"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">120.5<", ">1205<", "应该是“120.5”"),
        ('data-source="2025/目标表/乙局" data-at="a0">80', 'data-source="2025/目标表/甲局" data-at="a0">120.5', "名称"),
        ('data-at="a1">119', 'data-at="a0">120.5', "名称"),
        ('href="../units/%E7%94%B2%E5%B1%80/index.html"', 'href="../units/x/index.html"', "units/x"),
        ('href="../2025/%E8%87%AA%E8%AF%84%E8%A1%A8/%E7%94%B2%E5%B1%80/index.html"', "", "自评表/甲局/index.html"),
    ],
)
def test_a_page_that_says_something_else_is_not_written(project, old, new, said):
    content, page = rendered(site(project, *YEAR), "year_lists", "2025/index.html")
    assert old in content.decode()
    with pytest.raises(ProofError) as raised:
        year_lists.prove(content.decode().replace(old, new, 1).encode(), page)
    assert said in raised.value.findings[0].message
