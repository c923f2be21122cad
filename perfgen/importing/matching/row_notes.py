"""Tells of rows that have no place or are missing, and of all the cells that only lost blanks."""

from __future__ import annotations

from perfgen.importing.folding import shortened
from perfgen.importing.matching.match import Match, Placed
from perfgen.importing.matching.score import Scorer
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper.word_table import FormCell

_NAME_LENGTH = 16
_NAMED = 6
"""How many cells are named one by one where only blanks went."""


def tell_of_rows(match: Match, scorer: Scorer, notes: Notes) -> None:
    """Tells of the form's rows that have no place, and of the template's rows that are not there."""
    for row in match.unplaced:
        texts = "，".join(shortened(cell.text, 16) for cell in row.cells if cell.text)
        if texts:
            notes.say(UNPLACED, f"表上没有这一行的位置：{texts}", row, "在数据里没有地方放的，留着原来的文件。")
        else:
            notes.say(CHANGED, "空行，没有读。", row)
    for before, spot in match.missing:
        headings = "，".join(cell.heading for cell in scorer.cells[spot.number] if cell.heading)
        named = f"（{shortened(headings, 40)}）" if headings else ""
        if spot.number in scorer.private:
            notes.miss_private(f"这里少了一行{named}，公开的表上没有它，要自己补上。", before)
        else:
            notes.say(UNSURE, f"这里少了一行{named}。", before)


def names_of_rows(match: Match) -> dict[tuple[int, int], str]:
    """By table and row, what a form's row is called, as far as the row says it."""
    named = {(placed.row.table, placed.row.number): _name(placed) for placed in match.placed}
    return {place: name for place, name in named.items() if name}


def _name(placed: Placed) -> str:
    """The last heading before a row's first value; in a loop, where no heading stands before it, that value."""
    name = ""
    for pair in placed.fit.pairs:
        if pair.pattern is None or pair.pattern.cell.merge is not None or pair.pattern.continues(placed.turned):
            continue
        text = shortened(pair.cell.text, _NAME_LENGTH) if pair.cell else ""
        if pair.pattern.heading is None:
            return name or (text if placed.spot.loops else "")
        name = text
    return name


def tell_of_trimmed(cells: list[FormCell], notes: Notes) -> None:
    """Tells in one note of all the cells that lost blanks at the ends of their texts."""
    if not cells:
        return
    first = "、".join(notes.where(cell).removesuffix("：") for cell in cells[:_NAMED])
    more = f"等 {len(cells)} 格" if len(cells) > _NAMED else ""
    notes.say(CHANGED, f"{first}{more}，文字前后的空白去掉了。")
