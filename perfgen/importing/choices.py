"""A cell's text as one of the choices of a field: the nearest spelling, or the one whose box is ticked."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from perfgen.importing.folding import folded

_TICK, _BOX = "☑☒✓✔√■▣●◉", "□☐○◯▢"
_MARK = re.compile(rf"[\[(【](?P<inner>[{_TICK}{_BOX}]?)[\])】]|(?P<bare>[{_TICK}{_BOX}])")
"""A box before a choice, ticked or not; in folded text, also between brackets."""
_PARTS = re.compile(r"[\s、，,;；/／|]+")
_LONGEST = 200
_NEAR = 0.6
"""A text is a spelling of a choice from this likeness on (see `difflib`)."""


@dataclass(frozen=True)
class Chosen:
    """What a text says of some choices: the one, or why there is none."""

    choice: str | None
    trouble: str = ""
    """Why several of the choices, or none of the boxes, decide; empty where the text is just none of them."""


def choose(text: str, choices: tuple[str, ...]) -> Chosen:
    """The choice that a text is, is a spelling of, or has ticked."""
    by_fold = {folded(choice): choice for choice in choices}
    given = folded(text)[:_LONGEST]
    if given in by_fold:
        return Chosen(by_fold[given])
    if _MARK.search(given):
        return _ticked(given, by_fold)
    if len(_all_in(text, by_fold)) > 1:
        return Chosen(None, "里写着不止一种，不知道选哪一种")
    return Chosen(nearest_choice(text, choices))


def _ticked(given: str, by_fold: dict[str, str]) -> Chosen:
    """The one choice behind a ticked box in folded text; each choice must stand behind its own box."""
    marks = list(_MARK.finditer(given))
    if given[: marks[0].start()]:
        return Chosen(None, "里勾选的记号前面还有字，不知道勾的是哪一种")
    ends = [mark.start() for mark in marks[1:]] + [len(given)]
    names = [given[mark.end() : end].strip("、，,;；/|") for mark, end in zip(marks, ends, strict=True)]
    ticked = [name for mark, name in zip(marks, names, strict=True) if (mark["inner"] or mark["bare"] or " ") in _TICK]
    if len(ticked) != 1:
        return Chosen(None, "里勾了不止一种" if ticked else "里一种也没有勾")
    if ticked[0] not in by_fold:
        return Chosen(None)
    return Chosen(by_fold[ticked[0]])


def _all_in(text: str, by_fold: dict[str, str]) -> set[str]:
    """The choices that stand in a text, or that one of its parts is a spelling of."""
    rest, inside = folded(text)[:_LONGEST], set()
    for name in sorted(by_fold, key=len, reverse=True):
        if name and name in rest:
            inside.add(by_fold[name])
            rest = rest.replace(name, "\n")
    parts = _PARTS.split(text[:_LONGEST].strip())
    near = {choice for part in parts if len(parts) > 1 and (choice := _only_near(folded(part), by_fold))}
    return inside | near


def _only_near(part: str, by_fold: dict[str, str]) -> str | None:
    """The choice that a part is nearest to; None where it is as near to another, as an ending that they share."""
    ratios = sorted(((difflib.SequenceMatcher(None, name, part).ratio(), name) for name in by_fold), reverse=True)
    if not ratios or ratios[0][0] < _NEAR or (len(ratios) > 1 and ratios[1][0] == ratios[0][0]):
        return None
    return by_fold[ratios[0][1]]


def nearest_choice(text: str, choices: tuple[str, ...]) -> str | None:
    """The choice that a text is a spelling of, None when it is too far from all."""
    by_fold = {folded(choice): choice for choice in choices}
    given = folded(text)[:_LONGEST]
    if given in by_fold:
        return by_fold[given]
    nearest = difflib.get_close_matches(given, by_fold, n=2, cutoff=_NEAR)
    return by_fold[nearest[0]] if nearest else None
