"""Reads a published file back, by what it is and never by its name."""

from __future__ import annotations

from perfgen.project.snapshot import Project
from perfgen.system.unpack import MAX_FILE
from perfgen.verifying import data_files
from perfgen.verifying.content import Content, Kind, UnreadableError

_BOM = b"\xef\xbb\xbf"
_OLE, _RTF = b"\xd0\xcf\x11\xe0", b"{\\rtf"
"""How old Word files begin: what reads Word files says what to do."""


def read(content: bytes, project: Project) -> Content:
    """What a file says. Raises UnreadableError, FormError for a broken form, ToolError where a library is missing."""
    begin = content.removeprefix(_BOM).lstrip()[:5]
    if len(content) > MAX_FILE:
        raise UnreadableError(Kind.OTHER, f"文件太大：最多读 {MAX_FILE} 字节", "核对文件的来历。")
    if begin == b"%PDF-":
        from perfgen.verifying.pdf_file import read_pdf  # loads what only a PDF needs

        return read_pdf(content, project)
    if begin.startswith((b"PK", _OLE, _RTF)):
        from perfgen.verifying.word_file import read_word

        return read_word(content, project)
    if begin.startswith(b"{"):
        return data_files.read_json(content, project)
    if data_files.looks_like_csv(content):
        return data_files.read_csv(content, project)
    hint = "写公开的 PDF、Word 文件、data.json 或 CSV；整个网站的副本写它的文件夹。"
    raise UnreadableError(Kind.OTHER, "不是公开的 PDF、Word 文件、data.json 或 CSV，里面的数据没有读", hint)
