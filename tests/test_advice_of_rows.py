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
