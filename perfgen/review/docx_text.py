"""Writes a Word file as text, a line for each paragraph and table row, so that git can show what changed in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from lxml import etree

from perfgen.display import visible
from perfgen.review.xml_elements import Element
from perfgen.system import unpack
from perfgen.system.unpack import BROKEN, Package, TooMuch
from perfgen.table.word_xml import properties_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(header\d*|document|footnotes|endnotes|footer\d*)\.xml")
_ORDER = ("header", "document", "footnotes", "endnotes", "footer")
_TIMES = 7
"""How often an element may be read: a cell's text is written again for each of up to three tables around it."""


def text_of(content: bytes) -> str:
    """What a Word file says: headers, text, tables with spans and widths, footers; at the end a digest.

    The digest is of everything else (fonts, alignment, page), so that a change of the looks alone
    shows too. What a terminal would obey is written as its code. Raises ValueError for what is no
    Word file, or holds more than a form can.
    """
    parts = _opened(content)
    lines = [_written(line) for line in _lines_of(parts)]
    lines.append(f"== 其余（字体、对齐、页面等）的摘要 {_digest(parts.others, parts.trees)} ==")
    return "".join(f"{_shown(line)}\n" for line in lines)


@dataclass(frozen=True)
class Outline:
    """What a Word file says, in pieces that can be compared one by one."""

    rows: tuple[tuple[str, ...], ...]
    """The cells of each row of each table, as `text_of` writes them."""
    lines: tuple[str, ...]
    """What stands outside of tables, a line each, those of headers and footers under a heading."""
    looks: Mapping[str, str]
    """By part, a digest of what is no text: fonts, alignment, page, pictures."""


def outline_of(content: bytes) -> Outline:
    """The same in pieces. Raises ValueError as `text_of` does."""
    parts = _opened(content)
    lines = _lines_of(parts)
    rows = tuple(line for line in lines if isinstance(line, tuple))
    texts = tuple(_shown(line) for line in lines if isinstance(line, str))
    looks = {name: hashlib.sha256(content).hexdigest() for name, content in parts.others.items()}
    looks |= {name: hashlib.sha256(_looks(tree)).hexdigest() for name, tree in parts.trees.items()}
    kept = {name: digest for name, digest in looks.items() if not name.startswith("docProps/")}
    return Outline(rows, texts, kept)


_Line: TypeAlias = "str | tuple[str, ...]"
"""A paragraph, a heading, or a table's row by its cells."""


class _Parts(NamedTuple):
    """The parts of a Word file that say something, parsed, and the others."""

    trees: dict[str, Element]
    others: dict[str, bytes]


def _opened(content: bytes) -> _Parts:
    """The parts of a Word file. Raises ValueError."""
    try:
        package = unpack.open_package(content)
        names = sorted((name for name in package.names if _PARTS.fullmatch(name)), key=_rank)
        trees = {name: _parsed(package, name) for name in names}
        others = {name: package.read(name) for name in package.names if name not in trees}
    except TooMuch as error:
        raise ValueError(str(error)) from error
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise ValueError("不是 Word 文件（.docx）") from error
    if "word/document.xml" not in trees:
        raise ValueError("不是 Word 文件（.docx）")
    return _Parts(trees, others)


def _lines_of(parts: _Parts) -> list[_Line]:
    """The lines of all parts. Raises ValueError where they are too many."""
    steps = _Steps(_TIMES * sum(_number_of_elements(tree) for tree in parts.trees.values()))
    try:
        return list(_all_lines(parts.trees, steps))
    except TooMuch as error:
        raise ValueError(str(error)) from error


def _written(line: _Line) -> str:
    return line if isinstance(line, str) else f"| {' | '.join(line)} |"


def _parsed(package: Package, name: str) -> Element:
    """A part, parsed; entities, which no program writes, are not resolved."""
    content = package.read_xml(name)
    if b"<!DOCTYPE" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise TooMuch(f"里面的 {name} 有 Word 文档不会有的声明，没有读它")
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(content, parser)


