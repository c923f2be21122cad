"""The files that many jobs on a cluster share: each is a task of its own, so that Dask brings it to each worker once.

A task and not data that is laid there: where the worker that has it dies, Dask makes it again from what the scheduler
knows. What is no data file is shared by all jobs of a form; a data file is from the second job on that needs it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from perfgen.findings import ToolError
from perfgen.project.layout import DataFile
from perfgen.project.parcel import Parcel
from perfgen.project.snapshot import digest
from perfgen.project.trees import Tree

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Piece

_PREFIX = "perfgen-file-"
_KEPT = 2000
"""So many pieces stay on the cluster; what has not been needed for longest goes, and comes again if it is needed."""


class Pieces:
    """The shared files of the jobs of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._guard = threading.Lock()
        self._travelled: set[str] = set()
        """The hashes of the data files that a job has carried."""
        self._origins: dict[str, tuple[Tree, str]] = {}
        """Where a file can be read that came by itself: its bytes are not kept here."""
        self._pieces: OrderedDict[str, Piece] = OrderedDict()
        self._renewals = 0
        self.sent = 0
        """Bytes of all pieces, those that were made again too."""

    def apart(self, parcels: Iterable[Parcel]) -> tuple[dict[str, bytes], tuple[str, ...]]:
        """The files that travel with a job itself, by their hashes; and the hashes of those that come by themselves."""
        own: dict[str, bytes] = {}
        shared: dict[str, None] = {}
        for parcel in parcels:
            for path, found in parcel.files:
                is_first = DataFile.parse(path) is not None and found not in self._travelled
                if is_first and found not in shared:
                    own[found] = parcel.project.read(path)
                elif found not in own:
                    shared[found] = None
                    self._origins.setdefault(found, (parcel.project.tree, path))
        self._travelled |= own.keys()
        return own, tuple(shared)

    def futures(self, shared: Iterable[str]) -> list[Piece]:
        """The pieces of some hashes, in their order. Raises ToolError for a file that is no longer what it was."""
        with self._guard:
            found = [self._piece(one) for one in shared]
            while len(self._pieces) > _KEPT:
                self._pieces.popitem(last=False)
            return found

    def _piece(self, found: str) -> Piece:
        piece = self._pieces.pop(found, None)
        if piece is None or piece.status in ("error", "lost", "cancelled"):
            content = self._content(found)
            self.sent += len(content)
            # `bytes` is known to every scheduler and worker, whatever else it has
            piece = self._client.submit(bytes, content, key=f"{_PREFIX}{found}-{self._renewals}")
        self._pieces[found] = piece
        return piece

    def _content(self, found: str) -> bytes:
        """The bytes of a hash, read from where they were: any thread may ask."""
        tree, path = self._origins[found]
        try:
            content = tree.read(path)
        except OSError:
            content = b""
        if digest(content) != found:
            raise ToolError(f"{path} 在运行的时候被改动了；再运行一次。")
        return content

    def renewed(self, key: str) -> bool:
        """Whether a task is a piece: one that workers died of while it was there is made anew for the next job."""
        if not key.startswith(_PREFIX):
            return False
        with self._guard:
            self._renewals += 1
            self._pieces.pop(key.removeprefix(_PREFIX).partition("-")[0], None)
        return True
