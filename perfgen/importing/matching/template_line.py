"""A line of the template's text with values in it: recognised in a form's text, and printed again."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TypeGuard

from perfgen.form.numbered import NUMERAL
from perfgen.importing.folding import CHINESE_NUMBERS, squeezed
from perfgen.notation import narrow
from perfgen.table.filters import FILTERS
from perfgen.table.numbering import is_loop_number
from perfgen.table.tags import Literal_, Piece, Print

_MAX = 20_000
"""Longer texts, and texts with long runs of blanks, are not searched for fixed text."""


@dataclass(frozen=True)
class Bound:
    """A name of the template, and the text that stands for it."""

    path: tuple[str, ...]
    text: str
    shown: str = ""
    """How the template prints it where not as it is (see `table.filters`)."""


@dataclass(frozen=True)
class Line:
    """A text taken apart by a line of the template."""

    values: tuple[Bound, ...]
    numbers: tuple[int, ...] = ()
    """The loop's numbers in it, as typed; 0 for one that is no number."""

    def has_number(self, number: int) -> bool:
        """Whether it bears this number of the loop, or none at all."""
        return self.numbers[:1] in ((), (number,))


def is_value(piece: Piece) -> TypeGuard[Print]:
    """Whether a piece prints a value."""
    return isinstance(piece, Print) and not is_loop_number(piece)


def value_prints(pieces: tuple[Piece, ...]) -> list[Print]:
    """The pieces that print values, without the numbers of a loop."""
    return [piece for piece in pieces if is_value(piece)]


@functools.lru_cache(maxsize=512)
def line_pattern(pieces: tuple[Piece, ...], *, greedy: bool = False) -> re.Pattern[str]:
    """A line of the template as a pattern for narrowed text: blanks anywhere in its fixed text.

    Values are the groups v0, v1 …, numbers of a loop n0, n1 …. Values end where the fixed text
    after them first stands, or with `greedy` where it last does.
    """
    value = ".*" if greedy else ".*?"
    source = ""
    for position, piece in enumerate(pieces):
        if isinstance(piece, Literal_):
            signs = [re.escape(sign) for sign in narrow(piece.text) if not sign.isspace()]
            after_text = position > 0 and isinstance(pieces[position - 1], Literal_)
            source += (r"\s*" if after_text else "") + r"\s*".join(signs)
        elif is_loop_number(piece):
            source += rf"\s*(?P<n{position}>{NUMERAL})\s*"
        elif isinstance(piece, Print):
            source += rf"(?P<v{position}>{value})"
    return re.compile(source, re.DOTALL)


def read_line(pieces: tuple[Piece, ...], text: str) -> Line | None:
    """The values and numbers in a text that a line of the template printed; None when it did not."""
    text = text.strip()
    match = line_pattern(pieces).fullmatch(narrow(text)) if _is_searchable(text) else None
    if match is None:
        return None
    values: list[Bound] = []
    numbers: list[int] = []
    for position, piece in enumerate(pieces):
        if is_loop_number(piece):
            numbers.append(_number(match[f"n{position}"]))
        elif isinstance(piece, Print):
            begin, end = match.span(f"v{position}")
            values.append(Bound(piece.path, text[begin:end].strip(), piece.shown))
    return Line(tuple(values), tuple(numbers))


def _is_searchable(text: str) -> bool:
    return len(text) <= _MAX and not re.search(r"\s{40}", text)


def _number(numeral: str) -> int:
    return CHINESE_NUMBERS.get(numeral) or (int(numeral) if numeral.isdecimal() else 0)


def line_values(pieces: tuple[Piece, ...], text: str) -> tuple[Bound, ...] | None:
    """The values in a text that a line of the template printed; None when it did not."""
    line = read_line(pieces, text)
    return line.values if line is not None else None


def is_unclear(pieces: tuple[Piece, ...], text: str) -> bool:
    """Whether a line with several values can be cut in more than one way."""
    lazy, greedy = (line_pattern(pieces, greedy=way).fullmatch(narrow(text.strip())) for way in (False, True))
    if lazy is None or greedy is None:
        return False
    return [group.strip() for group in lazy.groups()] != [group.strip() for group in greedy.groups()]


def reprinted(pieces: tuple[Piece, ...], values: tuple[Bound, ...], number: int) -> str:
    """A line with its values as the template prints it in turn `number` of a loop, without white space."""
    remaining = iter(values)
    text = ""
    for piece in pieces:
        if isinstance(piece, Literal_):
            text += piece.text
        elif is_loop_number(piece):
            text += FILTERS[piece.filter](number) if piece.filter and number < 100 else str(number)
        elif isinstance(piece, Print):
            text += next(remaining).text
    return squeezed(text)
