"""What Dask calls on a worker to do a job: it travels as its own code, so that the scheduler needs no perfgen."""

from __future__ import annotations

from collections.abc import Callable


def doing() -> Callable[..., bytes]:
    """A function that does a packed job with its pieces; one inside another travels as its code."""

    def do(packed: bytes, *pieces: bytes) -> bytes:
        from distributed import get_worker

        from perfgen.system import cluster_worker

        worker = get_worker()
        key = worker.get_current_task()

        def is_wanted() -> bool:
            task = worker.state.tasks.get(key)
            return task is not None and task.state != "cancelled"

        return cluster_worker.do(packed, pieces, is_wanted)

    return do
