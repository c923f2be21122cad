"""What Word shows is what is read: letters that cannot be seen, turned or crossed out, fields without a result."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen.build import job
from perfgen.importing import import_file
from perfgen.importing.paper.known import Trouble
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet, xml
from tests.test_import_understood import (
    NEWER,
    PROMPT,
    RAISED,
    ROW,
    SOURCE,
    TARGET,
    WORD_SHAPES,
    alternate,
    choice,
    control,
    field,
    mark,
    read,
    related,
    run,
    style,
)

FORM_TEXT = "<w:ffData><w:textInput>{}</w:textInput></w:ffData>"
PLACE = 6
FAINT, CODE = {Trouble.FAINT}, {Trouble.FIELD_CODE}


@pytest.fixture(scope="module")
def clean():
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


def imported(sheet):
    return import_file.import_form(sheet.save(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))


def shade(fill, value="clear", color="auto"):
    return f'<w:shd w:val="{value}" w:color="{color}" w:fill="{fill}"/>'


def color(value):
    return f'<w:color w:val="{value}"/>'


def filled(below):
    return f"<w14:textFill {NEWER}>{below}</w14:textFill>"


def solid(value, below=""):
    return filled(f'<w14:solidFill><w14:srgbClr w14:val="{value}">{below}</w14:srgbClr></w14:solidFill>')


def dirty(code, result):
    begin = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{mark('separate')}{result}{mark('end')}"


# The properties of a run → whether its letters cannot be seen.
UNSEEN = {
    "the color of its shade": color("D9D9D9") + shade("D9D9D9"),
    "nearly white": color("FEFEFE"),
    "black on black": color("000000") + shade("000000"),
    "black on solid": color("000000") + shade("FFFFFF", "solid", "000000"),
    "black on a black highlight": color("000000") + '<w:highlight w:val="black"/>',
    "white on a white highlight": color("FFFFFF") + '<w:highlight w:val="white"/>',
    "white by its theme": '<w:color w:val="000000" w:themeColor="background1"/>',
    "hardly darker than white": '<w:color w:val="F2F2F2" w:themeColor="background1" w:themeShade="F2"/>',
    "filled with nothing": filled("<w14:noFill/>"),
    "filled with white": solid("FFFFFF"),
    "let through": solid("000000", '<w14:alpha w14:val="100000"/>'),
    "narrow": '<w:w w:val="1"/>',
    "on one another": '<w:spacing w:val="-400"/>',
    "cut off by the fixed height of the line": '<w:sz w:val="80"/>',
    "one point, as strict files write it": '<w:sz w:val="1pt"/>',
}
SEEN = {
    "red": color("FF0000"),
    "grey": color("808080"),
    "white on blue": color("FFFFFF") + shade("4472C4"),
    "white on half black": color("FFFFFF") + shade("FFFFFF", "pct50", "000000"),
    "automatic on black": color("auto") + shade("000000"),
    "darker by its theme": '<w:color w:val="7F7F7F" w:themeColor="background1" w:themeShade="80"/>',
    "filled with red": color("FFFFFF") + solid("FF0000"),
    "condensed": '<w:spacing w:val="-20"/><w:w w:val="80"/>',
    "a little too tall for the fixed height of the line": '<w:sz w:val="32"/>',
    "small": '<w:sz w:val="7.5pt"/>',
}


@pytest.mark.parametrize("case", UNSEEN)
def test_letters_that_cannot_be_seen(clean, case):
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, run(TARGET) + run("0", UNSEEN[case]))
    assert read(sheet) == (f"{TARGET}0", {Trouble.CLIPPED} if case.startswith("cut off") else FAINT)


@pytest.mark.parametrize("case", SEEN)
def test_letters_that_can_be_seen(clean, case):
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, run(TARGET, SEEN[case]))
    assert read(sheet) == (TARGET, set())


@pytest.mark.parametrize(
    ("letters", "ground", "troubles"),
    [("000000", "000000", FAINT), ("FFFFFF", "000000", set()), ("auto", "000000", set()), ("D9D9D9", "D9D9D9", FAINT)],
)
def test_the_ground_of_a_cell(clean, letters, ground, troubles):
    sheet = Sheet(clean)
    sheet.properties(ROW, PLACE).append(xml(shade(ground)))
    sheet.inner(ROW, PLACE, run(TARGET, color(letters)))
    assert read(sheet) == (TARGET, troubles)


def test_the_ground_of_some_rows_by_the_tables_style(clean):
    sheet = Sheet(clean)
    shaded = f'<w:tblStylePr w:type="firstRow"><w:tcPr>{shade("4472C4")}</w:tcPr></w:tblStylePr></w:style>'
    styles = style("table", "t", color("FFFFFF")).replace("</w:style>", shaded)
    content = sheet.parts["word/styles.xml"]
    sheet.parts["word/styles.xml"] = content.replace(b"</w:styles>", styles.encode() + b"</w:styles>")
    properties = sheet.table.find(f"{xml('<w:x/>').tag[:-1]}tblPr")
    properties.insert(0, xml('<w:tblStyle w:val="t"/>'))
    sheet.inner(ROW, PLACE, run(TARGET))
    assert read(sheet) == (TARGET, set())


# What stands in the cell → what is read, and the troubles that are told.
CELLS = {
    "computed, never": ('<w:fldSimple w:instr="=5*9"/>', "", CODE),
    "computed, empty": (field(" =SUM(ABOVE) ", ""), "", CODE),
    "a condition without a text": (field(' IF 1 = 1 "" "x" ', ""), "", CODE),
    "a form's text, left empty": (field(" FORMTEXT ", "", FORM_TEXT.format("")), "", set()),
    "a form's text, default": (field(" FORMTEXT ", "", FORM_TEXT.format('<w:default w:val="1"/>')), "", CODE),
    "a form's text": (field(" FORMTEXT ", run(TARGET), FORM_TEXT.format('<w:default w:val="1"/>')), TARGET, set()),
    "to be computed again": (dirty(" =5 ", run(TARGET)), TARGET, {Trouble.FIELD_STALE}),
    "to be computed again, in short": (f'<w:fldSimple w:instr="=5" w:dirty="1">{run(TARGET)}</w:fldSimple>', TARGET,
                                       {Trouble.FIELD_STALE}),
    "no source": (field(" REF _Ref1 ", run("错误!未找到引用源。")), "错误!未找到引用源。", {Trouble.FIELD_ERROR}),
    "no bookmark": (field(" REF x ", run("Error! Bookmark not defined.")), "Error! Bookmark not defined.",
                    {Trouble.FIELD_ERROR}),
    "no formula": (field(" =SUM(X) ", run("!语法错误, X")), "!语法错误, X", {Trouble.FIELD_ERROR}),
    "not merged": (field(" MERGEFIELD 值 ", run("«值»")), "«值»", {Trouble.FIELD_ERROR}),
    "turned": (run("≥\u202e042\u202c件"), "≥\u202e042\u202c件", {Trouble.RIGHT_TO_LEFT}),
    "set apart, turned": (run("≥\u2067042\u2069件"), "≥\u2067042\u2069件", {Trouble.RIGHT_TO_LEFT}),
    "crossed out": (run("≥2\u0336\u200b4\u0336件"), "≥2\u0336\u200b4\u0336件", {Trouble.OVERLAID}),
    "ringed": (run("45\u20dd"), "45\u20dd", {Trouble.OVERLAID}),
    "not equal": (run("=\u0338240件"), "=\u0338240件", set()),
    "accent": (run("e\u0301"), "e\u0301", set()),
}  # fmt: skip


@pytest.mark.parametrize("case", CELLS)
def test_a_cell(clean, case):
    content, text, troubles = CELLS[case]
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, content)
    assert read(sheet) == (text, troubles)


@pytest.mark.parametrize(
    ("content", "amount"),
    [
        (run("0,123"), "0,123"), (run("00,123"), "00,123"), (run("1,234"), Decimal(1234)),
        (run("0.123"), Decimal("0.123")), ("<w:r><w:t>61</w:t><w:softHyphen/><w:t>34</w:t></w:r>", "6134"),
        (run("\u202e16.9"), Decimal("16.9")),
    ],
)  # fmt: skip
def test_an_amount(clean, content, amount):
    sheet = Sheet(clean)
    sheet.inner(17, 3, content)
    result = imported(sheet)
    assert result.data["项目支出"][1]["总预算"] == amount
    assert result.is_certain is (content in (run("1,234"), run("0.123")))


# --- drawings, signs, prompts -------------------------------------------------------------

VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
BOX = f"<v:shape {VML}><v:textbox><w:txbxContent><w:p>{run('另加60件')}</w:p></w:txbxContent></v:textbox></v:shape>"
SHAPE = f'<q:wsp xmlns:q="{WORD_SHAPES}"><w:txbxContent><w:p>{run("另加60件")}</w:p></w:txbxContent></q:wsp>'
LETTERING = f'<v:shape {VML}><v:textpath string="另加60件"/></v:shape>'
BOTH = alternate(
    choice(WORD_SHAPES, f"<w:drawing>{SHAPE}</w:drawing>"), f"<mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback>"
)


@pytest.mark.parametrize(
    "content", [f"<w:pict>{BOX}</w:pict>", f"<w:drawing>{SHAPE}</w:drawing>", f"<w:pict>{LETTERING}</w:pict>", BOTH]
)
def test_the_text_of_a_drawing_is_told(clean, content):
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, f"{run(TARGET)}<w:r>{content}</w:r>")
    told = [note for note in imported(sheet).notes if "文本框" in note.message]
    assert [(note.rule, note.place.line, "没有读：“另加60件”" in note.message) for note in told] == [
        ("import-unplaced", ROW, True)
    ]


def test_the_text_of_a_drawing_beside_the_table_is_told(clean):
    sheet = Sheet(clean)
    sheet.table.addnext(xml(f"<w:p><w:r><w:pict>{BOX}</w:pict></w:r></w:p>"))
    assert any("另加60件" in note.message for note in imported(sheet).notes)


@pytest.mark.parametrize(
    ("content", "troubles"),
    [
        (f'<w:bdo w:val="ltr">{run(TARGET)}</w:bdo>', set()), (f'<w:dir w:val="ltr">{run(TARGET)}</w:dir>', set()),
        (f'<w:bdo w:val="rtl">{run(TARGET)}</w:bdo>', {Trouble.RIGHT_TO_LEFT}),
        (f'<w:dir w:val="rtl">{run(TARGET)}</w:dir>', {Trouble.RIGHT_TO_LEFT}),
    ],
)  # fmt: skip
def test_the_direction_of_a_text(clean, content, troubles):
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, content)
    assert read(sheet) == (TARGET, troubles)


def fonts(latin, rest=""):
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" {rest}/>'


@pytest.mark.parametrize(
    ("properties", "text", "troubles"),
    [
        (fonts("SymbolMT"), "≥95", {Trouble.FONT_SHOWN}), (fonts("Bookshelf Symbol 7"), "³95", {Trouble.FONT_SIGN}),
        (fonts("ZapfDingbats BT"), "³95", {Trouble.FONT_SIGN}), (fonts("Our Signs"), "³95", {Trouble.FONT_SIGN}),
        (fonts("Segoe UI Symbol"), "³95", set()), (fonts("Noto Sans Symbols"), "³95", set()),
        (fonts("Symbol", 'w:asciiTheme="minorAscii" w:hAnsiTheme="minorHAnsi"'), "³95", set()),
        (fonts("Symbol", 'w:eastAsia="宋体" w:hint="eastAsia"'), "≥95", {Trouble.RUN_PROPERTY, Trouble.FONT_SHOWN}),
        (fonts("宋体", 'w:eastAsia="宋体" w:hint="eastAsia"'), "³95", set()),
    ],
)  # fmt: skip
def test_the_font_of_a_sign(clean, properties, text, troubles):
    sheet = Sheet(clean)
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    listed = f'<w:fonts {names}><w:font w:name="Our Signs"><w:charset w:val="02"/></w:font></w:fonts>'
    sheet.parts = {name: part for name, part in sheet.parts.items() if "fontTable" not in name}
    related(sheet, "fontTable", "fonts9.xml", listed)
    sheet.inner(ROW, PLACE, run("³95", properties))
    assert read(sheet) == (text, troubles)


GLOSSARY = (
    '<w:glossaryDocument xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docParts><w:docPart>'
    '<w:docPartPr><w:name w:val="P1"/></w:docPartPr><w:docPartBody><w:p><w:r><w:t>某某数量</w:t></w:r></w:p>'
    "</w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>"
)
KEPT = '<w:placeholder><w:docPart w:val="P1"/></w:placeholder><w:showingPlcHdr/>'
STYLED = '<w:rStyle w:val="PlaceholderText"/>'


@pytest.mark.parametrize(
    ("content", "troubles"),
    [
        (control(KEPT, "某某数量"), {Trouble.PROMPT}), (control(KEPT, "单击此处输入"), {Trouble.HELD}),
        (control(PROMPT, "选择一项。"), {Trouble.PROMPT}), (control(PROMPT, "[单位名称]"), {Trouble.PROMPT}),
        (control(PROMPT, "按需选择240件"), {Trouble.HELD}),
        (f"<w:sdt><w:sdtPr>{PROMPT}</w:sdtPr><w:sdtContent>{run(TARGET, STYLED)}</w:sdtContent></w:sdt>",
         {Trouble.HELD}),
    ],
)  # fmt: skip
def test_a_text_is_no_prompt_because_its_control_says_so(clean, content, troubles):
    sheet = Sheet(clean)
    related(sheet, "glossaryDocument", "glossary9.xml", GLOSSARY)
    sheet.inner(ROW, PLACE, content)
    assert read(sheet) == ("", troubles)


# --- paragraphs, rows, notes, styles of tables --------------------------------------------

W = xml("<w:x/>").tag[:-1]


def with_properties(sheet, content, row=ROW, place=PLACE):
    """Adds XML to the properties of a cell's first paragraph."""
    sheet.paragraph(row, place).find(f"{W}pPr").append(xml(content))


