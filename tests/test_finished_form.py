"""The form as it is read: labels break between words, no value is broken inside a number or before a bracket."""

from __future__ import annotations

import copy
import io
import re
import shutil
import subprocess
import zipfile

import pytest
from lxml import etree

from perfgen.build import job
from perfgen.data import Data
from perfgen.fields import read_fields
from perfgen.findings import FormError
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.render import docx, pdf
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.table.sheet import in_parts, plain
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import DOCUMENT, W

SOURCE = "data/2025/示例市档案馆.yaml"
VALUES = ("≥90%-95%", "≥10场（次）", "100%以内", "≥2.9平方米", "≥5000人次", "≤0.5元")
"""Values that a form must not break; each takes the place of one that it has."""
PAST = ("10场（次）", "95.8%", "4386人次", "46.2万页")
LABELS = (
    "满意度",
    "项目支出成本控制",
    "可持续",
    "发展",
    "能力",
    "运行",
    "成本",
    "预算支出标准",
    "绩效基本型",
    "部门",
    "职能",
    "概述",
    "年度",
    "绩效",
    "指标",
    "特定目标类",
    "项目支出",
    "部门（单位）",
    "总目标",
)
OLD_WIDTHS = (935, 567, 1576, 1984, 720, 720, 964, 1361, 1151)
OLD_LABELS = {
    "部门总体资金情况": ("部门总体", "资金情况"),
    "部门职能概述": ("部门职", "能概述"),
    "年度工作任务": ("年度工", "作任务"),
    "项目支出情况": ("项目支", "出情况"),
    "整体绩效总目标": ("整体绩效", "总目标"),
    "长期绩效指标": ("长期绩", "效指标"),
    "年度绩效指标": ("年度绩", "效指标"),
    "人员类项目支出": ("人员类项目支出",),
    "项目本年度预算": ("项目本年", "度预算"),
    "运行成本": ("运行成本",),
    "可持续发展能力": ("可持续发展能力",),
}


def _report(project) -> Report:
    """The official report of a file with the values that must not break."""
    path = project / SOURCE
    text = path.read_text("utf-8")
    begin = text.index("年度绩效指标:")
    rows = iter(re.findall(r"前年: [^,]*, 上年: [^,]*, 指标值: [^,]*", text[begin:]))
    for number, value in enumerate(VALUES):
        before, after = PAST[number % len(PAST)], PAST[(number + 1) % len(PAST)]
        text = text.replace(next(rows), f"前年: {before}, 上年: {after}, 指标值: {value}")
    path.write_text(text, "utf-8")
    return job.reports(snapshot(project), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL]


@pytest.fixture
def report(project) -> Report:
    return _report(project)


def lines_of(content: bytes, tmp_path) -> set[str]:
    """Every run of characters that stands on one line of a PDF, without blanks."""
    if not shutil.which("pdftotext"):
        pytest.fail("poppler-utils is required here")
    path = tmp_path / "lines.pdf"
    path.write_bytes(content)
    command = ["pdftotext", "-bbox-layout", path, "-"]
    page = etree.HTML(subprocess.run(command, capture_output=True, check=True).stdout.decode())
    return {"".join("".join(line.itertext()).split()) for line in page.iter("line")}


def broken(lines: set[str], texts: tuple[str, ...]) -> list[str]:
    """Those of some texts that stand whole on no line; a line may hold several cells."""
    return [text for text in texts if not any(text in line for line in lines)]


@pytest.mark.pdf
def test_the_pdf_breaks_no_label_and_no_value(report, tmp_path):
    lines = lines_of(pdf.render(report), tmp_path)
    assert broken(lines, (*LABELS, *VALUES, *PAST)) == []
    assert broken(lines, ("卷（件）",)) == [], (
        "a unit and its bracket stand together, also where the number has no room"
    )


@pytest.mark.libreoffice
def test_libreoffice_breaks_no_label_and_no_value(report, convert, tmp_path):
    path = tmp_path / "form.docx"
    path.write_bytes(docx.render(report))
    (made,) = convert([path], "pdf", tmp_path)
    assert broken(lines_of(made.read_bytes(), tmp_path), (*LABELS, *VALUES, *PAST)) == []


def test_no_character_is_put_into_a_value(report):
    """Only the names of groups are set in lines, which the schema gives."""
    texts = [cell.text for row in docx_cells.read_cells(docx.render(report))[1] for cell in row]
    assert set(VALUES) <= set(texts) and set(PAST) <= set(texts)
    assert {"运行\n成本", "可持续\n发展\n能力", "满意度", "项目支出成本控制"} <= set(texts)


