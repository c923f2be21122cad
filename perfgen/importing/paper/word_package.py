"""Opens an untrusted Word package: its size is bounded, it may have no entities, nothing is fetched.

Only the parts that hold text are read, by the names the package's own list of relations gives
them (ECMA-376 Part 2, section 9); relations that point outside are never followed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from perfgen.findings import DataError, Finding, Place

MAX_FILE = 50_000_000
MAX_PART = 64_000_000
"""Bytes of one part, unpacked: 5,000 rows as Word writes them are about 40 million."""
MAX_PARTS = 5_000

Element: TypeAlias = etree._Element
"""An element of a part, as lxml has it; comments and processing instructions among the children too."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
"""Word's "Strict Open XML" has other names for the same elements (ECMA-376 Part 1, Annex A)."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "用 Word 或 WPS 打开它，“另存为”选 .docx，再导入。"
_EDGES = re.compile(r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class WordParts:
    """A package's body, and by name the other parts that may hold text."""

    body: Element
    edges: dict[str, Element]


def refuse(file: str, rule: str, message: str, hint: str = "") -> DataError:
    """An error about a file as a whole."""
    return DataError([Finding(Place(file), rule, message, hint)])


def open_package(content: bytes, file: str) -> WordParts:
    """The parsed parts of a Word file; `file` is its name in messages.

    Raises DataError, saying what the file is, when it is none, is locked, or is too large.
    """
    _refuse_other_kinds(content, file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_contents(package, file)
            names = set(package.namelist())
            main = _main_part(package, names, file)
            if main not in names:
                raise refuse(file, "import-kind", "不是 Word 文档（.docx）。", _SAVE_AS)
            body = _part(package, main, file).find(f"{W}body")
            edges = {name: _part(package, name, file) for name in sorted(names) if _EDGES.fullmatch(name)}
    except _BROKEN:
        raise refuse(file, "import-broken", "文件坏了，打不开。", "用 Word 打开它，能打开就另存一份再导入。") from None
    if body is None:
        raise refuse(file, "import-kind", "不是 Word 文档（.docx）：里面没有正文。", _SAVE_AS)
    return WordParts(body, edges)


def _refuse_contents(package: zipfile.ZipFile, file: str) -> None:
    """Raises DataError for a package of too many parts, or one with a password."""
    parts = package.infolist()
    if len(parts) > MAX_PARTS:
        raise refuse(file, "import-size", f"这个文件里有 {len(parts)} 个部分，不像一张表。")
    if any(part.flag_bits & 1 for part in parts):
        raise refuse(file, "import-locked", "文件有密码。", "在 Word 里去掉密码再导入。")


def child_of(parent: Element | None, path: str) -> Element | None:
    """The first element at a path below a parent; None where there is none, or no parent."""
    return parent.find(path) if parent is not None else None


def _refuse_other_kinds(content: bytes, file: str) -> None:
    """Raises DataError for a file that is too large, or is not a zip archive, saying what it is."""
    if len(content) > MAX_FILE:
        raise refuse(file, "import-size", f"文件太大：{len(content)} 字节，最多 {MAX_FILE} 字节。")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refuse(
                file, "import-locked", "文件有密码。", "在 Word 里打开，去掉密码（文件 → 信息 → 保护文档），再导入。"
            )
        raise refuse(file, "import-kind", "这是旧格式的文件（.doc 或 .wps）。", _SAVE_AS)
    if content.lstrip()[:5] == b"{\\rtf":
        raise refuse(file, "import-kind", "这是 RTF 文件，不是 .docx。", _SAVE_AS)
    if not content.startswith(b"PK"):
        raise refuse(file, "import-kind", "不是 Word 文档（.docx）。", _SAVE_AS)


def _main_part(package: zipfile.ZipFile, names: set[str], file: str) -> str:
    """The name of the part that is the document; not every program calls it word/document.xml."""
    if "_rels/.rels" in names:
        for relation in _part(package, "_rels/.rels", file):
            inside = relation.get("TargetMode") != "External"
            if inside and str(relation.get("Type")).endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


def _part(package: zipfile.ZipFile, name: str, file: str) -> Element:
    """One part, parsed; never more of it in memory than a part may have."""
    with package.open(name) as stream:
        content = stream.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise refuse(
            file, "import-size", f"里面的 {name} 太大，超过 {MAX_PART} 字节。", "这不像一张表；请核对文件的来历。"
        )
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # no program writes these; entities are how a small file becomes a large one
        raise refuse(file, "import-entities", f"里面的 {name} 有 Word 文档不会有的声明，没有读它。")
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    # every program writes UTF-8; another encoding would hide a declaration from the search above
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise refuse(file, "import-broken", f"里面的 {name} 坏了。", "用 Word 打开它，另存一份再导入。") from None
