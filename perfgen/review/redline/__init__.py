"""The reports of two versions in, the official Word file with Word's own tracked changes out.

Accepting all changes gives exactly the new form, rejecting all exactly the old one; both are proven before anything
is returned.
"""

__all__ = [
    "write",
]
