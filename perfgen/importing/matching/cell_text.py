"""A cell's text and the template's cell that prints it, taken apart into the values in it.

Fixed text around a value (`第1项：`, `（截止…年）`) is dropped because the template adds it; lists
inside a cell are cut where the template numbers them, or where Word or a person has.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.importing.folding import CHINESE_NUMBERS, folded, narrow, shortened, squeezed
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper.word_table import FormCell
from perfgen.importing.paper.word_text import WordParagraph
from perfgen.table.tags import FILTERS, Literal_, Piece, Print
from perfgen.table.template import Repeat, TemplateCell, TemplateParagraph

_MAX = 20_000
"""Longer texts, and texts with long runs of blanks, are not searched for fixed text."""
_NUMERAL = r"\d{1,3}|[一二三四五六七八九十]{1,3}"
_ANY_NUMBER = re.compile(rf"\s*[(\[]?(?:{_NUMERAL})(?:[)\]]\s*[.、:]?|[.、:](?!\d)|．)\s*")
_INDEX = ("loop", "index")


@dataclass(frozen=True)
class Bound:
    """A name of the template, and the text that stands for it."""

    path: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Listed:
    """A loop over a cell's paragraphs, and what each turn of it printed."""

    repeat: Repeat
    items: tuple[tuple[Bound, ...], ...]


@functools.lru_cache(maxsize=512)
def line_pattern(pieces: tuple[Piece, ...], *, greedy: bool = False) -> re.Pattern[str]:
    """A line of the template as a pattern for narrowed text: blanks anywhere in its fixed text.

    Values are the groups v0, v1 …, numbers of a loop n0, n1 …. Values end where the fixed text
    after them first stands, or with `greedy` where it last does.
    """
    value = ".*" if greedy else ".*?"
    source = ""
    for number, piece in enumerate(pieces):
        if isinstance(piece, Literal_):
            signs = [re.escape(sign) for sign in narrow(piece.text) if not sign.isspace()]
            after_text = number > 0 and isinstance(pieces[number - 1], Literal_)
            source += (r"\s*" if after_text else "") + r"\s*".join(signs)
        elif isinstance(piece, Print):
            source += rf"\s*(?P<n{number}>{_NUMERAL})\s*" if piece.path == _INDEX else rf"(?P<v{number}>{value})"
    return re.compile(source, re.DOTALL)


def _searchable(text: str) -> bool:
    return len(text) <= _MAX and not re.search(r"\s{40}", text)


def _bound(pieces: tuple[Piece, ...], text: str) -> tuple[tuple[Bound, ...], list[int]] | None:
    """What a line's values are, and its loop numbers; None when it is not that line."""
    text = text.strip()
    found = line_pattern(pieces).fullmatch(narrow(text)) if _searchable(text) else None
    if found is None:
        return None
    values, numbers = [], []
    for number, piece in enumerate(pieces):
        if isinstance(piece, Print) and piece.path == _INDEX:
            digits = found[f"n{number}"]
            numbers.append(CHINESE_NUMBERS.get(digits) or (int(digits) if digits.isdecimal() else 0))
        elif isinstance(piece, Print):
            begin, end = found.span(f"v{number}")
            values.append(Bound(piece.path, text[begin:end].strip()))
    return tuple(values), numbers


def line_values(pieces: tuple[Piece, ...], text: str) -> tuple[Bound, ...] | None:
    """The values in a text that a line of the template printed; None when it did not."""
    found = _bound(pieces, text)
    return found[0] if found is not None else None


def _is_unclear(pieces: tuple[Piece, ...], text: str) -> bool:
    """Whether a line with several values can be cut in more than one way."""
    lazy, greedy = (line_pattern(pieces, greedy=way).fullmatch(narrow(text.strip())) for way in (False, True))
    return lazy is not None and greedy is not None and lazy.groups() != greedy.groups()


def _recomposed(pieces: tuple[Piece, ...], values: tuple[Bound, ...], number: int) -> str:
    """A line with its values as the template prints it, without white space."""
    left = iter(values)
    made = ""
    for piece in pieces:
        if isinstance(piece, Literal_):
            made += piece.text
        elif isinstance(piece, Print) and piece.path == _INDEX:
            made += FILTERS[piece.filter](number) if piece.filter and number < 100 else str(number)
        elif isinstance(piece, Print):
            made += next(left).text
    return squeezed(made)


