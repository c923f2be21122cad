"""A remembered line is the line that WeasyPrint would make, and rows without names stand where they stood."""

from __future__ import annotations

import inspect
import io
import re
import xml.etree.ElementTree as ET

import pydyf
import pytest
import weasyprint
from weasyprint.text import fonts, line_break

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.render import pdf
from perfgen.render.parts import pdf_bytes, pdf_faces, pdf_memory, pdf_rows
from perfgen.render.parts.pdf_layout import STYLE, Typesetter
from perfgen.report import site
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.pdf

PRINT = (REPOSITORY / "templates/shared" / STYLE).read_text("utf-8")
ROW = '<tr id="row-0-{}"><td>甲</td></tr>'


def test_the_installed_weasyprint_is_one_that_was_tried():
    assert weasyprint.__version__ in pdf_memory.TRIED


def test_all_that_weasyprint_reads_of_a_style_tells_texts_apart():
    """Otherwise, two styles that set a text differently would share its lines."""
    source = inspect.getsource(line_break) + inspect.getsource(fonts.get_font_description)
    read = set(re.findall(r"style\['(\w+)'\](?! =)", source))
    assert {"font_size", "overflow_wrap", "lang"} <= read
    assert read <= set(pdf_memory.READ)


def test_styles_that_say_the_same_have_one_shape_and_others_another():
    class Style(dict):
        """As WeasyPrint's styles, a dictionary with attributes."""

    usual = dict.fromkeys(pdf_memory.READ, "normal")
    one, same, other = Style(usual), Style(usual), Style({**usual, "font_size": 14.0})
    assert pdf_memory.shape_of(one) == pdf_memory.shape_of(same) != pdf_memory.shape_of(other)


def test_the_bytes_are_those_that_weasyprint_makes_without_a_memory(monkeypatch):
    """The second edition is set from lines of the first; then each is set anew, with names on all rows."""
    project = snapshot(REPOSITORY)
    reports = list(job.reports(project, DataFile.at(SAMPLES[0]), site.load_site(project))[1].values())
    remembered = [pdf.render(report) for report in reports]
    assert pdf_memory._LINES
    split, strut = line_break.split_first_line, line_break.strut
    for module in (weasyprint.layout.inline, weasyprint.layout.preferred):
        monkeypatch.setattr(module, "split_first_line", split)
        monkeypatch.setattr(module, "can_break_text", line_break.can_break_text)
    monkeypatch.setattr(weasyprint.layout.inline, "strut", strut)
    monkeypatch.setattr(weasyprint.pdf.fonts, "get_hb_object_data", fonts.get_hb_object_data)
    monkeypatch.setattr(weasyprint.pdf.fonts.Font, "subset", weasyprint.pdf.fonts.Font.subset.__wrapped__)
    monkeypatch.setattr(pdf_rows, "take_names", lambda root, sheets: {})
    assert [pdf.render(report) for report in reports] == remembered


class Face:
    """A font as `Font.subset` has it: what is left of its file are the characters that are used."""

    index, missing = 0, ()

    def __init__(self, hb_face: str) -> None:
        self.hb_face, self.file_content = hb_face, b"a whole file"


def test_a_face_is_cut_down_once_for_the_same_characters():
    """With another character, or of another face, it is another one; one that cannot be cut down is not kept."""
    made = []

    def subset(font, to_unicode, hinting):
        made.append((font.hb_face, *to_unicode))
        if to_unicode:
            font.file_content = f"{font.hb_face}{sorted(to_unicode)}".encode()

    ask = pdf_faces.remembered_subset(subset)

    def cut(face: str, *glyphs: int) -> bytes:
        font = Face(face)
        ask(font, dict.fromkeys(glyphs, "甲"), False)
        return font.file_content

    assert cut("宋", 1, 2) == cut("宋", 2, 1) == "宋[1, 2]".encode()
    assert cut("宋", 1) == "宋[1]".encode() and cut("黑", 1) == "黑[1]".encode()
    assert cut("黑") == cut("黑") == b"a whole file"
    assert made == [("宋", 1, 2), ("宋", 1), ("黑", 1), ("黑",), ("黑",)]


