"""Some files of a project on their way to a machine that has none of them: bytes and hashes, no paths of a disk.

    parcel = Parcel(project, ("data/2025/甲.yaml", "schema/a.schema.json"))
    job = pickle.dumps((make, parcel))                    # here: names and hashes only; the bytes go beside it
    ...
    with delivered({hash_: content, …}):                  # there
        make, project = pickle.loads(job)                 # the parcel comes out as a project of these files alone

What comes with the program (`project.shipped`) does not travel: the other machine has the same program, which is seen
to before. A file that cannot be read does not travel either, so what needs it has to be done here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from perfgen.findings import ToolError
from perfgen.project import invocation, shipped
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.project.trees import Contents

Listed: TypeAlias = tuple[tuple[str, str], ...]
"""Paths of a project with the hashes of the files."""

_NOWHERE = Path("/-")
"""The folder of a project that is on no disk here."""
_KEPT = 8
"""How many projects that differ in more than their data are kept, for the next parcels with the same forms."""


@dataclass(frozen=True)
class Parcel:
    """Some files of a project."""

    project: Project
    paths: tuple[str, ...]
    """Those that are not there are left out, and so are shipped ones."""

    @property
    def files(self) -> Listed:
        """The files that travel, with their hashes."""
        own = (path for path in dict.fromkeys(self.paths) if not shipped.is_named(path))
        return tuple((path, found) for path in own if (found := self.project.digest(path)))

    @property
    def is_whole(self) -> bool:
        """Whether all of the files that are there can travel."""
        return all(self.project.digest(path) for path in self.paths if self.project.holds(path))

    def __reduce__(self) -> tuple[Callable[[Listed], Project], tuple[Listed]]:
        """On the other side it is the project of these files."""
        return _opened, (self.files,)


@contextmanager
def delivered(contents: Mapping[str, bytes]) -> Iterator[None]:
    """Lets parcels that are unpickled inside find the bytes of their files, by hash.

    Raises ToolError for bytes that have another hash.
    """
    for name, content in contents.items():
        if digest(content) != name:
            raise ToolError("传来的文件和说好的哈希不一样，没有用它。")
    _DELIVERED.update(contents)
    try:
        yield
    finally:
        _DELIVERED.clear()


_DELIVERED: dict[str, bytes] = {}
_OPENED: OrderedDict[tuple[invocation.State, frozenset[tuple[str, str]]], tuple[Project, Listed]] = OrderedDict()
"""The last project of each set of forms, templates and settings, with its files; for each way in which messages, which
are kept as well, say commands."""


def _opened(files: Listed) -> Project:
    """The project of some files, with what was made of those that the last parcel like it had as well."""
    contents = {path: _DELIVERED[found] for path, found in files}
    around = invocation.state(), frozenset(one for one in files if DataFile.parse(one[0]) is None)
    before, listed = _OPENED.pop(around, (None, ()))
    if before is None:
        project = Project(Contents(contents), _NOWHERE)
    else:
        project = before.on_tree(Contents(contents), (path for path, _ in set(files) ^ set(listed)))
    _OPENED[around] = project, files
    while len(_OPENED) > _KEPT:
        _OPENED.popitem(last=False)
    return project
