"""`import --witness`: our reading is held against what LibreOffice shows, and a wrong one is noticed."""

from __future__ import annotations

import http.server
import re
import threading

import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.findings import ToolError
from perfgen.importing.paper import word_context, word_fields, word_runs, word_styles
from perfgen.importing.paper.word_table import read_word_form
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.witness import known_differences, second_reading
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.system import office
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.processes import eventually, is_running
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet
from tests.test_import_understood import field, run

SOURCE = "data/2025/示例市档案馆.yaml"
ROW, PLACE = 60, 6


def official(source):
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL])


@pytest.fixture(scope="module")
def clean():
    return official(SOURCE)


def with_cell(clean: bytes, content: str) -> bytes:
    """The file with other content in one cell."""
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, content)
    return sheet.save()


def differing(content, shown, revisions=Revisions.ACCEPT):
    """The differences of a file that are not known, as (row, ours, theirs)."""
    comparison = second_reading.compare(read_word_form(content, "表.docx", revisions), shown, revisions)
    return [(getattr(d.at, "row", 0), d.ours, d.theirs) for d in comparison.differences if not d.is_known]


@pytest.mark.parametrize("source", SAMPLES)
def test_samples_are_read_alike(shown, source):
    assert differing(*shown[source]) == []


BROKEN = {
    "superscripts are dropped": (run("≥12×10") + run("4", '<w:vertAlign w:val="superscript"/>'), "≥12×104",
                                 lambda patch: patch.setattr(word_runs, "shown", lambda text, _: (text, None))),
    "lines are joined": (run("61") + "<w:r><w:br/></w:r>" + run("34"), "6134",
                         lambda patch: patch.setitem(word_runs._CHARACTERS, f"{word_runs.W}br", "")),
    "struck text is read": (run("≥2", "<w:strike/>") + run("≥300件"), "≥2≥300件",
                            lambda patch: patch.setattr(word_context.Styles, "look", lambda *_: word_styles.RunLook())),
    "results are dropped": (field(" =SUM(A1) ", run("240")) + run("件"), "件",
                            lambda patch: patch.setattr(word_fields, "display", lambda _: word_fields.Display(""))),
    "signs are dropped": ('<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>' + run("5件"), "5件",
                          lambda patch: patch.setattr(word_runs.RunReader, "_sign", lambda *_: None)),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_reader_is_noticed(shown, kind, monkeypatch):
    _, misread, damage = BROKEN[kind]
    assert differing(*shown[kind]) == []
    damage(monkeypatch)
    found = differing(*shown[kind])
    assert (ROW, misread) in [(row, ours) for row, ours, _ in found]


def test_a_moved_cell_is_noticed(shown, clean):
    sheet = Sheet(clean)
    first, second = sheet.cell(ROW, PLACE - 1), sheet.cell(ROW, PLACE)
    first.addprevious(second)
    assert {row for row, *_ in differing(sheet.save(), shown[SOURCE][1])} == {ROW}


def tracked(clean: bytes) -> bytes:
    """The file with a digit that was replaced, as a tracked change."""
    who = 'w:id="7" w:author="x" w:date="2024-01-02T00:00:00Z"'
    deleted = run("1").replace("w:t>", "w:delText>")
    return with_cell(clean, f"{run('≥24')}<w:del {who}>{deleted}</w:del><w:ins {who}>{run('0')}</w:ins>{run('件')}")


@pytest.mark.parametrize("revisions", list(Revisions))
def test_tracked_changes_are_treated_alike(shown, revisions):
    assert differing(*shown["tracked"], revisions) == []


def imported(project, capsys, *arguments):
    """The exit code of an import, and what it printed."""
    code = cli.main(["-C", str(project), "import", *arguments])
    out, err = capsys.readouterr()
    return code, out + err


@pytest.mark.libreoffice
def test_the_command_says_what_differs(soffice, project, clean, capsys, tmp_path):
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, field(r" EQ \f(1,2) ") + run("240件"))
    (tmp_path / "好.docx").write_bytes(clean)
    (tmp_path / "坏.docx").write_bytes(sheet.save())
    code, out = imported(project, capsys, str(tmp_path / "好.docx"), "--witness", "-o", str(tmp_path / "好.yaml"))
    assert (code, "LibreOffice 显示的一样的 420 格" in out) == (0, True)
    code, out = imported(project, capsys, str(tmp_path / "坏.docx"), "--witness", "-o", str(tmp_path / "坏.yaml"))
    assert code == 1
    assert "确定 419 格" in out


