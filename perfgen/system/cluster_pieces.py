"""The files that many jobs on a cluster share: each is a task of its own, so that Dask brings it to each worker once.

A task and not data that is laid there: where the worker that has it dies, Dask makes it again from what the scheduler
knows. What is no data file is shared by all jobs of a form; a data file is from the second job on that needs it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from perfgen.project.layout import DataFile
from perfgen.project.parcel import Parcel

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Piece

_PREFIX = "perfgen-file-"
_KEPT = 2000
"""So many pieces stay on the cluster; what has not been needed for longest goes, and comes again if it is."""


class Pieces:
    """The shared files of the jobs of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._guard = threading.Lock()
        self._travelled: set[str] = set()
        """The hashes of the data files that a job has carried."""
        self._pieces: OrderedDict[str, Piece] = OrderedDict()
        self._renewals = 0
        self.sent = 0
        """Bytes of all pieces, those that were made again too."""

    def apart(self, parcels: Iterable[Parcel]) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """By their hashes, the files that travel with a job itself, and those that come by themselves."""
        own: dict[str, bytes] = {}
        shared: dict[str, bytes] = {}
        for parcel in parcels:
            for path, found in parcel.files:
                is_first = DataFile.parse(path) is not None and found not in self._travelled
                if is_first and found not in shared:
                    own[found] = parcel.project.read(path)
                elif found not in own:
                    shared[found] = parcel.project.read(path)
        self._travelled |= own.keys()
        return own, shared

    def futures(self, shared: Mapping[str, bytes]) -> list[Piece]:
        """The pieces of some files, in their order."""
        with self._guard:
            found = [self._piece(one, content) for one, content in shared.items()]
            while len(self._pieces) > _KEPT:
                self._pieces.popitem(last=False)
            return found

    def _piece(self, found: str, content: bytes) -> Piece:
        piece = self._pieces.pop(found, None)
        if piece is None or piece.status in ("error", "lost", "cancelled"):
            self.sent += len(content)
            # `bytes` is known to every scheduler and worker, whatever else it has
            piece = self._client.submit(bytes, content, key=f"{_PREFIX}{found}-{self._renewals}")
        self._pieces[found] = piece
        return piece

    def renewed(self, key: str) -> bool:
        """Whether a task is a piece: one that workers died of while it was there is made anew for the next job."""
        if not key.startswith(_PREFIX):
            return False
        found = key.removeprefix(_PREFIX).partition("-")[0]
        with self._guard:
            if (piece := self._pieces.get(found)) and piece.key == key:  # not if another job has said so before
                self._renewals += 1
                del self._pieces[found]
        return True
