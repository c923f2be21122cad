"""A computed place of a form, explained: how it is computed, of what, and why it cannot be yet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from perfgen.check import schema_errors
from perfgen.check.filing import Filing
from perfgen.data import ValuePath, as_scalar
from perfgen.display import show
from perfgen.filling.formula_figures import Used, used_in
from perfgen.filling.formula_words import in_words
from perfgen.filling.labels import label_of
from perfgen.filling.sheet import Sheet
from perfgen.form.figure import Figure
from perfgen.form.figure_sheet import Names
from perfgen.form.formulas import FormulaError, Unavailable
from perfgen.form.holes import HoleNeededError
from perfgen.form.sentences import in_words as value_in_words

_MOST = 100
"""How many values are listed."""
_PLACES = 4
_LONGEST = 80


@dataclass(frozen=True)
class Source:
    """A value that went into a figure, or is the one that a place shows."""

    file: str
    """The data file that it stands in; empty for the form's own."""
    path: ValuePath
    label: str
    value: str
    """As it is printed; empty where there is none."""


@dataclass(frozen=True)
class Step:
    """A part that a formula has a name for."""

    name: str
    words: str
    value: str
    """Empty where it is no single value, and where it cannot be computed."""


@dataclass(frozen=True)
class Explained:
    """How a place comes to what it shows."""

    label: str
    value: str
    words: str
    """The formula; empty where the place shows a value of another file as it is."""
    steps: tuple[Step, ...] = ()
    sources: tuple[Source, ...] = ()
    more: int = 0
    """How many values there are beyond those that are listed."""
    gap: str = ""
    """Why it cannot be computed yet."""
    claim: str = ""
    """What the file states in its place, where that must agree."""
    is_default: bool = False
    """Whether it only stands where nothing is typed."""


def explained(sheet: Sheet, path: ValuePath) -> Explained | None:
    """How a place of a form is computed; None for one that is not."""
    filing = sheet.filing
    if path and path[0] in filing.form.references:
        return _taken(filing, path)
    figure = filing.form.figures.at(path)
    return _computed(filing, figure, path) if figure else None


def _computed(filing: Filing, figure: Figure, path: ValuePath) -> Explained:
    usable = filing.without(schema_errors.unusable(filing))
    value, gap = usable.figures.get(path), usable.figure_gaps.get(path)
    names = usable.formula_names(path)
    used, parts = used_in(usable, figure, names) if names is not None else ((), ())
    stated = as_scalar(filing.document.value(path))
    return Explained(
        label_of(filing, path),
        "" if value is None else show(value) + figure.unit,
        in_words(figure.formula.tree),
        tuple(Step(part, in_words(figure.where[part].tree), _value(part, names)) for part in parts),
        tuple(_source(one, filing, path) for one in used[:_MOST]),
        max(len(used) - _MOST, 0),
        gap.reason if gap else "",
        show(stated) if stated is not None and not figure.may_be_typed else "",
        figure.may_be_typed,
    )


def _source(one: Used, filing: Filing, path: ValuePath) -> Source:
    there = one.filing.document.file
    is_own = there == filing.document.file
    label = one.parameter or label_of(one.filing, one.path, path if is_own else ())
    return Source("" if is_own else there, one.path, label, one.value)


def _value(name: str, names: Names | None) -> str:
    try:
        value = None if names is None else names[name]
    except (FormulaError, HoleNeededError, KeyError):
        return ""
    return "" if value is None or isinstance(value, list) else _in_words(value)


def _in_words(value: object) -> str:
    """A value, where it is short enough to stand beside its formula; of a long fraction the first places."""
    if isinstance(value, Decimal) and value.is_finite() and value != round(value, _PLACES):
        return f"约 {show(round(value, _PLACES))}"
    text = value_in_words(value)
    return text if len(text) <= _LONGEST else ""


def _taken(filing: Filing, path: ValuePath) -> Explained | None:
    """The value of another file that a place shows as it is."""
    found = filing.others(str(path[0]))
    if isinstance(found, Unavailable):
        return Explained(str(path[0]), "", "", gap=found.reason)
    many = filing.is_many(str(path[0]))
    number = path[1] if many and len(path) > 1 and isinstance(path[1], int) else 0
    if number >= len(found):
        return None
    other, there = found[number], path[2:] if many else path[1:]
    computed = other.figures.get(there) if other.form.figures.at(there) else None
    value = computed if computed is not None else as_scalar(other.document.value(there))
    source = Source(other.document.file, there, label_of(other, there), show(value))
    return Explained(source.label, source.value, "", sources=(source,))
