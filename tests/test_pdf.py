"""The PDF of every sample: tags that tell the truth, declared fonts only, the Word file's text."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pikepdf
import pytest

from perfgen.build import job
from perfgen.findings import FormError
from perfgen.project.layout import DataFile
from perfgen.prove import pdf_cells
from perfgen.render import docx, pdf
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.found import errors
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.pdf


def reports(source: str, root: Path = REPOSITORY):
    result, editions = job.reports(snapshot(root), DataFile.at(source), site.load_site(snapshot(root)))
    assert not errors(result.findings)
    return editions


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory):
    """Both PDFs of every sample: path -> report."""
    folder = tmp_path_factory.mktemp("pdfs")
    found = {}
    for number, source in enumerate(SAMPLES):
        for edition, report in reports(source).items():
            path = folder / f"{number}-{edition}.pdf"
            path.write_bytes(pdf.render(report))
            found[path] = report
    return found


def pages_of(path: Path) -> list[str]:
    """The text of each page, as it stands there."""
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def test_every_cell_is_proven(pdfs):
    for path, report in pdfs.items():
        assert pdf.prove(path.read_bytes(), report) == len(list(report.table.cells()))


def test_the_structure_is_one_table_with_true_headers(pdfs):
    for path, report in pdfs.items():
        with pikepdf.open(path) as file:
            document = file.Root.StructTreeRoot.K[0]
            kinds = [str(kid.S) for kid in document.K]
            assert kinds == ["/H1", "/P", "/Table"]
            assert file.Root.Lang == "zh-CN"
            assert bool(file.Root.MarkInfo.Marked)
            assert report.unit in str(file.docinfo["/Title"])
        _, rows = pdf_cells.read_tagged_cells(path.read_bytes())
        cells = [cell for row in rows for cell in row]
        identifiers = [cell.identifier for cell in cells if cell.header]
        assert len(identifiers) == len(set(identifiers)) and "" not in identifiers
        assert {cell.scope for cell in cells if cell.header} == {"Row", "Column"}
        by_identifier = {cell.identifier: cell.text for cell in cells if cell.header}
        for cell in cells:
            assert set(cell.headers) <= set(by_identifier)


def test_a_value_is_read_with_the_group_it_is_in(pdfs):
    path = next(p for p, r in pdfs.items() if r.unit == "鄂州市财政局" and r.edition is Edition.OFFICIAL)
    _, rows = pdf_cells.read_tagged_cells(path.read_bytes())
    texts = {cell.identifier: re.sub(r"\s", "", cell.text) for row in rows for cell in row if cell.header}

    def spoken(row: int, column: int) -> list[str]:
        (cell,) = [c for c in rows[row] if re.sub(r"\s", "", c.text) and c.identifier.endswith(f"c{column}")] or [
            rows[row][column]
        ]
        return [texts[header] for header in cell.headers]

    value = rows[38][2]
    assert re.sub(r"\s", "", value.text) == "80%"
    assert [texts[h] for h in value.headers] == ["指标值", "长期绩效指标", "管理效率", "预算执行", "预算执行率"]
    share = rows[9][2]
    assert share.text.strip() == "7.5%"
    assert [texts[h] for h in share.headers] == ["占比", "部门总体资金情况", "支出构成", "运转类项目支出"]
    past = rows[68][3]
    assert [texts[h] for h in past.headers] == [
        "指标值", "近两年指标值", "前年", "年度绩效指标", "运行成本", "公用经费控制", "公用经费控制率",
    ]  # fmt: skip


def test_nothing_is_said_twice_to_a_reader_of_tags(pdfs):
    for path, report in pdfs.items():
        outside, rows = pdf_cells.read_tagged_cells(path.read_bytes())
        text = outside + "".join(cell.text for row in rows for cell in row)
        assert "（续）" not in text
        assert "— 1 —" not in text
        assert len(rows) == len(report.table.rows)


def test_pages_for_the_eye(pdfs):
    """Labels and headings go on, page numbers stand outside, no page ends in a heading."""
    for path, report in pdfs.items():
        pages = pages_of(path)
        assert len(pages) > 2
        for number, page in enumerate(pages, 1):
            lines = [line for line in page.splitlines() if line.strip()]
            assert re.sub(r"\s", "", lines[-1]) == f"—{number}—"
        assert any("（续" in page for page in pages[1:]), report.unit


def test_page_numbers_stand_outside(pdfs):
    """On the right of odd pages, on the left of even ones (GB/T 9704-2012, 7.5)."""
    for path in pdfs:
        boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
        for number, page in enumerate(boxes.split("<page ")[1:], 1):
            width, height = (float(re.search(rf'{side}="([\d.]+)"', page)[1]) for side in ("width", "height"))
            words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</word>', page)
            foot = [(float(x), text) for x, y, text in words if float(y) > height - 62]
            assert "".join(text for _, text in foot) == f"—{number}—"
            assert all((x > width / 2) == (number % 2 == 1) for x, _ in foot), (path, number)


def test_the_group_that_crosses_a_page_repeats_its_labels_and_headings(pdfs):
    path = next(p for p, r in pdfs.items() if r.unit == "鄂州市财政局" and r.edition is Edition.OFFICIAL)
    page = re.sub(r"\s", "", pages_of(path)[2])
    assert "长期" in page and "三级指标" in page and "指标分类" in page
    assert page.count("（续）") >= 2


def test_the_public_file_carries_its_data(pdfs):
    for path, report in pdfs.items():
        with pikepdf.open(path) as file:
            if report.edition is Edition.OFFICIAL:
                assert not file.attachments
                continue
            (name,) = file.attachments
            attached = file.attachments[name]
            content = json.loads(attached.get_file().read_bytes())
            assert name == "data.json"
            assert attached.relationship == pikepdf.Name("/Data")
            assert len(file.Root.AF) == 1
            date = report.publication.published.replace("-", "")
            assert str(file.Root.AF[0].EF.F.Params.ModDate) == f"D:{date}000000Z"
        assert content["部门名称"] == report.unit
        assert "填报人" not in content and "联系电话" not in content
        assert isinstance(content["收入构成"]["合计"]["当年"], str)


def test_only_declared_fonts_and_all_embedded(pdfs):
    for path in pdfs:
        listed = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        assert {line.split()[0].partition("+")[2] for line in listed} <= {
            "Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold", "Noto-Sans-CJK-SC",
        }  # fmt: skip
        assert all(" yes yes yes " in line for line in listed)


def test_same_bytes_again(pdfs):
    path, report = next((p, r) for p, r in pdfs.items() if r.edition is Edition.PUBLIC)
    assert pdf.render(report) == path.read_bytes()


@pytest.mark.libreoffice
def test_the_pdf_and_the_word_file_say_the_same_on_as_many_pages(pdfs, convert, tmp_path):
    official = {path: report for path, report in pdfs.items() if report.edition is Edition.OFFICIAL}
    words = []
    for path, report in official.items():
        words.append(tmp_path / f"{path.stem}.docx")
        words[-1].write_bytes(docx.render(report))
    for ours, theirs in zip(official, convert(words, "pdf", tmp_path / "out"), strict=True):
        assert abs(len(pages_of(ours)) - len(pages_of(theirs))) <= 1
    texts = convert(words, "txt:Text (encoded):UTF8", tmp_path / "out")
    for ours, word in zip(official, texts, strict=True):
        outside, rows = pdf_cells.read_tagged_cells(ours.read_bytes())
        said = outside + "".join(cell.text for row in rows for cell in row)
        assert pdf_cells.fold(said) == pdf_cells.fold(word.read_text("utf-8-sig"))


# --- what a template or a value may not do


def spoiled(project: Path, name: str, old: str, new: str):
    path = project / "templates/shared" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL]


@pytest.mark.parametrize(
    "thing",
    [
        '<img src="file:///etc/hostname" alt="x">', '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<img src="../../data/site.yaml" alt="x">', '<link rel="attachment" href="/etc/hostname">',
        '<link rel="stylesheet" href="https://example.invalid/x.css">', '<img src="ftp://x/y" alt="x">',
        '<style>@import url("/etc/passwd");</style>', '<img src="data:image/png;base64,AAAA" alt="x">',
    ],
)  # fmt: skip
def test_a_template_gets_no_file_from_elsewhere(project, thing):
    report = spoiled(project, "form.html", "<h1>", f"{thing}<h1>")
    with pytest.raises(FormError) as caught:
        pdf.render(report)
    assert caught.value.findings[0].rule in ("pdf-fetch", "pdf-warning")


def test_a_link_among_the_templates_leads_nowhere_else(project, tmp_path):
    (tmp_path / "secret.css").write_text("p { color: red }", "utf-8")
    (project / "templates/department-target/secret.css").symlink_to(tmp_path / "secret.css")
    report = spoiled(project, "form.html", "<h1>", '<link rel="stylesheet" href="secret.css"><h1>')
    with pytest.raises(FormError) as caught:
        pdf.render(report)
    assert caught.value.findings[0].rule == "pdf-fetch"


@pytest.mark.parametrize(("old", "new"), [("margin: 0 auto", "margin: nonsense"), ("collapse", "colapse")])
def test_a_warning_is_an_error(project, old, new):
    report = spoiled(project, "print.css", old, new)
    with pytest.raises(FormError) as caught:
        pdf.render(report)
    assert caught.value.findings[0].rule == "pdf-warning"


def test_a_character_of_another_font_is_found_with_its_place(project):
    """DejaVu has Georgian letters and Noto CJK has not: they would come out in a face nobody declared."""
    path = project / "data/2025/示例市档案馆.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("部门职能概述:\n  - ", "部门职能概述:\n  - ა", 1), "utf-8")
    with pytest.raises(FormError) as caught:
        pdf.render(reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL])
    (finding,) = caught.value.findings
    assert finding.rule == "pdf-glyph" and "U+10D0" in finding.message
    assert finding.place.line == text[: text.index("部门职能概述")].count("\n") + 2


@pytest.mark.parametrize("word", ["档" * 500, "W" * 500])
def test_a_label_that_fits_on_no_page_is_named(project, word):
    """The form's own schema allows no such label; another form's may."""
    schema = project / "schema/department-target.schema.json"
    schema.write_text(re.sub(r'"maxLength": *\d+', '"maxLength": 5000', schema.read_text("utf-8")), "utf-8")
    path = project / "data/2025/示例市档案馆.yaml"
    path.write_text(path.read_text("utf-8").replace("      数字档案馆建设:", f'      "{word}":'), "utf-8")
    with pytest.raises(FormError) as caught:
        pdf.render(reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL])
    (finding,) = caught.value.findings
    assert finding.place.file == "data/2025/示例市档案馆.yaml"
    assert finding.message.startswith(f"“{word[:20]}…”太长（表格第 ") and "500 个字" in finding.message


def test_hostile_values_stay_text(project):
    path = project / "data/2025/示例市档案馆.yaml"
    text = path.read_text("utf-8")
    evil = "<img src=file:///etc/passwd><style>@page{size:1px}</style><link rel=attachment href=/etc/passwd>"
    path.write_text(text.replace("部门职能概述:\n", f"部门职能概述:\n  - '{evil}'\n", 1), "utf-8")
    report = reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL]
    content = pdf.render(report)
    assert pdf.prove(content, report)
    with pikepdf.open(io.BytesIO(content)) as file:
        assert not file.attachments


def test_unused_objects_are_looked_for_as_before_when_a_pdf_is_made_or_not(monkeypatch):
    before, meanwhile = gc.get_threshold(), []

    def fail(_: object) -> bytes:
        meanwhile.append(gc.get_threshold())
        raise FormError([])

    monkeypatch.setattr(pdf, "_typeset", fail)
    with pytest.raises(FormError):
        pdf.render(None)
    assert meanwhile[0][0] > before[0] and gc.get_threshold() == before


def test_a_hyphen_at_the_end_of_a_line_is_read_back(project):
    """PDFium has a sign of its own for it. One of so many beginnings makes a line end there."""
    path = project / "data/2025/示例市档案馆.yaml"
    lines = "".join(f"  - {'字' * number}Wi-Fi覆盖\n" for number in range(28, 50))
    path.write_text(path.read_text("utf-8").replace("部门职能概述:\n", f"部门职能概述:\n{lines}", 1), "utf-8")
    report = reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL]
    assert pdf.prove(pdf.render(report), report)


def test_the_word_template_decides_paper_and_columns(project):
    from tests.helpers.words import edit

    template = project / "templates/department-target/form.docx"
    wide = edit(
        template.read_bytes(),
        "word/document.xml",
        lambda x: x.replace('w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906"').replace(
            '<w:gridCol w:w="1704"/>', '<w:gridCol w:w="3984"/>'
        ),
    )  # fmt: skip
    assert wide != template.read_bytes()
    template.write_bytes(wide)
    report = reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL]
    with pikepdf.open(io.BytesIO(pdf.render(report))) as file:
        assert [round(float(x)) for x in file.pages[0].MediaBox] == [0, 0, 842, 595]
    assert report.table.widths[3] == 3984


# --- veraPDF


@pytest.fixture(scope="session")
def verapdf():
    """Runs veraPDF: verapdf(paths, flavour) -> failed rules by file name."""
    jars = os.environ.get("PERFGEN_VERAPDF", "")
    if not shutil.which("java") or not list(Path(jars or "/nowhere").glob("greenfield-apps-*.jar")):
        if os.environ.get("PERFGEN_TESTS_REQUIRE") == "all":
            pytest.fail("veraPDF is required here; PERFGEN_VERAPDF names the folder of its jars")
        pytest.skip("没有 veraPDF；.ci/run 会取来，并用 PERFGEN_VERAPDF 说明它在哪里")

    def run(paths: list[Path], flavour: str) -> dict[str, set[str]]:
        command = ["java", "-cp", f"{jars}/*", "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", flavour]
        said = subprocess.run(
            [*command, "--format", "xml", *map(str, paths)], capture_output=True, text=True, timeout=600
        )
        found = {}
        for task in ET.fromstring(said.stdout).iter("job"):
            name = Path(task.findtext("item/name")).name
            (report,) = task.iter("validationReport")
            failed = {
                f"{r.get('clause')}-{r.get('testNumber')}" for r in report.iter("rule") if r.get("status") == "failed"
            }
            assert (report.get("isCompliant") == "true") == (not failed)
            found[name] = failed
        assert sorted(found) == sorted(path.name for path in paths)
        return found

    return run


def test_every_pdf_is_pdf_a_3a(pdfs, verapdf):
    assert set().union(*verapdf(list(pdfs), "3a").values()) == set()


def test_what_is_said_to_pdf_ua_stands_in_the_docs(pdfs, verapdf):
    """The list may only get shorter: a rule kept again must be struck from it."""
    page = (REPOSITORY / "docs/pdf.md").read_text("utf-8")
    listed = set(re.findall(r"^\| (\d[\d.]*-\d+) \|", page, re.MULTILINE))
    assert set().union(*verapdf(list(pdfs), "ua1").values()) == listed


def test_verapdf_would_notice(pdfs, verapdf, tmp_path):
    path = tmp_path / "bad.pdf"
    with pikepdf.open(next(iter(pdfs))) as file:
        del file.Root.StructTreeRoot
        del file.Root.MarkInfo
        file.save(path)
    assert verapdf([path], "3a")["bad.pdf"]


def test_a_text_without_room_is_asked_for_again(pdfs, monkeypatch):
    content = next(iter(pdfs)).read_bytes()
    read = pdf_cells.read_tagged_cells(content)
    text_of, sizes = pdf_cells._text_of, []

    def cramped(item, page, size=2):
        sizes.append(size)
        return text_of(item, page, size)

    monkeypatch.setattr(pdf_cells, "_text_of", cramped)
    assert pdf_cells.read_tagged_cells(content) == read
    assert sum(size > 2 for size in sizes) > 100
