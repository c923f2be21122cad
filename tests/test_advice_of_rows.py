"""What is advised about a value beside the same row elsewhere: in the long term, in earlier years, in last year."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from perfgen.build import job
from perfgen.findings import Finding
from perfgen.project.layout import DataFile
from tests.helpers.projects import snapshot
from tests.test_cases import CASES, place

SAMPLE = (CASES / "good/样板.yaml").read_text("utf-8")
FILE = "data/2025/试.yaml"
Tell = Callable[[str], list[Finding]]


@pytest.fixture
def tell(project) -> Tell:
    """What is found in a text, beside the files of two earlier years."""
    for year in (2023, 2024):
        place(CASES / f"earlier/{year}.yaml", project / f"data/{year}/试.yaml")

    def found(text: str) -> list[Finding]:
        (project / FILE).write_text(text, "utf-8")
        return job.check_file(snapshot(project), DataFile.at(FILE))[0].findings

    return found


def with_row(name: str, text: str = SAMPLE, *, long: bool = False, **values: str) -> str:
    """The sample with other values in the row of a name, of the year or of the long term."""
    rows = list(re.finditer(rf"\{{三级指标: {name},[^}}]*\}}", text))
    row = next(row for row in rows if ("前年:" in row[0]) is not long)
    changed = row[0]
    for member, value in values.items():
        changed, times = re.subn(rf"{member}: [^,}}]*", f"{member}: {value}", changed)
        assert times == 1
    return text[: row.start()] + changed + text[row.end() :]


def hint(findings: list[Finding], rule: str) -> str:
    (found,) = (finding for finding in findings if finding.rule == rule)
    return found.hint


@pytest.mark.parametrize(
    ("name", "typed", "rule", "wanted"),
    [
        ("人工增雨作业次数", "65次左右", "D02b", "≥65次"), ("人工增雨作业次数", "65次", "D02", "≥65次"),
        ("人工增雨作业次数", "60-65次", "D02a", "≥60次"), ("公众满意度", "百分之九十", "D02c", "≥90%"),
    ],
)  # fmt: skip
def test_a_hole_in_the_long_term_is_no_part_of_the_advice(tell, name, typed, rule, wanted):
    said = hint(tell(with_row(name, with_row(name, long=True, 指标值=""), 指标值=typed)), rule)
    assert "没有填" not in said and said.startswith(f"写成 {wanted}")


@pytest.mark.parametrize("typed", ["0.86", "86", "85-87%", "约86%", "86个"])
def test_how_to_write_a_past_value_is_not_said_where_last_years_file_has_another(tell, typed):
    name = "暴雨预警准确率"
    found = [one for one in tell(with_row(name, 前年=typed)) if one.path[-1] == "前年"]
    assert [one.rule for one in found] == ["last-year"]


def test_it_is_said_where_the_other_value_has_a_reason(tell):
    name = "暴雨预警准确率"
    text = with_row(name, 前年="85-87%") + f"审核说明:\n  last-year {name}: 上一年的文件漏了。\n"
    found = [one for one in tell(text) if one.path[-1] == "前年"]
    assert sorted(one.rule for one in found) == ["D19c", "last-year"]


@pytest.mark.parametrize("typed", ["710%", "880%", "100.5%"])
def test_a_past_share_out_of_all_shares_is_no_advice_for_this_year(tell, typed):
    said = hint(tell(with_row("暴雨预警准确率", 上年=typed)), "D19")
    assert said.startswith(f"先核对上年的 {typed}：百分数应当在 0 到 100% 之间；确有原因的")
    assert "改成" not in said


def test_a_past_value_that_can_be_is_the_advice_for_this_year(tell):
    assert hint(tell(with_row("暴雨预警准确率", 上年="98%")), "D19").startswith("改成 ≥98% 或更好的；")
    assert hint(tell(with_row("预警公众覆盖率", 上年="120%")), "D19").startswith("改成 ≥120% 或更好的；")


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("暴雨预警准确率", "85%-90%", "≥90%"), ("暴雨预警准确率", "88%-90%", "≥88%"),
        ("暴雨预警准确率", "80%-85%", "≥80%"),
        ("发布预警次数", "50-60次", "≥60次"), ("预警公众覆盖率", "95%~97%", "≥97%"),
        ("单站维护成本", "9000-9600元", "≤9000元"),
    ],
)  # fmt: skip
def test_of_a_range_the_end_is_advised_that_is_not_worse_than_last_years_target(tell, name, typed, wanted):
    assert hint(tell(with_row(name, 指标值=typed)), "D02a") == f"写成 {wanted}。"


def test_a_range_is_advised_about_without_last_years_file(tell, project):
    (project / "data/2024/试.yaml").unlink()
    assert hint(tell(with_row("暴雨预警准确率", 指标值="85%-90%")), "D02a") == "写成 ≥85%。"
