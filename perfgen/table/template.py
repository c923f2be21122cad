"""Reads the table of a Word template: rows, loops and cells with their tags, spans and widths.

Reads the package itself (zip and XML, ECMA-376 Part 1, section 17.4), not through docxtpl, so
that what docxtpl renders can be held against it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from perfgen.findings import Finding, FormError, Place
from perfgen.project.snapshot import Project
from perfgen.table.model import Align, PageSetup
from perfgen.table.tags import Close, Merge, Open, Piece, Print, TagError, control, pieces

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REVISION = re.compile(r"ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|\w+Change")
_ALIGN: dict[str, Align] = {
    "center": "center", "right": "right", "end": "right", "both": "both", "distribute": "center",
}  # fmt: skip


@dataclass(frozen=True)
class Repeat:
    """A loop or a condition around rows or paragraphs."""

    open: Open
    body: tuple[Any, ...]


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
    """Whether it goes on from the cell above, as merged in Word itself."""
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


def parse_xml(content: bytes) -> Any:
    """An XML part parsed strictly, without entities and without the network."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def read_template(project: Project, file: str) -> TemplateTable:
    """The table of the Word template at a path of the project.

    Raises FormError, naming row and cell, for tags outside the subset and loops that do not
    close, and when the document has no table or more than one.
    """
    return project.once(_read, file)


def _read(project: Project, file: str) -> TemplateTable:
    return _Reader(file).read(project.read(file))


def run_text(node: Any) -> str:
    """The text of a paragraph or run, line breaks and tabs as characters."""
    text = ""
    for part in node.iter(f"{W}t", f"{W}br", f"{W}cr", f"{W}tab", f"{W}noBreakHyphen"):
        if part.tag == f"{W}t":
            text += part.text or ""
        elif part.tag == f"{W}tab":
            # a tab stop in the paragraph's properties has the same name and is no character
            text += "\t" if part.getparent().tag == f"{W}r" else ""
        else:
            text += "-" if part.tag == f"{W}noBreakHyphen" else "\n"
    return text


def _flag(parent: Any, name: str) -> bool:
    """An on/off property (ECMA-376 Part 1, 17.17.4): present means on, unless it says not."""
    element = parent.find(f"{W}{name}") if parent is not None else None
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


