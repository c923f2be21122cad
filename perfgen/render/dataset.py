"""Writes the description of a public file for search engines and data portals, as JSON-LD beside its page."""

from __future__ import annotations

import json

from perfgen.prove.proof import ComparedPlace, compare_places
from perfgen.report.report import Report
from perfgen.table.view import Text, printed_values

TARGETS = {"public": "public/{stem}/dataset.jsonld"}
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The description as UTF-8 JSON."""
    return (json.dumps(report.dataset, ensure_ascii=False, indent=1) + "\n").encode()


def prove(content: bytes, report: Report) -> int:
    """Compares what is said of values with the view, and gives their number.

    Raises ProofError for one that differs, is missing, or should not be there.
    """
    made = json.loads(content)
    said = [(one["name"], one["value"]) for one in made.get("variableMeasured", [])]
    wanted = _wanted(report)
    compare_places(report, [("数据说明里的项", str(len(wanted)), str(len(said)), ())])
    places: list[ComparedPlace] = [("数据说明的单位", report.unit, made["creator"]["name"], ())]
    for (name, value, unit), (said_name, said_value) in zip(wanted, said, strict=True):
        places.append(("数据说明里的名称", name, said_name, value.path))
        places.append((f"数据说明里的{name}", f"{value}{unit}", said_value, value.path))
    compare_places(report, places)
    return len(places)


def _wanted(report: Report) -> list[tuple[str, Text, str]]:
    """What the view shows, each with its name and unit: the large sums, then the rows with a target value."""
    shown = {text.path: text for text in printed_values(report.view) if not text.withheld}
    sums = [(amount.label, amount.value, amount.unit) for amount in report.amounts]
    rows = [(str(row.name), row.value, "") for row in report.measures if row.value]
    return [(name, shown[value.path], unit) for name, value, unit in (*sums, *rows) if isinstance(value, Text)]
