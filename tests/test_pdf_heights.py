"""Heights computed from lines are those of the layout, and where they are not, the layout is asked."""

from __future__ import annotations

import io
import os
import shutil
from contextlib import closing

import pikepdf
import pypdfium2
import pytest

from perfgen.build import job
from perfgen.cli import main
from perfgen.findings import FormError
from perfgen.project.layout import DataFile
from perfgen.render import pdf
from perfgen.render.parts import remarks
from perfgen.render.parts.pdf_layout import Typesetter
from perfgen.render.parts.pdf_pages import PageSetter
from perfgen.render.parts.pdf_ruler import PangoRuler
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.table import heights
from perfgen.table.heights import compute_measures
from perfgen.table.model import Cell, PageSetup, Table, TableRow
from perfgen.table.sheet import Segment, SheetCell
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.projects import snapshot
from tests.helpers.random_forms import random_report

pytestmark = pytest.mark.pdf

DATA = REPOSITORY / "tests" / "data"
FORMS = int(os.environ.get("PERFGEN_RANDOM_FORMS", "3"))
"""`make nightly` tries 500."""
FIRST = int(os.environ.get("PERFGEN_FIRST_FORM", "0"))


def reports(source: str, root=REPOSITORY) -> dict[Edition, Report]:
    return job.reports(snapshot(root), DataFile.at(source), site.load_site(snapshot(root)))[1]


def is_like_the_layout(report: Report) -> None:
    """Rows, labels and pages are those of the measuring layout."""
    setter = PageSetter(Typesetter(report))
    computed = setter.computed()
    measured = setter.measured()
    assert computed.above == pytest.approx(measured.above, abs=0.01)
    assert computed.rows == pytest.approx(measured.rows, abs=0.01)
    assert computed.labels == pytest.approx(measured.labels, abs=0.01)
    assert next(setter.plans(computed)) == next(setter.plans(measured))


@pytest.mark.parametrize("source", SAMPLES if FORMS > 3 else SAMPLES[::4])
def test_the_heights_of_a_sample_are_those_of_the_layout(source):
    for report in reports(source).values():
        is_like_the_layout(report)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + FORMS))
def test_the_heights_of_a_random_form_are_those_of_the_layout(seed):
    is_like_the_layout(random_report(snapshot(REPOSITORY), seed))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + FORMS))
def test_awkward_texts_stand_where_they_were_computed_to_stand(seed):
    """Rows of dashes, long words, blanks at ends of lines."""
    with remarks.heard() as remarked:
        try:
            PageSetter(Typesetter(random_report(snapshot(REPOSITORY), seed, awkward=True))).set()
        except FormError as error:
            # a cell that is taller than a page and cannot be broken
            assert "太长" in error.findings[0].message
    assert [text for text in remarked if "算不出" not in text] == []


def test_a_style_with_rules_of_its_own_is_measured_by_the_layout(project, capsys):
    """Rows of a fixed least height, which are no matter of lines; `--why` says it."""
    style = project / "templates/shared/print.css"
    style.write_text(style.read_text("utf-8") + ".official tr { height: 30pt }", "utf-8")
    assert main(["-C", str(project), "build", "--why", "--only", "pdf", "-j", "1"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "改用整张试排" in line]
    assert [line.partition("：")[0] for line in lines] == [
        "build/official/2025/示例市档案馆.pdf", "build/public/2025/示例市档案馆/示例市档案馆.pdf",
    ]  # fmt: skip


def test_a_title_of_another_height_is_seen(project):
    """Its form is planned as if the title were as high as the last one's; then it is probed."""
    report = reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL]
    setter = PageSetter(Typesetter(report))
    _, usual = setter.set()
    setter.probes().above = 300.0
    with remarks.heard() as remarked:
        assert setter.set()[1] == usual
    assert not remarked and setter.probes().above != 300.0


def test_a_style_that_breaks_lines_otherwise_is_measured_by_the_layout(project):
    style = project / "templates/shared/print.css"
    style.write_text(style.read_text("utf-8") + ".official td { letter-spacing: 1pt }", "utf-8")
    report = reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL]
    with remarks.heard() as remarked:
        PageSetter(Typesetter(report)).set()
    assert remarked == ["样式给文字定了别的换行规则，改用整张试排来分页（慢一倍）。"]


def test_a_line_that_is_exactly_as_wide_as_its_column_has_room():
    """WeasyPrint gives each line a billionth more; a text of this sample needs it."""
    (source,) = REPOSITORY.glob("data/2025/项目自评/*/食品安全监督抽检*.yaml")
    for report in reports(source.relative_to(REPOSITORY).as_posix()).values():
        is_like_the_layout(report)


