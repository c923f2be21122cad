"""A cell's text as the value that a field may hold; whatever is put right is told."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from perfgen.display import show
from perfgen.importing.folding import cleaned, folded, is_dash, narrow, shortened, squeezed
from perfgen.importing.matching.names import Meaning
from perfgen.importing.notes import CHANGED, UNSURE

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MAX_DIGITS = 30


@dataclass
class Value:
    """What was read, and what is to be said about it."""

    data: str | Decimal | None
    said: list[tuple[str, str]] = field(default_factory=list)

    def say(self, kind: str, message: str) -> Value:
        """This value with one thing more to say."""
        self.said.append((kind, message))
        return self


def read_value(text: str, meaning: Meaning, unit: str | None = None, said_units: str = "") -> Value:
    """The value of a text in a field; None where there is nothing.

    `unit` is what a computed figure prints after its number, None for what is not computed;
    `said_units` is text of the form that says in
    what its amounts are. What cannot be read as the field wants it
    is kept as text, so that the check says where.
    """
    if meaning.choices:
        return _choice(text, meaning)
    if meaning.is_number or unit is not None:
        return _number(text, unit or "", f"{meaning.field.title} {said_units}")
    kept = cleaned(text)
    if not squeezed(kept):
        return Value(None)
    value = Value(kept)
    if squeezed(kept) != squeezed(text) or ("\u00a0" in text.strip() and kept != text.strip()):
        value.say(
            CHANGED, f"“{shortened(text)}”里的特殊空格、看不见的字符或 Word 的痕迹已改好，成为“{shortened(kept)}”。"
        )
    if "\n" in kept and len(kept) <= 30:
        value.say(UNSURE, f"“{shortened(kept)}”里有换行，照原样留着；只是为了好看的换行，请去掉。")
    if meaning.field.numeric and _NUMBER.fullmatch(kept) and show(Decimal(kept.replace(",", ""))) == kept:
        value.data = Decimal(kept)
    return value


def _number(text: str, unit: str, said_units: str) -> Value:
    plain = re.sub(r"\s+", "", narrow(cleaned(text)))
    if is_dash(text):
        value = Value(None)
        return value.say(CHANGED, f"“{text.strip()}”当作没有填。") if text.strip() else value
    bare = plain.removesuffix(unit) if unit else plain
    found = _NUMBER.match(bare)
    number = _decimal(found[0]) if found else None
    if number is None:
        return Value(cleaned(text)).say(UNSURE, f"“{shortened(text)}”不是一个数，照原样留着。")
    assert found is not None
    rest = bare[found.end() :]
    value = Value(number)
    # a whole word: 元 is not what a form in 万元 says
    if rest and re.search(rf"(?<!\w){re.escape(rest)}(?!\w)", said_units):
        return value.say(CHANGED, f"“{shortened(text)}”改成 {show(number)}，“{rest}”不用写。")
    if rest:
        return Value(cleaned(text)).say(UNSURE, f"“{shortened(text)}”里除了数还有“{shortened(rest)}”，照原样留着。")
    printed = show(number, unit)
    if squeezed(text) != printed:
        value.say(CHANGED, f"“{shortened(text)}”改成 {printed}。")
    return value


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "")) if len(text) <= _MAX_DIGITS else None
    except InvalidOperation:
        return None


def _choice(text: str, meaning: Meaning) -> Value:
    given = cleaned(text).replace("\n", "")
    if is_dash(given) and given not in meaning.choices:
        value = Value(None)
        return value.say(UNSURE, f"“{given}”当作没有填。") if given else value
    near = given if given in meaning.choices else nearest_choice(given, meaning.choices)
    if near is None:
        return Value(given).say(UNSURE, f"“{shortened(given)}”不在表里能选的几种里，照原样留着。")
    return Value(near).say(CHANGED, f"“{shortened(text)}”改成“{near}”。") if text.strip() != near else Value(near)


def nearest_choice(text: str, choices: tuple[str, ...]) -> str | None:
    """The choice that a text is a spelling of, None when it is too far from all."""
    by_fold = {folded(choice): choice for choice in choices}
    given = folded(text)[:200]
    if given in by_fold:
        return by_fold[given]
    near = difflib.get_close_matches(given, by_fold, n=2, cutoff=0.6)
    return by_fold[near[0]] if near else None
