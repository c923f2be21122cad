"""Reads the table of a Word template: rows, loops and cells with their tags, spans and widths.

It reads the package itself (zip and XML, ECMA-376 Part 1, section 17.4), not through docxtpl, so that what docxtpl
renders can be compared with it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

from lxml import etree

from perfgen.findings import Finding, FormError, Place
from perfgen.project import faults
from perfgen.project.snapshot import Project
from perfgen.table.formatting import alignment, is_heading, page_setup
from perfgen.table.hidden_text import HiddenText, styles_of
from perfgen.table.model import Align, PageSetup
from perfgen.table.tags import (
    Close,
    Merge,
    Open,
    Piece,
    Print,
    TagError,
    Unit,
    control,
    pieces,
)
from perfgen.table.template_refusals import refused
from perfgen.table.word_fields import unshown_texts
from perfgen.table.word_shape import straighten
from perfgen.table.word_xml import Element, W, child, is_on, number_of, parse_xml, run_text

__all__ = [
    "Repeat", "TemplateCell", "TemplateParagraph", "TemplateRow", "TemplateTable", "W", "parse_xml", "read_template",
    "run_text",
]  # fmt: skip

Part: TypeAlias = Any
"""What a loop repeats: a TemplateRow in a table, a TemplateParagraph in a cell; in both, a Repeat of the same."""

_Leaf = TypeVar("_Leaf")

TABLE_TEMPLATE = "form.docx"
"""The template, in the folder of its form, whose table every output takes."""


@dataclass(frozen=True)
class Repeat:
    """A loop or a condition around rows or paragraphs."""

    open: Open
    body: tuple[Part, ...]


@dataclass(frozen=True)
class TemplateParagraph:
    """A paragraph: its text and tags."""

    pieces: tuple[Piece, ...]
    align: Align


@dataclass(frozen=True)
class TemplateCell:
    """A physical cell of a template row."""

    column: int
    colspan: int
    continues: bool
    """Whether it is the lower part of a cell that Word itself has merged with the one above."""
    merge: str | None
    """The loop variable a merge tag names."""
    paragraphs: tuple[TemplateParagraph | Repeat, ...]
    align: Align
    has_values: bool
    is_head: bool
    """Whether it is set as a heading: bold, or in 黑体."""


@dataclass(frozen=True)
class TemplateRow:
    """A row that prints."""

    cells: tuple[TemplateCell, ...]
    splits: bool
    keeps: bool
    number: int
    """Its place in the template's table, counted from 1, for messages."""


@dataclass(frozen=True)
class TemplateTable:
    """The template's one table, and the paragraphs above and below it."""

    file: str
    above: tuple[TemplateParagraph, ...]
    rows: tuple[TemplateRow | Repeat, ...]
    below: tuple[TemplateParagraph, ...]
    widths: tuple[int, ...]
    page: PageSetup


def read_template(project: Project, file: str) -> TemplateTable:
    """The table of the Word template at a path of the project.

    Raises FormError, naming row and cell, for tags outside the subset and loops that do not
    close, and when the document has no table or more than one.
    """
    with faults.in_hand(file):
        return project.once(_read, file)


def _read(project: Project, file: str) -> TemplateTable:
    return _Reader(file).read(project.read(file))


@dataclass(frozen=True)
class _Level(Generic[_Leaf]):
    """A loop or condition that is not closed yet, and what it holds so far."""

    open: Open
    body: list[_Leaf | Repeat]


