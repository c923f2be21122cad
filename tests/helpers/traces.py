"""A Word template full of traces of those who keep it: parts, settings and marks that are not shown, each with a word.

`planted` gives the template and every word that is in it; none may stand in a file that is made of it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PARTS = {
    "customXml/item1.xml": (f"{_OFFICE}/customXml", "<a>痕迹甲</a>"),
    "docMetadata/LabelInfo.xml": (f"{_MICROSOFT}/2020/02/relationships/classificationlabels", "<a>痕迹乙</a>"),
    "docProps/custom.xml": (f"{_OFFICE}/custom-properties", "<a>痕迹丙</a>"),
    "docProps/thumbnail.jpeg": (
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail", "痕迹丁",
    ),
    "customUI/customUI.xml": (f"{_MICROSOFT}/2006/relationships/ui/extensibility", "<a>痕迹戊</a>"),
    "word/documenttasks/documenttasks1.xml": (f"{_MICROSOFT}/2019/05/relationships/documenttasks", "<a>痕迹己</a>"),
    "word/glossary/document.xml": (f"{_OFFICE}/glossaryDocument", "<a>痕迹庚</a>"),
    "word/vbaProject.bin": (f"{_MICROSOFT}/2006/relationships/vbaProject", "痕迹辛"),
    "word/embeddings/oleObject1.bin": (f"{_OFFICE}/oleObject", "痕迹壬"),
    "word/webSettings.xml": (f"{_OFFICE}/webSettings", "<a>痕迹癸</a>"),
    "word/people.xml": (f"{_MICROSOFT}/2011/relationships/people", "<a>痕迹子</a>"),
    "word/commentsIds.xml": (f"{_MICROSOFT}/2016/09/relationships/commentsIds", "<a>痕迹丑</a>"),
    "word/printerSettings1.bin": (f"{_OFFICE}/printerSettings", "痕迹寅"),
    "word/activeX/activeX1.xml": (f"{_OFFICE}/control", "<a>痕迹卯</a>"),
    "word/afchunk.html": (f"{_OFFICE}/aFChunk", "痕迹辰"),
    "word/charts/chart1.xml": (f"{_OFFICE}/chart", "<a>痕迹巳</a>"),
    "word/diagrams/data1.xml": (f"{_OFFICE}/diagramData", "<a>痕迹午</a>"),
    "word/recipientData.xml": (f"{_OFFICE}/recipientData", "<a>痕迹未</a>"),
    "_xmlsignatures/origin.sigs": (
        "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin", "痕迹申",
    ),
    "orphan.xml": ("", "<a>痕迹酉</a>"),
}  # fmt: skip
_FROM_PACKAGE = ("docMetadata/", "docProps/", "customUI/", "_xmlsignatures/")
_SETTINGS = (
    f'<w:settings {_W} xmlns:v="urn:hengji"><!--痕迹二--><w:rsids><w:rsidRoot w:val="00AB12CD"/></w:rsids>'
    '<w:docVars><w:docVar w:name="痕迹三" w:val="痕迹四"/></w:docVars><w:defaultTabStop w:val="420"/>'
    '<w:documentProtection w:edit="forms" w:hash="痕迹五"/><w:mailMerge><w:query w:val="痕迹六"/></w:mailMerge>'
    '<w:attachedTemplate w:val="痕迹七"/></w:settings>'
)
_MARKS = (
    '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"><w:permStart w:id="1" w:ed="痕迹八\\痕迹九"/>'
    "<w:r><w:t>题</w:t></w:r>"
    '<w:permEnd w:id="1"/><w:bookmarkStart w:id="2" w:name="痕迹十"/><w:bookmarkEnd w:id="2"/>'
    '<w:smartTag w:uri="urn:x" w:element="痕迹百"><w:r><w:t>留下的字</w:t></w:r></w:smartTag>'
    '<w:customXml w:uri="痕迹千" w:element="x"><w:r><w:t>也留下</w:t></w:r></w:customXml>'
    '<w:hyperlink w:anchor="痕迹十" w:tooltip="痕迹万"><w:r><w:t>链接的字</w:t></w:r></w:hyperlink>'
    '<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="痕迹亿"/></w:object></w:r>'
    '<!--痕迹零--><x:note xmlns:x="urn:x:notes">痕迹两</x:note><?who 痕迹双?></w:p>'
)
_PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="9525" cy="9525"/><wp:docPr id="1" name="痕迹甲一.png" descr="徽标"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="0" name="痕迹甲二.png" descr="C:\\痕迹甲三.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    f'<a:blip xmlns:r="{_OFFICE}" r:embed="{{id}}"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r></w:p>"
)
TRACES = "(?:痕迹|hengji)"
"""What every planted word begins with."""


def png(note: bytes) -> bytes:
    """A picture of one dot, with a note beside it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dot = zlib.compress(b"\0\0")
    parts = [chunk(b"IHDR", header), chunk(b"tEXt", b"Author\0" + note), chunk(b"eXIf", note), chunk(b"IDAT", dot)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"") + note


