"""Templates as other programs make them: hidden text, text boxes, content controls, tables without a grid."""

from __future__ import annotations

import re

import pytest

from perfgen.build import job, template_check
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.prove.proof import ProofError
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.table.hidden_text import HiddenText
from perfgen.table.template import read_template
from perfgen.table.word_xml import W, parse_xml
from tests.helpers.projects import snapshot
from tests.helpers.tiny import TEMPLATE
from tests.helpers.words import edit

PART, FORM = "word/document.xml", "templates/fruit/form.docx"
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TAG = "{{ 备注 }}"


def change(root, *, using) -> None:
    (root / FORM).write_bytes(edit(TEMPLATE, PART, using))


def said(root) -> list[str]:
    found = template_check.check_templates(forms.find(snapshot(root), "fruit"), snapshot(root))
    return [f"{finding.place}: {finding.message}" for finding in found]


def official(root):
    return job.reports(snapshot(root), DataFile.at("data/2025/东园.yaml"), site.load_site(snapshot(root)))[1][
        Edition.OFFICIAL
    ]


def hide(text: str, tag: str = TAG, value: str = "") -> str:
    """Makes the run that holds a text hidden."""
    changed = re.sub(
        rf"<w:r>((?:(?!<w:r>).)*?{re.escape(tag)})", rf"<w:r><w:rPr><w:vanish{value}/></w:rPr>\1", text, count=1
    )
    assert changed != text
    return changed


def test_a_hidden_tag_is_said_with_its_cell(tiny_project):
    change(tiny_project, using=hide)
    (sentence,) = said(tiny_project)
    assert sentence.startswith(f"{FORM}: 表格第 2 行第 2 列：{TAG} 设成了隐藏文字")
    with pytest.raises(FormError):
        read_template(snapshot(tiny_project), FORM)


@pytest.mark.parametrize("value", ["0", "false", "off"])
def test_a_tag_that_says_it_is_not_hidden_prints(tiny_project, value):
    change(tiny_project, using=lambda text: hide(text, value=f' w:val="{value}"'))
    assert said(tiny_project) == []


def test_hidden_words_are_no_part_of_the_table_and_hidden_loops_work(tiny_project):
    change(tiny_project, using=lambda text: hide(hide(text, "备注"), "{%tr for 果 in 水果 %}"))
    assert said(tiny_project) == []
    report = official(tiny_project)
    content = docx.render(report)
    assert docx.prove(content, report) > 0
    assert "备注" not in "".join(cell.text for cell in report.table.cells())
    assert b"\xe5\xa4\x87\xe6\xb3\xa8" not in b"".join(
        cell.text.encode() for row in docx_cells.read_cells(content)[1] for cell in row
    )


def test_a_hidden_row_is_said(tiny_project):
    def hidden_row(text: str) -> str:
        at = text.rindex("<w:tr>", 0, text.index(TAG)) + len("<w:tr>")
        return f"{text[:at]}<w:trPr><w:hidden/></w:trPr>{text[at:]}"

    change(tiny_project, using=hidden_row)
    assert said(tiny_project) == [f"{FORM}: 表格第 2 行：这一行设了隐藏，印不出来。"]


@pytest.mark.parametrize("place", ["run", "row"])
def test_what_is_hidden_after_rendering_fails_the_proof(tiny_project, place):
    report = official(tiny_project)

    def spoil(text: str) -> str:
        if place == "run":
            return hide(text, "苹果")
        at = text.rindex("<w:tr>", 0, text.index("苹果")) + len("<w:tr>")
        return f"{text[:at]}<w:trPr><w:hidden/></w:trPr>{text[at:]}"

    with pytest.raises(ProofError):
        docx.prove(edit(docx.render(report), PART, spoil), report)


