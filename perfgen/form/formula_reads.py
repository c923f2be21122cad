"""What a formula reads of the data: on that depends whether a figure may be published."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.data import ValuePath
from perfgen.form.formula_scope import Type

Foreign = tuple[str, ValuePath]
"""A place in another file: the name that leads to the file, and the path of names there."""


@dataclass
class Reads:
    """What a formula reads, by paths of names."""

    leaves: set[ValuePath] = field(default_factory=set)
    wholes: set[ValuePath] = field(default_factory=set)
    """The lists and objects that are used whole: how many there are, or whether there is one."""
    contents: set[Foreign] = field(default_factory=set)
    """Those of them, here (under no name) and elsewhere, of which all that stands in them counts."""
    foreign: set[Foreign] = field(default_factory=set)
    foreign_wholes: set[Foreign] = field(default_factory=set)

    def leaf(self, found: Type) -> None:
        """Notes a single value; a made one has no path."""
        if found.path is not None:
            self._note(found.origin, found.path, self.leaves, self.foreign)

    def whole(self, found: Type, path: ValuePath | None) -> None:
        """Notes a list or an object that is used whole; a made one has no path, and its parts are noted alone."""
        if path is not None:
            self._note(found.origin, path, self.wholes, self.foreign_wholes)

    def content(self, found: Type) -> None:
        """Notes an object, or a list of such, whose every value counts."""
        if found.path is not None:
            self.contents.add((found.origin, found.path))

    @staticmethod
    def _note(origin: str, path: ValuePath, own: set[ValuePath], foreign: set[Foreign]) -> None:
        if origin:
            foreign.add((origin, path))
        else:
            own.add(path)
