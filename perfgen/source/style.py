"""How the authors of a file write: what is new in it is written like what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable

from perfgen.data import Data, ValuePath
from perfgen.source.entries import Entries


def brackets(entries: Entries, siblings: Iterable[ValuePath], value: Data) -> bool | None:
    """Whether a group or list goes into brackets, as the first of its siblings that is of its kind; None without any.

    A value that holds groups or lists itself follows only a sibling that does so too.
    """
    if not isinstance(value, dict | list) or not value:
        return None
    for path in siblings:
        sibling = entries.document.value(path)
        if sibling and isinstance(sibling, type(value)):
            flow = entries.document.spans[path].flow
            return None if flow and _is_deep(value) and not _is_deep(sibling) else flow
    return None


def flush(entries: Entries) -> bool:
    """Whether the dashes of the file's lists stand right under the keys, as its first list has them."""
    document = entries.document
    for path, (_, column) in document.keys.items():
        if isinstance(document.value(path), list) and not document.spans[path].flow:
            return document.values[path][1] == column
    return False


def rows_apart(entries: Entries) -> bool:
    """Whether groups in the file's lists stand one member a line, as the first that holds plain values only does."""
    document = entries.document
    for path, span in document.spans.items():
        row = document.value(path) if path and isinstance(path[-1], int) else None
        if (
            isinstance(row, dict)
            and row
            and not any(value is None or isinstance(value, dict | list) for value in row.values())
        ):
            return not span.flow
    return False


def _is_deep(value: Data) -> bool:
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return any(isinstance(one, dict | list) and one for one in inside)
