"""The public data as JSON, for machines; its JSON Schema lies beside it."""

from __future__ import annotations

import json

from perfgen import open_data
from perfgen.prove import compare
from perfgen.report import Report

TARGETS = {"public": "public/{stem}/data.json"}
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The data as UTF-8 JSON: what was typed and what was computed, numbers as strings."""
    return open_data.dump(report)


def prove(content: bytes, report: Report) -> int:
    """Holds every value against the view; says how many were compared.

    Raises ProofError for a value that differs, is missing, or should not be there.
    """
    found = dict(open_data.leaves(json.loads(content)))
    wanted = open_data.printed(report)
    compare(report, [("data.json 里的项", str(sorted(map(str, wanted))), str(sorted(map(str, found))), ())])
    compare(report, [(f"data.json 的 {path}", text, found[path], path) for path, text in wanted.items()])
    return len(wanted)
