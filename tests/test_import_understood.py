"""A cell of a Word file is certain only when everything in it is understood; formatting alone leaves it certain."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from perfgen.build import job
from perfgen.findings import DataError
from perfgen.importing import import_file
from perfgen.importing.paper.known import NOT_READ, PUT_RIGHT, Trouble
from perfgen.importing.paper.word_table import read_word_form
from perfgen.importing.paper.word_text import Revisions
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.projects import snapshot
from tests.helpers.sheet import WHO, Sheet, W, xml
from tests.test_cases import GOOD, YEAR, cases_project

assert cases_project, "a fixture of the tests of good and bad cases"

SOURCE = "data/2025/示例市档案馆.yaml"
ROW, PLACE, COLUMN = 60, 6, 7
TARGET = "≥240件"


@pytest.fixture(scope="module")
def clean():
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def mark(kind, below=""):
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{below}</w:fldChar></w:r>'


def field(code, result=None, form=""):
    """A field; without a result it has no separator."""
    instruction = f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
    inside = "" if result is None else mark("separate") + result
    return mark("begin", form) + instruction + inside + mark("end")


def control(properties, *texts):
    runs = "".join(map(run, texts))
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{runs}</w:sdtContent></w:sdt>"


def style(kind, name, properties, based="", default=""):
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (f'<w:style w:type="{kind}" w:styleId="{name}" {default}><w:name w:val="{name}"/>{base}'
            f"<w:rPr>{properties}</w:rPr></w:style>")  # fmt: skip


def box(ticked):
    state = '<w:default w:val="0"/>' + ('<w:checked w:val="1"/>' if ticked else "")
    return field(" FORMCHECKBOX ", "", f"<w:ffData><w:checkBox>{state}</w:checkBox></w:ffData>")


def drop_down(state, *entries):
    listed = "".join(f'<w:listEntry w:val="{entry}"/>' for entry in entries)
    return field(" FORMDROPDOWN ", "", f"<w:ffData><w:ddList>{state}{listed}</w:ddList></w:ffData>")


RAISED, LOWERED = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
SYMBOL = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
NEWER = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
INNER = field(" MERGEFIELD 类 ", run("≥1"))
PROMPT = "<w:showingPlcHdr/><w:text/>"
RUBY = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('jiàn')}</w:rt><w:rubyBase>{run('件')}</w:rubyBase></w:ruby></w:r>"


def alternate(*branches):
    return f"<mc:AlternateContent>{''.join(branches)}</mc:AlternateContent>"


def choice(namespace, content):
    return f'<mc:Choice xmlns:q="{namespace}" Requires="q">{content}</mc:Choice>'


WORD_SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
FALLBACK = f"<mc:Fallback>{run(TARGET)}</mc:Fallback>"

# What stands in the cell → what is read, and the troubles that are told.
CELLS = {
    "superscript": (run("≥12×10") + run("4", RAISED) + run("卷"), "≥12×10⁴卷", set()),
    "subscript": (run("CO") + run("2", LOWERED), "CO₂", set()),
    "baseline": (run("≥24", '<w:vertAlign w:val="baseline"/>') + run("0件"), TARGET, set()),
    "superscript letter": (run("10") + run("n", RAISED), "10n", {Trouble.RAISED}),
    "position": (run("≥10") + run("2", '<w:position w:val="8"/>'), "≥102", {Trouble.LIFTED}),
    "position 0": (run("≥24", '<w:position w:val="0"/>') + run("0件"), TARGET, set()),
    "struck": (run("≥2", "<w:strike/>") + run("≥300件"), "≥300件", {Trouble.STRUCK}),
    "struck twice": (run("4", "<w:dstrike/>") + run("452.06"), "452.06", {Trouble.STRUCK}),
    "not struck": (run(TARGET, '<w:strike w:val="off"/>'), TARGET, set()),
    "vanish 0": (run(TARGET, '<w:vanish w:val="0"/>'), TARGET, set()),
    "vanish false": (run(TARGET, '<w:vanish w:val="false"/>'), TARGET, set()),
    "vanish on": (run(TARGET) + run("0", '<w:vanish w:val="on"/>'), TARGET, {Trouble.HIDDEN}),
    "capitals": (run("5km", "<w:caps/>"), "5KM", {Trouble.CAPITALS}),
    "small capitals off": (run("5km", '<w:smallCaps w:val="0"/>'), "5km", set()),
    "capitals of Chinese": (run(TARGET, "<w:smallCaps/>"), TARGET, set()),
    "white": (run(TARGET) + run("暗", '<w:color w:val="FFFFFF"/>'), f"{TARGET}暗", {Trouble.FAINT}),
    "white on black": (run(TARGET, '<w:color w:val="FFFFFF"/><w:shd w:fill="000000"/>'), TARGET, set()),
    "tiny": (run(TARGET) + run("1", '<w:sz w:val="2"/>'), f"{TARGET}1", {Trouble.FAINT}),
    "unknown property": (run(TARGET, "<w:novelty/>"), TARGET, {Trouble.RUN_PROPERTY}),
    "newer property": (run(TARGET, f'<w14:ligatures {NEWER} w14:val="all"/>'), TARGET, set()),
    "plain properties": (run(TARGET, '<w:b/><w:i/><w:u w:val="single"/><w:color w:val="FF0000"/>'), TARGET, set()),
    "symbol font": (run("³", SYMBOL) + run("95%"), "≥95%", {Trouble.FONT_SHOWN}),
    "symbol font, private": (run("\uf0b3", SYMBOL) + run("95%"), "≥95%", {Trouble.FONT_SHOWN}),
    "unknown sign": (run("J", SYMBOL.replace("Symbol", "Wingdings")), "J", {Trouble.FONT_SIGN}),
    "symbol font, digits": (run("95%", SYMBOL), "95%", set()),
    "sign font for some": (run("³5", '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Symbol"/>'), "≥5",
                           {Trouble.RUN_PROPERTY, Trouble.FONT_SHOWN}),
    "page break": (run("24") + '<w:r><w:br w:type="page"/></w:r>' + run("0"), "24\n0", set()),
    "no branch": (run(TARGET) + alternate(choice("urn:nobody", run("1"))), TARGET, {Trouble.CHOICE}),
    "w:sym": ('<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>' + run("5件"), "≤5件", set()),
    "unknown w:sym": ('<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>' + run("5件"), "5件", {Trouble.SYMBOL}),
    "field": (field(" =SUM(A1) ", run("240")) + run("件"), "240件", set()),
    "nested field": (field(f" IF </w:instrText></w:r>{INNER}<w:r><w:instrText> = 1 ", run("240件")), "240件",
                     {Trouble.FIELD_NESTED}),
    "field in a result": (field(" HYPERLINK x ", INNER + run("240件")), "≥1240件", set()),
    "unknown field": (field(" WONDER 1 ", run("240件")), "240件", {Trouble.FIELD}),
    "date": (field(" DATE ", run("2025")), "2025", {Trouble.FIELD_CHANGING}),
    "page number": (field(" PAGE ", run("240")) + run("件"), TARGET[1:], {Trouble.FIELD_CHANGING}),
    "unfinished field": (mark("begin") + "<w:r><w:instrText> = 7 </w:instrText></w:r>" + run("240件"), "",
                         {Trouble.FIELD_UNFINISHED}),
    "end without beginning": (run(TARGET) + mark("end"), TARGET, {Trouble.FIELD_UNFINISHED}),
    "no result": (run(TARGET) + field(" AUTONUM "), TARGET, {Trouble.FIELD_CODE}),
    "macro button": (field(" MACROBUTTON  NoMacro 李四 "), "李四", {Trouble.FIELD_CODE}),
    "EQ over": (field(r" eq \o(≥,_) ") + run("240件"), TARGET, set()),
    "EQ ring": (field(r"eq \o\ac(○,3)"), "③", set()),
    "EQ ring, letter": (field(r"eq \o\ac(○,甲)"), "甲", {Trouble.FIELD_CODE}),
    "EQ reading": (field(r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(jiàn),件)'), "件", {Trouble.FIELD_CODE}),
    "EQ fraction": (field(r"EQ \f(1,2)"), "1/2", {Trouble.FIELD_CODE}),
    "SYMBOL": (field(r' SYMBOL 179 \f "Symbol" \s 10 ') + run("240件"), TARGET, set()),
    "SYMBOL with a result": (field(r" SYMBOL 179 \f Symbol ", run("³", SYMBOL)) + run("240件"), TARGET,
                             {Trouble.FONT_SHOWN}),
    "SYMBOL, unknown font": (field(r" SYMBOL 74 \f Wingdings "), "", {Trouble.FIELD_CODE}),
    "ticked box": (box(False) + run("甲") + box(True) + run("乙"), "乙", {Trouble.TICKED}),
    "two ticked boxes": (box(True) + run("甲") + box(True) + run("乙"), "☑甲☑乙", {Trouble.UNTICKED}),
    "no ticked box": (box(False) + run("甲") + box(False) + run("乙"), "☐甲☐乙", {Trouble.UNTICKED}),
    "drop-down": (drop_down('<w:result w:val="1"/>', "甲", "乙"), "乙", set()),
    "drop-down, default": (drop_down("", "甲", "乙"), "甲", set()),
    "drop-down, no such entry": (drop_down('<w:result w:val="7"/>', "甲", "乙"), "", {Trouble.CHOSEN}),
    "newer box": (control(f'<w14:checkbox {NEWER}><w14:checked w14:val="1"/></w14:checkbox>', "☒") + run("甲")
                  + control(f'<w14:checkbox {NEWER}><w14:checked w14:val="0"/></w14:checkbox>', "☐") + run("乙"), "甲",
                  {Trouble.TICKED}),
    "prompt": (control(PROMPT, "单击此处", "输入文字。"), "", {Trouble.PROMPT}),
    "prompt that is none": (control(PROMPT, "452.06"), "", {Trouble.HELD}),
    "prompt switched off": (control('<w:showingPlcHdr w:val="0"/>', TARGET), TARGET, set()),
    "chunk": (run(TARGET) + '<w:altChunk r:id="x"/>', TARGET, {Trouble.CHUNK}),
    "first choice": (alternate(choice("urn:nobody", run("1")), choice(WORD_SHAPES, run(TARGET)), FALLBACK), TARGET,
                     {Trouble.CHOICE}),
    "fallback": (alternate(choice("urn:nobody", ""), FALLBACK), TARGET, {Trouble.CHOICE}),
    "one text in all branches": (alternate(choice(WORD_SHAPES, run(TARGET)), FALLBACK), TARGET, set()),
    "ruby": (run("≥240") + RUBY, TARGET, {Trouble.RUBY}),
    "unknown element": (f"<w:novelty>{run(TARGET)}</w:novelty>", TARGET, {Trouble.ELEMENT}),
    "simple field": (f'<w:fldSimple w:instr="=1">{run(TARGET)}</w:fldSimple>', TARGET, set()),
}  # fmt: skip


def read(sheet, row=ROW, column=COLUMN):
    """The text of a cell and the kinds of its troubles."""
    grid = read_word_form(sheet.save(), "表.docx")
    (cell,) = [cell for cell in grid.rows[row - 1].cells if cell.column + 1 == column]
    return cell.text, {remark.trouble for remark in cell.troubles}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell(clean, case):
    content, text, troubles = CELLS[case]
    sheet = Sheet(clean)
    sheet.inner(ROW, 6, content)
    assert read(sheet) == (text, troubles)


@pytest.mark.parametrize("case", [case for case, (*_, troubles) in CELLS.items() if troubles - PUT_RIGHT])
def test_what_is_not_certain_is_told_with_its_place(clean, case):
    sheet = Sheet(clean)
    sheet.inner(ROW, 6, CELLS[case][0])
    order = import_file.ImportOrder(snapshot(REPOSITORY))
    told = [finding for finding in import_file.import_form(sheet.save(), "表.docx", order).notes
            if finding.place.line == ROW and finding.place.column == COLUMN]  # fmt: skip
    kind = "import-unplaced" if CELLS[case][2] & NOT_READ else "import-unsure"
    for trouble in CELLS[case][2]:
        assert [finding.rule for finding in told if trouble.value in finding.message] == [kind]


STYLED = {
    "hidden": (style("character", "a", "<w:vanish/>"), '<w:rStyle w:val="a"/>', "≥24", {Trouble.HIDDEN}),
    "inherited": (style("character", "z", "<w:vanish/>") + style("character", "a", "", "z"), '<w:rStyle w:val="a"/>',
                  "≥24", {Trouble.HIDDEN}),
    "taken back": (style("character", "z", "<w:strike/>") + style("character", "a", '<w:strike w:val="0"/>', "z"),
                   '<w:rStyle w:val="a"/>', "≥240", set()),
    "turned over twice": (style("paragraph", "n", "<w:strike/>", default='w:default="1"')
                          + style("character", "a", "<w:strike/>"), '<w:rStyle w:val="a"/>', "0", {Trouble.STRUCK}),
    "raised": (style("character", "a", RAISED), '<w:rStyle w:val="a"/>', "≥24⁰", set()),
    "own over style": (style("character", "a", "<w:vanish/>"), '<w:rStyle w:val="a"/><w:vanish w:val="0"/>', "≥240",
                       set()),
    "unknown": (style("character", "a", "<w:novelty/>"), '<w:rStyle w:val="a"/>', "≥240", {Trouble.RUN_PROPERTY}),
}  # fmt: skip


def with_styles(sheet, styles):
    content = re.sub(rb"<w:style .*</w:style>", b"", sheet.parts["word/styles.xml"], flags=re.S)
    sheet.parts["word/styles.xml"] = content.replace(b"</w:styles>", styles.encode() + b"</w:styles>")


@pytest.mark.parametrize("case", STYLED)
def test_a_cell_through_its_styles(clean, case):
    styles, properties, text, troubles = STYLED[case]
    sheet = Sheet(clean)
    with_styles(sheet, styles)
    sheet.inner(ROW, 6, run("≥24") + run("0", properties))
    assert read(sheet) == (text, troubles)


def test_a_circle_of_styles_ends(clean):
    sheet = Sheet(clean)
    with_styles(sheet, style("character", "a", "", "b") + style("character", "b", "<w:vanish/>", "a"))
    sheet.inner(ROW, 6, run("0", '<w:rStyle w:val="a"/>'))
    assert read(sheet) == ("", {Trouble.HIDDEN})


def test_a_hidden_row_and_a_tracked_merge(clean):
    sheet = Sheet(clean)
    sheet.row_properties(ROW).append(xml("<w:hidden/>"))
    sheet.properties(17, 2).append(xml('<w:cellMerge w:id="9" w:author="x" w:vMerge="rest"/>'))
    assert read(sheet) == (TARGET, {Trouble.HIDDEN_ROW})
    assert read(sheet, 17, 4)[1] == {Trouble.CELL_MERGE}


@pytest.mark.parametrize(
    ("after", "before", "revisions", "continues"),
    [
        ("cont", None, Revisions.ACCEPT, True), ("cont", "rest", Revisions.ACCEPT, True),
        ("cont", "rest", Revisions.REJECT, False), ("rest", "cont", Revisions.ACCEPT, False),
        ("rest", "cont", Revisions.REJECT, True), ("cont", None, Revisions.REJECT, False),
    ],
)  # fmt: skip
def test_a_tracked_merge_with_the_cell_above(clean, after, before, revisions, continues):
    sheet = Sheet(clean)
    former = f'w:vMergeOrig="{before}"' if before else ""
    sheet.properties(18, 2).append(xml(f'<w:cellMerge w:id="9" w:author="x" w:vMerge="{after}" {former}/>'))
    cell = next(cell for cell in read_word_form(sheet.save(), "表.docx", revisions).rows[17].cells if cell.column == 3)
    assert cell.continues is continues
    assert Trouble.CELL_MERGE in {remark.trouble for remark in cell.troubles}


@pytest.mark.parametrize("kind", ["del", "moveFrom"])
def test_the_words_of_a_row_that_was_taken_out_are_named(clean, kind):
    """Also where its texts were taken out one by one, so that nothing of them is left."""
    sheet = Sheet(clean)
    sheet.row_properties(60).append(xml(f"<w:del {WHO}/>"))
    for node in list(sheet.row(60).iter(f"{W}r")):
        moved = xml(f"<w:{kind} {WHO}/>")
        node.addprevious(moved)
        moved.append(node)
        for text in node.findall(f"{W}t"):
            text.tag = f"{W}delText" if kind == "del" else text.tag
    result = import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    told = [finding.message for finding in result.notes if "按修订去掉了" in finding.message]
    assert told == ["表格第 60 行：这一行按修订去掉了：征集史料数量，188件，215件，≥240件，计划标准，绩效基本型。"]


def test_a_blank_row_that_was_taken_out(clean):
    sheet = Sheet(clean)
    sheet.insert_row(18, [("", 1, "continue"), ("", 8, "")])
    row = sheet.row(18).getnext()
    row.insert(0, xml(f"<w:trPr><w:del {WHO}/></w:trPr>"))
    result = import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert [finding.message for finding in result.notes] == ["表格第 19 行：这一行按修订去掉了，是空行。"]


def test_number_0_means_none_and_a_style_may_number(clean):
    sheet = Sheet(clean)
    numbering = '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'
    with_styles(sheet, f'<w:style w:type="paragraph" w:styleId="l">{numbering}</w:style>')
    sheet.write(13, 1, "甲", "乙", "丙")
    for number, numbering in enumerate(['<w:numPr><w:numId w:val="2"/></w:numPr>',
                                        '<w:pStyle w:val="l"/><w:numPr><w:numId w:val="0"/></w:numPr>',
                                        '<w:pStyle w:val="l"/>']):  # fmt: skip
        paragraph = sheet.paragraph(13, 1, number)
        paragraph.remove(paragraph[0])
        paragraph.insert(0, xml(f"<w:pPr>{numbering}</w:pPr>"))
    cell = read_word_form(sheet.save(), "表.docx").rows[12].cells[1]
    assert [line.numbered for line in cell.paragraphs] == [True, False, True]


def test_a_file_put_into_the_body_is_told(clean):
    sheet = Sheet(clean)
    sheet.table.addnext(xml('<w:altChunk r:id="x"/>'))
    imported = import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert [(finding.rule, "插了另一份文件" in finding.message) for finding in imported.notes] == [
        ("import-unplaced", True)
    ]


def related(sheet, kind, target, part):
    relation = f'<Relationship Id="q1" Type="http://x/relationships/{kind}" Target="{target}"/></Relationships>'
    rels = "word/_rels/document.xml.rels"
    sheet.parts[rels] = sheet.parts[rels].replace(b"</Relationships>", relation.encode())
    sheet.parts[f"word/{target}"] = part.encode()


def test_notes_are_found_by_their_relation(clean):
    sheet = Sheet(clean)
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    related(sheet, "footnotes", "marks.xml", f"<w:x {names}><w:p><w:r><w:t>另有12万元</w:t></w:r></w:p></w:x>")
    assert "另有12万元" in read_word_form(sheet.save(), "表.docx").edges


@pytest.mark.parametrize(("stored", "troubles"), [("≥240件", set()), ("≥300件", {Trouble.BOUND})])
def test_a_control_bound_to_a_value(clean, stored, troubles):
    sheet = Sheet(clean)
    sheet.parts["customXml/item1.xml"] = f'<r xmlns="urn:x"><v>{stored}</v></r>'.encode()
    sheet.parts["customXml/_rels/item1.xml.rels"] = (
        b'<Relationships><Relationship Type="http://x/customXmlProps" Target="itemProps1.xml"/></Relationships>'
    )
    sheet.parts["customXml/itemProps1.xml"] = b'<d:i d:itemID="{AB-1}" xmlns:d="urn:d"/>'
    binding = """<w:dataBinding w:prefixMappings="xmlns:a='urn:x'" w:xpath="/a:r[1]/a:v" w:storeItemID="{ab-1}"/>"""
    sheet.inner(ROW, 6, control(binding, TARGET))
    assert read(sheet) == (TARGET, troubles)


@pytest.mark.parametrize("change", [
    lambda name: name.replace("/", "\\"), str.upper, lambda name: f"/{name}", lambda name: f"./{name}",
    lambda name: ".\\" + name.replace("/", "\\").upper(), lambda name: name.replace("/", "//"),
])  # fmt: skip
def test_names_of_parts_in_other_writing(clean, change):
    sheet = Sheet(clean)
    sheet.parts = {name if name.startswith("[") else change(name): part for name, part in sheet.parts.items()}
    # `save` puts the edited document in once more, by its usual name
    grid = read_word_form(without_usual_document(sheet.save()), "表.docx")
    assert grid.rows[ROW - 1].cells


def without_usual_document(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize("folder", ["表/", "新建文件夹\\表\\"])
def test_a_package_that_was_packed_otherwise(clean, folder):
    """The folder was packed, and not what is in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(clean)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(folder + name, old.read(name))
    with pytest.raises(DataError) as caught:
        read_word_form(buffer.getvalue(), "表.docx")
    assert "打包方式不合规范" in caught.value.findings[0].message
    assert "另存为" in caught.value.findings[0].hint


