"""Sets a report's table on pages: measures it, plans the pages, lays them out, and looks whether they are as planned.

The heights are computed from lines that Pango alone has broken (`pdf_ruler`). Then all rows must stand where they were
computed to stand. Where one does not, the table is measured by a layout of its own, on one endless page.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from perfgen.findings import Finding, FormError, Place
from perfgen.project.snapshot import Project
from perfgen.render import SHARED_TEMPLATES
from perfgen.render.parts.html_templates import fill
from perfgen.render.parts.pdf_layout import TEMPLATE, LaidOut, LaidOutPage, Typesetter
from perfgen.render.parts.pdf_ruler import PangoRuler, Probes, Unmeasurable, probe, sheet_of
from perfgen.render.parts.pdf_ticks import with_ticks
from perfgen.render.parts.remarks import remark
from perfgen.table import measure
from perfgen.table.heights import compute_measures, planned_bottoms
from perfgen.table.measure import Measures
from perfgen.table.model import PageSetup
from perfgen.table.paginate import paginate
from perfgen.table.sheet import Sheet
from perfgen.table.view import members

_T = TypeVar("_T")

_ENDLESS = 40 * 16838 * 20
"""The height, in twentieths of a point, of the page a table is measured on."""
_TALL = 0.4
"""The share of a page from which a cell that cannot be broken may not fit, below headings and beside its rows."""
_SHOWN = 20
"""How many characters of a cell are shown."""
_PIXELS_PER_TWIP = 96 / 72 / 20
_SLACK, _TRIES = 2.0, 4
"""The pixels left free on each page; how many plans are tried, each with more left free."""
_NEAR, _SAME = 1.0, 0.01
"""The pixels by which a row, and the table, may stand away from where they were computed to stand."""


class PageSetter:
    """Sets the table of one report on pages."""

    def __init__(self, setter: Typesetter) -> None:
        self.setter = setter
        self.report = setter.report
        self.table = with_ticks(self.report.table)
        page = self.table.page
        self.height = (page.height - page.top - page.bottom) * _PIXELS_PER_TWIP

    def set(self) -> tuple[LaidOut, Sheet]:
        """The document on its pages, and their plan.

        Raises FormError where the pages cannot be planned, and for what is wrong with the template.
        """
        probes = self.probes()
        if probes.above is not None and not probes.missing(self.table):
            # what stands above the table is as high as in the form before, until the layout says otherwise
            with suppress(Unmeasurable):
                return self.by_lines(PangoRuler(self.table, probes), probes.above, probes.edge)
        try:
            return self.by_lines(*self.ruler())
        except Unmeasurable as error:
            remark(f"{error}，改用整张试排来分页（慢一倍）。")
        return self.by_layout()

    def by_lines(self, ruler: PangoRuler, above: float, edge: float) -> tuple[LaidOut, Sheet]:
        """The pages planned from computed heights, given a ruler and the heights above and below the table.

        Raises Unmeasurable where they do not agree with the layout.
        """
        measures = self.surely(ruler, lambda: compute_measures(self.table, above, edge, ruler))
        for sheet in self.plans(measures):
            bottoms = self.surely(ruler, functools.partial(planned_bottoms, sheet, ruler))
            if any(end[-1] + edge > room for end, room in zip(bottoms, self.rooms(above), strict=False)):
                continue
            document = self.lay_out(sheet)
            if not self.is_planned(document.pages, sheet):
                raise Unmeasurable("分页和计算的不一致")
            if abs(self.tops(document.pages[0])[sheet.pages[0].anchor] - above) > _SAME:
                raise Unmeasurable("表格上面的高度和计算的不一致")
            self.compare(document.pages, sheet, bottoms)
            return document, sheet
        raise Unmeasurable("算不出放得下的分页")

    def probes(self) -> Probes:
        """What was learned about these templates so far."""
        return self.report.project.once(_probes, self.report.form.templates, self.table.widths, self.table.page)

    def ruler(self) -> tuple[PangoRuler, float, float]:
        """A ruler for the table, the height of what stands above it, and of its lower border."""
        table, probes = self.table, self.probes()
        rows = probes.missing(table) or [row for row in table.rows if row.cells][:1]
        sheet = probe(table, rows)
        page = self.lay_out(sheet, endless=True).pages[0]
        probes.learn(rows, sheet, page._page_box)
        probes.above = self.tops(page)[measure.START]
        return PangoRuler(table, probes), probes.above, probes.edge

    def surely(self, ruler: PangoRuler, compute: Callable[[], _T]) -> _T:
        """What is computed with a ruler, once it is certain of all cells; the others are laid out alone."""
        result = compute()
        if ruler.uncertain:
            cells = list(ruler.uncertain.values())
            ruler.learn(cells, self.lay_out(sheet_of(self.table, cells), endless=True).pages[0])
            result = compute()
        return result

    def computed(self) -> Measures:
        """The measures computed from lines."""
        ruler, above, edge = self.ruler()
        return self.surely(ruler, lambda: compute_measures(self.table, above, edge, ruler))

    def by_layout(self) -> tuple[LaidOut, Sheet]:
        """The pages planned from a layout; where they differ from the plan, lower pages are planned.

        Raises FormError where they still differ after the last try.
        """
        measures = self.measured()
        for sheet in self.plans(measures):
            document = self.lay_out(sheet)
            if self.is_planned(document.pages, sheet):
                return document, sheet
        raise FormError([self.unplanned(measures)])

    def measured(self) -> Measures:
        """The measures that a layout on one endless page gives."""
        document = self.lay_out(measure.endless(self.table), endless=True)
        return measure.read_measures(self.table, self.tops(document.pages[0]))

    def plans(self, measures: Measures) -> Iterator[Sheet]:
        """The plans to be tried, each with more left free on the pages."""
        for attempt in range(1, _TRIES + 1):
            yield paginate(self.table, measures, self.height - _SLACK * attempt**3)

    def rooms(self, above: float) -> Iterator[float]:
        """The height that each page has for the table."""
        yield self.height - above
        while True:
            yield self.height

    def lay_out(self, sheet: Sheet, *, endless: bool = False) -> LaidOut:
        """The laid-out document of a sheet."""
        page = self.table.page
        if endless:
            page = PageSetup(page.width, _ENDLESS, page.top, page.right, page.bottom, page.left)
        report = self.report
        context = {
            **members(report.seen),
            "report": replace(report.facts, table=self.table),
            "sheet": sheet,
            "page": page,
        }
        return self.setter.lay_out(fill(report.project, report.form.templates, TEMPLATE, context))

    def tops(self, page: LaidOutPage) -> dict[str, float]:
        """Where anchors stand below the type area's top, in CSS pixels."""
        top = self.table.page.top * _PIXELS_PER_TWIP
        return {name: place[1] - top for name, place in page.anchors.items()}

    def is_planned(self, pages: Sequence[LaidOutPage], sheet: Sheet) -> bool:
        """Whether each page of a layout begins the page of the sheet that it should, and further pages begin none."""
        begun = [{name for name in page.anchors if name.startswith("page-")} for page in pages]
        return begun[: len(sheet.pages)] == [{page.anchor} for page in sheet.pages] and not any(
            begun[len(sheet.pages) :]
        )

    def compare(self, pages: Sequence[LaidOutPage], sheet: Sheet, bottoms: Sequence[Sequence[float]]) -> None:
        """Looks whether each row ends where it was computed to end, below the top of the first row of its page.

        Raises Unmeasurable at the first one that does not, or is not on its page.
        """
        for number, (page, planned, ends) in enumerate(zip(pages, sheet.pages, bottoms, strict=False), 1):
            top = page.anchors[planned.rows[0].anchor][1] if planned.rows[0].anchor in page.anchors else 0.0
            for row, end in zip(planned.rows, ends, strict=True):
                if row.anchor not in page.anchors:
                    raise Unmeasurable(f"第 {number} 页没有表格第 {row.row + 1} 行")
                away = page.anchors[row.anchor][3] - top - end
                if abs(away) > _NEAR:
                    raise Unmeasurable(f"第 {number} 页的表格第 {row.row + 1} 行和计算的差 {away:.1f} 像素")

    def unplanned(self, measures: Measures) -> Finding:
        """Why the pages cannot be planned: a cell that is too tall for a page, otherwise the style sheet."""
        report = self.report
        cell, needed = measure.tallest(self.table, measures) or (None, 0.0)
        if cell is None or needed < self.height * _TALL:
            message = "排版的分页和计算的不一致；多半是样式里表格的高度和模板不合。"
            return Finding(self.setter.style, "pdf-pages", message)
        path = cell.paths[0] if cell.paths else ()
        place = report.place(path) if path else Place(report.form.template("form.docx"))
        name = cell.text[:_SHOWN] + ("…" if len(cell.text) > _SHOWN else "")
        where = f"表格第 {cell.row + 1} 行第 {cell.column + 1} 列"
        message = f"“{name}”太长（{where}，{len(cell.text)} 个字）：这一格不能分到两页，一页里又放不下，PDF 排不出来。"
        return Finding(place, "pdf-pages", message, "把它写短。", path=path)


def _probes(project: Project, templates: str, _widths: tuple[int, ...], _page: PageSetup) -> Probes:
    """What will be learned about the templates in a folder, for these columns and this page."""
    for folder in (templates, SHARED_TEMPLATES):
        for path in project.files(folder):
            project.holds(path)
    return Probes()


def forget_rows(document: LaidOut) -> None:
    """Takes the anchors of rows away: they are there to be compared, not to become named places of the PDF."""
    for page in document.pages:
        for name in [name for name in page.anchors if name.startswith("row-")]:
            del page.anchors[name]
