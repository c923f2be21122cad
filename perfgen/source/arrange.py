"""The entries of a group or list in a new order: which pieces of the text stand where.

Entries that stay keep their characters and their comments; those that are left out take theirs with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.source import carry, style, writer
from perfgen.source.edits import Edit, Piece, Stretch
from perfgen.source.entries import Entries, Entry
from perfgen.source.replace import New, replacement

Place: TypeAlias = "int | str"
"""The number of an entry that stays, or what is typed for a new one: whole lines, or what stands in brackets."""


_COMMENT = re.compile(r"#[^\r\n]*")
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")


def arranged(entries: Entries, path: ValuePath, order: Sequence[int | New]) -> Edit | None:
    """The change that gives a group or list these entries in this order; None where it has them."""
    old = entries.paths_below(path)
    if list(order) == list(range(len(old))):
        return None
    span = entries.document.spans[path]
    is_free_to_choose = not old and bool(path) and not entries.in_brackets(path)
    if is_free_to_choose or not (span.flow or order):
        return replacement(entries, path, _of_new(entries, path, order))
    places = [_place(entries, path, order, number) for number in range(len(order))]
    if not span.flow:
        return _on_lines(entries.text, entries.of(path), places, entries.newline)
    if entries.text[span.start] not in "{[":  # a pair alone in a list, which needs no braces: [a: 1]
        edit = _in_brackets(entries.text, (span.start, span.end), entries.of(path), places, entries.newline)
        return Edit(edit.start, edit.end, ("{", *edit.pieces, "}"))
    inside = (span.start + 1, span.end - 1)
    return _in_brackets(entries.text, inside, entries.of(path), places, entries.newline)


def _of_new(entries: Entries, path: ValuePath, order: Sequence[int | New]) -> New:
    """A group or list of new entries only; an empty one of the kind that stands there."""
    new = [entry for entry in order if isinstance(entry, New)]
    if not new:
        return New({} if isinstance(entries.document.value(path), dict) else [])
    steps = [number if entry.name is None else entry.name for number, entry in enumerate(new)]
    origins = {
        (step, *below): old for step, entry in zip(steps, new, strict=True) for below, old in entry.origins.items()
    }
    if new[0].name is None:
        return New([entry.value for entry in new], Field("array", "", item=new[0].schema), origins=origins)
    fields = {str(entry.name): entry.schema for entry in new if entry.schema}
    return New({str(entry.name): entry.value for entry in new}, Field("object", "", members=fields), origins=origins)


def _place(entries: Entries, path: ValuePath, order: Sequence[int | New], number: int) -> Place:
    """The entry at one place of an order: its number, or what is typed for a new one."""
    new = order[number]
    if isinstance(new, int):
        return new
    if entries.document.spans[path].flow:
        return writer.inline_entry(new.name, new.value, new.schema)
    below = entries.of(path)
    near = sorted((abs(number - at), old) for at, old in enumerate(order) if isinstance(old, int))
    brackets = style.brackets(entries, [below[old].path for _, old in near], new.value)
    indent = " " * below[0].column
    lines = writer.entry_lines(
        new.name, new.value, new.schema, indent, brackets=brackets, flush=style.flush(entries),
        rows_apart=style.rows_apart(entries),
        typed=carry.lines_of(entries, new.origins),
    )  # fmt: skip
    if path and _are_apart(entries.text, below):
        lines.insert(0 if number else len(lines), "")
    elif not path and isinstance(new.value, dict | list) and _is_apart(entries, order, number):
        lines.insert(0, "")
    return "".join(line + entries.newline for line in lines)


def _are_apart(text: str, entries: Sequence[Entry]) -> bool:
    """Whether a blank line parts each of some entries from the one before it, and not for the sake of a comment."""
    others = entries[1:]
    return all(_blank_lines(text, entry) for entry in others) and any(
        "#" not in text[entry.lead : entry.start] for entry in others
    )


def _blank_lines(text: str, entry: Entry) -> str:
    """The blank lines that an entry begins with."""
    match = _BLANK_LINES.match(text, entry.lead)
    return match[0] if match else ""


def _is_apart(entries: Entries, order: Sequence[int | New], number: int) -> bool:
    """Whether one of the entries beside a new one has a blank line above it."""
    beside = [*order[max(number - 1, 0) : number], *order[number + 1 : number + 2]]
    above = [entries.text[entry.lead :] for entry in (entries.of(())[old] for old in beside if isinstance(old, int))]
    return any(carry.BREAK.match(text.lstrip(" \t")) for text in above)


def _on_lines(text: str, entries: Sequence[Entry], order: Sequence[Place], newline: str) -> Edit:
    """The change that puts entries without brackets in an order, which must not be empty."""
    first = entries[0]
    blocks = [_lines(entries, place, first.column) for place in order]
    if not first.shares_a_line and isinstance(order[0], int) and order[0] and _are_apart(text, entries):
        _change_blank_lines(text, entries, order, blocks)
    _keep_what_belongs_to_none(entries, order, blocks)
    if not first.shares_a_line:
        head: list[Piece] = [Stretch(first.before, first.lead)] if first.before < first.lead else []
        return Edit(first.before, entries[-1].end, (*head, *(piece for block in blocks for piece in block)))
    if order[0] == 0:
        blocks[0] = [Stretch(first.start, first.end)]
        return Edit(first.start, entries[-1].end, tuple(piece for block in blocks for piece in block))
    start, blocks[0] = _behind_the_dash(text, entries, order[0], blocks[0], newline)
    return Edit(start, entries[-1].end, tuple(piece for block in blocks for piece in block))


def _lines(entries: Sequence[Entry], place: Place, column: int) -> list[Piece]:
    """The lines of one entry, with those that go with it."""
    if isinstance(place, str):
        return [place]
    entry = entries[place]
    return [" " * column, Stretch(entry.start, entry.end)] if entry.shares_a_line else [Stretch(entry.lead, entry.end)]


def _change_blank_lines(text: str, entries: Sequence[Entry], order: Sequence[Place], blocks: list[list[Piece]]) -> None:
    """Gives the entry that comes first the blank lines above the one that was it, and that one the other's."""
    for place, other in ((order[0], 0), (0, order[0])):
        if place in order:
            entry, above = entries[int(place)], _blank_lines(text, entries[int(other)])
            kept = Stretch(entry.lead + len(_blank_lines(text, entry)), entry.end)
            blocks[order.index(place)] = [above, kept]


