"""`perfgen verify` of PDFs: the data that one carries and the cells that it prints, each for itself; signed ones."""

from __future__ import annotations

import io
import json
import shutil
import zlib
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from perfgen import cli
from perfgen.render import pdf
from perfgen.verifying.pdf_file import read_pdf
from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.projects import snapshot
from tests.helpers.published import EAST, commit, report, repository, saved

pytestmark = pytest.mark.pdf


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A repository with one commit; nothing in it is changed by a test."""
    root = repository(tmp_path_factory.mktemp("pdf") / "repository")
    shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared")
    commit(root, "2025-01-10")
    return root


@pytest.fixture(scope="module")
def original(root) -> bytes:
    return pdf.render(report(root))


@pytest.fixture(scope="module")
def other(root) -> bytes:
    """The PDF of other data, with another number of kilos."""
    versions.edit(root, "斤数: 3.5", "斤数: 8.5", EAST)
    try:
        return pdf.render(report(root))
    finally:
        versions.edit(root, "斤数: 8.5", "斤数: 3.5", EAST)


def verify(capsys, root: Path, folder: Path, content: bytes) -> tuple[int, dict]:
    """The exit code, and what a program reads."""
    path = saved(folder, content)
    code = cli.main(["-C", str(root), "verify", "--format", "json", path])
    (found,) = json.loads(capsys.readouterr().out)["results"]
    return code, found


def answer(capsys, root: Path, folder: Path, content: bytes) -> str:
    """What people read."""
    assert cli.main(["-C", str(root), "verify", saved(folder, content)]) in (0, 1)
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def edited(content: bytes, change, **options) -> bytes:
    """The same PDF after a change, written anew; `change` takes the open file."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        change(opened)
        buffer = io.BytesIO()
        opened.save(buffer, **options)
    return buffer.getvalue()


def with_data_of(content: bytes, other: bytes) -> bytes:
    """A PDF that carries the data of another one."""
    with pikepdf.open(io.BytesIO(other)) as source:
        data = source.attachments["data.json"].get_file().read_bytes()

    def change(opened: pikepdf.Pdf) -> None:
        opened.attachments["data.json"].get_file().obj.write(data)

    return edited(content, change)


def appended(content: bytes, change) -> bytes:
    """A PDF with a change appended to it, as programs that sign do: what was there before stays to the byte.

    `change` takes the open file and gives the objects that are to be written anew.
    """
    with pikepdf.open(io.BytesIO(content)) as opened:
        first = len(opened.objects) + 1
        changed = change(opened)
        written = {obj.objgen[0]: _body(obj) for obj in changed}
        root, size = opened.Root.objgen[0], max([first, *written]) + 1
    before = content.rstrip(b"\n").rpartition(b"startxref")[2].split()[0]
    out, places = bytearray(content + b"\n"), {}
    for number, body in sorted(written.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in places.items())
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %s >>\n" % (size, root, before)
    return bytes(out + b"xref\n" + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start)


def _body(obj: pikepdf.Object) -> bytes:
    if not isinstance(obj, pikepdf.Stream):
        return obj.unparse(resolved=True)
    content = obj.read_bytes()
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def signed(opened: pikepdf.Pdf) -> list[pikepdf.Object]:
    """A signature in a field of its own, as a signing program appends one; it is none that would hold."""
    signature = opened.make_indirect(
        Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 1, 2, 3]), Contents=b"\0" * 64)
    )
    field = opened.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=b"Signature1", V=signature,
                   Rect=Array([0, 0, 0, 0]))
    )  # fmt: skip
    opened.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    page = opened.pages[0].obj
    page.Annots = Array([field])
    return [signature, field, opened.Root, page]


def test_a_pdf_is_the_same_data_as_its_commit(capsys, tmp_path, root, original):
    code, found = verify(capsys, root, tmp_path, original)
    assert (code, found["kind"], found["remarks"]) == (0, "pdf", [])
    assert found["first"]["date"].startswith("2025-01-10")


def test_headings_that_later_pages_repeat_are_no_difference():
    """On the real form's several pages headings and numbers of pages stand in no cell."""
    project = snapshot(REPOSITORY)
    content = pdf.render(report(REPOSITORY, "data/2025/示例市档案馆.yaml", project=project))
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert len(opened.pages) > 2
    said = read_pdf(content, project)
    assert said.strange == () and said.remarks == () and len(said.printed.rows) > 40


def test_a_pdf_that_was_signed_afterwards_is_the_same_data_with_other_bytes(capsys, tmp_path, root, original):
    content = appended(original, signed)
    assert content.startswith(original)
    code, found = verify(capsys, root, tmp_path, content)
    assert (code, found["status"], found["same_bytes"]) == (0, "same", [])
    assert any("1 处电子签名" in remark for remark in found["remarks"])
    assert any("追加了" in remark and "字节不同" in remark for remark in found["remarks"])
    assert not any("换了第" in remark or "盖住" in remark for remark in found["remarks"])


