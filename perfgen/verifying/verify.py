"""Verifies a published file: reads it back, and looks for the versions of its data that publish the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from perfgen.findings import FindingsError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report.report import Edition
from perfgen.verifying import edition, sources
from perfgen.verifying.candidates import Candidate, History, Reading
from perfgen.verifying.compare import Difference, differences
from perfgen.verifying.content import Content, UnreadableError
from perfgen.verifying.outcome import Outcome, Status, Version
from perfgen.verifying.read import read
from perfgen.verifying.same_bytes import Outputs

_MOST_FORMS = 30
"""So many forms of the past are tried: to read one takes a second."""


class Verifier:
    """Verifies files against a project; what is found out for one of them serves the next."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.outputs = Outputs(project.root)
        self.history = History(project)

    def verify(self, file: str, content: bytes) -> Outcome:
        """What comes of a file; `file` is its name in messages.

        Raises FormError for a broken form of the work tree, ToolError where git fails or a library is missing.
        """
        same_bytes = self.outputs.same(content)
        try:
            said = read(content, self.project)
        except UnreadableError as error:
            if same_bytes:
                return Outcome(file, error.kind, Status.SAME, same_bytes, remarks=(f"{error}，只比了字节。",))
            return Outcome(file, error.kind, Status.UNREADABLE, trouble=str(error), hint=error.hint)
        search = _Search(self.history, said)
        search.look(sources.here(self.project, said.heads))
        if not search.run:
            search.look(sources.of_the_past(self.project, said.heads))
        if not search.run:
            search.look_by_own_forms()
        return replace(_outcome(file, said, search), same_bytes=same_bytes)


@dataclass(frozen=True)
class _Judged:
    """What came of one way to read a version: what differs, from which edition."""

    differences: tuple[Difference, ...]
    is_official: bool


class _Search:
    """Looks through versions of data files for one that publishes what a file says."""

    def __init__(self, history: History, said: Content) -> None:
        self.history, self.said = history, said
        self.seen: dict[DataFile, list[Candidate]] = {}
        """By data file, its versions."""
        self.run: list[Version] = []
        self.nearest: Version | None = None
        self.compared = 0
        self.has_more = False
        self._known: dict[Hashable, _Judged | None] = {}
        self._broken: dict[Hashable, FindingsError] = {}

    @property
    def unreadable(self) -> int:
        """How many different versions could not be read."""
        return len(self._broken)

    def look(self, files: Iterable[DataFile]) -> None:
        """Looks through the versions of some files, by the forms of now, until a run of equal ones has ended."""
        for file in files:
            if file in self.seen:
                continue
            if len(self.seen) >= sources.MOST_FILES:
                self.has_more = True
                return
            self.seen[file] = self.history.of(file, dict.fromkeys(one.form for one in self.said.heads))
            self._look_through(self.seen[file])
            if self.run:
                return

    def _look_through(self, candidates: list[Candidate]) -> None:
        for candidate in candidates:
            version = self._version(candidate, self.history.reading(candidate))
            if version and not version.differences:
                self.run.append(version)
            elif any(same.candidate.commit for same in self.run):
                return

    def look_by_own_forms(self) -> None:
        """Looks at the versions again, each by the forms of its commit: the newest and the oldest of equal ones first.

        Forms take long to read, so that not many are tried.
        """
        wanted = self._told_apart()
        self.has_more |= len(wanted) > _MOST_FORMS
        for candidate in wanted[:_MOST_FORMS]:
            version = self._version(candidate, self.history.own_reading(candidate))
            if version and not version.differences:
                same = [
                    other
                    for other in self.seen[candidate.file]
                    if (other.data, other.forms) == (candidate.data, candidate.forms)
                ]
                self.run = [replace(version, candidate=other) for other in same]
                return

    def _told_apart(self) -> list[Candidate]:
        """One of each kind of versions, by data and forms; first those where the data began or ended to be so."""
        ends: dict[Hashable, Candidate] = {}
        others: dict[Hashable, Candidate] = {}
        for candidates in self.seen.values():
            committed = [candidate for candidate in candidates if candidate.commit]
            for at, candidate in enumerate(committed):
                around = committed[max(at - 1, 0) : at] + committed[at + 1 : at + 2]
                is_end = len(around) < 2 or any(other.data != candidate.data for other in around)
                (ends if is_end else others).setdefault((candidate.file, candidate.data, candidate.forms), candidate)
        found = {**ends, **{key: one for key, one in others.items() if key not in ends}}
        return [candidate for candidate in found.values() if candidate.forms not in self.history.forms_here]

    def _version(self, candidate: Candidate, reading: Reading) -> Version | None:
        """How the file compares with a version read in one way; None where it cannot be read, or is of another unit."""
        try:
            judged = self._judged(candidate, reading)
        except FindingsError as error:
            self._broken[reading.key] = error
            return None
        if judged is None:
            return None
        self.compared += not reading.own_forms
        version = Version(candidate, judged.differences, reading.own_forms, judged.is_official)
        if version.differences and (self.nearest is None or len(version.differences) < len(self.nearest.differences)):
            self.nearest = version
        return version

    def _judged(self, candidate: Candidate, reading: Reading) -> _Judged | None:
        """The same for one way to read it, which is done once. Raises FindingsError where it cannot be read."""
        if reading.key in self._broken:
            raise self._broken[reading.key].with_traceback(None)
        if reading.key not in self._known:
            best: _Judged | None = None
            for report in edition.reports(reading.project, candidate.file, self.said.heads):
                found = differences(self.said, report)
                if found is not None and (best is None or len(found) < len(best.differences)):
                    best = _Judged(tuple(found), report.edition is Edition.OFFICIAL)
            self._known[reading.key] = best
        return self._known[reading.key]


def _outcome(file: str, said: Content, search: _Search) -> Outcome:
    """What to say of a search."""
    status = Status.SAME if search.run else Status.DIFFERENT if search.nearest else Status.UNKNOWN
    outcome = Outcome(
        file,
        said.kind,
        status,
        heads=said.heads,
        run=tuple(search.run),
        nearest=None if search.run else search.nearest,
        says_twice=said.values is not None and said.printed is not None,
        compared=search.compared,
        remarks=(*said.remarks, *_remarks(search)),
    )
    return replace(outcome, hint=_hint(outcome, search))


def _remarks(search: _Search) -> Iterable[str]:
    """What is to be said of where was looked."""
    if not search.history.has_commits:
        yield "这里没有 git 的历史，只和现在的文件比过。"
    elif search.history.is_shallow:
        yield "这是浅克隆，更早的提交不在这里，没有比。"
    if search.history.is_cut:
        yield "提交太多，只比了最近的一些。"
    if search.has_more:
        yield "对得上的数据文件，或者以前的表，太多了，没有全比。"
    if search.unreadable and not search.run:
        yield f"有 {search.unreadable} 个版本的数据读不出来，没有比。"


def _hint(outcome: Outcome, search: _Search) -> str:
    """What to do first."""
    if outcome.status is Status.SAME:
        return ""
    if search.history.is_shallow:
        return "先取全历史再核对：git fetch --unshallow。"
    if outcome.status is Status.UNKNOWN:
        return "先看是不是拿错了仓库，或者文件里的单位、年度被改过。"
    return "先问这份文件从哪里来；网上放着的是它，就换成 build/public/ 里的。"
