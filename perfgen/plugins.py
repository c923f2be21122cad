"""The modules of a folder that are all used alike: found by listing it, and held to what the folder asks of them.

Adding one is adding a file. The folders are commands, check.checks, render, formats and review.formats; the first page
of each says what a module of it holds.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True)
class Folder:
    """A package whose modules are plug-ins; folders in it are parts that they share."""

    package: str
    """Its dotted name."""
    path: Iterable[str]
    """Its `__path__`."""
    contract: tuple[str, ...]
    """The names that each of its modules must define."""

    def names(self) -> list[str]:
        """The names of its modules, sorted; none of them is imported for that."""
        return sorted(module.name for module in pkgutil.iter_modules(self.path) if not module.ispkg)

    def module(self, name: str) -> ModuleType:
        """One of its modules, imported at the first use.

        Raises TypeError where it does not define what its folder asks for: that is a fault of whoever wrote it.
        """
        module = importlib.import_module(f"{self.package}.{name}")
        if missing := [wanted for wanted in self.contract if not hasattr(module, wanted)]:
            raise TypeError(f"{self.package}.{name} does not define {', '.join(missing)}")
        return module

    def modules(self) -> list[ModuleType]:
        """All of its modules, by name."""
        return [self.module(name) for name in self.names()]