def test_an_appended_part_that_changes_a_page_is_told(capsys, tmp_path, root, original):
    def covered(opened):
        stream = opened.make_indirect(pikepdf.Stream(opened, b"q 1 g 0 0 900 900 re f Q"))
        page = opened.pages[0].obj
        page.Contents = Array([page.Contents, stream])
        return [*signed(opened), stream]

    code, found = verify(capsys, root, tmp_path, appended(original, covered))
    assert code == 0
    assert any("追加的部分换了第 1 页的内容" in remark for remark in found["remarks"])


def test_data_and_print_are_each_held_against_the_commit(capsys, tmp_path, root, original, other):
    code, found = verify(capsys, root, tmp_path, other)
    assert code == 1
    assert {one["in"] for one in found["differences"]} == {"data", "print"}
    code, found = verify(capsys, root, tmp_path, with_data_of(other, original))
    assert code == 1
    assert "附带的数据和提交的一样，页面上印的不一样" in answer(capsys, root, tmp_path, with_data_of(other, original))
    assert [(one["in"], one["file"], one["data"]) for one in found["differences"]] == [
        ("print", "8.5", "3.5"), ("print", "10.5", "5.5"),
    ]  # fmt: skip
    code, found = verify(capsys, root, tmp_path, with_data_of(original, other))
    assert code == 1
    assert "页面上印的和提交的一样，附带的数据不一样" in answer(capsys, root, tmp_path, with_data_of(original, other))
    assert [(one["in"], one["place"]) for one in found["differences"]] == [("data", "水果[1].斤数"), ("data", "合计")]


def test_what_is_printed_over_the_table_is_seen(capsys, tmp_path, root, original):
    def over(opened):
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page = opened.pages[0]
        page.obj.Resources.Font.Over = font
        page.contents_add(b"q BT /Over 12 Tf 200 500 Td (98765) Tj ET Q")

    code, found = verify(capsys, root, tmp_path, edited(original, over))
    assert code == 1
    assert [(one["place"], one["file"]) for one in found["differences"]] == [("第 1 页", "98765")]
    assert found["differences"][0]["label"] == "表格以外多印的字"


def test_a_note_or_a_picture_on_a_page_is_told(capsys, tmp_path, root, original):
    def noted(opened):
        note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([0, 0, 90, 90]), Contents="9")
        opened.pages[0].obj.Annots = Array([opened.make_indirect(note)])

    def pictured(opened):
        picture = pikepdf.Stream(opened, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
                                 ColorSpace=Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
        opened.pages[0].obj.Resources.XObject.Seal = opened.make_indirect(picture)

    for change in (noted, pictured):
        code, found = verify(capsys, root, tmp_path, edited(original, change))
        assert code == 0 and any("第 1 页上另有图、印章或批注" in remark for remark in found["remarks"]), change


def test_another_file_beside_the_data_is_told(capsys, tmp_path, root, original):
    def with_more(opened):
        opened.attachments["notes.txt"] = b"x"

    code, found = verify(capsys, root, tmp_path, edited(original, with_more))
    assert code == 0 and any("还附带了别的 1 个文件" in remark for remark in found["remarks"])


def test_a_pdf_without_its_data_is_not_read(capsys, tmp_path, root, original):
    def bare(opened):
        del opened.attachments["data.json"]

    code, found = verify(capsys, root, tmp_path, edited(original, bare))
    assert code == 2 and "没有附带的数据" in found["trouble"]


def untagged(opened):
    del opened.Root.StructTreeRoot


def packed_twice(opened):
    stream = opened.make_indirect(pikepdf.Stream(opened, b""))
    content = zlib.compress(zlib.compress(b"\0" * 1_000_000))
    stream.write(content, filter=Array([Name.FlateDecode, Name.FlateDecode]))
    opened.Root.Extra = stream


def drawn_font(opened):
    opened.Root.Extra = opened.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type3))


def many_drawings(opened):
    """Drawings that draw each other, sixteen at a time: a reader would never come to an end."""
    last = None
    for _ in range(12):
        own = Dictionary(XObject=Dictionary(F=last)) if last is not None else Dictionary()
        form = pikepdf.Stream(opened, b"/F Do " * 16, Type=Name.XObject, Subtype=Name.Form,
                              BBox=Array([0, 0, 1, 1]), Resources=own)  # fmt: skip
        last = opened.make_indirect(form)
    opened.pages[0].obj.Resources.XObject.F = last
    opened.pages[0].contents_add(b"/F Do")


@pytest.mark.parametrize("change", [untagged, packed_twice, drawn_font, many_drawings])
def test_pages_that_cannot_be_read_safely_are_told_to_be_unread(capsys, tmp_path, root, original, change):
    kept = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
    content = edited(original, change, **kept)
    code, found = verify(capsys, root, tmp_path, content)
    assert code == 0 and any("页面上印的没有核对" in remark for remark in found["remarks"])


def test_a_locked_pdf_is_refused(capsys, tmp_path, root, original):
    with pikepdf.open(io.BytesIO(original)) as opened:
        buffer = io.BytesIO()
        opened.save(buffer, encryption=pikepdf.Encryption(owner="x", user="y"))
    code, found = verify(capsys, root, tmp_path, buffer.getvalue())
    assert code == 2 and "密码" in found["trouble"]
