"""What was made of a project's files, and which files it was made from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from perfgen.findings import FindingsError

Product: TypeAlias = Any
"""What a function called by `once` gives: each function gives its own type, and `once` gives that type back."""
Picks: TypeAlias = Callable[..., bool]
"""Says of a path of a project whether what is there counts."""
_Make = TypeVar("_Make", bound=Callable[..., object])
_LASTING: dict[Callable[..., object], Picks | None] = {}


class Look(str):
    """A folder with a slash behind it that was listed, and of which only some files count: those that `picks` names.

    What was made of it stays the same where a file comes that is none of these.
    """

    picks: Picks
    arguments: tuple[Hashable, ...]

    def __new__(cls, folder: str, picks: Picks, arguments: tuple[Hashable, ...]) -> Look:
        """`picks(project, path, *arguments)` says whether a file of the folder counts."""
        look = super().__new__(cls, folder)
        look.picks, look.arguments = picks, arguments
        return look

    def __eq__(self, other: object) -> bool:
        """It is no look at the whole folder."""
        return isinstance(other, Look) and self._key == other._key

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._key)

    def __reduce__(self) -> tuple[type[Look], tuple[str, Picks, tuple[Hashable, ...]]]:
        """Another process gets the same."""
        return Look, self._key

    @property
    def _key(self) -> tuple[str, Picks, tuple[Hashable, ...]]:
        return str.__str__(self), self.picks, self.arguments


@dataclass(frozen=True)
class Made:
    """What was made of a project's files, or the findings that kept it from being made."""

    value: Product
    error: FindingsError | None
    reads: frozenset[str]
    """The files it was made from; of a folder that was listed, its path with a slash behind it."""
    lasts: bool = False
    """Whether it is kept where files are released; see `lasting`."""
    picks: Picks | None = field(default=None, compare=False)
    """Of a lasting one: which files of the folders that it lists count; None for all."""
    arguments: tuple[Hashable, ...] = ()
    """What it was made with, beside the project."""

    @classmethod
    def by(
        cls,
        make: Callable[..., Product],
        arguments: tuple[Hashable, ...],
        value: Product,
        error: FindingsError | None,
        reads: Collection[str],
    ) -> Made:
        """What a function gave, or raised."""
        return cls(value, error, frozenset(reads), make in _LASTING, _LASTING.get(make), arguments)

    def is_from(self, paths: frozenset[str]) -> bool:
        """Whether it was made from any of these files."""
        folders = tuple(read for read in self.reads if read.endswith("/"))
        return not paths.isdisjoint(self.reads) or any(path.startswith(folders) for path in paths)

    @functools.cached_property
    def passed_on(self) -> frozenset[str]:
        """What others that use it are made from: of a lasting one, the folders in place of the files below them."""
        folders = tuple(read for read in self.reads if read.endswith("/"))
        if not self.lasts or not folders:
            return self.reads
        listed = frozenset(read if isinstance(read, Look) else self._look(read) for read in folders)
        return listed | {read for read in self.reads if not read.startswith(folders)}

    def _look(self, folder: str) -> str:
        return Look(folder, self.picks, self.arguments) if self.picks else folder


def lasting(make: _Make) -> _Make:
    """Says of a function for `once`: what it gives is small and is about many files, so it outlives their release.

    It lists the folder that the files are in: what others make of it is then made from all of the folder.
    """
    _LASTING[make] = None
    return make


def lasting_of(picks: Picks) -> Callable[[_Make], _Make]:
    """The same of a function that counts only some files of the folder: those of `picks(project, path, *arguments)`."""

    def mark(make: _Make) -> _Make:
        _LASTING[make] = picks
        return make

    return mark
