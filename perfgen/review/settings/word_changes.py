"""What changed in a Word template, cell by cell and tag by tag, in words; also what is there and no longer seen."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from perfgen.findings import FindingsError
from perfgen.project.snapshot import Project
from perfgen.review.docx_text import Outline, outline_of
from perfgen.review.settings.change import SettingChange, SettingClass, can_be_lined_up, quoted, text_step
from perfgen.table import tags, template
from perfgen.table.template import Repeat, TemplateParagraph, TemplateRow, TemplateTable

_Cells = tuple[str, ...]
_Part = TypeVar("_Part", TemplateRow, TemplateParagraph)
_MARKS = re.compile("(?:〔[^〕]*〕)*")
_PARTS = {
    "word/styles.xml": "样式", "word/document.xml": "正文的字体、对齐、边框或页面", "word/settings.xml": "文档的设置",
    "word/numbering.xml": "编号的样子", "word/fontTable.xml": "字体的清单",
}  # fmt: skip


class _Version(NamedTuple):
    """One version of a template: what it says, and by row and cell what of it is seen."""

    outline: Outline
    seen: Mapping[tuple[int, int], str]


def word_changes(old: Project, new: Project, file: str) -> list[SettingChange]:
    """The changes of a Word template that both versions have.

    Raises ValueError for what is no Word file, or holds too much, with the sentence that says so.
    """
    before, after = _version(old, file), _version(new, file)
    both = before.outline, after.outline
    if not all(can_be_lined_up(*pair) for pair in ([one.rows for one in both], [one.lines for one in both])):
        return [SettingChange(SettingClass.CHANGED, file, "表格", "行太多，没有逐格比较")]
    return [
        *_lines(before.outline.lines, after.outline.lines, file),
        *_rows(before, after, file),
        *_looks(before.outline.looks, after.outline.looks, file),
    ]


def _version(project: Project, file: str) -> _Version:
    outline = outline_of(project.read(file))  # bounded; only what passes it is read as a template
    try:
        return _Version(outline, dict(_seen(template.read_template(project, file))))
    except FindingsError:
        return _Version(outline, {})


def _seen(table: TemplateTable) -> Iterator[tuple[tuple[int, int], str]]:
    """By row, counted from 1, and cell, counted from 0, the text that is seen."""
    for row in _without_loops(table.rows):
        for number, cell in enumerate(row.cells):
            yield (row.number, number), "\n".join(map(_text, _without_loops(cell.paragraphs)))


def _without_loops(parts: Iterable[_Part | Repeat]) -> Iterator[_Part]:
    """Rows or paragraphs, also those in loops and conditions, in their order."""
    for part in parts:
        if isinstance(part, Repeat):
            yield from _without_loops(part.body)
        else:
            yield part


def _text(paragraph: TemplateParagraph) -> str:
    return "".join(str(piece) for piece in paragraph.pieces)


def _lines(old: Sequence[str], new: Sequence[str], file: str) -> Iterator[SettingChange]:
    """What stands outside the table: the title, headers, footers, the widths of the columns."""
    for gone, come in _blocks(old, new):
        for number in range(max(len(gone), len(come))):
            was = gone[number] if number < len(gone) else ""
            now = come[number] if number < len(come) else ""
            yield SettingChange(SettingClass.CHANGED, file, "表格以外", _step(was, now))


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_begin, old_end, new_begin, new_end in matcher.get_opcodes():
        if kind != "equal":
            yield old[old_begin:old_end], new[new_begin:new_end]


def _rows(old: _Version, new: _Version, file: str) -> Iterator[SettingChange]:
    for was, now in _paired(old.outline.rows, new.outline.rows):
        if was is None and now is not None:
            told = f"加了一行：{_row_in_words(new.outline.rows[now])}"
            yield SettingChange(SettingClass.CHANGED, file, f"表格第 {now + 1} 行", told)
        elif was is not None and now is None:
            told = f"去掉了这一行：{_row_in_words(old.outline.rows[was])}"
            yield SettingChange(SettingClass.CHANGED, file, f"表格原来的第 {was + 1} 行", told)
        elif was is not None and now is not None:
            yield from _cells(old, new, was, now, file)


def _cells(old: _Version, new: _Version, was: int, now: int, file: str) -> Iterator[SettingChange]:
    before, after = old.outline.rows[was], new.outline.rows[now]
    for number in range(max(len(before), len(after))):
        texts = [cells[number] if number < len(cells) else "" for cells in (before, after)]
        label = f"表格第 {now + 1} 行第 {number + 1} 格"
        if texts[0] != texts[1]:
            yield SettingChange(SettingClass.CHANGED, file, label, _step(*texts))
            continue
        seen = old.seen.get((was + 1, number)), new.seen.get((now + 1, number))
        if None not in seen and seen[0] != seen[1]:
            told = (
                f"字都在，但有的看不见了：{quoted(texts[1])}"
                if len(seen[1] or "") < len(seen[0] or "")
                else "有的字原来看不见"
            )
            yield SettingChange(SettingClass.CHANGED, file, label, told)


def _paired(old: Sequence[_Cells], new: Sequence[_Cells]) -> Iterator[tuple[int | None, int | None]]:
    """The rows that belong together, by number: equal ones, and between them those in the same order."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_begin, old_end, new_begin, new_end in matcher.get_opcodes():
        rows = range(old_begin, old_end), range(new_begin, new_end)
        if kind == "equal" or len(rows[0]) == len(rows[1]):
            yield from zip(*rows, strict=True)
        else:
            yield from _in_order(old, new, *rows)


