"""What stands around the table: values that the template prints there, and words it does not know."""

from __future__ import annotations

import re

from perfgen.importing.folding import folded, shortened
from perfgen.importing.matching.bind import Node
from perfgen.importing.matching.template_line import line_values
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper.word_table import WordForm
from perfgen.table.tags import Literal_, Print
from perfgen.table.template import TemplateTable

_LONG = 200
"""A text longer than this is content, not a note in passing."""


def fixed_text(template: TemplateTable) -> str:
    """The template's fixed text around its table: in what the amounts are, for one."""
    blocks = (*template.above, *template.below)
    return " ".join(piece.text for block in blocks for piece in block.pieces if isinstance(piece, Literal_))


def read_around(word: WordForm, template: TemplateTable, root: Node, notes: Notes) -> None:
    """Puts the values printed around the table into `root`; tells what else stands there."""
    left = list(word.outside)
    fixed: dict[str, str] = {}
    for block in (*template.above, *template.below):
        if not any(isinstance(piece, Print) for piece in block.pieces):
            text = "".join(piece.text for piece in block.pieces if isinstance(piece, Literal_))
            fixed[folded(text)] = text
            continue
        text = next((text for text in left if line_values(block.pieces, text) is not None), "")
        for bound in line_values(block.pieces, text) or ():
            node = root
            for name in bound.path:
                node = node.member(name)
            node.text = node.text or bound.text
        if text:
            left.remove(text)
    for text in left:
        if folded(text) not in fixed:
            _tell(text, fixed, notes)
    edges = [text for text in word.edges if not re.fullmatch(r"[\d\s/—-]*", text)]
    if edges:
        notes.say(UNSURE, f"页眉、页脚、脚注和批注里的文字没有读：{shortened('，'.join(edges), 60)}")
    for trouble in sorted(word.troubles):
        notes.say(CHANGED if trouble.name == "REVISED" else UNSURE, f"表格外面{trouble.value}。")
    for row in word.removed:
        texts = "，".join(shortened(cell.text, 16) for cell in row.cells if cell.text)
        notes.say(CHANGED, f"这一行按修订去掉了：{texts}", row)


def _tell(text: str, fixed: dict[str, str], notes: Notes) -> None:
    signs = set(folded(text))
    near = max(fixed, default="", key=lambda one: len(set(one) & signs))
    said = f"表格外面写的是“{shortened(text, 40)}”"
    if len(near) > 2 and 2 * len(set(near) & signs) > len(set(near) | signs):
        notes.say(UNSURE, f"{said}，表上是“{fixed[near]}”。", hint="如果是单位不同（元和万元），数要自己换算。")
    else:
        notes.say(UNPLACED if len(text) > _LONG else UNSURE, f"{said}，没有读进数据。")
