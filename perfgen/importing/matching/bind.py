"""Matched rows played back: loops turn, and each value falls where the template took it from."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.importing.folding import cleaned, folded, shortened, squeezed
from perfgen.importing.matching.cell_text import Listed, take_apart
from perfgen.importing.matching.match import Match, Placed
from perfgen.importing.matching.score import Scorer, Shape, begins, distance
from perfgen.importing.matching.template_line import Bound
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper.word_table import FormCell
from perfgen.importing.paper.word_text import Trouble
from perfgen.table.tags import Literal_
from perfgen.table.template import Repeat, TemplateParagraph

_NAMED = 6
"""How many cells are named one by one where only blanks went."""
_TOLD = {Trouble.REVISED: CHANGED, Trouble.NESTED: UNSURE, Trouble.MATH: UNSURE}


@dataclass
class Node:
    """A place of the template's data: a value, named members, or the turns of a loop."""

    members: dict[str, Node] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    text: str | None = None
    cell: FormCell | None = None

    def member(self, name: str) -> Node:
        """The member called `name`, made where it is not there yet."""
        return self.members.setdefault(name, Node())


def bind(match: Match, scorer: Scorer, notes: Notes) -> Node:
    """The data that a form's rows hold, in the template's own names."""
    player = _Player(notes)
    for row in match.unplaced:
        texts = "，".join(shortened(cell.text, 16) for cell in row.cells if cell.text)
        if texts:
            notes.say(UNPLACED, f"表上没有这一行的位置：{texts}", row, "在数据里没有地方放的，留着原来的文件。")
        else:
            notes.say(CHANGED, "空行，没有读。", row)
    for before, spot in match.missing:
        heads = "，".join(shape.fixed for shape in scorer.shapes[spot.number] if shape.fixed)
        notes.say(UNSURE, f"这里少了一行{f'（{shortened(heads, 40)}）' if heads else ''}。", before)
    for placed in match.placed:
        player.play(placed)
    if player.trimmed:
        first = "、".join(notes.where(cell).removesuffix("：") for cell in player.trimmed[:_NAMED])
        more = f"等 {len(player.trimmed)} 格" if len(player.trimmed) > _NAMED else ""
        notes.say(CHANGED, f"{first}{more}，文字前后的空白去掉了。")
    return player.root


