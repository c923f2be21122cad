"""The checks of one filing, a module each; a check never changes the data and never prints.

A module of this package holds

    ORDER: int                       when it runs; lower comes first
    GATE: bool                       whether it looks at how the document is typed: the checks after it only see
                                     a document in which it found no error
    RULES: dict[str, str]            the ids of its findings that belong to no form, and what each means
    check(filing) -> findings

The checks after `schema` see a filing in which holes stand for what is not filled in or wrong (`Filing.unusable`).
"""

from __future__ import annotations

import functools
from types import ModuleType

from perfgen.plugins import Folder

FOLDER = Folder(__name__, __path__, ("ORDER", "GATE", "RULES", "check"))


@functools.cache
def in_order() -> tuple[ModuleType, ...]:
    """The checks in the order in which they run."""
    return tuple(sorted(FOLDER.modules(), key=lambda module: int(module.ORDER)))
