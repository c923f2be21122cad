"""A target value taken apart for a form with a column each for sign, number and unit, and put together again."""

from __future__ import annotations

import re
from typing import NamedTuple

from perfgen.notation import AFTER, narrow
from perfgen.values.measure import Measure
from perfgen.values.parsing import parse

_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_ENDINGS = tuple(sorted(AFTER, key=len, reverse=True))


class Parts(NamedTuple):
    """What stands in the three columns; what cannot be taken apart stands whole under `number`."""

    sign: str = ""
    number: str = ""
    unit: str = ""


def taken_apart(typed: str) -> Parts:
    """The sign of a value as it reads, its number and unit as they are typed: ≥ · 90 · %.

    A grade, a sentence, a date, a range, and an amount with more around it stay whole.
    """
    text = typed.strip()
    measure = parse(text)
    if not measure.is_number or measure.high is not None or measure.label:
        return Parts(number=text)
    found = _NUMBER.search(narrow(text))
    if found is None:
        return Parts(number=text)
    number, rest = text[found.start() : found.end()], text[found.end() :].strip()
    endings = (*(ending for ending in _ENDINGS if rest.endswith(ending)), "")
    for unit in (rest.removesuffix(ending).strip() for ending in endings):
        parts = Parts(measure.sign, number, unit)
        if not re.search(r"\d", narrow(unit)) and _is_same(parse("".join(parts)), measure):
            return parts
    return Parts(number=text)


def _is_same(one: Measure, other: Measure) -> bool:
    """Whether two values say the same, however they are typed."""
    said = [(each.sign, each.number, each.high, each.scale, each.unit, each.label) for each in (one, other)]
    return said[0] == said[1]
