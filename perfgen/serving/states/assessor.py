"""Checks the files of a project, a few at a time: in a process of its own, which keeps its snapshot and what it found.

Files of the newest year come first. What was kept is believed where its key is right, which takes no reading of YAML;
which other files a file looks at is only found anew where a file came or went, or what others find it by changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from perfgen.build import check_batch
from perfgen.check import units
from perfgen.check.all_units import Extract
from perfgen.check.looked import Looked
from perfgen.check.units import UnitList
from perfgen.findings import DataError, FindingsError
from perfgen.form import forms
from perfgen.project import invocation
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.report import site
from perfgen.report.site import Site
from perfgen.serving.states import kept
from perfgen.serving.states.kept import Judged
from perfgen.serving.states.made_of import Keys
from perfgen.serving.states.report import Report, Shown, missing, shown
from perfgen.serving.states.state import EVER, State
from perfgen.status import collect
from perfgen.system import day

_SECONDS = 0.4
"""How long a part of the work takes at least, so that a file that was changed meanwhile waits no longer."""
_AT_ONCE = 4
"""How many files are checked in one go."""
_SAVED_AFTER = 20.0
"""Seconds after which what was found is kept, though not all is done."""

_assessor: Assessor | None = None


def assess(root: Path, visit: str, state: invocation.State, changed: frozenset[str]) -> Report:
    """Does a part of the work on a project, where these files changed since the last part; gives what came of it.

    `visit` tells the visits of this process from another.
    """
    global _assessor  # noqa: PLW0603  # this process has nothing else to do
    invocation.resume(state)
    if _assessor is None or _assessor.visit != visit:
        _assessor = Assessor(root, visit)
    else:
        _assessor.change(changed)
    return _assessor.work(_SECONDS)


class Assessor:
    """What is known of a project's files, and what is still to be done."""

    def __init__(self, root: Path, visit: str = "") -> None:
        self.visit = visit
        self.project = Project.on_disk(root)
        self.today = day.find()
        found = kept.read(self.project)
        self.states, self.years = found.states, found.years
        self.extracts: dict[str, Extract | None] = {}
        """By file that was read in this visit; None of one that cannot be computed with."""
        self._told: dict[str, object] = {}
        self._saved = time.monotonic()
        self._is_new = self._is_untold = False
        self._doubtful: dict[DataFile, None] = {}
        self._begin()

    def change(self, paths: frozenset[str]) -> None:
        """Takes notice that files have changed."""
        if paths:
            self.project = self.project.with_changes(paths)
            self._begin()

    def _begin(self) -> None:
        """Finds what is to be done."""
        self.files = sorted(self.project.data_files()[0], key=lambda file: (file.year, file.path))
        self.files.sort(key=lambda file: file.year, reverse=True)
        self.keys = Keys(self.project)
        self.settings, self.listed, self.troubles = _settings(self.project)
        sources = {file.source: file for file in self.files}
        for source in self.states.keys() | self.extracts.keys():
            if source not in sources:
                self.states.pop(source, None)
                self.extracts.pop(source, None)
                self._doubtful = dict.fromkeys(self.files)
        self.waiting = dict.fromkeys(file for file in self.files if not self._is_known(file))
        if any(file.source not in self.states for file in self.waiting):
            self._doubtful = dict.fromkeys(self.files)

    def _is_known(self, file: DataFile) -> bool:
        state = self.states.get(file.source)
        return state is not None and state.key == self.keys.key(file, state.needs)

    def work(self, seconds: float) -> Report:
        """Works for so long, or until all is done."""
        end = time.monotonic() + seconds
        is_done = False
        try:
            while not is_done and time.monotonic() < end and not self._is_to_tell():
                is_done = not self._step()
        except FindingsError as error:  # a form that is broken
            self.troubles = [str(finding) for finding in error.findings[:3]]
            is_done = True
        if is_done or time.monotonic() > self._saved + _SAVED_AFTER:
            self._save()
        return self._report(is_done=is_done)

    def _is_to_tell(self) -> bool:
        """Whether somebody waits for the files alone; the rules over all units may take seconds."""
        return self._is_untold and not self.waiting and not self._doubtful

    def _step(self) -> bool:
        """Does the next piece of work; gives whether there was any."""
        if self.waiting:
            self._check([file for file, _ in zip(self.waiting, range(_AT_ONCE), strict=False)])
        elif self._doubtful:
            file = next(iter(self._doubtful))
            del self._doubtful[file]
            if self.keys.needs(file) != self.states[file.source].needs:
                self.waiting[file] = None
        else:
            return self._judge()
        return True

    def _check(self, files: list[DataFile]) -> None:
        """Checks some files alone."""
        needs = {file: self.keys.needs(file) for file in files}
        heads = {file: self.keys.heads(file) for file in files}
        checked, extracts = check_batch.check_each(self.project, files)
        self.extracts |= {file.source: None for file in files} | {one.file.source: one for one in extracts}
        self._is_new = self._is_untold = True
        for looked in checked.looked:
            file = looked.file
            before = self.states.get(file.source)
            if before is not None and before.heads != heads[file]:
                self._doubtful = dict.fromkeys(self.files)
            findings = [finding for finding in checked.findings if finding.place.file == file.source]
            row = collect.file_row(self.project, self.settings, self.listed, looked, findings=findings, today=EVER)
            key = self.keys.key(file, needs[file])
            self.states[file.source] = State(row, looked.subject, looked.continues, key, needs[file], heads[file])
        for file in files:
            del self.waiting[file]

    def _judge(self) -> bool:
        """Judges the next year by the rules over all units; gives whether one was left."""
        for year in dict.fromkeys(file.year for file in self.files):
            around = [file for file in self.files if file.year in (year, _before(year))]
            key = digest("\n".join(self.states[file.source].key for file in around).encode())
            if year in self.years and self.years[year].key == key:
                continue
            if unread := [file for file in around if file.source not in self.extracts]:
                self._extract(unread[:_AT_ONCE])
            else:
                self.years[year] = Judged(key, dict(self._counted(year, around)))
                self._is_new = True
            return True
        return False

    def _extract(self, files: list[DataFile]) -> None:
        """Takes out of files whose state is known what the rules over all units need of them."""
        _, extracts = check_batch.check_each(self.project, (), files)
        self.extracts |= {file.source: None for file in files} | {one.file.source: one for one in extracts}

    def _counted(self, year: str, around: Iterable[DataFile]) -> Iterator[tuple[str, tuple[int, int]]]:
        if not any(form.rules.all_units for form in forms.loaded(self.project)):
            return
        extracts = [one for file in around if (one := self.extracts[file.source])]
        findings = list(check_batch.of_all_units(self.project, extracts))
        for source in sorted({finding.place.file for finding in findings}):
            file = DataFile.parse(source)
            if file and file.year == year and any(collect.counts(findings, file)):
                yield source, collect.counts(findings, file)

    def _save(self) -> None:
        if self._is_new:
            kept.save(self.project, kept.Kept(self.states, self.years))
        self._is_new = False
        self._saved = time.monotonic()

    def _report(self, *, is_done: bool) -> Report:
        """What is new since the last report."""
        newest = max((file.year for file in self.files if file.year.isdigit()), key=int, default="")
        told: dict[str, Shown] = {}
        for file in self.files:
            if file not in self.waiting and (state := self.states.get(file.source)):
                judged = self.years.get(file.year)
                errors, warnings = judged.counts.get(file.source, (0, 0)) if judged else (0, 0)
                made_of = (state, errors, warnings, file.year == newest)
                if self._told.get(file.source) != made_of:
                    self._told[file.source] = made_of
                    row = state.on(self.today, errors, warnings, is_newest=file.year == newest)
                    told[file.source] = shown(state, row)
        there = {file.source for file in self.files}
        gone = [source for source in self._told if source not in there]
        for source in gone:
            del self._told[source]
        self._is_untold = False
        lacking = self._missing(newest) if is_done and newest and not self.troubles else None
        return Report(told, gone, lacking, len(self.waiting), len(self.files), is_done, self.troubles)

    def _missing(self, year: str) -> list[dict[str, str]]:
        """What there should be of a year, and is not there."""
        looked: list[Looked] = [self.states[file.source].looked for file in self.files if file.year == year]
        return missing(self.project, year, self.listed, looked)


def _before(year: str) -> str:
    return str(int(year) - 1) if year.isdigit() else ""


def _settings(project: Project) -> tuple[Site, UnitList, list[str]]:
    """The settings of the site and the list of units, empty where they are wrong; and what is wrong with them."""
    troubles: list[str] = []
    settings, listed = Site({}, project=project), UnitList()
    try:
        settings = site.load_site(project)
    except DataError as error:
        troubles += [str(finding) for finding in error.findings[:1]]
    try:
        listed = units.load_units(project)
    except DataError as error:
        troubles += [str(finding) for finding in error.findings[:1]]
    return settings, listed, troubles
