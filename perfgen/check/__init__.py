"""A filing in, findings out; a check never changes the data and never prints.

Each check is a module of this package with a function `check(filing) -> findings`, found by
listing the folder. They run in the order of their `ORDER`. One with `GATE` looks at the shape of
the document; the checks after it only see a document in which it found no error.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType

from perfgen import waivers
from perfgen.check.checks import schema
from perfgen.filing import Filing
from perfgen.findings import Finding, FormError, Level, Place, by_place
from perfgen.form.formulas import FormulaError


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """The checks, in their order."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(sorted(found, key=lambda module: int(module.ORDER)))


def check(filing: Filing) -> list[Finding]:
    """Everything wrong with a filing, in reading order, warnings with the reasons given for them.

    Raises FormError for a formula of the form that cannot be computed.
    """
    findings: list[Finding] = []
    try:
        for module in modules():
            found = list(module.check(filing))
            findings += found
            if getattr(module, "GATE", False) and any(finding.level is Level.ERROR for finding in found):
                return by_place(findings)
    except FormulaError as error:
        raise FormError([Finding(Place(filing.document.file), "formula", str(error))]) from error
    return by_place(waivers.answer(findings, filing))


def shape(filing: Filing) -> list[Finding]:
    """What keeps a filing from being computed with: it does not have the form's shape."""
    return by_place(schema.check(filing))
