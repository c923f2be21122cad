"""Many forms read in other processes before their turn; what comes of each is as if it were read when it is its turn.

A form is read against the data files that are there when its job is handed out. Those that earlier forms have become
meanwhile may matter to it (an earlier year, a file that it refers to): a job says what it looked at, and where a file
has come that it would have seen, the form is read again here. Where jobs run elsewhere, a form travels with the files
that the forms before it looked at, and the data files that its own name speaks of: each of them once a worker. If there
was more to see in the project, it is read again here as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

from perfgen.findings import PerfgenError, ToolError
from perfgen.importing import which_form
from perfgen.importing.import_file import ImportOrder
from perfgen.importing.sent import Sent
from perfgen.importing.sources import Source
from perfgen.importing.targets import Target
from perfgen.project import invocation, noted
from perfgen.project.snapshot import Project
from perfgen.review import form_reading, take_in
from perfgen.review.brought import NewData
from perfgen.review.form_reading import Reading
from perfgen.review.needed_data import NeededData
from perfgen.system import dispatch, executor, unpack

_Made: TypeAlias = tuple[Sent, Path, str, NewData] | PerfgenError
_Answer: TypeAlias = tuple[_Made, frozenset[str]]
"""What came of a form, or why it cannot be read; and what of the project was looked at."""


@dataclass(frozen=True)
class _Job:
    """A form to be read, in whatever process."""

    form: form_reading.Form
    said: Mapping[str, Any]
    """What the caller says beforehand: the fields of an order, without its project."""
    target: Target
    root: Path
    state: invocation.State

    def done(self, project: Project) -> _Answer:
        """Reads the form."""
        invocation.resume(self.state)
        with project.noting() as looked_at:
            made = self._made(ImportOrder(project, **self.said))
        return made, frozenset(looked_at)

    def _made(self, order: ImportOrder) -> _Made:
        try:
            reading = self.form.read(order, self.target, self.root)
        except PerfgenError as error:
            return error
        return Sent.of(reading.imported), reading.path, reading.shown, reading.new


@dataclass
class _Turn:
    """A file whose turn comes."""

    source: Source
    seen: Collection[str] | None = None
    """The files that its job has; None where it has all of the project."""
    written: int = 0
    """How many data files had been written when its job was handed out."""


class ReadAhead:
    """Reads the forms of an import in other processes, in the order of the files."""

    def __init__(self, pool: Executor, order: ImportOrder, target: Target, in_flight: int) -> None:
        """`in_flight` is how many forms are read at a time at most, where that is in this machine."""
        self.pool = pool
        self.order, self.target = order, target
        self._in_flight = in_flight
        self._written: list[str] = []
        self._needed = NeededData(order.project)

    def written(self, order: ImportOrder, path: str) -> None:
        """Hears that a data file was written, and by which order the next forms are read."""
        self.order = order
        self._written.append(path)
        self._needed.add(order.project, path)

    def each(self, sources: Iterable[Source]) -> Iterator[tuple[Source, take_in.Read]]:
        """Each file when it is its turn, with the way to read it.

        Raises ToolError where nobody is there any more to read forms; `begun` raises it where a worker of this machine
        died.
        """
        for turn, future in dispatch.run(self.pool, map(_Turn, sources), self._submit, in_flight=self._in_flight):
            yield turn.source, self._way(turn, future)

    def _submit(self, pool: Executor, turn: _Turn) -> Future[_Answer | None]:
        """Hands a file out; None comes back of one that cannot be read ahead."""
        project = self.order.project
        turn.written = len(self._written)
        job = self._job(turn.source)
        if job is None:
            return _finished(None)
        if not isinstance(pool, dispatch.Elsewhere):
            return pool.submit(job.done, project)
        if not self._needed.is_known:
            answer = job.done(project)
            self._needed.learn(project, answer[1])
            return _finished(answer)
        turn.seen = self._needed.of(project, turn.source.name)
        if turn.seen is None:
            return _finished(None)
        return pool.submit(job.done, dispatch.lent(pool, project, lambda: turn.seen or ()))

    def _job(self, source: Source) -> _Job | None:
        """The job of a file; None for one that is said to be none when it is its turn."""
        try:
            content = source.content()
        except ToolError:
            return None
        if len(content) > unpack.MAX_FILE:
            return None
        said = {one.name: getattr(self.order, one.name) for one in fields(self.order) if one.name != _PROJECT}
        form = form_reading.Form(source.name, content, source.by_office)
        return _Job(form, said, replace(self.target, written={}), self.order.project.root, invocation.state())

    def _way(self, turn: _Turn, future: Future[_Answer | None]) -> take_in.Read:
        """How a file is read whose job is done: by what came back, or now."""
        try:
            answer = future.result()
        except dispatch.WorkerDiedError as error:
            return _Died(error.tries).read
        except (PerfgenError, BrokenProcessPool):
            raise
        except Exception:  # a fault of perfgen's is the same here, and is told with the place where it was raised
            return take_in.read_now
        if answer is None or self._is_stale(turn, answer[1]):
            return take_in.read_now
        return _Back(answer[0]).read

    def _is_stale(self, turn: _Turn, looked_at: frozenset[str]) -> bool:
        """Whether a job would have seen more now than it has."""
        project = self.order.project
        if turn.seen is not None:
            self._needed.learn(project, looked_at)
            if noted.unseen(looked_at, project, turn.seen):
                return True
        return noted.touches(looked_at, project, self._written[turn.written :])


_PROJECT = "project"


def _finished(answer: _Answer | None) -> Future[_Answer | None]:
    future: Future[_Answer | None] = Future()
    future.set_result(answer)
    return future


@dataclass(frozen=True)
class _Back:
    """What came back of a file."""

    made: _Made

    def read(self, _source: Source, order: ImportOrder, _target: Target) -> Reading:
        """The form as it was read elsewhere. Raises what was raised there."""
        if isinstance(self.made, PerfgenError):
            raise self.made
        sent, path, shown, new = self.made
        return Reading(sent.taken_back(order.project), path, shown, new)


@dataclass(frozen=True)
class _Died:
    """A file that ended whoever read it."""

    tries: int

    def read(self, source: Source, _order: ImportOrder, _target: Target) -> Reading:
        """Raises ToolError."""
        here = invocation.command("import", source.name)
        raise ToolError(
            f"读它的工作进程每次都被终止（试了 {self.tries} 次），先放下了；别的都读了。"
            f"可能是内存不够，或者文件有毛病；在本机上单独导入它看：{here}"
        )


_FILES_FOR_A_PROCESS = 4
"""With fewer files than this, a process costs more to start than it saves."""
_AHEAD = 3
"""So many forms are read before their turn for each process: the fewer, the less has come meanwhile that matters."""


@contextmanager
def begun(
    pool: Executor | None, jobs: int | None, order: ImportOrder, target: Target, count: int
) -> Iterator[ReadAhead | None]:
    """Reads `count` forms with an executor, or in `jobs` processes; None where each is read here when it is its turn.

    None for `jobs` chooses by machine and number of files.
    """
    processes = min(executor.cores(), count // _FILES_FOR_A_PROCESS) if jobs is None else jobs
    if count <= 1 or (pool is None and processes <= 1):
        yield None
        return
    if pool is None:
        with suppress(Exception):  # whatever it is, it comes again with the form that is read first
            which_form.prepare(order.project, order.form)  # for the copies of this process, once
    with order.project.shared(), dispatch.given(pool, jobs, count) as running:
        yield ReadAhead(running, order, target, _AHEAD * max(processes, 1))
