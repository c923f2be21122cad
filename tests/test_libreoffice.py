"""LibreOffice opens every Word file, sees the same text, and may save the template."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace as changed

import pytest

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.found import errors
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """Every sample as a Word file, with its report."""
    folder = tmp_path_factory.mktemp("words")
    found = {}
    for number, source in enumerate(SAMPLES):
        result, editions = job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))
        assert not errors(result.findings)
        path = folder / f"{number}.docx"
        path.write_bytes(docx.render(editions[Edition.OFFICIAL]))
        found[path] = editions[Edition.OFFICIAL]
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_its_text_equals_ours_in_order(words, convert, tmp_path):
    texts = convert(list(words), "txt:Text (encoded):UTF8", tmp_path)
    for path, (source, report) in zip(texts, words.items(), strict=True):
        blocks = [block.text for block in report.table.above]
        ours = "".join([*blocks, *(cell.text for cell in report.table.cells())])
        assert squeezed(path.read_text("utf-8-sig")) == squeezed(ours), source


def test_it_converts_every_word_file_to_pages_of_a4(words, convert, tmp_path):
    if not shutil.which("pdfinfo"):
        pytest.fail("poppler-utils is required beside LibreOffice")
    for path in convert(list(words), "pdf", tmp_path):
        info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
        pages = int(re.search(r"Pages:\s+(\d+)", info)[1])
        assert 3 <= pages <= 12
        assert "A4" in info


@pytest.fixture(scope="module")
def saved_template(convert, tmp_path_factory):
    """A project whose template LibreOffice opened and saved."""
    root = tmp_path_factory.mktemp("saved") / "project"
    for name in ("schema", "templates", "data"):
        shutil.copytree(REPOSITORY / name, root / name)
    out = tmp_path_factory.mktemp("out")
    template = root / "templates/department-target/form.docx"
    shutil.copy(convert([template], "docx:MS Word 2007 XML", out)[0], template)
    return root


@pytest.mark.parametrize("source", SAMPLES)
def test_a_template_it_saved_renders_the_same_cells(saved_template, source):
    ours = job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL]
    theirs = job.reports(snapshot(saved_template), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL]

    def cells(report):
        return [changed(cell, align="left") for cell in report.table.cells()]

    assert cells(theirs) == cells(ours)
    content = docx.render(theirs)
    assert docx.prove(content, theirs) == len(cells(ours))
    assert docx_cells.read_cells(content)[1] == docx_cells.read_cells(docx.render(ours))[1]


def test_what_it_saved_yields_a_sound_and_anonymous_package(saved_template, tmp_path):
    report = job.reports(snapshot(saved_template), DataFile.at(SAMPLES[0]), site.Site({}))[1][Edition.OFFICIAL]
    path = tmp_path / "x.docx"
    path.write_bytes(docx.render(report))
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        assert names.count("docProps/core.xml") == 1
        assert "20" not in re.sub(r"<[^>]*>|\d{4}年", "", package.read("docProps/core.xml").decode())
