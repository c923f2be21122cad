"""What somebody typed, as the value that goes into the file."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.data import Data
from perfgen.fields import Field
from perfgen.importing.values import read_typed

YES, NO = "是", "否"


@dataclass(frozen=True)
class Typed:
    """A value, and what its writer should know of how it was read, in Chinese sentences."""

    value: Data
    remarks: tuple[str, ...] = ()


def typed_value(text: str, field: Field, unit: str | None = None) -> Typed:
    """The value of a text typed in a field, read as the cells of a Word form are; None where nothing was typed.

    `unit` is what a figure that may be typed prints behind its number, None for any other value. A text that the field
    cannot hold stays a text, so that the check says so.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if field.flag and text in (YES, NO):
        return Typed(text == YES)
    read = read_typed(text, field, unit)
    return Typed(read.data, tuple(message for _, message in read.remarks))
