"""An executor that does each job with the files that travel with it and nothing else, in this process."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar, cast

from perfgen.project.parcel import Parcel, delivered
from perfgen.project.snapshot import Project
from perfgen.system import dispatch

_Result = TypeVar("_Result")
_P = ParamSpec("_P")
TRIES = 3


class Apart(dispatch.Elsewhere):
    """As a cluster does: what goes there and comes back is pickled; `deadly` bytes in a job end whoever does it."""

    in_flight = 6

    def __init__(self, deadly: bytes | None = None) -> None:
        self.deadly = deadly
        self.jobs = 0
        self.travelled: set[str] = set()
        """The paths of all files that were sent."""

    def carried(self, project: Project, paths: tuple[str, ...]) -> Project:
        """A parcel."""
        return cast(Project, Parcel(project, paths))

    def submit(self, fn: Callable[_P, _Result], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_Result]:
        """Does a job at once."""
        self.jobs += 1
        parcels = [cast(Any, one) for one in args if isinstance(one, Parcel)]
        files = [(path, found, parcel.project) for parcel in parcels for path, found in parcel.files]
        self.travelled.update(path for path, _, _ in files)
        job = pickle.dumps((fn, args, kwargs))
        future: Future[_Result] = Future()
        if self.deadly and self.deadly in job:
            future.set_exception(dispatch.WorkerDiedError(TRIES))
            return future
        with delivered({found: project.read(path) for path, found, project in files}):
            work, given, named = pickle.loads(job)
        try:
            future.set_result(pickle.loads(pickle.dumps(work(*given, **named))))
        except Exception as error:  # as a pool hands it back
            future.set_exception(error)
        return future
