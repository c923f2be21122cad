"""A cell whose paragraphs print one value each is read paragraph by paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfgen.check import loading
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from tests.conftest import REPOSITORY
from tests.helpers import by_project
from tests.helpers.projects import snapshot
from tests.helpers.words import docx_of
from tests.test_import import typed, word_of

HEAD = [["果园", "{{ 果园 }}"], ["项目名称", "{{ 项目 }}"]]
BARE = "{{ 用途 }}\n{{ 金额 }}"
LAST_MAY_MISS = "{{ 用途 }}\n{%p if 金额 %}\n{{ 金额 }}\n{%p endif %}"
FIRST_MAY_MISS = "{%p if 用途 %}\n{{ 用途 }}\n{%p endif %}\n金额：{{ 金额 }}"
EITHER_MAY_MISS = (
    "（一）\n{%p if 用途 %}\n用途：{{ 用途 }}\n{%p endif %}\n{%p if 金额 %}\n金额：{{ 金额 }}\n{%p endif %}"
)
BOTH = {"用途": "买树苗", "金额": 3.5}
FILLED = {
    "two values": (BARE, "买树苗\n3.5", BOTH),
    "two values, the first one empty": (BARE, "\n3.5", {"金额": 3.5}),
    "two values, a blank line at the end": (BARE, "买树苗\n3.5\n", BOTH),
    "the last one is there": (LAST_MAY_MISS, "买树苗\n3.5", BOTH),
    "the last one is not there": (LAST_MAY_MISS, "买树苗", {"用途": "买树苗"}),
    "the first one is there": (FIRST_MAY_MISS, "买树苗\n金额：3.5", BOTH),
    "the first one is not there": (FIRST_MAY_MISS, "金额：3.5", {"金额": 3.5}),
    "both are there": (EITHER_MAY_MISS, "（一）\n用途：买树苗\n金额：3.5", BOTH),
    "only the second is there": (EITHER_MAY_MISS, "（一）\n金额：3.5", {"金额": 3.5}),
    "none is there": (EITHER_MAY_MISS, "（一）", {}),
}


def imported(root: Path, cell: str, filled: str) -> import_file.Imported:
    """What is read from a cell of the template that is filled in so."""
    (root / "templates/project/form.docx").write_bytes(docx_of([*HEAD, ["用途和金额", cell]]))
    content = docx_of([["果园", "东园"], ["项目名称", "甲"], ["用途和金额", filled]])
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(root), year=2025))


@pytest.mark.parametrize(("cell", "filled", "data"), FILLED.values(), ids=FILLED)
def test_each_paragraph_is_the_value_that_it_prints(tmp_path, cell, filled, data):
    schema = by_project.schema(required=["form", "年", "果园", "项目"])
    result = imported(by_project.make(tmp_path / "p", schema), cell, filled)
    assert {name: result.data.get(name) for name in BOTH} == {name: data.get(name) for name in BOTH}
    assert not [note for note in result.notes if note.rule != "import-changed"] and result.is_certain


@pytest.mark.parametrize(
    ("cell", "filled"),
    [(LAST_MAY_MISS, "买树苗\n3.5\n另加 1"), (FIRST_MAY_MISS, "买\n树苗\n金额：3.5"), (BARE, "买树苗 3.5")],
)
def test_paragraphs_that_do_not_tell_are_said(tmp_path, cell, filled):
    schema = by_project.schema(required=["form", "年", "果园", "项目"])
    result = imported(by_project.make(tmp_path / "p", schema), cell, filled)
    assert {note.place.line for note in result.notes if note.rule in ("import-unplaced", "import-unsure")} == {3}


SAMPLES = {
    "a code below a name": "data/2025/项目目标/示例市市场监督管理局/A&B 类特种设备安全监察.yaml",
    "no code below the name": "data/2025/项目目标/示例市档案馆/馆库与数字档案系统运行维护.yaml",
    "boxes in two lines; groups in two lines": "data/2025/项目监控/示例市档案馆/馆库与数字档案系统运行维护.yaml",
}


@pytest.mark.parametrize("source", SAMPLES.values(), ids=SAMPLES)
def test_forms_with_such_cells_come_back_as_they_were(source):
    project = snapshot(REPOSITORY)
    result = import_file.import_form(word_of(source), "表.docx", import_file.ImportOrder(project, year=2025))
    filing = loading.filing(project, DataFile.at(source))
    assert typed(result.data, result.form) == typed(filing.document.data, result.form)
    assert not result.notes and result.is_certain
