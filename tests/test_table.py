"""The template's table: its tags, its loops, its merges, and what it refuses."""

from __future__ import annotations

import pytest

from perfgen import fields
from perfgen.fields import Field
from perfgen.findings import FormError
from perfgen.prove import docx_cells
from perfgen.render.docx import _OfficialDocx, _WordEnvironment
from perfgen.report.publish import publish
from perfgen.table import expand, template
from perfgen.table.tags import TagError, control, pieces
from perfgen.table.view import Rows, make_view, members
from tests.helpers.projects import snapshot
from tests.helpers.words import docx_of, edit

SCHEMA = {
    "type": "object",
    "properties": {
        "表": {"const": "x", "x-role": "form"}, "年": {"type": "integer", "x-role": "year"},
        "名": {"type": "string", "x-role": "unit", "x-public": True}, "密": {"type": "string"},
        "密表": {"type": "array", "items": {"type": "string"}},
        "条": {"type": "array", "items": {"type": "string", "x-public": True}},
        "树": {
            "type": "object", "x-groups": "大类", "x-label": "名称",
            "additionalProperties": {
                "type": "object", "x-groups": "小类", "x-label": "名称",
                "additionalProperties": {
                    "type": "array", "x-rows": "行",
                    "items": {"type": "object", "properties": {"值": {"type": "string", "x-public": True}}},
                },
            },
        },
    },
}  # fmt: skip
FIELDS = fields.read_fields(SCHEMA, "x.schema.json")
TREE = {
    "东": {"甲": [{"值": "1"}, {"值": "2"}], "乙": [{"值": "3"}]},
    "西": {"乙": [{"值": "4"}], "丙": [{"值": "5"}, {"值": "6"}, {"值": "7"}]},
    "南": {"丙": [{"值": "8"}]},
}
NESTED = [
    [("头", 1, "restart"), ("表头", 3)],
    [("", 1, "continue"), ("{%tr for 大 in 树.大类 %}", 3)],
    [("", 1, "continue"), ("{%tr for 小 in 大.小类 %}", 3)],
    [("", 1, "continue"), ("{%tr for 行 in 小.行 %}", 3)],
    [("", 1, "continue"), "{% merge 大 %}{{ 大.名称 }}", "{% merge 小 %}{{ 小.名称 }}", "{{ 行.值 }}"],
    *[[("", 1, "continue"), ("{%tr endfor %}", 3)]] * 3,
]


def view(data, *, public: bool = False):
    return make_view(publish(data, FIELDS).data if public else data, FIELDS, {}, {}, public=public)


def table(tmp_path, rows, data, *, public: bool = False, **options):
    path = tmp_path / "form.docx"
    path.write_bytes(docx_of(rows, **options))
    return expand.expand(template.read_template(snapshot(tmp_path), path.name), view(data, public=public))


def shape(expanded):
    return [[(c.column, c.rowspan, c.colspan, c.text) for c in row.cells] for row in expanded.rows]


def rendered(tmp_path, data):
    """The physical cells docxtpl makes of the template written last."""
    document = _OfficialDocx(str(tmp_path / "form.docx"))
    document.render(dict(members(view(data))), _WordEnvironment(), autoescape=True)
    document.save(tmp_path / "out.docx")
    return docx_cells.read_cells((tmp_path / "out.docx").read_bytes())[1]


def test_merges_over_nested_groups(tmp_path):
    expanded = table(tmp_path, NESTED, {"树": TREE})
    assert shape(expanded) == [
        [(0, 9, 1, "头"), (1, 1, 3, "表头")],
        [(1, 3, 1, "东"), (2, 2, 1, "甲"), (3, 1, 1, "1")],
        [(3, 1, 1, "2")],
        [(2, 1, 1, "乙"), (3, 1, 1, "3")],
        [(1, 4, 1, "西"), (2, 1, 1, "乙"), (3, 1, 1, "4")],
        [(2, 3, 1, "丙"), (3, 1, 1, "5")],
        [(3, 1, 1, "6")],
        [(3, 1, 1, "7")],
        [(1, 1, 1, "南"), (2, 1, 1, "丙"), (3, 1, 1, "8")],
    ]


@pytest.mark.parametrize("split", [False, True], ids=["whole tags", "tags split over runs"])
@pytest.mark.parametrize("tree", [TREE, {}, {"东": {"甲": [{"值": "1"}]}}], ids=["full", "empty", "one row"])
def test_docxtpl_and_the_table_agree(tmp_path, tree, split):
    expanded = table(tmp_path, NESTED, {"树": tree}, split=split)
    rows = rendered(tmp_path, {"树": tree})
    assert len(rows) == len(expanded.rows)
    for physical, row in zip(rows, expanded.rows, strict=True):
        assert [(c.column, c.colspan, c.text) for c in physical if not c.continues] == [
            (c.column, c.colspan, c.text) for c in row.cells
        ]
        assert tuple(c.column for c in physical if c.continues) == row.continued
        assert all(c.text == "" for c in physical if c.continues)


