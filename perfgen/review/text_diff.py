"""What changed in a text: the pieces that stayed, went and came, and the same cut short for people to read."""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from perfgen.display import visible

PieceKind = Literal["same", "gone", "new"]


class Piece(NamedTuple):
    """A piece of text that both versions have ("same"), or only the old ("gone") or the new one ("new")."""

    kind: PieceKind
    text: str


class _Run(NamedTuple):
    """A stretch of both versions as tokens: what stays, or what stands on each side."""

    stays: bool
    old: list[str]
    new: list[str]


_Clause = tuple[str, ...]
"""Tokens that are compared as one; a single one where texts are compared word by word."""

PARAGRAPH_END = "\x1e"
"""Stands between the paragraphs of a text that has several; no text holds it (it may not be printed)."""

_COMPARED = r"[≥≤≧≦⩾⩽] ?|[><=＞＜＝]{1,2}"
# after a word, a number or a bracket it is a dash: 3-5天, 1月-3月
_PLUS_OR_MINUS = r"(?<![\w%％‰)）])[-+−±－＋]"
_NUMBER = rf"(?:{_COMPARED})?(?:{_PLUS_OR_MINUS})?\d+(?:[,.．]\d+)*(?: ?[%％‰])?"
_WORD = r"[A-Za-z][A-Za-z0-9]*(?:\.\d+)*"
_TOKEN = re.compile(rf"{_NUMBER}|{_WORD}|.", re.DOTALL)
_BREAKS = frozenset(("\n", PARAGRAPH_END))
_CLAUSE_ENDS = _BREAKS.union("，。；、：！？,.;:!?")

_SHORT = 12
"""A value of so few characters changes as a whole where any of its words change."""
_STRAY = 3
"""Fewer characters than this between two changes are no text that stayed."""
_FINE = 600
"""So many characters of both texts are compared word by word; longer ones first clause by clause."""
_MOST_PAIRS = 20_000
"""With more pairs of equal words or clauses a comparison would take too long, and would say little."""
_AROUND = 10
"""So many characters of what stayed are shown on each side of a change."""


def pieces(old: str, new: str) -> list[Piece]:
    """The pieces in order: without the new ones they give `old`, without the gone ones `new`.

    A number changes as a whole, with its sign and its ％ or ‰, and so does a word in Latin letters
    and a short value; a character or two that stayed between two changes goes with them. No piece
    is empty, no two neighbours are of one kind, and what went stands before what came.
    """
    short = max(len(old), len(new)) <= _SHORT and _BREAKS.isdisjoint(old + new)
    runs = _joined(_compared(_TOKEN.findall(old), _TOKEN.findall(new), short=short))
    result: list[Piece] = []
    for run in _joined(_without_strays(_joined(_settled(runs)))):
        if run.stays:
            result.append(Piece("same", "".join(run.new)))
        else:
            result += [Piece("gone", "".join(run.old))] if run.old else []
            result += [Piece("new", "".join(run.new))] if run.new else []
    return result


def excerpt(old: str, new: str) -> list[Piece]:
    """The pieces for people to read: long sameness is cut short with “…”, unseen characters are shown."""
    whole = pieces(old, new)
    return [
        Piece(kind, visible(_cut(text, first=number == 0, last=number == len(whole) - 1) if kind == "same" else text))
        for number, (kind, text) in enumerate(whole)
    ]


def changes_numbers(old: str, new: str) -> bool:
    """Whether the numbers in two texts differ, which words alone may hide."""
    one, other = (re.findall(r"\d[\d,.]*", unicodedata.normalize("NFKC", text)) for text in (old, new))
    return sorted(one) != sorted(other)


def _compared(old: list[str], new: list[str], *, short: bool) -> Iterator[_Run]:
    """What stays at both ends, and what lies between, compared as finely as its length allows."""
    begin = _common(old, new)
    end = _common(old[begin:][::-1], new[begin:][::-1])
    between = _Run(False, old[begin : len(old) - end], new[begin : len(new) - end])
    yield _Run(True, old[:begin], new[:begin])
    if short:
        yield between
    elif _is_fine(between):
        yield from _by_words(between)
    else:
        for run in _aligned(_clauses(between.old), _clauses(between.new)):
            yield from _by_words(run) if not run.stays and _is_fine(run) else [run]
    yield _Run(True, old[len(old) - end :], new[len(new) - end :])


