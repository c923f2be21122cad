"""What a change is called once it is made, for whoever may want it back."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.filling.edits import Add, Drop, Edit, Many, Move, Put, Remove, Rename
from perfgen.filling.labels import label_of


@dataclass(frozen=True)
class Said:
    """A change in a few words, and where it lies."""

    text: str
    """Chinese, without a full stop."""
    path: ValuePath
    """The value, row or group that it was about, as it is called after the change; empty for several."""


def said(filing: Filing, edit: Edit) -> Said:
    """What a change of a filing, not made yet, is called."""
    match edit:
        case Put(path):
            return Said(f"改“{label_of(filing, path)}”", path)
        case Drop(path):
            return Said(f"清空“{label_of(filing, path)}”", path)
        case Rename(path, name):
            return Said(f"“{path[-1]}”改名为“{name}”", (*path[:-1], name))
        case Add(rows, at, _, name):
            around = label_of(filing, rows)
            return Said(
                f"加一组“{name}”" if name is not None else f"“{around}”加一行", (*rows, at if name is None else name)
            )
        case Remove(path):
            return Said(f"删除“{label_of(filing, path)}”", path)
        case Move(path, to):
            there = to if isinstance(path[-1], int) else path[-1]
            return Said(f"移动“{label_of(filing, path)}”", (*path[:-1], there))
        case Many((only,)):
            return said(filing, only)
        case Many(edits):
            return Said(f"改 {len(edits)} 处", said(filing, edits[0]).path if edits else ())
