"""How many cells of a set of Word files an import is certain of, and the number that it may not fall below."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from perfgen.importing.import_file import Imported

KEPT = Path(__file__).parents[1] / "import-certain.txt"
"""A line for each set of files: its name, the certain cells, all cells."""


def kept() -> dict[str, tuple[int, int]]:
    """By set of files, how many cells were certain, and how many there were."""
    lines = [line.split("\t") for line in KEPT.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {name: (int(certain), int(cells)) for name, certain, cells in lines}


def share(read: Iterable[Imported]) -> tuple[int, int]:
    """The cells that are certain, and all cells; a doubt about no single cell counts as one."""
    counts = [imported.count for imported in read]
    certain = sum(count.certain for count in counts)
    return certain, certain + sum(count.unsure + count.elsewhere for count in counts)


def keeps(name: str, read: Iterable[Imported], capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether the share of a set of files is as high as the one that is kept; it is printed past pytest."""
    certain, cells = share(read)
    before, all_before = kept().get(name, (0, 1))
    percent = 100 * certain / max(cells, 1)
    with capsys.disabled():
        sys.stdout.write(f"\n{name}：确定 {certain}/{cells} 格（{percent:.2f}%），记着的是 {before}/{all_before}\n")
    return certain * all_before >= before * cells and cells >= all_before
