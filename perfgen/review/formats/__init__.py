"""A comparison as people and machines read it: one module for each format, found by listing the folder.

A format is a module with `render(comparison, project) -> str`; its name is the module's name.
"""

from __future__ import annotations

import importlib
import pkgutil

from perfgen.project.snapshot import Project
from perfgen.review.compare import Comparison


def names() -> list[str]:
    """The names of all formats; a module whose name begins with _ is a part of others."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def render(name: str, comparison: Comparison, project: Project) -> str:
    """A comparison in the format of that name.

    Raises FormError when a template is broken.
    """
    return str(importlib.import_module(f"{__name__}.{name}").render(comparison, project))
