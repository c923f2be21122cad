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


def fill(color: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{color}"/>'


def color(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def format_tag(text: str, run: str, paragraph: str = "", cell: str = "") -> str:
    """Gives the run, the paragraph and the cell of the tag more properties."""
    at = text.index(TAG)
    for name, inner in (("r", run), ("p", paragraph), ("tc", cell)):
        begin = text.rindex(f"<w:{name}>", 0, at) + len(f"<w:{name}>")
        own = f"<w:{name}Pr>"
        if text.startswith(own, begin):
            begin, wrapped = begin + len(own), inner
        else:
            wrapped = f"{own}{inner}</w:{name}Pr>"
        text = text[:begin] + wrapped + text[begin:]
        at += len(wrapped)
    return text


UNSEEN = [
    (color("FFFFFF"), "", "", "和底色是一个颜色"),
    (color("FDFDFD"), "", "", "和底色是一个颜色"),
    ('<w:color w:val="auto" w:themeColor="background1"/>', "", "", "和底色是一个颜色"),
    (color("FF0000") + '<w:highlight w:val="red"/>', "", "", "和底色是一个颜色"),
    (color("4472C4") + fill("4472C4"), "", "", "和底色是一个颜色"),
    (color("D9D9D9"), fill("D9D9D9"), "", "和底色是一个颜色"),
    (color("00B050"), "", fill("00B050"), "和底色是一个颜色"),
    (color("000000"), "", '<w:shd w:val="solid" w:color="auto" w:fill="auto"/>', "和底色是一个颜色"),
    ('<w:sz w:val="2"/>', "", "", "字号太小"),
    ('<w:sz w:val="1"/>', "", "", "字号太小"),
    ('<w:sz w:val="1pt"/>', "", "", "字号太小"),
    ('<w:w w:val="1"/>', "", "", "字压得太窄"),
    ('<w:w w:val="5%"/>', "", "", "字压得太窄"),
    ('<w:spacing w:val="-400"/>', "", "", "字距太紧"),
    ('<w:sz w:val="72"/><w:spacing w:val="-20pt"/>', "", "", "字距太紧"),
    ("<w:vanish/><w:specVanish/>", "", "", "设成了隐藏文字"),
    ("", '<w:spacing w:line="20" w:lineRule="exact"/>', "", "所在的行高、行距固定得太小"),
    ('<w:sz w:val="72"/>', '<w:spacing w:line="200" w:lineRule="exact"/>', "", "所在的行高、行距固定得太小"),
]  # fmt: skip


@pytest.mark.parametrize(("run", "paragraph", "cell", "reason"), UNSEEN)
def test_a_tag_that_nobody_sees_is_said_with_its_cause(tiny_project, run, paragraph, cell, reason):
    change(tiny_project, using=lambda text: format_tag(text, run, paragraph, cell))
    (sentence,) = said(tiny_project)
    assert sentence.startswith(f"{FORM}: 表格第 2 行第 2 列：{TAG} {reason}")


@pytest.mark.parametrize(("run", "paragraph", "cell", "reason"), UNSEEN)
def test_a_value_that_nobody_sees_fails_the_proof(tiny_project, run, paragraph, cell, reason):
    report = official(tiny_project)
    content = docx.render(report)
    value = next(cell.text for row in report.table.rows for cell in row.cells if cell.paths and cell.text)
    assert docx.prove(content, report) > 0
    spoilt = edit(content, PART, lambda text: format_tag(text.replace(value, TAG, 1), run, paragraph, cell))
    with pytest.raises(ProofError):
        docx.prove(edit(spoilt, PART, lambda text: text.replace(TAG, value)), report)


@pytest.mark.parametrize(
    ("run", "paragraph", "cell"),
    [
        (color("FFFFFF"), "", fill("000000")),
        (color("FFFFFF"), fill("4472C4"), ""),
        (color("FFFFFF") + '<w:highlight w:val="black"/>', "", fill("FFFFFF")),
        (color("auto"), "", fill("000000")),
        (color("FF0000"), "", ""),
        ('<w:sz w:val="9"/>', "", ""),
        ('<w:w w:val="50"/>', "", ""),
        ('<w:spacing w:val="-20"/>', "", ""),
        ("<w:webHidden/>", "", ""),
        ("", '<w:spacing w:line="280" w:lineRule="exact"/>', ""),
        ("", '<w:spacing w:line="20" w:lineRule="atLeast"/>', ""),
        ("", '<w:spacing w:line="20"/>', ""),
    ],
)
def test_a_tag_that_is_seen_prints(tiny_project, run, paragraph, cell):
    change(tiny_project, using=lambda text: format_tag(text, run, paragraph, cell))
    assert said(tiny_project) == []
    report = official(tiny_project)
    assert docx.prove(docx.render(report), report) > 0


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


@pytest.mark.parametrize("mark", ["ins", "del"])
def test_a_row_that_is_deleted_or_not_yet_there_is_said(tiny_project, mark):
    def tracked_row(text: str) -> str:
        at = text.rindex("<w:tr>", 0, text.index(TAG)) + len("<w:tr>")
        return f'{text[:at]}<w:trPr><w:{mark} w:id="1" w:author="x"/></w:trPr>{text[at:]}'

    change(tiny_project, using=tracked_row)
    (sentence,) = said(tiny_project)
    assert "修订" in sentence


@pytest.mark.parametrize(("rule", "is_seen"), [("exact", False), ("atLeast", True)])
def test_a_tag_in_a_row_of_no_height_is_said(tiny_project, rule, is_seen):
    def low_row(text: str) -> str:
        at = text.rindex("<w:tr>", 0, text.index(TAG)) + len("<w:tr>")
        return f'{text[:at]}<w:trPr><w:trHeight w:val="10" w:hRule="{rule}"/></w:trPr>{text[at:]}'

    change(tiny_project, using=low_row)
    assert bool(said(tiny_project)) is not is_seen


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


def whole_table(vanish: str) -> str:
    condition = f'<w:tblStylePr w:type="wholeTable"><w:rPr>{vanish}</w:rPr></w:tblStylePr>'
    return f'<w:style w:type="table" w:styleId="t">{condition}</w:style>'


ON, OFF = "<w:vanish/>", '<w:vanish w:val="false"/>'
CHARACTER, PARAGRAPH = '<w:rStyle w:val="c"/>', '<w:pPr><w:pStyle w:val="p"/></w:pPr>'
LOW = '<w:style w:type="paragraph" w:styleId="q"><w:pPr><w:spacing w:line="10" w:lineRule="exact"/></w:pPr></w:style>'
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
        (style("character", "c", '<w:color w:val="FFFFFF"/>'), "", CHARACTER, True),
        (style("paragraph", "p", "", "q") + style("paragraph", "q", '<w:color w:val="FFFFFF"/>'), PARAGRAPH, "", True),
        (style("paragraph", "p", '<w:color w:val="FFFFFF"/>'), PARAGRAPH, '<w:color w:val="000000"/>', False),
        (style("table", "t", '<w:sz w:val="2"/>'), "", "", True),
        (whole_table(ON), "", "", True),
        (whole_table(OFF), "", "", False),
        (LOW + style("paragraph", "p", "", "q"), PARAGRAPH, "", True),
        (style("paragraph", "n", '<w:w w:val="1"/>', default=' w:default="1"'), "", "", True),
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


BOX = "<w:drawing><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></w:drawing>".format
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def test_the_words_of_a_text_box_are_no_part_of_the_cell_it_hangs_on(tiny_project):
    plain = official(tiny_project).table
    boxes = (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice Requires="w">{BOX("编号")}</mc:Choice>'
        f"<mc:Fallback>{BOX('编号')}</mc:Fallback></mc:AlternateContent>"
    )
    change(tiny_project, using=lambda text: text.replace(f"{TAG}</w:t></w:r>", f"{TAG}</w:t></w:r><w:r>{boxes}</w:r>"))
    assert said(tiny_project) == []
    report = official(tiny_project)
    assert report.table == plain
    assert docx.prove(docx.render(report), report) > 0


def around_run(text: str, value: str, before: str, after: str) -> str:
    """Puts markup around the whole run that holds a value."""
    changed = re.sub(rf"<w:r>(?:(?!<w:r>).)*?{re.escape(value)}.*?</w:r>", rf"{before}\g<0>{after}", text, count=1)
    assert changed != text
    return changed


def test_a_value_in_a_text_box_fails_the_proof(tiny_project):
    report = official(tiny_project)
    begin, end = BOX("|").replace("<w:r><w:t>|</w:t></w:r>", "|").split("|")
    spoilt = edit(docx.render(report), PART, lambda text: around_run(text, "苹果", f"<w:r>{begin}", f"{end}</w:r>"))
    with pytest.raises(ProofError):
        docx.prove(spoilt, report)


def complex_field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    return f"{mark('begin')}{code}{mark('separate')}<w:r><w:t>{result}</w:t></w:r>{mark('end')}"


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def put_in_place_of_run(text: str, value: str, new: str) -> str:
    changed = re.sub(rf"<w:r>(?:(?!<w:r>).)*?{re.escape(value)}.*?</w:r>", lambda _: new, text, count=1)
    assert changed != text
    return changed


FIELDS = {
    "the result of a field that is computed again": (complex_field(code(" DOCPROPERTY x "), TAG), "DOCPROPERTY"),
    "the page's number": (complex_field(code(" PAGE "), TAG), "PAGE"),
    "an instruction": (complex_field(code(f" DOCPROPERTY {TAG} "), "x"), "DOCPROPERTY"),
    "text in an instruction": (complex_field(code(" IF ") + f"<w:r><w:t>{TAG}</w:t></w:r>", "x"), "IF"),
    "a field in an instruction": (complex_field(code(" IF ") + complex_field(code(" REF y "), TAG), "x"), "REF"),
    "a simple field": (f'<w:fldSimple w:instr=" TITLE "><w:r><w:t>{TAG}</w:t></w:r></w:fldSimple>', "TITLE"),
    "a simple field's instruction": (f'<w:fldSimple w:instr="REF {TAG}"><w:r><w:t>x</w:t></w:r></w:fldSimple>', "REF"),
    "an address": (complex_field(code(f" HYPERLINK {TAG} "), "x"), "HYPERLINK"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_tag_in_a_field_is_said(tiny_project, name):
    new, kind = FIELDS[name]
    change(tiny_project, using=lambda text: put_in_place_of_run(text, TAG, new))
    (sentence,) = said(tiny_project)
    assert sentence.startswith(f"{FORM}: 域（{kind}）里不能有标记：") and TAG in sentence


@pytest.mark.parametrize("instruction", [" HYPERLINK http://example.com ", " FORMTEXT "])
def test_a_tag_in_a_field_that_lasts_prints(tiny_project, instruction):
    change(tiny_project, using=lambda text: put_in_place_of_run(text, TAG, complex_field(code(instruction), TAG)))
    assert said(tiny_project) == []
    report = official(tiny_project)
    assert docx.prove(docx.render(report), report) > 0


def test_a_value_in_the_instruction_of_a_field_fails_the_proof(tiny_project):
    report = official(tiny_project)
    begin, end = complex_field(code(" IF ") + "|", "").split("|")
    spoilt = edit(docx.render(report), PART, lambda text: around_run(text, "苹果", begin, end))
    with pytest.raises(ProofError):
        docx.prove(spoilt, report)


def test_a_tag_of_which_there_are_two_is_said(tiny_project):
    run = f"<w:r><w:t>{TAG}</w:t></w:r>"
    new = (
        f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}"><mc:Choice Requires="w">{run}</mc:Choice>'
        f"<mc:Fallback>{run}</mc:Fallback></mc:AlternateContent>"
    )
    change(tiny_project, using=lambda text: put_in_place_of_run(text, TAG, new))
    (sentence,) = said(tiny_project)
    assert sentence.startswith(f"{FORM}: 几种内容只显示一种的地方")


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
