"""The versions of a data file that a published file may be of: the one on the disk, then the commits, newest first.

A commit counts that changed the file, or what its public data is computed and printed from: the files that it refers
to, the forms, the Word template, the settings of the site.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from perfgen.check import loading
from perfgen.findings import FindingsError
from perfgen.project.layout import DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.data_links import DataLinks
from perfgen.report.report import TABLE_TEMPLATE
from perfgen.system import git, git_history
from perfgen.system.commit_tree import CommitTree
from perfgen.system.git_history import Commit

MOST_COMMITS = 300
"""So many commits of a file are compared with; who publishes once a year has not so many."""


@dataclass(frozen=True)
class Candidate:
    """A version of a data file."""

    file: DataFile
    commit: Commit | None
    """None is the file on the disk."""
    state: git.FileState = git.FileState.COMMITTED
    """How the file on the disk stands to the last commit."""
    data: tuple[str, ...] = ()
    """What git calls the content of the file and of those that its data comes from; nothing for the disk."""
    forms: tuple[str, ...] = ()
    """The same of the forms and the Word template."""

    @property
    def day(self) -> str:
        """The date of its commit (ISO); empty for the file on the disk."""
        return self.commit.date[:10] if self.commit else ""


@dataclass(frozen=True)
class Reading:
    """A way to read a candidate: the project that holds it, and what tells equal readings."""

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
        self.forms_here: set[tuple[str, ...]] = set()
        """What git calls the forms and Word templates of the last commit, where the work tree has the very same."""
        self._forms: dict[tuple[str, ...], Project] = {}
        self._is_unchanged = self.has_commits and self._has_unchanged_forms()

    def _has_unchanged_forms(self) -> bool:
        folders = (SCHEMA_FOLDER, TEMPLATE_FOLDER)
        committed = git.in_commit(self.root, "HEAD", folders)
        return not git.changed(self.root, committed, git.in_work_tree(self.root, folders, committed))

    def of(self, file: DataFile, forms: Iterable[str]) -> list[Candidate]:
        """The versions of a data file that is of one of some forms, by name. Raises ToolError where git fails."""
        found = []
        if self.project.holds(file.source):
            state = git.state_of(self.root / file.source) if self.has_commits else git.FileState.NO_HISTORY
            found.append(Candidate(file, None, state))
        return [*found, *self._committed(file, forms)] if self.has_commits else found

    def _committed(self, file: DataFile, forms: Iterable[str]) -> list[Candidate]:
        """The versions that commits have, in two calls of git."""
        data = self._made_from(file)
        printing = [SCHEMA_FOLDER, *(f"{TEMPLATE_FOLDER}/{name}/{TABLE_TEMPLATE}" for name in forms)]
        paths = [*data, *printing]
        commits = git_history.commits_that_changed(self.root, "HEAD", paths)
        self.is_cut |= len(commits) > MOST_COMMITS
        commits = commits[:MOST_COMMITS]
        if self._is_unchanged:
            self.forms_here.add(tuple(git.names(self.root, [f"HEAD:./{path}" for path in printing])))
        names = git.names(self.root, [f"{commit.name}:./{path}" for commit in commits for path in paths])
        rows = [names[at : at + len(paths)] for at in range(0, len(names), len(paths))]
        return [
            Candidate(file, commit, data=tuple(row[: len(data)]), forms=tuple(row[len(data) :]))
            for commit, row in zip(commits, rows, strict=True)
            if row[0]
        ]

    def _made_from(self, file: DataFile) -> list[str]:
        """The paths of the files that the public data of a data file comes from; the file itself first."""
        links = DataLinks(self.project)
        others = [*(other for link in links.of(file) for other in link.files), *links.further(file)]
        settings = [site.FILE] if others else []
        return list(dict.fromkeys([file.source, *(other.source for other in others), *settings]))

    def reading(self, candidate: Candidate) -> Reading:
        """A version read by the forms of the work tree."""
        if candidate.commit is None:
            return Reading(self.project, own_forms=False, key=(candidate.file, None))
        data = self.project.with_folder(DATA, CommitTree(self.root, candidate.commit.name))
        return Reading(data, own_forms=False, key=(candidate.file, candidate.data))

    def own_reading(self, candidate: Candidate) -> Reading:
        """A version read by the forms of its commit; the file on the disk, by those there."""
        if candidate.commit is None:
            return self.reading(candidate)
        data = CommitTree(self.root, candidate.commit.name)
        if candidate.forms not in self._forms:
            self._forms[candidate.forms] = self._with_forms(data, candidate.file)
        own = self._forms[candidate.forms].with_folder(DATA, CommitTree(self.root, candidate.commit.name))
        return Reading(own, own_forms=True, key=(candidate.file, candidate.data, candidate.forms))

    def _with_forms(self, data: CommitTree, file: DataFile) -> Project:
        """The project of a commit, with the form of a data file read: others with the same forms then share it."""
        project = Project(data, self.root)
        with suppress(FindingsError):  # whoever reads the file is told
            loading.named_form(project, file)
        return project
