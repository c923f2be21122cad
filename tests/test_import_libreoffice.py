"""Forms that LibreOffice saved, as docx and by way of odt, come back cell for cell."""

from __future__ import annotations

import pytest

from perfgen.build import job
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.review import returned
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers import certainty
from tests.helpers.projects import document_and_form, snapshot
from tests.test_import import typed

pytestmark = pytest.mark.libreoffice

OTHER_FORMS = (
    "data/2025/项目目标/示例市市场监督管理局/知识产权保护与质量强市[试点].yaml",
    "data/2025/项目监控/示例市档案馆/馆库与数字档案系统运行维护.yaml",
    "data/2024/项目自评/示例市市场监督管理局/消费维权与价格监管.yaml",
    "data/2024/部门自评/示例市市场监督管理局.yaml",
)
"""One file of each other form: with brackets in its name, with boxes, with tiers, with ＜ and three cells a target."""


@pytest.fixture(scope="module")
def saved(convert, tmp_path_factory):
    """By sample, its Word file as LibreOffice saved it: straight, and from odt."""
    folder = tmp_path_factory.mktemp("words")
    words = []
    for number, source in enumerate((*SAMPLES, *OTHER_FORMS)):
        path = folder / f"{number}.docx"
        path.write_bytes(
            docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL])
        )
        words.append(path)
    straight = convert(words, "docx:MS Word 2007 XML", tmp_path_factory.mktemp("straight"))
    texts = convert(words, "odt", tmp_path_factory.mktemp("odt"))
    back = convert(texts, "docx:MS Word 2007 XML", tmp_path_factory.mktemp("back"))
    return {source: (straight[n], back[n]) for n, source in enumerate((*SAMPLES, *OTHER_FORMS))}


@pytest.mark.parametrize("way", [0, 1], ids=["docx", "odt"])
@pytest.mark.parametrize("source", [*SAMPLES, *OTHER_FORMS])
def test_it_comes_back(saved, source, way):
    document, form = document_and_form(REPOSITORY, source)
    imported = import_file.import_form(
        saved[source][way].read_bytes(), "表.docx", import_file.ImportOrder(snapshot(REPOSITORY))
    )
    assert imported.notes == []
    assert imported.proof.same == imported.proof.cells
    assert typed(imported.data, form) == typed(document.data, form)
    standing = returned.read_standing(snapshot(REPOSITORY), source, (REPOSITORY / source).read_bytes())
    assert not returned.returned(snapshot(REPOSITORY), imported, standing).is_different


def test_the_share_of_certain_cells(saved, capsys):
    order = import_file.ImportOrder(snapshot(REPOSITORY))
    files = [way.read_bytes() for source in SAMPLES for way in saved[source]]
    read = [import_file.import_form(content, "表.docx", order) for content in files]
    assert certainty.keeps("LibreOffice 存的样例", read, capsys)