@pytest.mark.libreoffice
@pytest.mark.usefixtures("soffice")
def test_a_cell_shown_otherwise_is_pending(project, clean, capsys, tmp_path, monkeypatch):
    sheet = Sheet(clean)
    sheet.inner(ROW, PLACE, run("≥24") + run("0", "<w:strike/>") + run("件"))
    (tmp_path / "表.docx").write_bytes(sheet.save())
    monkeypatch.setattr(word_context.Styles, "look", lambda *_: word_styles.RunLook())
    code, out = imported(project, capsys, str(tmp_path / "表.docx"), "--witness", "-o", str(tmp_path / "表.yaml"))
    assert code == 1
    assert "LibreOffice 显示的是“≥24件”，读到的是“≥240件”" in out
    (line,) = [line for line in (tmp_path / "表.yaml").read_text("utf-8").splitlines() if "待核" in line]
    assert "≥240件" in line


def test_without_libreoffice_it_says_what_to_install(project, clean, capsys, tmp_path, monkeypatch):
    (tmp_path / "表.docx").write_bytes(clean)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out = imported(project, capsys, str(tmp_path / "表.docx"), "--witness", "-o", str(tmp_path / "表.yaml"))
    assert code == 3
    assert "libreoffice-writer-nogui" in out
    assert not (tmp_path / "表.yaml").exists()


def test_what_libreoffice_cannot_open_is_not_called_certain(project, clean, capsys, tmp_path, monkeypatch):
    (tmp_path / "表.docx").write_bytes(clean)
    monkeypatch.setattr(office, "convert", lambda contents, *_: [None] * len(contents))
    code, out = imported(project, capsys, str(tmp_path / "表.docx"), "--witness", "-o", str(tmp_path / "表.yaml"))
    assert code == 1
    assert "没有比较" in out
    assert "# 待核：LibreOffice 打不开" in (tmp_path / "表.yaml").read_text("utf-8")


