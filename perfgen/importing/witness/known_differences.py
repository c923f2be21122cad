"""Where LibreOffice is known to show something else than Word, and the clause that decides.

Each kind is recognised by what our own reader noted in the cell: but for the last ones, it is unsure there anyway.
Clauses are of ECMA-376 Part 1 unless another is named. A kind gets in here only with a clause.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.importing.paper.known import Trouble
from perfgen.importing.paper.word_table import FormCell


@dataclass(frozen=True)
class KnownDifference:
    """A kind of content of which LibreOffice is no witness."""

    clause: str
    """Where ECMA-376 says what is shown."""
    reason: str
    """What LibreOffice does instead."""
    troubles: frozenset[Trouble]
    """How it is recognised: what our own reader has noted in the cell."""

    def explains(self, cell: FormCell) -> bool:
        """Whether a cell holds this kind."""
        return any(remark.trouble in self.troubles for remark in cell.troubles)


KNOWN = (
    KnownDifference(
        "17.16.18",
        "shows the results of fields inside another field's instruction too",
        frozenset({Trouble.FIELD_NESTED}),
    ),
)


def is_known(cell: FormCell) -> bool:
    """Whether LibreOffice is known to show something else than Word in a cell."""
    return any(difference.explains(cell) for difference in KNOWN)
