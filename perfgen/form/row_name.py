"""Says what a row of a list is called."""

from __future__ import annotations

from perfgen.data import Data
from perfgen.display import show
from perfgen.fields import Field


def row_name(row: Data, field: Field) -> str:
    """A row's name: its identity where the list has one, else its first text."""
    if not isinstance(row, dict):
        return show(row) if not isinstance(row, list) else ""
    if field.identity:
        identity = row.get(field.identity)
        return "" if isinstance(identity, dict | list) else show(identity)
    return next((value for value in row.values() if isinstance(value, str)), "")
