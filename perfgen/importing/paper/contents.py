"""Names what a cell may hold beside plain text, with the kinds of its fields: the witness goes by it."""

from __future__ import annotations

FIELD, NOTE, SIGN = "field", "reference to a note", "sign font"
INLINE_CONTROL, BLOCK_CONTROL, LIST_CONTROL = "run control", "block control", "block control of a list"
