"""The lists of a formula view: what was looked up in one is kept, because many rules look for each row among all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from perfgen.form.holes import Hole, HoleNeededError

Column: TypeAlias = "tuple[RowList, int]"
"""What all rows of a list hold under a name, and how many steps it takes to go through them."""
Member: TypeAlias = Callable[[object, str], Any]
"""What a row holds under a name."""


class RowList(list[Any]):
    """A list that never changes, with its columns and its rows by the text of a field; each made at the first use."""

    __slots__ = ("_by_text", "_columns", "_letters")

    def __init__(self, rows: Iterable[Any] = ()) -> None:
        super().__init__(rows)
        self._columns: dict[str, Column | None] | None = None
        self._by_text: dict[str, dict[str, RowList] | None] | None = None
        self._letters: int | None = None

    def letters(self) -> int:
        """How long the texts in it are together."""
        if self._letters is None:
            self._letters = letters_of(self)
        return self._letters

    def column(self, name: str, member: Member) -> Column:
        """What the rows hold under a name, found once. Raises HoleNeededError, each time, where `member` does."""
        if self._columns is None:
            self._columns = {}
        if name not in self._columns:
            try:
                self._columns[name] = column(self, name, member)
            except HoleNeededError:
                self._columns[name] = None
        found = self._columns[name]
        if found is None:
            raise HoleNeededError
        return found

    def having(self, name: str, text: str) -> RowList:
        """The rows whose field is such a text, in their order. Raises HoleNeededError where such a field is a hole."""
        if self._by_text is None:
            self._by_text = {}
        if name not in self._by_text:
            self._by_text[name] = self._index(name)
        index = self._by_text[name]
        if index is None:
            raise HoleNeededError
        return index.get(text) or RowList()

    def _index(self, name: str) -> dict[str, RowList] | None:
        """The rows by the text of a field; None where one of the fields is a hole."""
        index: dict[str, RowList] = defaultdict(RowList)
        for row in self:
            if isinstance(row, Hole) or isinstance(value := row[name], Hole):
                return None
            if isinstance(value, str):
                index[value].append(row)
        return dict(index)


def letters_of(items: list[Any]) -> int:
    """How long the texts in a list are together."""
    return sum([len(item) for item in items if isinstance(item, str)])


def column(rows: list[Any], name: str, member: Member) -> Column:
    """What all rows, and those of lists among them, hold under a name, in one list; a step for each row."""
    found, cost = RowList(), len(rows)
    for row in rows:
        if isinstance(row, list):
            part, more = column(row, name, member)
            cost += more
        else:
            part = member(row, name)
        if isinstance(part, list):
            found.extend(part)
        else:
            found.append(part)
    return found, cost
