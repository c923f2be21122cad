"""A filing in, the official form as somebody fills it in; an edit and the file's text in, its next text out.

`blanks` adds the rows to begin at, `sheet` makes the form from them, `slots` says of each value on it how it is edited,
and `rest` which fields the form does not print. `typed` makes a value of what was typed, `edits` are the changes that
can be made, and `change` makes them: in a `draft` of the data, as `wanted` says, and then in the text, as `written`
says, so that nothing else of the file changes; `rows` has what a new row holds, `free_groups` which groups people may
name and move, `dropped` what goes with a member that goes, `optional` what need not be filled in. `meant` says which
edit is meant by what was typed, `turns` where rows can be added, moved and taken out, `said` what a change is called
afterwards. `clipboard` reads a table that is pasted, `pasted` says what of it would go where. `reasons` says where the
reason for a finding goes, `offers` what its advice offers, `formula` how a place is computed and of what, `last_year`
what stood there the year before, `understood` how a text is read before it is saved. Nothing is read from the disk but
through the project, and nothing is written.
"""

__all__ = [
    "blanks", "change", "clipboard", "dropped", "edits", "formula", "labels", "last_year", "meant", "offers",
    "optional", "pasted", "reasons", "rest", "rows", "said", "sheet", "slots", "turns", "typed", "understood",
]  # fmt: skip
