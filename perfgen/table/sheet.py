"""What a table on pages is made of: which rows stand on which page, and what is repeated there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from perfgen.table.model import Cell, Table


@dataclass(frozen=True)
class Segment:
    """A part of a paragraph; with an anchor when its place on the page is to be measured."""

    text: str
    anchor: str = ""
    whole: bool = False
    """Whether it stands on one line, wherever a line can hold it."""


SheetParagraph = tuple[Segment, ...]


@dataclass(frozen=True)
class SheetCell:
    """A cell as it stands on one page."""

    cell: Cell
    rowspan: int
    """How many rows it has on this page."""
    paragraphs: tuple[SheetParagraph, ...]
    again: bool = False
    """Whether it only repeats, for the eye, a cell of an earlier page."""
    continued: bool = False
    """Whether it repeats a label because the label's rows continue from the page before."""
    joins: bool = False
    """Whether its first paragraph began on the page before."""

    def is_marked(self, number: int) -> bool:
        """Whether the mark of a label that is said again follows a paragraph."""
        return self.continued and number == len(self.paragraphs) - 1

    @property
    def measured(self) -> bool:
        """Whether the places of its parts are asked."""
        return any(segment.anchor for paragraph in self.paragraphs for segment in paragraph)


@dataclass(frozen=True)
class SheetRow:
    """A row, or a part of one, on one page."""

    row: int
    """Its number in the table."""
    cells: tuple[SheetCell, ...]
    splits: bool
    anchor: str = ""


@dataclass(frozen=True)
class SheetPage:
    """The rows of the table that stand on one page."""

    rows: tuple[SheetRow, ...]
    anchor: str = ""


@dataclass(frozen=True)
class Sheet:
    """The table on its pages; or on one endless page, where it is to be measured."""

    pages: tuple[SheetPage, ...]
    labels: tuple[SheetCell, ...] = ()
    """The labels to be measured as they stand where they are repeated."""
    measuring: bool = False
    """Whether it is made to be measured, not to be printed."""


_OPENING, _CLOSING = "（(“‘《〔【", "）)”’》〕】，、。；：,;%％‰"
_NUMBER = rf"(?<![A-Za-z\d./:_])[{_OPENING}]{{0,2}}[≥≤＞＜><=＝≧≦±+~～-]?\d+(?:[.,]\d+)*[{_CLOSING}]*[-~～—至]?"
_SIGN = r"(?:[^\W\d_]|[㎡㎥℃°])"
_UNIT = rf"{_SIGN}{{1,4}}(?:/{_SIGN}{{1,3}})?(?:[（(][^（）()\s]{{1,4}}[）)])?(?!{_SIGN})[{_CLOSING}]*"
_WHOLE = re.compile(rf"({_NUMBER})(?:({_UNIT}))?")
_ON_SCREEN = re.compile(rf"{_NUMBER}(?:[ \u00a0]?(?:{_UNIT}|{_SIGN}{{1,4}}[{_CLOSING}]*))?")
"""A number with its unit, or where words follow it right away with the first of them, which the unit is among."""
_SIMPLE = re.compile(rf"{_NUMBER}[^\W\d_]?|[^\d]*")
"""A text that no line breaks inside, because it has no unit of several characters and no second number."""
_SHORT = 5
"""A number and its unit of so many characters stand together; of more, each on a line of its own if need be."""


def plain(text: str) -> SheetParagraph:
    """A paragraph in parts, some of which stand on one line; long words may be broken."""
    return tuple(replace(part, text=with_breaks(part.text)) for part in in_parts(text))


def in_parts(text: str) -> SheetParagraph:
    """A text in parts: each number with its signs, and each unit behind one, stands on one line."""
    if _SIMPLE.fullmatch(text):
        return (Segment(text),)
    parts: list[Segment] = []
    end = 0
    for match in _WHOLE.finditer(text):
        if match.start() > end:
            parts.append(Segment(text[end : match.start()]))
        pieces = [match[0]] if len(match[0]) <= _SHORT else [piece for piece in match.groups() if piece]
        parts += [Segment(piece, whole=len(piece) <= _LONGEST_WORD) for piece in pieces]
        end = match.end()
    return (*parts, Segment(text[end:])) if text[end:] else tuple(parts)


def on_screen(text: str) -> SheetParagraph:
    """A text in parts, for lines that are longer than those of a cell: each number stands on one line with its unit."""
    if _SIMPLE.fullmatch(text):
        return (Segment(text),)
    parts: list[Segment] = []
    end = 0
    for match in _ON_SCREEN.finditer(text):
        if match.start() > end:
            parts.append(Segment(text[end : match.start()]))
        parts.append(Segment(match[0], whole=len(match[0]) <= _LONGEST_WORD))
        end = match.end()
    return (*parts, Segment(text[end:])) if text[end:] else tuple(parts)


_LONGEST_WORD = 20
"""A word of more characters may be longer than a line of a narrow column, and may be broken anywhere."""
_BREAK = "\u200b"
_GLUE = "\u00a0\u2007\u202f"
_JOINED = "\u2012\u2013\u2014\u2015\u2e3a\u2e3b…‥⋯"
"""Dashes and dots of which fonts make one sign of several, also with a break between them: they stay as they are."""

_AFTER_F = "fijklt"
"""Letters of which fonts make one sign with an f before them, also with a break between the two."""


def with_breaks(text: str) -> str:
    """A text whose long words, such as addresses, may be broken between any two characters.

    Without that, a word that is longer than a line breaks one way where its parts are measured and another way where
    it stands whole.
    """
    return "".join(_broken(list(run)) if is_word else "".join(run) for is_word, run in groupby(text, _is_of_a_word))


def _is_of_a_word(sign: str) -> bool:
    """Whether a line cannot be trusted to break beside a character: it is no blank and no ideograph or the like."""
    if sign.isspace():
        return sign in _GLUE
    if sign in _JOINED:
        return False
    return unicodedata.east_asian_width(sign) not in ("W", "F") or unicodedata.category(sign).startswith("P")


def _broken(word: list[str]) -> str:
    return "".join(_with_breaks_between(word)) if len(word) > _LONGEST_WORD else "".join(word)


def _with_breaks_between(word: list[str]) -> Iterator[str]:
    for number, sign in enumerate(word):
        joins = unicodedata.category(sign)[0] == "M" or unicodedata.category(sign) == "Cf"
        before = word[number - 1] if number else ""
        is_ligature = before == "f" and sign in _AFTER_F
        yield sign if joins or not before or before == "\u200d" or is_ligature else _BREAK + sign


def has_label(cell: Cell) -> bool:
    """Whether a cell's text is a label, which is repeated on each page that its rows reach."""
    return cell.kind in ("header", "group")


def covered(table: Table) -> list[list[Cell]]:
    """By row, the cells that stand in it, by column: those that begin there and those that began above."""
    by_row: list[list[Cell]] = [[] for _ in table.rows]
    for cell in table.cells():
        for row in range(cell.row, cell.row + cell.rowspan):
            by_row[row].append(cell)
    return [sorted(cells, key=lambda cell: cell.column) for cells in by_row]