def test_same_label_under_another_group_is_another_cell(tmp_path):
    rows = [
        [("{%tr for 大 in 树.大类 %}", 2)],
        [("{%tr for 小 in 大.小类 %}", 2)],
        ["{% merge 小 %}{{ 小.名称 }}", "{{ 大.名称 }}"],
        *[[("{%tr endfor %}", 2)]] * 2,
    ]
    expanded = table(tmp_path, rows, {"树": {"东": {"甲": []}, "西": {"甲": []}}})
    assert [cells[0] for cells in shape(expanded)] == [(0, 1, 1, "甲"), (0, 1, 1, "甲")]


def test_paragraph_loops_number_their_turns(tmp_path):
    cell = "{%p for 一 in 条 %}\n（{{ loop.index|中文数字 }}）{{ 一 }}\n{%p endfor %}"
    expanded = table(tmp_path, [["条", cell]], {"条": [f"第{n}" for n in range(1, 13)]})
    lines = expanded.rows[0].cells[1].paragraphs
    assert (lines[0], lines[9], lines[11]) == ("（一）第1", "（十）第10", "（十二）第12")
    assert rendered(tmp_path, {"条": ["甲", "乙"]})[0][1].text == "（一）甲\n（二）乙"


def test_an_empty_list_leaves_a_sound_cell(tmp_path):
    """docxtpl leaves a cell without a paragraph, which Word takes for a broken file."""
    rows = [["条", "{%p for 一 in 条 %}\n{{ 一 }}\n{%p endfor %}"]]
    assert table(tmp_path, rows, {}).rows[0].cells[1].text == ""
    assert [cell.text for cell in rendered(tmp_path, {})[0]] == ["条", ""]


def test_messages_name_the_row_of_a_loop(tmp_path):
    rows = [["甲"], ["{%tr for 一 in 错 %}"], ["{{ 一 }}"], ["{%tr endfor %}"]]
    with pytest.raises(FormError, match="第 2 行：表里没有“错”"):
        table(tmp_path, rows, {})
    with pytest.raises(FormError, match="第 2 行：“条”的循环没有结束标记"):
        table(tmp_path, [["甲"], ["{%tr for 一 in 条 %}"], ["{{ 一 }}"]], {})


def test_headers_and_footers_hold_no_tags(tmp_path):
    import zipfile

    path = tmp_path / "form.docx"
    path.write_bytes(docx_of([["甲"]]))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/header1.xml", edit_header("{{ 名 }}"))
    with pytest.raises(FormError, match="页眉"):
        template.read_template(snapshot(tmp_path), path.name)


@pytest.mark.parametrize("mark", ['<w:ins w:id="1" w:author="甲"/>', '<w:pPr><w:pPrChange w:id="1"/></w:pPr>'])
def test_a_template_with_tracked_changes_is_undecided(tmp_path, mark):
    path = tmp_path / "form.docx"
    path.write_bytes(edit(docx_of([["甲"]]), "word/document.xml", lambda xml: xml.replace("<w:p>", f"<w:p>{mark}", 1)))
    with pytest.raises(FormError, match="修订") as caught:
        template.read_template(snapshot(tmp_path), path.name)
    assert "接受或拒绝" in caught.value.findings[0].hint


def edit_header(text: str) -> str:
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:hdr xmlns:w="{words}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:hdr>'


def test_conditions_leave_rows_and_paragraphs_out(tmp_path):
    rows = [["{%tr if 密 %}"], ["有{{ 密 }}"], ["{%tr endif %}"], ["甲\n{%p if 名 %}\n乙\n{%p endif %}"]]
    assert [c.text for c in table(tmp_path, rows, {}).cells()] == ["甲"]
    assert [c.text for c in table(tmp_path, rows, {"密": "x", "名": "y"}).cells()] == ["有x", "甲\n乙"]


