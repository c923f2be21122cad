"""What formulas ask of how a text is written, without patterns: blanks, line breaks, brackets, numbers at its end."""

from __future__ import annotations

import re

from perfgen.form.patterns import compile_pattern

# at an end, wide or unbreakable, between Chinese characters and their marks, or two together
_SPARE_BLANK = compile_pattern(
    r"^\s|\s$|[\u3000\xa0]|(?<=[\u3400-\u9fff，。、；：]) (?=[\u3400-\u9fff])|  "
)  # fmt: skip
_BRACKETS_AT_END = compile_pattern(r"[（(\[【].+[）)\]】]$")
_CLOSING = tuple("）)]】")
_NUMBER_AT_END = re.compile("[0-9０-９一二三四五六七八九十]+$")


def has_spare_blanks(text: str | None) -> bool:
    """Whether a text has blanks that belong to no word. Raises TooManyStepsError where a count is used up."""
    return _SPARE_BLANK.occurs(text or "")


def ends_in_brackets(text: str | None) -> bool:
    """Whether a text ends with something in brackets. Raises TooManyStepsError where a count is used up."""
    given = text or ""
    return given.rstrip("\n").endswith(_CLOSING) and _BRACKETS_AT_END.occurs(given)


def has_line_breaks(text: str | None) -> bool:
    """Whether a text has more than one line."""
    return "\n" in (text or "")


def without_number(text: str | None) -> str:
    """A text without the number at its end."""
    return _NUMBER_AT_END.sub("", text or "")
