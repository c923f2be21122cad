"""What somebody typed, as the value that goes into the file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from perfgen.data import Data
from perfgen.display import show
from perfgen.fields import Field
from perfgen.importing.folding import cleaned, shortened
from perfgen.importing.values import read_typed
from perfgen.source.characters import with_line_feeds

YES, NO = "是", "否"
LONGEST_NAME = 200
"""How many characters the name of a group may have: what is longer is a text that went astray."""


@dataclass(frozen=True)
class Typed:
    """A value, and what its writer should know of how it was read, in Chinese sentences."""

    value: Data
    remarks: tuple[str, ...] = ()


def typed_value(text: str, field: Field, unit: str | None = None) -> Typed:
    """The value of a text typed in a field, read as the cells of a Word form are; None where nothing was typed.

    `unit` is what a figure that may be typed prints behind its number, None for any other value. A text that the field
    cannot hold stays a text, so that the check says so. Whatever is not kept as it was typed is said.
    """
    text = with_line_feeds(text).strip("\n")
    read = read_typed(text, replace(field, choices=(YES, NO)) if field.flag else field, unit)
    remarks = [message for _, message in read.remarks]
    if read.data is not None and not remarks and show(read.data) != text:
        remarks.append("一行首尾的空格没有留，制表符成了空格。")
    is_flag = field.flag and read.data in (YES, NO)
    return Typed(read.data == YES if is_flag else read.data, tuple(remarks))


def typed_name(text: str) -> Typed:
    """The name that was typed for a group, on one line."""
    kept = "".join(cleaned(with_line_feeds(text)).split("\n"))
    said = "" if kept == text.strip() else f"名称写成一行：“{shortened(kept)}”。"
    return Typed(kept or None, (said,) if said else ())
