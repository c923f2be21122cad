"""The doors to the machine, a module each: what is printed, written, asked of git and fontconfig, run in processes."""

__all__ = [
    "commit_tree",
    "console",
    "executor",
    "fonts",
    "git",
    "write",
]
