"""A document's data on its way through an edit: what each value becomes, and which entry of the text it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from perfgen.data import Data, Scalar, ValuePath

Content: TypeAlias = "dict[str, Node] | list[Node] | Scalar"


@dataclass
class Node:
    """A value, as it is to be."""

    value: Content
    origin: str | int | None = None
    """Its name or number in the document, in the group or list that holds it still; None for what is new."""

    def data(self) -> Data:
        """The plain data."""
        if isinstance(self.value, dict):
            return {name: below.data() for name, below in self.value.items()}
        return [below.data() for below in self.value] if isinstance(self.value, list) else self.value

    def at(self, path: ValuePath) -> Node | None:
        """The value at a path; None where there is none."""
        here = self
        for step in path:
            below = here.value
            if isinstance(below, dict) and step in below:
                here = below[str(step)]
            elif isinstance(below, list) and isinstance(step, int) and 0 <= step < len(below):
                here = below[step]
            else:
                return None
        return here

    @property
    def is_nothing(self) -> bool:
        """Whether it is there and holds nothing, not even an empty group."""
        return self.value is None


def drafted(data: Data, origin: str | int | None = None) -> Node:
    """Data that stands in a document, before anything changes."""
    if isinstance(data, dict):
        return Node({name: drafted(below, name) for name, below in data.items()}, origin)
    if isinstance(data, list):
        return Node([drafted(below, number) for number, below in enumerate(data)], origin)
    return Node(data, origin)


def new(data: Data) -> Node:
    """Data that stands nowhere yet."""
    if isinstance(data, dict):
        return Node({name: new(below) for name, below in data.items()})
    return Node([new(below) for below in data]) if isinstance(data, list) else Node(data)
