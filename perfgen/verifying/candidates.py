"""The versions of a data file that a published file may be of: the one on the disk, then the commits, newest first.

A commit counts that changed the file, or what its public data is computed and printed from: the files that it refers
to, the forms, the templates, the settings of the site.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from perfgen.check import loading
from perfgen.findings import FindingsError
from perfgen.project.layout import DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.data_links import DataLinks
from perfgen.system import git, git_history
from perfgen.system.commit_tree import CommitTree
from perfgen.system.git_history import Commit

MOST_COMMITS = 300
"""So many commits of a file are compared with; who publishes once a year has not so many."""
_FORMS = (SCHEMA_FOLDER, TEMPLATE_FOLDER)


@dataclass(frozen=True)
class Candidate:
    """A version of a data file, and the ways to read it: each a project, and what it is read from."""

    file: DataFile
    commit: Commit | None
    """None is the file on the disk."""
    state: git.FileState = git.FileState.COMMITTED
    """How the file on the disk stands to the last commit."""

    @property
    def day(self) -> str:
        """The date of its commit (ISO); empty for the file on the disk."""
        return self.commit.date[:10] if self.commit else ""


@dataclass(frozen=True)
class Reading:
    """A way to read a candidate: the project that holds it, with whose forms, and what tells equal readings."""

    project: Project
    own_forms: bool
    """Whether it is read by the forms of its commit, and not by those of the work tree."""
    key: Hashable


class History:
    """The versions of the data files of a project, and how each is read."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.root = project.root
        self.has_commits = git.head(project.root) is not None
        self.is_shallow = self.has_commits and git.is_shallow(project.root)
        self.is_cut = False
        """Whether a file had more commits than are looked at."""
        self._paths: dict[DataFile, list[str]] = {}
        self._forms: dict[tuple[str, ...], Project] = {}
        self._forms_here = self._unchanged_forms() if self.has_commits else ()

    def _unchanged_forms(self) -> tuple[str, ...]:
        """The names of the last commit's forms where the work tree has the very same; nothing where it has not."""
        committed = git.in_commit(self.root, "HEAD", _FORMS)
        on_disk = git.in_work_tree(self.root, _FORMS, committed)
        return () if git.changed(self.root, committed, on_disk) else self._forms_of("HEAD")

    def _forms_of(self, commit: str) -> tuple[str, ...]:
        return tuple(git.names(self.root, [f"{commit}:./{folder}" for folder in _FORMS]))

    def of(self, file: DataFile) -> Iterator[Candidate]:
        """The versions of a data file. Raises ToolError where git fails."""
        commits = self._commits(file) if self.has_commits else []
        self.is_cut |= len(commits) > MOST_COMMITS
        if self.project.holds(file.source):
            state = git.state_of(self.root / file.source) if self.has_commits else git.FileState.NO_HISTORY
            yield Candidate(file, None, state)
        for commit in commits[:MOST_COMMITS]:
            yield Candidate(file, commit)

    def _commits(self, file: DataFile) -> list[Commit]:
        return git_history.commits_that_changed(self.root, "HEAD", [*self._made_from(file), *_FORMS])

    def _made_from(self, file: DataFile) -> list[str]:
        """The paths of the files that the public data of a data file comes from; the file itself first."""
        if file not in self._paths:
            self._paths[file] = self._look_for(file)
        return self._paths[file]

    def _look_for(self, file: DataFile) -> list[str]:
        links = DataLinks(self.project)
        others = [*(other for link in links.of(file) for other in link.files), *links.further(file)]
        settings = [site.FILE] if others else []
        return [file.source, *(other.source for other in others), *settings]

    def readings(self, candidate: Candidate) -> Iterator[Reading]:
        """The ways to read a version, with the forms of the work tree first. Raises ToolError where git fails."""
        if candidate.commit is None:
            yield Reading(self.project, own_forms=False, key=(candidate.file, None))
            return
        commit = candidate.commit.name
        paths = self._made_from(candidate.file)
        blobs = tuple(git.names(self.root, [f"{commit}:./{path}" for path in paths]))
        if not blobs[0]:
            return
        data = CommitTree(self.root, commit)
        yield Reading(self.project.with_folder(DATA, data), own_forms=False, key=(candidate.file, blobs))
        forms = self._forms_of(commit)
        if forms != self._forms_here:
            if forms not in self._forms:
                self._forms[forms] = self._with_forms(data, candidate.file)
            own = self._forms[forms].with_folder(DATA, CommitTree(self.root, commit))
            yield Reading(own, own_forms=True, key=(candidate.file, blobs, forms))

    def _with_forms(self, data: CommitTree, file: DataFile) -> Project:
        """The project of a commit, with the form of a data file read: others with the same forms then share it."""
        project = Project(data, self.root)
        with suppress(FindingsError):  # whoever reads the file is told
            loading.named_form(project, file)
        return project
