"""What is wrong and where: findings as data, and the exceptions that carry them.

    PerfgenError            everything a person at the keyboard can cause
    ├─ DataError            the data is wrong; holds every finding
    ├─ FormError            schema, rules or template are wrong; holds every finding
    ├─ UsageError           the command was asked for something it cannot do
    └─ ToolError            a library, font, disk or lock failed

Anything else that is raised is a bug of perfgen; `cli` says so, with the file and the step (`project.faults`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfgen.data import ValuePath


class Level(StrEnum):
    """How serious a finding is; only an error stops a build."""

    ERROR = "错误"
    WARNING = "警告"
    NOTE = "提示"
    UNDECIDED = "未定"


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a sentence with its place, and what to do about it."""

    place: Place
    rule: str
    message: str
    hint: str = ""
    level: Level = Level.ERROR
    path: ValuePath = ()
    reason: str = ""
    """A written reason that answers it: a warning with one is settled."""
    unfilled: bool = False
    """Whether it says that something is not filled in yet, and not that something is wrong."""

    @property
    def is_open(self) -> bool:
        """Whether it is a warning without a written reason."""
        return self.level is Level.WARNING and not self.reason

    def __str__(self) -> str:
        return f"{self.place}: {self.level.value} {self.message} [{self.rule}]"


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in reading order, each only once; of each file, what is not filled in comes last."""
    return sorted(dict.fromkeys(findings), key=lambda f: (f.place.file, f.unfilled, f.place, f.rule, f.message))


MOST = 1_000
"""How many findings about one file are listed; the rest is counted."""
MORE = "more-findings"
"""The rule of the finding that counts the rest."""


def capped(findings: list[Finding]) -> list[Finding]:
    """Findings in reading order, of each file the gravest ones, and one more that counts the others."""
    if len(findings) <= MOST:
        return findings
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.place.file, []).append(finding)
    dropped = {id(finding) for found in by_file.values() for finding in _by_weight(found)[MOST:]}
    counted = {file: [finding for finding in found if id(finding) in dropped] for file, found in by_file.items()}
    # a list that was cut before has one more than may be listed
    rest = [_rest(found) if len(found) > 1 else found[0] for found in counted.values() if found]
    return by_place([*(finding for finding in findings if id(finding) not in dropped), *rest])


def _by_weight(findings: list[Finding]) -> list[Finding]:
    """Findings, errors first, then open warnings; of the same weight in the order given."""
    return sorted(findings, key=lambda one: (one.level is not Level.ERROR, not one.is_open))


def _rest(findings: list[Finding]) -> Finding:
    """One finding for many that are not listed, at the place of the first of them."""
    graver = _by_weight(findings)[0]
    level = graver.level if graver.level is Level.ERROR or graver.is_open else Level.NOTE
    message = f"这个文件要说的太多：从这里起还有 {len(findings)} 处没有列出。"
    return Finding(findings[0].place, MORE, message, "先改列出来的，再检查一次。", level)


class PerfgenError(Exception):
    """Root of all errors that a person at the keyboard can cause."""

    exit_code: int = 2
    """What a command exits with because of it: 1 the data, 2 its use or a form, 3 a tool or the system."""


class FindingsError(PerfgenError):
    """An error that is a list of findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = capped(by_place(findings))
        super().__init__("\n".join(map(str, self.findings)))

    def __reduce__(self) -> tuple[type[FindingsError], tuple[list[Finding]]]:
        """Another process gets the findings, and makes the same error of them."""
        return type(self), (self.findings,)


class DataError(FindingsError):
    """The data is wrong; its author can correct it."""

    exit_code = 1


class FormError(FindingsError):
    """A schema, rules file or template is wrong; whoever maintains the form can correct it."""


class UsageError(PerfgenError):
    """The command cannot do what it was asked."""


class ToolError(PerfgenError):
    """A tool or the system failed: a missing library, a full disk."""

    exit_code = 3