def _common(old: list[str], new: list[str]) -> int:
    """How many first tokens agree."""
    differing = (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(differing, min(len(old), len(new)))


def _is_fine(run: _Run) -> bool:
    return sum(map(len, run.old)) + sum(map(len, run.new)) <= _FINE


def _by_words(run: _Run) -> Iterator[_Run]:
    return _aligned([(token,) for token in run.old], [(token,) for token in run.new])


def _clauses(tokens: list[str]) -> list[_Clause]:
    ends = [n + 1 for n, token in enumerate(tokens) if token in _CLAUSE_ENDS]
    return [tuple(tokens[i:j]) for i, j in itertools.pairwise([0, *ends, len(tokens)]) if i < j]


def _aligned(old: list[_Clause], new: list[_Clause]) -> Iterator[_Run]:
    """Where two sequences agree and where not; one change where they repeat themselves too often."""
    times = Counter(new)
    codes = [("replace", 0, len(old), 0, len(new))]
    if sum(times[clause] for clause in old) <= _MOST_PAIRS:
        codes = list(difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    for kind, i, j, k, m in codes:
        yield _Run(kind == "equal", _flat(old[i:j]), _flat(new[k:m]))


def _flat(parts: Iterable[Iterable[str]]) -> list[str]:
    return list(itertools.chain.from_iterable(parts))


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """Neighbours of a kind as one, without what is empty."""
    filled = (run for run in runs if run.old or run.new)
    groups = ((stays, list(group)) for stays, group in itertools.groupby(filled, key=lambda run: run.stays))
    return [_Run(stays, _flat(run.old for run in group), _flat(run.new for run in group)) for stays, group in groups]


def _settled(runs: list[_Run]) -> list[_Run]:
    """What only came or only went begins and ends where a clause does, if it may stand there as well.

    In 甲。乙。 after 甲。 the new text is 乙。, though 。乙 before the last 。 would give the same.
    """
    result = [_Run(True, [], []), *runs, _Run(True, [], [])]
    for number, run in enumerate(result):
        if not run.stays and not (run.old and run.new):
            (_, left, _), (_, right, _) = result[number - 1], result[number + 1]
            moved = run.old or run.new
            around = [*left, *moved, *right]
            at = _best_place(around, len(left), len(moved))
            left, moved, right = around[:at], around[at : at + len(moved)], around[at + len(moved) :]
            changed = _Run(False, moved if run.old else [], moved if run.new else [])
            result[number - 1 : number + 2] = [_Run(True, left, left), changed, _Run(True, right, right)]
    return result


def _best_place(tokens: list[str], start: int, length: int) -> int:
    """Where among `tokens` the ones from `start` on may begin as well without a change of the rest."""
    first = last = start
    while first > 0 and tokens[first - 1] == tokens[first - 1 + length]:
        first -= 1
    while last + length < len(tokens) and tokens[last] == tokens[last + length]:
        last += 1
    best: int = max([start, *range(first, last + 1)], key=lambda at: _edge(tokens, at) + _edge(tokens, at + length))
    return best


def _edge(tokens: list[str], at: int) -> int:
    """How well a change begins or ends before the token `at`: best by a line's end, well after a clause."""
    if at in (0, len(tokens)) or tokens[at] in _BREAKS or tokens[at - 1] in _BREAKS:
        return 2
    return int(tokens[at - 1] in _CLAUSE_ENDS)


def _without_strays(runs: list[_Run]) -> Iterator[_Run]:
    """A character or two between two changes count as changed; a line break never does."""
    for number, run in enumerate(runs):
        between = 0 < number < len(runs) - 1
        stray = between and sum(map(len, run.old)) < _STRAY and _BREAKS.isdisjoint(run.old)
        yield run._replace(stays=run.stays and not stray)


def _cut(text: str, *, first: bool, last: bool) -> str:
    """What stays between changes, or before the first or after the last one, without its middle."""
    if len(text) <= 2 * _AROUND + 2:
        return text
    return ("" if first else text[:_AROUND]) + "…" + ("" if last else text[-_AROUND:])
