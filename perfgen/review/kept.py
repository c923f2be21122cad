"""Says what a returned form has otherwise and the data file keeps: both values, and where the file has its own."""

from __future__ import annotations

from collections.abc import Iterable

from perfgen.check.path_labels import path_labels
from perfgen.data import Data, ValuePath, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Finding, Level, Place
from perfgen.review.merge_sides import Kept, Merged, Why
from perfgen.source.reader import Document

RULE = "import-kept"
_NAMED = 6
"""How many values without a place on the form are named."""
_LONG = 30


def kept_findings(merged: Merged, read: Data, old: Document, new: Document | None, fields: Field) -> list[Finding]:
    """A finding for each place, one for all that the form has no place for; `new` is the file once it is written."""
    teller = _Teller(read, old, new, fields)
    single = [teller.finding(kept) for kept in merged.kept if kept.why is not Why.NO_CELL]
    return [*single, *teller.without_cell(kept for kept in merged.kept if kept.why is Why.NO_CELL)]


class _Teller:
    """Makes the findings of one form and file."""

    def __init__(self, read: Data, old: Document, new: Document | None, fields: Field) -> None:
        self.read, self.old, self.new, self.fields = read, old, new, fields

    def finding(self, kept: Kept) -> Finding:
        """What one place keeps."""
        stands, read = value_at(self.old.data, kept.spot.old), value_at(self.read, kept.spot.new)
        label = self.label(kept)
        if kept.why is Why.NOT_ADDED:
            message = f"表上的“{label}”没有写进文件：它的名称待核，可能就是文件里没有对上的那一项。"
        elif kept.why is Why.ROWS_OPEN:
            message = f"“{label}”表上没有找到，文件里的没有删：附近有待核的，可能就是它。"
        elif kept.why is Why.COMPUTED:
            message = (
                f"“{label}”表上是{_quoted(read, kept.field)}，和照文件算出来的不一样；它由程序计算，没有写进文件。"
            )
        elif read is None:
            message = f"“{label}”没有清空：文件里是{_quoted(stands, kept.field)}，表上这里待核。"
        else:
            message = (
                f"“{label}”没有改：文件里是{_quoted(stands, kept.field)}，表上读到{_quoted(read, kept.field)}，待核。"
            )
        return Finding(self.place(kept), RULE, message, "对照原来的表，要改的在文件里改。", Level.WARNING)

    def without_cell(self, all_kept: Iterable[Kept]) -> list[Finding]:
        """One finding for all values that the form has no place for."""
        kept = list(all_kept)
        if not kept:
            return []
        named = "、".join(f"“{self.label(one)}”" for one in kept[:_NAMED])
        count = f"等 {len(kept)} 处" if len(kept) > _NAMED else ""
        message = f"表上没有印{named}{count}，文件里的没有动。"
        return [Finding(self.place(kept[0]), RULE, message, "不要了的，在文件里删。", Level.NOTE)]

    def label(self, kept: Kept) -> str:
        """A place by the last names that lead to it."""
        spot = kept.spot
        data, path = (self.read, spot.new) if kept.why is Why.NOT_ADDED else (self.old.data, spot.old)
        names = [_shortened(name) for name in path_labels(data, self.fields, path) if name]
        return " › ".join(names[-2:])

    def place(self, kept: Kept) -> Place:
        """Where the file has it."""
        path: ValuePath = kept.spot.path
        return self.new.place(path) if self.new else self.old.place(kept.spot.old or path)


def _quoted(value: Data, field: Field) -> str:
    """A value in quotes; a row by its name."""
    if isinstance(value, dict):
        value = value.get(field.identity) if field.identity else next(iter(value.values()), None)
    return "一组内容" if isinstance(value, dict | list) else f"“{_shortened(show(value))}”"


def _shortened(text: str) -> str:
    text = text.replace("\n", " ")
    return text if len(text) <= _LONG else text[:_LONG] + "…"
