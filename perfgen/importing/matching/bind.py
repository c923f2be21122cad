"""Matched rows turned into data: loops turn, and each value goes where the template took it from."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.importing.folding import cleaned, folded, shortened, squeezed
from perfgen.importing.matching import row_notes
from perfgen.importing.matching.cell_text import Listed, take_apart, values_in
from perfgen.importing.matching.column_heads import OTHER, ColumnHeads
from perfgen.importing.matching.fit import CellPair, CellPattern, fixed_text
from perfgen.importing.matching.match import Match, Placed
from perfgen.importing.matching.score import Scorer, distance
from perfgen.importing.matching.template_line import Bound
from perfgen.importing.matching.turns import turned_by_names
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper import known
from perfgen.importing.paper.word_table import FormCell
from perfgen.table.template import Repeat

_KINDS = {**dict.fromkeys(known.PUT_RIGHT, CHANGED), **dict.fromkeys(known.NOT_READ, UNPLACED)}
"""The kind of note that a trouble makes; the others make UNPLACED."""


@dataclass
class Node:
    """A place of the template's data: a value, named members, or the turns of a loop."""

    members: dict[str, Node] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    text: str | None = None
    cell: FormCell | None = None
    shown: dict[str, Node] = field(default_factory=dict)
    """By the way in which the template prints the value otherwise (see `table.filters`), what it shows."""

    def as_shown(self, way: str) -> Node:
        """The place of what is printed in some way; the place itself where the value is printed as it is."""
        return self.shown.setdefault(way, Node()) if way else self

    def member(self, name: str) -> Node:
        """The member called `name`, made where it is not there yet."""
        return self.members.setdefault(name, Node())

    def below(self, path: tuple[str, ...]) -> Node:
        """The place at a path of member names, made where it is not there yet."""
        node = self
        for name in path:
            node = node.member(name)
        return node


def bind(match: Match, scorer: Scorer, notes: Notes) -> Node:
    """The data that a form's rows hold, in the template's own names."""
    notes.row_names = row_notes.names_of_rows(match)
    row_notes.tell_of_rows(match, scorer, notes)
    binder = _Binder(scorer, notes, ColumnHeads(match, scorer))
    for placed in match.placed:
        binder.row(placed)
    row_notes.tell_of_trimmed(binder.trimmed, notes)
    return binder.root


