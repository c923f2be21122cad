"""A cell's text and the template's cell that prints it, taken apart into the values in it.

Fixed text around a value (`第1项：`, `（截止…年）`) is dropped because the template adds it; lists
inside a cell are cut where the template numbers them, or where Word or a person has.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
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
_MOST_CONDITIONS = 6
"""A cell with more conditions than these is not tried with and without each of them."""


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
    if _has_conditions(template_cell):
        by_paragraphs = _by_paragraphs(template_cell, cell.paragraphs, cell, notes)
        return by_paragraphs if by_paragraphs is not None else _unclear(cell.text, cell, notes)
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

    Paragraphs are read one by one where there are as many as the template's, else all as one line. What stands
    around a value and is not the template's is told.
    """
    pieces = _joined(template_cell)
    prints = value_prints(pieces)
    if not prints:
        return ()
    if _is_bare(pieces):
        return (Bound(prints[0].path, text, prints[0].shown),)
    by_paragraphs = _by_paragraphs(template_cell, _paragraphs_of(text, cell), cell, notes)
    if by_paragraphs is not None:
        return by_paragraphs
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
    return _unclear(text, cell, notes)


def _unclear(text: str, cell: FormCell, notes: Notes) -> tuple[Bound, ...]:
    """No values, because it is not clear which is which; tells so where there is any text."""
    if text:
        hint = "照表上原来的文字改好再导入，或者自己补上。"
        notes.say(UNPLACED, f"分不清哪个是哪个值：{shortened(text)}", cell, hint)
    return ()


def _paragraphs_of(text: str, cell: FormCell) -> tuple[WordParagraph, ...]:
    """The paragraphs of a text that a cell holds, or the merged cell that it continues; else its lines."""
    if text.strip() == cell.origin.text:
        return cell.origin.paragraphs
    return tuple(WordParagraph(line) for line in text.split("\n"))


def _has_conditions(template_cell: TemplateCell) -> bool:
    """Whether a cell has no loop, and several conditions around paragraphs, or values outside of them."""
    parts = template_cell.paragraphs
    repeats = [part for part in parts if isinstance(part, Repeat)]
    lines = [part for part in parts if isinstance(part, TemplateParagraph) and value_prints(part.pieces)]
    return (bool(lines) or len(repeats) > 1) and all(part.open.variable is None for part in repeats)


def _by_paragraphs(
    template_cell: TemplateCell, paragraphs: tuple[WordParagraph, ...], cell: FormCell, notes: Notes
) -> tuple[Bound, ...] | None:
    """The values of a cell each of whose paragraphs one of the template's printed.

    None where that is not so, or in more ways than one.
    """
    texts = [paragraph.text.strip() for paragraph in paragraphs]
    for lines in (texts, [text for text in texts if text]):
        ways = [way for shape in _shapes(template_cell) if (way := _read_lines(shape, lines)) is not None]
        if len(ways) == 1:
            for part, line, text in ways[0]:
                _tell_of_line(part.pieces, line, text, cell, notes)
            return tuple(bound for _, line, _ in ways[0] for bound in line.values)
    return None


def _shapes(template_cell: TemplateCell) -> Iterator[tuple[TemplateParagraph, ...]]:
    """The paragraphs that a cell may print: with and without those of each condition."""
    conditions = [part for part in template_cell.paragraphs if isinstance(part, Repeat)]
    if len(conditions) > _MOST_CONDITIONS:
        return
    choices = [
        ((part,),) if isinstance(part, TemplateParagraph) else ((), part.body) for part in template_cell.paragraphs
    ]
    for chosen in itertools.product(*choices):
        parts = tuple(itertools.chain.from_iterable(chosen))
        lines = tuple(part for part in parts if isinstance(part, TemplateParagraph))
        if len(lines) == len(parts):
            yield lines


def _read_lines(
    shape: tuple[TemplateParagraph, ...], texts: list[str]
) -> list[tuple[TemplateParagraph, Line, str]] | None:
    """Each paragraph of the template with the text that it printed, taken apart; None where one did not."""
    if len(shape) != len(texts):
        return None
    read: list[tuple[TemplateParagraph, Line, str]] = []
    for part, text in zip(shape, texts, strict=True):
        line = read_line(part.pieces, text)
        if line is None or (len(line.values) > 1 and is_unclear(part.pieces, text)):
            return None
        read.append((part, line, text))
    return read


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
