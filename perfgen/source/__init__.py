"""YAML text in, plain data with the place of every value out; and data out as YAML text.

`encoding` decodes a file, `reader` reads it, `mistakes` says in plain words why it cannot be read, `fixes` puts right
what has one meaning at the places that `positions` finds, `recovery`
reads on behind a mistake to find the others. `writer` makes the text of a file, and
`editor` changes single values, members and items of a text and no other character; `rewrite` makes a text hold wanted
data that way. `characters` says which no text may hold, `scalars` what a value without quotes is read as, `pending`
which comments an import left where it was unsure, `events` what the parser gives to the reader. Below the editor,
`entries` finds the lines and comments of each member and item.
"""

__all__ = [
    "characters",
    "editor",
    "encoding",
    "entries",
    "fixes",
    "line_mistakes",
    "mistakes",
    "mojibake",
    "pairing",
    "pending",
    "positions",
    "reader",
    "recovery",
    "replace",
    "rewrite",
    "writer",
]
