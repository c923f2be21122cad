"""A cell's text as the value that a field may hold; every correction is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from perfgen.data import Data
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.no_amount import is_nothing
from perfgen.importing.choices import choose
from perfgen.importing.doubts import doubt_of, is_broken
from perfgen.importing.folding import cleaned, is_dash, shortened, squeezed
from perfgen.importing.matching.names import Meaning
from perfgen.importing.notes import CHANGED, UNSURE
from perfgen.notation import narrow

_NUMBER = re.compile(r"[-+]?(?:(?!0)\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
"""A number, with or without commas of thousands; `0,123` has none: its comma may be a decimal one."""
_MAX_DIGITS = 30
_SHORT = 30
"""A text this short is not prose: a line break in it is most likely there for looks."""
_SENTENCE_ENDS = tuple("。；;！!？?：:…")


@dataclass
class Value:
    """What was read, and what is to be said about it."""

    data: str | Decimal | None
    remarks: list[tuple[str, str]] = field(default_factory=list)
    """The kind and the message of each note to make."""

    def say(self, kind: str, message: str) -> Value:
        """This value with one thing more to say."""
        self.remarks.append((kind, message))
        return self


def read_value(text: str, meaning: Meaning, unit: str | None = None, said_units: str = "") -> Value:
    """The value of a text in a field; None where there is nothing.

    `unit` is what a computed figure prints after its number, None for what is not computed. `said_units` is
    the form's text that says in what unit its amounts are. A text that the field cannot hold stays a text, so
    that the check says where it is.
    """
    if meaning.choices:
        return _choice(text, meaning)
    if meaning.is_number or unit is not None:
        return _number(text, unit or "", f"{meaning.field.title} {said_units}")
    return _text(text, meaning)


def read_typed(text: str, field: Field, unit: str | None = None) -> Value:
    """The value of a text that somebody typed for a field; see `read_value`."""
    return read_value(text, Meaning((field,)), unit)


def read_again(data: Data, field: Field) -> Data:
    """What a form that prints a value reads as: the same, but for blanks and signs that no form keeps."""
    if data is None or isinstance(data, dict | list):
        return data
    return read_value(show(data), Meaning((field,))).data


def _text(text: str, meaning: Meaning) -> Value:
    """A text as it may be kept; a number, where the field may hold one and the text is spelled as it is printed."""
    kept = cleaned(text)
    if not squeezed(kept):
        return Value(None)
    value = Value(kept)
    if squeezed(kept) != squeezed(text) or ("\u00a0" in text.strip() and kept != text.strip()):
        value.say(
            CHANGED, f"“{shortened(text)}”里的特殊空格、看不见的字符或 Word 的痕迹已改好，成为“{shortened(kept)}”。"
        )
    doubt = doubt_of(kept, text, meaning.field)
    if doubt:
        value.say(UNSURE, doubt)
    elif "\n" in kept and (len(kept) <= _SHORT or not _are_sentences(kept)):
        value.say(UNSURE, f"“{shortened(kept)}”里有换行，照原样留着；只是为了好看的换行，请去掉。")
    number = _decimal(kept) if meaning.field.numeric and _NUMBER.fullmatch(kept) else None
    if number is not None and show(number) == kept:
        value.data = number
    return value


def _are_sentences(text: str) -> bool:
    """Whether each line of a text but the last ends as a sentence or a clause does, so that its breaks are meant."""
    return all(line.endswith(_SENTENCE_ENDS) for line in text.split("\n")[:-1] if line)


def _number(text: str, unit: str, said_units: str) -> Value:
    """A text as a number; a unit after it is dropped where the form says that unit."""
    if is_dash(text) or is_nothing(cleaned(text)):
        value = Value(None)
        return value.say(CHANGED, f"“{text.strip()}”当作没有填。") if text.strip() else value
    bare = narrow(cleaned(text))
    if is_broken(text):
        return Value(cleaned(text)).say(
            UNSURE, f"“{shortened(text)}”中间有空白或换行，看不出是一个数还是两个，照原样留着。"
        )
    bare = bare.removesuffix(unit).rstrip(" ")
    match = _NUMBER.match(bare)
    number = _decimal(match[0]) if match else None
    if match is None or number is None:
        return Value(cleaned(text)).say(UNSURE, f"“{shortened(text)}”不是一个数，照原样留着。")
    rest = bare[match.end() :].replace(" ", "")
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
    """A text as one of the choices of a field."""
    given = cleaned(text)
    joined = given.replace("\n", "")
    if is_dash(joined) and joined not in meaning.choices:
        value = Value(None)
        return value.say(UNSURE, f"“{joined}”当作没有填。") if joined else value
    chosen = choose(given, meaning.choices)
    if chosen.choice is None:
        trouble = chosen.trouble or "不在表里能选的几种里"
        kept = given if chosen.trouble else joined
        return Value(kept).say(UNSURE, f"“{shortened(given)}”{trouble}，照原样留着。")
    value = Value(chosen.choice)
    return value.say(CHANGED, f"“{shortened(text)}”改成“{chosen.choice}”。") if text.strip() != chosen.choice else value
