"""Many forms at once: a line for each file, two of one unit named together, everything else in a CSV."""

from __future__ import annotations

import csv
import importlib
import io
import zipfile

import pytest

from perfgen import cli
from perfgen.importing import import_file, overview
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.projects import snapshot
from tests.test_import import word_of
from tests.test_import_hostile import edited


@pytest.fixture
def forms(tiny_project):
    """The tiny project without data, and a folder: two good forms, a copy with another figure, two broken files."""
    folder = tiny_project / "forms"
    folder.mkdir()
    east = tiny_project / "data/2025/东园.yaml"
    for name in ("东园", "西园"):
        (folder / f"{name}.docx").write_bytes(word_of(f"data/2025/{name}.yaml", tiny_project))
    east.write_text(east.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    (folder / "东园 改.docx").write_bytes(word_of("data/2025/东园.yaml", tiny_project))
    (folder / "坏.docx").write_bytes(b"nothing")
    (folder / "旧.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    for name in ("东园", "西园"):
        (tiny_project / f"data/2025/{name}.yaml").unlink()
    return tiny_project


def run(root, *arguments) -> int:
    return cli.main(["-C", str(root), "import", "forms", "--year", "2025", *arguments])


def table(out: str) -> dict[str, list[str]]:
    """By form, the words of its row."""
    rows = [line.split("] ", 1)[1] for line in out.splitlines() if line.startswith("[")]
    return {row.split("forms/")[1].partition("：")[0]: row.split() for row in rows}


def test_each_file_is_a_row(forms, capsys):
    assert run(forms) == 2
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["年度", "确定", "待核", "错误", "警告", "单位", "←", "文件"]
    rows = table(out)
    assert list(rows) == ["东园 改.docx", "东园.docx", "坏.docx", "旧.doc", "西园.docx"]
    assert rows["西园.docx"] == ["✓", "2025", "12", "0", "0", "0", "西园", "←", "forms/西园.docx"]
    assert rows["坏.docx"][:6] == ["✗", "－", "－", "－", "1", "0"] and "没有写，不是 Word 文档" in " ".join(
        rows["坏.docx"]
    )
    assert "没有写，" in " ".join(rows["旧.doc"])


def test_two_files_of_one_unit_are_named_together_with_what_differs(forms, capsys):
    run(forms)
    said = capsys.readouterr()
    assert "东园.docx：没有写，和 forms/东园 改.docx 是同一个单位、同一年的表" in said.out
    heading, difference = said.err.split("是照前一个写的；后一个不一样的：\n")
    assert heading.startswith("forms/东园 改.docx 和 forms/东园.docx 是同一个单位、同一年的表，data/2025/东园.yaml ")
    assert "苹果" in difference.split("\n")[0] and "由 4.5" in difference.split("\n")[0], difference
    assert "4.5" in (forms / "data/2025/东园.yaml").read_text("utf-8")


def test_a_file_that_stood_before_is_no_twin(forms, capsys):
    tiny.write_unit(forms, "西园", "原来的\n")
    run(forms)
    assert "西园.docx：没有写，data/2025/西园.yaml 已经有了，没有动它" in capsys.readouterr().out


def test_of_many_findings_errors_are_shown_and_the_rest_is_in_the_report(forms, capsys, monkeypatch):
    monkeypatch.setattr(importlib.import_module("perfgen.commands.import"), "_FEW", 0)
    west = forms / "forms/西园.docx"
    text = zipfile.ZipFile(west).read("word/document.xml").decode()
    west.write_bytes(edited(west.read_bytes(), {"word/document.xml": text.replace(">3.5<", ">３.５<").encode()}))
    assert run(forms, "--report", "报告.csv") == 2
    said = capsys.readouterr().err
    assert said.count("不是 Word 文档") == 1 and "import-changed" not in said
    assert "读表时另有 1 个提示，没有逐条列出，在 报告.csv 里。" in said
    heading, *rows = csv.reader(io.StringIO((forms / "报告.csv").read_bytes().decode("utf-8-sig"), newline=""))
    assert heading[:4] == ["文件", "单位", "年度", "数据文件"]
    (found,) = [row for row in rows if row[10] == "import-changed"]
    assert found[0] == "forms/西园.docx" and found[9] == "提示"
    assert len([row for row in rows if not row[9]]) == 5, "a row a file"


@pytest.mark.parametrize("name", ["报告.txt", "build/public/报告.csv", "data/2025/东园.yaml"])
def test_a_report_is_a_csv_that_is_not_public(forms, capsys, name):
    assert run(forms, "--report", name) == 2
    assert "--report 写成" in capsys.readouterr().err or name.startswith("build")
    assert not (forms / "data/2025/西园.yaml").exists() and not (forms / name).exists()


def test_what_others_typed_runs_in_no_spreadsheet():
    row = overview.FileRow("=1+1.docx", "@SUM(A1)", "2025", "data/2025/=x.yaml", why_not="-1")
    (heading, cells) = csv.reader(io.StringIO(overview.report([row]).decode("utf-8-sig"), newline=""))
    assert len(heading) == len(cells) == 14
    assert [cells[0], cells[1], cells[8]] == ["'=1+1.docx", "'@SUM(A1)", "'-1"]


@pytest.mark.parametrize("label", ["公用经费控制", "战略管理", "经济效益", "人才支撑"])
@pytest.mark.parametrize("between", ["</w:t><w:br/><w:t>", "</w:t></w:r></w:p><w:p><w:r><w:t>"])
def test_a_fixed_labels_own_line_break_is_nothing_to_report(label, between):
    content = word_of("data/2025/示例市档案馆.yaml")
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert f">{label}<" in text
    broken = edited(
        content, {"word/document.xml": text.replace(f">{label}<", f">{label[:2]}{between}{label[2:]}<").encode()}
    )
    order = import_file.ImportOrder(snapshot(REPOSITORY))
    imported, plain = (import_file.import_form(one, "2025.docx", order) for one in (broken, content))
    assert imported.notes == plain.notes == [] and imported.data == plain.data


def test_a_free_names_line_break_is_told():
    content = word_of("data/2025/示例市档案馆.yaml")
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert ">档案资源建设<" in text
    broken = text.replace(">档案资源建设<", ">档案</w:t><w:br/><w:t>资源建设<")
    imported = import_file.import_form(
        edited(content, {"word/document.xml": broken.encode()}),
        "2025.docx",
        import_file.ImportOrder(snapshot(REPOSITORY)),
    )
    assert {note.rule for note in imported.notes} == {"import-unsure"}