def test_two_parts_of_one_name_are_refused(clean):
    sheet = Sheet(clean)
    sheet.parts["WORD/document.xml"] = b"<x/>"
    with pytest.raises(DataError) as caught:
        read_word_form(sheet.save(), "表.docx")
    assert "两个同名的部分" in str(caught.value)


def test_prompts_of_a_repeated_row_are_a_blank_row(clean):
    sheet = Sheet(clean)
    before = import_file.import_form(clean, "表.docx", import_file.ImportOrder(snapshot(REPOSITORY))).data
    sheet.insert_row(18, [("", 1, ""), ("点击输入", 1, ""), ("", 7, "")])
    row = sheet.row(18).getnext()
    for paragraph in row.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"):
        text = "".join(paragraph.itertext())
        for child in list(paragraph):
            paragraph.remove(child)
        if text:
            paragraph.append(xml(control(PROMPT, text)))
    imported = import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert imported.data == before


def test_the_document_itself_may_hide_or_strike(clean):
    sheet = Sheet(clean)
    content = sheet.parts["word/styles.xml"]
    sheet.parts["word/styles.xml"] = content.replace(b"<w:rPrDefault><w:rPr>", b"<w:rPrDefault><w:rPr><w:strike/>")
    sheet.inner(ROW, 6, run("≥24") + run("0", '<w:strike w:val="0"/>'))
    assert read(sheet) == ("0", {Trouble.STRUCK})


def certain(root, source):
    """The cells of a file's official form as printed, and those that are certain when it is read."""
    word = docx.render(job.reports(snapshot(root), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL])
    grid = read_word_form(word, "表.docx")
    cells = [cell for row in grid.rows for cell in row.cells]
    return sum(not cell.troubles for cell in cells), len(cells), grid.troubles


@pytest.mark.parametrize("source", SAMPLES)
def test_formatting_leaves_samples_certain(source):
    sure, cells, outside = certain(REPOSITORY, source)
    assert (sure, outside) == (cells, frozenset())
    assert cells > 300


@pytest.mark.parametrize("name", GOOD)
def test_formatting_leaves_good_cases_certain(cases_project, name):
    sure, cells, outside = certain(cases_project.root, f"data/{YEAR}/good/{name}.yaml")
    assert (sure, outside) == (cells, frozenset())
