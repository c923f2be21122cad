"""What a formula reads of the data: on that depends whether a figure may be published."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.data import ValuePath


@dataclass
class Reads:
    """What a formula reads, by paths of names."""

    leaves: set[ValuePath] = field(default_factory=set)
    wholes: set[ValuePath] = field(default_factory=set)
    """The lists and objects that are used whole: how many there are, or whether there is one."""

    def whole(self, path: ValuePath | None) -> None:
        """Notes a list or an object that is used whole; a made one has no path, and its parts are noted alone."""
        if path is not None:
            self.wholes.add(path)
