"""The public data of a report as JSON, for machines: what was typed, and what was computed.

Numbers are strings, exactly as printed: a reader that takes them for floats would change them.
"""

from __future__ import annotations

import json
from typing import Any

from perfgen.display import show
from perfgen.report import Report
from perfgen.yaml_source import Data

NAME = "data.json"


def dump(report: Report) -> bytes:
    """A report's data with its figures, as UTF-8 JSON in the order of the form."""
    content = _plain(report.data)
    for path, value in report.figures.items():
        if value is None:
            continue
        holder = content
        for step in path[:-1]:
            holder = holder.setdefault(step, {})
        holder[path[-1]] = show(value)
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(data: Data) -> Any:
    if isinstance(data, dict):
        return {name: _plain(value) for name, value in data.items() if value is not None}
    if isinstance(data, list):
        return [_plain(item) for item in data]
    return show(data)
