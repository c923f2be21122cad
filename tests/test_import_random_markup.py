"""Random markup in Word files: what our reader calls certain is what LibreOffice shows, or a known difference."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from perfgen.build import job
from perfgen.importing.paper.known import PUT_RIGHT
from perfgen.importing.paper.word_table import FormCell, read_word_form
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.witness import second_reading
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.system import office
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers import markup
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.libreoffice

BATCH = 10
# `make test` tries the same files every time; `make nightly` other ones, many more.
FILES = int(os.environ.get("PERFGEN_MARKUP_FILES", "50"))
FIRST = 0 if FILES == 50 else 1000


@pytest.fixture(scope="module")
def words(soffice) -> list[bytes]:
    return [
        docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL])
        for source in SAMPLES
    ]


def is_certain(at) -> bool:
    """Whether our reader says nothing that makes a cell unsure; a row has nothing to say."""
    return not isinstance(at, FormCell) or all(remark.trouble in PUT_RIGHT for remark in at.troubles)


def silent(content: bytes, shown: bytes, revisions: Revisions = Revisions.ACCEPT) -> Iterator[str]:
    """The differences that nobody would hear of."""
    comparison = second_reading.compare(read_word_form(content, "表.docx", revisions), shown, revisions)
    yield from (f"第 {number} 张表" for number in comparison.missing)
    for difference in comparison.differences:
        if is_certain(difference.at) and not difference.is_known:
            row = getattr(difference.at, "row", None) or difference.at.number
            yield f"第 {row} 行：{difference.sentence}"


@pytest.mark.parametrize("first", range(FIRST, FIRST + FILES, BATCH))
def test_no_difference_is_silent(words, first):
    made = {seed: markup.soiled(words[seed % len(words)], seed)[0] for seed in range(first, first + BATCH)}
    saved = dict(zip(made, office.convert(list(made.values()), ".docx", "odt"), strict=True))
    shown = {seed: odt for seed, odt in saved.items() if odt is not None}
    # a file that LibreOffice does not open is told by the import; it must not be many
    assert len(shown) >= BATCH - 3
    found = {seed: list(silent(made[seed], odt)) for seed, odt in shown.items()}
    assert {seed: differences for seed, differences in found.items() if differences} == {}


def test_the_markup_is_many_and_reaches_what_is_certain(words):
    kinds = set()
    unsure = certain = 0
    for seed in range(12):
        content, told = markup.soiled(words[seed % len(words)], seed)
        kinds |= {kind for text in told.values() for kind in text.split()}
        grid = read_word_form(content, "表.docx")
        for cell in (cell for row in grid.rows for cell in row.cells):
            unsure += not is_certain(cell)
            certain += is_certain(cell)
    assert {kind.__name__ for kind in markup.KINDS} <= kinds
    assert unsure > 200
    assert certain > 3000
