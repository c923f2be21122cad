"""Fills a template's table with the values of a view.

This code knows nothing of docxtpl: the Word file that docxtpl renders is compared with what it gives. In a public view
a row is left out when all of its values are withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from perfgen.data import ValuePath, path_text
from perfgen.findings import Finding, FormError, Place
from perfgen.table.filters import FILTERS, FilterError, lacking
from perfgen.table.model import Block, Cell, CellKind, Line, Part, Table, TableRow, Turn
from perfgen.table.tags import Literal_, Merge, Piece
from perfgen.table.template import Repeat, TemplateCell, TemplateParagraph, TemplateRow, TemplateTable
from perfgen.table.view import Absent, Record, Rows, Text, View, ViewNode, path_of

ScopeNode: TypeAlias = "ViewNode | int | dict[str, int]"
"""What a name in a template leads to: a part of the view, or `loop` with its `index`."""

MOST_TURNS = 200_000
"""How often all loops of a template may turn; the longest form known has 6,000 rows."""
_CONDITION = Turn("", 0, (), ())
"""Stands for the turn of a condition, which has no variable."""
ViewScope = dict[str, ScopeNode]


@dataclass
class _Draft:
    """A cell whose rowspan is not known yet; cells of one column with the same key are one cell."""

    cell: TemplateCell
    key: object
    kind: CellKind
    turns: tuple[Turn, ...] = ()
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def expand(template: TemplateTable, view: View) -> Table:
    """The template's table with a view's values.

    Raises FormError when a tag names something that the form does not have.
    """
    expander = _Expander(template)
    drafts = list(expander.rows(template.rows, {"": view}, ()))
    table = Table(
        tuple(expander.block(paragraph, {"": view}) for paragraph in template.above),
        _with_spans(drafts, expander.labels),
        tuple(expander.block(paragraph, {"": view}) for paragraph in template.below),
        template.widths,
        template.page,
        tuple(expander.left_out),
    )
    expander.refuse_parts()
    return table


class _Expander:
    """Walks a template with a scope: the view stands under the empty name, loop variables under their own."""

    def __init__(self, template: TemplateTable) -> None:
        self.template = template
        self.where = ""
        self.above: dict[int, object] = {}
        """By column, the key of the last cell that began there."""
        self.rows_seen = self.turned = 0
        self.left_out: list[int] = []
        self.ways: dict[ValuePath, tuple[Text, set[str]]] = {}
        """By path, a value that is printed otherwise than it is, and how it is shown."""
        self.whole: set[ValuePath] = set()
        self.labels: dict[object, _Draft] = {}
        """By key, the cell that holds the label; the row it stands in may have been left out."""

    def broken(self, message: str) -> FormError:
        return FormError([Finding(Place(self.template.file), "template-name", f"{self.where}{message}")])

    def look_up(self, path: Sequence[str], scope: ViewScope) -> ScopeNode:
        """What a dotted name means: a loop variable comes before a name of the form."""
        node = scope.get(path[0])
        rest = path[1:]
        if node is None:
            node, rest = scope[""], path
        for name in rest:
            if not isinstance(node, Record | dict) or name not in node:
                raise self.broken(f"表里没有“{'.'.join(path)}”。")
            node = node[name]
        return node

    def turns(self, repeat: Repeat, scope: ViewScope) -> Iterator[tuple[ViewScope, Turn]]:
        """The scopes of a loop's turns, each with its turn; a condition has one turn or none."""
        self.where = repeat.open.where
        source = self.look_up(repeat.open.source, scope)
        variable = repeat.open.variable
        if variable is None:
            if source:
                yield scope, _CONDITION
            return
        if isinstance(source, Absent):
            source.refuse()
        if not isinstance(source, list):
            raise self.broken(f"“{'.'.join(repeat.open.source)}”不是列表，不能循环。")
        path = source.path if isinstance(source, Rows) else ()
        for index, item in enumerate(source):
            self.turned += 1
            if self.turned > MOST_TURNS:
                raise self.broken(f"循环套循环，一共转了 {MOST_TURNS:,} 次还没有完。")
            turn = Turn(variable, index, path_of(item), path)
            yield {**scope, variable: item, "loop": {"index": index + 1}}, turn

    def rows(
        self, parts: Sequence[TemplateRow | Repeat], scope: ViewScope, turns: tuple[Turn, ...]
    ) -> Iterator[tuple[TemplateRow, list[_Draft]]]:
        for part in parts:
            if isinstance(part, Repeat):
                for inner, turn in self.turns(part, scope):
                    yield from self.rows(part.body, inner, (*turns, turn))
                continue
            drafts = [self.draft(cell, part, scope, turns) for cell in part.cells]
            texts = [text for draft in drafts if draft.cell.merge is None for text in draft.texts]
            if texts and all(text.withheld for text in texts):
                self.left_out.append(self.rows_seen)
            else:
                yield part, drafts
            self.rows_seen += 1

    def draft(self, cell: TemplateCell, row: TemplateRow, scope: ViewScope, turns: tuple[Turn, ...]) -> _Draft:
        self.where = f"表格第 {row.number} 行第 {cell.column + 1} 列："
        if cell.continues:
            if cell.column not in self.above:
                raise self.broken("单元格写着接上面的，上面却没有单元格。")
            return _Draft(cell, self.above[cell.column], "header", turns)
        key = object() if cell.merge is None else (id(cell), *self.until(cell.merge, turns))
        draft = _Draft(cell, key, _kind(cell, row, bool(turns)), turns)
        for paragraph in cell.paragraphs:
            self.paragraph(paragraph, scope, draft)
        self.above[cell.column] = key
        self.labels.setdefault(key, draft)
        return draft

    def until(self, variable: str, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """The turns of the enclosing loops down to the one over `variable`."""
        for end, turn in enumerate(turns, 1):
            if turn.variable == variable:
                return turns[:end]
        raise self.broken(f"merge {variable}：这一行不在“{variable}”的循环里。")

    def paragraph(
        self, part: TemplateParagraph | Repeat, scope: ViewScope, draft: _Draft, turns: tuple[Turn, ...] = ()
    ) -> None:
        """Adds a paragraph of the template, or those of a loop, to a cell; `turns` are of the loops in the cell."""
        if isinstance(part, Repeat):
            self.where = part.open.where
            source = self.look_up(part.open.source, scope)
            if isinstance(source, Rows) and source.withheld:
                draft.texts.append(Text("", source.path, withheld=True))
            for inner, turn in self.turns(part, scope):
                for paragraph in part.body:
                    self.paragraph(paragraph, inner, draft, (*turns, turn))
            return
        draft.lines.append(Line(tuple(self.part(piece, scope, draft.texts) for piece in part.pieces), turns))

    def part(self, piece: Piece, scope: ViewScope, texts: list[Text]) -> Part:
        """What a piece of a paragraph prints; a printed value is added to `texts`."""
        if isinstance(piece, Literal_):
            return Part(piece.text)
        if isinstance(piece, Merge):
            return Part("")
        value = self.look_up(piece.path, scope)
        if isinstance(value, Absent):
            value.refuse()
        if isinstance(value, Record | list | dict):
            raise self.broken(f"“{'.'.join(piece.path)}”是一组内容，不能直接印。")
        if piece.filter:
            try:
                printed = FILTERS[piece.filter](value, *filter(None, [piece.argument]))
            except FilterError as error:
                raise self.broken(str(error)) from None
        else:
            printed = value if isinstance(value, str) else str(value)
        if isinstance(printed, Text):
            texts.append(printed)
            if isinstance(value, Text) and printed.shown:
                self.ways.setdefault(value.path, (value, set()))[1].add(printed.shown)
            else:
                self.whole.add(printed.path)
            return Part(printed.on_form, printed.path, printed.shown)
        return Part(printed)

    def refuse_parts(self) -> None:
        """Raises FormError for a value of which only a part is printed."""
        for path, (value, ways) in self.ways.items():
            if value and path not in self.whole and (absent := lacking(ways, value.choices)):
                self.where = ""
                raise self.broken(f"“{path_text(path)}”只印了一部分，少了 {'、'.join(absent).replace('|', '：')}。")

    def block(self, paragraph: TemplateParagraph, scope: ViewScope) -> Block:
        self.where = ""
        texts: list[Text] = []
        line = Line(tuple(self.part(piece, scope, texts) for piece in paragraph.pieces))
        return Block(line.text, paragraph.align, tuple(value.path for value in texts), line.parts)


def _kind(cell: TemplateCell, row: TemplateRow, looped: bool) -> CellKind:
    if cell.merge is not None:
        return "group"
    fixed = [paragraph for paragraph in cell.paragraphs if not isinstance(paragraph, Repeat)]
    has_text = any(isinstance(piece, Literal_) and piece.text.strip() for part in fixed for piece in part.pieces)
    if has_text and (cell.is_head or not cell.has_values):
        return "header"
    unmerged = [sibling for sibling in row.cells if not sibling.continues and sibling.merge is None]
    names_row = looped and unmerged[:1] == [cell] and len(unmerged) > 1
    return "name" if names_row else "value"


def _with_spans(drafts: list[tuple[TemplateRow, list[_Draft]]], labels: dict[object, _Draft]) -> tuple[TableRow, ...]:
    """The rows of the table: cells of one column with the same key, row after row, become one cell."""
    by_column = [{draft.cell.column: draft for draft in row} for _, row in drafts]
    rows = []
    for number, (template_row, row) in enumerate(drafts):
        above = by_column[number - 1] if number else {}
        begun = [draft for draft in row if not _is_joined(draft, above)]
        cells = tuple(_spanned(draft, labels.get(draft.key, draft), number, by_column) for draft in begun)
        continued = tuple(draft.cell.column for draft in row if _is_joined(draft, above))
        turns = tuple(turn for turn in row[0].turns if turn.variable) if row else ()
        rows.append(TableRow(cells, continued, template_row.splits, template_row.keeps, template_row.number, turns))
    return tuple(rows)


def _is_joined(draft: _Draft, neighbours: Mapping[int, _Draft]) -> bool:
    """Whether a cell is one with the cell of its column in the row above or below."""
    neighbour = neighbours.get(draft.cell.column)
    return neighbour is not None and neighbour.key == draft.key


def _spanned(draft: _Draft, label: _Draft, row: int, by_column: Sequence[Mapping[int, _Draft]]) -> Cell:
    """The cell that begins in a row, over all the rows below that it is joined with; `label` holds its content."""
    end = row + 1
    while end < len(by_column) and _is_joined(draft, by_column[end]):
        end += 1
    return Cell(
        row, draft.cell.column, end - row, draft.cell.colspan, label.kind,
        tuple(line.text for line in label.lines), tuple(text.path for text in label.texts), label.cell.align,
        tuple(label.lines),
    )  # fmt: skip
