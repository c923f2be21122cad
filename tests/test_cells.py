"""Boxes for the choices of a field, and a target in a cell each for sign, number and unit: printed, proven, refused."""

from __future__ import annotations

import io
import json
import shutil
import zipfile

import pytest

from perfgen import values
from perfgen.build import job, template_check
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx, html, pdf
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.review import returned
from perfgen.review.redline.write import redline
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet
from tests.helpers.words import docx_of

KINDS = ("常年性", "延续性", "一次性")
_TEXT = {"type": "string", "x-public": True}
SCHEMA = {
    **tiny.SCHEMA,
    "properties": {
        **{name: tiny.SCHEMA["properties"][name] for name in ("form", "年", "果园")},
        "种类": {"title": "种类", **_TEXT, "enum": list(KINDS)},
        "内部": {"title": "内部", "type": "string", "enum": ["是", "否"]},
        "行": {
            "title": "行", "type": "array",
            "items": {
                "title": "一行", "type": "object", "additionalProperties": False, "x-identity": "名",
                "properties": {"名": {"title": "名", **_TEXT}, "值": {"title": "值", **_TEXT, "x-measure": True}},
            },
        },
    },
}  # fmt: skip
SPLIT = ["{{ 一.名 }}", "{{ 一.值|符号 }}", "{{ 一.值|数值 }}", "{{ 一.值 | 单位 }}"]
ONE_BY_ONE = "1.常年性{{ 种类|选框('常年性') }} 2.延续性{{ 种类|选框(‘延续性’) }} 3.一次性{{ 种类|选框(\"一次性\") }}"
ROWS = [
    ["果园", ("{{ 果园 }}", 3)],
    ["种类", ("{{ 种类|选框 }}", 3)],
    ["哪一种", (ONE_BY_ONE, 3)],
    ["内部", ("{{ 内部|选框 }}", 3)],
    ["名称", "计算符号", "指标值", "计量单位"],
    [("{%tr for 一 in 行 %}", 4)],
    SPLIT,
    [("{%tr endfor %}", 4)],
]
PAGE = """\
<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ 果园|plain }}</title></head>
<body><p>{{ 果园 }}</p><p>{{ 种类|选框 }}</p><p>常年性{{ 种类|选框('常年性') }}</p>
{% for 一 in 行 %}<p>{{ 一.名 }} {{ 一.值|符号 }}{{ 一.值|数值|whole }}{{ 一.值|单位 }}</p>{% endfor %}</body></html>
"""
APART = [
    ("≥90%", "≥", "90", "%"),
    ("≤5天", "≤", "5", "天"),
    ("=100%", "=", "100", "%"),
    (">3项", ">", "3", "项"),
    ("<2万元", "<", "2", "万元"),
    ("≥1,000场（次）", "≥", "1,000", "场（次）"),
    ("5‰", "", "5", "‰"),
    ("≥10", "≥", "10", ""),
    ("12.5", "", "12.5", ""),
    ("-5%", "", "-5", "%"),
    ("80%~90%", "", "80%~90%", ""),
    ("提升≥10%", "", "提升≥10%", ""),
    ("每亩300元", "", "每亩300元", ""),
    ("优", "", "优", ""),
    ("规范有序", "", "规范有序", ""),
    ("2025年9月底前", "", "2025年9月底前", ""),
    ("约5个", "", "约5个", ""),
]
READ_OTHERWISE = [("不低于80%", "≥", "80", "%"), ("95%以上", "≥", "95", "%"), ("10天以内", "≤", "10", "天")]


def project(root, rows=ROWS, kind: str | None = "延续性", targets=("≥90%", "优")):
    """A form with boxes and split targets, and one unit that fills it."""
    tiny.make(root, ())
    (root / "schema/fruit.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    (root / "schema/fruit.rules.yaml").write_text("审核: []\n", "utf-8")
    (root / "templates/fruit/form.docx").write_bytes(docx_of(rows, above="登记表：{{ 种类|选框 }}"))
    (root / "templates/fruit/page.html").write_text(PAGE, "utf-8")
    shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared")
    return write(root, kind, targets)


def write(root, kind: str | None, targets=("≥90%", "优")):
    head = "form: fruit\n年: 2025\n果园: 东园\n" + (f"种类: {kind}\n" if kind else "") + "内部: 是\n"
    rows = "".join(
        f"  - {{名: 第{number}行, 值: {json.dumps(value, ensure_ascii=False)}}}\n"
        for number, value in enumerate(targets)
    )
    tiny.write_unit(root, "东园", head + f"行:\n{rows}")
    return root


def reports(root):
    shared = snapshot(root)
    return job.reports(shared, DataFile.at("data/2025/东园.yaml"), site.load_site(shared))[1]


def texts(report) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in report.table.rows]