def _in_order(
    old: Sequence[_Cells], new: Sequence[_Cells], gone: range, come: range
) -> Iterator[tuple[int | None, int | None]]:
    """Rows of a part where one version has more: each of the fewer goes with the one that is most like it, in order."""
    fewer, more, is_old = (gone, come, True) if len(gone) < len(come) else (come, gone, False)
    texts = old, new
    begin = more.start
    for left, number in enumerate(fewer):
        room = range(begin, more.stop - (len(fewer) - left - 1))
        own, others = (texts[0][number], texts[1]) if is_old else (texts[1][number], texts[0])
        best = max(room, key=lambda one: (_likeness(own, others[one]), -one))
        for alone in range(begin, best):
            yield (None, alone) if is_old else (alone, None)
        yield (number, best) if is_old else (best, number)
        begin = best + 1
    for alone in range(begin, more.stop):
        yield (None, alone) if is_old else (alone, None)


def _likeness(one: _Cells, other: _Cells) -> int:
    """How many cells of two rows say the same at the same place, and whether they are as many."""
    return 2 * sum(a == b for a, b in zip(one, other, strict=False)) + (len(one) == len(other))


def _row_in_words(cells: _Cells) -> str:
    return quoted(" | ".join(cells))


def _step(old: str, new: str) -> str:
    """What became of a text: of one that only prints something else, what it printed and what it prints."""
    marks = _MARKS.match(old), _MARKS.match(new)
    if marks[0] and marks[1] and marks[0][0] == marks[1][0]:  # how wide a cell is: said only where it changed
        old, new = old[marks[0].end() :], new[marks[1].end() :]
    if not new:
        return f"原来是{quoted(old)}，现在是空的"
    if not old:
        return f"原来是空的，现在是{quoted(new)}"
    printed = _printed(old), _printed(new)
    if printed[0] is not None and printed[1] is not None and printed[0][0] == printed[1][0]:
        return f"原来印{quoted(list(printed[0][1]))}，现在印{quoted(list(printed[1][1]))}"
    return f"{text_step(old, new)}"


def _printed(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The fixed texts, and the names that are printed between them; None where nothing is printed."""
    try:
        pieces = tags.pieces(text)
    except tags.TagError:
        return None
    names = tuple(
        ".".join(piece.path) + (f"|{piece.shown}" if piece.shown else "")
        for piece in pieces
        if isinstance(piece, tags.Print)
    )
    fixed = tuple("" if isinstance(piece, tags.Print) else str(piece) for piece in pieces)
    return (fixed, names) if names else None


def _looks(old: Mapping[str, str], new: Mapping[str, str], file: str) -> Iterator[SettingChange]:
    """The parts whose looks are others, all in one change."""
    changed = [_PARTS.get(name, name) for name in {**old, **new} if old.get(name) != new.get(name)]
    if changed:
        told = f"不是字的变了：{'、'.join(changed[:6])}{'等' if len(changed) > 6 else ''}；用 Word 打开两个版本看"
        yield SettingChange(SettingClass.CHANGED, file, "样子", told)
