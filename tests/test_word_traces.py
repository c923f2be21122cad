"""A Word file that is made holds what it shows, and nothing that its template has beside: no names, no machines."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest

from perfgen.build import job
from perfgen.findings import FormError
from perfgen.project.layout import DataFile
from perfgen.render.parts import word_package
from perfgen.render.parts.pictures import bare_picture
from perfgen.render.parts.word_package import clean
from perfgen.report import site
from tests.helpers import tiny, traces
from tests.helpers.found import errors
from tests.helpers.projects import snapshot
from tests.helpers.words import docx_of

NOTE = "痕迹像".encode()
KEPT = {
    "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/settings.xml",
    "word/media/image.png",
}  # fmt: skip


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def names_in(parts: dict[str, bytes]) -> set[str]:
    """Every planted word that is left, in names and contents, as text and as written in attributes."""
    everything = "\n".join(parts) + "\n".join(content.decode("utf-8", "replace") for content in parts.values())
    return set(re.findall(f"{traces.TRACES}.{{0,3}}", everything))


def test_only_what_is_listed_stays():
    parts = parts_of(clean(traces.planted(docx_of([["甲"]]), traces.png(NOTE)), "题目"))
    assert set(parts) == KEPT
    assert names_in(parts) == set()
    document = parts["word/document.xml"].decode()
    assert not re.search("rsid|perm|bookmark|smartTag|hyperlink|OLEObject|x:note|<!--", document)
    assert all(text in document for text in ("题", "留下的字", "也留下", "链接的字", 'descr="徽标"'))
    assert "defaultTabStop" in parts["word/settings.xml"].decode()
    assert not re.search("rsid|docVar|Protection|mailMerge|attached", parts["word/settings.xml"].decode())


def test_settings_are_cleaned_once_and_the_document_of_each_form_anew(monkeypatch):
    """The parts that a template gives to all its forms are remembered; the document never is."""
    cleaned = []
    monkeypatch.setattr(word_package, "without_traces", lambda root, ids: cleaned.append(root.tag))
    word_package._cleaned_before.cache_clear()
    package = traces.planted(docx_of([["甲"]]), traces.png(NOTE))
    assert clean(package, "甲表") == clean(package, "乙表")
    word_package._cleaned_before.cache_clear()
    assert [tag.rpartition("}")[2] for tag in cleaned] == ["document", "settings", "document"]


def test_what_stays_opens_and_every_reference_leads_somewhere():
    content = clean(traces.planted(docx_of([["甲"]]), traces.png(NOTE)), "题目")
    opened = docx.Document(io.BytesIO(content))
    assert len(opened.inline_shapes) == 1 and opened.tables[0].cell(0, 0).text == "甲"
    parts = parts_of(content)
    relations = parts["word/_rels/document.xml.rels"].decode()
    used = set(re.findall(r'r:\w+="([^"]+)"', parts["word/document.xml"].decode()))
    assert used == set(re.findall(r'\bId="(tp)"', relations))
    for target in re.findall(r'Target="/?([^"]+)"', relations):
        assert target in parts or f"word/{target}" in parts
    typed = re.findall(r'PartName="/([^"]+)"', parts["[Content_Types].xml"].decode())
    assert set(typed) <= set(parts) and len(typed) == len(set(typed)) == 2


@pytest.mark.parametrize("edition", ["public", "official"])
def test_a_made_file_has_no_trace_of_its_template(tiny_project, edition):
    template = tiny_project / "templates/fruit/form.docx"
    template.write_bytes(traces.planted(tiny.TEMPLATE, traces.png(NOTE)))
    project = snapshot(tiny_project)
    result = job.build_file(
        project, DataFile.at("data/2025/东园.yaml"), site.load_site(project), frozenset({("docx", edition)})
    )
    assert not errors(result.findings)
    assert names_in(parts_of(result.made[0].content)) == set()


@pytest.mark.parametrize(
    "xml",
    [
        '<w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{}"/></w:drawing>',
        '<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" r:id="{}"/></w:object>',
        '<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:id="{}"/></v:shape></w:pict>',
        '<w:control r:id="{}"/>',
        '<w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="{}"/></w:drawing>',
    ],
)
def test_nothing_refers_to_a_part_that_is_gone(xml):
    relation = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    extra = f"<w:p><w:r {relation}>{xml.format('gone')}<w:t>后文</w:t></w:r></w:p>"
    document = parts_of(clean(docx_of([["甲"]], extra=extra), "题目"))["word/document.xml"].decode()
    assert "gone" not in document and "后文" in document


def test_a_document_with_macros_becomes_one_without():
    content = docx_of([["甲"]])
    macros = "application/vnd.ms-word.document.macroEnabled.main+xml"
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = parts_of(content)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].decode().replace(plain, macros).encode()
    types = parts_of(clean(traces._written(parts), "题目"))["[Content_Types].xml"].decode()
    assert macros not in types and plain in types


@pytest.mark.parametrize("make", [traces.png, traces.jpeg])
def test_a_picture_keeps_its_dots_and_nothing_else(make):
    bare = bare_picture(make(NOTE))
    assert NOTE not in bare and bare == bare_picture(make(b"")) and bare_picture(bare) == bare


def test_a_gif_and_an_emf_lose_their_notes():
    head = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
    dot = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    noted = (
        head + b"!\xfe" + bytes([len(NOTE)]) + NOTE + b"\0" + b"!\xff\x0bXMP DataXMP" + b"\3abc\0" + dot + b";" + NOTE
    )
    assert bare_picture(noted) == head + dot + b";"
    title = "痕迹像".encode("utf-16-le")
    start = 100
    emf = b"\1\0\0\0" + b"\x70\0\0\0" + b"\0" * 32 + b" EMF" + b"\0" * 16 + (3).to_bytes(4, "little")
    emf += start.to_bytes(4, "little")
    emf = emf.ljust(start, b"\1") + title + b"\2" * 8
    bare = bare_picture(emf)
    assert title not in bare and len(bare) == len(emf) and bare.endswith(b"\2" * 8)


@pytest.mark.parametrize("content", [b"II*\0tiff", b"<svg>\xe7</svg>", b"%PDF-1.7", b"RIFF....WEBP", b"", b"PK\3\4"])
def test_a_picture_of_another_format_is_refused_with_what_to_do(content):
    with pytest.raises(FormError) as caught:
        clean(traces.planted(docx_of([["甲"]]), content, "tif"), "题目", "templates/x/form.docx")
    (finding,) = caught.value.findings
    assert finding.place.file == "templates/x/form.docx" and "PNG" in finding.hint


@pytest.mark.parametrize("length", [8, 20, 40, 60])
@pytest.mark.parametrize("make", [traces.png, traces.jpeg])
def test_a_picture_that_breaks_off_is_no_mistake(make, length):
    assert NOTE not in (bare_picture(make(NOTE)[:length]) or b"")
