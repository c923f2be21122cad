"""Jobs on a Dask cluster. Only the modules of this name know Dask, and only where one is asked for.

    with cluster.connected("dask+tls://10.0.0.1:8786", families, told) as pool:
        pool.submit(make, pool.carried(project, paths), …)

Dask schedules: which worker does a job, and that it is done again where its worker died. What is added here: a job
carries the bytes of its files, those that many need as tasks of their own (`cluster_pieces`), which Dask brings to each
worker once; only workers get jobs that have the same programs and fonts (`environment`); and who waits hears of it when
the scheduler or all workers are gone, for which Dask's client would wait.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from perfgen.findings import ToolError, UsageError
from perfgen.project import invocation
from perfgen.project.parcel import Parcel
from perfgen.project.snapshot import Project
from perfgen.system import cluster_address, environment
from perfgen.system.cluster_members import GOES_ON, PATIENCE, Members, Told
from perfgen.system.cluster_pieces import Pieces
from perfgen.system.cluster_task import doing
from perfgen.system.cluster_worker import Answer, Packed
from perfgen.system.dispatch import Elsewhere, WorkerDiedError
from perfgen.system.executor import Inline

if TYPE_CHECKING:
    from distributed import Client

_Result = TypeVar("_Result")
_P = ParamSpec("_P")
_TICK = 0.25
"""Seconds between two looks at which workers there are."""
_MOST_TRIES = 3
"""So often a job is tried that ends its process, or whose workers are all gone; where it ends workers, Dask counts."""
_JOBS_A_THREAD = 2
"""Jobs handed out for each thread: one that runs, and one that is there when it is done."""
_LEAVE = 2.0
"""Seconds that a look at the workers has to end when nobody needs them any more; the scheduler may be silent."""


@contextmanager
def connected(address: str, families: Iterable[str], told: Told, patience: float = PATIENCE) -> Iterator[Cluster]:
    """The cluster at an address, for as long as it is needed; `families` are the fonts that the work needs.

    Raises UsageError for an address that cannot be, ToolError where nobody answers, or no worker may have jobs.
    """
    client = cluster_address.client(address)
    try:
        cluster = Cluster(client, families, told, patience)
        try:
            yield cluster
        finally:
            cluster.shutdown(cancel_futures=True)
    finally:
        with suppress(Exception):  # it is of no use any more, whatever it says
            client.close(timeout=1)


@dataclass(eq=False)
class _Call:
    """A job that is not done yet."""

    packed: Packed
    shared: Mapping[str, bytes]
    """The files that many jobs share, of which it needs these, by their hashes."""
    inner: Future[bytes] | None = None
    """What the cluster has; None where it has to be handed out, for the first time or again."""
    workers: frozenset[str] = frozenset()
    """Those that may do it."""
    tries: int = 0
    """How often it was given up so far."""


class Cluster(Elsewhere):
    """An executor whose jobs run on the workers of a cluster."""

    def __init__(self, client: Client, families: Iterable[str], told: Told, patience: float = PATIENCE) -> None:
        """Looks which workers there are. Raises ToolError where none of them may have jobs."""
        self._members = Members(client, families, told, patience)
        self._executor = client.get_executor(pure=False)
        self._doing = doing()
        self._pieces = Pieces(client)
        self._workers: dict[str, int] = {}
        """The threads of those that are there and may have jobs."""
        self._calls: dict[_Call, Future[Any]] = {}
        """The jobs that are not done, with what those have who wait; none knows the other, so both go at once."""
        self._failure: ToolError | UsageError | None = None
        self._guard = threading.RLock()
        self._is_over, self._wake = threading.Event(), threading.Event()
        self.jobs = 0
        """How many were handed out."""
        self.sent = 0
        """Bytes that travelled with jobs, without those that many share."""
        self.back = 0
        """Bytes that came back."""
        while not self._workers:
            self._workers = self._members.look()
            if not self._workers:
                time.sleep(_TICK)
        self._watcher = threading.Thread(target=self._watch, name="perfgen-cluster", daemon=True)
        self._watcher.start()

    @property
    def in_flight(self) -> int:  # type: ignore[override]  # it changes with the workers
        """How many jobs may be handed out and not yet taken back."""
        return max(_JOBS_A_THREAD, _JOBS_A_THREAD * sum(self._workers.values()))

    @property
    def shared(self) -> int:
        """Bytes of the files that many jobs share, each once."""
        return self._pieces.sent

    def carried(self, project: Project, paths: tuple[str, ...]) -> Project:
        """What stands for a project among a job's arguments: there, it is one of these files alone."""
        return cast(Project, Parcel(project, paths))

    def submit(self, fn: Callable[_P, _Result], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_Result]:
        """Hands a call out to a worker; what needs a file that cannot travel is done here and now."""
        parcels = [one for one in args if isinstance(one, Parcel)]
        if not all(parcel.is_whole for parcel in parcels):
            stayed = [one.project if isinstance(one, Parcel) else one for one in args]
            return Inline().submit(cast(Callable[..., _Result], fn), *stayed, **kwargs)
        own, shared = self._pieces.apart(parcels)
        job = pickle.dumps((fn, args, kwargs))
        call = _Call(Packed(job, own, tuple(shared), invocation.state(), environment.of_code()), shared)
        outer: Future[_Result] = Future()
        with self._guard:
            self._calls[call] = outer
            failure = self._failure
        outer.add_done_callback(lambda _: self._drop(call))
        if failure:
            self._settle(call, failure)
        else:
            self._hand_out(call)
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - as it is called
        """Takes no more jobs, and gives up those that are not done."""
        self._is_over.set()
        self._wake.set()
        with self._guard:
            outers = list(self._calls.values())
        for outer in outers:
            outer.cancel()
        self._watcher.join(_LEAVE)

    def _open(self) -> list[_Call]:
        """The jobs that are not done yet."""
        with self._guard:
            return list(self._calls)

    def _hand_out(self, call: _Call) -> None:
        """Hands a job to Dask, for the workers that are there now; where none is, it waits for one."""
        with self._guard:
            if not self._workers or call.inner or call not in self._calls:
                return
            try:
                inner = call.inner = self._submitted(call)
            except Exception as error:  # a client that has lost its scheduler raises all kinds
                self._settle(call, ToolError(f"集群收不下工作：{type(error).__name__}: {error}。{GOES_ON}"))
                return
        inner.add_done_callback(lambda done: self._ended(call, done))

    def _submitted(self, call: _Call) -> Future[bytes]:
        """The future that Dask has for a job."""
        packed = pickle.dumps(call.packed)
        call.workers = frozenset(self._workers)
        pieces = self._pieces.futures(call.shared)
        self.jobs += 1
        self.sent += len(packed)
        future: Future[bytes] = self._executor.submit(self._doing, packed, *pieces, workers=list(call.workers))
        return future

    def _drop(self, call: _Call) -> None:
        """Forgets a job that is done, or that nobody wants any more."""
        with self._guard:
            self._calls.pop(call, None)
            inner, call.inner = call.inner, None
        if inner:
            inner.cancel()

    def _ended(self, call: _Call, inner: Future[bytes]) -> None:
        """Takes back what came of a job, or lets it be handed out again."""
        if call.inner is not inner:
            return  # it was handed out again, or nobody wants it any more
        if inner.cancelled():
            self._free(call)  # the client lost its scheduler, or the worker its last hope: the watcher sees which
        elif error := inner.exception():
            self._failed(call, error)
        else:
            self._answered(call, inner.result())

    def _answered(self, call: _Call, content: bytes) -> None:
        """Takes back what a worker answered."""
        self.back += len(content)
        try:
            answer: Answer = pickle.loads(content)
        except Exception as error:  # of classes that this side does not have
            self._settle(call, ToolError(f"集群送回来的结果读不懂：{error}。"))
            return
        if answer is None:
            self._try_again(call)
        elif answer[0]:
            self._settle(call, None, answer[1])
        else:
            self._settle(call, answer[1])

    def _failed(self, call: _Call, error: BaseException) -> None:
        """What becomes of a job of which Dask says that it failed."""
        from distributed import KilledWorker

        if not isinstance(error, KilledWorker):
            # a job's own errors are answers; where a worker dies with one, Dask's futures raise all kinds
            self._try_again(call, ToolError(f"集群没有做成：{type(error).__name__}: {error}。"))
        elif self._pieces.renewed(str(error.task)):
            self._try_again(call)  # not it was there when workers died, but a file that it needs
        else:
            self._settle(call, WorkerDiedError(call.tries + error.allowed_failures + 1))

    def _try_again(self, call: _Call, error: ToolError | None = None) -> None:
        """Lets a job that was given up be handed out again, if it was not too often; else that is its end."""
        call.tries += 1
        if call.tries < _MOST_TRIES:
            self._free(call)
        else:
            self._settle(call, error or WorkerDiedError(call.tries))

    def _free(self, call: _Call) -> None:
        """Lets the watcher hand a job out again."""
        with self._guard:
            call.inner = None
        self._wake.set()

    def _watch(self) -> None:
        """Looks again and again which workers there are, until the end."""
        while not self._is_over.is_set():
            try:
                there = self._members.look()
                with self._guard:
                    self._workers = there
                for call in self._open():
                    self._look_after(call)
            except (ToolError, UsageError) as error:
                self._fail(error)
                return
            except Exception as error:  # nobody would wait for the jobs any more
                self._fail(ToolError(f"集群出了问题：{type(error).__name__}: {error}。{GOES_ON}"))
                return
            self._wake.wait(_TICK)
            self._wake.clear()

    def _look_after(self, call: _Call) -> None:
        """Hands a job out that nobody does, or that only workers may do that are gone."""
        with self._guard:
            inner, is_lost = call.inner, not call.workers & self._workers.keys()
            if inner is None:
                self._hand_out(call)
            elif is_lost and self._workers and not inner.done():
                self._try_again(call)
                inner.cancel()

    def _fail(self, error: ToolError | UsageError) -> None:
        """Lets all who wait hear that nothing comes any more."""
        with self._guard:
            self._failure = error
        for call in self._open():
            self._settle(call, error)

    def _settle(self, call: _Call, error: BaseException | None, result: Any = None) -> None:
        """Tells the one who waits what came of a job, once, if there still is one."""
        with self._guard:
            outer = self._calls.pop(call, None)
        if outer is None or not outer.set_running_or_notify_cancel():
            return
        if error is not None:
            outer.set_exception(error)
        else:
            outer.set_result(result)
