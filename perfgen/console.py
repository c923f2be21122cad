"""What the person at the keyboard sees; the only module that prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from perfgen.findings import Finding, Level, by_place


def say(text: str) -> None:
    """A line of a command's answer."""
    print(text, flush=True)


def complain(text: str) -> None:
    """A line about what went wrong or why we wait."""
    print(text, file=sys.stderr, flush=True)


def show_findings(findings: Iterable[Finding]) -> None:
    """All findings in reading order, each with its hint, and how many there are."""
    found = by_place(findings)
    for finding in found:
        complain(str(finding))
        if finding.hint:
            complain(f"    提示：{finding.hint}")
    if found:
        counts = {level: sum(finding.level is level for finding in found) for level in Level}
        complain("共 " + "，".join(f"{count} 个{level.value}" for level, count in counts.items() if count) + "。")


def abandon() -> None:
    """Nobody reads on: what is still to be printed goes nowhere, without a complaint at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def use_utf8() -> None:
    """Chinese comes out whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


class Progress(Protocol):
    """Is told of each finished unit."""

    def __call__(self, text: str, *, failed: bool = False) -> None:
        """One more is done."""


@contextmanager
def progress(total: int, doing: str) -> Iterator[Progress]:
    """A progress bar on a terminal, a plain line for each unit elsewhere."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        done = 0

        def plain(text: str, *, failed: bool = False) -> None:
            nonlocal done
            done += 1
            say(f"[{done}/{total}] {'✗' if failed else '✓'} {text}")

        yield plain
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(doing, total=total)

        def drawn(text: str, *, failed: bool = False) -> None:
            bar.update(task, advance=1, description=text)
            if failed:
                bar.console.print(f"✗ {text}", markup=False, highlight=False)

        yield drawn