def _keep_what_belongs_to_none(entries: Sequence[Entry], order: Sequence[Place], blocks: list[list[Piece]]) -> None:
    """Puts the lines between entries that belong to none before the next entry that stays, else at the end."""
    for number, entry in enumerate(entries):
        if number == 0 or entry.before == entry.lead:
            continue
        following = next((later for later in range(number, len(entries)) if later in order), None)
        lines = Stretch(entry.before, entry.lead)
        if following is None:
            blocks[-1].append(lines)
        else:
            block = blocks[order.index(following)]
            block.insert(sum(piece in _free(entries, number) for piece in block), lines)


def _free(entries: Sequence[Entry], number: int) -> list[Stretch]:
    """The lines that belong to none, above the entries before one."""
    return [Stretch(entry.before, entry.lead) for entry in entries[1:number]]


def _behind_the_dash(
    text: str, entries: Sequence[Entry], place: Place, block: list[Piece], newline: str
) -> tuple[int, list[Piece]]:
    """Where the change begins, and the lines of an entry that is now the first behind a dash."""
    start = entries[0].start
    if isinstance(place, str):
        return start, [place.lstrip(" "), *block[1:]]
    entry = entries[place]
    head = text[entry.before : entry.start]
    if "#" not in head and len(block) == 1:
        return start, [Stretch(entry.start, entry.end)]
    return len(text[:start].rstrip(" \t")), [newline, *block]