def take_apart(shape: TemplateCell, cell: FormCell, notes: Notes) -> Iterator[Bound | Listed]:
    """The values of a cell that the template's cell `shape` printed."""
    repeats = [part for part in shape.paragraphs if isinstance(part, Repeat)]
    if not repeats:
        yield from _line(shape, cell, notes)
        return
    lines = [line for line in cell.paragraphs if line.text.strip()]
    begin = _fixed(shape.paragraphs[: shape.paragraphs.index(repeats[0])], lines)
    end = _fixed(tuple(reversed(shape.paragraphs))[: shape.paragraphs[::-1].index(repeats[-1])], lines[::-1])
    lines = lines[begin : len(lines) - end]
    readable = len(repeats) == 1 and len(repeats[0].body) == 1 and isinstance(repeats[0].body[0], TemplateParagraph)
    if readable:
        yield Listed(repeats[0], tuple(_items(repeats[0].body[0].pieces, lines, cell, notes)))
    elif lines:
        notes.say(UNPLACED, f"模板的这一格套了几层循环，倒着读不出来：{shortened(cell.text)}", cell)


def _fixed(parts: tuple[TemplateParagraph | Repeat, ...], lines: list[WordParagraph]) -> int:
    """How many of some lines are the template's fixed paragraphs."""
    texts = [
        folded("".join(getattr(piece, "text", "") for piece in p.pieces)) for p in parts if not isinstance(p, Repeat)
    ]
    count = 0
    for text in filter(None, texts):
        count += count < len(lines) and folded(lines[count].text) == text
    return count


def _line(shape: TemplateCell, cell: FormCell, notes: Notes) -> Iterator[Bound]:
    pieces: list[Piece] = []
    for part in shape.paragraphs:
        if isinstance(part, TemplateParagraph):
            pieces += [Literal_("\n"), *part.pieces] if pieces else part.pieces
    prints = [piece for piece in pieces if isinstance(piece, Print) and piece.path != _INDEX]
    if not prints:
        return
    bare = len(prints) == 1 and not any(isinstance(p, Literal_) and p.text.strip() for p in pieces)
    if bare and len([p for p in pieces if isinstance(p, Print)]) == 1:
        yield Bound(prints[0].path, cell.text)
        return
    found = _bound(tuple(p for p in pieces if isinstance(p, Print | Literal_)), cell.text)
    if found is not None:
        line = tuple(p for p in pieces if isinstance(p, Print | Literal_))
        if len(prints) > 1 and _is_unclear(line, cell.text):
            notes.say(UNSURE, f"几个值写在一起，分法不止一种：{shortened(cell.text)}", cell)
        if found[1] == [] and _recomposed(line, found[0], 0) != squeezed(cell.text):
            notes.say(CHANGED, f"“{shortened(cell.text)}”里固定的文字改成表上的写法。", cell)
        yield from found[0]
    elif not cell.text:
        yield from (Bound(piece.path, "") for piece in prints)
    elif len(prints) == 1:
        text = _loosely(pieces, cell.text)
        notes.say(UNSURE, f"周围的文字和表上的不一样，“{shortened(cell.text)}”读成“{shortened(text)}”。", cell)
        yield Bound(prints[0].path, text)
    else:
        notes.say(
            UNPLACED, f"分不清哪个是哪个值：{shortened(cell.text)}", cell, "照表上原来的文字改好再导入，或者自己补上。"
        )


def _loosely(pieces: list[Piece], text: str) -> str:
    """The value in a line whose fixed text is worded otherwise: as much is cut off as is the same."""
    texts = [narrow("".join(piece.text.split())) if isinstance(piece, Literal_) else None for piece in pieces]
    at = next(i for i, piece in enumerate(pieces) if isinstance(piece, Print) and piece.path != _INDEX)
    before, after = "".join(filter(None, texts[:at])), "".join(filter(None, texts[at + 1 :]))
    if _INDEX in [piece.path for piece in pieces if isinstance(piece, Print)]:
        text = _ANY_NUMBER.sub("", narrow(text)[:12], count=1) + text[12:] if _ANY_NUMBER.match(narrow(text)) else text
    for sign in (before[-1:], after[:1]):
        head, found, tail = narrow(text).partition(sign) if sign else ("", "", "")
        if found:
            text = text[len(head) + 1 :] if sign == before[-1:] and tail else text[: len(head)]
    return text.strip()


