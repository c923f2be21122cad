"""The doors to the machine, a module each: what is printed, written, asked of git and fontconfig, run in processes."""

__all__ = [
    "console",
    "executor",
    "fonts",
    "git",
    "write",
]