class _Reader:
    """Reads one template; knows its name, and the row and cell at hand, for messages."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.where = ""

    def broken(self, message: str, hint: str = "") -> FormError:
        return FormError([Finding(Place(self.file), "template", f"{self.where}{message}", hint)])

    def read(self, content: bytes) -> TemplateTable:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                body = parse_xml(package.read("word/document.xml")).find(f"{W}body")
                self.refuse_tags_at_the_edges(package)
        except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
            raise self.broken("不是 Word 文档（.docx）。") from None
        if body is None:
            raise self.broken("里面没有正文。")
        self.refuse_revisions(body)
        children = [child for child in body if child.tag in (f"{W}p", f"{W}tbl")]
        tables = [i for i, child in enumerate(children) if child.tag == f"{W}tbl"]
        if len(tables) != 1:
            raise self.broken(f"正文里要有且只有一张表格，现在有 {len(tables)} 张。")
        table = children[tables[0]]
        if table.find(f".//{W}tc//{W}tbl") is not None:
            raise self.broken("表格里不能再套表格。")
        widths = tuple(int(c.get(f"{W}w", "0")) for c in table.find(f"{W}tblGrid").findall(f"{W}gridCol"))
        rows = [self.row(tr, number) for number, tr in enumerate(table.findall(f"{W}tr"), 1)]
        self.where = ""
        return TemplateTable(
            self.file,
            tuple(self.block(p) for p in children[: tables[0]]),
            self.nest(rows, "tr"),
            tuple(self.block(p) for p in children[tables[0] + 1 :]),
            widths,
            _page_setup(body.find(f"{W}sectPr")),
        )

    def refuse_tags_at_the_edges(self, package: zipfile.ZipFile) -> None:
        """Headers and footers hold fixed text: nothing proves them, and the PDF has its own."""
        for name in package.namelist():
            if re.fullmatch(r"word/(header|footer|footnotes|endnotes)\d*\.xml", name):
                text = "".join(run_text(p) for p in parse_xml(package.read(name)).iter(f"{W}p"))
                if re.search(r"\{\{|\{%", text):
                    raise self.broken(f"页眉、页脚和脚注里不能有标记：{text.strip()}")

    def refuse_revisions(self, body: Any) -> None:
        """A tracked change is no decision yet what is to be printed, and bears a name (17.13.5)."""
        names = (etree.QName(element).localname for element in body.iter(f"{W}*"))
        if any(_REVISION.fullmatch(name) for name in names):
            raise self.broken(
                "里面有还没接受或拒绝的修订，不知道该印哪一种。", "在 Word 里“审阅”一栏，接受或拒绝全部修订，保存再试。"
            )

    def block(self, node: Any) -> TemplateParagraph:
        made = self.paragraph(node)
        if not isinstance(made, TemplateParagraph):
            raise self.broken("循环和条件只能写在表格里。")
        return made

    def row(self, tr: Any, number: int) -> TemplateRow | Open | Close:
        self.where = f"表格第 {number} 行："
        try:
            tag = control("\n".join(run_text(p) for p in tr.iter(f"{W}p")).strip())
        except TagError as error:
            if "tr" in str(error).split("}")[0]:
                raise self.broken(str(error)) from None
            tag = None
        if tag is not None and tag.unit == "tr":
            return replace(tag, where=self.where)
        properties = tr.find(f"{W}trPr")
        before = properties.find(f"{W}gridBefore") if properties is not None else None
        column = int(before.get(f"{W}val")) if before is not None else 0
        cells = []
        for tc in tr.findall(f"{W}tc"):
            cells.append(self.cell(tc, column, number))
            column += cells[-1].colspan
        # Word keeps a row with the next one when its paragraphs say so; the first stands for all
        first = tr.find(f"{W}tc/{W}p/{W}pPr")
        return TemplateRow(tuple(cells), not _flag(properties, "cantSplit"), _flag(first, "keepNext"), number)

    def cell(self, tc: Any, column: int, row: int) -> TemplateCell:
        self.where = f"表格第 {row} 行第 {column + 1} 列："
        properties = tc.find(f"{W}tcPr")
        span = properties.find(f"{W}gridSpan") if properties is not None else None
        vertical = properties.find(f"{W}vMerge") if properties is not None else None
        continues = vertical is not None and vertical.get(f"{W}val", "continue") != "restart"
        nodes = tc.findall(f"{W}p")
        content = [] if continues else [self.paragraph(p) for p in nodes]
        flat = [piece for part in content if isinstance(part, TemplateParagraph) for piece in part.pieces]
        merges = [piece.variable for piece in flat if isinstance(piece, Merge)]
        if len(merges) > 1:
            raise self.broken("一个单元格里只能有一个 merge。")
        return TemplateCell(
            column=column,
            colspan=int(span.get(f"{W}val")) if span is not None else 1,
            continues=continues,
            merge=merges[0] if merges else None,
            paragraphs=self.nest(content, "p"),
            align=_alignment(nodes[0]) if nodes else "left",
            is_head=_set_as_heading(tc),
            has_values=any(isinstance(piece, Print) for piece in flat) or any(isinstance(p, Open) for p in content),
        )

    def paragraph(self, node: Any) -> TemplateParagraph | Open | Close:
        text = run_text(node)
        try:
            tag = control(text)
            if tag is not None and tag.unit == "tr":
                raise TagError("以 tr 开头的标记要单独占一行。")
            if tag is not None:
                return replace(tag, where=self.where)
            return TemplateParagraph(pieces(text), _alignment(node))
        except TagError as error:
            raise self.broken(str(error)) from None

    def nest(self, parts: Sequence[Any], unit: str) -> tuple[Any, ...]:
        """Rows or paragraphs with loops and conditions as a tree."""
        levels: list[tuple[Open | None, list[Any]]] = [(None, [])]
        for part in parts:
            if isinstance(part, Open):
                levels.append((part, []))
            elif isinstance(part, Close):
                opened, body = levels.pop()
                wanted = "for" if opened and opened.variable else "if"
                if opened is None or wanted != part.word:
                    self.where = part.where
                    raise self.broken(f"多出一个 {{%{unit} end{part.word} %}}。")
                levels[-1][1].append(Repeat(opened, tuple(body)))
            else:
                levels[-1][1].append(part)
        if len(levels) > 1:
            opened = levels[-1][0]
            assert opened is not None
            self.where = opened.where
            raise self.broken(f"“{'.'.join(opened.source)}”的{'循环' if opened.variable else '条件'}没有结束标记。")
        return tuple(levels[0][1])


def _set_as_heading(cell: Any) -> bool:
    """Whether all of a cell's text is bold or in a 黑体 face, as headings of official tables are."""
    runs = [run for run in cell.iter(f"{W}r") if run_text(run).strip()]

    def heavy(run: Any) -> bool:
        properties = run.find(f"{W}rPr")
        faces = properties.find(f"{W}rFonts") if properties is not None else None
        return _flag(properties, "b") or (faces is not None and "黑" in faces.get(f"{W}eastAsia", ""))

    return bool(runs) and all(heavy(run) for run in runs)


def _page_setup(section: Any) -> PageSetup:
    """The page's size and margins; A4 with Word's own margins where the template is silent."""
    size = section.find(f"{W}pgSz") if section is not None else None
    margins = section.find(f"{W}pgMar") if section is not None else None

    def number(element: Any, name: str, default: int) -> int:
        return abs(int(element.get(f"{W}{name}", default))) if element is not None else default

    return PageSetup(
        number(size, "w", 11906), number(size, "h", 16838), number(margins, "top", 1440),
        number(margins, "right", 1800), number(margins, "bottom", 1440), number(margins, "left", 1800),
    )  # fmt: skip


def _alignment(node: Any) -> Align:
    properties = node.find(f"{W}pPr")
    justify = properties.find(f"{W}jc") if properties is not None else None
    return _ALIGN.get(justify.get(f"{W}val"), "left") if justify is not None else "left"
