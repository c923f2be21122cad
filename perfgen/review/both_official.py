"""Makes the official reports of both versions of a unit, the old one with the old templates where that is possible."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, TypeAlias

from perfgen.findings import FindingsError
from perfgen.project.layout import TEMPLATE_FOLDER
from perfgen.project.snapshot import Project
from perfgen.report.report import TABLE_TEMPLATE, Report
from perfgen.review.file_version import VersionPair
from perfgen.review.official import official, official_of_its_own
from perfgen.table import template
from perfgen.table.template import Repeat, TemplateRow

AS_NOW = "原来的表或模板画不出来，原来的样子按现在的画"
OTHER_ROWS = "模板的行或列变了，没有办法逐行对：两边的数据都按现在的模板画"
_Shape: TypeAlias = "tuple[object, ...]"


class Both(NamedTuple):
    """The reports of both versions, None where there is none; and what has to be said of how they were made."""

    old: Report | None
    new: Report | None
    remark: str = ""


def side_by_side(pair: VersionPair, project: Project, before: Project | None) -> Both:
    """Both reports, each by the forms and templates of its version; `before` is the old version, None where its forms
    and templates are the present ones."""
    new = official(pair.new, project)
    if before is None:
        return Both(official(pair.old, project), new)
    own = official_of_its_own(pair.old, before)
    as_now = None if own else official(pair.old, project)
    return Both(own or as_now, new, AS_NOW if as_now else "")


def in_one_document(pair: VersionPair, project: Project, before: Project | None) -> Both:
    """Both reports for one document: the old one with the old template where its rows and columns are the new one's."""
    old, new = official(pair.old, project), official(pair.new, project)
    if before is None or old is None:
        return Both(old, new)
    with_own = _with_templates_of(old, project, before)
    if new is None:
        return Both(with_own or old, None)
    if with_own and _shape_of(with_own) == _shape_of(new):
        return Both(with_own, new)
    return Both(old, new, OTHER_ROWS)


def _with_templates_of(old: Report, project: Project, before: Project) -> Report | None:
    """The same report with the templates of another project; None where these do not fit it."""
    made = replace(old, project=project.with_folder(TEMPLATE_FOLDER, before.tree))
    try:
        return made if made.table else None
    except FindingsError:
        return None


def _shape_of(report: Report) -> _Shape:
    """The rows, loops and columns of a report's template, without what stands in them."""
    table = template.read_template(report.project, report.form.template(TABLE_TEMPLATE))
    return (len(table.above), len(table.below), len(table.widths), _rows(table.rows))


def _rows(rows: tuple[TemplateRow | Repeat, ...]) -> _Shape:
    shapes: list[object] = []
    for row in rows:
        if isinstance(row, Repeat):
            shapes.append((row.open.source, row.open.variable, _rows(row.body)))
        else:
            shapes.append(tuple((cell.colspan, cell.continues, cell.merge) for cell in row.cells))
    return tuple(shapes)
