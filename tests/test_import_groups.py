"""The name of a group is read without what stands around it in its merged cell, and that is said."""

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
from tests.helpers.sheet import Sheet, W

SOURCE = "data/2025/示例市档案馆.yaml"


def official(root) -> bytes:
    return docx.render(job.reports(snapshot(root), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


def imported(content: bytes, root=REPOSITORY) -> import_file.Imported:
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(root)))


@pytest.fixture(scope="module")
def clean() -> bytes:
    return official(REPOSITORY)


@pytest.mark.parametrize(
    ("row", "place", "paragraphs", "around"),
    [
        (59, 1, ("履职效能（40分）",), "40分"),
        (59, 1, ("履职效能", "（40分）"), "40分"),
        (59, 1, ("履职效能40分",), "40分"),
        (59, 1, ("三、履职效能",), "三、"),
        (23, 1, ("运行成本 10%",), "10%"),
        (50, 1, ("管理效率：",), ":"),
        (50, 1, ("【管理效率】（权重 20）",), "权重"),
        (50, 2, ("战略管理（10分）",), "10分"),
        (50, 2, ("1.战略管理",), "1."),
    ],
)
def test_words_around_the_name_of_a_group(clean, row, place, paragraphs, around):
    sheet = Sheet(clean)
    sheet.write(row, place, *paragraphs)
    result = imported(sheet.save())
    assert result.data == imported(clean).data
    assert [(finding.rule, finding.place.line) for finding in result.notes] == [("import-unsure", row)]
    assert around in result.notes[0].message and "没有读进数据" in result.notes[0].message
    assert result.proof.same == result.proof.cells and result.count.unsure == 1
    assert "# 待核：" in result.text("../../")


def test_a_group_of_another_name_is_no_group_with_words_around_it(clean):
    """Where the schema lets a group have any name, a longer name is another group."""
    sheet = Sheet(clean)
    sheet.write(60 - 1, 2, "档案资源建设与管理")
    result = imported(sheet.save())
    assert "档案资源建设与管理" in result.data["年度绩效指标"][0]["履职效能"]
    assert result.notes == []


@pytest.fixture
def scored(project):
    """A project whose template prints a score behind the name of each first-level group."""
    sheet = Sheet((project / "templates/department-target/form.docx").read_bytes())
    for text in sheet.root.iter(f"{W}t"):
        if text.text and "一级.名称 }}" in text.text:
            text.text = text.text.replace("一级.名称 }}", "一级.名称 }}（40分）")
    (project / "templates/department-target/form.docx").write_bytes(sheet.save())
    return project


def test_fixed_words_of_the_template_around_the_name(scored):
    content = official(scored)
    assert Sheet(content).text(59, 1) == "履职效能（40分）"
    result = imported(content, scored)
    assert result.notes == []
    assert result.proof.same == result.proof.cells
    assert result.data == imported(official(REPOSITORY)).data


@pytest.mark.parametrize("text", ["履职效能（50分）", "履职效能", "履职效能 40分", "履职效能\n（40 分）"])
def test_other_words_than_the_template_has(scored, text):
    sheet = Sheet(official(scored))
    sheet.write(59, 1, text)
    result = imported(sheet.save(), scored)
    assert result.data == imported(official(scored), scored).data
    assert {finding.place.line for finding in result.notes} <= {59}
    assert "import-different" not in {finding.rule for finding in result.notes}
    assert result.proof.same == result.proof.cells
    assert (result.count.unsure == 1) is (text != "履职效能\n（40 分）")
