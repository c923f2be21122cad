"""What changed against last year: a file's data beside that of the same unit's file of the year before, in words.

The public edition compares what is public of both files and nothing else, and only where last year's file is published
itself: that one was, what it held, and why something changed, must not be seen from this year's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfgen.check.filing import Filing
from perfgen.check.reasons import Reasons, fresh, row_names
from perfgen.comparison import classify, own_year
from perfgen.comparison.classify import Class
from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.comparison.labels import place_label
from perfgen.comparison.told import Told, tell
from perfgen.data import Data, ValuePath, as_group, row_of, value_at
from perfgen.form.figures import FigureValue
from perfgen.form.forms import Form
from perfgen.form.formulas import FormulaError
from perfgen.form.likeness import Budget
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import referred
from perfgen.report.site import Site


@dataclass(frozen=True)
class YearChange:
    """One change against last year's file."""

    kind: Class
    """What it means, in one word."""
    label: str
    """Where it is, in words: 上级 › 下级."""
    sentence: str
    """What happened, without the place."""
    before: str
    after: str
    """The value, row or place in both years, in one line; empty where there is none."""
    reason: str
    """Why, as it is written in this year's file; empty where nobody wrote it, or it is not public."""
    path: ValuePath | None
    """Where the value or row stands in the report's data; None where it is there no more."""
    is_promise: bool
    """Whether it is about a target value, or a row that holds one."""

    @property
    def row(self) -> ValuePath | None:
        """The path of the row that it is or lies in; its own where it lies in none."""
        return row_of(self.path) or self.path if self.path else self.path


@dataclass(frozen=True)
class SinceLastYear:
    """All changes against last year's file, the most important first."""

    year: str = ""
    """The year of that file; empty where there is none to compare with, or none that this edition may show."""
    changes: tuple[YearChange, ...] = ()
    is_rough: bool = False
    """Whether the rows were too many to look for all that were renamed: some are said to be gone and new."""


@dataclass(frozen=True)
class Shown:
    """What an edition shows of a file: its data as they are typed, and its figures by their paths there."""

    data: Data
    figures: Mapping[ValuePath, FigureValue]


def since_last_year(project: Project, filing: Filing, shown: Shown, site: Site | None) -> SinceLastYear:
    """What changed in a filing, of which an edition shows `shown`; with `site`, only what is public by its settings."""
    last = filing.earlier(1)
    before = _shown(project, last, site) if isinstance(last, Filing) else None
    if not isinstance(last, Filing) or before is None:
        return SinceLastYear()
    form, year = filing.form, DataFile.at(last.document.file).year
    years = int(year), int(DataFile.at(filing.document.file).year)
    old, data = _with_figures(form, before), _with_figures(form, shown)
    fields = form.figures.fields
    pairer = own_year.pairer(fields, Budget())
    found = own_year.differences_of_years(old, data, fields, _about_the_file(form), pairer)
    meant = (difference for difference in found if not _is_absent_figure(difference, form))
    told = [tell(difference, form, old, data, years, for_review=False) for difference in meant]
    reasons = _reasons(form, old, data)
    changes = tuple(
        _change(one, _reason(one, reasons, form, old, data))
        for one in sorted(told, key=lambda one: classify.weight(one.difference, one.meaning))
    )
    return SinceLastYear(year, changes, is_rough=pairer.budget.was_short)


def _shown(project: Project, last: Filing, site: Site | None) -> Shown | None:
    """What an edition may show of last year's file; None where that is nothing."""
    try:
        if site is None:
            return Shown(last.document.data, last.figures)
        if not site.shows(DataFile.at(last.document.file), last.form):
            return None
        part = referred.public_part(project, last, site)
    except FormulaError:  # whoever checks that file says so
        return None
    return Shown(part.published.data, part.figures)


def _with_figures(form: Form, shown: Shown) -> Data:
    """The data with the figures that may be typed, the amounts of money and the target values, whether they are typed
    or computed; without the other figures, which only follow from the rest."""
    kept = {path: value for path, value in shown.figures.items() if value is not None and _is_told(form, path)}
    data = form.figures.filled(shown.data, kept)
    for path in shown.figures.keys() - kept.keys():
        around = value_at(data, path[:-1])
        if isinstance(around, dict) and isinstance(path[-1], str) and not _is_told(form, path):
            around.pop(path[-1], None)
    return data


def _is_told(form: Form, path: ValuePath) -> bool:
    """Whether it is a change of its own where a figure is another one."""
    figure, field = form.figures.at(path), form.figures.fields.at(path)
    if figure is None or field is None:
        return False
    return figure.may_be_typed or figure.is_measure or bool(field.unit and not figure.unit and not field.is_past)


def _is_absent_figure(difference: Difference, form: Form) -> bool:
    """Whether a figure is there in one year only: it cannot be computed in the other, or is not public there yet, and
    nobody took it away."""
    path = difference.new_path or difference.old_path
    is_row = difference.row is difference.field
    is_one_sided = difference.kind in (DifferenceKind.ADDED, DifferenceKind.REMOVED)
    return bool(path) and is_one_sided and not is_row and form.figures.at(path or ()) is not None


def _change(told: Told, reason: str) -> YearChange:
    difference = told.difference
    return YearChange(
        kind=told.meaning,
        label=place_label(difference),
        sentence=told.sentence,
        before=told.before,
        after=told.after,
        reason=reason,
        path=difference.new_path,
        is_promise=classify.concerns_promise(difference),
    )


def _about_the_file(form: Form) -> frozenset[str]:
    """The fields that say something of the file, as what answers a rule or was corrected, and nothing of the unit."""
    roles = {name for name, member in form.fields.members.items() if member.role}
    return frozenset(roles.difference(form.subject))


def _reasons(form: Form, old: Data, new: Data) -> Reasons:
    """The reasons that were written this year."""

    def written(name: str | None) -> dict[str, str]:
        return fresh(as_group(old).get(name), as_group(new).get(name)) if name else {}

    return Reasons(written(form.fields.find_role("waivers")), written(form.fields.find_role("reasons")))


def _reason(told: Told, reasons: Reasons, form: Form, old: Data, new: Data) -> str:
    """Why it changed, where somebody may ask that; empty where nobody wrote it."""
    if not told.meaning.wants_reason:
        return ""
    difference = told.difference
    data, path = (new, difference.new_path) if difference.new_path else (old, difference.old_path)
    around = row_names(data, form.figures.fields, path) if path else ()
    names = (place_label(difference), *around, *difference.names)
    return reasons.of_change(form.rules.asking(told.meaning.value), names)[1]
