"""The modules of a folder that are all used in the same way: found by listing the folder, and checked for what it asks.

Adding one is adding a file. The folders are commands, check.checks, render, formats and review.formats; the first page
of each says what a module of it holds.
"""

from __future__ import annotations

import ast
import importlib.util
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader  # importlib.abc would import temporary files and random numbers
from types import ModuleType


@dataclass(frozen=True)
class Folder:
    """A package whose modules are plug-ins; the folders in it hold what they share."""

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

        Raises TypeError where it does not define what its folder asks for: a bug of the module.
        """
        module = importlib.import_module(f"{self.package}.{name}")
        if missing := [wanted for wanted in self.contract if not hasattr(module, wanted)]:
            raise TypeError(f"{self.package}.{name} does not define {', '.join(missing)}")
        return module

    def text(self, name: str, constant: str) -> str:
        """A text that one of its modules gives a name, read from its source: to list all of them, none is imported."""
        spec = importlib.util.find_spec(f"{self.package}.{name}")
        loader = spec.loader if spec else None
        source = loader.get_source(spec.name) if spec and isinstance(loader, SourceFileLoader) else None
        for node in ast.parse(source or "").body:
            match node:
                case ast.Assign([ast.Name(id=found)], ast.Constant(str(text))) if found == constant:
                    return text
        return str(getattr(self.module(name), constant))

    def modules(self) -> list[ModuleType]:
        """All of its modules, by name."""
        return [self.module(name) for name in self.names()]