def with_style(sheet, content):
    styles = sheet.parts["word/styles.xml"]
    sheet.parts["word/styles.xml"] = styles.replace(b"</w:styles>", content.encode() + b"</w:styles>")


@pytest.mark.parametrize(
    ("properties", "troubles"),
    [
        ('<w:framePr w:dropCap="drop" w:lines="2"/>', {Trouble.FRAME}), ("<w:bidi/>", {Trouble.RIGHT_TO_LEFT}),
        ('<w:bidi w:val="0"/>', set()), ('<w:spacing w:line="1" w:lineRule="exact"/>', {Trouble.CLIPPED}),
        ('<w:spacing w:line="400" w:lineRule="exact"/>', set()),
        ('<w:spacing w:line="1" w:lineRule="atLeast"/>', set()), ("<w:rPr><w:vanish/></w:rPr>", set()),
    ],
)  # fmt: skip
def test_a_paragraph(clean, properties, troubles):
    sheet = Sheet(clean)
    paragraph = sheet.paragraph(ROW, PLACE)
    paragraph.find(f"{W}pPr").clear()
    with_properties(sheet, properties)
    assert read(sheet) == (TARGET, troubles)
    styled = Sheet(clean)
    with_style(styled, f'<w:style w:type="paragraph" w:styleId="q"><w:pPr>{properties}</w:pPr></w:style>')
    styled.paragraph(ROW, PLACE).find(f"{W}pPr").clear()
    with_properties(styled, '<w:pStyle w:val="q"/>')
    assert read(styled) == (TARGET, troubles)


