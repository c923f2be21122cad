"""Reads the public data back that a PDF of perfgen's carries."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.form.figures import names_of
from perfgen.form.forms import Form
from perfgen.importing import values
from perfgen.importing.matching.bind import Node
from perfgen.importing.matching.names import Meaning
from perfgen.importing.notes import Notes
from perfgen.importing.paper.word_package import MAX_FILE, refuse
from perfgen.importing.to_data import ReadBack
from perfgen.report import open_data

_MAX_DEPTH = 40
_HINT = "只有 perfgen 做的公开的 PDF 带着数据；别的 PDF 请找原来的 Word 文件导入。"


def attached(content: bytes, file: str) -> dict[str, object]:
    """The data attached to a PDF, as its JSON has it.

    Raises DataError when it is locked, is no PDF, or carries none.
    """
    data = _attachment(content, file)
    if not data or len(data) > MAX_FILE:
        raise refuse(file, "import-kind", f"PDF 里没有附带的数据（{open_data.NAME}）。", _HINT)
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        raise refuse(file, "import-broken", f"PDF 里附带的 {open_data.NAME} 坏了。", _HINT)
    return loaded


def _attachment(content: bytes, file: str) -> bytes:
    """The bytes of the data file attached to a PDF; empty where there is none."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            attachment = pdf.attachments.get(open_data.NAME)
            # the filter is bounded by what a form can be, whatever the stream claims
            return attachment.get_file().read_bytes() if attachment is not None else b""
    except pikepdf.PasswordError:
        raise refuse(file, "import-locked", "PDF 有密码。", "去掉密码再导入。") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise refuse(file, "import-broken", "PDF 坏了，读不出来。") from None


def read_back(loaded: Mapping[str, object], form: Form, notes: Notes) -> ReadBack:
    """The data of a form in a PDF's JSON, where every value is a text."""
    reader = _Reader(form, notes)
    data = reader.members(loaded, form.figures.fields, ())
    return ReadBack(data, reader.figures)


class _Reader:
    """Reads the parts of a PDF's JSON by the fields of a form; gathers the computed figures."""

    def __init__(self, form: Form, notes: Notes) -> None:
        self.form = form
        self.notes = notes
        self.figures: dict[ValuePath, Node] = {}

    def node(self, content: object, field: Field, path: ValuePath) -> Data:
        """The data of a field; None for what is not of its kind, is empty, or lies too deep."""
        if len(path) > _MAX_DEPTH:
            return None
        if field.kind == "object" and isinstance(content, dict):
            return self.members(content, field, path) or None
        if field.kind == "array" and field.item and isinstance(content, list):
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
        units = self.form.figures.units
        unit = units.get(names_of(path))
        if names_of(path) in units and self.form.fields.at(path) is None:
            self.figures[path] = Node(text=text + (unit or ""))
            return None
        value = values.read_value(text + (unit or ""), Meaning((field,)), unit)
        for kind, message in value.remarks:
            self.notes.say(kind, message)
        return value.data