def _number_of_elements(tree: Element) -> int:
    return sum(1 for _ in tree.iter())


def _shown(line: str) -> str:
    """A line whose invisible characters can be seen, all but tabs."""
    return line if line.isprintable() else "\t".join(map(visible, line.split("\t")))


def _rank(name: str) -> tuple[int, str]:
    kind = re.sub(r"word/([a-z]+).*", r"\1", name)
    return _ORDER.index(kind), name


class _Steps:
    """Counts the elements that are read."""

    def __init__(self, most: int) -> None:
        self.left = most

    def below(self, element: Element) -> list[Element]:
        """An element and all below it, counted. Raises TooMuch where that is more than is left."""
        elements = list(element.iter())
        self.left -= len(elements)
        if self.left < 0:
            raise TooMuch("内容太多，又套得太深，不像一张表")
        return elements


def _all_lines(trees: dict[str, Element], steps: _Steps) -> Iterator[_Line]:
    """The lines of all parts, those with any under a heading."""
    for name, tree in trees.items():
        body = tree.find(f"{W}body") if name == "word/document.xml" else tree
        part_lines = list(_blocks(tree if body is None else body, steps))
        if any(part_lines):
            yield f"== {name.removeprefix('word/').removesuffix('.xml')} =="
            yield from part_lines


def _blocks(body: Element, steps: _Steps) -> Iterator[_Line]:
    for child in body:
        if child.tag == f"{W}p":
            yield _paragraph(child, steps)
        elif child.tag == f"{W}tbl":
            yield from _table(child, steps)
        elif child.tag != f"{W}sectPr":
            yield from _blocks(child, steps)


def _table(table: Element, steps: _Steps) -> Iterator[_Line]:
    widths = [column.get(f"{W}w", "?") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    yield f"-- 表，列宽 {' '.join(widths)} --"
    for row in steps.below(table):
        if row.tag == f"{W}tr" and next(row.iterancestors(f"{W}tbl")) is table:
            yield tuple(_cell(cell, steps) for cell in row.iter(f"{W}tc"))


def _cell(cell: Element, steps: _Steps) -> str:
    properties = properties_of(cell, "tcPr")
    marks = ""
    if properties is not None:
        span = properties.find(f"{W}gridSpan")
        merge = properties.find(f"{W}vMerge")
        if span is not None and span.get(f"{W}val") != "1":
            marks += f"〔{span.get(f'{W}val')}列〕"
        if merge is not None:
            marks += "〔合并开始〕" if merge.get(f"{W}val") == "restart" else "〔合并〕"
    paragraphs = (element for element in steps.below(cell) if element.tag == f"{W}p")
    return marks + " ⏎ ".join(_paragraph(paragraph, steps) for paragraph in paragraphs)


def _paragraph(paragraph: Element, steps: _Steps) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": " ⏎ ", f"{W}cr": " ⏎ ", f"{W}noBreakHyphen": "-"}
    texts = (node.text or "" if node.tag == f"{W}t" else signs.get(node.tag, "") for node in steps.below(paragraph))
    return "".join(texts).rstrip()


def _digest(others: dict[str, bytes], trees: dict[str, Element]) -> str:
    """A digest of everything that the lines do not show; dates and names of the file itself are left out."""
    digest = hashlib.sha256()
    for name in sorted([*others, *trees]):
        if not name.startswith("docProps/"):
            content = _looks(trees[name]) if name in trees else others[name]
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def _looks(tree: Element) -> bytes:
    """A part without its text, which is removed from the tree."""
    for node in tree.iter(f"{W}t"):
        node.text = ""
    try:
        return bytes(etree.tostring(tree, method="c14n"))
    except etree.C14NError:  # a namespace that is no absolute address has no canonical form
        return bytes(etree.tostring(tree, encoding="utf-8"))
