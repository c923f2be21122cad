"""The official form of a filing as somebody fills it in: the printed table, with the rows to begin at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfgen.check import schema_errors
from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.filling.blanks import with_blanks
from perfgen.form.figures import FigureValue
from perfgen.project.snapshot import Project
from perfgen.report import referred
from perfgen.report.report import TABLE_TEMPLATE
from perfgen.table import expand, template
from perfgen.table.model import Table
from perfgen.table.view import Record, View, make_view, members


@dataclass(frozen=True)
class Sheet:
    """The form of a filing, to be filled in."""

    filing: Filing
    table: Table
    view: View
    """What the form is made from, its own values only, with the rows to begin at."""
    blank: frozenset[ValuePath]
    """The rows and groups that the form shows and the data does not have."""
    figures: Mapping[ValuePath, FigureValue]
    """The figures that can be computed, by their paths."""

    def is_blank(self, path: ValuePath) -> bool:
        """Whether a path lies in a row or group that is not in the data."""
        return any(path[:length] in self.blank for length in range(1, len(path) + 1))


def sheet(project: Project, filing: Filing) -> Sheet:
    """The form of a filing that could be read, whatever is wrong with its values.

    Raises FormError for a template or a formula that is broken whatever the data.
    """
    fields = filing.form.figures.fields
    usable = filing.without(schema_errors.unusable(filing))
    figures = {path: value for path, value in usable.figures.items() if value is not None}
    units = {path: filing.form.figures.unit_at(path) for path in figures}
    data, blank = with_blanks(filing.document.top, filing.form.fields)
    view = make_view(data, fields, figures, units, public=False)
    others, _ = referred.beside(project, filing)
    read = template.read_template(project, filing.form.template(TABLE_TEMPLATE))
    table = expand.expand(read, Record((), {**members(view), **others}))
    return Sheet(filing, table, view, blank, figures)