def _items(
    pieces: tuple[Piece, ...], paragraphs: list[WordParagraph], cell: FormCell, notes: Notes
) -> Iterator[tuple[Bound, ...]]:
    """A cell's paragraphs as the turns of a loop over them."""
    prints = [piece for piece in pieces if isinstance(piece, Print) and piece.path != _INDEX]
    numbered = any(isinstance(piece, Print) and piece.path == _INDEX for piece in pieces)
    exact = [_bound(pieces, paragraph.text) for paragraph in paragraphs]
    by_line = [_bound(pieces, line) for paragraph in paragraphs for line in paragraph.text.split("\n")]
    for tried in (by_line, exact) if numbered else (exact,):
        if all(found is not None and found[1][:1] in ([], [n]) for n, found in enumerate(tried, 1)):
            made = [found[0] for found in tried if found is not None]
            printed = "".join(_recomposed(pieces, one, n) for n, one in enumerate(made, 1))
            if printed != squeezed("".join(paragraph.text for paragraph in paragraphs)):
                notes.say(CHANGED, "编号和表上的不一样，按表上的写法重新编号。", cell)
            if len(prints) > 1 and any(_is_unclear(pieces, paragraph.text) for paragraph in paragraphs):
                notes.say(UNSURE, f"几个值写在一起，分法不止一种：{shortened(cell.text)}", cell)
            yield from made
            if len(made) == 1 and numbered:
                _warn_of_several(pieces, paragraphs[0].text, cell, notes)
            return
    if len(prints) != 1:
        notes.say(UNPLACED, f"分不清哪个是哪个值：{shortened(cell.text)}", cell)
        return
    lines = [WordParagraph(text, p.numbered and not n) for p in paragraphs for n, text in enumerate(p.text.split("\n"))]
    lines = [line for line in lines if line.text.strip()]
    for text in _texts(pieces, lines, numbered, cell, notes):
        yield (Bound(prints[0].path, text),)


def _texts(
    pieces: tuple[Piece, ...], lines: list[WordParagraph], numbered: bool, cell: FormCell, notes: Notes
) -> list[str]:
    """Lines as items where they are not numbered as the template does it."""
    made: list[str] = []
    loose = runs_on = False
    any_number = any(_bound(pieces, x.text) or x.numbered or _ANY_NUMBER.match(narrow(x.text)) for x in lines)
    for line in lines:
        found = _bound(pieces, line.text)
        other = _ANY_NUMBER.match(narrow(line.text)) if numbered else None
        if found is not None:
            loose = loose or found[1][:1] not in ([], [len(made) + 1])
            made.append(found[0][0].text)
        elif line.numbered or other or not any_number or not numbered or not made:
            made.append(line.text[other.end() :].strip() if other else line.text.strip())
            loose = True
        else:
            made[-1] += "\n" + line.text.strip()
            runs_on = True
    if loose:
        notes.say(CHANGED, f"编号和表上的不一样，分成 {len(made)} 项，按表上的写法重新编号。", cell)
    if runs_on:
        notes.say(UNSURE, "有的段落没有编号，接在上一项后面。", cell, "看看分项对不对。")
    return made


def _warn_of_several(pieces: tuple[Piece, ...], text: str, cell: FormCell, notes: Notes) -> None:
    """Says when one paragraph seems to hold the second item too."""
    for piece in pieces:
        if isinstance(piece, Print) and piece.path == _INDEX:
            two = "二" if piece.filter else "2"
            at = pieces.index(piece)
            before = narrow(getattr(pieces[at - 1], "text", "")) if at else ""
            after = narrow(getattr(pieces[at + 1], "text", "")) if at + 1 < len(pieces) else ""
            if re.search(rf"[。;；\s]\s*{re.escape(before + two + after)}(?!\d)", narrow(text)):
                notes.say(
                    UNSURE, f"一段里好像有几项：{shortened(text)}", cell, "一项一段；分开以后再导入，或者自己改。"
                )