def jpeg(note: bytes) -> bytes:
    """The bytes of a picture's segments, with a note in four of them and behind the end."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    notes = segment(0xE1, b"Exif\0\0" + note) + segment(0xE2, note) + segment(0xFE, note) + segment(0xED, note)
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x11\x22\xff\0\x33"
    jfif = b"JFIF\0\1\1\0\0\1\0\1\1\1" + note
    return b"\xff\xd8" + segment(0xE0, jfif) + notes + segment(0xDB, b"\0" * 65) + scan + b"\xff\xd9" + note


def planted(template: bytes, picture: bytes, extension: str = "png") -> bytes:
    """A template with every trace in it, and a picture."""
    parts = _read(template)
    parts = {name: content for name, content in parts.items() if name != "word/settings.xml"}
    relations: dict[str, str] = {"": "", "word/document.xml": ""}
    for number, (name, (kind, content)) in enumerate(_PARTS.items()):
        parts[name] = content.encode()
        if kind:
            source = "" if name.startswith(_FROM_PACKAGE) else "word/document.xml"
            relations[source] += f'<Relationship Id="t{number}" Type="{kind}" Target="/{name}"/>'
    parts["word/settings.xml"] = _SETTINGS.encode()
    parts[f"word/media/痕迹图.{extension}"] = picture
    relations["word/document.xml"] += (
        f'<Relationship Id="ts" Type="{_OFFICE}/settings" Target="settings.xml"/>'
        f'<Relationship Id="tp" Type="{_OFFICE}/image" Target="media/痕迹图.{extension}"/>'
    )
    _relate(parts, "_rels/.rels", relations[""])
    _relate(parts, "word/_rels/document.xml.rels", relations["word/document.xml"])
    body = parts["word/document.xml"].decode().replace("<w:body>", "<w:body>" + _MARKS + _PICTURE.format(id="tp"), 1)
    parts["word/document.xml"] = body.encode()
    types = parts["[Content_Types].xml"].decode()
    added = f'<Default Extension="{extension}" ContentType="image/{extension}"/>'
    added += '<Default Extension="bin" ContentType="application/x"/><Default Extension="html" ContentType="text/html"/>'
    added += '<Default Extension="jpeg" ContentType="image/jpeg"/>' if extension != "jpeg" else ""
    added += '<Default Extension="sigs" ContentType="application/x"/>'
    if "/word/settings.xml" not in types:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"
        added += f'<Override PartName="/word/settings.xml" ContentType="{kind}"/>'
    parts["[Content_Types].xml"] = types.replace("</Types>", f"{added}</Types>").encode()
    return _written(parts)


def _relate(parts: dict[str, bytes], name: str, added: str) -> None:
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    text = parts.get(name, empty.encode()).decode()
    if 'Target="settings.xml"' in text:
        added = added.replace(f'<Relationship Id="ts" Type="{_OFFICE}/settings" Target="settings.xml"/>', "")
    parts[name] = text.replace("</Relationships>", f"{added}</Relationships>").encode()


def _read(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _written(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()
