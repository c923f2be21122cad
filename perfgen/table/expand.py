"""A template's table and a view in, the expanded table out.

Expanding knows nothing of docxtpl: it is the second opinion the rendered Word file is held
against. In a public view a row all of whose values are withheld is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from perfgen.data import ValuePath
from perfgen.findings import Finding, FormError, Place
from perfgen.table.model import Block, Cell, CellKind, Table, TableRow
from perfgen.table.tags import FILTERS, Literal_, Merge, Print
from perfgen.table.template import Repeat, TemplateCell, TemplateParagraph, TemplateRow, TemplateTable
from perfgen.table.view import Record, Rows, Text, View, ViewNode, path_of

ScopeNode: TypeAlias = "ViewNode | int | dict[str, int]"
"""What a name in a template leads to: a part of the view, or `loop` with its `index`."""

ViewScope = dict[str, ScopeNode]


@dataclass
class _Draft:
    """A cell before spans are known; cells of one column with the same key are one cell."""

    cell: TemplateCell
    key: object
    kind: CellKind
    paragraphs: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def expand(template: TemplateTable, view: View) -> Table:
    """The table with a view's data.

    Raises FormError when a tag names something the form does not have.
    """
    expander = _Expander(template)
    drafts = list(expander.rows(template.rows, {"": view}, ()))
    return Table(
        tuple(expander.block(p, {"": view}) for p in template.above),
        _with_spans(drafts, expander.labels),
        tuple(expander.block(p, {"": view}) for p in template.below),
        template.widths,
        template.page,
        tuple(expander.left_out),
    )


class _Expander:
    """Walks a template with a scope: the view under the empty name, loop variables by theirs."""

    def __init__(self, template: TemplateTable) -> None:
        self.template = template
        self.where = ""
        self.above: dict[int, object] = {}
        """By column, the key of the last cell begun there."""
        self.printed = 0
        self.left_out: list[int] = []
        self.labels: dict[object, _Draft] = {}
        """By key, the cell that holds the label; its own row may have been left out."""

    def broken(self, message: str) -> FormError:
        return FormError([Finding(Place(self.template.file), "template-name", f"{self.where}{message}")])

    def look_up(self, path: Sequence[str], scope: ViewScope) -> ScopeNode:
        node = scope.get(path[0])
        rest = path[1:]
        if node is None:
            node, rest = scope[""], path
        for name in rest:
            if not isinstance(node, Record | dict) or name not in node:
                raise self.broken(f"表里没有“{'.'.join(path)}”。")
            node = node[name]
        return node

    def turns(self, repeat: Repeat, scope: ViewScope) -> Iterator[tuple[ViewScope, object]]:
        """The scopes of a loop's turns (one or none for a condition), each with its identity."""
        self.where = repeat.open.where
        source = self.look_up(repeat.open.source, scope)
        variable = repeat.open.variable
        if variable is None:
            if source:
                yield scope, "if"
            return
        if not isinstance(source, list):
            raise self.broken(f"“{'.'.join(repeat.open.source)}”不是列表，不能循环。")
        for index, item in enumerate(source):
            yield {**scope, variable: item, "loop": {"index": index + 1}}, (variable, index, path_of(item))

    def rows(
        self, parts: Sequence[TemplateRow | Repeat], scope: ViewScope, turn: tuple[object, ...]
    ) -> Iterator[tuple[TemplateRow, list[_Draft]]]:
        for part in parts:
            if isinstance(part, Repeat):
                for inner, identity in self.turns(part, scope):
                    yield from self.rows(part.body, inner, (*turn, identity))
                continue
            drafts = [self.draft(cell, part, scope, turn) for cell in part.cells]
            texts = [text for draft in drafts if draft.cell.merge is None for text in draft.texts]
            self.printed += 1
            if texts and all(text.withheld for text in texts):
                self.left_out.append(self.printed - 1)
            else:
                yield part, drafts

    def draft(self, cell: TemplateCell, row: TemplateRow, scope: ViewScope, turn: tuple[object, ...]) -> _Draft:
        self.where = f"表格第 {row.number} 行第 {cell.column + 1} 列："
        if cell.continues:
            if cell.column not in self.above:
                raise self.broken("单元格写着接上面的，上面却没有单元格。")
            return _Draft(cell, self.above[cell.column], "header")
        made = _Draft(cell, object(), _kind(cell, row, bool(turn)))
        if cell.merge is not None:
            made.key = (id(cell), *self.until(cell.merge, turn))
        for paragraph in cell.paragraphs:
            self.paragraph(paragraph, scope, made.paragraphs, made.texts)
        self.above[cell.column] = made.key
        self.labels.setdefault(made.key, made)
        return made

    def until(self, variable: str, turn: tuple[object, ...]) -> tuple[object, ...]:
        """The turns of the enclosing loops down to the one over `variable`."""
        for end, identity in enumerate(turn, 1):
            if isinstance(identity, tuple) and identity[0] == variable:
                return turn[:end]
        raise self.broken(f"merge {variable}：这一行不在“{variable}”的循环里。")

    def paragraph(self, part: TemplateParagraph | Repeat, scope: ViewScope, into: list[str], texts: list[Text]) -> None:
        if isinstance(part, Repeat):
            self.where = part.open.where
            source = self.look_up(part.open.source, scope)
            if isinstance(source, Rows) and source.withheld:
                texts.append(Text("", source.path, withheld=True))
            for inner, _ in self.turns(part, scope):
                for below in part.body:
                    self.paragraph(below, inner, into, texts)
            return
        into.append("".join(self.text(piece, scope, texts) for piece in part.pieces))

    def text(self, piece: object, scope: ViewScope, texts: list[Text]) -> str:
        if isinstance(piece, Literal_):
            return piece.text
        if isinstance(piece, Merge):
            return ""
        assert isinstance(piece, Print)
        value = self.look_up(piece.path, scope)
        if isinstance(value, Record | list | dict):
            raise self.broken(f"“{'.'.join(piece.path)}”是一组内容，不能直接印。")
        if isinstance(value, Text):
            texts.append(value)
        if not piece.filter:
            return str(value)
        try:
            return FILTERS[piece.filter](int(value))
        except ValueError:
            raise self.broken(f"“{value}”不能用“| {piece.filter}”。") from None

    def block(self, paragraph: TemplateParagraph, scope: ViewScope) -> Block:
        self.where = ""
        texts: list[Text] = []
        text = "".join(self.text(piece, scope, texts) for piece in paragraph.pieces)
        return Block(text, paragraph.align, tuple(t.path for t in texts))


