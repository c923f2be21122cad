"""Forms as people really have them: each with what was done to it and what an import must say.

The clean form is the smallest sample's. `expected` are all the notes, in any order: what kind,
which row (0: the file), and some of its words. `data` says how the data differs from the clean
form's, `whole` whether every cell comes out again.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.helpers.sheet import WHO, Sheet, W, run, xml

CHANGED, UNSURE, UNPLACED, DIFFERENT = "import-changed", "import-unsure", "import-unplaced", "import-different"


SHARES_ARE_CLAIMS = '"占比"' in (Path(__file__).parents[2] / "schema/department-target.schema.json").read_text("utf-8")
"""Whether the schema has a field for a share that is typed; else the import itself compares it."""


@dataclass(frozen=True)
class Dirty:
    """One soiled form."""

    name: str
    soil: Callable[[Sheet], None]
    expected: tuple[tuple[str, int, str], ...] = ()
    data: Callable[[dict[str, Any]], None] = lambda data: None
    whole: bool = True
    revisions: str = "accept"
    check: tuple[str, ...] = field(default=())
    """Rules that `check` finds broken in the data, because the form itself breaks them."""


DIRTY: list[Dirty] = []


def dirty(*expected: tuple[str, int, str], data=lambda data: None, whole=True, revisions="accept", check=()):
    """Registers a function that soils a form."""

    def register(soil):
        DIRTY.append(Dirty(soil.__name__, soil, expected, data, whole, revisions, check))
        return soil

    return register


# --- how Word, WPS and editing leave the same text -----------------------------------------


@dirty()
def every_character_a_run(sheet):
    def split(node):
        text = node.find(f"{W}t")
        if text is None or not text.text or len(node.findall(f"{W}t")) > 1:
            return
        for sign in reversed(text.text):
            one = copy.deepcopy(node)
            one.find(f"{W}t").text = sign
            one.find(f"{W}t").set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            node.addnext(one)
        node.getparent().remove(node)

    sheet.each_run(split)


@dirty()
def bookmarks_proofing_and_page_breaks(sheet):
    def litter(node):
        node.addprevious(xml('<w:bookmarkStart w:id="3" w:name="_GoBack"/>'))
        node.addnext(xml('<w:bookmarkEnd w:id="3"/>'))
        node.addprevious(xml('<w:proofErr w:type="spellStart"/>'))
        node.insert(0, xml("<w:lastRenderedPageBreak/>"))

    sheet.each_run(litter)


@dirty()
def content_controls_around_text_cells_and_rows(sheet):
    def wrap(node):
        control = xml("<w:sdt><w:sdtPr><w:alias w:val='提示'/></w:sdtPr><w:sdtContent/></w:sdt>")
        node.addprevious(control)
        control[-1].append(node)

    wrap(sheet.row(5))
    wrap(sheet.cell(16, 2))
    wrap(sheet.paragraph(13, 1, 2))
    wrap(sheet.paragraph(1, 1).find(f"{W}r"))
    wrap(sheet.body.find(f".//{W}sdt"))
    wrap(sheet.table)


@dirty()
def hyperlinks_smart_tags_and_fields(sheet):
    sheet.inner(
        2, 3, '<w:hyperlink r:id="rId99"><w:r><w:t>0000-</w:t></w:r><w:r><w:t>0000002</w:t></w:r></w:hyperlink>'
    )
    sheet.inner(
        1,
        1,
        '<w:smartTag w:element="place"><w:r><w:t>示例市</w:t></w:r></w:smartTag><w:r><w:t>档案馆</w:t></w:r>',
    )
    sheet.inner(
        5, 3,
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =SUM(A1) </w:instrText></w:r><w:r>'
        '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>548.46</w:t></w:r><w:r>'
        '<w:fldChar w:fldCharType="end"/></w:r>',
    )  # fmt: skip
    sheet.inner(16, 3, '<w:fldSimple w:instr="=1"><w:r><w:t>452.06</w:t></w:r></w:fldSimple>')


@dirty()
def the_same_choice_twice_as_wps_writes_it(sheet):
    sheet.inner(
        16, 1,
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:t>工资福利支出</w:t></mc:Choice>'
        "<mc:Fallback><w:t>工资福利支出</w:t></mc:Fallback></mc:AlternateContent></w:r>",
    )  # fmt: skip
    for cell in sheet.root.iter(f"{W}tc"):
        cell.append(xml("<w:p/>"))


@dirty(*((CHANGED, row, "空格子没有和上面的合并") for row in (16, 17, 18)))
def another_grid_for_the_same_cells(sheet):
    for cell in sheet.root.iter(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        if span is not None:
            span.set(f"{W}val", str(int(span.get(f"{W}val")) * 2))
        else:
            cell.find(f"{W}tcPr").insert(0, xml('<w:gridSpan w:val="2"/>'))
    for row in sheet.original[15:18]:
        row.insert(0, xml('<w:trPr><w:gridBefore w:val="1"/></w:trPr>'))
        row.find(f"{W}tc/{W}tcPr/{W}gridSpan").set(f"{W}val", "1")
        row.find(f"{W}tc/{W}tcPr/{W}vMerge").getparent().remove(row.find(f"{W}tc/{W}tcPr/{W}vMerge"))


@dirty()
def sideways_merges_as_word_97_wrote_them(sheet):
    cell = sheet.cell(21, 1)
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    span.getparent().remove(span)
    cell.find(f"{W}tcPr").append(xml('<w:hMerge w:val="restart"/>'))
    for _ in range(6):
        cell.addnext(xml("<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc>"))


@dirty()
def strict_names_of_elements(sheet):
    usual, strict = W[1:-1].encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    save = sheet.save
    sheet.save = lambda: _repacked(save(), lambda name, part: (name, part.replace(usual, strict)))


@dirty()
def the_document_by_another_name(sheet):
    usual, other = "word/document.xml", "word/document2.xml"
    save = sheet.save
    sheet.save = lambda: _repacked(
        save(), lambda name, part: (name.replace(usual, other), part.replace(usual.encode(), other.encode()))
    )


@dirty((UNSURE, 0, "页眉、页脚、脚注和批注里的文字没有读：内部资料"))
def a_header_a_page_number_and_a_comment(sheet):
    head = '<w:hdr xmlns:w="{}"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:hdr>'
    sheet.parts["word/header7.xml"] = head.format(W[1:-1], "内部资料").encode()
    sheet.parts["word/footer7.xml"] = head.format(W[1:-1], "- 3 -").encode()
    sheet.inner(1, 1, '<w:commentRangeStart w:id="1"/><w:r><w:t>示例市档案馆</w:t></w:r><w:commentRangeEnd w:id="1"/>'
            '<w:r><w:commentReference w:id="1"/></w:r>')  # fmt: skip


# --- blanks, numbers, spelling ------------------------------------------------------------


@dirty(
    (
        CHANGED,
        0,
        "第 2 行“填报人”第 3 列、表格第 5 行“财政拨款”第 4 列，文字前后的空白去掉了",
    )
)
def full_width_blanks_around_values(sheet):
    sheet.write(1, 1, "　示例市档案馆")
    sheet.write(2, 1, "示例　")
    sheet.write(5, 3, "\u00a0548.46　")


@dirty((CHANGED, 0, "文字前后的空白去掉了"))
def absent_amounts_as_a_blank(sheet):
    for place in range(3, 7):
        sheet.write(7, place, "　")


@dirty(
    (CHANGED, 16, "特殊空格、看不见的字符或 Word 的痕迹已改好"),
    (CHANGED, 17, "特殊空格、看不见的字符或 Word 的痕迹已改好"),
    data=lambda data: data["项目支出"][0].update(用途="在职人员 工资"),
)
def no_break_blanks_and_invisible_signs(sheet):
    sheet.write(16, 5, "在职人员\u00a0工资")
    sheet.write(17, 1, "公用\u200b经\u00ad费")


@dirty(
    (UNSURE, 16, "“在职人员 工资”里有换行，照原样留着"),
    (UNSURE, 17, "“公用 经费 办公”里有换行，照原样留着"),
    (CHANGED, 18, "特殊空格、看不见的字符或 Word 的痕迹已改好，成为“馆库与数字档案系统运行维护”"),
    (CHANGED, 23, "改成“运行成本”"),
    (CHANGED, 24, "改成“预算支出标准”"),
    (CHANGED, 24, "“绩效 基本型”改成“绩效基本型”"),
    data=lambda data: (
        data["项目支出"][0].update(用途="在职人员\n工资"),
        data["项目支出"][1].update(用途="公用\n经费\n办公"),
    ),
)
def other_line_breaks_and_marks_around_annotations(sheet):
    sheet.write(16, 5, "在职人员\u2028工资")
    sheet.write(17, 5, "公用\u2029经费\x85办公")
    sheet.write(18, 1, "\ufff9" + sheet.text(18, 1) + "\ufffc")
    sheet.write(23, 1, "\ufff9运行成本\ufffb")
    sheet.write(24, 5, "预算支出\ufffc标准")
    sheet.write(24, 6, "绩效\u2028基本型")


@dirty(*((CHANGED, row, "表上这里是“") for row in (15, 15, 19, 22)))
def headings_with_marks_and_radicals(sheet):
    sheet.write(15, 1, "\ufff9项目名称\ufffb")
    sheet.write(15, 5, "项目主要支出\u200b方向和用途")
    sheet.write(19, 0, "整体绩效总⽬标")
    sheet.write(22, 0, "⻓期绩效指标")


@dirty(
    (CHANGED, 16, "特殊空格、看不见的字符或 Word 的痕迹已改好，成为“门面”"),
    data=lambda data: data["项目支出"][0].update(用途="门面"),
)
def radicals_for_ideographs(sheet):
    sheet.write(16, 5, "⻔⾯")


def _thousands(data):
    data["收入构成"]["财政拨款"]["前年"] = Decimal("1522.55")
    data["收入构成"]["合计"]["前年"] = Decimal("1522.55")


@dirty((CHANGED, 5, "“1,522.55”改成 1522.55"), (CHANGED, 8, "“1，522.55”改成 1522.55"), data=_thousands)
def thousands_separators_of_both_widths(sheet):
    sheet.write(5, 5, "1,522.55")
    sheet.write(8, 5, "1，522.55")


@dirty(
    (CHANGED, 5, "“５４８．４６”改成 548.46"),
    (CHANGED, 5, "“１００％”改成 100%"),
    (CHANGED, 9, "“８２．４２％”改成 82.42%"),
)
def full_width_digits_and_percent_signs(sheet):
    sheet.write(5, 3, "５４８．４６")
    sheet.write(5, 4, "１００％")
    sheet.write(9, 4, "８２．４２％")


@dirty(*((CHANGED, 7, f"“{sign}”当作没有填") for sign in "—-/"), (CHANGED, 11, "“—”当作没有填"), whole=True)
def strokes_for_absent_amounts(sheet):
    for place, sign in zip((3, 5, 6), "—-/", strict=True):
        sheet.write(7, place, sign)
    sheet.write(11, 4, "—")


@dirty(
    (CHANGED, 16, "“452.06 万元”改成 452.06，“万元”不用写"),
    (UNSURE, 17, "“61.9千元”里除了数还有“千元”，照原样留着"),
    (UNSURE, 18, "“约34”不是一个数"),
    data=lambda data: (data["项目支出"][1].update(总预算="61.9千元"), data["项目支出"][2].update(总预算="约34")),
    check=("schema-type",),
)
def units_and_words_beside_amounts(sheet):
    sheet.write(16, 3, "452.06 万元")
    sheet.write(17, 3, "61.9千元")
    sheet.write(18, 3, "约34")


@dirty(
    (CHANGED, 17, "“运转类支出”改成“运转类项目支出”"),
    (CHANGED, 18, "“运转类 项目支出”改成“运转类项目支出”"),
    (CHANGED, 23, "“基本型”改成“绩效基本型”"),
    (UNSURE, 24, "“领导交办”不在表里能选的几种里"),
    data=lambda data: data["长期绩效指标"][0]["运行成本"]["在职人员控制"][0].update(依据="领导交办"),
    check=("schema-enum",),
)
def categories_spelled_otherwise(sheet):
    sheet.write(17, 2, "运转类支出")
    sheet.write(18, 2, "运转类\n项目支出")
    sheet.write(23, 6, "基本型")
    sheet.write(24, 5, "领导交办")


@dirty(
    (CHANGED, 26, "“管 理 效 率”改成“管理效率”"),
    (CHANGED, 32, "“履职效果”改成“履职效能”"),
)
def group_names_set_in_narrow_columns(sheet):
    sheet.write(23, 1, "运行", "成本")
    sheet.write(26, 1, "管 理 效 率")
    sheet.write(32, 1, "履职效果")


@dirty(
    (CHANGED, 1, "这份表写的是“单位名称”"),
    (CHANGED, 2, "这份表写的是“联系方式”"),
    (UNSURE, 15, "这份表写的是“金额”"),
    (DIFFERENT, 15, "原来是“金额”"),
    (CHANGED, 22, "这份表写的是“绩效指标值”"),
    whole=False,
)
def headings_worded_otherwise(sheet):
    sheet.write(1, 0, "单位名称")
    sheet.write(2, 2, "联系方式")
    sheet.write(15, 4, "金额")
    sheet.write(22, 4, "绩效指标值")


@dirty((CHANGED, 47, "“[bookmark: _GoBack]95.8%”里的特殊空格、看不见的字符或 Word 的痕迹已改好，成为“95.8%”"))
def a_bookmark_written_out_as_text(sheet):
    sheet.write(47, 4, "[bookmark: _GoBack]95.8%")


# --- tracked changes ----------------------------------------------------------------------

_CHANGE = (
    f"<w:r><w:t>12</w:t></w:r><w:del {WHO}><w:r><w:delText>3.45</w:delText></w:r></w:del>"
    f"<w:ins {WHO}><w:r><w:t>6.78</w:t></w:r></w:ins>"
)


@dirty((CHANGED, 16, "有修订"), data=lambda data: data["项目支出"][0].update(总预算=Decimal("126.78")))
def tracked_changes_accepted(sheet):
    sheet.inner(16, 3, _CHANGE)


@dirty(
    (CHANGED, 16, "有修订"), data=lambda data: data["项目支出"][0].update(总预算=Decimal("123.45")), revisions="reject"
)
def tracked_changes_rejected(sheet):
    sheet.inner(16, 3, _CHANGE)


def _tracked_rows(sheet):
    for number, mark in ((53, "ins"), (60, "del")):
        sheet.row_properties(number).append(xml(f"<w:{mark} {WHO}/>"))


@dirty(
    (CHANGED, 53, "这一行有修订"),
    (CHANGED, 60, "这一行按修订去掉了：征集史料数量"),
    data=lambda data: data["年度绩效指标"][0]["履职效能"]["档案资源建设"].pop(1),
)
def a_row_deleted_with_tracking(sheet):
    _tracked_rows(sheet)


@dirty(
    (CHANGED, 53, "这一行按修订去掉了：预算调整率"),
    (CHANGED, 60, "这一行有修订"),
    data=lambda data: data["年度绩效指标"][0]["管理效率"]["预算编制"].pop(1),
    revisions="reject",
)
def a_row_inserted_with_tracking_and_rejected(sheet):
    _tracked_rows(sheet)


@dirty(
    (CHANGED, 13, "有修订"), data=lambda data: data["部门职能概述"].__setitem__(slice(0, 2), ["甲。2.乙。"]), whole=True
)
def a_paragraph_mark_deleted_with_tracking(sheet):
    rest = [line.split(".", 1)[1] for line in _lines(sheet, 13, 1)][2:]
    sheet.write(13, 1, "1.甲。", "2.乙。", *[f"{n}.{line}" for n, line in enumerate(rest, 2)])
    sheet.paragraph(13, 1).insert(0, xml(f"<w:pPr><w:rPr><w:del {WHO}/></w:rPr></w:pPr>"))


@dirty((CHANGED, 2, "有修订"), data=lambda data: data.update(填报人="李乙"))
def a_tracked_move(sheet):
    sheet.inner(
        2,
        1,
        f"<w:moveFrom {WHO}><w:r><w:t>张甲</w:t></w:r></w:moveFrom>"
        f"<w:moveTo {WHO}><w:r><w:t>李乙</w:t></w:r></w:moveTo>",
    )


# --- cells too many, missing, merged otherwise --------------------------------------------

_EMPTY = "<w:tc><w:tcPr/><w:p/></w:tc>"


@dirty((CHANGED, 44, "多出一个空格子"))
def a_stray_blank_cell_in_a_heading(sheet):
    sheet.cell(44, 2).addnext(xml(_EMPTY))


@dirty((CHANGED, 17, "多出一个空格子"), (CHANGED, 50, "多出一个空格子"))
def stray_blank_cells_in_rows(sheet):
    sheet.cell(17, 5).addnext(xml(_EMPTY))
    sheet.cell(50, 3).addnext(xml(_EMPTY))


@dirty((UNPLACED, 17, "多出一格，没有地方放：重要"), whole=False)
def a_stray_cell_with_words(sheet):
    sheet.cell(17, 5).addnext(xml("<w:tc><w:tcPr/><w:p><w:r><w:t>重要</w:t></w:r></w:p></w:tc>"))


@dirty((UNSURE, 7, "少了一格：表上的第 9 列（上年金额），当作没有填"))
def a_missing_cell(sheet):
    sheet.row(7).remove(sheet.cell(7, 6))


@dirty(
    (UNSURE, 47, "少了一格：表上的第 8 列（指标值确定依据）"),
    check=("schema-required",),
    data=lambda data: data["年度绩效指标"][0]["运行成本"]["公用经费控制"][0].pop("依据"),
)
def a_missing_cell_amid_a_row(sheet):
    sheet.row(47).remove(sheet.cell(47, 7))


@dirty((CHANGED, 24, "空格子没有和上面的合并"), (CHANGED, 25, "空格子没有和上面的合并"))
def a_merge_undone_with_blanks(sheet):
    for row in (23, 24, 25):
        sheet.merge(row, 1, None)


@dirty(*((CHANGED, row, "“运行成本”分成了几块，并成一组") for row in (24, 25)))
def a_merge_undone_with_the_name_repeated(sheet):
    for row in (23, 24, 25):
        sheet.merge(row, 1, None)
        sheet.write(row, 1, "运行成本")


@dirty((UNSURE, 24, "和上面的“预算支出标准”合并成了一格，照抄上面的"))
def a_value_merged_with_the_one_above(sheet):
    sheet.merge(23, 5, "restart")
    sheet.write(24, 5, "")
    sheet.merge(24, 5, "continue")


@dirty(
    (UNSURE, 18, "和上面的“61.9”合并成了一格，数不照抄，当作没有填"),
    check=("schema-required",),
    data=lambda data: data["项目支出"][2].pop("总预算"),
)
def an_amount_merged_with_the_one_above(sheet):
    sheet.merge(17, 3, "restart")
    sheet.write(18, 3, "")
    sheet.merge(18, 3, "continue")


@dirty(
    *((UNPLACED, row, "这一组，第") for row in range(26, 32)),
    data=lambda data: data["长期绩效指标"][0].pop("管理效率"),
    whole=False,
    check=("schema-required",),
)
def a_group_merged_into_the_one_above(sheet):
    sheet.write(26, 1, "")
    sheet.merge(26, 1, "continue")


@dirty(
    (UNPLACED, 26, "这一组，第 26 到 31 行的“中长期规划相符性”、“相符”、“计划标准”等 30 格没有放进去"),
    data=lambda data: data["长期绩效指标"][0].pop("管理效率"),
    whole=False,
    check=("schema-required",),
)
def a_group_that_the_form_does_not_have(sheet):
    sheet.write(26, 1, "绩效大类")


# --- rows ---------------------------------------------------------------------------------


def _doubled(data):
    data["项目支出"] += [dict(row) for row in data["项目支出"]]
    part = data["支出构成"]
    for name in ("人员类项目支出", "运转类项目支出", "合计"):
        part[name]["当年"] *= 2


@dirty(data=_doubled)
def a_section_twice_as_long(sheet):
    for row in sheet.original[15:18]:
        sheet.row(18).addnext(copy.deepcopy(row))
    rows = sheet.table.findall(f"{W}tr")
    rows[18], rows[20] = rows[20], rows[18]
    for place, row in enumerate(rows[18:21]):
        sheet.table.remove(row)
        sheet.table.insert(sheet.table.index(rows[17]) + 1 + place, row)
    for row, place, text in ((9, 3, "904.12"), (10, 3, "192.8"), (12, 3, "1096.92")):
        sheet.write(row, place, text)


@dirty((UNPLACED, 19, "表上没有这一行的位置：备注：以上数据未经审计。"), whole=False)
def a_row_that_has_no_place(sheet):
    sheet.insert_row(18, [("", 1, "continue"), ("备注：以上数据未经审计。", 8, "")])


@dirty(*((CHANGED, row, "空行，没有读") for row in (17, 78, 79)))
def blank_rows(sheet):
    sheet.insert_row(16, [("", 1, "continue"), ("", 2, ""), ("", 1, ""), ("", 2, ""), ("", 1, ""), ("", 2, "")])
    blank = copy.deepcopy(sheet.row(76))
    for text in list(blank.iter(f"{W}t")):
        text.text = ""
    sheet.row(76).addnext(blank)
    sheet.row(76).addnext(copy.deepcopy(blank))
    sheet.table.remove(sheet.table.findall(f"{W}tr")[-1])
    sheet.insert_row(76, [("", 9, "")])


@dirty((UNPLACED, 34, "表上没有这一行的位置：长期 绩效 指标，一级 指标"), whole=False)
def a_heading_repeated_on_the_next_page(sheet):
    again = copy.deepcopy(sheet.row(22))
    sheet.row(33).addnext(again)


@dirty((UNSURE, 45, "这里少了一行（近两年指标值，预期当年实现值）"), (DIFFERENT, 0, "多一行"), whole=False)
def a_missing_heading_row(sheet):
    sheet.table.remove(sheet.row(45))


@dirty((UNPLACED, 1, "第 1 张表第 1 行"), (UNPLACED, 2, "第 1 张表第 2 行"), (UNSURE, 0, "附件3"), whole=False)
def a_cover_table_before_the_form(sheet):
    cover = (
        "<w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    )
    rows = cover.format("编制日期", "2025年1月") + cover.format("主管领导", "签字")
    sheet.body.insert(0, xml(f"<w:tbl>{rows}</w:tbl>"))
    sheet.body.insert(0, xml("<w:p><w:r><w:t>附件3</w:t></w:r></w:p>"))


@dirty()
def the_form_in_two_tables(sheet):
    second = xml("<w:tbl/>")
    for row in sheet.original[42:]:
        second.append(row)
    sheet.table.addnext(second)
    second.addprevious(xml("<w:p/>"))


@dirty(
    (UNSURE, 0, "表格外面写的是“单位：元”，表上是“单位：万元”"),
    (UNSURE, 0, "这份表的金额写着“元”，表上是“万元”：数照抄了，没有换算"),
    (UNSURE, 0, "注：本表一式三份"),
)
def another_unit_and_a_note(sheet):
    for paragraph in sheet.body.findall(f"{W}p"):
        if "万元" in "".join(t.text for t in paragraph.iter(f"{W}t")):
            for child in paragraph.findall(f"{W}r"):
                paragraph.remove(child)
            paragraph.append(run("单位：元"))
    sheet.body.append(xml("<w:p><w:r><w:t>注：本表一式三份。</w:t></w:r></w:p>"))


@dirty((CHANGED, 0, "以下的次序和表规定的不一样"))
def groups_in_another_order(sheet):
    for row in sheet.original[34:37]:
        sheet.row(22).addnext(row)
    for row in (36, 35):
        sheet.row(row).getparent().remove(sheet.row(row))
        sheet.row(22).addnext(sheet.row(row))
    sheet.table.remove(sheet.row(37))
    sheet.row(36).addnext(sheet.row(37))


# --- lists inside a cell ------------------------------------------------------------------


def _lines(sheet, row, place):
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in sheet.cell(row, place).findall(f"{W}p")]


def _renumbered(sheet, row, cut, form):
    bare = [line.split(cut, 1)[1] for line in _lines(sheet, row, 1)]
    sheet.write(row, 1, *[form.format(n=n, text=line) for n, line in enumerate(bare, 1)])
    return bare


@dirty((CHANGED, 13, "编号和表上的不一样"), whole=True)
def numbered_by_word_itself(sheet):
    _renumbered(sheet, 13, ".", "{text}")
    for paragraph in sheet.cell(13, 1).findall(f"{W}p"):
        paragraph.insert(0, xml('<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'))


@dirty((CHANGED, 13, "编号和表上的不一样"), (CHANGED, 14, "编号和表上的不一样"))
def numbered_in_another_style(sheet):
    _renumbered(sheet, 13, ".", "{n}、{text}")
    _renumbered(sheet, 14, "）", "({n}){text}")


@dirty((CHANGED, 13, "编号和表上的不一样"), (CHANGED, 14, "编号和表上的不一样"))
def numbered_with_other_widths(sheet):
    _renumbered(sheet, 13, ".", "{n}．{text}")
    bare = [line.split("）", 1)[1] for line in _lines(sheet, 14, 1)]
    sheet.write(14, 1, *[f"({'一二三四五六七八九'[n]}) {line}" for n, line in enumerate(bare)])


@dirty((CHANGED, 13, "编号和表上的不一样"))
def not_numbered_at_all(sheet):
    _renumbered(sheet, 13, ".", "{text}")


@dirty()
def items_apart_by_line_breaks_only(sheet):
    sheet.write(13, 1, "\n".join(_lines(sheet, 13, 1)))


@dirty()
def items_apart_by_line_separators_only(sheet):
    sheet.write(13, 1, "\u2028".join(_lines(sheet, 13, 1)))


@dirty(
    (UNSURE, 13, "有的段落没有编号，接在上一项后面"),
    data=lambda data: data["部门职能概述"].__setitem__(0, data["部门职能概述"][0] + "\n包括室藏档案。"),
)
def an_item_of_two_paragraphs(sheet):
    lines = _lines(sheet, 13, 1)
    sheet.write(13, 1, lines[0], "包括室藏档案。", *lines[1:])


@dirty((UNSURE, 13, "一段里好像有几项"), data=lambda data: data.update(部门职能概述=["保管档案。2.提供利用。"]))
def several_items_in_one_paragraph(sheet):
    sheet.write(13, 1, "1.保管档案。2.提供利用。")


# --- what is no text ----------------------------------------------------------------------


@dirty(
    (UNPLACED, 16, "有图片或图形"),
    (UNPLACED, 17, "有文本框"),
    (UNPLACED, 18, "有隐藏的文字"),
    (UNPLACED, 2, "有特殊符号"),
    (UNSURE, 24, "有公式"),
    (UNPLACED, 6, "合并掉的格子里还有看不见的文字"),
)
def pictures_boxes_hidden_words_and_formulas(sheet):
    sheet.paragraph(16, 1).append(xml("<w:r><w:drawing><w:x/></w:drawing></w:r>"))
    sheet.paragraph(17, 1).append(
        xml("<w:r><w:pict><w:x><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:x></w:pict></w:r>")
    )
    sheet.paragraph(18, 1).append(xml("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"))
    sheet.paragraph(2, 1).append(xml('<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'))
    sheet.inner(24, 4, "<w:r><w:t>≤</w:t></w:r><m:oMath><m:r><m:t>100%</m:t></m:r></m:oMath>")
    sheet.paragraph(6, 0).append(run("鬼"))


@dirty(
    (UNSURE, 18, "里面还有一张表"),
    (UNSURE, 18, "里有换行"),
    data=lambda data: data["项目支出"][2].update(用途="甲\n乙"),
)
def a_table_inside_a_cell(sheet):
    inner = "".join(f"<w:tr><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>" for text in "甲乙")
    cell = sheet.cell(18, 5)
    for paragraph in cell.findall(f"{W}p"):
        cell.remove(paragraph)
    cell.append(xml(f"<w:tbl>{inner}</w:tbl>"))
    cell.append(xml("<w:p/>"))


# --- figures that do not add up -----------------------------------------------------------


@dirty(
    (DIFFERENT, 8, "原来是“549.46”，再印出来是“548.46”"),
    whole=False,
    check=("figure-claim",),
    data=lambda data: data["收入构成"]["合计"].update(当年=Decimal("549.46")),
)
def a_total_that_does_not_add_up(sheet):
    sheet.write(8, 3, "549.46")


def _share(data):
    if SHARES_ARE_CLAIMS:
        data["支出构成"]["人员类项目支出"]["占比"] = Decimal(83)


@dirty(
    *(() if SHARES_ARE_CLAIMS else ((DIFFERENT, 9, "表上印的是“83%”，算出来是 82.42%"),)),
    (DIFFERENT, 9, "原来是“83%”"),
    data=_share,
    whole=False,
    check=("figure-claim",) if SHARES_ARE_CLAIMS else (),
)
def a_share_that_is_not_the_share(sheet):
    sheet.write(9, 4, "83%")


@dirty((UNSURE, 21, "第 2 列的“2029”不一样"), (DIFFERENT, 21, "2028"), whole=False)
def the_same_value_twice_and_not_the_same(sheet):
    sheet.write(21, 0, "长期目标：\n截止2028年")


def _repacked(content, change):
    """The package with every part and its name changed."""
    source, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for info in source.infolist():
            target.writestr(*change(info.filename, source.read(info)))
    return buffer.getvalue()
