"""Writes a small Word file in one line: rows of cells, each a text or (text, columns, merge)."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

Cell = str | tuple[str, int] | tuple[str, int, str]


def paragraph(text: str, *, split: bool = False) -> str:
    """A paragraph; with `split`, in runs of two characters, as Word leaves them after editing."""
    parts = [text[i : i + 2] for i in range(0, len(text), 2)] if split else [text]
    runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in parts)
    return f"<w:p>{runs}</w:p>"


def cell(content: Cell, *, split: bool = False) -> str:
    """A table cell; line breaks in its text begin paragraphs."""
    text, span, merge = (content, 1, "") if isinstance(content, str) else (*content, "")[:3]
    properties = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    if merge:
        properties += f'<w:vMerge w:val="{merge}"/>'
    body = "".join(paragraph(line, split=split) for line in text.split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body}</w:tc>"


def docx_of(rows: list[list[Cell]], *, above: str = "标题", split: bool = False, extra: str = "") -> bytes:
    """A Word file with a title and one table."""
    columns = max(sum(c[1] if isinstance(c, tuple) else 1 for c in row) for row in rows)
    grid = '<w:gridCol w:w="2000"/>' * columns
    body = "".join(f"<w:tr>{''.join(cell(c, split=split) for c in row)}</w:tr>" for row in rows)
    table = f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    document = f"<w:document {_W}><w:body>{paragraph(above)}{table}{extra}<w:p/></w:body></w:document>"
    return package(document)


def package(document: str) -> bytes:
    """The smallest Word package around a document part."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": document,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return buffer.getvalue()


def edit(content: bytes, name: str, change) -> bytes:
    """The same package with one part changed: `change` takes its text and gives the new one."""
    source = zipfile.ZipFile(io.BytesIO(content))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            target.writestr(info, change(data.decode()).encode() if info.filename == name else data)
    return buffer.getvalue()
