"""Which day it is: the one owner of the clock, of SOURCE_DATE_EPOCH and of the date that HEAD's commit records.

A day is one of UTC+8, whatever the machine's own time zone is: a date of publication begins at the same moment for
everybody. The day decides which units are public, and what is late; no byte of an output holds it.

SOURCE_DATE_EPOCH: https://reproducible-builds.org/specs/source-date-epoch/
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

from perfgen.display import visible
from perfgen.findings import UsageError
from perfgen.system import git

VARIABLE = "SOURCE_DATE_EPOCH"
OPTION = "--date"

_ZONE = timezone(timedelta(hours=8))
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECONDS = re.compile(r"[0-9]{1,12}")
"""Seconds since 1970; with more digits, a year has more than four."""
_EXAMPLE = "2025-02-10"
_SHOWN = 40
"""So many characters of a wrong value are told."""


class Origin(StrEnum):
    """Who says which day it is, in the words of a message."""

    OPTION = f"{OPTION} 写的"
    VARIABLE = f"环境变量 {VARIABLE} 的"
    COMMIT = "HEAD 的提交日期"
    CLOCK = "今天"


@dataclass(frozen=True)
class Day:
    """A day, and who says so."""

    date: date
    origin: Origin

    def __str__(self) -> str:
        """The day in a message: `2025-02-10（今天）`."""
        return f"{self.date}（{self.origin}）"

    @property
    def iso(self) -> str:
        """The day as dates are typed, `2025-02-10`; such texts are in order as days are."""
        return self.date.isoformat()


def find(given: date | None = None, committed_in: Path | None = None) -> Day:
    """The day of a command: the given one, else SOURCE_DATE_EPOCH, else HEAD's commit date, else today.

    `given` is what `--date` says. `committed_in` is the project's folder for a command whose result must be the same
    whenever it runs, as `build`; without it, HEAD is not asked. Raises UsageError for a SOURCE_DATE_EPOCH that is no
    number of seconds.
    """
    if given is not None:
        return Day(given, Origin.OPTION)
    if seconds := os.environ.get(VARIABLE, ""):
        return Day(_of_variable(seconds), Origin.VARIABLE)
    recorded = git.head_seconds(committed_in) if committed_in else None
    committed = None if recorded is None else _of_seconds(recorded)
    return Day(committed, Origin.COMMIT) if committed else Day(_now().date(), Origin.CLOCK)


def add_argument(parser: argparse.ArgumentParser, otherwise: str) -> None:
    """Adds `--date` to a command; `otherwise` says in Chinese which day it is where nobody says so."""
    parser.add_argument(
        OPTION, type=parse, metavar="日期",
        help=f"把这一天当作今天，例如 {_EXAMPLE}；不写就看环境变量 {VARIABLE}，也没有就是{otherwise}",
    )  # fmt: skip


def parse(text: str) -> date:
    """A day as an argument. Raises ArgumentTypeError for what is none."""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"要写一个日期，例如 {_EXAMPLE}") from None


def _of_variable(text: str) -> date:
    found = _of_seconds(int(text)) if _SECONDS.fullmatch(text) else None
    if found is None:
        raise UsageError(
            f"环境变量 {VARIABLE} 是“{visible(text[:_SHOWN])}”，不是从 1970 年算起的秒数。"
            f"改成秒数，例如 1739116800，或者去掉它；也可以直接写 {OPTION} {_EXAMPLE}。"
        )
    return found


def _of_seconds(seconds: int) -> date | None:
    """The day of a moment; None where no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, _ZONE).date()
    except (ValueError, OverflowError, OSError):
        return None


def _now() -> datetime:
    return datetime.now(_ZONE)
