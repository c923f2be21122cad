"""Forms as people really have them come in whole, and whatever was done to them is told."""

from __future__ import annotations

import copy

import pytest

from perfgen.build import job
from perfgen.findings import Level
from perfgen.importing import import_file
from perfgen.importing.paper.word_text import Revisions
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.dirty import DIRTY, Dirty
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet

SOURCE = "data/2025/示例市档案馆.yaml"


@pytest.fixture(scope="module")
def clean():
    result, editions = job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))
    assert editions, result.findings
    content = docx.render(editions[Edition.OFFICIAL])
    return content, import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(REPOSITORY))).data


def notes(imported):
    return [(finding.rule, finding.place.line, finding.message) for finding in imported.notes]


def unmatched(found, expected):
    """The notes that nobody expected, and the expected that were not made."""
    left = list(found)
    absent = []
    for kind, row, words in expected:
        for remark in left:
            if remark[0] == kind and remark[1] == row and words in remark[2]:
                left.remove(remark)
                break
        else:
            absent.append((kind, row, words))
    return left, absent


@pytest.mark.parametrize("case", DIRTY, ids=lambda case: case.name)
def test_a_dirty_form(clean, case: Dirty):
    content, data = clean
    sheet = Sheet(content)
    case.soil(sheet)
    order = import_file.ImportOrder(snapshot(REPOSITORY), revisions=Revisions(case.revisions))
    imported = import_file.import_form(sheet.save(), "表.docx", order)
    wanted = copy.deepcopy(data)
    case.data(wanted)
    left, absent = unmatched(notes(imported), case.expected)
    assert (left, absent) == ([], [])
    assert imported.data == wanted
    assert (imported.proof.same == imported.proof.cells) is case.whole, imported.proof
    found = imported.checked(imported.text("../../"), SOURCE, snapshot(REPOSITORY))
    broken = {finding.rule for finding in found if finding.level is Level.ERROR}
    assert not {rule for rule in broken if rule.startswith(("yaml", "character"))}
    of_schema = {rule for rule in broken if rule.startswith("schema")}
    assert of_schema == set(case.check) - {"figure-claim"}
    # a claim may go by the number of the audit rule that judges it
    assert broken - of_schema or "figure-claim" not in case.check


def test_there_are_enough_and_most_come_back_cell_for_cell():
    assert len({case.name for case in DIRTY}) == len(DIRTY) >= 40
    assert sum(case.whole for case in DIRTY) >= 30
