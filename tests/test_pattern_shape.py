"""Python's own machine gets a pattern only where the shape of the pattern shows that it is quick with every text."""

from __future__ import annotations

import importlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfgen.form.pattern_shape import is_quick
from perfgen.form.patterns import compile_pattern
from tests.test_patterns import _PATTERNS, MANY_WAYS, patterns_of_the_form

_PARSER = importlib.import_module("re._parser")


def quick(pattern):
    return is_quick(_PARSER.parse(pattern), re.compile(pattern).flags)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in MANY_WAYS])
def test_a_pattern_with_many_ways_is_not_left_to_python(pattern):
    assert not quick(pattern)


@pytest.mark.parametrize("pattern", [
    "a*b", "^a*a*$", "(?=.*a)b",
    "(?m)^a*b", "(?:^a|b)*", "(^a*|b)c", "^(a|b*)+$", "(a?){30}", "^(a?){30}$", "(?<=a)b+c",
    "(?i)ab", "(?i:a)b", ".{0,300}a", "^.*(a|b|ab){0,9}$", "\\d+", "^(?=a*b)a*$",
])  # fmt: skip
def test_a_pattern_that_may_have_many_ways_is_not_left_to_python(pattern):
    assert not quick(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "\\S",
        "^\\s|\\s$|  ",
        "^a+$",
        "a|^b*c",
        "ab?c",
        "(?<=a) (?=b)",
        "^[^a]{2,30}$",
        "",
    ],
)
def test_a_plain_pattern_is_left_to_python(pattern):
    assert quick(pattern)


def test_the_patterns_of_the_form_are_plain():
    patterns = list(patterns_of_the_form())
    assert len(patterns) >= 3 and all(map(quick, patterns))


@settings(max_examples=150, deadline=None)
@given(pattern=_PATTERNS, letters=st.text("ab1 \n中", min_size=1, max_size=3))
def test_what_is_left_to_python_ends_soon(pattern, letters):
    if quick(pattern):
        begin = time.process_time()
        compile_pattern(pattern).occurs(letters * 10_000 + "b")
        assert time.process_time() - begin < 2
