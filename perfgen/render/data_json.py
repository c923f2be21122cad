"""Writes the public data as JSON, for machines; `data_schema` writes its JSON Schema beside it."""

from __future__ import annotations

import json

import jsonschema

from perfgen.prove.proof import compare_places
from perfgen.report import open_data
from perfgen.report.report import Report

TARGETS = {"public": "public/{stem}/data.json"}
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The data as UTF-8 JSON: what was typed and what was computed, numbers as strings."""
    return open_data.dump_open_data(report)


def prove(content: bytes, report: Report) -> int:
    """Compares each value with the view and gives the number of values compared.

    Raises ProofError for a value that differs, is missing, or should not be there.
    """
    data = json.loads(content)
    errors = [error.message for error in jsonschema.Draft202012Validator(open_data.schema(report)).iter_errors(data)]
    compare_places(report, [("data.json 对它的 schema", "没有错误", "；".join(errors) or "没有错误", ())])
    written = {path: text for path, text in open_data.open_values(data) if text}  # an empty text is printed nowhere
    wanted = open_data.printed(report)
    compare_places(report, [("data.json 里的项", str(sorted(map(str, wanted))), str(sorted(map(str, written))), ())])
    compare_places(report, [(f"data.json 的 {path}", text, written[path], path) for path, text in wanted.items()])
    return len(wanted)