def test_a_cell_that_was_laid_out_alone_for_one_edition_is_known_for_the_other():
    official, public = reports("data/2024/示例市市场监督管理局.yaml").values()
    PageSetter(Typesetter(official)).computed()
    setter = PageSetter(Typesetter(public))

    def uncertain() -> int:
        ruler = PangoRuler(setter.table, setter.probes())
        compute_measures(setter.table, 0.0, 0.0, ruler)
        return len(ruler.uncertain)

    assert uncertain() == 0
    is_like_the_layout(public)
    setter.probes().laid_out.clear()
    assert uncertain() > 0


def pictures(content: bytes) -> list[bytes]:
    """The pages of a PDF as pictures of a point a pixel."""
    with closing(pypdfium2.PdfDocument(content)) as file:
        return [bytes(page.render(scale=1).buffer) for page in file]


def test_an_earlier_page_of_a_form_is_set_as_it_was(project):
    """A bureau's own page, which has each paragraph in a p, and the style sheet that goes with it."""
    source = "data/2025/示例市档案馆.yaml"
    today = pdf.render(reports(source, project)[Edition.OFFICIAL])
    for name in ("form.html", "print.css"):
        shutil.copy(DATA / f"earlier-{name}", project / "templates/department-target" / name)
    report = reports(source, project)[Edition.OFFICIAL]
    with remarks.heard() as remarked:
        earlier = pdf.render(report)
    assert not remarked and pdf.prove(earlier, report)
    assert earlier != today and pictures(earlier) == pictures(today)


def test_text_without_a_paragraph_around_it_is_tagged_as_one(project):
    """Cells hold paragraphs, and nothing that is no paragraph; an empty cell holds nothing."""
    content = pdf.render(reports("data/2025/示例市档案馆.yaml", project)[Edition.OFFICIAL])
    with pikepdf.open(io.BytesIO(content)) as file:
        (table,) = [kid for kid in file.Root.StructTreeRoot.K[0].K if kid.S == "/Table"]
        cells = [cell for row in table.K for cell in row.K]
        tags = {str(kid.S) for cell in cells for kid in cell.K}
        parents = all(kid.P.objgen == cell.objgen for cell in cells for kid in cell.K)
    assert tags == {"/P"} and parents


class Ten:
    """A ruler of lines of ten, with two around each cell; a text has as many lines as characters."""

    def frame(self, _: Cell) -> heights.Frame:
        return heights.Frame(2.0, 10.0, 1.0, 12.0)

    def lines(self, cell: SheetCell, number: int) -> int:
        return sum(len(part.text) for part in cell.paragraphs[number])

    def starts(self, cell: SheetCell, number: int) -> list[int]:
        sizes = [len(part.text) for part in cell.paragraphs[number]]
        return [sum(sizes[:part]) for part in range(len(sizes))]

    def laid_out(self, _: SheetCell) -> None:
        return None


def test_a_label_gives_its_room_to_the_last_of_its_rows():
    rows = [[(3, 70.0), (1, 12.0)], [(1, 22.0)], [(1, 12.0)], [(1, 12.0)]]
    assert heights.row_bottoms(rows) == [12.0, 34.0, 70.0, 82.0]


def test_paragraphs_marks_and_empty_paragraphs_are_counted():
    cell = Cell(0, 0, 1, 1, "header", (), ())

    def height(*texts: str, continued: bool = False) -> float:
        paragraphs = tuple((Segment(text),) for text in texts)
        return heights.height_of(SheetCell(cell, 1, paragraphs, continued=continued), Ten())

    assert height() == height("") == 2.0
    assert height("甲") == 12.0
    assert height("甲乙", "", "丙") == 2.0 + 20.0 + 1.0 + 10.0
    assert height("甲乙", continued=True) == 2.0 + 10.0 + 12.0


def test_the_pieces_of_prose_begin_on_their_lines():
    text = "甲，乙丙。" * 40
    cells = (Cell(0, 0, 1, 1, "value", (text, "丁"), ()),)
    table = Table((), (TableRow(cells, (), splits=True),), (), (1000,), PageSetup(1, 1, 0, 0, 0, 0))
    measures = compute_measures(table, 5.0, 0.5, Ten())
    first, second = measures.pieces[0, 0]
    assert [piece.top for piece in first[:3]] == [0.0, 20.0, 50.0]
    assert [piece.top for piece in second] == [2001.0, 2011.0]
    assert measures.rows == (2.0 + 2000.0 + 1.0 + 10.0 + 0.5,)
    assert (measures.above, measures.line) == (5.0, 10.0)