@pytest.mark.libreoffice
def test_a_call_that_takes_too_long_is_ended(tmp_path, clean, monkeypatch):
    """It, and what it has started, before they end by themselves."""
    slow, started, ended = tmp_path / "soffice", tmp_path / "started", tmp_path / "ended"
    slow.write_text(f"#!/bin/sh\nsleep 60 &\necho $$ $! > '{started}'\nsleep 60\ntouch '{ended}'\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert office.convert([clean], ".docx", "odt", seconds=3) == [None]
    assert not ended.exists()
    processes = [int(process) for process in started.read_text().split()]
    assert len(processes) == 2 and eventually(lambda: not any(map(is_running, processes)))


@pytest.mark.libreoffice
def test_one_file_that_cannot_be_opened_leaves_the_others(soffice, clean):
    first, second = office.convert([b"PK\x03\x04 no package", clean], ".docx", "odt")
    assert second is not None
    assert first is None or differing(clean, first)


def test_libreoffice_that_is_not_there(clean, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="libreoffice-writer-nogui"):
        office.convert([clean], ".docx", "odt")


@pytest.mark.parametrize("content", [b"", b"PK", b"<html/>"])
def test_what_is_no_opendocument_file_is_no_witness(clean, content):
    assert second_reading.compare(read_word_form(clean, "表.docx"), content, Revisions.ACCEPT) is None


LINKED = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="500000" cy="500000"/><wp:docPr id="1" name="p"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="q8"/></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="500000" cy="500000"/></a:xfrm><a:prstGeom prst="rect"/>'
    "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


@pytest.fixture
def listener():
    """A server on this machine: its address, and the paths that were asked for."""
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_CONNECT = do_GET

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.mark.libreoffice
def test_libreoffice_fetches_nothing(soffice, clean, listener, monkeypatch):
    address, asked = listener
    sheet = Sheet(clean)
    fields = (f' INCLUDETEXT "{address}/t.docx" ', f' INCLUDEPICTURE "{address}/f.png" \\d ')
    sheet.inner(ROW, PLACE, LINKED + "".join(field(code, run("5")) for code in fields))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="q8" Type="{kind}/image" Target="{address}/i.png" TargetMode="External"/>'
    name = "word/_rels/document.xml.rels"
    sheet.parts[name] = sheet.parts[name].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    office.convert([sheet.save()], ".docx", "odt")
    assert asked == []
    # what keeps it in is our profile: as it comes, LibreOffice fetches the picture
    monkeypatch.setattr(office, "_SETTINGS", {})
    monkeypatch.setattr(office, "_NOWHERE", "")
    office.convert([sheet.save()], ".docx", "odt")
    assert "/i.png" in asked


KNOWN_CASES = {
    "prompt": ('<w:sdt><w:sdtPr><w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent>' + run("单击此处输入文字。") +
               "</w:sdtContent></w:sdt>"),
    "nested field": field(" = </w:instrText></w:r>" + field(" MERGEFIELD 数 ", run("45")) + "<w:r><w:instrText> + 1 ",
                          run("452.06")),
    "computed anew": field(" SEQ 表 ", run("240")) + run("件"),
    "EQ": field(r"eq \o\ac(○,3)") + run("件"),
    "default of a list": field(" FORMDROPDOWN ", "", '<w:ffData><w:ddList><w:default w:val="1"/>'
                               '<w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList></w:ffData>'),
    "sign in a field": '<w:fldSimple w:instr=" MERGEFIELD x "><w:r>'
                       '<w:sym w:font="Symbol" w:char="00B4"/></w:r></w:fldSimple>',
    "hidden on web pages": run("≥24", "<w:webHidden/>") + run("0件"),
    "link in a control": ('<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:hyperlink w:anchor="x">' + run("240") +
                          "</w:hyperlink></w:sdtContent></w:sdt>"),
    "tab to the margin": run("240") + '<w:r><w:ptab w:relativeTo="margin" w:alignment="left" w:leader="none"/></w:r>'
                         + run("件"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KNOWN_CASES)
def test_known_differences_are_not_told(shown, kind):
    """Each kind of the list: LibreOffice shows something else, and the cell is not told of because of that."""
    assert differing(*shown[kind]) == []


@pytest.fixture(scope="module")
def shown(soffice, clean) -> dict[str, tuple[bytes, bytes]]:
    """All files of these tests with what LibreOffice makes of them; it starts once for many."""
    files = {source: official(source) for source in SAMPLES}
    files |= {kind: with_cell(clean, content) for kind, (content, _, _) in BROKEN.items()}
    files |= {kind: with_cell(clean, content) for kind, content in KNOWN_CASES.items()}
    files["tracked"] = tracked(clean)
    assert len(files) == len(SAMPLES) + len(BROKEN) + len(KNOWN_CASES) + 1
    made = office.convert(list(files.values()), ".docx", "odt")
    return {name: (content, odt) for (name, content), odt in zip(files.items(), made, strict=True)}


def test_each_known_difference_names_its_clause():
    assert all(re.fullmatch(r"\d+(\.\d+)+", difference.clause) for difference in known_differences.KNOWN)
    assert all(difference.troubles or difference.contents for difference in known_differences.KNOWN)


def test_a_paragraph_of_its_own_is_a_line():
    assert second_reading.folded("甲 \n 乙\u00ad") == "甲\n乙"
    assert second_reading.folded("61 34") != second_reading.folded("6134")
