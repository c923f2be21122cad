"""Two versions of a unit's file compared without git, and repositories to compare with it."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

from perfgen.form import forms
from perfgen.project.layout import DATA
from perfgen.project.trees import Contents
from perfgen.review import version_reader
from perfgen.review.compare import compare_pair
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.review.unit_comparison import UnitComparison
from tests.helpers.projects import REPOSITORY, snapshot

FILE = "data/2025/示例市某局.yaml"
CASES = REPOSITORY / "tests/cases/diff"


def compared(
    old: str | bytes | None, new: str | bytes | None, root: Path = REPOSITORY, file: str = FILE
) -> UnitComparison:
    """What lies between two texts of one file."""
    contents = (text.encode() if isinstance(text, str) else text for text in (old, new))
    return compare_pair(VersionPair(*(content and version(content, file, root) for content in contents)))


def version(content: bytes, file: str = FILE, root: Path = REPOSITORY) -> FileVersion:
    """One version of a file, which stands alone in its version of the data."""
    project = snapshot(root)
    forms.loaded(project)  # both versions are read by the same forms
    return version_reader.read_version(project.with_folder(DATA, Contents({file: content})), file)


@functools.cache
def case(name: str, file: str = FILE) -> UnitComparison:
    """A pair of files under tests/cases/diff, which is compared once in a process."""
    old, new = (CASES.joinpath(name, f"{side}.yaml").read_bytes() for side in ("old", "new"))
    return compared(old, new, file=file)


def said(unit: UnitComparison) -> list[str]:
    """What a comparison says of a unit's changes, a line each; then notes and amounts."""
    lines = [f"读不出来 {finding}" for finding in unit.broken]
    for change in unit.by_weight:
        mark = "! " if change.is_open else ""
        reason = f" 理由：{change.reason}" if change.reason else ""
        rule = f" [{change.rule}]" if change.is_open else ""
        lines.append(f"{mark}[{change.meaning.value}] {change.label}：{change.sentence}{rule}{reason}")
    lines += [f"{finding.level.value} {finding.message} [{finding.rule}]" for finding in unit.remarks]
    return [*lines, *(total.sentence for total in unit.moved_totals)]


def git(root: Path, *arguments: str, date: str = "2025-01-10T09:00:00+08:00") -> str:
    """Runs git for a test, as 示例, at a fixed hour."""
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (
        ("NAME", "示例"), ("EMAIL", "x@example.cn"), ("DATE", date))}  # fmt: skip
    names |= {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": "/nowhere", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", env=names)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def edit(root: Path, old: str, new: str, file: str = FILE) -> None:
    """Changes every such piece of a file; there is one."""
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), "utf-8")


def commit(root: Path, message: str = "改") -> str:
    """Commits everything and says the commit's name."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")
