"""The doors to the machine, a module each.

Printing, writing, git, the browser, the day, fonts, LibreOffice, pip, processes, the background, clusters, limits,
zips, unused objects.
"""

__all__ = [
    "background",
    "browser",
    "cluster",
    "commit_tree",
    "console",
    "day",
    "dispatch",
    "environment",
    "executor",
    "fault_report",
    "fonts",
    "garbage",
    "git",
    "git_as_user",
    "git_commit",
    "git_history",
    "git_signature",
    "git_steps",
    "git_user",
    "limits",
    "merge_labels",
    "office",
    "pip",
    "text_merge",
    "unpack",
    "write",
]
