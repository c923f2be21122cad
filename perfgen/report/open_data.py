"""Makes the public data of a report as JSON, for machines: what was typed and what was computed.

Numbers are strings, exactly as printed: a reader that takes them for floats would change them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from perfgen.data import Data, ValuePath, put
from perfgen.display import show
from perfgen.fields import Field
from perfgen.report.report import Report
from perfgen.table.view import printed_values

NAME, SCHEMA_NAME = "data.json", "data.schema.json"

TextData: TypeAlias = "dict[str, TextData] | list[TextData] | str"
"""JSON data whose values are texts, as public data is."""


def dump_open_data(report: Report) -> bytes:
    """A report's data with its figures, as UTF-8 JSON in the order of the form."""
    content = _plain(report.data)
    for path, value in report.figures.items():
        if value is not None:
            put(content, path, show(value))
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(data: Data) -> Data:
    """Data with every value as text; members without a value are left out."""
    if isinstance(data, dict):
        return {name: _plain(value) for name, value in data.items() if value is not None}
    if isinstance(data, list):
        return [_plain(item) for item in data]
    return show(data)


def schema(report: Report) -> dict[str, Data]:
    """The JSON Schema (2020-12) of a form's public data."""
    fields = report.form.figures.fields
    corrections = fields.find_role("corrections")
    if corrections and corrections not in report.data:  # without one, the schema is that of a form without the field
        fields = replace(fields, members={n: field for n, field in fields.members.items() if n != corrections})
    top = _schema(fields) or {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{report.form.title}（公开数据）",
    } | top


def _schema(field: Field) -> dict[str, Data] | None:
    """The schema of a field's public part; None where it has none."""
    named: dict[str, Data] = {"title": field.title} if field.title else {}
    if field.kind == "array" and field.item:
        item = _schema(field.item)
        return {**named, "type": "array", "items": item} if item else None
    if field.kind == "object":
        members: dict[str, Data] = {
            name: public for name, member in field.members.items() if (public := _schema(member))
        }
        further = _schema(field.other) if field.other else None
        if not members and further is None:
            return None
        return {**named, "type": "object", "properties": members, "additionalProperties": further or False}
    return {**named, "type": "string"} if field.public else None


def open_values(node: TextData, path: ValuePath = ()) -> Iterator[tuple[ValuePath, str]]:
    """Every value of JSON data with its path, in order."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from open_values(value, (*path, name))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from open_values(value, (*path, number))
    else:
        yield path, node


def printed(report: Report) -> dict[ValuePath, str]:
    """Every public value that is there, by path, as open data has it: without units."""
    texts: dict[ValuePath, str] = {}
    for text in printed_values(report.view):
        field = _field(report, text.path)
        if not text or text.withheld or field is None or field.kind != "value":
            continue
        figure = report.figures.get(text.path)
        texts[text.path] = show(figure) if figure is not None else str(text)
    return texts


def title(report: Report, path: ValuePath) -> str:
    """The title of the field at a path; without one, the last step of the path."""
    field = _field(report, path)
    return field.title if field and field.title else str(path[-1])


def is_value(report: Report, path: ValuePath) -> bool:
    """Whether a field holds a value to compute with, such as a number or an indicator's target."""
    field = _field(report, path)
    return field is not None and field.numeric


def _field(report: Report, path: ValuePath) -> Field | None:
    return report.form.figures.fields.at(path)
