"""A folder of files in, a snapshot of it out: each file read at most once, and what was made of it kept.

`layout` says where a project's files lie, `trees` are the places they are read from, `snapshot` is the project as a
run sees it, and `arguments` finds the project and the files that a command is called for. `faults` tells which file
was in hand when something failed that nobody foresaw; `invocation` writes a command as the reader can type it.
`reading` is the door that all files are read through, `folders` the way to a folder without following a link, `names`
says what a good name is. `noted` holds what somebody looked at against the project as it is. `parcel` is some files on
their way to another machine. `shipped` finds the files that come with the program.
"""

__all__ = [
    "arguments",
    "faults",
    "folders",
    "invocation",
    "layout",
    "made",
    "names",
    "noted",
    "parcel",
    "reading",
    "shipped",
    "snapshot",
    "trees",
]
