"""The cells of published CSV files: what stays bare, what is guarded, and files read back.

A text that a spreadsheet would run as a formula gets an apostrophe before it; only a value that is one number or one
target stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from perfgen import values
from perfgen.display import guarded

_BETWEEN = re.compile(r"[^\S ]|\d\s+\d")
"""White space that is no part of one value: other than a blank, or between two numbers."""
_UNIT = re.compile(r"[%/\u0080-\U0010ffff]*")
"""A unit that no formula has: nothing of ASCII but `%` and `/`."""
_QUOTES_AND_BRACKETS = {"Ps", "Pe", "Pi", "Pf"}
_MOST = 10_000_000
"""How many characters a cell may have; the library's own limit is less than a long text."""


def value_cell(text: str) -> str:
    """The cell of a value to compute with: bare where it is one number or one target, guarded otherwise."""
    return text if _is_one_value(text) else guarded(text)


def _is_one_value(text: str) -> bool:
    """Whether a text is a number or a target and nothing else: a sign, one number, a unit that no formula has."""
    measure = values.parse(text)
    is_single = measure.is_number and measure.high is None and not measure.label
    has_brackets = any(unicodedata.category(sign) in _QUOTES_AND_BRACKETS for sign in text)
    is_plain = not has_brackets and not _BETWEEN.search(text.strip(" "))
    return is_single and is_plain and _UNIT.fullmatch(measure.unit) is not None


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a CSV file, its heading first."""
    before = csv.field_size_limit(_MOST)  # the limit is the process's own: whoever reads strangers' files has less
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    finally:
        csv.field_size_limit(before)
