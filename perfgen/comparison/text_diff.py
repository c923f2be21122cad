"""Finds what changed in a text: the pieces that stayed, went and came; and the same, shortened, for people to read."""

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


class DiffPiece(NamedTuple):
    """A piece of text that both versions have ("same"), or only the old ("gone") or the new one ("new")."""

    kind: PieceKind
    text: str


class _Run(NamedTuple):
    """A part of both versions as tokens: what stays, or what is different on each side."""

    stays: bool
    old: list[str]
    new: list[str]


_Clause = tuple[str, ...]
"""Tokens that are compared as one; a single token where texts are compared word by word."""

PARAGRAPH_END = "\x1e"
"""Separates the paragraphs of a text; no text holds it (it may not be printed)."""

_COMPARED = r"[≥≤≧≦⩾⩽] ?|[><=＞＜＝]{1,2}"
# after a word, a number or a bracket it is a dash: 3-5天, 1月-3月
_PLUS_OR_MINUS = r"(?<![\w%％‰)）])[-+−±－＋]"
_NUMBER = rf"(?:{_COMPARED})?(?:{_PLUS_OR_MINUS})?\d+(?:[,.．]\d+)*(?: ?[%％‰])?"
_WORD = r"[A-Za-z][A-Za-z0-9]*(?:\.\d+)*"
_TOKEN = re.compile(rf"{_NUMBER}|{_WORD}|.", re.DOTALL)
_BREAKS = frozenset(("\n", PARAGRAPH_END))
_CLAUSE_ENDS = _BREAKS.union("，。；、：！？,.;:!?")

_SHORT = 12
"""A value of so many characters or fewer changes as a whole where any of its words change."""
_STRAY = 3
"""Fewer characters than this between two changes count as changed."""
_FINE = 600
"""Up to so many characters of both texts are compared word by word; longer texts first clause by clause."""
_MOST_PAIRS = 20_000
"""With more pairs of equal words or clauses a comparison would take too long, and would say little."""
_AROUND = 10
"""So many characters of what stayed are shown on each side of a change."""


def pieces(old: str, new: str) -> list[DiffPiece]:
    """The pieces in order: without the new ones they give `old`, without the gone ones `new`.

    A number changes as a whole, with its sign and its ％ or ‰, and so does a word in Latin letters
    and a short value; a character or two that stayed between two changes goes with them. No piece
    is empty, no two neighbours are of one kind, and what went stands before what came.
    """
    short = max(len(old), len(new)) <= _SHORT and _BREAKS.isdisjoint(old + new)
    runs = _joined(_compared(_TOKEN.findall(old), _TOKEN.findall(new), short=short))
    result: list[DiffPiece] = []
    for run in _joined(_without_strays(_joined(_settled(runs)))):
        if run.stays:
            result.append(DiffPiece("same", "".join(run.new)))
        else:
            result += [DiffPiece("gone", "".join(run.old))] if run.old else []
            result += [DiffPiece("new", "".join(run.new))] if run.new else []
    return result


def excerpt(old: str, new: str) -> list[DiffPiece]:
    """The pieces for people to read: long equal parts are shortened with “…”, invisible characters are shown."""
    whole = pieces(old, new)
    return [
        DiffPiece(
            kind, visible(_cut(text, first=number == 0, last=number == len(whole) - 1) if kind == "same" else text)
        )
        for number, (kind, text) in enumerate(whole)
    ]


def changes_numbers(old: str, new: str) -> bool:
    """Whether the numbers in two texts differ; other words may hide that."""
    before, after = (re.findall(r"\d[\d,.]*", unicodedata.normalize("NFKC", text)) for text in (old, new))
    return sorted(before) != sorted(after)


def _compared(old: list[str], new: list[str], *, short: bool) -> Iterator[_Run]:
    """The parts that stay at both ends, and the part between, compared as finely as its length allows."""
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
    """The number of equal tokens at the beginning."""
    differing = (number for number, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    return next(differing, min(len(old), len(new)))


def _is_fine(run: _Run) -> bool:
    return sum(map(len, run.old)) + sum(map(len, run.new)) <= _FINE


def _by_words(run: _Run) -> Iterator[_Run]:
    return _aligned([(token,) for token in run.old], [(token,) for token in run.new])


def _clauses(tokens: list[str]) -> list[_Clause]:
    ends = [n + 1 for n, token in enumerate(tokens) if token in _CLAUSE_ENDS]
    return [tuple(tokens[i:j]) for i, j in itertools.pairwise([0, *ends, len(tokens)]) if i < j]


def _aligned(old: list[_Clause], new: list[_Clause]) -> Iterator[_Run]:
    """The parts where two sequences agree and where not; one change where they have too many equal pairs."""
    times = Counter(new)
    codes = [("replace", 0, len(old), 0, len(new))]
    if sum(times[clause] for clause in old) <= _MOST_PAIRS:
        codes = list(difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    for kind, i, j, k, m in codes:
        yield _Run(kind == "equal", _flat(old[i:j]), _flat(new[k:m]))


def _flat(parts: Iterable[Iterable[str]]) -> list[str]:
    return list(itertools.chain.from_iterable(parts))


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """The runs, with neighbours of one kind joined, and without empty ones."""
    filled = (run for run in runs if run.old or run.new)
    groups = ((stays, list(group)) for stays, group in itertools.groupby(filled, key=lambda run: run.stays))
    return [_Run(stays, _flat(run.old for run in group), _flat(run.new for run in group)) for stays, group in groups]


def _settled(runs: list[_Run]) -> list[_Run]:
    """The runs, with what only came or only went moved to the limits of a clause, where the text stays the same.

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
    """The best place for a change of `length` tokens from `start` on, among those that leave the text the same."""
    first = last = start
    while first > 0 and tokens[first - 1] == tokens[first - 1 + length]:
        first -= 1
    while last + length < len(tokens) and tokens[last] == tokens[last + length]:
        last += 1
    best: int = max([start, *range(first, last + 1)], key=lambda at: _edge(tokens, at) + _edge(tokens, at + length))
    return best


def _edge(tokens: list[str], at: int) -> int:
    """How good it is to begin or end a change before token `at`: 2 at a line's end, 1 after a clause, else 0."""
    if at in (0, len(tokens)) or tokens[at] in _BREAKS or tokens[at - 1] in _BREAKS:
        return 2
    return int(tokens[at - 1] in _CLAUSE_ENDS)


def _without_strays(runs: list[_Run]) -> Iterator[_Run]:
    """The runs, with a character or two between two changes taken as changed; a line break never is."""
    for number, run in enumerate(runs):
        between = 0 < number < len(runs) - 1
        stray = between and sum(map(len, run.old)) < _STRAY and _BREAKS.isdisjoint(run.old)
        yield run._replace(stays=run.stays and not stray)


def _cut(text: str, *, first: bool, last: bool) -> str:
    """An equal part without its middle: `first` and `last` say whether it begins or ends the text."""
    if len(text) <= 2 * _AROUND + 2:
        return text
    return ("" if first else text[:_AROUND]) + "…" + ("" if last else text[-_AROUND:])
