"""Writes the JSON Schema of the public data, beside the data."""

from __future__ import annotations

import functools
import json

import jsonschema

from perfgen.prove.proof import compare_places
from perfgen.report import open_data
from perfgen.report.report import Report

TARGETS = {"public": "public/{stem}/data.schema.json"}
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES = ("jsonschema",)
STYLES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The schema as UTF-8 JSON."""
    return (json.dumps(open_data.schema(report), ensure_ascii=False, indent=1) + "\n").encode()


def prove(content: bytes, report: Report) -> int:
    """Checks that it is a JSON Schema, and that the public data is valid under it; gives 1.

    Raises SchemaError when it is no JSON Schema, ProofError when the data is not valid.
    """
    _check_schema(content)
    schema = json.loads(content)
    data = json.loads(open_data.dump_open_data(report))
    errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(data)]
    compare_places(report, [("公开数据对 schema", "没有错误", "；".join(errors) or "没有错误", ())])
    return 1


@functools.lru_cache(maxsize=8)
def _check_schema(content: bytes) -> None:
    """Raises SchemaError for what is no JSON Schema; the schema of a form is the same in all its units."""
    jsonschema.Draft202012Validator.check_schema(json.loads(content))
