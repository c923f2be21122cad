"""Jobs done with what they need and nothing else, held against the same jobs with the whole project at hand."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from unittest import mock

from perfgen.build import batch, check_part, job, unit_year_job
from perfgen.build.made_from import Sources
from perfgen.build.manifest import Manifest
from perfgen.build.needs import Needs
from perfgen.build.unit_year_job import UnitYearOrder
from perfgen.build.unit_year_plan import UnitYears
from perfgen.check.standing import Judgement
from perfgen.findings import FindingsError, ToolError
from perfgen.project import invocation, parcel
from perfgen.project.layout import DataFile, by_path
from perfgen.project.parcel import Listed, Parcel
from perfgen.project.snapshot import Project
from perfgen.project.trees import Disk
from perfgen.report import site
from perfgen.report.report import Edition
from tests.helpers.marks import NIGHT

DAY = "2026-11-26"
QUICK = ("docx", "html", "data_json", "data_csv")
Work: TypeAlias = Callable[[Project], object]


def opened(project: Project, paths: Iterable[str]) -> Project:
    """The project of some files alone, as it comes out on another machine."""
    one = Parcel(project, tuple(paths))
    contents = {found: project.read(path) for path, found in one.files}
    with parcel.delivered(contents):
        there: Project = pickle.loads(pickle.dumps(one))
    return there


@contextmanager
def another_machine() -> Iterator[None]:
    """Parcels that are opened inside find nothing that was made of others before."""
    with mock.patch.object(parcel, "_OPENED", type(parcel._OPENED)()):
        yield


@dataclass
class Compared:
    """A project on the disk, whose jobs are done with all of it and with what they need."""

    root: Path
    like: Compared | None = None
    """Another one of which this one is a changed copy: what came of jobs about the same files is taken from there."""
    formats: tuple[str, ...] | None = QUICK
    judgement: Judgement | None = None
    differences: list[str] = field(default_factory=list)
    stayed: list[str] = field(default_factory=list)
    """The jobs that cannot be done elsewhere."""
    jobs: list[str] = field(default_factory=list)
    """Those that can."""
    here_before: dict[str, tuple[Any, frozenset[str]]] = field(default_factory=dict)
    there_before: dict[tuple[str, Listed], object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        changed = changes(self.like.root, self.root) if self.like else frozenset()
        if self.like is None:
            self.here, self.planning = Project.on_disk(self.root), Project.on_disk(self.root)
        else:
            tree, like = Disk(self.root), self.like
            self.here, self.planning = like.here.on_tree(tree, changed), like.planning.on_tree(tree, changed)
            self.here_before = {key: made for key, made in like.here_before.items() if not _is_from(made[1], changed)}
            self.there_before = dict(like.there_before)
        try:
            self.settings = replace(site.load_site(self.planning), day=DAY)
        except FindingsError:
            self.settings = site.Site({}, day=DAY)
        self.needs = Needs(self.planning, Sources(self.planning, self.settings))
        self.files = self.here.data_files()[0]

    def built(self, *sources: str) -> Compared:
        """Compares what is made of each data file."""
        formats = self.formats
        choice = formats and frozenset((name, edition.value) for name in formats for edition in Edition)
        for file in map(DataFile.at, sources) if sources else self.files:
            self.compare(f"build {file}", self.needs.of([file]), partial(_built, file=file, choice=choice))
        return self

    def checked(self) -> Compared:
        """Compares what is said of each file, and what is taken out of those of each path."""
        for of_path in by_path(self.files):
            for group in (*(((file, True),) for file in of_path), tuple((file, False) for file in of_path)):
                part = check_part.Part((group,), invocation.state(), self.judgement)
                self.compare(f"check {group}", self.needs.of(part.files), part.checked)
        return self

    def units(self) -> Compared:
        """Compares what is made of all files of each unit in a year."""
        planner = batch.Planner(self.planning, self.settings, Manifest(), None, {}, day=DAY)
        plans = [planner.unit(file) for file in self.files]
        for plan in UnitYears(planner, self.files, plans).plans():
            outputs = tuple((one.renderer, Edition(one.edition), one.path) for one in plan.outputs)
            order = UnitYearOrder(plan.year, plan.unit, plan.files, outputs)
            paths = self.needs.of_unit(plan.files[Edition.OFFICIAL])
            self.compare(f"unit {order}", paths, partial(unit_year_job.build_unit_year, order=order, day=DAY))
        return self

    def compare(self, name: str, paths: tuple[str, ...], work: Work) -> None:
        """Does a job with all files and with some, and notes where something else comes of it."""
        carried = Parcel(self.planning, paths)
        if not carried.is_whole:
            self.stayed.append(name)
            return
        self.jobs.append(name)
        if name not in self.here_before:
            with self.here.noting() as reads:
                outcome = _outcome(work, self.here)
            self.here_before[name] = outcome, frozenset(reads)
        key = name, carried.files
        if key not in self.there_before:
            with another_machine() if NIGHT in os.environ else nullcontext():  # else one that has done other jobs
                self.there_before[key] = _outcome(work, opened(self.planning, paths))
        wanted, found = self.here_before[name][0], self.there_before[key]
        if found != wanted:
            self.differences.append(f"{name}: {difference(wanted, found)}")


def changes(one: Path, other: Path) -> frozenset[str]:
    """The paths of what differs between two folders: links, and what is no file, count as different."""
    states = [{path.relative_to(root).as_posix(): _state(path) for path in root.rglob("*")} for root in (one, other)]
    return frozenset(path for path in states[0].keys() | states[1].keys() if states[0].get(path) != states[1].get(path))


def _is_from(reads: frozenset[str], changed: frozenset[str]) -> bool:
    """Whether any of these files was looked at, or is in a folder that was listed."""
    folders = tuple(path for path in reads if path.endswith("/"))
    return not reads.isdisjoint(changed) or any(path.startswith(folders) for path in changed)


def _state(path: Path) -> object:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else path.is_dir() or path.as_posix()


def _built(project: Project, file: DataFile, choice: job.OutputChoice) -> list[job.Result]:
    return [replace(one, seconds={}) for one in job.build_files(project, [(file, choice)], DAY, None)]


def _outcome(work: Work, project: Project) -> object:
    try:
        return work(project)
    except FindingsError as error:
        return type(error), error.findings
    except ToolError as error:
        return str(error)


def difference(wanted: object, found: object) -> str:
    """The first places where two outcomes differ, for people."""
    one, other = (repr(value).replace("), ", "),\n").split("\n") for value in (wanted, found))
    differing = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    return f"{len(one)} / {len(other)}: " + "\n   ".join(f"{a[:700]}\n ≠ {b[:700]}" for a, b in differing[:2])


def same(root: Path, **about: Any) -> Compared:
    """Compares all jobs of a project. Raises AssertionError where something else comes of one."""
    with another_machine():
        compared = Compared(root, **about).built().checked().units()
    assert not compared.differences, "\n".join(compared.differences)
    return compared
