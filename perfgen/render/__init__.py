"""A report in, bytes out: one module for each output format, found by listing the folder.

A renderer is a module of this package with

    TARGETS: dict[str, str]          where its outputs go: by edition, a path under build/ with
                                     {stem} and {name}; "site" instead of an edition for a page
                                     about all published reports
    NEEDS: tuple[str, ...]           template files it cannot do without; a form that lacks one has
                                     no such output
    READS: tuple[str, ...]           patterns of all template files whose change makes it stale
    PACKAGES: tuple[str, ...]        installed packages whose version makes it stale
    STYLES: tuple[str, ...]          style sheets whose fonts make it stale; may be left out
    render(report) -> bytes
    prove(content, report) -> int    how many places were compared; raises ProofError

and nothing to inherit or to list anywhere. A module is imported only when it is used, so
that checking works where a PDF library is missing.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from perfgen.form.forms import Form
from perfgen.project import TEMPLATE_FOLDER

__all__ = ["SITE", "SITE_TEMPLATES", "Renderer", "docx", "find", "names", "parts", "shared_templates"]

SITE = "site"
SITE_TEMPLATES = "site"
"""Folder of the templates of pages about all units."""
SHARED = "shared"
"""Folder of template parts that all forms may use."""


@dataclass(frozen=True)
class Renderer:
    """An output format: its name and the module that makes it."""

    name: str
    module: ModuleType

    @property
    def targets(self) -> dict[str, str]:
        """Patterns of output paths, by edition."""
        return dict(self.module.TARGETS)

    @property
    def packages(self) -> tuple[str, ...]:
        """The installed packages its bytes depend on."""
        return tuple(self.module.PACKAGES)

    @property
    def styles(self) -> tuple[str, ...]:
        """The style sheets whose fonts its bytes depend on."""
        return tuple(getattr(self.module, "STYLES", ()))

    def serves(self, form: Form) -> bool:
        """Whether a form has the templates this format needs."""
        return all((form.templates / name).exists() for name in self.module.NEEDS)

    def template_files(self, folder: Path, shared: Path) -> list[Path]:
        """The template files in a form's (or the site's) folder and the shared one that it may read."""
        found = {p for where in (folder, shared) for pattern in self.module.READS for p in where.glob(pattern)}
        return sorted(path for path in found if path.is_file() and not path.name.startswith(("~$", ".")))

    def render(self, report: Any) -> bytes:
        """The bytes of a report in this format."""
        return bytes(self.module.render(report))

    def prove(self, content: bytes, report: Any) -> int:
        """How many places of rendered bytes were found to say what the report says."""
        return int(self.module.prove(content, report))


@functools.cache
def find(name: str) -> Renderer:
    """The renderer of that name."""
    return Renderer(name, importlib.import_module(f"{__name__}.{name}"))


def names() -> list[str]:
    """The names of all output formats."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)


def shared_templates(root: Path) -> Path:
    """The folder of template parts that all forms may use."""
    return root / TEMPLATE_FOLDER / SHARED