def numbers_at(content: bytes, tmp_path) -> list[tuple[str, float]]:
    """By page of a PDF, what stands at its foot, and how far it begins from the left edge, of a width of 1."""
    path = tmp_path / "pages.pdf"
    path.write_bytes(content)
    root = etree.HTML(
        subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True).stdout.decode()
    )
    found = []
    for page in root.iter("page"):
        width, height = float(page.get("width")), float(page.get("height"))
        foot = [word for word in page.iter("word") if float(word.get("ymin")) > height - 62]
        found.append(("".join(word.text for word in foot), min(float(word.get("xmin")) for word in foot) / width))
    return found


@pytest.mark.pdf
@pytest.mark.libreoffice
def test_word_and_pdf_number_pages_alike(report, convert, tmp_path):
    """On the right of odd pages, on the left of even ones (GB/T 9704-2012, 7.5)."""
    path = tmp_path / "form.docx"
    path.write_bytes(docx.render(report))
    (made,) = convert([path], "pdf", tmp_path)
    word, ours = numbers_at(made.read_bytes(), tmp_path), numbers_at(pdf.render(report), tmp_path)
    assert min(len(word), len(ours)) >= 3
    for (said, x), (also, also_x) in zip(word, ours, strict=False):
        assert said == also
        assert abs(x - also_x) < 0.03


def _as_before(content: bytes) -> bytes:
    """A Word file with the widths and the broken labels that forms had before."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts[DOCUMENT])
    for column, width in zip(root.iter(f"{W}gridCol"), OLD_WIDTHS, strict=True):
        column.set(f"{W}w", str(width))
    for row in root.iter(f"{W}tr"):
        first = 0
        for cell in row.findall(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            last = first + (1 if span is None else int(span.get(f"{W}val")))
            cell.find(f"{W}tcPr/{W}tcW").set(f"{W}w", str(sum(OLD_WIDTHS[first:last])))
            _set_label(cell)
            first = last
    parts[DOCUMENT] = etree.tostring(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()


def _set_label(cell) -> None:
    """Sets a label in the lines that it had before."""
    lines = OLD_LABELS.get("".join(node.text or "" for node in cell.iter(f"{W}t")))
    if lines is None:
        return
    model, *others = cell.findall(f"{W}p")
    for paragraph in others:
        cell.remove(paragraph)
    for line in lines[1:]:
        paragraph = copy.deepcopy(model)
        _write(paragraph, line)
        cell.append(paragraph)
    _write(model, lines[0])


def _write(paragraph, text: str) -> None:
    for mark in list(paragraph.iter(f"{W}br")):
        mark.getparent().remove(mark)
    first, *others = paragraph.iter(f"{W}t")
    first.text = text
    for node in others:
        node.text = ""


@pytest.mark.parametrize("change", [_as_before, lambda content: content])
def test_a_form_imports_without_a_note_whatever_its_widths_and_breaks(change):
    ours = job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL]
    result = import_file.import_form(
        change(docx.render(ours)), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY))
    )
    assert [finding.message for finding in result.notes] == []
    assert (result.count.certain, result.count.unsure) == (420, 0)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("≥90%-95%", ["≥90%-", "95%"]),
        ("10400卷（件）", ["10400", "卷（件）"]),
        ("2026年10月底前", ["2026年", "10月底前"]),
        ("≤1700元/㎡", ["≤1700", "元/㎡"]),
        ("5人次", ["5人次"]),
        ("100%以内", ["100%", "以内"]),
        ("3~5天", ["3~", "5天"]),
        ("共12,345.67万元，含3项", ["12,345.67", "万元，", "3项"]),
        ("规范", []),
        ("95.8%", []),
        ("（2024）", []),
    ],
)
def test_what_stands_on_one_line(text, pieces):
    assert "".join(part.text for part in in_parts(text)) == text
    assert [part.text for part in in_parts(text) if part.whole] == pieces


def test_a_very_long_number_may_be_broken():
    """It would stand out of its cell."""
    assert not any(part.whole for part in plain("1234567890" * 4 + "次"))


def _schema(**annotations: Data) -> dict[str, Data]:
    heads: dict[str, Data] = {
        name: {"type": "string", "x-role": role} for name, role in (("表", "form"), ("年", "year"), ("部", "unit"))
    }
    return {"type": "object", "properties": {**heads, "甲乙丙": {"type": "object", **annotations}}}


def test_lines_of_a_name_keep_its_characters():
    assert read_fields(_schema(**{"x-lines": "甲|乙丙"}), "s.json").members["甲乙丙"].lines == "甲\n乙丙"
    with pytest.raises(FormError, match="只把名称分成几行"):
        read_fields(_schema(**{"x-lines": "甲|乙丁"}), "s.json")
