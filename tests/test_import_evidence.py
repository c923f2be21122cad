"""What a form tells of data that stands: which places it leaves blank, what is unsure, where rows may be missing."""

from __future__ import annotations

import pytest

from perfgen.build import job
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet

SOURCE = "data/2025/示例市档案馆.yaml"
PROJECT = ("项目支出", 1)


@pytest.fixture(scope="module")
def clean() -> bytes:
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


def evidence(sheet: Sheet):
    return import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY))).evidence


def test_a_clean_form_leaves_nothing_open(clean):
    told = evidence(Sheet(clean))
    assert not told.unsure
    assert not told.open_sections
    assert not told.nothing_is_complete
    assert ("收入构成", "单位资金", "当年") in told.blank
    assert ("填报人",) not in told.blank


def test_blank_cells_and_lists_are_told_from_what_has_no_cell(clean):
    sheet = Sheet(clean)
    sheet.write(2, 1, "")
    sheet.write(13, 1, "")
    sheet.row(17).remove(sheet.cell(17, 5))
    told = evidence(sheet)
    assert {("填报人",), ("部门职能概述",)} <= told.blank
    assert (*PROJECT, "用途") not in told.blank
    assert told.may_lack_rows(PROJECT)


def test_a_blank_row_lends_its_blanks_to_no_other(clean):
    sheet = Sheet(clean)
    for place in range(1, 6):
        sheet.write(16, place, "")
    assert not [path for path in evidence(sheet).blank if path[0] == "项目支出"]


def test_a_doubt_about_a_cell_is_one_about_its_value(clean):
    sheet = Sheet(clean)
    sheet.write(17, 3, "61", "34")
    told = evidence(sheet)
    assert told.unsure == {(*PROJECT, "总预算")}
    assert told.is_unsure((*PROJECT, "总预算"))
    assert told.has_unsure_below(PROJECT)
    assert not told.is_unsure(PROJECT)
    assert not told.may_lack_rows(PROJECT)


def test_what_was_not_placed_leaves_the_sections_beside_it_open(clean):
    sheet = Sheet(clean)
    sheet.insert_row(17, [("馆库", 1, "")])
    told = evidence(sheet)
    assert told.may_lack_rows(PROJECT)
    assert not told.may_lack_rows(("年度绩效指标", 0))
