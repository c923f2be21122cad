"""The other ways to print a value: `{{ value|filter }}` in Word templates and in pages.

    中文数字         a whole number from 1 to 99 in words
    选框            every choice of the field with a box before it, the chosen one ticked
    选框('choice')   the box of one choice alone
    符号 数值 单位    a target value taken apart, for a form with a column for each

In pages alone, beside the value itself:

    in_reader_unit('万元')    a large amount in a larger unit, rounded: 1.41 亿元; nothing where there is no need

What is withheld prints nothing. What is printed otherwise keeps its path, and says how it is `shown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from perfgen import values
from perfgen.display import chinese_number
from perfgen.table.view import Text

BOX, TICKED = "□", "☑"
BETWEEN_BOXES = "\u3000"
BOXES = "选框"
SIGN, NUMBER, UNIT = PARTS = ("符号", "数值", "单位")
WITH_ARGUMENT = frozenset({BOXES})
"""The filters of Word templates that may be told something."""
READER_UNIT = "in_reader_unit"


class FilterError(ValueError):
    """A value that a filter cannot print; the message is Chinese."""


def shown(name: str, argument: str = "") -> str:
    """How a filter with what it is told is written in one text."""
    return f"{name}|{argument}" if argument else name


def shown_as(text: Text, how: str) -> Text:
    """A value as it is shown in a way that `shown` wrote. Raises FilterError where it cannot be."""
    name, _, argument = how.partition("|")
    filters = {**FILTERS, **PAGE_FILTERS}
    made = filters[name](text, *filter(None, [argument])) if name in filters else text
    return made if isinstance(made, Text) else text


def is_rough(how: str) -> bool:
    """Whether a way to show a value leaves something of it out, so that it must be printed in another way too."""
    return how.partition("|")[0] in PAGE_FILTERS


def lacking(ways: Iterable[str], choices: tuple[str, ...]) -> tuple[str, ...]:
    """How a value must be shown beside some ways, so that all of it is printed; nothing where it is whole.

    A way that is empty prints the value as it is.
    """
    said = set(ways)
    if not said or said & {"", BOXES, "中文数字"}:
        return ()
    wanted = PARTS if said & set(PARTS) else [shown(BOXES, choice) for choice in choices]
    return tuple(way for way in wanted if way not in said)


def _in_words(value: object) -> str:
    try:
        return chinese_number(int(str(value)))
    except ValueError:
        raise FilterError(f"“{value}”不能用“| 中文数字”。") from None


def _boxes(value: object, choice: str = "") -> Text:
    if not isinstance(value, Text) or not value.choices:
        raise FilterError(f"“{value}”不能用“| {BOXES}”：只用于 schema 里列出几种（enum）的一项。")
    if choice and choice not in value.choices:
        raise FilterError(not_a_choice(choice, value.choices))
    if choice:
        return _printed(value, _box(value, choice), shown(BOXES, choice))
    return _printed(value, BETWEEN_BOXES.join(_box(value, each) + each for each in value.choices), BOXES)


def not_a_choice(choice: str, choices: Iterable[str]) -> str:
    """What is wrong with a box for something that is no choice."""
    return f"“{BOXES}('{choice}')”：没有这一种，有的是 {'、'.join(choices)}。"


def _box(value: Text, choice: str) -> str:
    return TICKED if str(value) == choice else BOX


def _part(name: str) -> Callable[..., Text]:
    """The filter that prints one part of a target value."""
    at = PARTS.index(name)

    def part(value: object) -> Text:
        if not isinstance(value, Text) or not value.measure:
            raise FilterError(f"“{value}”不能用“| {name}”：只用于 schema 里标明 x-measure 的一项。")
        return _printed(value, values.taken_apart(str(value))[at], name)

    return part


def _in_reader_unit(value: object, unit: str = "") -> str:
    try:
        text = values.in_reader_unit(Decimal(str(value)), unit)
    except InvalidOperation:
        return ""
    return _printed(value, text, shown(READER_UNIT, unit)) if isinstance(value, Text) else text


def _printed(value: Text, text: str, how: str) -> Text:
    made = Text("" if value.withheld else text, value.path, withheld=value.withheld)
    made.shown = how
    return made


FILTERS: Mapping[str, Callable[..., str]] = {
    "中文数字": _in_words,
    BOXES: _boxes,
    **{name: _part(name) for name in PARTS},
}
PAGE_FILTERS: Mapping[str, Callable[..., str]] = {READER_UNIT: _in_reader_unit}
