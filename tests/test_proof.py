"""A proof that cannot fail proves nothing: whatever is wrong with a rendered file is found."""

from __future__ import annotations

import re

import pytest

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.prove.proof import ProofError
from perfgen.render import docx, html, pdf, table_page
from perfgen.render.parts import pdf_pages
from perfgen.render.parts.html_templates import fill
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.found import errors
from tests.helpers.projects import snapshot
from tests.helpers.words import edit

PART = "word/document.xml"


@pytest.fixture(scope="module")
def editions():
    result, found = job.reports(
        snapshot(REPOSITORY), DataFile.at("data/2024/鄂州市财政局.yaml"), site.load_site(snapshot(REPOSITORY))
    )
    assert not errors(result.findings)
    return found


@pytest.fixture(scope="module")
def word(editions):
    return docx.render(editions[Edition.OFFICIAL])


def swap(text: str, one: str, other: str) -> str:
    """The text with the first of two strings in the place of the other."""
    assert one in text and other in text
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


def test_a_good_word_file_passes(editions, word):
    report = editions[Edition.OFFICIAL]
    assert docx.prove(word, report) == len(list(report.table.cells())) == 321


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda x: swap(x, ">1443.06<", ">281.73<"), id="two cells swapped"),
        pytest.param(lambda x: x.replace(">242.09<", "><", 1), id="a figure lost"),
        pytest.param(lambda x: x.replace(">预算执行率<", ">预算执行率 <", 1), id="a blank added"),
        pytest.param(lambda x: re.sub(r'<w:vMerge w:val="continue"/>', "", x, count=1), id="a merge lost"),
        pytest.param(lambda x: x.replace('<w:gridSpan w:val="3"/>', '<w:gridSpan w:val="2"/>', 1), id="a span changed"),
        pytest.param(
            lambda x: re.sub(r"<w:tr[ >](?:(?!<w:tr[ >]).)*?会计行业管理专项.*?</w:tr>", "", x), id="a row lost"
        ),
        pytest.param(lambda x: x.replace("单位：万元", "单位：元"), id="text outside the table changed"),
        pytest.param(lambda x: x.replace("</w:tbl>", "", 1), id="broken XML"),
    ],
)
def test_a_spoilt_word_file_fails(editions, word, change):
    spoilt = edit(word, PART, change)
    assert spoilt != word
    with pytest.raises(ProofError) as caught:
        docx.prove(spoilt, editions[Edition.OFFICIAL])
    assert caught.value.findings[0].rule == "proof"


def test_a_missing_part_fails(editions, word):
    spoilt = edit(word, "word/_rels/document.xml.rels", lambda x: x.replace("footer1.xml", "footer9.xml"))
    with pytest.raises(ProofError, match="footer9"):
        docx.prove(spoilt, editions[Edition.OFFICIAL])


def test_the_place_of_the_wrong_value_is_named(editions, word):
    spoilt = edit(word, PART, lambda x: x.replace(">1443.06<", ">1443.6<", 1))
    with pytest.raises(ProofError) as caught:
        docx.prove(spoilt, editions[Edition.OFFICIAL])
    assert caught.value.findings[0].place.line == 41


def change_html(monkeypatch, change) -> None:
    """Lets a change slip in between the template and the PDF, not into the pages that only measure."""

    def changed(*arguments) -> str:
        *_, context = arguments
        text = fill(*arguments)
        return change(text) if len(context["sheet"].pages) > 1 else text

    monkeypatch.setattr(pdf_pages, "fill", changed)


@pytest.mark.pdf
def test_a_pdf_of_other_data_fails(editions, monkeypatch):
    report = editions[Edition.PUBLIC]
    change_html(monkeypatch, lambda text: swap(text, ">458</td>", ">444</td>"))
    with pytest.raises(ProofError, match="458"):
        pdf.prove(pdf.render(report), report)


@pytest.mark.pdf
def test_a_pdf_with_an_empty_cell_moved_fails(editions, monkeypatch):
    """The blank amounts of a row: text that moves one cell on is found though its order stays."""
    report = editions[Edition.PUBLIC]

    def moved(text: str) -> str:
        row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*?>单位资金<.*?</tr>", text, re.DOTALL)
        assert row
        ((tag, blank),) = re.findall(r">单位资金</(t[hd])>\s*(<td[^>]*>)</td>", row[0])
        spoilt = row[0].replace(f">单位资金</{tag}>", f"></{tag}>", 1)
        before, end, behind = spoilt.partition(f"></{tag}>")
        return text.replace(row[0], before + end + behind.replace(blank, f"{blank}单位资金", 1))

    change_html(monkeypatch, moved)
    with pytest.raises(ProofError):
        pdf.prove(pdf.render(report), report)


@pytest.fixture(scope="module")
def page(editions):
    return html.render(editions[Edition.PUBLIC]).decode()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda x: swap(x, ">1443.06</span>", ">281.73</span>"), id="two values swapped"),
        pytest.param(
            lambda x: x.replace('data-path="项目支出/0/用途"', 'data-path="项目支出/99/用途"'), id="a path too many"
        ),
        pytest.param(
            lambda x: x.replace('data-path="项目支出/0/用途"', 'data-path="项目支出/0"'), id="a path of a row"
        ),
        pytest.param(lambda x: x.replace("</main>", "</p></main>"), id="broken tags"),
    ],
)
def test_a_spoilt_page_fails(editions, page, change):
    spoilt = change(page)
    assert spoilt != page
    with pytest.raises(ProofError):
        html.prove(spoilt.encode(), editions[Edition.PUBLIC])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda x: x.replace(">458<", ">459<", 1), id="a cell changed"),
        pytest.param(lambda x: re.sub(r'(<td[^>]*) data-cell="4,3"', r"\1", x), id="a cell not to be found"),
        pytest.param(lambda x: x.replace('data-cell="4,3"', 'data-cell="4,2"'), id="a cell there twice"),
        pytest.param(lambda x: re.sub(r"<tr>(?:(?!<tr>).)*?</tr>", "", x, count=1, flags=re.DOTALL), id="a row lost"),
    ],
)
def test_a_spoilt_page_of_the_table_fails(editions, change):
    table = table_page.render(editions[Edition.PUBLIC]).decode()
    spoilt = change(table)
    assert spoilt != table
    with pytest.raises(ProofError):
        table_page.prove(spoilt.encode(), editions[Edition.PUBLIC])


def test_a_field_no_template_prints_fails(tiny_project):
    schema = tiny_project / "schema/fruit.schema.json"
    schema.write_text(schema.read_text("utf-8").replace('"备注": {', '"电话": {"type": "string"}, "备注": {'), "utf-8")
    unit = tiny.UNIT.format(name="东园").replace("备注:", "电话: 无\n备注:")
    tiny.write_unit(tiny_project, "东园", unit)
    result = job.build_file(snapshot(tiny_project), DataFile.at("data/2025/东园.yaml"), site.Site({}), None)
    assert [(f.rule, f.place.line) for f in result.findings] == [("proof-missing", 4)]
    assert result.made == []
    assert result.exit_code == 2 and "form.docx" in result.findings[0].message
