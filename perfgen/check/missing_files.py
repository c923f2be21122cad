"""What is said where other files are needed, by a figure or by the form, and are not there: once for a reference."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.findings import Finding
from perfgen.form.formulas import Unavailable

RULE = "reference-missing"


def missing(filing: Filing, name: str) -> Finding | None:
    """The error where a reference finds no file, or none that can be used, at its last key; None where it finds some.

    Where a key has a finding of its own, nothing more is said.
    """
    found = filing.refer(name)
    keys = filing.form.references[name].keys
    if not isinstance(found, Unavailable) or not all(filing.is_usable((key.here,)) for key in keys):
        return None
    return finding(filing, name, found)


def finding(filing: Filing, name: str, found: Unavailable) -> Finding:
    """The error about a reference that found nothing, at its last key."""
    path = (filing.form.references[name].keys[-1].here,)
    message = f"引用“{name}”：{found.reason}。"
    return Finding(filing.document.place(path), RULE, message, found.advice, path=path)


def printed(filing: Filing) -> Iterator[Finding]:
    """An error for each reference that the filing's form prints and that finds nothing."""
    for name in filing.form.references:
        if name in filing.printed_references and (found := missing(filing, name)):
            yield found
