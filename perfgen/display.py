"""How a value looks in print: the one formatter for every output.

Numbers print without trailing zeros and without thousands separators (1260, 1793.6, 7.5%); an
absent value prints as nothing; text prints as typed.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfgen.data import Data

_DIGITS = "零一二三四五六七八九"
_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@")
_BLANK_BEFORE = ("\t", "\r", "\n")


def show(value: Data | int, unit: str = "") -> str:
    """The printed form of a value, with its unit where there is a value."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = format(value, "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return ("0" if text == "-0" else text) + unit
    return str(value) + unit


def as_texts(value: Data) -> Data:
    """Data with every value as printed, and groups, lists, flags and holes as they are."""
    if isinstance(value, dict):
        return {name: as_texts(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_texts(part) for part in value]
    return value if value is None or isinstance(value, bool) else show(value)


def visible(text: str) -> str:
    """A text whose invisible characters can be seen: controls and those that turn the reading direction.

    What others typed is shown so on a terminal, to which an escape sequence would be an order.
    """
    # Not the invisible ones of source/characters: these are whatever a terminal may obey, forbidden in a text or not.
    return "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in ("Cc", "Cf") and c != "\n" else c for c in text)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Commercial rounding, as the budget's own forms do it (Python's default is half-even)."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese numerals, for the numbering of official documents.

    >>> chinese_number(12)
    '十二'

    Raises ValueError outside 1 to 99.
    """
    if not 1 <= number <= 99:
        raise ValueError(f"no Chinese numeral for {number}")
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a file that a spreadsheet opens as it is (RFC 4180); cells are as given, so guard what others typed.

    It is UTF-8 with CRLF line ends, and has a byte order mark: spreadsheets otherwise take it for another encoding.
    """
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return (_BOM + buffer.getvalue()).encode()


def guarded(text: str) -> str:
    """A text that no spreadsheet runs as a formula: with an apostrophe before it (OWASP, CSV injection)."""
    # some programs take full-width signs for the signs, and pass over blanks
    begin = unicodedata.normalize("NFKC", _without_blanks_before(text)[:1])
    return f"'{text}" if begin in _FORMULA or text.startswith(_BLANK_BEFORE) else text


def _without_blanks_before(text: str) -> str:
    """A text from its first character that is seen: white space, controls and invisible marks left out."""
    begin = next((at for at, sign in enumerate(text) if not _is_blank(sign)), len(text))
    return text[begin:]


def _is_blank(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")
