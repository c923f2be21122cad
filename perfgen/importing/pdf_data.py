"""Reads the public data back that a PDF of perfgen's carries."""

from __future__ import annotations

import json
from collections.abc import Mapping

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.importing import values
from perfgen.importing.matching.bind import Node
from perfgen.importing.matching.names import Meaning
from perfgen.importing.notes import Notes
from perfgen.importing.paper.pdf_attachment import attachment
from perfgen.importing.paper.word_package import refuse
from perfgen.importing.paper.word_table import MAX_ROWS
from perfgen.importing.to_data import ReadBack
from perfgen.report import open_data

_MAX_DEPTH = 40
_MOST_VALUES = 400_000
_HINT = "只有 perfgen 做的公开的 PDF 带着数据；别的 PDF 请找原来的 Word 文件导入。"


def attached(content: bytes, file: str) -> dict[str, object]:
    """The data attached to a PDF, as its JSON has it.

    Raises DataError when it is locked, is no PDF, or carries none.
    """
    data = attachment(content, open_data.NAME, file)
    if not data:
        raise refuse(file, "import-kind", f"PDF 里没有附带的数据（{open_data.NAME}）。", _HINT)
    if sum(data.count(sign) for sign in b",:[{") > _MOST_VALUES:
        raise refuse(file, "import-size", f"PDF 里附带的 {open_data.NAME} 内容太多，不像一张表。", _HINT)
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        raise refuse(file, "import-broken", f"PDF 里附带的 {open_data.NAME} 坏了。", _HINT)
    return loaded


def read_back(loaded: Mapping[str, object], form: Form, notes: Notes) -> ReadBack:
    """The data of a form in a PDF's JSON, where every value is a text."""
    reader = _Reader(form, notes)
    data = reader.members(loaded, form.figures.fields, ())
    if reader.rows > MAX_ROWS:
        raise refuse(notes.file, "import-size", f"表格太长，超过 {MAX_ROWS} 行。")
    return ReadBack(data, reader.figures)


class _Reader:
    """Reads the parts of a PDF's JSON by the fields of a form; gathers the computed figures."""

    def __init__(self, form: Form, notes: Notes) -> None:
        self.form = form
        self.notes = notes
        self.figures: dict[ValuePath, Node] = {}
        self.rows = 0

    def node(self, content: object, field: Field, path: ValuePath) -> Data:
        """The data of a field; None for what is not of its kind, is empty, or lies too deep."""
        if len(path) > _MAX_DEPTH:
            return None
        if field.kind == "object" and isinstance(content, dict):
            return self.members(content, field, path) or None
        if field.kind == "array" and field.item and isinstance(content, list):
            self.rows += len(content)
            items = [self.node(item, field.item, (*path, i)) for i, item in enumerate(content)]
            return [item for item in items if item is not None] or None
        if field.kind == "value" and isinstance(content, str):
            return self.value(content, field, path)
        return None

    def members(self, content: Mapping[str, object], field: Field, path: ValuePath) -> dict[str, Data]:
        """The data of an object's members; those without any are left out."""
        data: dict[str, Data] = {}
        for name, below in content.items():
            member = field.member(name)
            value = self.node(below, member, (*path, name)) if member else None
            if value is not None:
                data[name] = value
        return data

    def value(self, text: str, field: Field, path: ValuePath) -> Data:
        """The value of a text; None for a figure without a field, which is kept apart."""
        figure = self.form.figures.at(path)
        unit = figure.unit or None if figure else None
        if figure and self.form.is_only_computed(figure, path):
            self.figures[path] = Node(text=text + (unit or ""))
            return None
        value = values.read_value(text + (unit or ""), Meaning((field,)), unit)
        for kind, message in value.remarks:
            self.notes.say(kind, message)
        return value.data
