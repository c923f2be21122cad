"""Verifies a published file: reads it back, and looks for the versions of its data that publish the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from perfgen.findings import FindingsError
from perfgen.project import invocation
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
        search = _Search(self.project, self.history, said)
        search.look(sources.here(self.project, said.heads))
        if not search.run:
            search.look(self._of_the_past(said, search.seen))
        return replace(_outcome(file, said, search), same_bytes=same_bytes)

    def _of_the_past(self, said: Content, seen: Iterable[DataFile]) -> list[DataFile]:
        known = set(seen)
        return [file for file in sources.of_the_past(self.project, said.heads) if file not in known]


@dataclass(frozen=True)
class _Judged:
    """What came of one way to read a version: what differs, from which edition."""

    differences: tuple[Difference, ...]
    is_official: bool


class _Search:
    """Looks through versions of data files for one that publishes what a file says."""

    def __init__(self, project: Project, history: History, said: Content) -> None:
        self.project, self.history, self.said = project, history, said
        self.seen: list[DataFile] = []
        self.run: list[Version] = []
        self.nearest: Version | None = None
        self.compared = self.unreadable = 0
        self.has_more = False
        self._known: dict[Hashable, _Judged | None] = {}

    def look(self, files: Iterable[DataFile]) -> None:
        """Looks through the versions of some files, until a run of versions that are the same has ended."""
        for file in files:
            if len(self.seen) >= sources.MOST_FILES:
                self.has_more = True
                return
            self.seen.append(file)
            self._look_through(file)
            if self.run:
                return

    def _look_through(self, file: DataFile) -> None:
        for candidate in self.history.of(file):
            version = self._version(candidate)
            if version is None:
                continue
            self.compared += 1
            if not version.differences:
                self.run.append(version)
            elif any(same.candidate.commit for same in self.run):
                return
            elif self.nearest is None or len(version.differences) < len(self.nearest.differences):
                self.nearest = version

    def _version(self, candidate: Candidate) -> Version | None:
        """How the file compares with a version, read in the way in which least differs; None where it cannot be."""
        best: Version | None = None
        could_read = False
        for reading in self.history.readings(candidate):
            try:
                judged = self._judged(candidate, reading)
            except FindingsError:
                continue
            could_read = True
            if judged and (best is None or len(judged.differences) < len(best.differences)):
                best = Version(candidate, judged.differences, reading.own_forms, judged.is_official)
            if best and not best.differences:
                break
        self.unreadable += not could_read
        return best

    def _judged(self, candidate: Candidate, reading: Reading) -> _Judged | None:
        """The same for one way to read it, which is done once. Raises FindingsError where it cannot be read."""
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
        yield f"对得上的数据文件太多，只比了 {sources.MOST_FILES} 个。"
    if search.unreadable:
        yield f"有 {search.unreadable} 个版本的数据读不出来，没有比。"


def _hint(outcome: Outcome, search: _Search) -> str:
    """What to do first."""
    if outcome.status is Status.SAME:
        return ""
    if search.history.is_shallow:
        return "先取全历史再核对：git fetch --unshallow。"
    if outcome.status is Status.UNKNOWN:
        return "先看是不是拿错了仓库，或者文件里的单位、年度被改过。"
    source = outcome.nearest.candidate.file.source if outcome.nearest else ""
    return (
        f"先看上面几处：不是这里公开的，就问文件从哪里来；是这里的，运行 {invocation.command('build', source)} 再公开。"
    )
