"""The paragraphs of a cell as the turns of a loop over them, however they are numbered and cut."""

from __future__ import annotations

import re

from perfgen.form.numbered import ITEM_NUMBER
from perfgen.importing.folding import shortened, squeezed
from perfgen.importing.matching.template_line import (
    Bound,
    Line,
    is_unclear,
    read_line,
    reprinted,
    value_prints,
)
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes
from perfgen.importing.paper.word_table import FormCell
from perfgen.importing.paper.word_text import WordParagraph
from perfgen.notation import narrow
from perfgen.table.numbering import is_loop_number
from perfgen.table.tags import Piece

Items = tuple[tuple[Bound, ...], ...]
"""The values of each turn of a loop."""


def list_items(pieces: tuple[Piece, ...], paragraphs: list[WordParagraph], cell: FormCell, notes: Notes) -> Items:
    """The values of each turn of a loop; `pieces` are the line that a turn prints.

    Three ways are tried in order: numbered line by line, paragraph by paragraph, anything else.
    """
    reader = _ListReader(pieces, paragraphs, cell, notes)
    ways = (reader.numbered_lines, reader.printed_paragraphs, reader.anything_else)
    return next(items for way in ways if (items := way()) is not None)


class _ListReader:
    """One cell's paragraphs, and the line of the template that prints each turn."""

    def __init__(
        self, pieces: tuple[Piece, ...], paragraphs: list[WordParagraph], cell: FormCell, notes: Notes
    ) -> None:
        self.pieces = pieces
        self.paragraphs = paragraphs
        self.cell = cell
        self.notes = notes
        self.prints = value_prints(pieces)
        self.is_numbered = any(is_loop_number(piece) for piece in pieces)

    def numbered_lines(self) -> Items | None:
        """The items, where the template numbers them and each line is one; line breaks part items too."""
        if not self.is_numbered:
            return None
        return self._as_printed([line for paragraph in self.paragraphs for line in paragraph.text.split("\n")])

    def printed_paragraphs(self) -> Items | None:
        """The items, where each paragraph is one as the template prints it."""
        return self._as_printed([paragraph.text for paragraph in self.paragraphs])

    def anything_else(self) -> Items | None:
        """The items as numbers in any style part them; without numbers each line is one.

        No items where a turn prints several values: it is not clear which is which.
        """
        if len(self.prints) != 1:
            self.notes.say(UNPLACED, f"分不清哪个是哪个值：{shortened(self.cell.text)}", self.cell)
            return ()
        lines = [
            WordParagraph(text, paragraph.numbered and not position)
            for paragraph in self.paragraphs
            for position, text in enumerate(paragraph.text.split("\n"))
            if text.strip()
        ]
        return tuple((Bound(self.prints[0].path, text, self.prints[0].shown),) for text in self._texts(lines))

    def _as_printed(self, texts: list[str]) -> Items | None:
        """The values of texts that are the template's lines in order; None where one of them is not."""
        lines = [
            line
            for number, text in enumerate(texts, 1)
            if (line := read_line(self.pieces, text)) is not None and line.has_number(number)
        ]
        if len(lines) < len(texts):
            return None
        self._tell_of_printed(lines)
        return tuple(line.values for line in lines)

    def _tell_of_printed(self, lines: list[Line]) -> None:
        """Tells what comes out otherwise, or may be cut otherwise, though each line is the template's."""
        printed = "".join(reprinted(self.pieces, line.values, number) for number, line in enumerate(lines, 1))
        if printed != squeezed("".join(paragraph.text for paragraph in self.paragraphs)):
            self.notes.say(CHANGED, "编号和表上的不一样，按表上的写法重新编号。", self.cell)
        if len(self.prints) > 1 and any(is_unclear(self.pieces, paragraph.text) for paragraph in self.paragraphs):
            self.notes.say(UNSURE, f"几个值写在一起，分法不止一种：{shortened(self.cell.text)}", self.cell)
        if len(lines) == 1 and self.is_numbered:
            self._warn_of_several(self.paragraphs[0].text)

    def _texts(self, lines: list[WordParagraph]) -> list[str]:
        """The text of each item; a line without a number among numbered ones continues the item before."""
        texts: list[str] = []
        is_renumbered = is_continued = False
        any_number = any(
            read_line(self.pieces, line.text) or line.numbered or ITEM_NUMBER.match(narrow(line.text)) for line in lines
        )
        for line in lines:
            printed = read_line(self.pieces, line.text)
            if printed is not None:
                is_renumbered = is_renumbered or not printed.has_number(len(texts) + 1)
                texts.append(printed.values[0].text)
            elif not texts or not any_number or self._begins_item(line):
                texts.append(self._without_number(line.text))
                is_renumbered = True
            else:
                texts[-1] += "\n" + line.text.strip()
                is_continued = True
        if is_renumbered:
            self.notes.say(CHANGED, f"编号和表上的不一样，分成 {len(texts)} 项，按表上的写法重新编号。", self.cell)
        if is_continued:
            self.notes.say(UNSURE, "有的段落没有编号，接在上一项后面。", self.cell, "看看分项对不对。")
        return texts

    def _begins_item(self, line: WordParagraph) -> bool:
        """Whether a line that is not the template's begins an item all the same."""
        return not self.is_numbered or line.numbered or ITEM_NUMBER.match(narrow(line.text)) is not None

    def _without_number(self, text: str) -> str:
        """An item's text without the number before it; where the template has no numbers, they are text."""
        number = ITEM_NUMBER.match(narrow(text)) if self.is_numbered else None
        return text[number.end() :].strip() if number else text.strip()

    def _warn_of_several(self, text: str) -> None:
        """Says when one paragraph seems to hold the second item too."""
        for piece in filter(is_loop_number, self.pieces):
            position = self.pieces.index(piece)
            two = "二" if piece.filter else "2"
            second = self._fixed_text(position - 1) + two + self._fixed_text(position + 1)
            if re.search(rf"[。;；\s]\s*{re.escape(second)}(?!\d)", narrow(text)):
                self.notes.say(
                    UNSURE,
                    f"一段里好像有几项：{shortened(text)}",
                    self.cell,
                    "一项一段；分开以后再导入，或者自己改。",
                )

    def _fixed_text(self, position: int) -> str:
        """The fixed text at a place of the line, narrowed; empty for a tag, and beside the line."""
        return narrow(getattr(self.pieces[position], "text", "")) if 0 <= position < len(self.pieces) else ""
