"""Small files that ask for much: each is read or refused in 60 times what the largest sample takes, in 500 MB."""

from __future__ import annotations

import bz2
import functools
import io
import lzma
import sys
import unicodedata
import zipfile
import zlib

import pikepdf
import pytest

from perfgen.build import job
from perfgen.findings import DataError
from perfgen.importing import import_file, pdf_data
from perfgen.importing.paper.pdf_attachment import MAX_DATA
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import open_data, site
from perfgen.report.report import Edition
from perfgen.review import docx_text
from perfgen.system import unpack
from tests.conftest import REPOSITORY
from tests.helpers.limited import limited
from tests.helpers.projects import snapshot
from tests.test_import_hostile import edited

TIMES = 60
LEAST = 0.02
"""Seconds that the largest sample counts for at least, on a machine too fast to measure."""
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="the size of the process is asked of /proc"),
]

PARAGRAPH = "<w:p/>"
RUN = "<w:r><w:t>x</w:t></w:r>"
LINE = f"<w:p>{RUN}</w:p>"
CELL = "<w:tc><w:p/></w:tc>"
NESTED = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"


def document(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def in_cell(content: bytes, text: str) -> bytes:
    """A form with something in its first cell's paragraph."""
    before, mark, after = document(content).partition("</w:p></w:tc>")
    return edited(content, {"word/document.xml": (before + text + mark + after).encode()})


def below(content: bytes, text: str) -> bytes:
    """A form with something behind its table."""
    before, mark, after = document(content).rpartition("</w:tbl>")
    return edited(content, {"word/document.xml": (before + mark + text + after).encode()})


def headers(content: bytes, text: str, number: int) -> bytes:
    part = f'<w:hdr xmlns:w="{NAMESPACE}">{text}</w:hdr>'.encode()
    return edited(content, {f"word/header{n + 50}.xml": part for n in range(number)})


def packed(content: bytes, method: int) -> bytes:
    """A package with a large part that another method has packed."""
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", method) as package:
        package.writestr("word/header9.xml", b" " * 50_000_000)
    return buffer.getvalue()


WORD = {
    # what was tried first
    "paragraphs": lambda clean: below(clean, PARAGRAPH * 4_000_000),
    "headers": lambda clean: headers(clean, PARAGRAPH * 2_000_000, 5),
    "runs in a cell": lambda clean: in_cell(clean, RUN * 1_500_000),
    # others of the kind: each just within the limits of one part
    "as many runs as may be": lambda clean: in_cell(clean, RUN * 200_000),
    "many small headers": lambda clean: headers(clean, LINE * 2_000, 500),
    "attributes": lambda clean: in_cell(clean, "<w:tab " + " ".join(f'a{n}="x"' for n in range(99)) + "/>"),
    "attributes again and again": lambda clean: in_cell(
        clean, ("<w:tab " + " ".join(f'a{n}="x"' for n in range(99)) + "/>") * 40_000
    ),
    "comments": lambda clean: in_cell(clean, "<!--x-->" * 2_000_000),
    "bytes over all parts": lambda clean: headers(clean, " " * 9_000_000, 40),
    "tables in tables": lambda clean: below(clean, NESTED[0] * 60 + LINE * 100_000 + NESTED[1] * 60),
    "page breaks behind tabs": lambda clean: in_cell(
        clean, "<w:r>" + "<w:tab/>" * 40_000 + '<w:br w:type="page"/>' * 40_000 + "</w:r>"
    ),
    "unknown elements in each other": lambda clean: in_cell(
        clean, "<w:x>" * 150 + f"<w:r><w:t>{'字' * 1_000_000}</w:t></w:r>" + "</w:x>" * 150
    ),
    "rows of a table without properties": lambda clean: below(
        clean,
        "<w:tbl>" + f"<w:tr>{CELL}</w:tr>" * 9_000 + f"<w:tr><w:tc><w:p>{RUN * 20_000}</w:p></w:tc></w:tr></w:tbl>",
    ),
    "another method, bz2": lambda clean: packed(clean, zipfile.ZIP_BZIP2),
    "another method, lzma": lambda clean: packed(clean, zipfile.ZIP_LZMA),
}  # fmt: skip


def read(content: bytes) -> object:
    project = snapshot(REPOSITORY)
    imported = import_file.import_form(content, "2025.docx", import_file.ImportOrder(project))
    return len(imported.notes), len(imported.checked(imported.text("../../"), "data/2025/x.yaml", project))


@pytest.fixture(scope="module")
def clean():
    """A sample's official form."""
    _, editions = job.reports(snapshot(REPOSITORY), DataFile.at("data/2025/示例市住房和城乡建设局.yaml"), site.Site({}))
    return docx.render(editions[Edition.OFFICIAL])


@pytest.fixture(scope="module")
def usual(clean):
    """The seconds that a sample takes, as a form and as text; read once before, so that all modules are there."""
    for work in (read, docx_text.text_of):
        work(clean)
    costs = {work: limited(functools.partial(work, clean)) for work in (read, docx_text.text_of)}
    assert all("Error" not in cost.outcome for cost in costs.values())
    return {work: max(cost.seconds, LEAST) for work, cost in costs.items()}


@pytest.mark.parametrize("work", [read, docx_text.text_of], ids=["import", "text"])
@pytest.mark.parametrize("name", WORD)
def test_a_word_file(name, work, clean, usual):
    content = WORD[name](clean)
    assert len(content) < 1_000_000
    cost = limited(functools.partial(work, content))
    assert cost.seconds < TIMES * usual[work]
    assert "memory" not in cost.outcome and "died" not in cost.outcome
    assert "Error" not in cost.outcome or cost.outcome.startswith(("DataError", "ValueError"))


@pytest.mark.parametrize("name", ["paragraphs", "headers", "runs in a cell", "attributes again and again", "comments"])
def test_too_much_is_refused_before_it_is_parsed(name, clean):
    with pytest.raises(DataError, match=r"太[多大]，.*不像一张表"):
        read(WORD[name](clean))
    with pytest.raises(ValueError, match=r"太[多大]，.*不像一张表"):
        docx_text.text_of(WORD[name](clean))


def test_tables_in_tables_of_a_real_form_are_read(clean):
    text = below(clean, NESTED[0] * 3 + LINE * 20_000 + NESTED[1] * 3)
    assert docx_text.text_of(text).count("x") >= 20_000


def test_only_the_methods_of_a_word_file_are_unpacked(clean):
    for pack in (bz2.compress, lzma.compress):
        assert len(pack(b" " * 50_000_000)) < 100_000
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(DataError, match="别的压缩方法"):
            read(packed(clean, method))


def test_a_list_of_a_million_parts_is_not_read():
    with pytest.raises(unpack.TooMuch, match="个部分"):
        unpack.open_package(b"PK\x01\x02" * (unpack.MAX_PARTS + 1))


def test_a_large_file_may_hold_more():
    small, large = unpack.Budget.of(10_000), unpack.Budget.of(3_000_000)
    assert small == unpack.Budget.of(900_000)
    assert (large.size, large.elements) > (small.size, small.elements)
    assert unpack.Budget.of(unpack.MAX_FILE).size == unpack.MAX_BYTES


def test_text_shows_what_a_terminal_would_obey(clean):
    shown = docx_text.text_of(in_cell(clean, "<w:r><w:t>\u009b2J\u0085\u202e\u200b</w:t><w:tab/><w:t>完</w:t></w:r>"))
    assert "<U+009B>2J<U+0085><U+202E><U+200B>\t完" in shown
    assert not any(unicodedata.category(sign) in ("Cc", "Cf") for sign in shown.replace("\t", "").replace("\n", ""))


# --- PDF ----------------------------------------------------------------------------------


def pdf(filters: object, data: bytes, **parts: object) -> bytes:
    """A PDF that carries data packed by these filters."""
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments[open_data.NAME] = pikepdf.AttachedFileSpec(made, b"x", filename=open_data.NAME)
    made.attachments[open_data.NAME].get_file().obj.write(data, filter=filters, **parts)
    buffer = io.BytesIO()
    made.save(buffer, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return buffer.getvalue()


def raw(*objects: bytes) -> bytes:
    """A PDF of such objects, whose list of them is lost: a reader looks for them."""
    begun = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(objects, 1))
    return b"%PDF-1.7\n" + begun + b"trailer\n<< /Root 1 0 R /Size 9 >>\nstartxref\n0\n%%EOF\n"


def stream(head: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)


FLATE = pikepdf.Name.FlateDecode


@functools.cache
def blanks() -> bytes:
    return zlib.compress(b" " * 300_000_000, 9)


def ones() -> bytes:
    return zlib.compress(b"1 " * 15_000_000, 9)


CATALOG = b"<< /Type /Catalog /Pages 5 0 R /Names 6 0 R >>"
PDFS = {
    "one filter": lambda: pdf(FLATE, blanks()),
    "two filters": lambda: pdf(pikepdf.Array([FLATE, FLATE]), zlib.compress(blanks(), 9)),
    "three filters": lambda: pdf(pikepdf.Array([FLATE] * 3), zlib.compress(zlib.compress(blanks(), 9), 9)),
    "digits": lambda: pdf(pikepdf.Array([pikepdf.Name.ASCIIHexDecode, FLATE]), blanks().hex().encode()),
    "runs of bytes": lambda: pdf(pikepdf.Name.RunLengthDecode, b"\x81 " * 400_000 + b"\x80"),
    "LZW": lambda: pdf(pikepdf.Name.LZWDecode, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"),
    "a predictor": lambda: pdf(FLATE, blanks(), decode_parms=pikepdf.Dictionary(Predictor=12, Columns=9)),
    "objects in a stream": lambda: raw(
        CATALOG, stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", blanks())
    ),
    "objects in a stream, by codes": lambda: raw(
        CATALOG, stream(b"/Type /#4fbjStm /N 1 /First 4 /Filter /#4cZWDecode", b"x")
    ),
    "millions of objects": lambda: raw(CATALOG, stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", ones())),
    "many streams": lambda: raw(CATALOG, *[stream(b"/Filter /FlateDecode", zlib.compress(b" " * 2_000_000, 9))] * 30),
    "the list of objects": lambda: b"%PDF-1.7\n1 0 obj\n"
    + stream(b"/Type /XRef /W [1 2 1] /Size 9 /Root 1 0 R /Filter /FlateDecode", blanks())
    + b"\nendobj\nstartxref\n9\n%%EOF\n",
    "data of many values": lambda: pdf(FLATE, zlib.compress(b"[" + b"{}," * 1_300_000 + b"{}]", 9)),
    "data of many bytes": lambda: pdf(None, b" " * (MAX_DATA + 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf(name):
    content = PDFS[name]()
    assert len(content) < 1_000_000 or name == "data of many bytes"
    usual = limited(functools.partial(pdf_data.attached, pdf(FLATE, zlib.compress(b'{"a": "b"}')), "x.pdf"))
    cost = limited(functools.partial(pdf_data.attached, content, "x.pdf"))
    assert usual.outcome == "{'a': 'b'}"
    assert cost.outcome.startswith("DataError")
    assert cost.seconds < TIMES * max(usual.seconds, LEAST)


def test_what_a_pdf_may_be_packed_with():
    data = b'{"a": "b"}'
    assert pdf_data.attached(pdf(FLATE, zlib.compress(data)), "x.pdf") == {"a": "b"}
    assert pdf_data.attached(pdf(None, data), "x.pdf") == {"a": "b"}
    assert pdf_data.attached(pdf(pikepdf.Array([FLATE]), zlib.compress(data)), "x.pdf") == {"a": "b"}


@pytest.mark.parametrize("limits", [{"owner": "x", "user": "y"}, {"owner": "x", "user": ""}])
def test_a_locked_pdf_is_not_opened(limits):
    made, buffer = pikepdf.open(io.BytesIO(pdf(None, b"{}"))), io.BytesIO()
    made.save(buffer, encryption=pikepdf.Encryption(**limits))
    with pytest.raises(DataError, match="有密码"):
        pdf_data.attached(buffer.getvalue(), "x.pdf")


def test_the_limits_of_pikepdf_are_as_they_were():
    before = pikepdf.settings.get_qpdf_limits()
    pdf_data.attached(pdf(None, b'{"a": "b"}'), "x.pdf")
    assert pikepdf.settings.get_qpdf_limits() == before
