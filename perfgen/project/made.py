"""What was made of a project's files, and which files it was made from."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from perfgen.findings import FindingsError

Product: TypeAlias = Any
"""What a function called by `once` gives: each function gives its own type, and `once` gives that type back."""
_Make = TypeVar("_Make", bound=Callable[..., object])
_LASTING: set[Callable[..., object]] = set()


@dataclass(frozen=True)
class Made:
    """What was made of a project's files, or the findings that kept it from being made."""

    value: Product
    error: FindingsError | None
    reads: frozenset[str]
    """The files it was made from; of a folder that was listed, its path with a slash behind it."""
    lasts: bool = False
    """Whether it is kept where files are released; see `lasting`."""

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
        return frozenset(read for read in self.reads if read in folders or not read.startswith(folders))


def lasting(make: _Make) -> _Make:
    """Says of a function for `once`: what it gives is small and is about many files, so it outlives their release.

    It lists the folder that the files are in: what others make of it is then made from all of the folder.
    """
    _LASTING.add(make)
    return make


def is_lasting(make: Callable[..., object]) -> bool:
    """Whether what a function gives outlives the release of files."""
    return make in _LASTING
