"""How far lines stand from the margin, and how far they were meant to.

A line and the deeper ones below it are moved together, by one blank or to where the lines around stand, and only
where one place is left: another item or member of the same kind stands there above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfgen.source.characters import TYPED_BLANKS

_STEP = 2
"""How many blanks each level has more."""

_HEAD = re.compile(r" *(?:[^\s:#\"'{\[-][^:#{\[]*:\s*(?:#.*)?$|- +[^\s:#\"'{\[-][^:#{\[]*:(?:\s|$))")
"""A line that others may stand below: a name without a value, or the first member of an item."""
_ENTRY = re.compile(r" *(?:- |[^\s:#{\[-][^:#{\[]*:(?:\s|$))")


def indent_of(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip(" "))


def is_empty(line: str) -> bool:
    """Whether a line holds nothing but a comment."""
    return not line.strip() or line.lstrip().startswith("#")


def _below(lines: list[str], row: int) -> str:
    """The next line with something on it; empty where there is none."""
    return next((line for line in lines[row + 1 :] if not is_empty(line)), "")


def _above(lines: list[str], row: int) -> str:
    """The line before with something on it; empty where there is none."""
    return next((line for line in reversed(lines[:row]) if not is_empty(line)), "")


def block_end(lines: list[str], row: int, indent: int) -> int:
    """The row behind a line and those below it that stand deeper than so many blanks, without comments at the end."""
    end = row + 1
    for number in range(row + 1, len(lines)):
        if not is_empty(lines[number]):
            if indent_of(lines[number]) <= indent:
                break
            end = number + 1
    return end


def parent_too_far_left(lines: list[str], row: int) -> int | None:
    """The row of a name that stands one level too far left, where a line below it fits in no level because of that.

    The lines before and behind it stand where it should; what is below it stands two levels deeper than it. A name
    at the margin is never meant: what is below it is too deep.
    """
    wanted = indent_of(lines[row])
    above = next((n for n in range(row - 1, -1, -1) if not is_empty(lines[n]) and indent_of(lines[n]) < wanted), None)
    if above is None or indent_of(lines[above]) != wanted - _STEP or not _is_name(lines[above]):
        return None
    if indent_of(lines[above]) == 0 or _kind(lines, row) != _kind(lines, above):
        return None
    below = _below(lines, above)
    before = _above(lines, above)
    return above if indent_of(below) == wanted + _STEP and indent_of(before) >= wanted else None


def first_too_deep(lines: list[str], row: int) -> int | None:
    """The row of the first line below a name that stands too deep, where a line behind it fits in no level for that.

    That line stands one level deeper than the name and is of the kind of those before it, and of another than the name.
    """
    wanted = indent_of(lines[row])
    above = next((n for n in range(row - 1, -1, -1) if not is_empty(lines[n]) and indent_of(lines[n]) <= wanted), None)
    if above is None or indent_of(lines[above]) != wanted - _STEP or not _is_name(lines[above]):
        return None
    first = next(number for number in range(above + 1, row + 1) if not is_empty(lines[number]))
    deep = [number for number in range(first, row) if not is_empty(lines[number])]
    least = min((indent_of(lines[number]) for number in deep), default=wanted)
    kinds = {_kind(lines, number) for number in deep if indent_of(lines[number]) == least}
    is_certain = least == indent_of(lines[first]) and kinds == {_kind(lines, row)} and _kind(lines, above) not in kinds
    return first if is_certain and least > wanted and _ENTRY.match(lines[row]) else None


def _out_of_depth(lines: list[str], row: int) -> list[str] | None:
    """The lines with those from one that is too deep up to the first that is not moved to where that one stands."""
    indent = indent_of(lines[row])
    end = next((n for n in range(row + 1, len(lines)) if not is_empty(lines[n]) and indent_of(lines[n]) < indent), None)
    if end is None or first_too_deep(lines, end) != row:
        return None
    return [*lines[:row], *_moved(lines[row:end], indent_of(lines[end]) - indent), *lines[end:]]


def _to_the_margin(lines: list[str], row: int) -> list[str] | None:
    """The lines with the first of the file at the margin, where the next one stands there."""
    after = _below(lines, row) or " "
    if indent_of(after) > 0 or not all(is_empty(line) for line in lines[:row]) or _is_item(lines[row]):
        return None
    return [*lines[:row], lines[row].lstrip(" "), *lines[row + 1 :]]


def beside(lines: list[str], row: int) -> int | None:
    """How far from the margin those stand that a line belongs to, where its own blanks are wide ones and say nothing.

    The line itself has nothing below it. None where no line above or below it, with ASCII blanks, is of its kind.
    """
    body = lines[row].strip()
    above = next(_typed(reversed(lines[:row])), "")
    below = next(_typed(lines[row + 1 :]), "")
    if not _ENTRY.match(body) or _is_name(body):
        return None
    near = below if _is_name(above) and indent_of(below) > indent_of(above) else above
    is_like = _ENTRY.match(near) and not _is_name(near) and _is_item(near) == _is_item(body)
    return indent_of(near) if is_like else None


def _typed(lines: Iterable[str]) -> Iterator[str]:
    """The lines that hold something and begin with nothing but ASCII blanks."""
    return (line for line in lines if not is_empty(line) and not line[indent_of(line)].isspace())


def _moved(lines: list[str], by: int) -> list[str]:
    return [line if not line.strip() else " " * (indent_of(line) + by) + line.lstrip(" ") for line in lines]


def put_right(lines: list[str], row: int) -> list[str] | None:
    """The lines with one of them, and the deeper ones below it, where it belongs; None where that is not certain."""
    moved = _out_of_depth(lines, row) or _to_the_margin(lines, row)
    if moved is not None:
        return moved
    if indent_of(lines[row]) == 0 and not _is_item(lines[row]):
        return None
    child, level = _child(lines, row), _level(lines, row)
    if level is None or not _ENTRY.match(lines[row]):
        return None
    end = row + 1
    if child is None or indent_of(child) != level + _STEP:
        end = block_end(lines, row, max(indent_of(lines[row]), level))
    by = level - indent_of(lines[row])
    return [*lines[:row], *_moved(lines[row:end], by), *lines[end:]]


def _level(lines: list[str], row: int) -> int | None:
    """How far a line was meant to stand from the margin: as the line below it says, else as the lines above it do."""
    indent, child = indent_of(lines[row]), _child(lines, row)
    levels = _levels(lines, row)
    if child is not None and indent_of(child) - indent != _STEP:
        level = indent_of(child) - _STEP
        return level if level in levels and abs(level - indent) <= _STEP else None
    for far in (1, _STEP) if child is not None or _is_below_a_row(lines, row) else (1,):
        near = [level for level, kind in levels.items() if abs(level - indent) == far and _kind(lines, row) in kind]
        if near:
            return near[0] if len(near) == 1 else None
    return None


def _levels(lines: list[str], row: int) -> dict[int, set[tuple[bool, bool | None]]]:
    """Where lines above stand whose group or list is not closed yet, and the kinds of them."""
    found: dict[int, set[tuple[bool, bool | None]]] = {}
    deepest = indent_of(lines[row]) + 2 * _STEP
    for number in range(row - 1, -1, -1):
        line = lines[number]
        if is_empty(line) or indent_of(line) > deepest:
            continue
        deepest = min(deepest, indent_of(line))
        if indent_of(line) % _STEP == 0:
            found.setdefault(indent_of(line), set()).add(_kind(lines, number))
    return found if 0 in found else {}


def _is_below_a_row(lines: list[str], row: int) -> bool:
    """Whether a line stands one level below a row in brackets, which can have nothing below it."""
    above = _above(lines, row)
    is_closed = re.search(r"[{\[].*[}\]]\s*(?:#.*)?$", above) is not None
    return is_closed and indent_of(above) == indent_of(lines[row]) - _STEP


def _kind(lines: list[str], row: int) -> tuple[bool, bool | None]:
    """Whether a line is an item, and whether the line below it is; None where nothing stands deeper."""
    child = _child(lines, row)
    return _is_item(lines[row]), None if child is None else _is_item(child)


def _child(lines: list[str], row: int) -> str | None:
    """The next line with something on it, where it stands deeper and the line leaves room for it."""
    if not _HEAD.match(lines[row]):
        return None
    below = _below(lines, row)
    return below if indent_of(below) > indent_of(lines[row]) else None


def _is_item(line: str) -> bool:
    return line.lstrip(" ").startswith("- ")


def _is_name(line: str) -> bool:
    return re.match(r" *[^\s:#\"'{\[-][^:#{\[]*:\s*(?:#.*)?$", line) is not None


def of_tabbed(lines: list[str], row: int) -> int | None:
    """How far from the margin a line with tabs in its indentation belongs, as the lines around it say; None if unclear.

    A tab may stand for any number of blanks. Two for each count only where the lines around leave a choice.
    """
    typed = [line.lstrip(TYPED_BLANKS) if "\t" in line[: _blanks(line)] else line for line in lines]
    above = next((line for line in reversed(typed[:row]) if not is_empty(line)), None)
    counted = len(lines[row][: _blanks(lines[row])].replace("\t", " " * _STEP))
    if above is None:
        return counted
    if not _ENTRY.match(typed[row]) and not _is_name(typed[row]):
        return indent_of(above) + _STEP if _ENTRY.match(above) else indent_of(above)  # the rest of a text
    if _is_name(above):
        return _below_name(lines, typed, row, indent_of(above))
    if _is_item(above) == _is_item(typed[row]) and not _HEAD.match(above) and not _HEAD.match(typed[row]):
        return indent_of(above)
    found = _levels_above(typed, row)
    if _is_item(above) and _HEAD.match(above):
        found.setdefault(indent_of(above) + _STEP, set()).add((False, None))
    below = _below(lines, row) or "\t"
    if _HEAD.match(typed[row]) and not below[indent_of(below) :].startswith("\t") and indent_of(below) - _STEP in found:
        return indent_of(below) - _STEP
    levels = [level for level, kinds in found.items() if _is_like(typed, row, kinds)]
    return levels[0] if len(levels) == 1 else counted if counted in levels else None


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(TYPED_BLANKS))


def _below_name(lines: list[str], typed: list[str], row: int, indent: int) -> int:
    """How far the first line below a name belongs: as far as the next one, where that is like it."""
    after = next((number for number in range(row + 1, len(lines)) if not is_empty(lines[number])), None)
    is_beside = (
        after is not None
        and "\t" not in lines[after][: _blanks(lines[after])]
        and indent_of(lines[after]) >= indent + (0 if _is_item(typed[row]) else 1)
        and _is_item(lines[after]) == _is_item(typed[row])
        and not _HEAD.match(typed[row])
    )
    return indent_of(lines[after]) if after is not None and is_beside else indent + _STEP


def _levels_above(lines: list[str], row: int) -> dict[int, set[tuple[bool, bool | None]]]:
    """As `_levels`, whatever the line itself stands at."""
    deep = " " * max(map(indent_of, lines[:row]), default=0)
    return _levels([*lines[:row], deep + lines[row], *lines[row + 1 :]], row)


def _is_like(lines: list[str], row: int, kinds: set[tuple[bool, bool | None]]) -> bool:
    """Whether a line may stand beside lines of some kinds: its own blanks, and those of the line below, say nothing."""
    if not _HEAD.match(lines[row]):
        return any(is_item == _is_item(lines[row]) for is_item, _ in kinds)
    below = _below(lines, row)
    return (_is_item(lines[row]), _is_item(below)) in kinds
