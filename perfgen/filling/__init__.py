"""A filing in, the official form as somebody fills it in; an edit and the file's text in, its next text out.

`blanks` adds the rows to begin at, `sheet` makes the form from them, `slots` says of each value on it how it is edited,
and `rest` which fields the form does not print. `typed` makes a value of what was typed, `rows` a new row, `edits` are
the changes that can be made, and `change` makes them: in the text, so that nothing else of the file changes. `meant`
says which of them is meant by what was typed, `turns` where rows can be added, moved and taken out. Nothing is read
from the disk but through the project, and nothing is written.
"""

__all__ = ["blanks", "change", "edits", "meant", "rest", "rows", "sheet", "slots", "turns", "typed"]
