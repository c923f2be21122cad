"""Files made to harm: a clear refusal, in bounded time and memory, nothing fetched or written."""

from __future__ import annotations

import copy
import io
import socket
import time
import tracemalloc
import zipfile

import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.findings import DataError
from perfgen.importing import import_file
from perfgen.importing.paper import word_table
from perfgen.importing.paper.word_table import read_word_form
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.system import unpack
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet, W, xml
from tests.helpers.words import docx_of, package

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 100
PLAIN = docx_of([["甲", "乙"]])
SECONDS = 20
"""What a hostile file may take on a slow machine."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def with_document(text: str | bytes) -> bytes:
    return edited(PLAIN, {"word/document.xml": text.encode() if isinstance(text, str) else text})


def edited(content: bytes, parts: dict[str, bytes]) -> bytes:
    source, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in {*source.namelist(), *parts}:
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return buffer.getvalue()


def encrypted_zip() -> bytes:
    """A zip whose entries say that they are encrypted."""
    content = bytearray(PLAIN)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(8))
    + "]><x>&i;</x>"
)
FETCHED = '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]><x>&e;</x>'
FILED = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'

REFUSED = {
    "nothing": (b"", "不是 Word 文档"),
    "a text": ("部门".encode(), "不是 Word 文档"),
    "an old file": (OLE + b"WordDocument" * 9, "旧格式的文件（.doc 或 .wps）"),
    "a locked file": (LOCKED, "文件有密码"),
    "a locked zip": (encrypted_zip(), "文件有密码"),
    "rich text": (b"{\\rtf1 x}", "RTF"),
    "a page called .doc": (b"<html><body>x</body></html>", "不是 Word 文档"),
    "a broken zip": (PLAIN[:200], "文件坏了"),
    "a zip of something else": (
        edited(package(""), {"_rels/.rels": b"<x/>", "word/document.xml": b"<x/>"}),
        "没有正文",
    ),
    "broken XML": (with_document("<w:document"), "坏了"),
    "a billion laughs": (with_document(LAUGHS), "Word 文档不会有的声明"),
    "a fetched entity": (with_document(FETCHED), "Word 文档不会有的声明"),
    "a file as entity": (with_document(FILED), "Word 文档不会有的声明"),
    "UTF-16": (with_document(LAUGHS.encode("utf-16")), "Word 文档不会有的声明"),
    "another charset": (with_document(LAUGHS.replace('"1.0"', '"1.0" encoding="cp037"').encode("cp037")), "坏了"),
    "no table": (
        with_document(f'<w:document xmlns:w="{W[1:-1]}"><w:body><w:p/></w:body></w:document>'),
        "里面没有表格",
    ),
    "another table": (PLAIN, "这不是《"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name, tmp_path, capsys):
    content, words = REFUSED[name]
    with pytest.raises(DataError, match=words):
        import_file.import_form(content, "x.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    (tmp_path / "x.docx").write_bytes(content)
    assert cli.main(["-C", str(REPOSITORY), "import", str(tmp_path / "x.docx"), "-o", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_a_bomb_is_not_unpacked():
    bomb = with_document(b"<x>" + b" " * (unpack.MAX_BYTES * 3))
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="太大"):
            read_word_form(bomb, "x.docx")
        assert tracemalloc.get_traced_memory()[1] < 3 * unpack.MAX_BYTES
    finally:
        tracemalloc.stop()


def test_many_parts_are_refused():
    parts = {f"x{n}": b"" for n in range(unpack.MAX_PARTS + 1)}
    with pytest.raises(DataError, match="个部分"):
        read_word_form(edited(PLAIN, parts), "x.docx")


def test_outside_relations_are_never_followed():
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="http://127.0.0.1:9/x" TargetMode="External"/></Relationships>'
    )
    assert read_word_form(edited(PLAIN, {"_rels/.rels": relations.encode()}), "x.docx").rows
    outside = relations.replace(' TargetMode="External"', "")
    with pytest.raises(DataError, match="打包方式不合规范"):
        read_word_form(edited(PLAIN, {"_rels/.rels": outside.encode()}), "x.docx")
    with pytest.raises(DataError, match="打包方式不合规范"):
        read_word_form(
            edited(PLAIN, {"_rels/.rels": outside.replace("http://127.0.0.1:9/x", "../../etc/passwd").encode()}),
            "x.docx",
        )


def test_tables_in_tables_in_tables():
    inner = f'<w:p xmlns:w="{W[1:-1]}"/>'
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    text = f'<w:document xmlns:w="{W[1:-1]}"><w:body>{inner}</w:body></w:document>'
    with pytest.raises(DataError):
        import_file.import_form(with_document(text), "x.docx", import_file.ImportOrder(snapshot(REPOSITORY)))


# --- size ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clean():
    result, editions = job.reports(snapshot(REPOSITORY), DataFile.at("data/2025/示例市档案馆.yaml"), site.Site({}))
    assert editions, result.findings
    return docx.render(editions[Edition.OFFICIAL])


def grown(clean: bytes, rows: int) -> bytes:
    """The clean form with more rows in one of its sections."""
    sheet = Sheet(clean)
    for n in range(rows):
        again = copy.deepcopy(sheet.row(17))
        again.findall(f".//{W}t")[0].text = f"事项{n}"
        sheet.row(18).addnext(again)
    return sheet.save()


@pytest.mark.long
@pytest.mark.nightly  # it measures
def test_five_thousand_rows_in_a_straight_line(clean):
    def seconds(rows):
        content = grown(clean, rows)
        begin = time.process_time()
        imported = import_file.import_form(content, "x.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
        assert len(imported.data["项目支出"]) == rows + 3
        return time.process_time() - begin

    small, large = seconds(1000), seconds(5000)
    assert large < 10 * small
    assert large < 2 * SECONDS


@pytest.mark.long
@pytest.mark.nightly  # it measures
def test_memory_grows_with_the_rows_and_no_faster(clean):
    def peak(rows):
        content = grown(clean, rows)
        tracemalloc.start()
        try:
            import_file.import_form(content, "x.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # 30 KB a row: 150 MB for 5,000
    assert peak(500) - peak(100) < 400 * 30_000


def test_too_many_rows_are_refused():
    rows = "<w:tr/>" * (word_table.MAX_ROWS + 1)
    text = f'<w:document xmlns:w="{W[1:-1]}"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>'
    with pytest.raises(DataError, match="超过 10000 行"):
        read_word_form(with_document(text), "x.docx")


@pytest.mark.long
@pytest.mark.nightly  # tests/test_bombs.py reads what is as large
def test_five_thousand_rows_of_nonsense(clean):
    sheet = Sheet(clean)
    for n in range(5000):
        cells = [(f"甲{n}", 1, ""), ("", 1, ""), ("乙", 1, ""), ("12", 1, "")] * (1 + n % 3)
        sheet.insert_row(18, cells[: 3 + n % 7])
    begin = time.process_time()
    imported = import_file.import_form(sheet.save(), "x.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert time.process_time() - begin < SECONDS * 2
    assert imported.proof.same < imported.proof.cells
    assert any(finding.rule == "import-unplaced" for finding in imported.notes)


LONG = {"signs": "一" * 1_000_000, "blanks": "年" + " " * 500_000 + "x", "numbers": "1." * 200_000,
        "brackets": "(" * 300_000, "lines": "\n" * 20_000 + "x"}  # fmt: skip
PLACES = [(13, 1), (19, 1), (21, 0), (5, 3), (23, 4), (23, 1), (16, 2)]


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("place", PLACES)
def test_long_texts_anywhere(clean, name, place):
    # whole at one place; a tenth at the others, where time that grows with the square of it is as good as no end
    text = LONG[name] if place == PLACES[0] else LONG[name][-(len(LONG[name]) // 10) :]
    sheet = Sheet(clean)
    sheet.inner(*place, "<w:r>" + "".join(f"<w:t>{line}</w:t><w:br/>" for line in text.split("\n")) + "</w:r>")
    begin = time.process_time()
    imported = import_file.import_form(sheet.save(), "x.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    imported.checked(imported.text("../../"), "data/2025/x.yaml", snapshot(REPOSITORY))
    assert time.process_time() - begin < SECONDS


def test_absurd_numbers_in_the_xml(clean):
    sheet = Sheet(clean)
    for value in ("999999999999", "-3", "x", ""):
        sheet.properties(5, 3).append(xml(f'<w:gridSpan w:val="{value}"/>'))
        sheet.row_properties(6).append(xml(f'<w:gridBefore w:val="{value}"/>'))
    for row in range(47, 60):
        sheet.properties(row, 4).insert(0, xml('<w:gridSpan w:val="99999999"/>'))
    imported = import_file.import_form(sheet.save(), "x.docx", import_file.ImportOrder(snapshot(REPOSITORY)))
    assert imported.data["部门名称"] == "示例市档案馆"
