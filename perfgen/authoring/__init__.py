"""A data file in, its next text out: what makes or changes the file of an author.

`new_file` makes an empty one, `rollover` next year's from this year's, `repair` mends what `check --fix` may mend, and
`draft` reads back what was made.
"""

__all__ = [
    "draft",
    "new_file",
    "repair",
    "rollover",
]
