"""What stands on the sheets of a workbook: plain values in rows, and how the sheet is laid out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from perfgen.render.parts.open_tables import number_of

Cell: TypeAlias = "str | Decimal | date | None"
"""A text, a number, a day, or nothing."""
_EXACT = 15
"""So many digits a spreadsheet keeps of a number (ECMA-376 Part 1, 18.3.1.96: a double)."""


@dataclass(frozen=True)
class Sheet:
    """A sheet with a table, or with several below one another."""

    title: str
    rows: tuple[Sequence[Cell], ...]
    heads: tuple[int, ...] = (0,)
    """The rows, from 0, that hold the heads of columns."""
    titles: tuple[int, ...] = ()
    """The rows, from 0, that are headlines."""
    notes: tuple[int, ...] = ()
    """The rows, from 0, that say something outside of tables."""
    wide: frozenset[int] = field(default_factory=frozenset)
    """The columns, from 0, of long texts."""
    mixed: frozenset[int] = field(default_factory=frozenset)
    """The columns, from 0, of numbers that are counted in different units: each has its own decimals."""

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return max((len(row) for row in self.rows), default=0)

    @property
    def is_one_table(self) -> bool:
        """Whether it is one table from its first row on, which may be filtered and repeats its head in print."""
        return self.heads == (0,)

    def places(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell that holds something, by row and column from 0; an empty text holds nothing."""
        for number, row in enumerate(self.rows):
            yield from ((number, column, cell) for column, cell in enumerate(row) if cell is not None and cell != "")


def number(text: str) -> Cell:
    """A printed number as a number; as the text that it is where it is none, or longer than a spreadsheet can keep."""
    plain = number_of(text)
    return Decimal(plain) if plain and len(Decimal(plain).as_tuple().digits) <= _EXACT else text


def day(text: str) -> Cell:
    """An ISO date as a day; nothing where there is none."""
    return date.fromisoformat(text) if text else None
