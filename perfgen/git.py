"""The only module that runs git."""

from __future__ import annotations

import subprocess
from pathlib import Path


def head(root: Path) -> str | None:
    """The commit that is checked out, None outside a repository or without git."""
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "HEAD"], cwd=root, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return answer.stdout.strip() or None


def init(root: Path) -> bool:
    """Makes a repository; says whether git was there to do it."""
    try:
        subprocess.run(["git", "init", "--quiet"], cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
