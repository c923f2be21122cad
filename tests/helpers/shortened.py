"""A sample with fewer rows: every kind of place and every loop, in a third of the time."""

from __future__ import annotations

from pathlib import Path

from perfgen.check import loading
from perfgen.data import Data
from perfgen.fields import Field
from perfgen.project.layout import DataFile
from tests.helpers.anything import as_yaml
from tests.helpers.projects import snapshot

_ROWS = 2


def shortened(root: Path, source: str) -> bytes:
    """A data file with at most two rows in each list, and two groups among those under names that people choose."""
    filing = loading.filing(snapshot(root), DataFile.at(source))
    data = _short(filing.document.data, filing.form.fields)
    return as_yaml(data, flow=False).encode()


def _short(value: Data, field: Field) -> Data:
    if isinstance(value, list) and field.item:
        return [_short(item, field.item) for item in value[:_ROWS]]
    if not isinstance(value, dict):
        return value
    named = [name for name in value if name not in field.members]
    is_kept = field.other is None or field.other.kind == "value"
    kept = named if is_kept else named[:_ROWS]
    members = ((name, value[name], field.member(name)) for name in value if name in field.members or name in kept)
    return {name: _short(below, member) if member else below for name, below, member in members}
