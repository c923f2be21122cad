"""Findings in, text out: one module for each format, found by listing the folder.

A format is a module with `write(findings, project) -> str`: the findings in reading order, and the
project that holds the files they speak of. Nothing is printed here.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Iterable

from perfgen.findings import Finding, by_place, path_text
from perfgen.project.snapshot import Project

__all__ = ["DEFAULT", "fingerprint", "json", "names", "text", "write"]

DEFAULT = "text"


def names() -> list[str]:
    """The names of all formats, the default first."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return sorted(found, key=lambda name: name != DEFAULT)


def write(findings: Iterable[Finding], name: str, project: Project) -> str:
    """The findings in the format of that name."""
    module = importlib.import_module(f"{__name__}.{name}")
    return str(module.write(by_place(findings), project))


def fingerprint(finding: Finding) -> str:
    """What tells a finding from others wherever its line moves to: 32 hexadecimal digits."""
    parts = (finding.place.file, finding.rule, path_text(finding.path), finding.message)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
