"""What can be searched, and how names are spelt: data of the script that pages load."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from perfgen.project.snapshot import Project
from perfgen.prove.proof import ProofError
from perfgen.render import index, search_data
from perfgen.report import search_names, spelling
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.summaries import made, rendered, report, row, site

REPORTS = [
    report("重庆市教育局", measures=[row("及时率", "≥98%")]),
    report("长沙市行政审批局", "2024", measures=[row("及时率", "≥98%")]),
    report("重庆市教育局", "2024", "项目表", "A&B 类设备"), report("重庆市教育局", "2025", "项目表", "A&B 类设备"),
    report("甲/乙局"),
]  # fmt: skip


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "data").mkdir()
    return snapshot(tmp_path)


def script(project: Project, *reports: object) -> tuple[str, str]:
    ((path, text),) = made(site(project, *reports), "search_data").items()  # type: ignore[arg-type]
    return path, text


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("重庆市", "chong qing shi/fu"), ("重点", "zhong dian"), ("长沙分行", "chang sha fen hang"),
        ("长治市", "zhang/chang zhi/chi shi/fu"), ("行政审批", "xing zheng shen pi"), ("A&B 类PM2", "a b lei pm2"),
        ("“#1 室”", "1 shi"), ("", ""), ("女", "nv/ru"), ("（）", ""),
    ],
)  # fmt: skip
def test_a_word_has_its_own_reading_and_a_lone_character_all(name, spelt):
    assert " ".join("/".join(one) for one in spelling.syllables(name)) == spelt


def test_common_characters_stand_in_the_order_in_which_they_are_read():
    assert sorted("教财安卫A9\U00020000", key=spelling.order) == ["9", "A", "安", "财", "教", "卫", "\U00020000"]


def test_names_of_all_kinds_lead_to_pages(project):
    rows = [row[:4] for row in search_names.rows_of(script(project, *REPORTS)[1])]
    assert rows == [
        [0, "长沙市行政审批局", "", "units/长沙市行政审批局/index.html"],
        [0, "甲/乙局", "", "2025/目标表/甲_乙局/index.html"],
        [0, "重庆市教育局", "", "units/重庆市教育局/index.html"],
        [1, "A&B 类设备", "重庆市教育局", "2025/项目表/重庆市教育局/A&B 类设备/index.html"],
        [2, "目标表", "2025", "2025/index.html"], [2, "项目表", "2025", "2025/index.html"],
        [3, "及时率", "", "measures/及时率/index.html"],
    ]  # fmt: skip


def test_the_script_is_named_by_the_names_and_pages_say_its_name(project):
    path, text = script(project, *REPORTS)
    assert re.fullmatch(r"assets/search-data\.[0-9a-f]{8}\.js", path)
    assert text.startswith("window.perfgenNames=[\n")
    assert f'data-names="{path}"' in index.render(site(project, *REPORTS)).decode()
    assert script(project, *REPORTS)[0] == path
    assert script(project, *REPORTS[1:])[0] != path


def test_another_version_of_the_readings_is_another_name(project, monkeypatch):
    path, _ = script(project, *REPORTS)
    monkeypatch.setattr(spelling, "version", lambda: "0")
    assert script(project, *REPORTS)[0] != path


def test_the_library_is_not_loaded_to_say_what_is_stale():
    modules = "index, measures, search_data, unit_years, year_lists"
    code = f"import sys; from perfgen.render import {modules}; print('pypinyin' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("window.perfgenNames=", "window.other=", "脚本"),
        ("units/重庆市教育局", "units/重庆", "公开的网页"),
        ('"chong qing', '"qing', "读音"),
        ('[0,"重庆市教育局"', '[0,"重庆市教育"', "应该是“重庆市教育局”"),
    ],
)
def test_a_script_that_says_something_else_is_not_written(project, old, new, said):
    listing = site(project, *REPORTS)
    content, page = rendered(listing, "search_data", search_names.path(listing))
    assert old in content.decode()
    with pytest.raises(ProofError) as raised:
        search_data.prove(content.decode().replace(old, new, 1).encode(), page)
    assert said in raised.value.findings[0].message
