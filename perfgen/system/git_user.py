"""Who works in a repository, and on which branch."""

from __future__ import annotations

from pathlib import Path

from perfgen.system.git_call import answer


def user_name(root: Path) -> str | None:
    """The name under which the user commits."""
    return answer(root, "config", "user.name")


def user_address(root: Path) -> str | None:
    """The address under which the user commits."""
    return answer(root, "config", "user.email")


def branch(root: Path) -> str | None:
    """The branch that is checked out; None where a commit is, or nothing."""
    return answer(root, "symbolic-ref", "--quiet", "--short", "HEAD")
