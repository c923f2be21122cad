"""What a place in a file is called where somebody fills in the form."""

from __future__ import annotations

from perfgen.check.filing import Filing
from perfgen.check.path_labels import path_labels
from perfgen.data import ValuePath


def label_of(filing: Filing, path: ValuePath, beside: ValuePath = ()) -> str:
    """What a place is called, for people: the names that lead there, a row without one by its number.

    Of one that stands `beside` another, the names that lead to both are left out.
    """
    names = path_labels(filing.document.data, filing.form.figures.fields, path)
    both = next((at for at, steps in enumerate(zip(path, beside, strict=False)) if steps[0] != steps[1]), 0)
    called = [
        name or (f"第 {step + 1} 行" if isinstance(step, int) else "（没有名称）")
        for name, step in zip(names, path, strict=True)
    ]
    return " · ".join(dict.fromkeys(called[min(both, len(path) - 1) :] or called))
