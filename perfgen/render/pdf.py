"""Writes the form as a PDF for the archive: PDF/A-3a, broken into pages by our rules, tagged from the table.

The table is set twice: first on an endless page, to measure it; then on the pages that `table.paginate` plans from the
measures. The public edition has its data as an attachment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from perfgen.findings import Finding, FormError, Place
from perfgen.prove import pdf_cells
from perfgen.render.parts.html_templates import fill
from perfgen.render.parts.pdf_layout import STYLE, TEMPLATE, LaidOut, LaidOutPage, Typesetter
from perfgen.render.parts.pdf_tags import finish
from perfgen.report import open_data
from perfgen.report.report import Edition, Report
from perfgen.system import limits
from perfgen.table import measure, paginate
from perfgen.table.model import PageSetup
from perfgen.table.sheet import Sheet
from perfgen.table.view import members

TARGETS = {"official": "official/{stem}.pdf", "public": "public/{stem}/{name}.pdf"}
NEEDS = ("form.docx", TEMPLATE, STYLE)
READS = ("form.docx", "*.html", "*.css")
STYLES = (STYLE,)
PAGED = True
PACKAGES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "Jinja2", "pikepdf")

_ENDLESS = 40 * 16838 * 20
"""The height, in twentieths of a point, of the page a table is measured on."""
_TALL = 0.4
"""The share of a page from which a cell that cannot be broken may not fit, below headings and beside its rows."""
_SHOWN = 20
"""How many characters of a cell are shown."""
_SECONDS = 600.0
"""How much processor time a PDF may take; one of 1,500 rows takes a minute."""
_PIXELS_PER_TWIP = 96 / 72 / 20
_SLACK, _TRIES = 2.0, 4
"""The pixels left free on each page; how many layouts are tried, each with more left free."""


def render(report: Report) -> bytes:
    """The PDF of a report's table.

    Raises FormError when a template is broken or asks for something outside its folder, and for every character that
    the fonts do not have, with its place in the data; ToolError where a library or a font is missing.
    """
    try:
        with limits.limited(_SECONDS, None):
            return _typeset(report)
    except limits.OutOfTimeError as error:
        place = Place(report.form.template(STYLE))
        message = f"排版算了 {_SECONDS:.0f} 秒还没有排完；多半是样式或模板太复杂，或者内容太多。"
        raise FormError([Finding(place, "template-render", message)]) from error


def _typeset(report: Report) -> bytes:
    setter = Typesetter(report)
    page = report.table.page
    measured = setter.lay_out(_html(report, measure.endless(report.table), _endless(page)))
    measures = measure.read_measures(report.table, _tops(measured.pages[0], page))
    document, sheet = _on_pages(setter, report, measures)
    content = setter.write(document, _attachments(setter, report))
    return finish(content, sheet, setter)


def _endless(page: PageSetup) -> PageSetup:
    return PageSetup(page.width, _ENDLESS, page.top, page.right, page.bottom, page.left)


def _html(report: Report, sheet: Sheet, page: PageSetup) -> str:
    context = {**members(report.view), "report": report.facts, "sheet": sheet, "page": page}
    return fill(report.project, report.form.templates, TEMPLATE, context)


def _tops(page: LaidOutPage, setup: PageSetup) -> dict[str, float]:
    """Where anchors stand below the type area's top, in CSS pixels."""
    top = setup.top * _PIXELS_PER_TWIP
    return {name: place[1] - top for name, place in page.anchors.items()}


def _on_pages(setter: Typesetter, report: Report, measures: measure.Measures) -> tuple[LaidOut, Sheet]:
    """The document laid out on the planned pages, and the plan; where they differ, lower pages are planned.

    Raises FormError where they still differ after the last try.
    """
    page = report.table.page
    height = (page.height - page.top - page.bottom) * _PIXELS_PER_TWIP
    for attempt in range(1, _TRIES + 1):
        sheet = paginate.paginate(report.table, measures, height - _SLACK * attempt**3)
        document = setter.lay_out(_html(report, sheet, page))
        if _as_planned(document.pages, sheet):
            return document, sheet
    raise FormError([_unplanned(report, measures, height)])


def _unplanned(report: Report, measures: measure.Measures, height: float) -> Finding:
    """Why the pages cannot be planned: a cell that is too tall for a page of this height, otherwise the style sheet."""
    cell, needed = measure.tallest(report.table, measures) or (None, 0.0)
    if cell is None or needed < height * _TALL:
        style = Place(report.form.template(STYLE))
        return Finding(style, "pdf-pages", "排版的分页和计算的不一致；多半是样式里表格的高度和模板不合。")
    path = cell.paths[0] if cell.paths else ()
    place = report.place(path) if path else Place(report.form.template("form.docx"))
    name = cell.text[:_SHOWN] + ("…" if len(cell.text) > _SHOWN else "")
    where = f"表格第 {cell.row + 1} 行第 {cell.column + 1} 列"
    message = f"“{name}”太长（{where}，{len(cell.text)} 个字）：这一格不能分到两页，一页里又放不下，PDF 排不出来。"
    return Finding(place, "pdf-pages", message, "把它写短。", path=path)


def _as_planned(pages: Sequence[LaidOutPage], sheet: Sheet) -> bool:
    """Whether each page of a layout begins the page of the sheet that it should, and further pages begin none."""
    begun = [{name for name in page.anchors if name.startswith("page-")} for page in pages]
    return begun[: len(sheet.pages)] == [{page.anchor} for page in sheet.pages] and not any(begun[len(sheet.pages) :])


def _attachments(setter: Typesetter, report: Report) -> list[object]:
    """The public edition's data as JSON, with the date of publication; nothing for the official edition."""
    if report.edition is not Edition.PUBLIC or report.publication is None:
        return []
    published = datetime.fromisoformat(report.publication.published).replace(tzinfo=UTC)
    attachment = setter.weasyprint.Attachment(
        string=open_data.dump_open_data(report).decode(),
        name=open_data.NAME,
        description=f"{report.unit}{report.year}年{report.form.title}的公开数据",
        created=published,
        modified=published,
        relationship="Data",
    )
    return [attachment]


prove = pdf_cells.prove
