"""Counts the files that differ and of which nothing is told: another layout or comment, or only an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfgen.review.file_version import VersionPair


@dataclass(frozen=True)
class QuietFiles:
    """How many files differ without a change of the form."""

    layout: int = 0
    """Files with the same data: another order, layout or comment."""
    answers: int = 0
    """Files where only a reason or an approval differs, and nothing of the check with it."""


def count(pairs: Iterable[VersionPair]) -> QuietFiles:
    """Counts files of which nothing is told; both versions of each are there."""
    same = [bool(pair.old and pair.new and pair.old.data == pair.new.data) for pair in pairs if not pair.old_year]
    return QuietFiles(sum(same), len(same) - sum(same))


def lines(quiet: QuietFiles) -> list[str]:
    """A sentence; none where there are no such files."""
    parts = [
        *([f"{quiet.layout} 个文件只改了格式或注释"] if quiet.layout else []),
        *([f"{quiet.answers} 个文件只改了理由或审核记录"] if quiet.answers else []),
    ]
    return [f"另有 {'，'.join(parts)}。"] if parts else []
