"""A form filled in with nothing but its own field names, to try templates on before there is data."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from perfgen.check.filing import Filing, Refer
from perfgen.data import Data
from perfgen.fields import Field
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.form.formulas import Unavailable
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report.disclosure import REVIEW
from perfgen.report.site import APPROVED, DATES, FORMS, PUBLISHED, Site
from perfgen.source.reader import Document

YEAR = 2025


def specimen(project: Project, form: Form, *, full: bool) -> Filing:
    """A filing of a form; `full` fills every field and two rows of every list, otherwise nothing that may be absent.

    It refers to specimens of other forms; those of earlier years refer to nothing.
    """
    return _Specimens(project, full).of(form, YEAR)


@dataclass(eq=False)
class _Specimens:
    """Specimens that refer to one another: one of each form and year."""

    project: Project
    full: bool
    made: dict[tuple[str, int], Filing] = field(default_factory=dict)

    def of(self, form: Form, year: int) -> Filing:
        """The specimen of a form."""
        key = (form.name, year)
        if key not in self.made:
            # the first has the name that people read; the pages of the others stand at addresses of their own
            stem = f"样张/{form.name}" if self.made else "样张"
            file, refer = DataFile(str(year), stem), functools.partial(self.refer, form, year)
            self.made[key] = _specimen(form, file, self.full, refer)
        return self.made[key]

    def refer(self, form: Form, year: int, name: str) -> tuple[Filing, ...] | Unavailable:
        """What a specimen finds by a reference."""
        reference = form.references[name]
        other = forms.find(self.project, reference.form)
        if other is None or (reference.years and year < YEAR):
            return Unavailable("样张没有更早的年度")
        found = self.of(other, year - reference.years)
        return (found, found) if reference.many and self.full else () if reference.many else (found,)


def _specimen(form: Form, file: DataFile, full: bool, refer: Refer) -> Filing:
    roles: dict[str | None, Data] = {"form": form.name, "year": Decimal(file.year), "unit": "样张"}
    data = {
        name: roles.get(member.role, _value(member, name, full=full))
        for name, member in form.fields.members.items()
        if full or member.role in roles
    }
    return Filing(Document(file.source, data, {(): (1, 1)}, {}), form, refer=refer)


def published(settings: Site, project: Project) -> Site:
    """The settings of a site with dates for the year and the forms of the specimens, whatever was set for them."""
    dates: dict[str, Data] = {APPROVED: f"{YEAR}-01-20", PUBLISHED: f"{YEAR}-02-10"}
    own: dict[str, Data] = dict.fromkeys(_with_own_dates(project), dates)
    others = {name: value for name, value in settings.settings.items() if name != REVIEW}  # nobody reviews a specimen
    return Site({**others, DATES: {str(YEAR): {**dates, FORMS: own}}}, day=f"{YEAR}-12-31")


def _with_own_dates(project: Project) -> Iterator[str]:
    """The forms that are published by dates of their own; one that is broken is told of where it is tried itself."""
    for name in forms.names(project):
        with contextlib.suppress(FormError):
            if (form := forms.find(project, name)) and form.has_own_dates:
                yield name


def _value(field: Field, name: str, *, full: bool) -> Data:
    if field.kind == "array" and field.item:
        return [_value(field.item, f"{name}{n}", full=full) for n in (1, 2)] if full else []
    if field.kind == "object":
        inside: dict[str, Data] = {n: _value(member, n, full=full) for n, member in field.members.items()}
        if field.other and full:
            inside |= {n: _value(field.other, n, full=full) for n in ("甲", "乙")}
        return inside
    if field.measure:
        return "≥80%"
    return Decimal(1) if field.numeric else name
