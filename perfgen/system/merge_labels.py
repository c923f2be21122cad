"""What git calls the versions of a merge that goes on, for the lines that it leaves at a conflict.

From git 2.44 on, a merge driver is told (%S, %X, %Y). Before, `git merge` says it in a variable and a rebase in its
list of what is done; where nothing does, as for a single cherry-pick, the names are general ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from perfgen.project import reading
from perfgen.project.layout import MAX_OTHER
from perfgen.system.git_call import answer
from perfgen.system.text_merge import Labels

_PICKED = re.compile(r"(?:p|pick|r|reword|e|edit|s|squash|f|fixup)\s(?:-\S+\s)*([0-9a-f]+)")
_GENERAL = Labels("base", "HEAD", "theirs")
_MERGED = "GITHEAD_"
"""Begins the name of a variable that ends with a commit; its value is what the user called it."""


def of(root: Path, told: Sequence[str]) -> Labels:
    """The names of base, ours and theirs; `told` is what the driver got, empty or unreplaced where git is too old."""
    if len(told) == 3 and not re.fullmatch("%[A-Z]", told[0]):
        return Labels(*told)
    return _of_merge(root) or _of_rebase(root) or _GENERAL


def _of_merge(root: Path) -> Labels | None:
    heads = {name.removeprefix(_MERGED): called for name, called in os.environ.items() if name.startswith(_MERGED)}
    head = answer(root, "rev-parse", "HEAD")
    others = [(commit, called) for commit, called in heads.items() if commit != head]
    if len(others) != 1 or not head:
        return None
    bases = (answer(root, "merge-base", "--all", head, others[0][0]) or "").split()
    base = _short(root, bases[0]) if len(bases) == 1 else "merged common ancestors" if bases else "empty tree"
    return Labels(base, "HEAD", others[0][1])


def _of_rebase(root: Path) -> Labels | None:
    """The names that a rebase gives: the commit that it is at stands last in its list of those done."""
    place = answer(root, "rev-parse", "--git-path", "rebase-merge/done")
    with suppress(OSError):
        lines = reading.typed(root / (place or ""), MAX_OTHER).decode("utf-8", "replace").splitlines()
        picked = _PICKED.match(lines[-1] if lines else "")
        if place and picked:
            title = answer(root, "show", "--no-patch", "--format=%s", picked[1]) or ""
            called = f"{_short(root, picked[1])} ({title})"
            return Labels(f"parent of {called}", "HEAD", called)
    return None


def _short(root: Path, commit: str) -> str:
    return answer(root, "rev-parse", "--short", commit) or commit
