"""A text in which git left both versions of a place: found as what it is, and both versions said in words.

Lines as `git merge-file` writes them: `<<<<<<< name`, `=======`, `>>>>>>> name`, each mark seven times or more; with
`merge.conflictStyle` diff3 also `||||||| name`, behind which the version stands that both came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from perfgen.data import Data, as_group, is_same
from perfgen.display import show
from perfgen.findings import Finding, Place

_RULE = "yaml-conflict"
_MESSAGE = "合并时有冲突，还没有处理"
_HINT = "两边各改了什么都写在这里：留下要的内容，删掉 <<<<<<<、=======、>>>>>>> 开头的行。"
_BEGIN = re.compile(r"(?P<marks><{7,}) (?P<name>.*)")
_SOME = 3
"""So many places are said in words, the others are counted."""
_MOST_READ = 400_000
"""A text of more characters is not read twice more for the words."""
_SHORT = 30


@dataclass(frozen=True)
class _Place:
    """One conflict: the numbers of its first line and its last, from 0, and the lines of both versions."""

    row: int
    end: int
    ours: Sequence[str]
    theirs: Sequence[str]
    names: tuple[str, str]


def finding(text: str, file: str, read: Callable[[str], Data | None]) -> Finding | None:
    """The one finding on the conflicts of a text; None where it has none that is whole.

    `read` gives the data of a text, None where it cannot be read.
    """
    if "<<<<<<<" not in text:
        return None
    lines = text.split("\n")
    places = list(_places([line.rstrip("\r") for line in lines]))
    if not places:
        return None
    count = f"（{len(places)} 处）" if len(places) > 1 else ""
    said = "；".join(_words(lines, places, read))
    return Finding(Place(file, places[0].row + 1, 1), _RULE, f"{_MESSAGE}{count}：{said}。", _HINT)


def _places(lines: Sequence[str]) -> Iterator[_Place]:
    """The conflicts of some lines that have a middle and an end, one after the other."""
    begin, size, base, middle = -1, 0, 0, 0
    for row, line in enumerate(lines):
        opened = _BEGIN.fullmatch(line)
        if opened and (begin < 0 or (len(opened["marks"]) == size and not middle)):
            begin, size, base, middle = row, len(opened["marks"]), 0, 0
        elif begin < 0:
            continue
        elif line == "=" * size and not middle:
            middle = row
        elif _is_mark(line, "|" * size) and not middle:
            base = row
        elif middle and _is_mark(line, ">" * size):
            ours = lines[begin + 1 : base or middle]
            names = lines[begin][size + 1 :], line[size + 1 :]
            yield _Place(begin, row, ours, lines[middle + 1 : row], names)
            begin = -1


def _is_mark(line: str, mark: str) -> bool:
    return line == mark or line.startswith(f"{mark} ")


def _words(lines: list[str], places: Sequence[_Place], read: Callable[[str], Data | None]) -> list[str]:
    """What both versions have otherwise, as data where both can be read, else as they are typed."""
    differences = None
    if sum(map(len, lines)) <= _MOST_READ:
        ours, theirs = (read("\n".join(_side(lines, places, side))) for side in (0, 1))
        if ours is not None and theirs is not None:
            differences = list(_differences(ours, theirs, ""))
    names = _sides(places[0])
    if not differences:
        return _counted([_typed(place) for place in places], "处")
    return _counted([f"{label}，{names[0]}{one}，{names[1]}{other}" for label, one, other in differences], "项")


def _counted(sentences: list[str], word: str) -> list[str]:
    more = [f"还有 {len(sentences) - _SOME} {word}"] if len(sentences) > _SOME else []
    return [*sentences[:_SOME], *more]


def _side(lines: list[str], places: Sequence[_Place], side: int) -> Iterator[str]:
    """The lines of one version."""
    row = 0
    for place in places:
        yield from lines[row : place.row]
        yield from place.theirs if side else place.ours
        row = place.end + 1
    yield from lines[row:]


def _typed(place: _Place) -> str:
    sides = []
    for name, lines in zip(_sides(place), (place.ours, place.theirs), strict=True):
        first = next((line.strip() for line in lines if line.strip()), "")
        rest = f"等 {len(lines)} 行" if len(lines) > 1 else ""
        sides.append(f"{name}写的是“{_cut(first)}”{rest}" if first else f"{name}什么也没有写")
    return "，".join(sides)


def _differences(ours: Data, theirs: Data, label: str) -> Iterator[tuple[str, str, str]]:
    """What two values have otherwise: what it is, and what each side says of it."""
    if is_same(ours, theirs):
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        yield from _of_members(ours, theirs, label)
    elif isinstance(ours, list) and isinstance(theirs, list):
        yield from _of_members(_named(ours), _named(theirs), label)
    else:
        yield label, _value(ours), _value(theirs)


def _of_members(ours: dict[str, Data], theirs: dict[str, Data], label: str) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys((*ours, *theirs)):
        below = f"{label}的“{_cut(name)}”" if label else f"“{_cut(name)}”"
        if name in ours and name in theirs:
            yield from _differences(ours[name], theirs[name], f"“{_cut(name)}”" if _is_row(ours[name]) else below)
        else:
            yield below, "有" if name in ours else "没有", "有" if name in theirs else "没有"


def _is_row(value: Data) -> bool:
    """Whether a value is a group or list, whose name alone says where what is in it stands."""
    return isinstance(value, dict | list)


def _named(rows: list[Data]) -> dict[str, Data]:
    """The items of a list by their first text; one whose name stood before, by its number too."""
    found: dict[str, Data] = {}
    for number, row in enumerate(rows):
        texts = [value for value in as_group(row).values() if isinstance(value, str)]
        name = texts[0] if texts else show(row) if not isinstance(row, dict | list) else f"第 {number + 1} 项"
        found[name if name not in found else f"{name}（第 {number + 1} 项）"] = row
    return found


def _value(value: Data) -> str:
    if value in (None, "", [], {}):
        return "没有填"
    return "是另外一组内容" if isinstance(value, dict | list) else f"是“{_cut(show(value))}”"


def _sides(place: _Place) -> list[str]:
    """What the two versions are called."""
    return [f"{side}（{_cut(name)}）" for side, name in zip(("这一边", "那一边"), place.names, strict=True)]


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"
