"""A data file in, its next text out: what makes or changes the file of an author.

`empty_file` is an empty one, whose text `new_file` makes and whose place `new_place` says; `next_year` the next one by
`rollover` of its text, `next_file` that of the next form, which `next_step` finds, with what it has `started` from
another; `repair` and `repair_values` mend what `check --fix` can; `draft` reads back what was made. `editor_globs`
tells an editor which files are of which form, `settings_text` puts that into its settings.
"""

__all__ = [
    "draft",
    "editor_globs",
    "empty_file",
    "new_file",
    "new_place",
    "next_file",
    "next_step",
    "next_year",
    "repair",
    "repair_values",
    "rollover",
    "settings_text",
    "started",
]
