"""What a build is asked to do, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.build import job
from perfgen.build.plan import UnitPlan
from perfgen.findings import Finding
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.system.day import Day


@dataclass(frozen=True)
class BuildOrder:
    """What a build is asked to do."""

    project: Project
    files: tuple[DataFile, ...] | None = None
    """Only these data files; None means all."""
    only: tuple[str, ...] | None = None
    """Only these formats; None means all."""
    jobs: int | None = None
    """How many processes; None chooses by machine and work."""
    verify: bool = False
    """Believe no manifest: make everything again and compare it with the files that are there; only with all files."""
    day: Day | None = None
    """Which day it is; None means that of a build without `--date`."""


@dataclass
class BuildOutcome:
    """The result of a build."""

    made: int = 0
    kept: int = 0
    removed: int = 0
    cells: int = 0
    findings: list[Finding] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    """By data file that was asked for and has not changed: how many warnings of its last check are still open."""
    differing: list[Finding] = field(default_factory=list)
    """Where everything was verified: the files that were not as they were made again, which now are."""
    plans: list[UnitPlan] = field(default_factory=list)
    """Of the data files that were asked for; they say which are public, and which have no dates or wait."""
    exit_code: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, result: job.Result) -> None:
        """Adds a unit's exit code and times; its findings have their own order."""
        self.exit_code = max(self.exit_code, result.exit_code)
        for stage, spent in result.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent
