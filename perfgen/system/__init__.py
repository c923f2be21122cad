"""The doors to the machine, a module each: printing, writing, git, fonts, LibreOffice, pip, processes, limits, zips."""

__all__ = [
    "commit_tree",
    "console",
    "executor",
    "fonts",
    "git",
    "git_history",
    "git_signature",
    "limits",
    "office",
    "pip",
    "unpack",
    "write",
]
