"""A large amount in the unit that a reader would say it in: 14123.4 of 万元 is 1.41 亿元."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from perfgen.display import show

_STEPS = (("万亿", Decimal(10) ** 12), ("亿", Decimal(10) ** 8), ("万", Decimal(10) ** 4))
"""The words that large numbers are counted in, one for every fourth power of ten."""
_SCALES = {**dict(_STEPS), "千": Decimal(1000), "百万": Decimal(10) ** 6, "千万": Decimal(10) ** 7}
_UNIT = re.compile(rf"(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})?(?P<name>[^\W\d_]+)")
_THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)


def in_reader_unit(number: Decimal, unit: str) -> str:
    """An amount to three significant digits, half up, with the unit of the next step of ten thousand or a higher one.

    Empty where the unit is good as it is: below 10000 of it, and for a unit that is no plain word (%, 元/平方米).
    """
    found = _UNIT.fullmatch(unit)
    if found is None or not number.is_finite() or abs(number) < Decimal(10) ** 4:
        return ""
    own = _SCALES.get(found["scale"] or "", Decimal(1))
    amount = _THREE_DIGITS.create_decimal(number * own)
    word, scale = next(((word, scale) for word, scale in _STEPS if abs(amount) >= scale), ("", own))
    return f"{show(amount / scale)} {word}{found['name']}" if scale > own else ""