@pytest.mark.parametrize(("typed", "sign", "number", "unit"), [*APART, *READ_OTHERWISE])
def test_a_target_is_taken_apart_as_it_is_read(typed, sign, number, unit):
    assert values.taken_apart(typed) == (sign, number, unit)


def test_boxes_and_parts_are_printed_by_docxtpl_as_the_table_has_them(tmp_path):
    editions = reports(project(tmp_path / "p"))
    official, public = editions[Edition.OFFICIAL], editions[Edition.PUBLIC]
    for report in (official, public):
        docx.prove(docx.render(report), report)
    html.prove(html.render(public), public)
    assert texts(official)[1:4] == [
        ["种类", "□常年性\u3000☑延续性\u3000□一次性"],
        ["哪一种", "1.常年性□ 2.延续性☑ 3.一次性□"],
        ["内部", "☑是\u3000□否"],
    ]
    assert texts(official)[-2:] == [["第0行", "≥", "90", "%"], ["第1行", "", "优", ""]]
    assert official.table.above[0].text == "登记表：□常年性\u3000☑延续性\u3000□一次性"
    assert not any("内部" in row for row in texts(public)), "what is withheld prints no box"


def test_an_empty_value_prints_empty_boxes(tmp_path):
    official = reports(project(tmp_path / "p", kind=None))[Edition.OFFICIAL]
    assert texts(official)[1][1] == "□常年性\u3000□延续性\u3000□一次性"


@pytest.mark.pdf
def test_a_pdf_says_the_same(tmp_path):
    official = reports(project(tmp_path / "p"))[Edition.OFFICIAL]
    assert pdf.prove(pdf.render(official), official)


def findings_of(root, *row) -> list[str]:
    rows = [*ROWS[:1], list(row), *ROWS[1:]]
    shared = snapshot(project(root, rows))
    form = forms.find(shared, "fruit")
    assert form is not None
    return [finding.message for finding in template_check.check_templates(form, shared)]


@pytest.mark.parametrize(
    ("tag", "wrong"),
    {
        "{{ 种类|选框('临时性') }}": "表格第 2 行第 2 列：“种类”的“选框('临时性')”："
        "没有这一种，有的是 常年性、延续性、一次性。",
        "{{ 果园|选框 }}": "表格第 2 行第 2 列：“果园”不能用“| 选框”：schema 里没有列出它有哪几种（enum）。",
        "{{ 果园|单位 }}": "表格第 2 行第 2 列：“果园”不能用“| 单位”：schema 里没有标明 x-measure。",
        "{{ 果园|单位('一') }}": "表格第 2 行第 2 列：{{ 果园|单位('一') }}：“| 单位”后面没有括号。",
    }.items(),
)  # fmt: skip
def test_a_filter_on_the_wrong_field_is_refused_with_its_place(tmp_path, tag, wrong):
    assert wrong in findings_of(tmp_path / "p", "多", (tag, 3))


def test_what_is_printed_in_part_only_is_told(tmp_path):
    root = project(tmp_path / "p", [*ROWS[:-2], ["{{ 一.名 }}", "", "{{ 一.值|数值 }}", "{{ 一.值|单位 }}"], ROWS[-1]])
    shared = snapshot(root)
    form = forms.find(shared, "fruit")
    assert [finding.message for finding in template_check.check_templates(form, shared)] == [
        "“行.值”只印了一部分，少了 符号。"
    ]
    with pytest.raises(FormError, match="只印了一部分，少了 符号"):
        _ = reports(root)[Edition.OFFICIAL].table


def test_a_wrong_filter_stops_a_build_too(tmp_path):
    root = project(tmp_path / "p", [*ROWS[:1], ["多", ("{{ 果园|选框 }}", 3)], *ROWS[1:]])
    with pytest.raises(FormError, match="选框"):
        _ = reports(root)[Edition.OFFICIAL].table


