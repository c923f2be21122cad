"""A cell's text and the template's cell that prints it, taken apart into the values in it.

Fixed text around a value (`第1项：`, `（截止…年）`) is dropped because the template adds it; lists
inside a cell are cut where the template numbers them, or where Word or a person has.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.form.numbered import ITEM_NUMBER
from perfgen.importing.folding import folded, shortened, squeezed
from perfgen.importing.matching.cell_list import Items, list_items
from perfgen.importing.matching.template_line import (
    Bound,
    Line,
    is_unclear,
    is_value,
    read_line,
    reprinted,
    value_prints,
)
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper.word_table import FormCell
from perfgen.importing.paper.word_text import WordParagraph
from perfgen.notation import narrow
from perfgen.table.numbering import is_loop_number
from perfgen.table.tags import Literal_, Piece, Print
from perfgen.table.template import Repeat, TemplateCell, TemplateParagraph

_NUMBER_LENGTH = 12
"""A number before an item, with its signs and blanks, is no longer than this many characters."""


@dataclass(frozen=True)
class Listed:
    """A loop over a cell's paragraphs, and what each turn of it printed."""

    repeat: Repeat
    items: Items


def take_apart(template_cell: TemplateCell, cell: FormCell, notes: Notes) -> tuple[Bound | Listed, ...]:
    """The values of a cell that a cell of the template printed."""
    loops = [part for part in template_cell.paragraphs if isinstance(part, Repeat)]
    if not loops:
        return values_in(template_cell, cell.text, cell, notes)
    lines = _looped_lines(template_cell.paragraphs, cell)
    body = loops[0].body
    if len(loops) == 1 and len(body) == 1 and isinstance(body[0], TemplateParagraph):
        return (Listed(loops[0], list_items(body[0].pieces, lines, cell, notes)),)
    if lines:
        notes.say(UNPLACED, f"模板的这一格套了几层循环，倒着读不出来：{shortened(cell.text)}", cell)
    return ()


def _looped_lines(parts: tuple[TemplateParagraph | Repeat, ...], cell: FormCell) -> list[WordParagraph]:
    """A cell's paragraphs without the fixed ones before and after its loops."""
    lines = [line for line in cell.paragraphs if line.text.strip()]
    begin = _count_fixed(parts, lines)
    end = _count_fixed(parts[::-1], lines[::-1])
    return lines[begin : len(lines) - end]


def _count_fixed(parts: tuple[TemplateParagraph | Repeat, ...], lines: list[WordParagraph]) -> int:
    """How many of some lines are the fixed paragraphs before the first loop."""
    count = 0
    for part in parts:
        if isinstance(part, Repeat):
            break
        text = folded("".join(getattr(piece, "text", "") for piece in part.pieces))
        if text and count < len(lines) and folded(lines[count].text) == text:
            count += 1
    return count


def values_in(template_cell: TemplateCell, text: str, cell: FormCell, notes: Notes) -> tuple[Bound, ...]:
    """The values in the text of a cell that a cell of the template without loops printed.

    All paragraphs are read as one line. What stands around a value and is not the template's is told.
    """
    pieces = _joined(template_cell)
    prints = value_prints(pieces)
    if not prints:
        return ()
    if _is_bare(pieces):
        return (Bound(prints[0].path, text, prints[0].shown),)
    line = read_line(pieces, text)
    if line is not None:
        _tell_of_line(pieces, line, text, cell, notes)
        return line.values
    if not text:
        return tuple(Bound(piece.path, "", piece.shown) for piece in prints)
    if len(prints) == 1:
        value = _loosely(pieces, text)
        notes.say(UNSURE, f"周围的文字和表上的不一样，“{shortened(text)}”读成“{shortened(value)}”。", cell)
        notes.changed.add(cell)
        return (Bound(prints[0].path, value, prints[0].shown),)
    notes.say(UNPLACED, f"分不清哪个是哪个值：{shortened(text)}", cell, "照表上原来的文字改好再导入，或者自己补上。")
    return ()


def _joined(template_cell: TemplateCell) -> tuple[Piece, ...]:
    """What a cell of the template prints, its paragraphs apart by line breaks."""
    pieces: list[Piece] = []
    for part in template_cell.paragraphs:
        if isinstance(part, TemplateParagraph):
            pieces += [Literal_("\n"), *part.pieces] if pieces else part.pieces
    return tuple(piece for piece in pieces if isinstance(piece, Print | Literal_))


def _is_bare(pieces: tuple[Piece, ...]) -> bool:
    """Whether one value is all that a line prints, but for blanks."""
    prints = [piece for piece in pieces if isinstance(piece, Print)]
    return len(prints) == 1 and not any(isinstance(piece, Literal_) and piece.text.strip() for piece in pieces)


def _tell_of_line(pieces: tuple[Piece, ...], line: Line, text: str, cell: FormCell, notes: Notes) -> None:
    """Tells what may be cut otherwise in a line that the template printed, or comes out otherwise."""
    if len(line.values) > 1 and is_unclear(pieces, text):
        notes.say(UNSURE, f"几个值写在一起，分法不止一种：{shortened(text)}", cell)
    if not line.numbers and reprinted(pieces, line.values, 0) != squeezed(text):
        notes.say(CHANGED, f"“{shortened(text)}”里固定的文字改成表上的写法。", cell)


def _loosely(pieces: tuple[Piece, ...], text: str) -> str:
    """The value in a line whose fixed text is worded otherwise: as much is cut off as is the same."""
    at = next(position for position, piece in enumerate(pieces) if is_value(piece))
    sign_before, sign_after = _fixed_signs(pieces[:at])[-1:], _fixed_signs(pieces[at + 1 :])[:1]
    if any(is_loop_number(piece) for piece in pieces) and ITEM_NUMBER.match(narrow(text)):
        text = ITEM_NUMBER.sub("", narrow(text)[:_NUMBER_LENGTH], count=1) + text[_NUMBER_LENGTH:]
    for sign in filter(None, (sign_before, sign_after)):
        head, cut, tail = narrow(text).partition(sign)
        if cut:
            text = text[len(head) + 1 :] if sign == sign_before and tail else text[: len(head)]
    return text.strip()


def _fixed_signs(pieces: tuple[Piece, ...]) -> str:
    """The fixed text of some pieces, narrowed, without white space."""
    return "".join(narrow("".join(piece.text.split())) for piece in pieces if isinstance(piece, Literal_))
