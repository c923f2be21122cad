"""A figure that was measured, and how several of them are shown: a row for each, a column for each size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple


class Figure(NamedTuple):
    """What was measured."""

    what: str
    value: float
    unit: str
    """`s`, `bytes`, or what is counted."""


def shown(figure: Figure) -> str:
    """A figure for a table."""
    if figure.unit == "s":
        return f"{figure.value:.2f} s"
    if figure.unit == "bytes":
        return in_bytes(figure.value)
    return f"{figure.value:,.0f} {figure.unit}".rstrip()


def in_bytes(count: float) -> str:
    """So many bytes, in kB, MB or GB of a thousand each."""
    for power, unit in ((3, "GB"), (2, "MB")):
        if count >= 1000**power:
            return f"{count / 1000**power:.1f} {unit}"
    return f"{count / 1000:.1f} kB"


def table(columns: Mapping[int, Iterable[Figure]]) -> Iterator[str]:
    """The lines of a Markdown table; `columns` has the figures by number of documents."""
    known = {size: {one.what: shown(one) for one in figures} for size, figures in columns.items()}
    rows = dict.fromkeys(what for figures in known.values() for what in figures)
    yield f"| | {' | '.join(f'{size:,}' for size in known)} |"
    yield "|---|" + "---|" * len(known)
    for what in rows:
        yield f"| {what} | {' | '.join(figures.get(what, '') for figures in known.values())} |"
