"""Writes the form as a PDF for the archive: PDF/A-3a, broken into pages by our rules, tagged from the table.

The table is measured and set on the pages that `table.paginate` plans from the measures (`parts.pdf_pages`). The public
edition has its data as an attachment.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from perfgen.findings import Finding, FormError, Place
from perfgen.prove import pdf_cells
from perfgen.render import ANY, template_path
from perfgen.render.parts.pdf_layout import STYLE, TEMPLATE, Typesetter, load
from perfgen.render.parts.pdf_pages import PageSetter, forget_rows
from perfgen.render.parts.pdf_ruler import Unmeasurable
from perfgen.render.parts.pdf_tags import finish
from perfgen.report import open_data
from perfgen.report.report import Edition, Report
from perfgen.system import limits

TARGETS = {"official": "official/{stem}.pdf", "public": "public/{stem}/{name}.pdf"}
NEEDS = ("form.docx", TEMPLATE, STYLE)
READS = ("form.docx", ANY)
SHARED = (TEMPLATE, STYLE)
STYLES = (STYLE,)
PAGED = True
PACKAGES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "Jinja2", "pikepdf")

_SECONDS = 600.0
"""How much processor time a PDF may take; one of 1,500 rows takes a minute."""
_COLLECTED = (200_000, 20, 100)
"""How many new objects bring a collection, and how many collections one of older objects (`gc.set_threshold`)."""


def prepare() -> None:
    """Imports WeasyPrint. Raises ToolError where Pango is missing."""
    load()


def learn(report: Report) -> None:
    """Lays out a probe of a report's rows: it loads the fonts, and other reports with these templates need no probe.

    Raises FormError and ToolError as `render` does.
    """
    with suppress(limits.OutOfTimeError, Unmeasurable), limits.limited(_SECONDS, None):
        PageSetter(Typesetter(report)).ruler()


def render(report: Report) -> bytes:
    """The PDF of a report's table.

    Raises FormError when a template is broken or asks for something outside its folder, and for every character that
    the fonts do not have, with its place in the data; ToolError where a library or a font is missing.
    """
    try:
        with limits.limited(_SECONDS, None), _fewer_collections():
            return _typeset(report)
    except limits.OutOfTimeError as error:
        place = Place(template_path(report.project, report.form.templates, STYLE))
        message = f"排版算了 {_SECONDS:.0f} 秒还没有排完；多半是样式或模板太复杂，或者内容太多。"
        raise FormError([Finding(place, "template-render", message)]) from error


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Lets Python look for unused cycles seldom: a layout makes many objects that live until the PDF is written."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _typeset(report: Report) -> bytes:
    setter = Typesetter(report)
    document, sheet = PageSetter(setter).set()
    forget_rows(document)
    content = setter.write(document, _attachments(setter, report))
    return finish(content, sheet, setter)


def _attachments(setter: Typesetter, report: Report) -> list[object]:
    """The public edition's data as JSON, with the date of publication; nothing for the official edition."""
    if report.edition is not Edition.PUBLIC or report.publication is None:
        return []
    published = datetime.fromisoformat(report.publication.published).replace(tzinfo=UTC)
    attachment = setter.weasyprint.Attachment(
        string=open_data.dump_open_data(report).decode(),
        name=open_data.NAME,
        description=f"{report.heading}的公开数据",
        created=published,
        modified=published,
        relationship="Data",
    )
    return [attachment]


prove = pdf_cells.prove
