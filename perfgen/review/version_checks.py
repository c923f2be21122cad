"""What `check` says of many versions of data files, asked in other processes: of a comparison it takes longest.

The versions are read and compared here, as ever; only the findings come from elsewhere, in the order of the files. To
read both years and to compare them takes three quarters of the time, so more than a few processes save nothing more;
and the files are read there once more, so nobody is asked unless it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import TypeAlias

from perfgen.check.standing import Verdicts
from perfgen.findings import Finding, Place
from perfgen.project import invocation
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.project.trees import Disk
from perfgen.review import version_reader
from perfgen.review.version_reader import Asked
from perfgen.system import dispatch

Asking: TypeAlias = tuple[str, Verdicts | None]
"""The path of a data file, and which of its approvals count."""
Needs: TypeAlias = Callable[[Project, Iterable[DataFile]], Iterable[str]]
"""The paths of all files of a project that are needed to check some data files."""

_FILES_IN_A_PART = 4


@dataclass(frozen=True)
class _Part:
    """Some data files to be checked in one go."""

    files: tuple[Asking, ...]
    state: invocation.State

    def each(self) -> list[_Part]:
        """The same file by file."""
        return [replace(self, files=(one,)) for one in self.files]

    def done(self, project: Project) -> list[Asked]:
        """What `check` says of each. Raises FormError, and ToolError for a file that cannot be read."""
        invocation.resume(self.state)
        versions = [version_reader.read_version(project, *one) for one in self.files]
        project.release(DataFile.at(path) for path, _ in self.files)
        return [Asked(version.findings, version.is_sound) for version in versions]

    def died(self, tries: int) -> list[Asked]:
        """What is said of files whose check ended its process each time."""
        return [Asked(died=_died(path, tries)) for path, _ in self.files]


@dataclass(frozen=True)
class VersionChecks:
    """Where `check` is asked: with `pool`, or else in `jobs` processes; here where both are None."""

    pool: Executor | None
    jobs: int | None
    needs: Needs

    def each(self, project: Project, files: Sequence[Asking]) -> Iterator[Asked | None]:
        """What `check` says of each file, in their order; None for one that is to be asked about here.

        Raises FormError, and ToolError where a file cannot be read, or a worker process of this machine was ended.
        """
        is_here = (self.jobs or 1) == 1 or not isinstance(project.tree, Disk)  # git is asked by one process
        if self.pool is None and is_here:
            yield from [None] * len(files)
            return
        numbers = range(0, len(files), _FILES_IN_A_PART)
        parts = [_Part(tuple(files[begin : begin + _FILES_IN_A_PART]), invocation.state()) for begin in numbers]
        with project.shared(), dispatch.given(self.pool, self.jobs, len(parts)) as running:
            for part, future in dispatch.run(running, parts, _Submit(project, self.needs), _Part.each):
                yield from _came(part, future)


@dataclass(frozen=True)
class _Submit:
    """Hands a part out."""

    project: Project
    needs: Needs

    def __call__(self, pool: Executor, part: _Part) -> Future[list[Asked]]:
        files = [DataFile.at(path) for path, _ in part.files]
        return pool.submit(part.done, dispatch.lent(pool, self.project, lambda: self.needs(self.project, files)))


def _came(part: _Part, future: Future[list[Asked]]) -> list[Asked]:
    """What came back of a part."""
    try:
        return future.result()
    except dispatch.WorkerDiedError as error:
        return part.died(error.tries)


def _died(path: str, tries: int) -> Finding:
    message = f"检查它的工作进程每次都被终止（试了 {tries} 次），没有比较；别的都比较了。"
    hint = f"可能是内存不够，或者规则有毛病；在本机上单独检查它看：{invocation.command('check', path)}。"
    return Finding(Place(path), "worker-died", message, hint)