def _in_brackets(
    text: str, inside: tuple[int, int], entries: Sequence[Entry], order: Sequence[Place], newline: str
) -> Edit:
    """The change that puts the entries between brackets in an order; `inside` is what stands between them."""
    ends = [inside[0], *(entry.end for entry in entries)]
    gaps = [(end, entry.start) for end, entry in zip(ends, entries, strict=False)]
    gaps.append((ends[-1], inside[1]))
    if any("#" in text[start:end] for start, end in gaps):
        return Edit(*inside, tuple(_one_a_line(text, gaps, entries, order, newline)))
    if not order or not entries:
        return Edit(*inside, tuple(_joined([[str(place)] for place in order], ", ")))
    pieces: list[Piece] = [text[slice(*gaps[0])]]
    usual = _usual_separator(text, gaps)
    for number, place in enumerate(order):
        if number:
            before = order[number - 1]
            is_kept = isinstance(place, int) and isinstance(before, int) and place == before + 1
            pieces.append(text[slice(*gaps[place])] if is_kept and isinstance(place, int) else usual)
        pieces.append(_typed(entries, place))
    return Edit(*inside, (*pieces, text[slice(*gaps[-1])]))


def _typed(entries: Sequence[Entry], place: Place) -> Piece:
    return place if isinstance(place, str) else Stretch(entries[place].start, entries[place].end, is_open=True)


def _joined(blocks: list[list[Piece]], separator: str) -> list[Piece]:
    return [piece for number, block in enumerate(blocks) for piece in ([separator, *block] if number else block)]


def _usual_separator(text: str, gaps: Sequence[tuple[int, int]]) -> str:
    """What stands between two entries: a comma, and a line break where entries stand one a line."""
    between = [text[start:end] for start, end in gaps[1:-1]]
    broken = next((gap for gap in between if carry.BREAK.search(gap)), None)
    if broken is None and not between and carry.BREAK.search(text[slice(*gaps[0])]):
        return "," + text[slice(*gaps[0])]
    return broken or (between[0] if between else ", ")


def _one_a_line(
    text: str, gaps: Sequence[tuple[int, int]], entries: Sequence[Entry], order: Sequence[Place], newline: str
) -> list[Piece]:
    """The entries one a line, each with its comments: how brackets are written that hold comments."""
    beside, above = [], []
    for start, end in gaps:
        rest, _, lines = _split(text[start:end])
        beside.append(_COMMENT.findall(rest))
        above.append(_COMMENT.findall(lines))
    indent = " " * _column_of_lines(text, gaps, entries)
    pieces: list[Piece] = [*(f" {comment}" for comment in beside[0]), newline]
    for number, place in enumerate(order):
        comments = (above[place], beside[place + 1]) if isinstance(place, int) else ([], [])
        pieces += [f"{indent}{comment}{newline}" for comment in comments[0]]
        pieces += [indent, _typed(entries, place), "," if number < len(order) - 1 else ""]
        pieces += [*(f"  {comment}" for comment in comments[1]), newline]
    return [*pieces, *(f"{indent}{comment}{newline}" for comment in above[-1]), indent]


def _split(gap: str) -> tuple[str, str, str]:
    """What stands in the first line of a gap, the line break, and what stands below."""
    match = carry.BREAK.search(gap)
    return (gap[: match.start()], match[0], gap[match.end() :]) if match else (gap, "", "")


def _column_of_lines(text: str, gaps: Sequence[tuple[int, int]], entries: Sequence[Entry]) -> int:
    """How far entries are indented that stand one a line in brackets."""
    for (start, end), entry in zip(gaps, entries, strict=False):
        if carry.BREAK.search(text[start:end]):
            return entry.column
    line = max(text.rfind("\n", 0, gaps[0][0]), text.rfind("\r", 0, gaps[0][0])) + 1
    return len(text[line:]) - len(text[line:].lstrip(" ")) + 2
