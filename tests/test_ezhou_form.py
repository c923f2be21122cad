"""The rendered Ezhou form has, row for row, the cells, spans and merges of the real one."""

from __future__ import annotations

import json
import re

import pytest

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.helpers.found import errors
from tests.helpers.projects import snapshot

SOURCE = "data/2024/鄂州市财政局.yaml"
STRAY_CELL = 65
"""The real form's row with one empty cell too many: a slip of the hand, not of the form."""
CORRECTED = dict.fromkeys(range(18, 24), ("特定目标类支出", "特定目标类项目支出"))
"""Rows whose category the real form spells unlike its own vocabulary, as it is there and as it should be."""


@pytest.fixture(scope="module")
def grid():
    from tests.conftest import REPOSITORY

    return json.loads((REPOSITORY / "tests/data/ezhou-2024.grid.json").read_text("utf-8"))["rows"]


@pytest.fixture(scope="module")
def report():
    from tests.conftest import REPOSITORY

    result, editions = job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))
    assert not errors(result.findings)
    return editions[Edition.OFFICIAL]


@pytest.fixture(scope="module")
def rendered(report):
    return docx_cells.read_cells(docx.render(report))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def expected(number: int, text: str) -> str:
    wrong, right = CORRECTED.get(number, ("", ""))
    return right if text == wrong and wrong else text


def test_rows_and_physical_cells(rendered, grid):
    _, rows = rendered
    counts = [len(row) for row in rows]
    wanted = [row["physical"] - (number == STRAY_CELL) for number, row in enumerate(grid)]
    assert counts == wanted
    assert len(rows) == 70


def test_every_cell_has_the_real_place_spans_and_text(rendered, grid):
    _, rows = rendered
    for number, (row, real) in enumerate(zip(rows, grid, strict=True)):
        own = [cell for cell in row if not cell.continues]
        assert len(own) == len(real["cells"]), number
        for cell, (column, colspan, rowspan, text) in zip(own, real["cells"], strict=True):
            assert (cell.column, cell.colspan) == (column, colspan), number
            assert span(rows, number, column) == rowspan, (number, column)
            if text is not None:
                assert squeezed(cell.text) == expected(number, text), (number, column)


def span(rows, number: int, column: int) -> int:
    """How many rows a cell stands in, counted from the vertical merges in the file."""
    end = number + 1
    while end < len(rows) and any(cell.column == column and cell.continues for cell in rows[end]):
        end += 1
    return end - number


def test_exactly_six_categories_are_corrected(grid):
    assert [n for n, row in enumerate(grid) for cell in row["cells"] if cell[3] == "特定目标类支出"] == list(CORRECTED)


def test_figures_are_computed_not_typed(report):
    data = report.data
    assert "合计" not in data["收入构成"]
    assert all("当年" not in part for part in data["支出构成"].values())
    assert report.view["支出构成"]["运转类项目支出"]["占比"] == "7.5%"
    assert report.view["支出构成"]["特定目标类项目支出"]["占比"] == "39.05%"


def test_what_is_absent_prints_blank(report):
    own_funds = report.view["收入构成"]["单位资金"]
    assert [own_funds[name] for name in ("当年", "占比", "上年", "前年")] == ["", "", "", ""]
