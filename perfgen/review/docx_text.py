"""Writes a Word file as text, a line for each paragraph and table row, so that git can show what changed in it."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from perfgen.review.xml_elements import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(header\d*|document|footnotes|endnotes|footer\d*)\.xml")
_ORDER = ("header", "document", "footnotes", "endnotes", "footer")
_MAX_BYTES = 50_000_000


def text_of(content: bytes) -> str:
    """What a Word file says: headers, text, tables with spans and widths, footers; at the end a digest.

    The digest is of everything else (fonts, alignment, page), so that a change of the looks alone
    shows too. Raises ValueError for what is no Word file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(info.file_size for info in package.infolist()) > _MAX_BYTES:
                raise ValueError("文件太大")
            parts = {name: package.read(name) for name in package.namelist()}
        names = sorted((name for name in parts if _PARTS.fullmatch(name)), key=_rank)
        trees = {name: etree.fromstring(parts[name], _parser()) for name in names}
    except (zipfile.BadZipFile, etree.XMLSyntaxError, OSError, NotImplementedError, RuntimeError) as error:
        raise ValueError("不是 Word 文件（.docx）") from error
    if "word/document.xml" not in trees:
        raise ValueError("不是 Word 文件（.docx）")
    lines: list[str] = []
    for name, tree in trees.items():
        body = tree.find(f"{W}body") if name == "word/document.xml" else tree
        part_lines = list(_blocks(tree if body is None else body))
        if any(part_lines):
            lines += [f"== {name.removeprefix('word/').removesuffix('.xml')} ==", *part_lines]
    return "\n".join([*lines, f"== 其余（字体、对齐、页面等）的摘要 {_digest(parts, trees)} =="]) + "\n"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)


def _rank(name: str) -> tuple[int, str]:
    kind = re.sub(r"word/([a-z]+).*", r"\1", name)
    return _ORDER.index(kind), name


def _blocks(body: Element) -> Iterator[str]:
    for child in body:
        if child.tag == f"{W}p":
            yield _paragraph(child)
        elif child.tag == f"{W}tbl":
            yield from _table(child)
        elif child.tag != f"{W}sectPr":
            yield from _blocks(child)


def _table(table: Element) -> Iterator[str]:
    widths = [column.get(f"{W}w", "?") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    yield f"-- 表，列宽 {' '.join(widths)} --"
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is table:
            yield "| " + " | ".join(_cell(cell) for cell in row.iter(f"{W}tc")) + " |"


def _cell(cell: Element) -> str:
    properties = cell.find(f"{W}tcPr")
    marks = ""
    if properties is not None:
        span = properties.find(f"{W}gridSpan")
        merge = properties.find(f"{W}vMerge")
        if span is not None and span.get(f"{W}val") != "1":
            marks += f"〔{span.get(f'{W}val')}列〕"
        if merge is not None:
            marks += "〔合并开始〕" if merge.get(f"{W}val") == "restart" else "〔合并〕"
    return marks + " ⏎ ".join(_paragraph(paragraph) for paragraph in cell.iter(f"{W}p"))


def _paragraph(paragraph: Element) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": " ⏎ ", f"{W}cr": " ⏎ ", f"{W}noBreakHyphen": "-"}
    texts = (node.text or "" if node.tag == f"{W}t" else signs.get(node.tag, "") for node in paragraph.iter())
    return "".join(texts).rstrip()


def _digest(parts: dict[str, bytes], trees: dict[str, Element]) -> str:
    """A digest of everything that the lines do not show; dates and names of the file itself are left out."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        if not name.startswith("docProps/"):
            content = _looks(trees[name]) if name in trees else parts[name]
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def _looks(tree: Element) -> bytes:
    """A part without its text, which is removed from the tree."""
    for node in tree.iter(f"{W}t"):
        node.text = ""
    return bytes(etree.tostring(tree, method="c14n"))