def test_in_public_a_row_of_private_values_is_left_out(tmp_path):
    rows = [
        [("头", 1, "restart"), ("密", 1), ("{{ 密 }}", 1)],
        [("", 1, "continue"), ("名", 1), ("{{ 名 }}", 1)],
        [("", 1, "continue"), ("混", 1), ("{{ 名 }}{{ 密 }}", 1)],
        [("", 1, "continue"), ("表", 1), ("{%p for 一 in 密表 %}\n{{ 一 }}\n{%p endfor %}", 1)],
    ]
    data = {"密": "机密", "名": "公开", "密表": ["也是机密"]}
    assert len(table(tmp_path, rows, data).rows) == 4
    public = table(tmp_path, rows, data, public=True)
    assert shape(public) == [
        [(0, 2, 1, "头"), (1, 1, 1, "名"), (2, 1, 1, "公开")],
        [(1, 1, 1, "混"), (2, 1, 1, "公开")],
    ]
    assert "机密" not in repr(public)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["{{ 错 }}"]], "第 1 行第 1 列：表里没有“错”"),
        ([["甲", "{{ 名.错 }}"]], "第 1 行第 2 列：表里没有“名.错”"),
        ([["{{ 树 }}"]], "一组内容"),
        ([["{%tr for 一 in 名 %}"], ["{{ 一 }}"], ["{%tr endfor %}"]], "不是列表"),
        ([["{% merge 大 %}甲"]], "不在“大”的循环里"),
        ([[("", 1, "continue")]], "上面却没有单元格"),
        ([["{{ 名|中文数字 }}"]], "不能用“| 中文数字”"),
    ],
)
def test_names_that_lead_nowhere(tmp_path, rows, words):
    with pytest.raises(FormError, match=words.replace("|", r"\|")) as caught:
        table(tmp_path, rows, {"名": "甲", "树": TREE})
    assert caught.value.findings[0].place.file == "form.docx"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["{%tr for 一 in 条 %}"], ["{{ 一 }}"]], "没有结束标记"),
        ([["甲"], ["{%tr endfor %}"]], "多出一个"),
        ([["{%tr if 名 %}"], ["甲"], ["{%tr endfor %}"]], "多出一个"),
        ([["{%tr for 一 in 条 %} 还有字"]], "单独占一行"),
        ([["甲", "{%tr for 一 in 条 %}"]], "单独占一行"),
        ([["甲{%p for 一 in 条 %}"]], "单独占一段"),
        ([["{% for 一 in 条 %}甲{% endfor %}"]], "不认识的标记"),
        ([["{% vm %}甲"]], "不认识的标记"),
        ([["{{ 名 | upper }}"]], "没有“| upper”"),
        ([["{{ 名 + 1 }}"]], "不认识的标记"),
        ([["{{ 名.__class__ }}x{{"]], "没有写完整"),
        ([["{{ 名"]], "没有写完整"),
        ([["{# 注释 #}"]], "不认识的标记"),
        ([["{% merge 大 %}{% merge 小 %}"]], "只能有一个 merge"),
    ],
)
def test_tags_outside_the_subset(tmp_path, rows, words):
    with pytest.raises(FormError, match=words.replace("|", r"\|")):
        table(tmp_path, rows, {})


def test_the_document_must_have_one_plain_table(tmp_path):
    path = tmp_path / "form.docx"
    two = "<w:tbl><w:tblGrid/></w:tbl>"
    for content, words in (
        (docx_of([["甲"]], extra=two), "现在有 2 张"),
        (edit(docx_of([["甲"]]), "word/document.xml", lambda x: x.replace("<w:tc>", f"<w:tc>{two}", 1)), "再套表格"),
        (b"not a zip", "不是 Word 文档"),
        (edit(docx_of([["甲"]]), "word/document.xml", lambda x: x.replace("</w:p>", "", 1)), "不是 Word 文档"),
    ):
        path.write_bytes(content)
        with pytest.raises(FormError, match=words):
            template.read_template(snapshot(tmp_path), path.name)


def test_a_template_cannot_reach_into_python(tmp_path):
    """What the reader lets through is a name; what docxtpl alone would be given runs in a sandbox."""
    (tmp_path / "form.docx").write_bytes(docx_of([["{{ 名.__class__.__mro__ }}"]]))
    document = _OfficialDocx(str(tmp_path / "form.docx"))
    with pytest.raises(Exception, match="unsafe"):
        document.render(dict(members(view({"名": "甲"}))), _WordEnvironment(), autoescape=True)


def test_pieces_and_controls():
    assert [type(p).__name__ for p in pieces("第{{ a.b }}页{% merge x %}")] == [
        "Literal_",
        "Print",
        "Literal_",
        "Merge",
    ]
    assert control("普通文字") is None
    with pytest.raises(TagError):
        control("{%tr endfor %}x")


def test_absent_fields_are_blank_and_lists_empty():
    made = view({})
    assert made["名"] == "" and made["条"] == [] and made["树"]["大类"] == []
    assert isinstance(made["条"], Rows)


