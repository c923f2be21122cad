"""Where LibreOffice is known to show something else than Word, and the clause that decides.

Each kind is recognised by what our own reader noted in the cell, or met there: no kind excuses a whole file.
Seen in LibreOffice 7.4. Clauses are of ECMA-376 Part 1 unless another is named. A kind gets in here only with a clause.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.importing.paper.contents import BLOCK_CONTROL, FIELD, INLINE_CONTROL, LIST_CONTROL, NOTE, SIGN
from perfgen.importing.paper.known import Trouble
from perfgen.importing.paper.word_table import FormCell

_COMPUTED = frozenset({
    "AUTHOR", "COMMENTS", "CREATEDATE", "DOCPROPERTY", "DOCVARIABLE", "EDITTIME", "FILENAME", "FILLIN", "INDEX", "INFO",
    "KEYWORDS", "LASTSAVEDBY", "NOTEREF", "NUMCHARS", "NUMWORDS", "PAGEREF", "QUOTE", "REF", "REVNUM", "SAVEDATE",
    "SEQ", "STYLEREF", "SUBJECT", "TITLE", "TOA", "TOC", "USERADDRESS", "USERINITIALS", "USERNAME",
})  # fmt: skip

_CONTROLS = frozenset({INLINE_CONTROL, BLOCK_CONTROL, LIST_CONTROL})


@dataclass(frozen=True)
class KnownDifference:
    """A kind of content of which LibreOffice is no witness."""

    clause: str
    """Where ECMA-376 says what is shown."""
    reason: str
    """What LibreOffice does instead."""
    troubles: frozenset[Trouble] = frozenset()
    contents: tuple[frozenset[str], ...] = ()
    """How it is recognised: by what our own reader has noted in the cell, and met there; one of each set."""

    def explains(self, cell: FormCell) -> bool:
        """Whether a cell holds this kind."""
        noted = not self.troubles or any(remark.trouble in self.troubles for remark in cell.troubles)
        return noted and all(kinds & cell.contents for kinds in self.contents)


KNOWN = (
    KnownDifference(
        "17.16.18", "shows the results of fields inside another field's instruction, too",
        troubles=frozenset({Trouble.FIELD_NESTED}),
    ),
    KnownDifference(
        "17.16.18", "computes the field anew: Word shows the result of the last time", contents=(_COMPUTED,),
    ),
    KnownDifference("17.16.5", "does not know the field", contents=(frozenset({"EQ"}),)),
    KnownDifference(
        "17.16.9", "leaves out the default of a list to choose from", contents=(frozenset({"FORMDROPDOWN"}),)
    ),
    KnownDifference(
        "17.5.2", "shows the instructions of fields and links inside a control",
        contents=(_CONTROLS, frozenset({FIELD})),
    ),
    KnownDifference(
        "17.5.2", "loses what stands before a note, and the font of signs, inside a control around paragraphs",
        contents=(_CONTROLS, frozenset({NOTE, SIGN})),
    ),
    KnownDifference(
        "17.3.3.30", "loses the font of a sign inside a field", contents=(frozenset({SIGN}), frozenset({FIELD})),
    ),
    KnownDifference(
        "17.13.5", "does not treat tracked changes inside a control around paragraphs",
        troubles=frozenset({Trouble.REVISED}), contents=(_CONTROLS,),
    ),
    KnownDifference(
        "17.13.5", "does not join paragraphs of which one has a note",
        troubles=frozenset({Trouble.REVISED}), contents=(frozenset({NOTE}),),
    ),
    KnownDifference(
        "17.5.2", "shows an entry's value, too, where a list to choose from is a control around paragraphs",
        contents=(frozenset({LIST_CONTROL}),),
    ),
    KnownDifference("17.3.2.44", "hides what is hidden on web pages only", contents=(frozenset({"webHidden"}),)),
    KnownDifference("17.3.3.23", "breaks the line at a tab of this kind", contents=(frozenset({"ptab"}),)),
)  # fmt: skip


def is_known(cell: FormCell) -> bool:
    """Whether LibreOffice is known to show something else than Word in a cell."""
    return any(difference.explains(cell) for difference in KNOWN)