def test_the_bytes_of_an_object_are_made_once(monkeypatch):
    """A file written with kept bytes is the one that pydyf writes, objects that it adds while writing included."""
    made = []
    of_stream = pydyf.Stream.data.fget
    monkeypatch.setattr(pydyf.Stream, "data", property(lambda stream: made.append(stream) or of_stream(stream)))
    monkeypatch.setattr(pdf_bytes, "_keeping", pdf_bytes._keeping.__wrapped__)

    def written(*, keep: bool) -> bytes:
        file, output = pydyf.PDF(), io.BytesIO()
        file.add_object(pydyf.Stream([b"BT", 1.5, b"ET"], compress=True))
        file.add_page(pydyf.Dictionary({"Type": "/Page", "Parent": file.pages.reference}))
        file.info["Title"] = pydyf.String("甲")
        if keep:
            pdf_bytes.keep_bytes(None, file)
        file.write(output, version=b"1.7", identifier=True, compress=True)
        return output.getvalue()

    usual = written(keep=False)
    before = len(made)
    assert written(keep=True) == usual
    assert before == 5 and len(made) - before == 3


def test_rows_stand_where_their_own_names_would_say(monkeypatch):
    project = snapshot(REPOSITORY)
    report = next(iter(job.reports(project, DataFile.at(SAMPLES[0]), site.load_site(project))[1].values()))
    setter = Typesetter(report)
    page = '<html><head><link rel="stylesheet" href="print.css"/></head><body>{}</body></html>'
    rows = "".join(f'<tr id="row-0-{number}"><td>{"甲乙" * number}</td></tr>' for number in range(9))
    html = page.format(f'<table class="official" style="width: 99pt"><tbody>{rows}</tbody></table>')
    anchors = [dict(page.anchors) for page in setter.lay_out(html).pages]
    monkeypatch.setattr(pdf_rows, "take_names", lambda root, sheets: {})
    assert anchors == [dict(page.anchors) for page in setter.lay_out(html).pages]
    assert len(anchors[0]) == 9


LINKED = "<html><head><link rel='stylesheet' href='{}'/></head><body><table>{}</table></body></html>"


def test_rows_lose_their_names_and_other_elements_keep_theirs():
    root = ET.fromstring(LINKED.format("print.css", ROW.format(0) + "<tr><td id='row-0-1'>乙</td></tr>"))
    names = pdf_rows.take_names(root, {"templates/shared/page.css": "tr[id] { }", "templates/form/print.css": PRINT})
    assert list(names.values()) == ["row-0-0"]
    assert [element.get("id") for element in root.iter() if element.get("id")] == ["row-0-1"]


def test_the_forms_own_pages_need_no_names_of_rows(monkeypatch):
    """Otherwise each row has a style of its own, and so has each cell."""
    taken = []
    take = pdf_rows.take_names
    monkeypatch.setattr(pdf_rows, "take_names", lambda root, sheets: taken.append(take(root, sheets)) or taken[-1])
    project = snapshot(REPOSITORY)
    report = next(iter(job.reports(project, DataFile.at(SAMPLES[0]), site.load_site(project))[1].values()))
    pdf.render(report)
    assert len(taken[-1]) >= len(report.table.rows) - len(report.table.left_out)


@pytest.mark.parametrize("style", ["#row-0-0 { color: red }", "tr[id] { color: red }", "tr { TRANSFORM: scale(2) }"])
def test_rows_keep_their_names_where_a_style_may_look_at_them(style):
    sheets = {"templates/form/print.css": style, "templates/shared/all.css": "@Import 'print.css';"}
    inside = f"<html><head><style>{style}</style></head><body>{ROW.format(0)}</body></html>"
    for text in (LINKED.format("./print.css", ROW.format(0)), LINKED.format("all.css", ROW.format(0)), inside):
        root = ET.fromstring(text)
        assert pdf_rows.take_names(root, sheets) == {}
        assert [row.get("id") for row in root.iter("tr")] == ["row-0-0"]


def test_what_one_report_taught_is_not_probed_again(monkeypatch):
    project = snapshot(REPOSITORY)
    settings = site.load_site(project)
    official, public = job.reports(project, DataFile.at(SAMPLES[0]), settings)[1].values()
    pdf.learn(official)
    pages = []
    lay_out = Typesetter.lay_out
    monkeypatch.setattr(Typesetter, "lay_out", lambda self, html: pages.append(html) or lay_out(self, html))
    assert pdf.render(public)
    assert not [page for page in pages if 'id="table"' in page]
    assert len(pages) <= 2