def test_publishing_keeps_only_what_is_public():
    data = {"名": "甲", "密": "乙", "密表": ["丙"], "条": ["丁"], "树": {"东": {"甲": [{"值": "1"}]}}}
    assert publish(data, FIELDS).data == {"名": "甲", "条": ["丁"], "树": {"东": {"甲": [{"值": "1"}]}}}
    assert "乙" not in str(members(view(data, public=True)))


def test_rows_left_out_hand_their_merged_cells_on(tmp_path):
    """The public Word file: the label of a section whose first rows are private begins below them."""
    rows = [
        [("头", 1, "restart"), ("密", 1), ("{{ 密 }}", 1)],
        [("", 1, "continue"), ("表", 1), ("{%p for 一 in 密表 %}\n{{ 一 }}\n{%p endfor %}", 1)],
        [("", 1, "continue"), ("名", 1), ("{{ 名 }}", 1)],
        [("", 1, "continue"), ("又密", 1), ("{{ 密 }}", 1)],
        [("", 1, "continue"), ("又名", 1), ("{{ 名 }}", 1)],
    ]
    data = {"密": "机密", "名": "公开", "密表": ["甲"]}
    expanded = table(tmp_path, rows, data, public=True)
    assert expanded.left_out == (0, 1, 3)
    document = _OfficialDocx(str(tmp_path / "form.docx"), expanded.left_out)
    document.render(dict(members(view(data, public=True))), _WordEnvironment(), autoescape=True)
    document.save(tmp_path / "out.docx")
    physical = docx_cells.read_cells((tmp_path / "out.docx").read_bytes())[1]
    assert [[(c.continues, c.text) for c in row] for row in physical] == [
        [(False, "头"), (False, "名"), (False, "公开")],
        [(True, ""), (False, "又名"), (False, "公开")],
    ]


ROWS = Field("object", "", members={
    "密": Field("array", "密", item=Field("object", "", members={"电话": Field("value", "电话")})),
    "名单": Field("array", "名单", item=Field("object", "", members={
        "姓名": Field("value", "姓名"), "职务": Field("value", "职务", public=True),
        "家人": Field("array", "家人", item=Field("object", "", members={
            "姓名": Field("value", "姓名"), "称呼": Field("value", "称呼", public=True)}))})),
})  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "left", "origins"),
    [
        ([{"姓名": "甲"}, {"职务": "局长"}], [{"职务": "局长"}], {0: 1}),
        ([{"职务": "局长"}, {"姓名": "甲"}], [{"职务": "局长"}], {0: 0}),
        (
            [{"姓名": "甲"}, {"职务": "一"}, {"姓名": "乙"}, {"职务": "二"}],
            [{"职务": "一"}, {"职务": "二"}],
            {0: 1, 1: 3},
        ),
        ([{}, {"职务": "一", "姓名": "丙"}], [{"职务": "一"}], {0: 1}),
        ([{"职务": None, "姓名": "甲"}, {"职务": "一"}], [{"职务": "一"}], {0: 1}),
        ([{"职务": "一"}, {"职务": "二"}], [{"职务": "一"}, {"职务": "二"}], {0: 0, 1: 1}),
    ],
)
def test_a_row_with_nothing_public_is_left_out_and_places_stay_known(rows, left, origins):
    published = publish({"名单": rows, "密": [{"电话": "1"}]}, ROWS)
    assert published.data == {"名单": left}
    for after, before in origins.items():
        assert published.origin(("名单", after, "职务")) == ("名单", before, "职务")
        assert published.destination(("名单", before, "职务")) == ("名单", after, "职务")
    for gone in set(range(len(rows))) - set(origins.values()):
        assert published.destination(("名单", gone, "序")) is None


def test_rows_within_rows_are_left_out_too():
    family = [{"姓名": "甲"}, {"称呼": "父"}]
    published = publish({"名单": [{"姓名": "甲"}, {"职务": "一", "家人": family}, {"家人": [{"姓名": "乙"}]}]}, ROWS)
    assert published.data == {"名单": [{"职务": "一", "家人": [{"称呼": "父"}]}]}
    assert published.origin(("名单", 0, "家人", 0, "称呼")) == ("名单", 1, "家人", 1, "称呼")
    assert published.destination(("名单", 1, "家人", 1, "称呼")) == ("名单", 0, "家人", 0, "称呼")
    assert published.destination(("名单", 1, "家人", 0, "称呼")) is None


def test_a_list_without_public_rows_is_not_published():
    assert publish({"名单": [{"姓名": "甲"}]}, ROWS).data is None
