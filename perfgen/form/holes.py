"""What stands in data for a value that is not there yet, or that cannot be used: whoever needs it learns so.

A file that is half filled in is computed with: a formula that needs a hole is not decided, every other one is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn, cast

from perfgen.data import Data, ValuePath, as_group, copied, put


class HoleNeededError(Exception):
    """Something was to be computed with a hole."""


class Hole:
    """A value that is not known. Whatever is done with it raises HoleNeededError; only `isinstance` may look at it."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise HoleNeededError

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __mod__ = __rmod__ = __pow__ = __rpow__ = __floordiv__ = __rfloordiv__ = _refuse
    __neg__ = __pos__ = __abs__ = __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __hash__ = __str__ = __call__ = __getattr__ = _refuse


HOLE = Hole()


def with_holes(data: Data, paths: Iterable[ValuePath]) -> dict[str, Data]:
    """A copy of a document's data with a hole at each path, there or not; what lies below a hole is gone."""
    made = as_group(copied(data))
    done: set[ValuePath] = set()
    for path in sorted(set(paths), key=len):
        if path and not any(path[:length] in done for length in range(1, len(path))):
            put(made, path, cast("Data", HOLE))
            done.add(path)
    return made
