"""The project as a run sees it: a snapshot of its files, and of what was made of them.

A `Project` reads each file at most once, from a tree. It never changes; `with_changes` gives the next one, which keeps
what was made from the files that stayed the same. What can be made of a project's files (a form, a filing, a template)
is a function of the project; `once` remembers what it gave, and which files it was made from.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from perfgen.findings import DataError, Finding, FindingsError, FormError, Place, ToolError
from perfgen.project import shipped
from perfgen.project.data_names import DataNames
from perfgen.project.layout import DATA, DataFile
from perfgen.project.made import Made, Product
from perfgen.project.reading import Refused
from perfgen.project.trees import Disk, Grafted, Tree

_T = TypeVar("_T")
_P = ParamSpec("_P")

_PROVIDED = tuple(f"{folder}/" for folder in shipped.FOLDERS)

_Before: TypeAlias = tuple[tuple[str, frozenset[str]], ...]
"""The names of the snapshots before, the newest last, and which files may have changed after each."""
_REMEMBERED = 50
"""How many of them are named to another process."""

_AT_ONCE = 1_000
"""How many files are got from a tree at once: more would fill the memory, fewer would ask too often."""
KEPT_BYTES = 32_000_000
"""How many bytes of files are kept, for those who read one again."""


class Project:
    """A snapshot of a project: its files as they were when first asked for, and what was made of them."""

    def __init__(self, tree: Tree, root: Path) -> None:
        """`root` is the project's folder on the disk, where its outputs go and its git repository is."""
        self.tree = tree
        self.root = root
        self.opened = time.time_ns()
        """Nothing was read before this moment, in nanoseconds; of what was taken over, not before the older one's."""
        self._contents: OrderedDict[str, bytes] = OrderedDict()
        self._kept = 0
        self._digests: dict[str, str] = {}
        self._errors: dict[str, OSError | FindingsError] = {}
        self._listings: dict[str, tuple[str, ...]] = {}
        self._data_names = DataNames(tree)
        self._made: dict[tuple[Hashable, ...], Made] = {}
        self._reading: list[set[str]] = []
        self.name = os.urandom(16).hex()
        """Another for each snapshot."""
        self._before: _Before = ()
        self._work: Hashable = None
        self._made_before = 0

    @classmethod
    def on_disk(cls, root: Path) -> Project:
        """The project whose folder is `root`, as it is on the disk."""
        return cls(Disk(root), root)

    def __reduce__(self) -> tuple[Callable[..., Project], tuple[Tree, Path, str, _Before]]:
        """Another process gets the tree, and takes its own snapshot of it, one for all jobs of this one.

        Where it has one of the snapshots before, it keeps what did not change since.
        """
        return _in_this_process, (self.tree, self.root, self.name, self._before)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Lets worker processes that start inside, as copies of this one, go on with this very snapshot."""
        before = dict(_RECEIVED)
        _RECEIVED.clear()
        _RECEIVED[self.name] = self
        try:
            yield
        finally:
            _RECEIVED.clear()
            _RECEIVED.update(before)

    def read(self, path: str) -> bytes:
        """The content of a file, its own or, by the name that `provided` gives, a shipped one.

        Raises FileNotFoundError where there is none, DataError (below data/) or FormError (elsewhere) for what is there
        and is not read, ToolError where it is no longer what it was.
        """
        self._note(path)
        if path in self._errors:
            raise self._errors[path].with_traceback(None)
        content = self._contents.get(path)
        return content if content is not None else self._read_from_tree(path)

    def fetched(self, files: Iterable[DataFile]) -> Iterator[DataFile]:
        """Some data files, for who reads one after the other: those that are not in memory are got many at once.

        Raises ToolError where the tree cannot get them.
        """
        following = iter(files)
        while some := list(islice(following, _AT_ONCE)):
            paths = [file.source for file in some]
            self.tree.expect([path for path in paths if path not in self._contents and path not in self._errors])
            yield from some

    def _read_from_tree(self, path: str) -> bytes:
        try:
            content = shipped.read(shipped.own_path(path)) if shipped.is_named(path) else self.tree.read(path)
        except Refused as error:
            self._errors[path] = _as_finding(path, error)
            raise self._errors[path] from error
        except OSError as error:
            self._errors[path] = error
            raise
        if self._digests.setdefault(path, digest(content)) != digest(content):
            raise ToolError(f"{path} 在运行的时候被改动了；再运行一次。")
        self._contents[path] = content
        self._kept += len(content)
        while self._kept > KEPT_BYTES and len(self._contents) > 1:
            self._kept -= len(self._contents.popitem(last=False)[1])
        return content

    def holds(self, path: str) -> bool:
        """Whether there is such a file, or something else by that name: reading it then says what."""
        self._note(path)
        if path in self._errors:
            return isinstance(self._errors[path], FindingsError)
        if shipped.is_named(path):
            return shipped.holds(shipped.own_path(path))
        return path in self._digests or self.tree.holds(path)

    def provided(self, path: str) -> str:
        """What a file is called that the program provides: by its path where the project has its own, else shipped."""
        is_shipped = not self.holds(path) and path.startswith(_PROVIDED) and shipped.holds(path)
        return shipped.PREFIX + path if is_shipped else path

    def provided_files(self, folder: str) -> list[str]:
        """The files below a folder, the project's own and for the other names the shipped ones; see `provided`."""
        own = self.files(folder)
        added = [path for path in shipped.named(folder) if shipped.own_path(path) not in own]
        return [*own, *added] if f"{folder}/".startswith(_PROVIDED) else list(own)

    def files(self, folder: str) -> tuple[str, ...]:
        """The paths of all files below a folder, sorted name by name.

        Raises DataError or FormError, as `read` does, where the folder is a link or cannot be listed.
        """
        self._note(f"{folder}/")
        if folder not in self._listings:
            try:
                listed = self.tree.files(folder)
            except Refused as error:
                raise _as_finding(folder, error) from error
            self._listings[folder] = tuple(sorted(listed, key=lambda path: path.split("/")))
        return self._listings[folder]

    def digest(self, path: str) -> str:
        """The SHA-256 of a file, in hexadecimal; empty for one that cannot be read."""
        if path not in self._digests:
            try:
                self.read(path)
            except (OSError, FindingsError):
                return ""
        self._note(path)
        return self._digests[path]

    def has_read(self, path: str) -> bool:
        """Whether a file was read, or it was seen that it cannot be: what is made may have come of it."""
        return path in self._digests or path in self._errors

    def data_files(self) -> tuple[list[DataFile], list[Finding]]:
        """The data files, sorted, and findings about files that look like data and cannot be."""
        files, findings = self._data_names.of(self.files(DATA))
        return list(files), list(findings)

    def once(self, make: Callable[Concatenate[Project, _P], _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """What `make(project, …)` gives, made once for this snapshot; so are the findings it raises.

        `make` may look at the project's files and at nothing else that changes.
        """
        key = (make, *args, *named.items())
        result = self._made.get(key)
        if result is None:
            result = self._made[key] = self._make(make, args, named)
        for frame in self._reading[-1:]:
            frame.update(result.passed_on)
        if result.error is not None:
            raise result.error.with_traceback(None)
        value: _T = result.value
        return value

    def _make(self, make: Callable[..., Product], args: tuple[Hashable, ...], named: Mapping[str, Hashable]) -> Made:
        with self.noting() as reads:
            try:
                return Made.by(make, args, make(self, *args, **named), None, reads)
            except FindingsError as error:
                return Made.by(make, args, None, error, reads)

    @contextmanager
    def noting(self) -> Iterator[set[str]]:
        """Notes the paths of the files that are looked at inside, and of folders that are listed, with a slash."""
        self._reading.append(set())
        try:
            yield self._reading[-1]
        finally:
            self._reading.pop()

    def _note(self, path: str) -> None:
        """Notes a file as read by whatever is being made."""
        for frame in self._reading[-1:]:
            frame.add(path)

    def release(self, files: Iterable[DataFile]) -> None:
        """Forgets what was made from data files that a run no longer needs; their digests are kept."""
        paths = frozenset(file.source for file in files)
        self._made = {key: made for key, made in self._made.items() if made.lasts or paths.isdisjoint(made.reads)}

    def turn_to(self, work: Hashable) -> None:
        """Begins a piece of work: forgets what was made of the data files that were read for the one before it."""
        if work == self._work:
            return
        if self._work is not None:
            for_it = list(self._made.values())[self._made_before :]
            read = {path for made in for_it if not made.lasts for path in made.reads}
            self.release(file for path in read if (file := DataFile.parse(path)))
        self._work, self._made_before = work, len(self._made)

    def take_over(self, other: Project, files: Iterable[DataFile]) -> None:
        """Takes over what another snapshot with the same data has made from some data files alone."""
        paths = frozenset(file.source for file in files)
        alone = {key: made for key, made in other._made.items() if made.reads and made.reads <= paths}
        self._made = {**alone, **self._made}

    def with_changes(self, paths: Iterable[str]) -> Project:
        """The project as its tree is now, where only these files may have changed."""
        new = self._next(self.tree, changed := frozenset(paths))
        new._data_names = self._data_names.without(changed)
        new._before = (*self._before[-_REMEMBERED:], (self.name, changed))
        return new

    def on_tree(self, tree: Tree, paths: Iterable[str]) -> Project:
        """The project as another tree has it, which differs in these files and no others."""
        return self._next(tree, frozenset(paths))

    def with_folder(self, folder: str, tree: Tree) -> Project:
        """The project with one folder as another tree has it."""
        grafted = Grafted(self.tree, folder, tree)
        made_from = {path for result in self._made.values() for path in result.reads if path.startswith(f"{folder}/")}
        looked_at = {path for path in (*self._digests, *self._errors) if path.startswith(f"{folder}/")}
        return self._next(grafted, frozenset(made_from | looked_at | {f"{folder}/"}))

    def _next(self, tree: Tree, changed: frozenset[str]) -> Project:
        """The project on another tree, with all that does not depend on the changed files."""
        new = Project(tree, self.root)
        new.opened = self.opened
        new._contents = OrderedDict((path, content) for path, content in self._contents.items() if path not in changed)
        new._kept = sum(map(len, new._contents.values()))
        new._digests = {path: digest for path, digest in self._digests.items() if path not in changed}
        new._errors = {path: error for path, error in self._errors.items() if path not in changed}
        new._made = {key: result for key, result in self._made.items() if not result.is_from(changed)}
        return new


def _as_finding(path: str, error: Refused) -> FindingsError:
    """What a tree refused, as an error in the data, or in a form where it is none of the data."""
    kind = DataError if path == DATA or path.startswith(f"{DATA}/") else FormError
    return kind([Finding(Place(path), error.rule, error.message, error.hint)])


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


_RECEIVED: dict[str, Project] = {}
"""In a worker process, the snapshot that its jobs share; the jobs of another run bring another."""


def _in_this_process(tree: Tree, root: Path, name: str, before: _Before) -> Project:
    if name not in _RECEIVED:
        project, changed = None, frozenset[str]()
        for earlier, paths in reversed(before):
            changed |= paths
            if project := _RECEIVED.get(earlier):
                break
        new = project.with_changes(changed) if project else Project(tree, root)
        _RECEIVED.clear()
        _RECEIVED[name] = new
    return _RECEIVED[name]
