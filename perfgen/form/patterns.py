"""Whether a pattern occurs in a text, in a time that grows with the length of the text and no faster.

All states of a pattern's automaton are followed at once, character by character; where the same states met the same
character before, what came of it is remembered. A pattern whose shape shows that Python's own machine is as quick with
it (`pattern_shape`) is left to that one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from perfgen.form import steps
from perfgen.form.pattern_program import Automaton, Condition, Look, PatternError, Program, Where, is_word, parse

__all__ = ["Pattern", "PatternError", "compile_pattern"]

_States = frozenset[int]
_END = 0
"""The state at the end of a pattern."""
_MOST_REMEMBERED = 100_000
"""How many states are remembered, counted in all sets."""


@functools.lru_cache(maxsize=1_000)
def compile_pattern(pattern: str) -> Pattern:
    """A regular expression in Python's syntax, ready to be used. Raises PatternError for one that cannot be used."""
    return Pattern(parse(pattern))


class Pattern:
    """A compiled regular expression."""

    def __init__(self, automaton: Automaton) -> None:
        self._conditions = automaton.conditions
        self._weight = automaton.weight
        self._quick = automaton.quick
        self._main = _Machine(automaton.main)
        self._looks = {
            number: _Machine(one.program) for number, one in enumerate(automaton.conditions) if isinstance(one, Look)
        }

    def occurs(self, text: str) -> bool:
        """Whether the pattern matches anywhere in a text. Raises TooManyStepsError where a count is used up."""
        steps.spend(self._weight * (len(text) + 1))
        if self._quick is not None:
            return self._quick.search(text) is not None
        return any(self._main.run(text, self._facts(text)))

    def _facts(self, text: str) -> list[int]:
        """For each place in a text, the conditions that hold there, a bit for each."""
        facts = [0] * (len(text) + 1)
        for number, condition in enumerate(self._conditions):
            for place, holds in enumerate(self._holds(number, condition, text, facts)):
                facts[place] |= holds << number
        return facts

    def _holds(self, number: int, condition: Condition, text: str, facts: list[int]) -> list[bool]:
        if not isinstance(condition, Look):
            return [_is_at(condition, text, place) for place in range(len(text) + 1)]
        found = list(self._looks[number].run(text, facts))
        return [
            reached is not condition.negative for reached in (found[::-1] if condition.program.backwards else found)
        ]


def _is_at(where: Where, text: str, place: int) -> bool:
    """Whether a place in a text is such a one, as Python has it."""
    if where == "begin":
        return place == 0
    if where == "begin line":
        return place == 0 or text[place - 1] == "\n"
    if where == "end":
        return place == len(text) or (place == len(text) - 1 and text[place] == "\n")
    if where == "end line":
        return place == len(text) or text[place] == "\n"
    if where == "end text":
        return place == len(text)
    before, behind = place > 0 and is_word(text[place - 1]), place < len(text) and is_word(text[place])
    return (before is not behind) is (where == "word border")


class _Machine:
    """Runs one program over texts."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[_States, int, str], tuple[_States, bool]] = {}
        self._remembered = 0

    def run(self, text: str, facts: list[int]) -> Iterator[bool]:
        """For each place of a text, in reading order, whether a match that begins anywhere before it ends there."""
        backwards = self._program.backwards
        states: _States = frozenset()
        for char, holds in zip(text[::-1] if backwards else text, facts[::-1] if backwards else facts, strict=False):
            known = self._known.get((states, holds, char))
            if known is None:
                known = self._find(states, holds, char)
            states, ended = known
            yield ended
        yield _END in self._closure(states, facts[0 if backwards else -1])

    def _find(self, states: _States, holds: int, char: str) -> tuple[_States, bool]:
        """The states behind a character, and whether one before it was the end; remembered."""
        reached = self._closure(states, holds)
        arcs = [self._program.arcs[state] for state in reached if state in self._program.arcs]
        found = frozenset(after for test, after in arcs if test(char)), _END in reached
        self._remembered += 8 + len(states) + len(found[0])
        if self._remembered > _MOST_REMEMBERED:
            self._known.clear()
            self._remembered = 0
        self._known[(states, holds, char)] = found
        return found

    def _closure(self, states: _States, holds: int) -> set[int]:
        """All states that are reached without a character, from these and from the start."""
        waiting = [*states, self._program.start]
        reached = set(waiting)
        while waiting:
            state = waiting.pop()
            number, after = self._program.held.get(state, (0, state))
            further = self._program.free.get(state, (after,) if holds >> number & 1 else ())
            new = [one for one in further if one not in reached]
            reached.update(new)
            waiting += new
        return reached