class _Player:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.root = Node()
        self.scope: list[tuple[Repeat, Node]] = []
        self.labels: dict[int, str] = {}
        """By the template's column, the text last begun there."""
        self.trimmed: list[FormCell] = []

    def play(self, placed: Placed) -> None:
        """Turns the loops that turn at a row, then reads its cells."""
        if placed.turned is not None:
            del self.scope[placed.turned :]
        for loop in placed.spot.loops[len(self.scope) :]:
            item = Node()
            if loop.open.variable is not None:
                self.node(loop.open.source).items.append(item)
            self.scope.append((loop, item))
        del self.scope[len(placed.spot.loops) :]
        if placed.row.revised:
            self.notes.say(CHANGED, "这一行有修订。", placed.row)
        for cell, shape in placed.fit.pairs:
            if shape is None:
                assert cell is not None
                self.stray(cell)
            elif cell is None:
                self.absent(placed, shape)
            else:
                self.troubles(cell)
                self.cell(cell, shape, placed)

    def node(self, path: tuple[str, ...]) -> Node:
        """The place that a dotted name means here."""
        here = next((item for loop, item in reversed(self.scope) if loop.open.variable == path[0]), None)
        rest = path[1:] if here is not None else path
        here = here if here is not None else self.root
        for name in rest:
            here = here.member(name)
        return here

    def stray(self, cell: FormCell) -> None:
        if cell.text:
            self.notes.say(UNPLACED, f"多出一格，没有地方放：{shortened(cell.text)}", cell)
        else:
            self.notes.say(CHANGED, "多出一个空格子，没有用它。", cell)

    def absent(self, placed: Placed, shape: Shape) -> None:
        title = shape.fixed or (shape.meaning.field.title if shape.meaning else "")
        named = f"（{title}）" if title else ""
        self.notes.say(UNSURE, f"少了一格：表上的第 {shape.cell.column + 1} 列{named}，当作没有填。", placed.row)

    def troubles(self, cell: FormCell) -> None:
        for trouble in sorted(cell.troubles):
            self.notes.say(_TOLD.get(trouble, UNPLACED), f"{trouble.value}。", cell)

    def cell(self, cell: FormCell, shape: Shape, placed: Placed) -> None:
        column = shape.cell.column
        if shape.cell.continues or (shape.until is not None and not begins(shape, placed.turned)):
            self.goes_on(cell, column)
        elif shape.fixed is not None:
            self.heading(cell, shape)
            self.labels[column] = cell.origin.text
        elif shape.until is not None:
            text = cell.origin.text
            if cell.continues:
                self.notes.say(UNSURE, f"和上面的“{shortened(text)}”合并在一起，可是这里是新的一组。", cell)
            elif not text:
                text = self.labels.get(column, "")
                self.notes.say(UNSURE, f"这一组没有名字，用上面的“{shortened(text)}”。", cell)
            self.labels[column] = text
            self.bind(shape, cell, text)
        elif cell.continues:
            number = shape.meaning is not None and shape.meaning.is_number
            took = "数不照抄，当作没有填" if number else "照抄上面的"
            self.notes.say(UNSURE, f"和上面的“{shortened(cell.origin.text)}”合并成了一格，{took}。", cell)
            if not number:
                self.read(shape, cell.origin, cell)
        else:
            self.read(shape, cell, cell)

    def goes_on(self, cell: FormCell, column: int) -> None:
        """A cell that the template merges with the one above."""
        if cell.continues:
            return
        if not cell.text:
            self.notes.say(CHANGED, "空格子没有和上面的合并，当作合并了。", cell)
        elif folded(cell.text) == folded(self.labels.get(column, "")):
            self.notes.say(CHANGED, f"“{shortened(cell.text)}”和上面重复，当作合并了。", cell)
        else:
            self.notes.say(UNPLACED, f"这一格应该和上面合并，可是写着“{shortened(cell.text)}”。", cell)

    def heading(self, cell: FormCell, shape: Shape) -> None:
        wanted = "".join(
            piece.text
            for part in shape.cell.paragraphs
            if isinstance(part, TemplateParagraph)
            for piece in part.pieces
            if isinstance(piece, Literal_)
        )
        if cell.continues:
            self.notes.say(CHANGED, f"表上的“{shortened(wanted)}”这一格，这里和上面合并了。", cell)
        elif folded(cell.text) != shape.fixed or squeezed(cleaned(cell.text)) != squeezed(cell.text):
            # told for what cleaning puts right too: it comes out of the template otherwise than it went in
            near = distance(cell.key, shape.fixed or "") < 1
            said = f"写的是“{shortened(cell.text)}”" if cell.text else "是空的"
            self.notes.say(CHANGED if near else UNSURE, f"表上这里是“{shortened(wanted)}”，这份表{said}。", cell)

    def bind(self, shape: Shape, cell: FormCell, text: str) -> None:
        """A group's name."""
        for part in shape.cell.paragraphs:
            for piece in part.pieces if isinstance(part, TemplateParagraph) else ():
                if hasattr(piece, "path"):
                    self.put(self.node(piece.path), text, cell)

    def read(self, shape: Shape, source: FormCell, cell: FormCell) -> None:
        raw = [paragraph.text for paragraph in cell.paragraphs if paragraph.text]
        if any(text != text.strip() for text in raw):
            self.trimmed.append(cell)
        for found in take_apart(shape.cell, source, self.notes):
            if isinstance(found, Bound):
                self.put(self.node(found.path), found.text, cell)
            else:
                self.listed(found, cell)

    def listed(self, found: Listed, cell: FormCell) -> None:
        loop = found.repeat
        target = self.node(loop.open.source)
        again = bool(target.items)
        if again and [item.text for item in target.items] != [b.text for bounds in found.items for b in bounds]:
            self.notes.say(UNSURE, "这一栏出现了不止一次，内容不一样，用第一次的。", cell)
        for bounds in () if again else found.items:
            item = Node()
            if loop.open.variable is not None:
                target.items.append(item)
                self.scope.append((loop, item))
            for bound in bounds:
                self.put(self.node(bound.path), bound.text, cell)
            if loop.open.variable is not None:
                self.scope.pop()

    def put(self, node: Node, text: str, cell: FormCell) -> None:
        if node.text is None or not node.text.strip():
            node.text, node.cell = text, cell
        elif text.strip() and folded(node.text) != folded(text):
            first = self.notes.where(node.cell).rstrip("：")
            self.notes.say(UNSURE, f"“{shortened(text)}”和{first}的“{shortened(node.text)}”不一样，用前面的。", cell)
