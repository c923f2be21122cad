"""The doors to the machine, a module each: printing, writing, git, fontconfig, LibreOffice, processes, packed files."""

__all__ = [
    "commit_tree",
    "console",
    "executor",
    "fonts",
    "git",
    "office",
    "unpack",
    "write",
]
