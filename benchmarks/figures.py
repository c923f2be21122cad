"""What is measured by itself: files that are checked in a second, and the memory of a worker."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measuring import PERFGEN, in_turn, run, seconds
from benchmarks.ratios import reports_of
from benchmarks.result import Figure
from perfgen import render
from perfgen.commands import check as check_command

_STATM = Path("/proc/self/statm")


def check(folder: Path, count: int) -> Iterator[Figure]:
    """Files a second of one process, its start and all; and what two processes take in processor time."""
    parser = argparse.ArgumentParser()
    check_command.add_arguments(parser)
    if "jobs" not in vars(parser.parse_args([])):
        yield Figure(f"`check`, {count:,} files", f"{count / _checked(folder):.0f} files a second", "≥ 40")
        return
    one = _checked(folder, "-j1")
    yield Figure(f"`check`, {count:,} files, one process", f"{count / one:.0f} files a second", "≥ 40")
    value = f"{_checked(folder, '-j2') / one:.2f} times the processor time of one"
    yield Figure(f"`check`, {count:,} files, two processes", value, "about 1")


def _checked(folder: Path, *options: str) -> float:
    command = [*PERFGEN, "-C", str(folder), "check", "--format", "json", *options]
    return seconds(lambda: run(command, folder, codes=(0, 1)))


def starts(folder: Path, source: str) -> Iterator[Figure]:
    """Commands that make nothing, and the start of Python that is in each."""
    for arguments in (["--help"], ["check", source]):
        command = [*PERFGEN, "-C", str(folder), *arguments]
        (taken,) = in_turn([lambda command=command: run(command, folder, codes=(0, 1))], 1)
        yield Figure(f"`perfgen {arguments[0]}{' FILE' * (len(arguments) > 1)}`", f"{taken:.2f} s")
    yield Figure("a Python that does nothing", f"{seconds(lambda: run([sys.executable, '-c', ''], folder)):.2f} s")


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
        for report in reports_of(folder, sources):
            pdf.prove(pdf.render(report), report)
        found.append(_resident())
    target.write_text(json.dumps([found[0], found[-1]]), "ascii")


if __name__ == "__main__":
    _work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
