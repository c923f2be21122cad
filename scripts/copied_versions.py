"""Writes down every version of the files that `perfgen init` used to copy, from this repository's history.

`perfgen adopt` knows by these hashes what a bureau left as it was: run this once more when a branch that still had the
old `init` was merged. A line is a path in a bureau's repository and the beginnings of SHA-256 hashes.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
TARGET = HOME / "perfgen/repository/copied-versions.txt"
DIGITS = 32
COPIED = (
    "perfgen", "schema/site.schema.json", "templates/review", "templates/shared", "templates/site", "requirements",
    "scripts", "docs", ".vscode", ".github", "Makefile", "pyproject.toml", "LICENSE", "SECURITY.md", ".gitignore",
    ".gitattributes", ".gitlab-ci.yml",
)  # fmt: skip
"""What the old `init` copied of this repository, its forms and its example apart."""
STARTER, OF_DATA = "perfgen/starter/", "data/"
FIRST_WITHOUT = "perfgen/project/shipped.py"
"""Since this file is there, nothing of the program is copied; later versions need not be known."""


def git(*arguments: str, content: bytes = b"") -> bytes:
    """What git says."""
    command = ["git", "-C", str(HOME), *arguments]
    return subprocess.run(command, check=True, input=content, stdout=subprocess.PIPE).stdout  # noqa: S603


def versions() -> set[tuple[str, str]]:
    """The path and the object of every version, in the commits that do not have the new `init`."""
    new = set(git("log", "--format=%H", "--diff-filter=A", "HEAD", "--", FIRST_WITHOUT).decode().split())
    later = {commit for one in new for commit in git("rev-list", "--ancestry-path", f"{one}..HEAD").decode().split()}
    every = git("rev-list", "--full-history", "HEAD", "--", *COPIED).decode().split()
    commits = [commit for commit in every if commit not in later | new]
    log = git("log", "--stdin", "--no-walk=unsorted", "-m", "--root", "--raw", "--no-renames", "--no-abbrev",
              "--format=", "-z", "--", *COPIED, content="\n".join(commits).encode())  # fmt: skip
    fields = iter(log.decode("utf-8", "surrogateescape").split("\0"))
    found = set()
    for field in fields:
        if field.startswith(":"):
            _, mode, _, blob, kind = field.split(" ")
            path = next(fields)
            if kind != "D" and mode in ("100644", "100755"):
                found.add((path, blob))
    return found


def contents(blobs: list[str]) -> dict[str, bytes]:
    """What each object holds."""
    answer, found, at = git("cat-file", "--batch", content="\n".join(blobs).encode()), {}, 0
    for blob in blobs:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split(b" ")[2])
        found[blob] = answer[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def lines() -> str:
    """The list."""
    known = versions()
    held = contents(sorted({blob for _, blob in known}))
    by_path: dict[str, set[str]] = {}
    for path, blob in known:
        started = path.removeprefix(STARTER)
        for target in {path, started}:
            if not target.startswith(OF_DATA):
                by_path.setdefault(target, set()).add(hashlib.sha256(held[blob]).hexdigest()[:DIGITS])
    return "".join(f"{path}\t{' '.join(sorted(hashes))}\n" for path, hashes in sorted(by_path.items()))


if __name__ == "__main__":
    TARGET.write_text(lines(), "utf-8")
    sys.stdout.write(f"{TARGET.relative_to(HOME)}: {TARGET.stat().st_size} bytes\n")