def read(content: bytes, root) -> import_file.Imported:
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(root), form="fruit", year=2025))


def printed(root) -> bytes:
    return docx.render(reports(root)[Edition.OFFICIAL])


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_a_form_that_was_printed_gives_the_data_back(tmp_path, kind):
    root = project(tmp_path / "p", kind=kind, targets=[typed for typed, *_ in APART])
    imported = read(printed(root), root)
    assert [str(note) for note in imported.notes] == []
    assert imported.data.get("种类") == kind
    assert [row["值"] for row in imported.data["行"]] == [typed for typed, *_ in APART if typed]
    assert imported.is_certain
    assert imported.proof.same == imported.proof.cells


@pytest.fixture
def sheet_of(tmp_path):
    """A printed form to write in, and what an import makes of it."""
    root = project(tmp_path / "p", targets=("≥90%",))
    sheet = Sheet(printed(root))
    return sheet, lambda: read(sheet.save(), root)


def kinds_of(imported) -> set[str]:
    return {note.rule for note in imported.notes}


@pytest.mark.parametrize(
    "text",
    [
        "□常年性　☒延续性　□一次性", "□常年性　√延续性　□一次性", "□常年性 □√延续性 □一次性", "○常年性 ■延续性 ○一次性",
        "☐常年性　✓☐延续性　☐一次性",
        "延续性", "（ ）常年性（√）延续性（ ）一次性", "□常年性□V延续性□一次性",
        "□ 常年性、☑ 延续性、□ 一次性",
    ],
)  # fmt: skip
def test_ticks_are_read_however_they_are_made(sheet_of, text):
    sheet, imported = sheet_of
    sheet.write(2, 1, text)
    made = imported()
    assert made.data["种类"] == "延续性"
    assert kinds_of(made) == {"import-changed"}


@pytest.mark.parametrize(
    "text",
    [
        "☑常年性　☑延续性　□一次性", "□常年性√　□延续性　□一次性", "□常年性　□延续性　□一次性　√",
        "常年性　延续性　一次性",
        "□常年性√□延续性□一次性", "□常年性　☑延续性", "□常年性　☑延续性　□一次性　□其他",
        "□□常年性　☑延续性　□一次性",
    ],
)  # fmt: skip
def test_a_tick_that_is_not_clear_is_never_guessed(sheet_of, text):
    sheet, imported = sheet_of
    sheet.write(2, 1, text)
    sheet.write(3, 1, "1.常年性 2.延续性 3.一次性")
    made = imported()
    unsure = [note for note in made.notes if note.rule == "import-unsure"]
    assert "种类" not in made.data
    assert (2, 2) in [(note.place.line, note.place.column) for note in unsure]


def test_boxes_one_by_one(sheet_of):
    sheet, imported = sheet_of
    sheet.write(2, 1, "□常年性　□延续性　□一次性")
    sheet.write(3, 1, "1.常年性 2.延续性√ 3.一次性□")
    made = imported()
    assert made.data["种类"] == "延续性"
    sheet.write(3, 1, "1.常年性□√ 2.延续性☑ 3.一次性□")
    made = imported()
    assert "种类" not in made.data
    assert any("勾了不止一种" in note.message for note in made.notes)


@pytest.mark.parametrize(
    ("cells", "value", "rule"),
    [
        (("大于等于", "90", "%"), "≥90%", "import-changed"),
        (("≧", "90", "%"), "≥90%", "import-changed"),
        ((">=", "90", "%"), "≥90%", "import-changed"),
        (("＝", "5", "项"), "=5项", "import-changed"),
        (("以上", "5", "项"), "≥5项", "import-changed"),
        (("", "≥90%", ""), "≥90%", "import-changed"),
        (("≥", "≥90%", "%"), "≥90%", "import-changed"),
        (("—", "优", "/"), "优", "import-changed"),
        (("≥", "", ""), None, "import-unsure"),
        (("", "", "%"), None, "import-unsure"),
        (("", "优", "%"), "优", "import-unsure"),
        (("≥", "≤90%", "%"), "≤90%", "import-unsure"),
        (("", "28.8万元", "%"), "28.8万元", "import-unsure"),
        (("2", "90", "%"), "90%", "import-unsure"),
        (("≥", "优", ""), "优", "import-unsure"),
    ],
)
def test_three_cells_are_put_together(sheet_of, cells, value, rule):
    sheet, imported = sheet_of
    for place, text in enumerate(cells, 1):
        sheet.write(6, place, text)
    made = imported()
    assert made.data["行"][0].get("值") == value
    assert kinds_of(made) == {rule} if rule == "import-changed" else rule in kinds_of(made)
    assert {note.place.line for note in made.notes} == {6}


