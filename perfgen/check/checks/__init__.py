"""The checks of one filing, found by listing the folder; a check never changes the data and never prints.

Each check is a module of this package with a function `check(filing) -> findings`. They run in the order of their
`ORDER`. One with `GATE` looks at the shape of the document; the checks after it only see a document in which it found
no error.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """The checks, in their order."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(sorted(found, key=lambda module: int(module.ORDER)))