@pytest.mark.parametrize("mark", ["<w:rPr><w:specVanish/></w:rPr>", '<w:pStyle w:val="q"/>'])
def test_a_hidden_mark_joins_two_paragraphs(clean, mark):
    sheet = Sheet(clean)
    with_style(sheet, style("paragraph", "q", "<w:vanish/>"))
    sheet.write(ROW, PLACE, "≥24", "0件")
    sheet.paragraph(ROW, PLACE).find(f"{W}pPr").clear()
    sheet.paragraph(ROW, PLACE).find(f"{W}r").insert(0, xml('<w:rPr><w:vanish w:val="0"/></w:rPr>'))
    with_properties(sheet, mark)
    assert Trouble.HIDDEN_MARK in read(sheet)[1]


@pytest.mark.parametrize(("row", "place"), [(ROW, PLACE), (ROW, 3), (17, 3)])
def test_a_number_that_word_puts_before_a_value(clean, row, place):
    sheet = Sheet(clean)
    with_properties(sheet, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>', row, place)
    told = [note for note in imported(sheet).notes if "自动编号" in note.message]
    assert [(note.rule, note.place.line) for note in told] == [("import-unsure", row)]
    zero = Sheet(clean)
    with_properties(zero, '<w:numPr><w:numId w:val="0"/></w:numPr>', row, place)
    assert imported(zero).is_certain


def test_numbers_of_a_list_are_no_doubt(clean):
    sheet = Sheet(clean)
    for paragraph in sheet.cell(13, 1).findall(f"{W}p"):
        text = paragraph.find(f".//{W}t")
        text.text = text.text.split(".", 1)[-1]
        paragraph.find(f"{W}pPr").append(xml('<w:numPr><w:numId w:val="1"/></w:numPr>'))
    assert not [note for note in imported(sheet).notes if "自动编号" in note.message]


@pytest.mark.parametrize(("height", "unsure"), [("1", True), ("600", False)])
def test_a_row_that_is_too_low(clean, height, unsure):
    sheet = Sheet(clean)
    for old in sheet.row_properties(ROW).findall(f"{W}trHeight"):
        sheet.row_properties(ROW).remove(old)
    sheet.row_properties(ROW).append(xml(f'<w:trHeight w:val="{height}" w:hRule="exact"/>'))
    assert (Trouble.CLIPPED in read(sheet)[1]) is unsure


NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize("kind", ["footnote", "endnote", "comment"])
def test_a_note_is_told_where_it_is_called(clean, kind):
    sheet = Sheet(clean)
    noted = f'<w:{kind} w:id="2"><w:p><w:r><w:t>45</w:t></w:r></w:p></w:{kind}>'
    other = f'<w:{kind} w:id="3"><w:p><w:r><w:t>46</w:t></w:r></w:p></w:{kind}>'
    related(sheet, f"{kind}s", "marks.xml", f"<w:{kind}s {NAMES}>{noted}{other}</w:{kind}s>")
    sheet.inner(ROW, PLACE, f'{run(TARGET)}<w:r><w:{kind}Reference w:id="2"/></w:r>')
    told = [note for note in imported(sheet).notes if "批注" in note.message]
    assert [(note.rule, note.place.line, "45" in note.message, "46" in note.message) for note in told] == [
        ("import-unsure", ROW, True, False), ("import-unsure", 0, False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [("第 3 页 共 5 页", False), ("— 3 —", False), ("Page 3 of 5", False), ("3 / 5", False), ("第 3 稿", True)],
)
def test_a_page_number_is_no_text(clean, text, told):
    sheet = Sheet(clean)
    related(sheet, "footer", "f9.xml", f"<w:ftr {NAMES}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:ftr>")
    assert imported(sheet).is_certain is not told


@pytest.mark.parametrize(
    ("properties", "text", "troubles"),
    [
        ("<w:strike/>", "≥5km", {Trouble.RUN_PROPERTY}), ("<w:vanish/>", "≥5km", {Trouble.RUN_PROPERTY}),
        (RAISED, "≥5km", {Trouble.RUN_PROPERTY}), ("<w:caps/>", "≥5KM", {Trouble.CAPITALS}),
        ('<w:b/><w:caps w:val="0"/><w:i/>', "≥5km", set()),
    ],
)  # fmt: skip
def test_the_style_of_a_table_may_change_some_cells(clean, properties, text, troubles):
    sheet = Sheet(clean)
    some = f'<w:tblStylePr w:type="firstCol"><w:rPr>{properties}</w:rPr></w:tblStylePr>'
    with_style(sheet, f'<w:style w:type="table" w:styleId="t">{some}</w:style>')
    sheet.table.find(f"{W}tblPr").insert(0, xml('<w:tblStyle w:val="t"/>'))
    sheet.inner(ROW, PLACE, run("≥5km"))
    assert read(sheet) == (text, troubles)


def test_a_message_on_an_amount_of_two_lines_is_one_line(clean):
    sheet = Sheet(clean)
    sheet.write(17, 3, "61", "34")
    result = imported(sheet)
    found = result.checked(result.text("../../"), SOURCE, snapshot(REPOSITORY))
    (wrong,) = [finding for finding in found if finding.rule == "schema-type"]
    assert "“61 34”" in wrong.message
    assert not [finding for finding in found if "\n" in finding.message]


@pytest.mark.parametrize(("target", "certain"), [("≥0,123件", False), ("≥012,345件", False), ("≥1,023件", True)])
def test_a_decimal_comma_in_a_target(clean, target, certain):
    sheet = Sheet(clean)
    sheet.write(ROW, PLACE, target)
    assert imported(sheet).is_certain is certain


def sign(font, code):
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


@pytest.mark.parametrize(
    ("content", "choice"),
    [
        (sign("Wingdings", "F0A8") + run("计划标准 ") + sign("Wingdings", "F0FE") + run("行业标准"), "行业标准"),
        (sign("Wingdings 2", "F052") + run("历史标准") + sign("Wingdings 2", "F0A3") + run("计划标准"), "历史标准"),
        (sign("Wingdings", "F0FE") + run("计划标准") + sign("Wingdings", "F0FE") + run("行业标准"), None),
        (sign("Wingdings", "F04A") + run("计划标准"), None),
    ],
)  # fmt: skip
def test_a_box_of_a_sign_font_is_ticked_or_not(clean, content, choice):
    sheet = Sheet(clean)
    sheet.inner(ROW, 7, content)
    result = imported(sheet)
    read_choice = result.data["年度绩效指标"][0]["履职效能"]["档案资源建设"][1]["依据"]
    assert result.is_certain is (choice is not None)
    assert choice is None or read_choice == choice


def test_a_box_that_is_a_letter_of_a_sign_font_is_read_and_looked_at(clean):
    sheet = Sheet(clean)
    boxes = [run(letter, fonts("Wingdings")) for letter in "\u00fe\u00a8"]
    sheet.inner(ROW, 7, f"{boxes[0]}{run('其他标准')}{boxes[1]}{run('计划标准')}")
    result = imported(sheet)
    assert result.data["年度绩效指标"][0]["履职效能"]["档案资源建设"][1]["依据"] == "其他标准"
    assert result.count.unsure == 1
