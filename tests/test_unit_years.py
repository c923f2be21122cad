"""The page about a unit and all its years: reports, money, rows with target values, outcomes, what was weakened."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from perfgen.prove.proof import ProofError
from perfgen.render import unit_years
from perfgen.report.listing import Listing
from tests.helpers.projects import snapshot
from tests.helpers.summaries import amount, change, made, rendered, report, row, site

PAGE = "units/甲局/index.html"
REPORTS = [
    report("甲局", amounts=[amount("收", "120", y2024="100", y2023="60")],
           measures=[row("及时率", "≥98%", y2024="96%", y2023="95%"), row("事故", "=0起")],
           changes=[change("放宽", "指标 › 事故", "由 0 改为 1", "人手少"), change("趋严", "及时率", "由 7 改为 8")]),
    report("甲局", form="自评表",
           measures=[row("及时率", "≥98%", "97%", "没有达到"), row("事故", "=0起", "0起", "达到")],
           changes=[change("放宽", "指标 › 事故", "由 0 改为 1", "人手少")]),
    report("甲局", "2024", amounts=[amount("收", "101")], measures=[row("及时率", "≥97%")]),
    report("甲局", form="项目表", subject="修路", measures=[row("里程", "≥5公里", groups=["项目指标", "产出"])]),
    report("乙局", measures=[row("及时率", "≥90%")]),
]  # fmt: skip


@pytest.fixture
def listing(tmp_path) -> Listing:
    (tmp_path / "data").mkdir()
    return site(snapshot(tmp_path), *REPORTS)


@pytest.fixture
def text(listing) -> str:
    return made(listing, "unit_years")[PAGE]


def rows(text: str, label: str) -> list[list[str]]:
    """The cells of the table of a name, without marks."""
    found = re.search(rf'<table[^>]*aria-label="{label}".*?</table>', text, re.DOTALL)
    assert found
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.DOTALL) for one in found[0].split("<tr>")[1:]]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in one] for one in cells]


def test_all_reports_of_the_unit_stand_there_by_year(text):
    links = re.findall(r'href="\.\./\.\./(20[^"]*)" data-file="(\d)"', text)
    assert [number for _, number in links] == ["1", "2", "3", "4"]
    assert [link[:4] for link, _ in links] == ["2025", "2025", "2025", "2024"]
    assert "乙局" not in text.partition("<main")[2]


def test_the_money_of_each_year_comes_of_its_own_report_first(text):
    money = text.partition('id="money"')[2].partition("<h2")[0]
    assert re.findall(r'bar-number"><span [^>]*data-at="a0(?::\d+)?">(\d+)<', money) == ["120", "101", "60"]
    assert re.findall(r'width="([\d.]+)" height="4"', money) == ["100", "84.17", "50"]


def test_rows_stand_beside_those_of_other_years_with_what_came_of_them(text):
    assert rows(text, "年度指标") == [
        ["指标", "2025年", "2024年", "2023年"],
        ["及时率", "≥98% 做到 97% 没有达到", "≥97%", "95%"],
        ["事故", "=0起 做到 0起 达到", "", ""],
    ]
    assert '<span class="quiet"><span data-source="1" data-at="m0:2023"' in text, "a value of a later year's report"


def test_rows_of_a_subject_stand_by_themselves(text):
    assert rows(text, "修路：项目指标") == [["指标", "2025年"], ["里程 产出", "≥5公里"]]


def test_two_targets_of_a_year_that_differ_are_both_there(tmp_path):
    (tmp_path / "data").mkdir()
    other = report("甲局", form="自评表", measures=[row("及时率", "≥95%", "96%", "达到")])
    text = made(site(snapshot(tmp_path), report("甲局", measures=[row("及时率", "≥98%")]), other), "unit_years")[PAGE]
    assert rows(text, "年度指标")[1] == ["及时率", "≥98% ； ≥95% 做到 96% 达到"]


def test_rows_that_are_called_the_same_in_one_report_are_two(tmp_path):
    (tmp_path / "data").mkdir()
    one = report("甲局", measures=[row("次数", "≥1次"), row("次数", "≥2次")])
    text = made(site(snapshot(tmp_path), one), "unit_years")[PAGE]
    assert [cells[1] for cells in rows(text, "年度指标")[1:]] == ["≥1次", "≥2次"]


def test_what_was_weakened_stands_there_once_with_its_reason(text):
    weakened = text.partition('id="weakened"')[2].partition("<h2")[0]
    assert weakened.count("c0:sentence") == 1 and "人手少" in weakened and "c1:" not in weakened


def test_outcomes_are_counted(text):
    counted = text.partition('id="outcomes"')[2].partition("<h2")[0]
    assert rows(text, "做到了多少") == [["表", "没有达到", "达到"], ["2025年自评表", "1 项", "1 项"]] and counted


def test_a_unit_whose_name_is_no_files_name_has_no_page(tmp_path):
    (tmp_path / "data").mkdir()
    assert made(site(snapshot(tmp_path), report("甲/乙局"), report("CON")), "unit_years") == {}


def test_a_report_without_a_summary_yet_is_linked_all_the_same(listing):
    few = {stem: one for stem, one in listing.summaries.items() if "自评表" not in stem}
    assert 'data-file="4"' in made(replace(listing, summaries=few), "unit_years")[PAGE]


def test_a_change_of_a_report_makes_the_page_of_its_unit_anew_and_no_other(listing, tmp_path):
    changed = [*REPORTS[:-1], report("乙局", measures=[row("及时率", "≥91%")])]
    before, after = unit_years.outputs(listing), unit_years.outputs(site(listing.project, *changed))
    assert {path for path in before if before[path] != after[path]} == {"public/units/乙局/index.html"}


def test_a_row_that_another_unit_has_no_more_is_linked_no_more(listing):
    alone = site(listing.project, *REPORTS[:2], *REPORTS[3:-1])
    before, after = unit_years.outputs(listing), unit_years.outputs(alone)
    assert "measures/%E5%8F%8A%E6%97%B6" in made(listing, "unit_years")[PAGE]
    assert "measures/" not in made(alone, "unit_years")[PAGE].partition("<main")[2]
    assert before[f"public/{PAGE}"].rpartition("\n")[2] != after[f"public/{PAGE}"].rpartition("\n")[2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">97%<", ">99%<", "应该是“97%”"),
        ('data-at="a0:2023">60', 'data-at="a0">120', "年度"),
        ('width="50"', 'width="60"', "长条"),
        ('data-source="2" data-at="m1:outcome"', 'data-source="2" data-at="m0:outcome"', "应该是“97%”"),
        ('data-source="1" data-at="m1"', 'data-source="1" data-at="m9"', "没有"),
        ('data-source="4" data-at="m0"', 'data-source="9" data-at="m0"', "公开的"),
        ('data-file="4"', "", ""),
        (">及时率<", ">及时<", "名称"),
    ],
)
def test_a_page_that_says_something_else_is_not_written(listing, old, new, said):
    content, page = rendered(listing, "unit_years", PAGE)
    body = content.decode().replace("\n及时率\n", ">及时率<")
    body = content.decode() if old in content.decode() else body
    assert old in body
    with pytest.raises(ProofError) as raised:
        unit_years.prove(body.replace(old, new, 1).encode(), page)
    assert said in raised.value.findings[0].message
