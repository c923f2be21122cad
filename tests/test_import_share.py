"""The share of certain cells over the samples and the good cases is printed, and does not fall."""

from __future__ import annotations

import pytest

from perfgen.build import job
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers import certainty
from tests.helpers.projects import snapshot
from tests.test_cases import GOOD, YEAR, cases_project

pytestmark = pytest.mark.long

assert cases_project, "a fixture of the tests of good and bad cases"


def read(root, source) -> import_file.Imported:
    """A file's official form, as it is imported again."""
    word = docx.render(job.reports(snapshot(root), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL])
    return import_file.import_form(word, "表.docx", import_file.ImportOrder(snapshot(root)))


def test_samples(capsys):
    assert certainty.keeps("样例", [read(REPOSITORY, source) for source in SAMPLES], capsys)


def test_good_cases(cases_project, capsys):
    files = [f"data/{YEAR}/good/{name}.yaml" for name in GOOD]
    assert certainty.keeps("好例子", [read(cases_project.root, file) for file in files], capsys)


def test_what_is_kept_is_whole():
    """A number that was lowered by hand, or a set that was left out, is seen here."""
    shares = certainty.kept()
    assert set(shares) == {"样例", "好例子", "LibreOffice 存的样例"}
    assert all(certain == cells > 1000 for certain, cells in shares.values())
