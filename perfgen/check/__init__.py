"""A document and its form in, findings out; a check never changes the data and never prints.

Each check is a module of this package with a function `check(document, form) -> findings`,
found by listing the folder. They run in the order of their `ORDER`; a check only sees a
document in which the ones before it found no error.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType

from perfgen.findings import Finding, Level, by_place
from perfgen.forms import Form
from perfgen.yaml_source import Document


@functools.cache
def _checks() -> tuple[ModuleType, ...]:
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(sorted(modules, key=lambda module: int(module.ORDER)))


def check(document: Document, form: Form) -> list[Finding]:
    """Everything wrong with a document, in reading order."""
    findings: list[Finding] = []
    for module in _checks():
        if any(finding.level is Level.ERROR for finding in findings):
            break
        findings.extend(module.check(document, form))
    return by_place(findings)
