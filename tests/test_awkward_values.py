"""Each awkward value comes out of every format as typed, or is refused with its place."""

from __future__ import annotations

import json
import re

import pypdfium2
import pytest

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.render import docx, html, pdf
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.report.site import Site
from tests.helpers import tiny
from tests.helpers.found import errors
from tests.helpers.projects import snapshot

AS_TYPED = {
    "ampersand": "A & B",
    "less than": "成本<100万元",
    "tags": "x<y>z</w:t>",
    "braces": "{{ 果园 }} {% if %} {# #} }} %}",
    "docxtpl's own escape": "{_{ a }_} {_% b %_}",
    "quotes": "“双” ‘单’ \" '",
    "signs": "≥80% ＜ ≤ ＝ ± × ‰ ℃ ㎡ · — ~ ①",
    "rare characters": "𠮷田 䶮",
    "backslash": r"\n \\ C:\目录",
    "entities": "&amp; &lt; &#65; &nbsp;",
    "percent": "% %d %s 100%",
    "inner spaces": "甲  乙　丙",
    "outer spaces": "  前后有空格  ",
    "line break": "第一行\n第二行",
    "formula": "=1+2",
    "css": "</style><script>alert(1)</script>",
    "underscore": "_a__b_",
    "long": "长" * 2000,
    "word's own words": "w:t xml:space w:vMerge {%tr for %}",
}
REFUSED = {
    "bell": ("\a", "character-control"),
    "vertical tab": ("甲\v乙", "yaml-character"),
    "form feed": ("甲\f乙", "yaml-character"),
    "tab": ("甲\t乙", "character-control"),
    "zero width space": ("甲\u200b乙", "character-control"),
    "right to left override": ("甲\u202e乙", "character-control"),
    "kangxi radical": ("⼀般", "character-lookalike"),
    "compatibility ideograph": ("\uf900", "character-lookalike"),
    "private use": ("甲\ue000", "character-unusable"),
    "replacement": ("甲\ufffd", "character-unusable"),
}


def unit_with(root, value: str) -> str:
    """A unit whose fruit is called `value`, written as a JSON string, which is YAML too."""
    text = tiny.UNIT.format(name="东园").replace("苹果", json.dumps(value, ensure_ascii=False))
    tiny.write_unit(root, "东园", text)
    return "data/2025/东园.yaml"


@pytest.mark.parametrize("name", AS_TYPED)
def test_word_file_holds_it_as_typed(tiny_project, name):
    value = AS_TYPED[name]
    source = unit_with(tiny_project, value)
    result, editions = job.reports(snapshot(tiny_project), DataFile.at(source), Site({}))
    assert errors(result.findings) == []
    report = editions[Edition.OFFICIAL]
    content = docx.render(report)
    _, rows = docx_cells.read_cells(content)
    assert rows[3][0].text == f"1.{value}"
    assert docx.prove(content, report) == sum(len(row.cells) for row in report.table.rows)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_place(tiny_project, name):
    value, rule = REFUSED[name]
    path = tiny.write_unit(tiny_project, "东园")
    escaped = json.dumps(value) if rule.startswith("character") else f'"{value}"'
    path.write_text(path.read_text("utf-8").replace("苹果", escaped), "utf-8")
    result, _ = job.reports(snapshot(tiny_project), DataFile.at("data/2025/东园.yaml"), Site({}))
    assert [f.rule for f in result.findings] == [rule]
    assert (result.findings[0].place.file, result.findings[0].place.line) == ("data/2025/东园.yaml", 6)
    assert result.findings[0].place.column >= 10


@pytest.fixture(scope="module")
def awkward_reports():
    """The sample department whose texts hold the awkward characters, in both editions."""
    from tests.conftest import REPOSITORY

    result, editions = job.reports(
        snapshot(REPOSITORY), DataFile.at("data/2025/示例市市场监督管理局.yaml"), site.load_site(snapshot(REPOSITORY))
    )
    assert errors(result.findings) == []
    return editions


@pytest.mark.pdf
def test_pdf_holds_it_as_typed(awkward_reports):
    report = awkward_reports[Edition.OFFICIAL]
    assert pdf.prove(pdf.render(report), report) > 400


def test_page_holds_it_as_typed(awkward_reports):
    report = awkward_reports[Edition.PUBLIC]
    content = html.render(report)
    assert html.prove(content, report) > 400
    assert "<y>" not in content.decode()


@pytest.mark.pdf
def test_a_character_no_font_has_stops_the_pdf_with_its_place(project):
    path = project / "data/2025/示例市档案馆.yaml"
    text = path.read_text("utf-8")
    line = text[: text.index("部门职能概述")].count("\n") + 2
    rows = text.splitlines(keepends=True)
    rows[line - 1] = rows[line - 1].rstrip("\n") + "\U00012000\n"
    path.write_text("".join(rows), "utf-8")
    result = job.build_file(
        snapshot(project), DataFile.at("data/2025/示例市档案馆.yaml"), Site({}), frozenset({("pdf", "official")})
    )
    assert result.made == []
    assert [(f.rule, f.place.line) for f in errors(result.findings)] == [("pdf-glyph", line)]
    assert "U+12000" in errors(result.findings)[0].message
    assert result.exit_code == 1


@pytest.mark.pdf
@pytest.mark.parametrize("word", ["https://www.example.gov.cn/" + "a1b2c3d4e5f6" * 30, "1" * 900])
def test_a_long_word_is_set_and_copied_as_typed(project, word):
    path = project / "data/2025/示例市档案馆.yaml"
    prose = "办公、水电、邮电、差旅、培训等日常运转支出。"
    path.write_text(path.read_text("utf-8").replace(prose, f"见{word}"), "utf-8")
    file = DataFile.at("data/2025/示例市档案馆.yaml")
    report = job.reports(snapshot(project), file, Site({}))[1][Edition.OFFICIAL]
    content = pdf.render(report)
    assert pdf.prove(content, report) > 400
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert word in re.sub(r"\s", "", text) and "\u200b" not in text
