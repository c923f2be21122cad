"""What is said where other files are needed, by a figure or by the form, and are not there: once for each name."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.findings import Finding
from perfgen.form.figure_sheet import Gap
from perfgen.form.formula_scope import EARLIER
from perfgen.form.formulas import Unavailable

RULE = "reference-missing"


def missing(filing: Filing, name: str) -> Finding | None:
    """The error where a name leads to no file, or none that can be used, at its last key; None where it leads to some.

    Where a key has a finding of its own, nothing more is said.
    """
    found = filing.others(name)
    if not isinstance(found, Unavailable) or not all(filing.is_usable(path) for path in _keys(filing, name)):
        return None
    return finding(filing, name, found)


def finding(filing: Filing, name: str, found: Unavailable) -> Finding:
    """The error about a name that leads to nothing, at its last key."""
    path = _keys(filing, name)[-1]
    message = f"引用“{name}”：{found.reason}。"
    return Finding(filing.document.place(path), RULE, message, found.advice, path=path)


def _keys(filing: Filing, name: str) -> list[ValuePath]:
    """Where the values stand that say which other files are meant."""
    if name in EARLIER:
        return [(filing.form.fields.with_role("year"),)]
    return [(key.here,) for key in filing.form.references[name].keys]


def needed(filing: Filing) -> Iterator[str]:
    """The names of other files that a filing's figures could not do without, or that its form prints.

    A figure that asks first whether there is such a file can. One that goes on from an earlier year's file of its own
    form is empty in the first year, unless the schema wants it.
    """
    wanted = dict.fromkeys(name for name in filing.form.references if name in filing.printed_references)
    _ = filing.figures  # raises where they cannot be computed
    for path, gap in filing.figure_gaps.items():
        figure = filing.form.figures.at(path)
        for name in sorted(figure.origins) if figure and gap.missing is not None else ():
            if filing.others(name) is gap.missing and not _may_be_empty(filing, name, path):
                wanted[name] = None
    yield from wanted


def is_first(filing: Filing, path: ValuePath, gap: Gap) -> bool:
    """Whether a figure is empty because its file is the first: there is none of an earlier year to go on from."""
    figure = filing.form.figures.at(path)
    names = [name for name in figure.origins if filing.others(name) is gap.missing] if figure else []
    return bool(names) and all(_may_be_empty(filing, name, path) for name in names)


def _may_be_empty(filing: Filing, name: str, path: ValuePath) -> bool:
    """Whether a figure may be empty because of a file: there is none of an earlier year, and nobody wants it."""
    found, reference = filing.others(name), filing.form.references.get(name)
    goes_on = reference is None or (reference.years > 0 and reference.form == filing.form.name)
    return isinstance(found, Unavailable) and found.is_missing and goes_on and not filing.is_wanted(path)