def _kind(cell: TemplateCell, row: TemplateRow, looped: bool) -> CellKind:
    if cell.merge is not None:
        return "group"
    fixed = [p for p in cell.paragraphs if not isinstance(p, Repeat)]
    blank = not any(isinstance(x, Literal_) and x.text.strip() for p in fixed for x in p.pieces)
    if not blank and (cell.is_head or not cell.has_values):
        return "header"
    own = [other for other in row.cells if not other.continues and other.merge is None]
    names = looped and own[:1] == [cell] and len(own) > 1
    return "name" if names else "value"


def _with_spans(drafts: list[tuple[TemplateRow, list[_Draft]]], labels: dict[object, _Draft]) -> tuple[TableRow, ...]:
    """Cells of one column with the same key, row after row, become one cell."""
    keys = [{draft.cell.column: draft for draft in row} for _, row in drafts]
    rows = []
    for number, (template_row, row) in enumerate(drafts):
        cells: list[Cell] = []
        continued: list[int] = []
        for draft in row:
            column = draft.cell.column
            above = keys[number - 1].get(column) if number else None
            if above is not None and above.key == draft.key:
                continued.append(column)
                continue
            end = number + 1
            while end < len(keys) and column in keys[end] and keys[end][column].key == draft.key:
                end += 1
            label = labels.get(draft.key, draft)
            paths: tuple[ValuePath, ...] = tuple(text.path for text in label.texts)
            cells.append(
                Cell(
                    number, column, end - number, draft.cell.colspan, label.kind,
                    tuple(label.paragraphs), paths, label.cell.align,
                )
            )  # fmt: skip
        rows.append(TableRow(tuple(cells), tuple(continued), template_row.splits, template_row.keeps))
    return tuple(rows)
