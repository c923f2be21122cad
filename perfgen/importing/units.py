"""The unit that a form says its amounts are in, beside the one that the template says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from perfgen.data import Data
from perfgen.fields import Field
from perfgen.importing.folding import folded
from perfgen.importing.notes import UNSURE, Notes
from perfgen.importing.paper.word_table import FormCell
from perfgen.notation import SCALES

_SAID = re.compile(r"[(:\[]([^():\[\],;]{1,6})(?=[)\]:,;]|\Z)")
"""What stands in brackets or behind a colon, in folded text."""


def tell_of_unit(data: Data, field: Field, cell: FormCell, notes: Notes) -> None:
    """Makes an amount doubtful where the form says that it counts in another unit; nothing is converted."""
    other = other_unit(notes.heard, field.unit) if isinstance(data, Decimal) and data and field.unit else None
    if other:
        hint = "照这份表写的单位核对，自己换算。"
        notes.say(UNSURE, f"这份表的金额写着“{other}”，表上是“{field.unit}”：数照抄了，没有换算。", hint=hint)
        notes.doubt(f"写的是{other}还是{field.unit}，没有换算", cell)


def other_unit(texts: Iterable[str], unit: str) -> str | None:
    """A unit that some texts say and that measures the same as `unit` but is another, as 元 beside 万元; None if none.

    A text that says both says nothing.
    """
    for text in texts:
        said = _SAID.findall(folded(text))
        others = [each for each in said if each != unit and _base(each) == _base(unit)]
        if others and unit not in said:
            return str(others[0])
    return None


def _base(unit: str) -> str:
    """A unit without the word of a scale before it."""
    scale = max((scale for scale in SCALES if unit.startswith(scale) and unit != scale), key=len, default="")
    return unit.removeprefix(scale)
