"""A regular expression as a small program for a machine that never goes back: states, and the arcs between them.

Python's own machine tries one way after another, and some patterns have more ways than anybody can wait for; those
whose shape shows that they have few (`pattern_shape`) are left to it, because it is quicker. Here a pattern becomes a
nondeterministic automaton (Thompson, Communications of the ACM 11:6, 1968), whose states are all followed at once. Its
syntax is Python's, as Python's own parser reads it. A lookaround becomes an automaton of its own, a repetition `{2,5}`
as many copies. What no automaton can do is refused: back references, atomic groups.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from perfgen.form.pattern_shape import is_quick

MOST_STATES = 2_000
"""How many states a program may have; with repetitions written out, the longest known has 130."""
LONGEST = 2_000
"""How many characters a pattern may have."""
_MOST_WORK = 20_000
"""How many parts may be built, for those that make no state."""
_DEEPEST = 40

_PARSER: Any = importlib.import_module("re._parser")
"""Python's parser; that it reads as the rest of Python does, tests/test_patterns.py holds it to."""

CharTest: TypeAlias = Callable[[str], bool]
Where = Literal["begin", "begin line", "end", "end line", "end text", "word border", "no word border"]


class PatternError(Exception):
    """A pattern that cannot be used; the message says why, in Chinese, without a full stop."""


@dataclass(frozen=True)
class Look:
    """A condition: that a program leads to a place of the text, or that it does not."""

    program: Program
    negative: bool


Condition: TypeAlias = "Where | Look"


@dataclass
class Program:
    """The states of an automaton. A state is a number; each has at most one entry in the tables below."""

    backwards: bool = False
    """Whether it reads a text from its end, as that of a lookahead does."""
    start: int = 0
    arcs: dict[int, tuple[CharTest, int]] = field(default_factory=dict)
    """By state, the characters that lead on, and where to."""
    free: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """By state, the states that it leads to without a character."""
    held: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By state, the number of a condition, and the state that it leads to where that holds."""
    states: int = 1
    """How many there are; the first, 0, is the end of the pattern."""


@dataclass
class Automaton:
    """A pattern, ready to be run."""

    main: Program
    conditions: list[Condition]
    """Those that states are held to, by number; a program of one uses only those before it."""
    weight: int
    """How many steps each character of a text costs."""
    quick: re.Pattern[str] | None = None
    """The same for Python's own machine, where that is quick with it."""


