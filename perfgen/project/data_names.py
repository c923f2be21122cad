"""Which files below data/ are data files, by their names alone; each name is looked at once, and again when it changed.

A project of thousands of files asks that for each snapshot, and a name takes longer to judge than to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from perfgen.findings import Finding, Place
from perfgen.project import names
from perfgen.project.layout import DATA, HIDDEN, SUFFIX, DataFile
from perfgen.project.trees import Tree

Judged = tuple[tuple[DataFile, ...], tuple[Finding, ...]]
"""The data files, and findings about files that look like data and cannot be."""


class DataNames:
    """The names of the files below data/ of one tree."""

    def __init__(self, tree: Tree, known: Mapping[str, Finding | None] | None = None) -> None:
        self.tree = tree
        self._known = dict(known or {})
        self._paths: tuple[str, ...] | None = None
        self._judged: Judged = ((), ())

    def of(self, paths: tuple[str, ...]) -> Judged:
        """The data files among all files below data/, in their order."""
        if paths != self._paths:
            self._judged, self._paths = self._judge(paths), paths
        return self._judged

    def without(self, changed: frozenset[str]) -> DataNames:
        """The same for the next snapshot, where these files may have changed: into links, for one."""
        return DataNames(self.tree, {path: found for path, found in self._known.items() if path not in changed})

    def _judge(self, paths: tuple[str, ...]) -> Judged:
        files: list[DataFile] = []
        findings: list[Finding] = []
        for path in paths:
            if path not in self._known:
                self._known[path] = _misplaced(self.tree, path)
            if finding := self._known[path]:
                findings.append(finding)
            elif file := DataFile.parse(path):
                files.append(file)
        twins = names.twins(path for path in paths if path.endswith(SUFFIX))
        findings += [_twin(path, other) for path, other in twins.items()]
        return tuple(file for file in files if file.source not in twins), tuple(findings)


def _misplaced(tree: Tree, path: str) -> Finding | None:
    """Why a file below data/ that looks like data is none."""
    name, is_deep = PurePosixPath(path), path.count("/") > 1
    place = Place(names.shown_path(path))
    if names.is_lock_of_data(path):
        return Finding(place, "file-name", f"文件名{names.of_data(path)}。", "是数据就改名，不是就删掉。")
    if name.name.startswith(HIDDEN):
        return None
    if tree.leads_outside(path):
        return Finding(place, "file-outside", f"这个链接指向 {DATA}/ 以外，不读。", f"把文件本身放进 {DATA}/。")
    if not is_deep or name.suffix.lower() not in (".yml", SUFFIX):
        return None
    if name.suffix != SUFFIX:
        return Finding(place, "file-suffix", "文件名要以 .yaml 结尾，否则不会处理。", "改名。")
    if trouble := names.of_data(path):
        return Finding(place, "file-name", f"文件名{trouble}。", "改名；文件名就是成品和网址里的名称。")
    return None


def _twin(path: str, other: str) -> Finding:
    message = f"文件名和 {names.shown_path(other)} 只差大小写或字符的写法，Windows 和 macOS 上是同一个，会互相覆盖。"
    return Finding(Place(names.shown_path(path)), "file-name", message, "给其中一个改名。")
