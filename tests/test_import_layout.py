"""A form inside a table that only lays out the page is read; inside any other table it is said where the form is."""

from __future__ import annotations

import pytest

from perfgen.build import job
from perfgen.findings import DataError
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet, W, xml

SOURCE = "data/2025/示例市档案馆.yaml"
PAGE = "<w:p/>"
FORM = "<w:form/>"


@pytest.fixture(scope="module")
def clean() -> bytes:
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


def imported(content: bytes) -> import_file.Imported:
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))


def cell(*content: str) -> str:
    return f"<w:tc><w:tcPr/>{''.join(content)}</w:tc>"


def table(*rows: tuple[str, ...], properties: str = "") -> str:
    made = [f"<w:tr>{properties}{''.join(row)}</w:tr>" for row in rows]
    return f"<w:tbl><w:tblPr/>{''.join(made)}</w:tbl>"


def said(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def around(content: bytes, outer: str) -> bytes:
    """The form with something around its table, in the place of `FORM`."""
    sheet = Sheet(content)
    form = sheet.table
    wrapper = xml(outer)
    form.addprevious(wrapper)
    place = wrapper.find(f".//{W}form")
    place.addprevious(form)
    place.getparent().remove(place)
    return sheet.save()


ONE = table((cell(FORM, PAGE),))
OPENED = {
    "one cell": ONE,
    "blank cells beside it": table((cell(PAGE), cell(FORM, PAGE), cell(PAGE))),
    "blank rows around it": table((cell(PAGE),), (cell(PAGE, FORM, PAGE),), (cell(PAGE),)),
    "two levels": ONE.replace(FORM, ONE),
    "two levels, blank cells": table((cell(PAGE), cell(ONE, PAGE))),
    "a content control between": table((cell(f"<w:sdt><w:sdtContent>{FORM}</w:sdtContent></w:sdt>", PAGE),)),
    "a content control around": f"<w:sdt><w:sdtContent>{ONE}</w:sdtContent></w:sdt>",
}


@pytest.mark.parametrize("outer", OPENED.values(), ids=OPENED)
def test_a_table_that_only_holds_the_form_is_opened(clean, outer):
    result = imported(around(clean, outer))
    assert result.notes == []
    assert result.data == imported(clean).data
    assert result.proof.same == result.proof.cells


def test_words_beside_the_form_in_its_cell_stand_outside_the_form(clean):
    result = imported(around(clean, table((cell(said("单位：万元"), FORM, said("本表一式三份")),))))
    assert [finding.message for finding in result.notes] == ["表格外面写的是“本表一式三份”，没有读进数据。"]


SAID = {
    "a title in another cell": (table((cell(said("附件")),), (cell(FORM, PAGE),)), "另一张表格"),
    "words beside it": (table((cell(said("经办")), cell(FORM, PAGE))), "另一张表格"),
    "a hidden row": (table((cell(FORM, PAGE),), properties="<w:trPr><w:hidden/></w:trPr>"), "另一张表格"),
    "a row that is taken out": (
        table((cell(FORM, PAGE),), properties='<w:trPr><w:del w:id="1" w:author="x"/></w:trPr>'), "另一张表格"),
    "two levels, the inner with words": (
        table((cell(table((cell(said("附件")), cell(FORM, PAGE))), PAGE),)), "另一张表格"),
    "a text box": (f"<w:p><w:r><w:pict><w:x><w:txbxContent>{FORM}{PAGE}</w:txbxContent></w:x></w:pict></w:r></w:p>",
                   "文本框"),
}  # fmt: skip


@pytest.mark.parametrize(("outer", "holder"), SAID.values(), ids=SAID)
def test_a_form_inside_something_else_is_said(clean, outer, holder):
    with pytest.raises(DataError) as caught:
        imported(around(clean, outer))
    (finding,) = caught.value.findings
    assert finding.message == f"表格套在{holder}里，取出来再导入。"
    assert finding.hint


def test_another_file_with_a_small_table_in_a_table_is_not_said_to_hold_the_form(clean):
    sheet = Sheet(clean)
    other = xml(table((cell(said("甲")), cell(table((cell(said("乙")),)), PAGE)), (cell(said("丙")), cell(PAGE))))
    sheet.table.addnext(other)
    sheet.table.getparent().remove(sheet.table)
    with pytest.raises(DataError) as caught:
        imported(sheet.save())
    assert "表头只有 0 行对得上" in caught.value.findings[0].message
