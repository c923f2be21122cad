"""A PDF that perfgen made carries its public data: that part of a file comes back from it."""

from __future__ import annotations

import io
import json
from typing import Any

from perfgen.data import ValuePath
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


def attached(content: bytes, file: str) -> dict[str, Any]:
    """The data attached to a PDF, as its JSON has it.

    Raises DataError when it is locked, is no PDF, or carries none.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            found = pdf.attachments.get(open_data.NAME)
            # the filter is bounded by what a form can be, whatever the stream claims
            data = found.get_file().read_bytes() if found is not None else b""
    except pikepdf.PasswordError:
        raise refuse(file, "import-locked", "PDF 有密码。", "去掉密码再导入。") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise refuse(file, "import-broken", "PDF 坏了，读不出来。") from None
    hint = "只有 perfgen 做的公开的 PDF 带着数据；别的 PDF 请找原来的 Word 文件导入。"
    if not data or len(data) > MAX_FILE:
        raise refuse(file, "import-kind", f"PDF 里没有附带的数据（{open_data.NAME}）。", hint)
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        raise refuse(file, "import-broken", f"PDF 里附带的 {open_data.NAME} 坏了。", hint)
    return loaded


def read_back(loaded: dict[str, Any], form: Form, notes: Notes) -> ReadBack:
    """The data of a form in a PDF's JSON, where every value is a text."""
    made = ReadBack({})

    def node(value: Any, field: Field, path: ValuePath) -> Any:
        if len(path) > _MAX_DEPTH:
            return None
        if field.kind == "object" and isinstance(value, dict):
            found = {n: node(v, m, (*path, n)) for n, v in value.items() if (m := field.member(n))}
            return {name: one for name, one in found.items() if one is not None} or None
        if field.kind == "array" and field.item and isinstance(value, list):
            items = [node(item, field.item, (*path, i)) for i, item in enumerate(value)]
            return [item for item in items if item is not None] or None
        if field.kind != "value" or not isinstance(value, str):
            return None
        unit = form.figures.units.get(names_of(path))
        if names_of(path) in form.figures.units and form.fields.at(path) is None:
            made.figures[path] = Node(text=value + (unit or ""))
            return None
        read = values.read_value(value + (unit or ""), Meaning((field,)), unit)
        for kind, message in read.said:
            notes.say(kind, message)
        return read.data

    made.data = node(loaded, form.figures.fields, ()) or {}
    return made
