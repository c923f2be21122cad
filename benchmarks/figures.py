"""What is measured by itself: files that are checked in a second, and the memory of a worker."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import PERFGEN, run, seconds
from benchmarks.ratios import official_reports
from benchmarks.result import Figure
from perfgen import render

_STATM = Path("/proc/self/statm")


def check(folder: Path, count: int) -> Figure:
    """Files a second, the start of a whole process and all."""
    taken = seconds(lambda: run([*PERFGEN, "-C", str(folder), "check", "--format", "json"], folder, codes=(0, 1)))
    return Figure(f"`check`, {count} files, one process", f"{count / taken:.0f} files a second", "≥ 40")


def memory(folder: Path, sources: Sequence[str], times: int) -> Figure | None:
    """The memory of a process that makes the same PDFs again and again, as a worker does."""
    if not _STATM.exists():
        return None
    target = folder / "memory.json"
    command = [sys.executable, "-m", "benchmarks.figures", str(folder), str(target), str(times), *sources]
    run(command, folder)
    first, last = json.loads(target.read_text("ascii"))
    count = len(sources)
    value = f"{first} MiB after {count} PDFs, {last} after {count * times}"
    return Figure("memory of one worker; it is replaced after 200 jobs", value, "flat")


def _resident() -> int:
    """Mebibytes of this process that are in memory."""
    return int(_STATM.read_text("ascii").split()[1]) * 4096 >> 20


def _work(folder: Path, target: Path, times: int, sources: Sequence[str]) -> None:
    pdf, found = render.find("pdf"), []
    for _ in range(times):
        for report in official_reports(folder, sources):
            pdf.prove(pdf.render(report), report)
        found.append(_resident())
    target.write_text(json.dumps([found[0], found[-1]]), "ascii")


if __name__ == "__main__":
    _work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
