"""A letter where a digit was meant in a value: 4O个 is no number, and everything else would be said of it."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check import slipped_digits
from perfgen.check.filing import Filing
from perfgen.check.schema_errors import errors_of
from perfgen.data import ValuePath
from perfgen.findings import Finding, Level

ORDER = 24
GATE = False
RULE = "digit-letter"
RULES = {RULE: "数里有字母：O 不是 0，l 不是 1。"}


def check(filing: Filing) -> Iterator[Finding]:
    """An error for each value in which a letter stands for a digit."""
    for path, (letter, text) in _found(filing).items():
        place = filing.document.place(path)
        yield Finding(place, RULE, f"数里的“{letter}”是字母，不是数字。", f"写成 {text}。", Level.ERROR, path)


def meant(filing: Filing) -> dict[ValuePath, str]:
    """By path, the values with the digits that were meant."""
    return {path: text for path, (_, text) in _found(filing).items()}


def _found(filing: Filing) -> dict[ValuePath, tuple[str, str]]:
    """The values with such a letter, without those that may be no text at all: the schema says so itself."""
    said = {error.path for error in errors_of(filing)}
    return {path: letter for path, letter in slipped_digits.in_values(filing).items() if path not in said}