def test_a_value_that_is_printed_whole_and_in_parts_must_agree(tmp_path):
    whole = ["{{ 一.名 }}（{{ 一.值 }}）", *SPLIT[1:]]
    root = project(tmp_path / "p", [*ROWS[:-2], whole, ROWS[-1]], targets=("不低于80%",))
    sheet = Sheet(printed(root))
    made = read(sheet.save(), root)
    assert made.data["行"][0]["值"] == "不低于80%"
    assert not made.notes
    sheet.write(6, 2, "85")
    made = read(sheet.save(), root)
    assert made.data["行"][0]["值"] == "不低于80%"
    assert any("别处印的是“不低于80%”" in note.message for note in made.notes)


BOX = "http://schemas.microsoft.com/office/word/2010/wordml"


def _control(label: str, ticked: bool) -> str:
    """A check box of Word's own (w14:checkbox) before a label."""
    state = f'<w14:checkbox xmlns:w14="{BOX}"><w14:checked w14:val="{int(ticked)}"/></w14:checkbox>'
    box = f"<w:sdt><w:sdtPr>{state}</w:sdtPr><w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt>"
    return f"{box}<w:r><w:t>{label}</w:t></w:r>"


def _symbol(label: str, ticked: bool) -> str:
    """A box of the font Wingdings before a label."""
    return (
        f'<w:r><w:sym w:font="Wingdings" w:char="{"F0FE" if ticked else "F0A8"}"/></w:r><w:r><w:t>{label}</w:t></w:r>'
    )


@pytest.mark.parametrize("box", [_control, _symbol])
def test_boxes_of_word_itself(sheet_of, box):
    sheet, imported = sheet_of
    sheet.inner(2, 1, "".join(box(kind, kind == "延续性") for kind in KINDS))
    assert imported().data["种类"] == "延续性"


def test_a_redline_shows_the_changed_cells(tmp_path):
    old = reports(project(tmp_path / "old"))[Edition.OFFICIAL]
    new = reports(project(tmp_path / "new", kind="一次性", targets=("≥95%", "优")))[Edition.OFFICIAL]
    content = redline(old, new, "审核", "2025-01-10T08:00:00Z")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        document = package.read("word/document.xml").decode()
    assert "<w:delText" in document
    assert "95" in document


@pytest.mark.libreoffice
def test_a_form_saved_by_libreoffice_gives_the_data_back(tmp_path, convert):
    root = project(tmp_path / "p", targets=[typed for typed, *_ in APART])
    path = tmp_path / "form.docx"
    path.write_bytes(printed(root))
    (made,) = convert([path], "docx", tmp_path / "saved")
    imported = read(made.read_bytes(), root)
    assert imported.data["种类"] == "延续性"
    assert [row["值"] for row in imported.data["行"]] == [typed for typed, *_ in APART]
    assert not [note for note in imported.notes if note.rule != "import-changed"]


def test_a_form_that_comes_back_changes_no_wording_that_it_does_not_show(tmp_path):
    root = project(tmp_path / "p", targets=("不低于80%", "≥90%"))
    file = root / "data/2025/东园.yaml"
    sheet = Sheet(printed(root))
    sheet.write(7, 2, "95")
    shared = snapshot(root)
    standing = returned.read_standing(shared, "data/2025/东园.yaml", file.read_bytes())
    made = returned.returned(shared, read(sheet.save(), root), standing)
    assert made.content.decode() == file.read_text("utf-8").replace("≥90%", "≥95%")


def test_a_unit_on_several_lines_is_kept_and_looked_at(sheet_of):
    sheet, imported = sheet_of
    sheet.write(6, 3, "场", "（次）")
    made = imported()
    assert made.data["行"][0]["值"] == "≥90场\n（次）"
    assert [(note.rule, note.place.column) for note in made.notes] == [("import-unsure", 4)]
