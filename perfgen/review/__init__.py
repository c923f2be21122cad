"""Two versions of the data in, changes as data out; each change has a class, a sentence and a place.

`versions` finds what differs and reads both versions, `version_checks` lets other processes say what `check` says of
them, `compare` does all of the rest for each unit; what differs in the data and what that means is for the package
`comparison` to say. `redlines` makes the Word files.
`returned` makes a version of a data file from a Word form that comes back filled in: `merge` puts it together,
`brought` says what a form would make, `take_in` takes forms in, new or returned;
`read_ahead` lets other processes read them before.
`since` says which files somebody works on.
"""

__all__ = [
    "approve",
    "brought",
    "change",
    "commit_message",
    "compare",
    "corrections",
    "docx_text",
    "formats",
    "headline",
    "read_ahead",
    "redlines",
    "returned",
    "reviewers",
    "rules",
    "since",
    "take_in",
    "unit_comparison",
    "version_checks",
    "version_reader",
    "versions",
    "years",
]
