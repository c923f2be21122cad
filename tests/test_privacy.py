"""Nothing private in any byte under build/public, inside compressed streams too."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pikepdf
import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from perfgen.project.layout import DataFile
from tests.helpers.found import by_rule, errors
from tests.helpers.projects import snapshot, with_form

SECRETS = {
    "填报人: 示例": "填报人: 张秘密",
    "联系电话: ": "联系电话: 0000-7654321 #",
    "部门名称: ": (
        '允许公开的内容: {"13911111111": 李机密}\n调整理由: {预算执行率: 赵机密说的}\n'
        "审核记录: {0123456789abcdef: {审核人: 钱机密, 日期: 2025-01-10}}\n"
        "公开审查: {审查人: 孙机密, 日期: 2025-02-01, 结果: 可以公开, 意见: 机密的意见}\n部门名称: "
    ),
    "审核说明:\n": "审核说明:\n  D01: 王机密说的\n",
}


def everything(path) -> str:
    """All text a reader of a file could get at: bytes, PDF objects and streams, zip members."""
    content = path.read_bytes()
    found = [content.decode("utf-8", "replace"), content.decode("utf-16-be", "replace")]
    if path.suffix == ".pdf":
        from perfgen.prove import pdf_cells

        outside, rows = pdf_cells.read_tagged_cells(content)
        found += [outside, *(cell.text for row in rows for cell in row)]
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for thing in pdf.objects:
                found.append(repr(thing))
                if isinstance(thing, pikepdf.Stream):
                    raw = thing.read_bytes()
                    found += [raw.decode("utf-8", "replace"), raw.decode("utf-16-be", "replace")]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            found += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    return "\n".join(found)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    project = with_form(tmp_path_factory.mktemp("privacy") / "project", "data/site.yaml", "data/2025/示例市档案馆.yaml")
    path = project / "data/2025/示例市档案馆.yaml"
    text = path.read_text("utf-8")
    for old, new in SECRETS.items():
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    outcome = batch.build(BuildOrder(snapshot(project)))
    assert outcome.exit_code == 0, outcome.findings
    assert len(by_rule(outcome.findings, "private-unused")) == 1
    return project / "build"


def test_a_secret_is_planted_in_every_private_field(repository):
    from perfgen.form import forms

    members = forms.find(snapshot(repository), "department-target").fields.members
    private = {name for name, member in members.items() if not member.holds_public()}
    lines = [line for new in SECRETS.values() for line in new.splitlines() if not line.startswith(" ")]
    planted = {line.split(":")[0] for line in lines} - {"部门名称"}
    assert planted == private


@pytest.mark.pdf
def test_public_files_hold_no_secret_and_official_ones_do(built):
    public = [path for path in (built / "public").rglob("*") if path.is_file()]
    kinds = {".html", ".pdf", ".docx", ".json", ".jsonld", ".csv", ".xml", ".txt", ".css", ".js"}
    assert {path.suffix for path in public} == kinds
    for path in public:
        assert not re.search(
            "张秘密|7654321|[李王赵钱孙]机密|机密的意见|可以公开|13911111111|0123456789abcdef", everything(path)
        ), path
    official = "".join(everything(path) for path in (built / "official").rglob("*.*"))
    assert official.count("张秘密") >= 2 and official.count("7654321") >= 2


@pytest.mark.pdf
def test_the_row_of_private_values_is_gone_with_its_labels(built):
    from perfgen.prove import pdf_cells

    _, rows = pdf_cells.read_tagged_cells((built / "public/2025/示例市档案馆/示例市档案馆.pdf").read_bytes())
    assert not any("填报人" in cell.text or "联系电话" in cell.text for row in rows for cell in row)
    assert "填报人" not in (built / "public/2025/示例市档案馆/index.html").read_text("utf-8")


def test_the_public_report_cannot_say_what_it_does_not_hold(project):
    """A template that asks for more than it should finds nothing."""
    from perfgen.build import job
    from perfgen.report import site
    from perfgen.report.report import Edition

    path = project / "data/2025/示例市档案馆.yaml"
    path.write_text(path.read_text("utf-8").replace("填报人: 示例", "填报人: 张秘密", 1), "utf-8")
    result, editions = job.reports(
        snapshot(project), DataFile.at("data/2025/示例市档案馆.yaml"), site.load_site(snapshot(project))
    )
    assert not errors(result.findings)
    public = editions[Edition.PUBLIC]
    everything = [public.data, public.document, public.figures, public.facts, public.table, public.view._members]
    assert "张秘密" not in repr(everything)
    assert "张秘密" in repr(editions[Edition.OFFICIAL].document)


def test_notes_in_the_margin_of_the_template_stay_there(project):
    """A comment bears its author's name; what a run of it points at goes with it."""
    path = project / "templates/department-target/form.docx"
    document = docx.Document(str(path))
    paragraph = document.tables[0].cell(0, 0).paragraphs[0]
    document.add_comment(paragraph.runs, text="孙机密说要改", author="孙机密", initials="孙")
    document.save(str(path))
    assert "孙机密" in everything(path)
    outcome = batch.build(BuildOrder(snapshot(project), only=("docx",)))
    assert outcome.exit_code == 0, outcome.findings
    for made in (project / "build").rglob("*.docx"):
        assert not re.search("孙机密|comment", everything(made))
        assert docx.Document(str(made)).tables