def style(kind: str, name: str, vanish: str = "", base: str = "", default: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"{default}>{based}<w:rPr>{vanish}</w:rPr></w:style>'


ON, OFF = "<w:vanish/>", '<w:vanish w:val="false"/>'
CHARACTER, PARAGRAPH = '<w:rStyle w:val="c"/>', '<w:pPr><w:pStyle w:val="p"/></w:pPr>'
DEFAULTS = f"<w:docDefaults><w:rPrDefault><w:rPr>{ON}</w:rPr></w:rPrDefault></w:docDefaults>"


@pytest.mark.parametrize(
    ("styles", "paragraph", "run", "hidden"),
    [
        ("", "", "", False),
        ("", "", ON, True),
        ("", "", OFF, False),
        (style("character", "c", ON), "", CHARACTER, True),
        (style("character", "c", ON), "", CHARACTER + OFF, False),
        (style("character", "c", "", "b") + style("character", "b", ON), "", CHARACTER, True),
        (style("character", "c", OFF, "b") + style("character", "b", ON), "", CHARACTER, False),
        (style("character", "c", "", "b") + style("character", "b", "", "c"), "", CHARACTER, False),
        (style("paragraph", "p", ON), PARAGRAPH, "", True),
        (style("paragraph", "p", "", "q") + style("paragraph", "q", ON), PARAGRAPH, "", True),
        (style("paragraph", "n", ON, default=' w:default="1"'), "", "", True),
        (style("paragraph", "n", ON, default=' w:default="1"') + style("paragraph", "p"), PARAGRAPH, "", False),
        (style("paragraph", "p", ON) + style("character", "c", ON), PARAGRAPH, CHARACTER, False),
        (style("table", "t", ON), "", "", True),
        (style("table", "t", ON) + style("paragraph", "p", ON), PARAGRAPH, "", False),
        (DEFAULTS, "", "", True),
        (DEFAULTS, "", OFF, False),
        (style("character", "c"), "", '<w:rStyle w:val="gone"/>', False),
    ],
)
def test_styles_hide_text(styles, paragraph, run, hidden):
    root = parse_xml(
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblStyle w:val="t"/></w:tblPr><w:tr><w:tc><w:p>{paragraph}'
        f"<w:r><w:rPr>{run}</w:rPr><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>".encode()
    )
    known = HiddenText(parse_xml(f"<w:styles {NAMESPACE}>{styles}</w:styles>".encode()))
    assert known.holds(next(root.iter(f"{W}r"))) is hidden


def test_a_style_of_the_real_form_hides_a_tag(project):
    file = "templates/department-target/form.docx"
    content = (project / file).read_bytes()
    content = edit(content, "word/styles.xml", lambda text: text.replace("</w:styles>", f"{GHOST}</w:styles>"))
    content = edit(content, PART, lambda text: re.sub(
        r"<w:rPr>((?:(?!<w:rPr>).)*?\{\{ 部门名称 \}\})", r'<w:rPr><w:rStyle w:val="ghost"/>\1', text, count=1
    ))  # fmt: skip
    (project / file).write_bytes(content)
    with pytest.raises(FormError, match="部门名称 }} 设成了隐藏文字"):
        read_template(snapshot(project), file)


GHOST = style("character", "ghost", "", "spirit") + style("character", "spirit", ON)


@pytest.mark.parametrize("around", ["<w:pict>{}</w:pict>", "<w:drawing>{}</w:drawing>"])
def test_a_tag_in_a_text_box_is_said(tiny_project, around):
    box = around.format(f"<w:txbxContent><w:p><w:r><w:t>编号：{TAG}</w:t></w:r></w:p></w:txbxContent>")
    change(tiny_project, using=lambda text: text.replace("</w:t></w:r>", f"</w:t></w:r><w:r>{box}</w:r>", 1))
    assert said(tiny_project) == [f"{FORM}: 文本框里不能有标记：编号：{TAG}"]


def control(inner: str, properties: str = '<w:alias w:val="单位"/>') -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def custom(inner: str) -> str:
    return f'<w:customXml w:element="x"><w:customXmlPr/>{inner}</w:customXml>'


BOUND = '<w:dataBinding w:xpath="/x" w:storeItemID="{0}"/>'


@pytest.mark.parametrize(
    ("pattern", "wrap"),
    [
        (r"<w:tbl>.*</w:tbl>", control),
        (r"<w:tr>(?:(?!<w:tr>).)*备注 \}\}.*?</w:tr>", control),
        (r"<w:tr>(?:(?!<w:tr>).)*tr for 果.*?tr endfor.*?</w:tr>", control),
        (r"<w:tc>(?:(?!<w:tc>).)*备注 \}\}.*?</w:tc>", control),
        (r"<w:p>(?:(?!<w:p>).)*备注 \}\}.*?</w:p>", control),
        (r"<w:r>(?:(?!<w:r>).)*备注 \}\}.*?</w:r>", control),
        (r"<w:r>(?:(?!<w:r>).)*备注 \}\}.*?</w:r>", lambda inner: control(inner, BOUND)),
        (r"<w:p>(?:(?!<w:p>).)*备注 \}\}.*?</w:p>", lambda inner: control(control(inner))),
        (r"<w:tr>(?:(?!<w:tr>).)*备注 \}\}.*?</w:tr>", custom),
        (r"<w:tc>(?:(?!<w:tc>).)*备注 \}\}.*?</w:tc>", lambda inner: control(custom(inner))),
    ],
)
def test_content_controls_are_looked_through(tiny_project, pattern, wrap):
    plain = docx_cells.read_cells(docx.render(official(tiny_project)))

    def wrapped(text: str) -> str:
        match = re.search(pattern, text, re.DOTALL)
        assert match
        return text[: match.start()] + wrap(match[0]) + text[match.end() :]

    change(tiny_project, using=wrapped)
    assert said(tiny_project) == []
    report = official(tiny_project)
    content = docx.render(report)
    assert docx.prove(content, report) > 0
    assert docx_cells.read_cells(content) == plain


@pytest.mark.parametrize("grid", ["", "<w:tblGrid/>", '<w:tblGrid><w:gridCol w:w="900"/></w:tblGrid>'])
def test_a_table_without_a_fitting_grid_gets_one_from_its_rows(project, grid):
    file = "templates/department-target/form.docx"
    before = read_template(snapshot(project), file)
    change_grid = lambda text: re.sub(r"<w:tblGrid>.*?</w:tblGrid>", grid, text, count=1, flags=re.DOTALL)  # noqa: E731
    (project / file).write_bytes(edit((project / file).read_bytes(), PART, change_grid))
    after = read_template(snapshot(project), file)
    assert after.rows == before.rows and len(after.widths) == len(before.widths)
    assert all(abs(new - old) <= 2 for new, old in zip(after.widths, before.widths, strict=True))
    data = DataFile.at("data/2025/示例市档案馆.yaml")
    report = job.reports(snapshot(project), data, site.load_site(snapshot(project)))[1][Edition.OFFICIAL]
    assert docx.prove(docx.render(report), report) == sum(len(row.cells) for row in report.table.rows)


def test_columns_that_no_cell_tells_of_are_shared_out(tiny_project):
    def bare(text: str) -> str:
        return re.sub(r"<w:tcW [^>]*/>", "", re.sub(r"<w:tblGrid>.*?</w:tblGrid>", "", text, flags=re.DOTALL))

    change(tiny_project, using=bare)
    assert said(tiny_project) == []
    widths = read_template(snapshot(tiny_project), FORM).widths
    assert len(widths) == 2 and widths[0] == widths[1] > 0
