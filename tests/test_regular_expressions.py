"""The regular expressions are those that every supported Python matches alike."""

from __future__ import annotations

import re

import pytest

from tests.conftest import REPOSITORY

BROKEN = re.compile(r"\)(?:\*|\+|\?|\{\d*,?\d*\})\+|\(\?>")
"""A group that gives nothing back. Python before 3.11.5 (Debian 12 has 3.11.2) matches one with choices in it wrongly,
see https://github.com/python/cpython/issues/106052; a possessive class of characters, such as `[a-z]*+`, is right."""
RAW = re.compile(r"""\brf?["']|\bfr["']""")
"""The beginning of a text in which a backslash is one: how expressions are written here."""
MODULES = [
    path.relative_to(REPOSITORY).as_posix()
    for folder in ("perfgen", "scripts")
    for path in (REPOSITORY / folder).rglob("*.py")
]


@pytest.mark.parametrize("name", MODULES)
def test_no_group_is_possessive(name):
    lines = (REPOSITORY / name).read_text("utf-8").splitlines()
    assert [line for line in lines if RAW.search(line) and BROKEN.search(line)] == []


@pytest.mark.parametrize("expression", [r"(?:a|b)*+", r"(?>a)", r"(a){1,2}+", r"(?:a)++"])
def test_such_a_group_is_seen(expression):
    assert BROKEN.search(f'X = re.compile(r"{expression}")')
