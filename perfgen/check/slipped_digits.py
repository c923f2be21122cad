"""Numbers with a letter in place of a digit, or with blanks between the digits: 4O个, 1 145.2."""

from __future__ import annotations

import re
import unicodedata

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.values import parse

_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_LIKE_A_DIGIT = re.compile("[OoIl|]")
_BLANK_INSIDE = re.compile(r"(?<=\d) +(?=\d{3}(?!\d))|(?<=\d) *(?<=[\d ])(?=\.)|(?<=\d\.) +(?=\d)")
_LETTER = re.compile(
    r"(?<![A-Za-z0-9.])(?=[Oo\dIl.|]*\d)[\dIl|]*[OoIl|\d.]*(?:[Oo]|[Il|](?=[\d.]))[\d.OoIl|]*(?![A-Za-z])"
)


def joined(text: str) -> str:
    """A text of one number, without blanks between groups of digits and with digits for letters; else as it is."""
    if not re.fullmatch(r"[\dOoIl|., ]*\d[\dOoIl|., ]*", text):
        return text
    return _BLANK_INSIDE.sub("", text.translate(_DIGITS))


def said(text: str) -> str:
    """What of the typing makes a number a text, as the beginning of an advice; empty where no letter or blank does."""
    text = unicodedata.normalize("NFKC", text).strip()
    if letter := _LIKE_A_DIGIT.search(text if joined(text) != text else ""):
        return f"“{letter[0]}”是字母，不是数字。"
    return "数里有空格。" if re.search(r"[\d.] +[\d.]", text) else ""


def letter_in(text: str) -> tuple[str, str] | None:
    """The letter that stands for a digit in a value, and the value with the digit; None for another text.

    H2O, 5G and 5l are no numbers with a letter in them: what is left must be an amount.
    """
    found = _LETTER.search(text) if _LIKE_A_DIGIT.search(text) else None
    if found is None or not (letter := _LIKE_A_DIGIT.search(found[0])):
        return None
    meant = text[: found.start()] + found[0].translate(_DIGITS) + text[found.end() :]
    return (letter[0], meant) if parse(meant).is_number or parse(meant).is_date else None


def in_values(filing: Filing) -> dict[ValuePath, tuple[str, str]]:
    """By path, the letter that stands for a digit in a printed text, and the text with the digit."""
    return {path: letter for path, text in filing.printed_texts.items() if (letter := letter_in(text))}
