"""YAML to Word and back is the same YAML; the command writes it, and never over anything."""

from __future__ import annotations

import io
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfgen import cli
from perfgen.build import job
from perfgen.check.filing import Filing
from perfgen.findings import Level
from perfgen.form import forms
from perfgen.form.figures import names_of
from perfgen.importing import import_file
from perfgen.importing.paper.word_table import read_word_form as read_grid
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import open_data, site
from perfgen.report.report import Edition, assemble
from perfgen.source import reader
from perfgen.source.reader import Document
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers import tiny
from tests.helpers.projects import document_and_form, snapshot
from tests.helpers.words import docx_of

FORM = "department-target"
SPENDING = ["人员类项目支出", "运转类项目支出", "特定目标类项目支出"]


def word_of(source: str, root: Path = REPOSITORY) -> bytes:
    return docx.render(job.reports(snapshot(root), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL])


def typed(data, form, path=()):
    """Data without the figures that an import adds as claims, and without what no form prints."""
    if isinstance(data, list):
        return [typed(item, form, (*path, i)) for i, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    kept = {}
    for name, value in data.items():
        here = (*path, name)
        field = form.fields.at(here)
        known = field is None or field.printed or field.role in ("form", "year")
        below = typed(value, form, here)
        if below != {} and known and names_of(here) not in form.figures.units:
            kept[name] = below
    return kept


@pytest.mark.parametrize("source", SAMPLES)
def test_a_sample_comes_back(source):
    document, form = document_and_form(REPOSITORY, source)
    imported = import_file.import_form(word_of(source), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert imported.notes == []
    assert imported.proof.same == imported.proof.cells > 300
    assert imported.proof.changed == 0
    assert typed(imported.data, form) == typed(document.data, form)
    text = imported.text("../../")
    assert not [
        finding for finding in imported.checked(text, source, snapshot(REPOSITORY)) if finding.level is Level.ERROR
    ]
    assert reader.load_yaml(text.encode(), source).data == imported.data


def test_totals_become_claims_that_hold():
    imported = import_file.import_form(word_of(SAMPLES[0]), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert imported.data["收入构成"]["合计"]["当年"] > 0
    assert imported.data["支出构成"]["人员类项目支出"]["当年"] > 0


def test_the_year_is_told_by_the_years_printed():
    imported = import_file.import_form(
        word_of("data/2024/示例市档案馆.yaml"), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY))
    )
    assert imported.data["年度"] == Decimal(2024)


# --- forms at random ----------------------------------------------------------------------

awkward = st.sampled_from(
    ["< & > \"'", "{{ 年度 }}", "{% if %}", "{_{", "𠮷野家", "“三公”经费", "≥80%", "（一）有括号", "2.不是编号",
     "目标3：不是",
     "a: b", "- 短横", "#井", "100%", "null", "第一句。\n第二句。", "合　计", "甲 乙", "\\n", "x" * 300, "—",
     "０１％", "‰℃㎡", "1,000"]
)  # fmt: skip
letters = st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd", "Po", "Sm", "Sc", "Lo"], exclude_characters="ﷺ")
words = st.text(letters, min_size=1, max_size=30).filter(str.strip) | awkward
present = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)
amounts = st.none() | present


def usable(text: str) -> bool:
    """Whether a text may be in a data file: `check/characters` refuses the others."""
    from perfgen.importing.folding import cleaned

    return cleaned(text) == text and bool(text)


texts = words.filter(usable)
labels = texts.filter(lambda text: "\n" not in text and len(text) <= 60)