def parse(pattern: str) -> Automaton:
    """The automaton of a pattern. Raises PatternError for one that cannot be used."""
    if len(pattern) > LONGEST:
        raise PatternError(f"太长，最多 {LONGEST} 个字")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            compiled = re.compile(pattern)
            parsed = _PARSER.parse(pattern)
    except re.error as error:
        where = "" if error.pos is None else f"，从第 {error.pos + 1} 个字开始"
        raise PatternError(f"写法不对{where}") from None
    except (OverflowError, RecursionError):
        raise PatternError("重复的次数太多，或者括号套得太深") from None
    builder = _Builder()
    main = builder.program(parsed, compiled.flags, backwards=False)
    quick = compiled if is_quick(parsed, compiled.flags) else None
    return Automaton(main, builder.conditions, 1 + builder.states // 4, quick)


class _Builder:
    """Makes the programs of one pattern, from the end of each to its start."""

    def __init__(self) -> None:
        self.conditions: list[Condition] = []
        self.states = 0
        self.work = 0
        self.depth = 0

    def program(self, parts: Iterable[Any], flags: int, *, backwards: bool) -> Program:
        """The program of some parts that Python's parser has found, one after the other."""
        made = Program(backwards)
        made.start = self.row(made, parts, 0, flags)
        return made

    def row(self, made: Program, parts: Iterable[Any], after: int, flags: int) -> int:
        """Adds parts that stand one after the other; gives the state before the first."""
        self.work += 1
        self.depth += 1
        if self.work > _MOST_WORK or self.depth > _DEEPEST:
            raise PatternError("太复杂：重复套着重复，或者括号套得太深")
        for operator, argument in parts if made.backwards else reversed(list(parts)):
            after = self.part(made, str(operator), argument, after, flags)
        self.depth -= 1
        return after

    def state(self, made: Program) -> int:
        """A new state."""
        self.states += 1
        if self.states > MOST_STATES:
            raise PatternError("太复杂：写开来太长，减少重复的次数")
        made.states += 1
        return made.states - 1

    def part(self, made: Program, operator: str, argument: Any, after: int, flags: int) -> int:
        """Adds one part; gives the state before it."""
        if operator in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            state = self.state(made)
            made.arcs[state] = (_char_test(operator, argument, flags), after)
            return state
        if operator == "SUBPATTERN":
            _, added, removed, parts = argument
            return self.row(made, parts, after, (flags | added) & ~removed)
        if operator == "BRANCH":
            return self.fork(made, [self.row(made, parts, after, flags) for parts in argument[1]])
        if operator in ("MAX_REPEAT", "MIN_REPEAT"):
            return self.repeated(made, argument, after, flags)
        if operator == "AT":
            return self.condition(made, _where(str(argument), flags), after)
        if operator in ("ASSERT", "ASSERT_NOT"):
            direction, parts = argument
            look = self.program(parts, flags, backwards=direction > 0)
            return self.condition(made, Look(look, operator == "ASSERT_NOT"), after)
        if operator == "FAILURE":
            return self.fork(made, [])
        raise PatternError("里有不能用的写法：\\1 这样的反向引用、(?>…)、*+ 都不行")

    def fork(self, made: Program, states: list[int]) -> int:
        """A state that leads to others without a character."""
        state = self.state(made)
        made.free[state] = tuple(states)
        return state

    def repeated(self, made: Program, argument: Any, after: int, flags: int) -> int:
        """Adds a part as often as it may stand there."""
        least, most, parts = int(argument[0]), argument[1], argument[2]
        if least > MOST_STATES or (most is not _PARSER.MAXREPEAT and int(most) > MOST_STATES):
            raise PatternError(f"重复的次数太多，最多 {MOST_STATES} 次")
        state = after
        if most is _PARSER.MAXREPEAT:
            state = self.state(made)
            made.free[state] = (self.row(made, parts, state, flags), after)
        else:
            for _ in range(int(most) - least):
                state = self.fork(made, [self.row(made, parts, state, flags), after])
        for _ in range(least):
            state = self.row(made, parts, state, flags)
        return state

    def condition(self, made: Program, condition: Condition, after: int) -> int:
        """Adds a state that leads on where a condition holds."""
        known = not isinstance(condition, Look) and condition in self.conditions
        number = self.conditions.index(condition) if known else len(self.conditions)
        if not known:
            self.conditions.append(condition)
        state = self.state(made)
        made.held[state] = (number, after)
        return state


def _where(code: str, flags: int) -> Where:
    lines = bool(flags & re.MULTILINE)
    places: dict[str, Where] = {
        "AT_BEGINNING": "begin line" if lines else "begin", "AT_BEGINNING_STRING": "begin",
        "AT_END": "end line" if lines else "end", "AT_END_STRING": "end text",
        "AT_BOUNDARY": "word border", "AT_NON_BOUNDARY": "no word border",
    }  # fmt: skip
    if flags & re.ASCII and "BOUNDARY" in code:
        raise PatternError("里有不能用的写法：(?a) 和 \\b 不能一起用")
    return places[code]


def _char_test(operator: str, argument: Any, flags: int) -> CharTest:
    """Whether a character is one that a part of a pattern stands for."""
    if operator == "ANY":
        return (lambda _: True) if flags & re.DOTALL else (lambda char: char != "\n")
    items = [(operator.removeprefix("NOT_"), argument)] if operator != "IN" else [(str(o), a) for o, a in argument]
    negative = operator == "NOT_LITERAL" or items[0][0] == "NEGATE"
    listed = [_item_test(kind, value, bool(flags & re.ASCII)) for kind, value in items if kind != "NEGATE"]
    spelled: Callable[[str], Iterable[str]] = _spellings if flags & re.IGNORECASE else lambda char: (char,)

    def test(char: str) -> bool:
        return any(one(spelling) for spelling in spelled(char) for one in listed) is not negative

    return test


def _spellings(char: str) -> set[str]:
    """A letter, small and capital."""
    return {one for one in (char, char.lower(), char.upper(), char.lower().upper()) if len(one) == 1}


def _item_test(kind: str, value: Any, only_ascii: bool) -> CharTest:
    if kind == "LITERAL":
        return lambda char: ord(char) == value
    if kind == "RANGE":
        return lambda char: value[0] <= ord(char) <= value[1]
    name = str(value).removeprefix("CATEGORY_")
    test = _CATEGORIES[name.removeprefix("NOT_")]
    negative = name.startswith("NOT_")
    return lambda char: (test(char) and (char.isascii() or not only_ascii)) is not negative


def is_word(char: str) -> bool:
    """Whether a character belongs to a word, as `\\w` has it."""
    return char.isalnum() or char == "_"


_CATEGORIES: dict[str, CharTest] = {"DIGIT": str.isdecimal, "SPACE": str.isspace, "WORD": is_word}
