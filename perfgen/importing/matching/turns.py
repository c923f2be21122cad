"""Which loops turn at a row where only a name tells: an outer group's name, printed in the cell of an inner one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from perfgen.importing.folding import folded
from perfgen.importing.matching.cell_text import values_in
from perfgen.importing.matching.match import Placed
from perfgen.importing.matching.template_line import Bound
from perfgen.importing.notes import Notes


def turned_by_names(placed: Placed, names: Sequence[dict[str, str]], notes: Notes) -> Placed:
    """A row with the outermost loop that turns there, names of outer groups in its merged cells counted.

    `names` are those of the present turns, by member, from the outermost loop inwards.
    """
    if not placed.turned:
        return placed
    depths = {loop.open.variable: depth for depth, loop in enumerate(placed.spot.loops[: placed.turned])}
    turned = placed.turned
    for bound in _names_in(placed, notes):
        depth = depths.get(bound.path[0])
        if depth is None or depth >= len(names) or len(bound.path) != 2:
            continue
        known = names[depth].get(bound.path[1], "")
        if known and bound.text and folded(known) != folded(bound.text):
            turned = min(turned, depth)
    return replace(placed, turned=turned)


def _names_in(placed: Placed, notes: Notes) -> Iterator[Bound]:
    """The names in the merged cells that begin in a row, from the left."""
    for cell, pattern, also in placed.fit.pairs:
        if cell is not None and pattern is not None and not also and pattern.begins_group(placed.turned):
            yield from values_in(pattern.cell, cell.origin.text, cell, notes)