class _Reader:
    """Reads one template; for messages it knows the file's name and the row and cell that it is reading."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.where = ""
        self.hidden = HiddenText(None)

    def broken(self, message: str, hint: str = "") -> FormError:
        return FormError([Finding(Place(self.file), "template", f"{self.where}{message}", hint)])

    def read(self, content: bytes) -> TemplateTable:
        body = self.body(content)
        straighten(body)
        for part in unshown_texts(body):
            part.text = ""
        above, table, below = self.parted(body)
        if table.find(f".//{W}tc//{W}tbl") is not None:
            raise self.broken("表格里不能再套表格。")
        rows = [self.row(tr, number) for number, tr in enumerate(table.findall(f"{W}tr"), 1)]
        self.where = ""
        return TemplateTable(
            self.file,
            tuple(self.block(paragraph) for paragraph in above),
            self.nest(rows, "tr"),
            tuple(self.block(paragraph) for paragraph in below),
            tuple(int(column.get(f"{W}w", "0")) for column in table.findall(f"{W}tblGrid/{W}gridCol")),
            page_setup(child(body, "sectPr")),
        )

    def body(self, content: bytes) -> Element:
        """The body of the document. Raises FormError where there is none, or what cannot be proven."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                body = child(parse_xml(package.read("word/document.xml")), "body")
                refusal = refused(package, body) if body is not None else None
                self.hidden = HiddenText(styles_of(package))
        except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
            raise self.broken("不是 Word 文档（.docx）。") from None
        if body is None:
            raise self.broken("里面没有正文。")
        if refusal is not None:
            raise self.broken(*refusal)
        return body

    def parted(self, body: Element) -> tuple[list[Element], Element, list[Element]]:
        """The paragraphs above the table, the table, those below it. Raises FormError unless there is one table."""
        blocks = [block for block in body if block.tag in (f"{W}p", f"{W}tbl")]
        tables = [number for number, block in enumerate(blocks) if block.tag == f"{W}tbl"]
        if len(tables) != 1:
            raise self.broken(f"正文里要有且只有一张表格，现在有 {len(tables)} 张。")
        return blocks[: tables[0]], blocks[tables[0]], blocks[tables[0] + 1 :]

    def block(self, element: Element) -> TemplateParagraph:
        paragraph = self.paragraph(element)
        if not isinstance(paragraph, TemplateParagraph):
            raise self.broken("循环和条件只能写在表格里。")
        return paragraph

    def row(self, tr: Element, number: int) -> TemplateRow | Open | Close:
        self.where = f"表格第 {number} 行："
        tag = self.row_tag(tr)
        if tag is not None:
            return tag
        properties = child(tr, "trPr")
        if is_on(properties, "hidden"):
            raise self.broken("这一行设了隐藏，印不出来。", "不要这一行就删掉它；要印就去掉“隐藏”。")
        column = number_of(child(properties, "gridBefore"), 0)
        cells = []
        for tc in tr.findall(f"{W}tc"):
            cells.append(self.cell(tc, column, number))
            column += cells[-1].colspan
        # Word keeps a row with the next one when its paragraphs say so; the first stands for all
        first = tr.find(f"{W}tc/{W}p/{W}pPr")
        return TemplateRow(tuple(cells), not is_on(properties, "cantSplit"), is_on(first, "keepNext"), number)

    def row_tag(self, tr: Element) -> Open | Close | None:
        """The loop or condition of rows that begins or ends at a row, if one does."""
        try:
            tag = control("\n".join(run_text(paragraph) for paragraph in tr.iter(f"{W}p")).strip())
        except TagError as error:
            # one of paragraphs may stand beside other paragraphs of its cell; `paragraph` judges it
            if "tr" in str(error).split("}")[0]:
                raise self.broken(str(error)) from None
            return None
        return replace(tag, where=self.where) if tag is not None and tag.unit == "tr" else None

    def cell(self, tc: Element, column: int, row: int) -> TemplateCell:
        self.where = f"表格第 {row} 行第 {column + 1} 列："
        properties = child(tc, "tcPr")
        continues = _continues_above(properties)
        elements = tc.findall(f"{W}p")
        paragraphs = [] if continues else [self.paragraph(element) for element in elements]
        tags = [piece for part in paragraphs if isinstance(part, TemplateParagraph) for piece in part.pieces]
        return TemplateCell(
            column=column,
            colspan=number_of(child(properties, "gridSpan"), 1),
            continues=continues,
            merge=self.merge(tags),
            paragraphs=self.nest(paragraphs, "p"),
            align=alignment(elements[0]) if elements else "left",
            is_head=is_heading(tc),
            has_values=any(isinstance(part, Print | Open) for part in [*tags, *paragraphs]),
        )

    def merge(self, tags: Sequence[Piece]) -> str | None:
        """The loop variable that a cell's merge tag names, if it has one."""
        variables = [tag.variable for tag in tags if isinstance(tag, Merge)]
        if len(variables) > 1:
            raise self.broken("一个单元格里只能有一个 merge。")
        return variables[0] if variables else None

    def paragraph(self, element: Element) -> TemplateParagraph | Open | Close:
        text = run_text(element)
        try:
            tag = control(text)
            if tag is not None and tag.unit == "tr":
                raise TagError("以 tr 开头的标记要单独占一行。")
            if tag is not None:
                return replace(tag, where=self.where)
            return TemplateParagraph(pieces(self.hidden.without(element)), alignment(element))
        except TagError as error:
            raise self.broken(str(error)) from None

    def nest(self, parts: Sequence[_Leaf | Open | Close], unit: Unit) -> tuple[_Leaf | Repeat, ...]:
        """Rows or paragraphs with loops and conditions as a tree."""
        outermost: list[_Leaf | Repeat] = []
        levels: list[_Level[_Leaf]] = []
        for part in parts:
            body = levels[-1].body if levels else outermost
            if isinstance(part, Open):
                levels.append(_Level(part, []))
            elif isinstance(part, Close):
                repeat = self.closed(levels.pop() if levels else None, part, unit)
                (levels[-1].body if levels else outermost).append(repeat)
            else:
                body.append(part)
        if levels:
            opened = levels[-1].open
            self.where = opened.where
            raise self.broken(f"“{'.'.join(opened.source)}”的{'循环' if opened.variable else '条件'}没有结束标记。")
        return tuple(outermost)

    def closed(self, level: _Level[_Leaf] | None, end: Close, unit: Unit) -> Repeat:
        """The loop or condition that an end tag closes. Raises FormError where it closes none of its kind."""
        wanted = "for" if level and level.open.variable else "if"
        if level is None or wanted != end.word:
            self.where = end.where
            raise self.broken(f"多出一个 {{%{unit} end{end.word} %}}。")
        return Repeat(level.open, tuple(level.body))


def _continues_above(properties: Element | None) -> bool:
    """Whether a cell with these properties continues the cell above."""
    merge = child(properties, "vMerge")
    return merge is not None and merge.get(f"{W}val", "continue") != "restart"
