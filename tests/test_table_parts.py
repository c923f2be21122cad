"""A cell knows what is fixed and what is a value in it, and a row which loops made it."""

from __future__ import annotations

import pytest

from perfgen.check import loading
from perfgen.data import value_at
from perfgen.display import show
from perfgen.project.snapshot import Project
from perfgen.report import report, site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY

PROJECT = Project.on_disk(REPOSITORY)
FILES = PROJECT.data_files()[0]


@pytest.mark.parametrize("file", FILES, ids=str)
def test_the_parts_of_a_cell_are_its_text_and_its_paths(file):
    filing = loading.filing(PROJECT, file)
    content = report.assemble(PROJECT, filing, site.load_site(PROJECT))[Edition.OFFICIAL]
    for cell in content.table.cells():
        assert tuple(line.text for line in cell.lines) == cell.paragraphs
        values = [part for line in cell.lines for part in line.parts if part.path is not None]
        assert tuple(part.path for part in values) == cell.paths
        for part in values:
            if not part.shown and part.path not in content.figures and part.path in filing.document.values:
                value = value_at(filing.document.data, part.path)
                is_name = isinstance(value, dict | list)
                assert part.text.replace("\n", "") == part.path[-1] if is_name else part.text == show(value)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_the_turns_of_a_row_lead_to_the_rows_of_the_data(file):
    filing = loading.filing(PROJECT, file)
    content = report.assemble(PROJECT, filing, site.load_site(PROJECT))[Edition.OFFICIAL]
    turned = [turn for row in content.table.rows for turn in row.turns]
    assert turned
    for turn in turned:
        assert turn.item[: len(turn.rows)] == turn.rows
        assert len(turn.item) == len(turn.rows) + 1
        assert turn.is_group == isinstance(turn.item[-1], str)
    own = [turn for turn in turned if turn.item[0] not in filing.form.references]
    assert all(turn.item in filing.document.values for turn in own)
