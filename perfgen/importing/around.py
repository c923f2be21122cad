"""The text around the table: values that the template prints there, and texts that it does not have."""

from __future__ import annotations

from perfgen.importing.folding import folded, shortened
from perfgen.importing.matching.bind import Node
from perfgen.importing.matching.template_line import line_values
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper import known
from perfgen.importing.paper.word_table import WordForm
from perfgen.table.tags import Literal_, Print
from perfgen.table.template import TemplateParagraph, TemplateTable

_LONG = 200
"""A text longer than this is content, not a short note."""


def fixed_text(template: TemplateTable) -> str:
    """The template's fixed text around its table: it says in what unit the amounts are, for one."""
    blocks = (*template.above, *template.below)
    return " ".join(piece.text for block in blocks for piece in block.pieces if isinstance(piece, Literal_))


def read_around(word: WordForm, template: TemplateTable, root: Node, notes: Notes) -> None:
    """Puts the values printed around the table into `root`; tells what else stands there."""
    blocks = (*template.above, *template.below)
    remaining = list(word.outside)
    for block in blocks:
        if _prints(block):
            _read_block(block, remaining, root)
    fixed = {folded(text): text for text in map(_text, blocks) if text is not None}
    for text in remaining:
        if folded(text) not in fixed:
            _tell_of_text(text, fixed, notes)
    _tell_of_the_rest(word, notes)


def _prints(block: TemplateParagraph) -> bool:
    return any(isinstance(piece, Print) for piece in block.pieces)


def _text(block: TemplateParagraph) -> str | None:
    """The text of a paragraph of the template that prints no value; None for one that does."""
    return None if _prints(block) else "".join(piece.text for piece in block.pieces if isinstance(piece, Literal_))


def _read_block(block: TemplateParagraph, remaining: list[str], root: Node) -> None:
    """Reads the first text that a paragraph of the template printed, and takes it away from the remaining ones."""
    text = next((text for text in remaining if line_values(block.pieces, text) is not None), "")
    for bound in line_values(block.pieces, text) or ():
        node = root.below(bound.path).as_shown(bound.shown)
        node.text = node.text or bound.text
    if text:
        remaining.remove(text)


def _tell_of_text(text: str, fixed: dict[str, str], notes: Notes) -> None:
    """Tells of a text that the template does not have; `fixed` are the template's texts, by what they fold to."""
    notes.hear(text)
    signs = set(folded(text))
    nearest = max(fixed, default="", key=lambda key: len(set(key) & signs))
    remark = f"表格外面写的是“{shortened(text, 40)}”"
    if len(nearest) > 2 and 2 * len(set(nearest) & signs) > len(set(nearest) | signs):
        notes.say(UNSURE, f"{remark}，表上是“{fixed[nearest]}”。", hint="如果是单位不同（元和万元），数要自己换算。")
    else:
        notes.say(UNPLACED if len(text) > _LONG else UNSURE, f"{remark}，没有读进数据。")


def _tell_of_the_rest(word: WordForm, notes: Notes) -> None:
    """Tells of headers and notes, of what is no text, and of rows that tracked changes take away."""
    if word.edges:
        notes.say(UNSURE, f"页眉、页脚、脚注和批注里的文字没有读：{shortened('，'.join(word.edges), 60)}")
    for remark in sorted(word.troubles):
        kind = CHANGED if remark.trouble in known.PUT_RIGHT else UNSURE
        notes.say(UNPLACED if remark.trouble is known.Trouble.CHUNK else kind, f"表格外面{remark.sentence}。")
    for row in word.removed:
        texts = "，".join(shortened(text, 16) for text in row.taken_away)
        notes.say(CHANGED, f"这一行按修订去掉了{f'：{texts}' if texts else '，是空行'}。", row)