class _Binder:
    """Puts the texts of rows, one row after another, under the template's names."""

    def __init__(self, scorer: Scorer, notes: Notes, heads: ColumnHeads) -> None:
        self.scorer = scorer
        self.notes = notes
        self.heads = heads
        self.root = Node()
        self.scope: list[tuple[Repeat, Node]] = []
        """The open loops, from the outside in, each with its present turn."""
        self.other_label = ""
        """The last heading in the present row, where it is another one than the template's."""
        self.labels: dict[int, str] = {}
        """By the template's column, the text last begun there."""
        self.trimmed: list[FormCell] = []
        """The cells that had blanks at the ends of their texts."""

    def row(self, placed: Placed) -> None:
        """Turns the loops that turn at a row, then reads its cells."""
        placed = turned_by_names(placed, [_texts(item) for _, item in self.scope], self.notes)
        self.turn(placed)
        self.heads.pass_row(placed)
        self.other_label = ""
        if placed.row.revised:
            self.notes.say(CHANGED, "这一行有修订。", placed.row)
        self.tell_of_likely(placed)
        for pair in placed.fit.pairs:
            if pair.cell is None:
                for pattern in pair.patterns:
                    self.absent(placed, pattern)
            elif pair.pattern is None:
                self.stray(pair.cell)
            else:
                self.troubles(pair.cell)
                self.cell(pair.cell, self.of_merged(pair, placed) if pair.also else pair.pattern, placed)

    def tell_of_likely(self, placed: Placed) -> None:
        """Makes each value of a row doubtful that has a cell more or less, where only likeness tells which one."""
        pairs = placed.fit.pairs
        absent = [pair for pair in pairs if pair.cell is None and pair.pattern and not pair.pattern.cell.continues]
        why = "修订加了或者去掉了格子，后面的可能错了位" if placed.row.shifted else "这一行少了一格，看不出少的是哪一格"
        if placed.row.shifted or (absent and not placed.fit.by_columns):
            for pair in pairs:
                if pair.cell and pair.cell.text and pair.pattern and pair.pattern.heading is None:
                    self.notes.doubt(why, pair.cell)

    def turn(self, placed: Placed) -> None:
        """Closes the loops that a row ends or turns, and opens a turn of each that it needs."""
        if placed.turned is not None:
            del self.scope[placed.turned :]
        for loop in placed.spot.loops[len(self.scope) :]:
            item = Node()
            if loop.open.variable is not None:
                self.node(loop.open.source).items.append(item)
            self.scope.append((loop, item))
        del self.scope[len(placed.spot.loops) :]

    def node(self, path: tuple[str, ...]) -> Node:
        """The place that a dotted name means in the present turns."""
        item = next((item for loop, item in reversed(self.scope) if loop.open.variable == path[0]), None)
        return self.root.below(path) if item is None else item.below(path[1:])

    def stray(self, cell: FormCell) -> None:
        """Tells of a cell that the template's row does not have."""
        if cell.text:
            self.notes.say(UNPLACED, f"多出一格，没有地方放：{shortened(cell.text)}", cell)
        else:
            self.notes.say(CHANGED, "多出一个空格子，没有用它。", cell)
        self.troubles(cell)

    def absent(self, placed: Placed, pattern: CellPattern) -> None:
        """Tells of a cell that only the template's row has."""
        named = f"（{title}）" if (title := pattern.title) else ""
        self.notes.say(UNSURE, f"少了一格：表上的第 {pattern.cell.column + 1} 列{named}，当作没有填。", placed.row)

    def of_merged(self, pair: CellPair, placed: Placed) -> CellPattern:
        """The template's cell that a cell over several of them is read as; tells of the others."""
        cell, patterns = pair.cell, pair.patterns
        assert cell is not None
        alike = [pattern for pattern in patterns if pattern.continues(placed.turned) == cell.continues]
        taken = min(alike or patterns, key=lambda pattern: self.scorer.cost(cell, pattern))
        columns = "、".join(str(pattern.cell.column + 1) for pattern in patterns)
        titles = "、".join(filter(None, (pattern.title for pattern in patterns)))
        merged = f"表上的第 {columns} 列{f'（{titles}）' if titles else ''}在这里是一格"
        begun = [pattern for pattern in patterns if pattern is not taken and pattern.begins_group(placed.turned)]
        text = shortened(cell.origin.text)
        if cell.continues and len(alike) == len(patterns):
            self.notes.say(UNSURE, f"{merged}，接着上面的“{text}”。", cell)
        elif not text and not begun:
            self.notes.say(CHANGED, f"{merged}，是空的。", cell)
        else:
            self.notes.say(UNSURE, f"{merged}，“{text}”只放进第 {taken.cell.column + 1} 列，别的当作没有填。", cell)
        for pattern in begun:
            self.notes.say(UNSURE, f"第 {pattern.cell.column + 1} 列的组名也用“{text}”。", cell)
            self.name_group(pattern, cell.origin.text, cell)
        return taken

    def troubles(self, cell: FormCell) -> None:
        """Tells of what a cell has beside text."""
        for remark in sorted(cell.troubles):
            self.notes.say(_KINDS.get(remark.trouble, UNSURE), f"{remark.sentence}。", cell)

    def cell(self, cell: FormCell, pattern: CellPattern, placed: Placed) -> None:
        """Reads a cell as what the template's cell prints: a heading, a group's name, or values."""
        if pattern.continues(placed.turned):
            self.continued(cell, pattern)
        elif pattern.heading is not None:
            self.heading(cell, pattern)
        elif pattern.begins_group(placed.turned):
            self.group(cell, pattern)
        elif cell.continues:
            self.merged_value(cell, pattern)
        else:
            self.below_head(cell, pattern)

    def below_head(self, cell: FormCell, pattern: CellPattern) -> None:
        """Reads values, unless the head of their column is that of another one; another word there makes a doubt."""
        head = self.heads.over(pattern.cell) if cell.text else None
        if head is not None and head.is_of_another_column:
            self.notes.say(UNPLACED, f"{head.sentence}：“{shortened(cell.text)}”没有放进去。", cell)
            return
        if head is not None:
            self.notes.doubt(head.sentence, cell)
        if cell.text and self.other_label:
            self.notes.doubt(f"这一行的标题是“{shortened(self.other_label)}”", cell)
        self.values(pattern, cell, cell)

    def continued(self, cell: FormCell, pattern: CellPattern) -> None:
        """Reads a cell that the template merges with the one above."""
        column = pattern.cell.column
        if cell.continues:
            return
        if not cell.text:
            self.notes.say(CHANGED, "空格子没有和上面的合并，当作合并了。", cell)
        elif folded(cell.text) == folded(self.labels.get(column, "")):
            self.notes.say(CHANGED, f"“{shortened(cell.text)}”和上面重复，当作合并了。", cell)
        elif pattern.label and folded(cell.text) == pattern.label:
            self.labels[column] = cell.text
            self.notes.say(CHANGED, f"“{shortened(cell.text)}”从这一行开始，上面少了一行。", cell)
        else:
            self.notes.say(UNPLACED, f"这一格应该和上面合并，可是写着“{shortened(cell.text)}”。", cell)

    def heading(self, cell: FormCell, pattern: CellPattern) -> None:
        """Compares a heading with the template's."""
        wanted = fixed_text(pattern.cell)
        self.other_label = ""
        if cell.continues:
            self.notes.say(CHANGED, f"表上的“{shortened(wanted)}”这一格，这里和上面合并了。", cell)
        elif folded(cell.text) != pattern.heading or squeezed(cleaned(cell.text)) != squeezed(cell.text):
            # told for what cleaning puts right too: it comes out of the template otherwise than it went in
            kind = CHANGED if distance(cell.key, pattern.heading or "") < OTHER else UNSURE
            self.other_label = cell.text if kind == UNSURE else ""
            self.notes.hear(cell.text)
            given = f"写的是“{shortened(cell.text)}”" if cell.text else "是空的"
            self.notes.say(kind, f"表上这里是“{shortened(wanted)}”，这份表{given}。", cell)
        self.labels[pattern.cell.column] = cell.origin.text

    def group(self, cell: FormCell, pattern: CellPattern) -> None:
        """Reads the name of a group where the group begins."""
        column = pattern.cell.column
        name = cell.origin.text
        if cell.continues:
            self.notes.say(UNSURE, f"和上面的“{shortened(name)}”合并在一起，可是这里是新的一组。", cell)
        elif not name:
            name = self.labels.get(column, "")
            self.notes.say(UNSURE, f"这一组没有名字，用上面的“{shortened(name)}”。", cell)
        self.name_group(pattern, name, cell)

    def name_group(self, pattern: CellPattern, name: str, cell: FormCell) -> None:
        """Puts down the name of a group that begins, without the template's fixed text around it."""
        self.labels[pattern.cell.column] = name
        for bound in values_in(pattern.cell, name, cell, self.notes):
            self.put(self.node(bound.path).as_shown(bound.shown), bound.text, cell)

    def merged_value(self, cell: FormCell, pattern: CellPattern) -> None:
        """Reads a value that the form merges with the one above: a text counts for both rows, a number does not."""
        is_number = pattern.meaning is not None and pattern.meaning.is_number
        taken = "数不照抄，当作没有填" if is_number else "照抄上面的"
        self.notes.say(UNSURE, f"和上面的“{shortened(cell.origin.text)}”合并成了一格，{taken}。", cell)
        if not is_number:
            self.values(pattern, cell.origin, cell)

    def values(self, pattern: CellPattern, source: FormCell, cell: FormCell) -> None:
        """Reads the values in the text of `source`, for a cell that may continue it."""
        texts = [paragraph.text for paragraph in cell.paragraphs if paragraph.text]
        if any(text != text.strip() for text in texts):
            self.trimmed.append(cell)
        for part in take_apart(pattern.cell, source, self.notes):
            if isinstance(part, Bound):
                self.put(self.node(part.path).as_shown(part.shown), part.text, cell)
            else:
                self.listed(part, cell)

    def listed(self, listed: Listed, cell: FormCell) -> None:
        """Puts down a list that a cell holds; where the list is printed again, the first one counts."""
        target = self.node(listed.repeat.open.source)
        if target.items:
            if [item.text for item in target.items] != [bound.text for bounds in listed.items for bound in bounds]:
                self.notes.say(UNSURE, "这一栏出现了不止一次，内容不一样，用第一次的。", cell)
            return
        for bounds in listed.items:
            self.listed_item(listed.repeat, target, bounds, cell)

    def listed_item(self, loop: Repeat, target: Node, bounds: tuple[Bound, ...], cell: FormCell) -> None:
        """Puts down what one turn of a loop inside a cell printed."""
        if loop.open.variable is not None:
            item = Node()
            target.items.append(item)
            self.scope.append((loop, item))
        for bound in bounds:
            self.put(self.node(bound.path).as_shown(bound.shown), bound.text, cell)
        if loop.open.variable is not None:
            self.scope.pop()

    def put(self, node: Node, text: str, cell: FormCell) -> None:
        """Puts a text at a place; where another text is there, that one stays."""
        if node.text is None or not node.text.strip():
            node.text, node.cell = text, cell
        elif text.strip() and folded(node.text) != folded(text):
            first = self.notes.where(node.cell).rstrip("：")
            self.notes.say(UNSURE, f"“{shortened(text)}”和{first}的“{shortened(node.text)}”不一样，用前面的。", cell)


def _texts(node: Node) -> dict[str, str]:
    """The texts of a node's members."""
    return {name: member.text for name, member in node.members.items() if member.text}
