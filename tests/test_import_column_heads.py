"""The head of a column says what is below it: another column's head moves nothing there, another word makes a doubt."""

from __future__ import annotations

import pytest

from perfgen.importing import import_file
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet
from tests.test_import import word_of

SOURCE = "data/2025/项目监控/示例市档案馆/馆库与数字档案系统运行维护.yaml"


@pytest.fixture(scope="module")
def clean() -> bytes:
    return word_of(SOURCE)


def with_heads(clean: bytes, heads: dict[int, str]) -> import_file.Imported:
    """What is read where some heads, by their place in the row, are other texts."""
    sheet = Sheet(clean)
    row = next(n for n in range(1, len(sheet.original)) if len(sheet.row(n)) > 7 and sheet.text(n, 2) == "指标名称")
    for place, text in heads.items():
        sheet.write(row, place, text)
    return import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))


def measures(imported: import_file.Imported) -> list[dict[str, object]]:
    return [row for first in imported.data["绩效指标"].values() for rows in first.values() for row in rows]


@pytest.mark.parametrize(
    ("heads", "lost"),
    [
        ({5: "备注", 6: "完成目标可能性"}, {"可能性", "备注"}),
        ({4: "指标值", 3: "半年度指标执行情况"}, {"执行情况"}),
        ({4: "备注"}, {"执行情况"}),
        ({5: "指标名称"}, {"可能性"}),
    ],
)
def test_below_the_head_of_another_column_nothing_is_read(clean, heads, lost):
    result = with_heads(clean, heads)
    rows = measures(result)
    assert len(rows) == 12 and not any(lost & set(row) for row in rows)
    told = [note for note in result.notes if "没有放进去" in note.message]
    assert len(told) >= 12 and {note.rule for note in told} == {"import-unplaced"}


@pytest.mark.parametrize("heads", [{4: "数据来源"}, {5: "责任人"}, {4: "□", 5: "资料"}])
def test_below_another_word_all_is_doubtful(clean, heads):
    result = with_heads(clean, heads)
    whole = with_heads(clean, {})
    assert measures(result) == measures(whole) and whole.is_certain
    assert result.count.unsure == 13 * len(heads)


@pytest.mark.parametrize("heads", [{}, {4: "半年度执行情况"}, {5: "完成目标的可能性", 6: "备 注"}])
def test_the_same_head_in_other_words_is_no_doubt(clean, heads):
    result = with_heads(clean, heads)
    assert measures(result) == measures(with_heads(clean, {})) and result.is_certain
