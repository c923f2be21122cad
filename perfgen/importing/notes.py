"""The notes on an import: each cell that it changed, was unsure of, or could not place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfgen.data import ValuePath
from perfgen.findings import Finding, Level, Place
from perfgen.importing.folding import shortened
from perfgen.importing.paper.word_table import FormCell, FormRow

CHANGED, UNSURE, UNPLACED, DIFFERENT = "import-changed", "import-unsure", "import-unplaced", "import-different"
"""Put right · read, but a person must look at it · has no place in the data · is printed otherwise."""

_LEVELS = {CHANGED: Level.NOTE, UNSURE: Level.WARNING, UNPLACED: Level.ERROR, DIFFERENT: Level.ERROR}


_NAMED = 3
"""How many of some cells are named."""


@dataclass(frozen=True)
class Doubt:
    """A note on what a person must look at, with the cell, the row or the value that it is about."""

    kind: str
    where: str
    message: str
    at: FormCell | FormRow | None
    path: ValuePath | None

    @property
    def cell(self) -> FormCell | None:
        """The one cell that it is about, if it is about one."""
        return self.at if isinstance(self.at, FormCell) else None


@dataclass
class Notes:
    """The notes on one file, as findings; a place's line and column are a row and a column."""

    file: str
    several_tables: bool = False
    """Whether the file has several tables, so that a place must name the table."""
    _findings: dict[Finding, None] = field(default_factory=dict, init=False)
    changed: set[FormCell] = field(default_factory=set)
    """The cells that were put right, or read without what stands around their value: they come out otherwise."""
    unplaced: set[FormCell] = field(default_factory=set)
    """The cells that have no place in the data."""
    private: set[Finding] = field(default_factory=set)
    """Those that only say that a row is missing of which all is private: a published form leaves it out."""
    row_names: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By table and row, what the row is called; Word shows no numbers of rows."""
    heard: list[str] = field(default_factory=list, init=False)
    """Texts beside the values that are not the template's: they may say another unit."""
    doubts: list[Doubt] = field(default_factory=list, init=False)
    """All notes but those on what was put right, in the order in which they were made."""

    def say(
        self,
        kind: str,
        message: str,
        at: FormCell | FormRow | None = None,
        hint: str = "",
        path: ValuePath | None = None,
    ) -> Finding:
        """Adds a note about a cell, a row, or the file, and gives it; `path` is the value that it is about, if any."""
        row = column = 0
        if kind == CHANGED and isinstance(at, FormCell):
            self.changed.add(at)
        if kind == UNPLACED and isinstance(at, FormCell):
            self.unplaced.add(at)
        if isinstance(at, FormCell):
            row, column = at.row, at.column + 1
        elif at is not None:
            row = at.number
        finding = Finding(Place(self.file, row, column), kind, f"{self.where(at)}{message}", hint, _LEVELS[kind])
        if kind != CHANGED and finding not in self._findings:
            self.doubts.append(Doubt(kind, self.where(at), message, at, path))
        self._findings[finding] = None
        return finding

    def miss_private(self, message: str, before: FormRow | None) -> None:
        """Adds a note about a row that is missing and of which all is private."""
        self.private.add(self.say(UNSURE, message, before))

    def hear(self, text: str) -> None:
        """Keeps a text that is not the template's and may say in what unit the amounts are."""
        self.heard.append(text)

    def doubt(self, message: str, cell: FormCell) -> None:
        """Adds a doubt about a cell of a row of which a note tells already."""
        self.doubts.append(Doubt(UNSURE, self.where(cell), message, cell, None))

    def where(self, at: FormCell | FormRow | None) -> str:
        """A place in words: table (where there are several), row and its name, column."""
        if at is None:
            return ""
        table = f"第 {at.table} 张表" if self.several_tables else "表格"
        if isinstance(at, FormCell):
            return f"{table}{self.row(at.table, at.row)}第 {at.column + 1} 列："
        return f"{table}{self.row(at.table, at.number)}："

    def row(self, table: int, number: int) -> str:
        """A row in words: its number, and what it is called where it has a name."""
        name = self.row_names.get((table, number), "")
        return f"第 {number} 行" + (f"“{name}”" if name else "")

    @property
    def findings(self) -> list[Finding]:
        """The notes in the order in which they were made, each once."""
        return list(self._findings)


def where_cells_are(cells: list[FormCell]) -> str:
    """Some cells in words: their rows, the texts of the first, and how many there are."""
    if not cells:
        return "它"
    rows = [cell.row for cell in cells]
    texts = "、".join(f"“{shortened(cell.text, 16)}”" for cell in cells[:_NAMED])
    more = "等" if len(cells) > _NAMED else ""
    return f"第 {min(rows)} 到 {max(rows)} 行的{texts}{more} {len(cells)} 格"
