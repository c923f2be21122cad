"""What a form prints and the author need not have typed: values that are computed where nothing else is typed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, as_group, copied, is_same, leaves, value_at
from perfgen.form.forms import Form
from perfgen.form.formulas import FormulaError
from perfgen.importing import printed_figures


def left_out(data: dict[str, Data], form: Form, filing_of: Callable[[dict[str, Data]], Filing]) -> dict[str, Data]:
    """Data without the values that come out the same where they are not typed; the same data where there are none.

    `filing_of` gives data as a filing, with the way to the files that it refers to.
    """
    found = data
    for path in [leaf.path for leaf in leaves(data) if not leaf.is_name and _may_be_typed(form, leaf.path)]:
        bare = _without(found, path)
        try:
            computed, _ = printed_figures.compute(filing_of(bare), {})
        except FormulaError:
            continue
        value = computed.get(path)
        typed = value_at(found, path)
        if isinstance(value, Decimal | str) and is_same(value, typed):
            found = bare
    return found


def _may_be_typed(form: Form, path: ValuePath) -> bool:
    figure = form.figures.at(path)
    return figure is not None and figure.may_be_typed


def _without(data: dict[str, Data], path: ValuePath) -> dict[str, Data]:
    """Data without a value, and without the groups that were only there for it."""
    bare = as_group(copied(data))
    while path:
        around = value_at(bare, path[:-1])
        if isinstance(around, list):
            break
        as_group(around).pop(str(path[-1]), None)
        path = path[:-1]
        if around:
            break
    return bare
