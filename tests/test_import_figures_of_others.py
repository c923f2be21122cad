"""What a form prints of another file is compared with it as that other file has it, blanks and wide signs included."""

from __future__ import annotations

import pytest

from perfgen.importing import import_file
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet, W
from tests.test_import import word_of

REVIEW = "data/2024/项目自评/示例市市场监督管理局/食品安全监督抽检（≥4 批次_千人）.yaml"
DEPARTMENT = "data/2024/部门自评/示例市市场监督管理局.yaml"
GOAL = "完成食品抽检 6,200 批次"


def imported(content: bytes) -> import_file.Imported:
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))


@pytest.mark.parametrize("source", [REVIEW, DEPARTMENT], ids=["a goal with blanks", "a target with a wide sign"])
def test_the_same_is_no_difference(source):
    result = imported(word_of(source))
    assert not result.notes and result.is_certain


def changed(find: str, put: str) -> bytes:
    """The review's Word file with a text of its first cell that holds it changed."""
    sheet = Sheet(word_of(REVIEW))
    node = next(node for node in sheet.root.iter(f"{W}t") if find in (node.text or ""))
    node.text = node.text.replace(find, put)
    return sheet.save()


@pytest.mark.parametrize(
    ("put", "rule"),
    [(GOAL.replace("6,200", "6,300"), "import-different"), (GOAL.replace("6,200", "６,２００"), "import-changed")],
    ids=["another number", "wide digits"],
)
def test_another_text_is_told_of_once(put, rule):
    notes = imported(changed(GOAL, put)).notes
    assert rule in {note.rule for note in notes} and len({note.message for note in notes}) == len(notes)
    assert not any("。。" in note.message for note in notes)
