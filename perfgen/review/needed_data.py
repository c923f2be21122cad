"""Which files of a project a form that is read elsewhere needs: as far as can be told before it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from perfgen.project import noted
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project

_MOST = 1_000
"""So many data files may travel with a form; what looks among more is read here."""
_OF_A_FOLDER = 200
"""A folder of more data files than this is no unit's."""


class NeededData:
    """What the forms read so far looked at, and which data files a name speaks of."""

    def __init__(self, project: Project) -> None:
        self._known: dict[str, list[str]] = {}
        """What every form looks at: files that are no data, and folders with the files that count."""
        self._named: defaultdict[str, list[str]] = defaultdict(list)
        """By the name of a data file, or of the folder that it lies in, the data files."""
        for file in project.data_files()[0]:
            self._name(file)

    def _name(self, file: DataFile) -> None:
        for name in dict.fromkeys(file.path.split("/")[-2:]):
            self._named[name].append(file.source)

    @property
    def is_known(self) -> bool:
        """Whether any form has looked at anything."""
        return bool(self._known)

    def learn(self, project: Project, looked_at: Collection[str]) -> None:
        """Hears what a form looked at."""
        for path in looked_at:
            if path not in self._known and not DataFile.parse(path):
                self._known[path] = noted.counting(project, path) if path.endswith("/") else [path]

    def add(self, project: Project, path: str) -> None:
        """Hears of a data file that has come."""
        if file := DataFile.parse(path):
            self._name(file)
        for folder in noted.folders(self._known):
            if noted.touches([folder], project, [path]):
                self._known[folder].append(path)

    def of(self, project: Project, name: str) -> frozenset[str] | None:
        """The files that a form of a name may look at; None where they are too many."""
        files = {path for paths in self._known.values() for path in paths if project.holds(path)}
        files.update(self._spoken_of(name))
        is_many = sum(DataFile.parse(path) is not None for path in files) > _MOST
        return None if is_many else frozenset(files)

    def _spoken_of(self, name: str) -> Iterator[str]:
        for one, paths in self._named.items():
            if one in name and len(paths) <= _OF_A_FOLDER:
                yield from paths
