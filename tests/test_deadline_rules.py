"""What the rules of the form say of deadlines: nothing of shares, and weaker only within their years."""

from __future__ import annotations

import shutil

import pytest

from perfgen.check import loading
from perfgen.check.check import check_filing
from perfgen.project.layout import DataFile
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

NAME = "示例市档案馆"
LAST = "三级指标: 征集史料数量, 前年: 165件, 上年: 188件, 指标值: ≥200件"
NOW = "三级指标: 征集史料数量, 前年: 188件, 上年: 215件, 指标值: ≥240件"


def said(root, last: str, now: str, name: str = "展厅开放时间", past: str = "—") -> dict[str, str]:
    """The findings of the row of a deadline, of last year's and of this year's target: rule → message and hint."""
    shutil.copytree(REPOSITORY / "schema", root / "schema", dirs_exist_ok=True)
    for year, old, before, value in ((2024, LAST, "—", last), (2025, NOW, past, now)):
        text = (REPOSITORY / f"data/{year}/{NAME}.yaml").read_text("utf-8")
        assert old in text
        text = text.replace(old, f"三级指标: {name}, 前年: —, 上年: {before}, 指标值: {value}")
        place = root / f"data/{year}/{NAME}.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    line = 1 + text[: text.index(name)].count("\n")
    filing = loading.well_formed(snapshot(root), DataFile.at(f"data/2025/{NAME}.yaml"))
    found = [finding for finding in check_filing(filing) if finding.place.line == line]
    return {finding.rule: f"{finding.message} {finding.hint}" for finding in found}


@pytest.mark.parametrize(
    ("last", "now", "past"),
    [
        ("2024年9月底前", "2025年9月底前", "2024年8月20日"), ("2024年9月底前", "2025年8月31日前", "—"),
        ("2025年6月底前", "2025年6月底前", "—"), ("2024年6月底前", "2026年3月底前", "—"),
        ("2024年9月底前", "2025.9", "2024-09-12"), ("2024年11月底前", "二〇二五年第三季度", "2024年12月"),
    ],
)  # fmt: skip
def test_a_deadline_that_is_not_weaker_is_left_alone(tmp_path, last, now, past):
    assert said(tmp_path, last, now, past=past) == {}


def test_a_later_deadline_than_that_of_last_year_is_weaker_and_the_advice_is_of_this_year(tmp_path):
    found = said(tmp_path, "2024年9月底前", "2025年11月底前")
    assert set(found) == {"D19a"} and "改成 2025年9月底前 或更严的" in found["D19a"]


def test_a_deadline_of_the_same_work_that_is_put_off_is_weaker(tmp_path):
    found = said(tmp_path, "2025年6月底前", "2025年12月底前")
    assert set(found) == {"D19a"} and "改成 2025年6月底前" in found["D19a"]


def test_a_deadline_beside_an_amount_says_so(tmp_path):
    found = said(tmp_path, "≥200件", "2025年11月底前", past="215件")
    assert set(found) == {"D19b"} and "“2025年11月底前”是日期" in found["D19b"]


def test_a_deadline_without_a_year_gets_the_year_of_the_form(tmp_path):
    found = said(tmp_path, "9月底前", "9月底前")
    assert set(found) == {"D07a"} and "没有写哪一年" in found["D07a"] and "写成 2025年9月底前" in found["D07a"]


def test_a_share_is_no_date(tmp_path):
    assert set(said(tmp_path, "2024年9月底前", "2025年9月底前", "展厅开放率")) == {"D03"}


def test_a_number_with_its_unit_in_the_name_is_no_date(tmp_path):
    assert set(said(tmp_path, "2020.11", "2025.11", "投入（万元）")) <= {"D02"}
