"""The pages that put one row beside those of the same name: units by years."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from perfgen.project.snapshot import Project
from perfgen.prove.proof import ProofError
from perfgen.render import measures
from perfgen.report import shared_measures, site_lists, spelling
from perfgen.report.summary import decoded, encoded, measure_states
from tests.helpers.projects import snapshot
from tests.helpers.summaries import made, rendered, report, row, site

REPORTS = [
    report("甲局", measures=[row("及时率", "≥98%", y2024="96%", y2023="95%"), row("只有甲", "≥1")]),
    report("甲局", form="自评表", measures=[row("及时率", "≥98%", "97%", "没有达到")]),
    report("甲局", "2024", measures=[row("及时率", "≥97%"), row("两年", "≥1次")]),
    report("乙局", measures=[row("及时率", "≥90%"), row("及时率", "≥80%", groups=["长期指标"])]),
    report("乙局", form="项目表", subject="修路", measures=[row("及时率", "3天内")]),
]
PAGE = "measures/及时率/index.html"


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "data").mkdir()
    return snapshot(tmp_path)


def tables(text: str) -> list[list[list[str]]]:
    """The cells of each table, without marks."""
    return [
        [
            [
                " ".join(re.sub(r"<[^>]*>", " ", cell).split())
                for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.DOTALL)
            ]
            for one in found.split("<tr>")[1:]
        ]
        for found in re.findall(r"<table.*?</table>", text, re.DOTALL)
    ]  # fmt: skip


def test_units_stand_beside_years_with_target_and_outcome(project):
    pages = made(site(project, *REPORTS), "measures")
    assert sorted(pages) == ["measures/index.html", PAGE]
    first, second = tables(pages[PAGE])
    assert first == [
        ["单位", "2025年 目标", "2025年 结果", "2024年 目标", "2023年 往年值"],
        ["甲局", "≥98%", "97% 没有达到", "≥97%", "95%"],
        ["乙局", "≥90%", "", "", ""],
        ["乙局 修路", "3天内", "", "", ""],
    ]
    assert second == [["单位", "2025年 目标"], ["乙局", "≥80%"]]


def test_a_name_has_a_page_where_two_units_or_two_years_have_it(project):
    again = report("甲局", measures=[row("两年", "≥2次")], form="另一张")
    assert "measures/两年/index.html" in made(site(project, *REPORTS, again), "measures")
    assert "measures/只有甲/index.html" not in made(site(project, *REPORTS, again), "measures")


def test_nothing_is_made_where_no_name_is_shared(project):
    assert made(site(project, report("甲局", measures=[row("及时率", "≥98%")])), "measures") == {}


def test_of_too_many_names_those_of_most_units_have_pages(project, monkeypatch):
    monkeypatch.setattr(shared_measures, "MOST", 2)
    reports = [report(f"{n}局", measures=[row(f"名{m}", "1") for m in range(n)]) for n in range(1, 5)]
    names = [one.name for one in shared_measures.shared_measures(site(project, *reports))]
    assert sorted(names) == ["名0", "名1"]


ODD = [
    "a/b",
    "CON",
    "a?",
    "x.",
    ".x",
    "index.html",
    "name-1",
    "长" * 100,
    "<b>&amp;\"'",
    "Ａ率",
    "名 称",
    "e\u0301",
    "é",
    "R率",
    "r率",
]


def test_names_of_any_characters_have_pages_of_their_own(project):
    reports = [report(unit, measures=[row(name, "≥1") for name in ODD]) for unit in ("甲局", "乙局")]
    pages = made(site(project, *reports), "measures")
    assert len(pages) == len(ODD) + 1
    assert len({path.casefold() for path in pages}) == len(pages)
    slugs = {path.split("/")[1] for path in pages}
    assert {"Ａ率", "名 称"} <= slugs and sum(slug.startswith("name-") for slug in slugs) == len(ODD) - 2
    assert "<b>&" not in pages["measures/index.html"].partition("<main")[2]


def test_the_list_has_all_names_under_their_letters(project):
    reports = [report(unit, measures=[row(name, "≥1") for name in ("重庆率", "及时率", "行政率", "“#1 室”率")])
               for unit in ("甲局", "乙局")]  # fmt: skip
    text = made(site(project, *reports), "measures")["measures/index.html"]
    heads = re.findall(r'<h3 id="(\w+)">.*?</h3>.*?<a href="[^"]*">(.*?)</a>', text, re.DOTALL)
    assert heads == [("C", "重庆率"), ("J", "及时率"), ("X", "行政率"), ("other", "“#1 室”率")]


def test_a_change_makes_the_pages_of_the_changed_rows_anew(project):
    others = [report(unit, measures=[row("别的", "1"), row("又一个", "1")]) for unit in ("丙局", "丁局")]
    changed = [replace(REPORTS[0], measures=(row("及时率", "≥99%"), *REPORTS[0].measures[1:])), *REPORTS[1:]]
    others_changed = [report("丙局", measures=[row("别的", "1"), row("又一个", "2")]), others[1]]
    before = measures.outputs(site(project, *REPORTS, *others))
    after = measures.outputs(site(project, *changed, *others_changed))
    assert {path for path in before if before[path] != after[path]} == {
        f"public/{PAGE}", "public/measures/又一个/index.html",
    }  # fmt: skip


def test_names_are_found_in_a_summary_without_reading_it():
    names = ['“引号"', "反\\斜杠", '","name":"x","groups":[', "Ａ", "名\n称", ""]
    one = report('甲","measures":[局', measures=[row(name, '值","name":"y"') for name in names])
    found = measure_states(encoded(one))
    assert list(found) == list(dict.fromkeys(names))
    changed = replace(one, measures=(*one.measures[:-1], replace(one.measures[-1], outcome="x")))
    after = measure_states(encoded(changed))
    assert decoded(encoded(changed)) == changed
    assert [name for name in names if after[name] != found[name]] == [names[-1]]
    assert measure_states(encoded(replace(one, heading="y"))) == found


def test_rows_of_one_name_are_one_state_and_their_places_count():
    rows = [row("甲", "1"), row("乙", "1"), row("甲", "2")]
    found = measure_states(encoded(report("局", measures=rows)))
    assert list(found) == ["甲", "乙"] and found["甲"].count(":") == 2
    assert measure_states(encoded(report("局", measures=[rows[1], rows[0], rows[2]])))["甲"] != found["甲"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">97%<", ">99%<", "应该是“97%”"),
        ('data-at="m0:2023"', 'data-at="m0:2024"', "应该是“96%”"),
        ('乙局" data-at="m0">', '乙局" data-at="m1">', "应该是“≥80%”"),
        ('乙局" data-at="m0">≥90%', '甲局" data-at="m0">≥98%', "名称"),
        (">2024年<", ">2022年<", "年度"),
        ('data-source="2025/目标表/甲局"', 'data-source="2025/秘密/甲局"', "公开的"),
    ],
)  # fmt: skip
def test_a_page_that_says_something_else_is_not_written(project, old, new, said):
    content, page = rendered(site(project, *REPORTS), "measures", PAGE)
    assert old in content.decode()
    with pytest.raises(ProofError) as raised:
        measures.prove(content.decode().replace(old, new, 1).encode(), page)
    assert said in raised.value.findings[0].message


def test_a_report_that_is_left_out_is_said(project):
    content, page = rendered(site(project, *REPORTS), "measures", PAGE)
    cut = re.sub(
        rb"<tr>\n<th scope=\"row\">(?:(?!</tr>).)*\xe4\xbf\xae\xe8\xb7\xaf.*?</tr>", b"", content, flags=re.DOTALL
    )
    assert cut != content
    with pytest.raises(ProofError, match="3天内"):
        measures.prove(cut, page)


def test_a_name_of_very_many_units_has_several_pages(project, monkeypatch):
    monkeypatch.setattr(site_lists, "ON_A_PAGE", 20)
    reports = [report(f"{name}局{n:02}", measures=[row("及时率", "≥1")]) for name in "安财教" for n in range(15)]
    pages = made(site(project, *reports), "measures")
    names = [PAGE, "measures/及时率/units-2.html", "measures/及时率/units-3.html"]
    assert sorted(pages) == ["measures/index.html", *names]
    units = [cells[0] for name in names for table in tables(pages[name]) for cells in table[1:]]
    assert units == sorted((one.unit for one in reports), key=spelling.order)
    assert all("安局00 到 财局04" in pages[name] for name in names)