def targets(text: str):
    """An indicator's value: a number typed as such comes back as a number."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return text if not number.is_finite() or str(number) != text else number


values = texts.map(targets)


@st.composite
def departments(draw):
    form = forms.find(snapshot(REPOSITORY), FORM)

    def money(names):
        rows = {name: {year: draw(amounts) for year in ("当年", "上年", "前年")} for name in names}
        return {name: {y: v for y, v in row.items() if v is not None} for name, row in rows.items()}

    def indicators(field):
        made = []
        for _ in range(draw(st.integers(1, 3))):
            item = field.item
            row = {name: draw(st.sampled_from(m.choices) if m.choices else texts if not m.numeric else values)
                   for name, m in item.members.items()}  # fmt: skip
            made.append(row)
        return made

    def groups(field):
        found = {}
        for name, first in field.members.items():
            if first.kind == "value":
                continue
            below = list(first.members)
            names = draw(st.lists(st.sampled_from(below), unique=True, min_size=1)) if below else draw(
                st.lists(labels, unique_by=lambda t: "".join(t.split()), min_size=1, max_size=3)
            )  # fmt: skip
            names = [name for name in first.members if name in names] if below else names
            found[name] = {second: indicators(first.member(second)) for second in names}
        return {"目标": draw(texts), **found}

    projects = [
        {"项目名称": draw(texts), "类别": draw(st.sampled_from(SPENDING)),
         "总预算": draw(present), "本年度预算": draw(present), "用途": draw(texts)}
        for _ in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    listed = st.lists(texts, min_size=1, max_size=4)
    return {
        "表式": FORM, "年度": Decimal(draw(st.integers(2002, 2098))), "部门名称": draw(labels), "填报人": draw(texts),
        "联系电话": draw(texts), "收入构成": money(["财政拨款", "财政专户管理资金", "单位资金"]),
        "支出构成": {name: {y: v for y, v in row.items() if y != "当年"} for name, row in
                  money(SPENDING).items()},
        "部门职能概述": draw(listed), "年度工作任务": draw(listed), "项目支出": projects,
        "长期目标": {"截止年": Decimal(draw(st.integers(2000, 2100))), "目标": draw(listed)}, "年度目标": draw(listed),
        "长期绩效指标": [groups(form.fields.members["长期绩效指标"].item) for _ in range(draw(st.integers(1, 2)))],
        "年度绩效指标": [groups(form.fields.members["年度绩效指标"].item) for _ in range(draw(st.integers(1, 2)))],
    }  # fmt: skip


def emptied(node):
    """Data without empty members, which a printed form cannot show."""
    if isinstance(node, dict):
        kept = {name: emptied(value) for name, value in node.items()}
        return {name: value for name, value in kept.items() if value not in ({}, [])}
    return [emptied(item) for item in node] if isinstance(node, list) else node


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(departments())
def test_a_form_at_random_comes_back(data):
    form = forms.find(snapshot(REPOSITORY), FORM)
    filing = Filing(Document("data/2025/x.yaml", data, {}, {}), form)
    report = assemble(snapshot(REPOSITORY), filing, site.Site({}))[Edition.OFFICIAL]
    imported = import_file.import_form(docx.render(report), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert typed(imported.data, form) == typed(emptied(data), form)
    assert imported.proof.same == imported.proof.cells, imported.notes
    assert not [finding for finding in imported.notes if finding.rule in ("import-unplaced", "import-different")]


# --- another form, without new code --------------------------------------------------------


def test_another_form_imports_too(tiny_project):
    for name in ("东园", "西园"):
        source = f"data/2025/{name}.yaml"
        content = word_of(source, tiny_project)
        imported = import_file.import_form(
            content, "x.docx", import_file.ImportOrder(snapshot(tiny_project), year=2025)
        )
        assert imported.proof.same == imported.proof.cells
        data = document_and_form(tiny_project, source)[0].data
        assert imported.data == data | {"合计": Decimal("5.5")}


def test_the_form_that_fits_is_chosen(tiny_project):
    for name in ("schema", "templates"):
        for path in (REPOSITORY / name).rglob("*"):
            if path.is_file() and "site" not in path.name:
                target = tiny_project / name / path.relative_to(REPOSITORY / name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
    assert {FORM, "fruit"} <= set(forms.names(snapshot(tiny_project)))
    order = import_file.ImportOrder(snapshot(tiny_project), year=2025)
    assert import_file.import_form(word_of(SAMPLES[0]), "x.docx", order).form.name == FORM
    assert import_file.import_form(word_of("data/2025/东园.yaml", tiny_project), "x.docx", order).form.name == "fruit"


def test_conditions_plain_lists_and_values_around_the_table(tiny_project):
    schema = json.loads((tiny_project / "schema/fruit.schema.json").read_text("utf-8"))
    schema["properties"]["年"] = {"type": "integer", "x-role": "year", "x-public": True}
    line = "第{{ loop.index|中文数字 }}种{{ 果.名称 }}（{{ 果.斤数 }}斤）"
    template = docx_of(
        [
            ["果园", "{{ 果园 }}"],
            [("{%tr if 备注 %}", 2)],
            ["备注", "{{ 备注 }}"],
            [("{%tr endif %}", 2)],
            ["水果", f"{{%p for 果 in 水果 %}}\n{line}\n{{%p endfor %}}\n以上。"],
            ["合计", "{{ 合计 }}"],
        ],
        above="{{ 年 }}年水果登记表",
    )
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (tiny_project / "templates/fruit/form.docx").write_bytes(template)
    rows = "水果:\n  - {名称: 苹果, 斤数: 3.5}\n  - {名称: 梨, 斤数: 2}\n"
    order = import_file.ImportOrder(snapshot(tiny_project))
    for note in ("备注: 内部\n", ""):
        tiny.write_unit(tiny_project, "东园", f"form: fruit\n年: 2025\n果园: 东园\n{note}{rows}")
        imported = import_file.import_form(word_of("data/2025/东园.yaml", tiny_project), "x.docx", order)
        data = document_and_form(tiny_project, "data/2025/东园.yaml")[0].data
        assert imported.data == data | {"合计": Decimal("5.5")}
        assert imported.proof.same == imported.proof.cells
        assert [finding.message for finding in imported.notes] == []
    tiny.write_unit(tiny_project, "东园", f"form: fruit\n年: 2025\n果园: 东园\n{rows.replace('梨', '梨（大）')}")
    unclear = import_file.import_form(word_of("data/2025/东园.yaml", tiny_project), "x.docx", order)
    assert "几个值写在一起，分法不止一种" in unclear.notes[0].message


# --- the command --------------------------------------------------------------------------


def run(root, *arguments) -> int:
    return cli.main(["-C", str(root), "import", *map(str, arguments)])


@pytest.fixture
def empty(tiny_project):
    """The tiny project without data, and a folder of its forms."""
    folder = tiny_project / "forms"
    folder.mkdir()
    for name in ("东园", "西园"):
        (folder / f"{name}.docx").write_bytes(word_of(f"data/2025/{name}.yaml", tiny_project))
        (tiny_project / f"data/2025/{name}.yaml").unlink()
    return tiny_project


def test_a_folder_at_once(empty, capsys):
    (empty / "forms/~$东园.docx").write_bytes(b"lock")
    assert run(empty, "forms", "--year", "2025") == 0
    out = capsys.readouterr().out
    assert "[2/2] ✓   2025    12     0     0     0  西园 ← forms/西园.docx\n" in out
    text = (empty / "data/2025/东园.yaml").read_text("utf-8")
    assert text.startswith(
        "# yaml-language-server: $schema=../../schema/fruit.schema.json\nform: fruit\n年: 2025\n果园: 东园\n"
    )
    assert "  - {名称: 苹果, 斤数: 3.5}\n" in text
    assert cli.main(["-C", str(empty), "check"]) == 0


def test_it_never_writes_over_a_file(empty, capsys):
    target = tiny.write_unit(empty, "东园", "原来的\n")
    assert run(empty, "forms/东园.docx", "--year", "2025") == 2
    assert target.read_text("utf-8") == "原来的\n"
    assert "已经有了，没有动它" in capsys.readouterr().out
    assert run(empty, "forms/东园.docx", "-o", "data/2025/东园.yaml") == 2
    assert target.read_text("utf-8") == "原来的\n"


def test_one_bad_file_does_not_stop_the_others(empty, capsys):
    (empty / "forms/坏.docx").write_bytes(b"nothing")
    assert run(empty, "forms", "-o", "data/2025") == 1
    assert (empty / "data/2025/东园.yaml").exists()
    assert (empty / "data/2025/西园.yaml").exists()
    assert "不是 Word 文档" in capsys.readouterr().err


def test_the_year_comes_from_the_option_the_folder_or_the_name(empty, capsys):
    assert run(empty, "forms/东园.docx") == 2
    assert "看不出是哪一年的表；用 --year 写明" in capsys.readouterr().out
    assert run(empty, "forms/东园.docx", "-o", "data/2025/甲.yaml") == 0
    shutil.copy(empty / "forms/东园.docx", empty / "forms/东园2025年.docx")
    assert run(empty, "forms/东园2025年.docx") == 0
    assert (empty / "data/2025/东园.yaml").read_bytes() == (empty / "data/2025/甲.yaml").read_bytes()


def test_strict_writes_nothing_when_there_is_anything_to_tell(empty, capsys):
    rows = [["果园", "东园　"], ["备注", ""], ["名目", ""], ["1.苹果", "3.5"], ["合计", "3.5"]]
    (empty / "forms/空白.docx").write_bytes(docx_of(rows))
    assert run(empty, "forms/空白.docx", "--year", "2025", "--strict") == 1
    assert not (empty / "data/2025/东园.yaml").exists()
    assert run(empty, "forms/空白.docx", "--year", "2025") == 0
    assert "文字前后的空白去掉了" in capsys.readouterr().err


def test_a_units_name_cannot_lead_out_of_the_folder(empty):
    rows = [["果园", "../../../x:y"], ["备注", ""], ["名目", ""], ["1.苹果", "3.5"], ["合计", "3.5"]]
    (empty / "forms/外.docx").write_bytes(docx_of(rows))
    assert run(empty, "forms/外.docx", "--year", "2025") == 0
    assert (empty / "data/2025/_.._.._x_y.yaml").exists()


def test_wrong_use(empty, capsys):
    assert run(empty, "没有.docx") == 2
    assert run(empty, "forms", "-o", "x.yaml") == 2
    assert run(empty, "data") == 2
    assert run(empty, "forms/东园.docx", "--form", "veg") == 2
    assert run(empty, "forms/东园.docx", "--year", "25") == 2
    assert "Traceback" not in capsys.readouterr().err


# --- from a PDF ---------------------------------------------------------------------------


def pdf_with(data: bytes | None) -> bytes:
    import pikepdf

    pdf = pikepdf.new()
    pdf.add_blank_page()
    if data is not None:
        pdf.attachments[open_data.NAME] = pikepdf.AttachedFileSpec(pdf, data)
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def test_a_pdf_gives_its_public_part_back(project):
    source = "data/2025/示例市档案馆.yaml"
    reports = job.reports(snapshot(project), DataFile.at(source), site.load_site(snapshot(project)))[1]
    content = pdf_with(open_data.dump_open_data(reports[Edition.PUBLIC]))
    imported = import_file.import_form(content, "公开.pdf", import_file.ImportOrder(snapshot(project)))
    form = imported.form
    wanted = {n: v for n, v in reports[Edition.OFFICIAL].data.items() if n not in ("填报人", "联系电话")}
    assert typed(imported.data, form) == typed(wanted, form)
    assert imported.notes == []
    found = imported.checked(imported.text("../../"), source, snapshot(REPOSITORY))
    rules = [(finding.rule, finding.path) for finding in found if finding.level is Level.ERROR]
    assert rules == [("schema-required", ("填报人",))]
    assert found[-1].message == "填报人、联系电话没有填。"


@pytest.mark.pdf
def test_a_real_pdf_of_ours_gives_it_back(project):
    pytest.importorskip("weasyprint")
    from perfgen.render import pdf

    reports = job.reports(
        snapshot(project), DataFile.at("data/2025/示例市档案馆.yaml"), site.load_site(snapshot(project))
    )[1]
    content = pdf.render(reports[Edition.PUBLIC])
    imported = import_file.import_form(content, "公开.pdf", import_file.ImportOrder(snapshot(project)))
    assert imported.data["部门名称"] == "示例市档案馆"
    with pytest.raises(job.DataError, match="没有附带的数据"):
        import_file.import_form(
            pdf.render(reports[Edition.OFFICIAL]), "正式.pdf", import_file.ImportOrder(snapshot(project))
        )


@pytest.mark.parametrize("data", [None, b"", b"[1]", b"{", b"[" * 100_000, json.dumps({"a": "b"}).encode()])
def test_a_pdf_without_our_data_is_refused(project, data):
    with pytest.raises((job.DataError, import_file.UsageError)):
        import_file.import_form(pdf_with(data), "x.pdf", import_file.ImportOrder(snapshot(project)))


def test_the_grid_of_any_word_file_can_be_read():
    grid = read_grid(docx_of([["甲", ("乙", 2)], ["丙", "丁", "戊"]], split=True), "x.docx")
    assert [[(c.column, c.colspan, c.text) for c in row.cells] for row in grid.rows] == [
        [(0, 1, "甲"), (1, 2, "乙")], [(0, 1, "丙"), (1, 1, "丁"), (2, 1, "戊")],
    ]  # fmt: skip
