"""The programs that perfgen is measured beside; each function gives what runs it, or None where it is not there."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import docxtpl
from jinja2 import Environment

from benchmarks.measuring import ROOT, run
from perfgen.render import template_path
from perfgen.render.parts import pdf_layout
from perfgen.report.report import Report
from perfgen.system import fonts
from perfgen.table.filters import FILTERS
from perfgen.table.model import Cell, Table
from perfgen.table.view import members

Run = Callable[[], object]
_FACE = "Noto Serif CJK SC"


class _WithoutMerges(docxtpl.DocxTemplate):
    """docxtpl as it is, but for a tag it does not know."""

    def patch_xml(self, src_xml: str) -> str:
        """The template's XML without that tag."""
        return re.sub(r"{%\s*merge\s+\w+\s*%}", "", super().patch_xml(src_xml))


def word_alone(reports: Sequence[Report]) -> Run:
    """Fills the Word template with docxtpl and saves it; no checks, no proof."""
    template = (ROOT / reports[0].form.template("form.docx")).read_bytes()
    contexts = [dict(members(report.view)) for report in reports]

    def fill() -> None:
        environment = Environment(autoescape=True)
        environment.filters.update(FILTERS)
        for context in contexts:
            document = _WithoutMerges(io.BytesIO(template))
            document.render(context, environment, autoescape=True)
            document.save(io.BytesIO())

    return fill


def libreoffice(words: Sequence[Path], folder: Path) -> Run | None:
    """Converts Word files to PDF in one call."""
    if not (program := shutil.which("soffice")):
        return None
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    command += ["--outdir", str(folder / "office"), *map(str, words)]
    return lambda: run(command, folder)


def chromium(reports: Sequence[Report], render: Callable[[Report], object], folder: Path) -> Run | None:
    """Prints the HTML of our last layout of each report, a process for each."""
    if not (program := shutil.which("chromium") or shutil.which("google-chrome")):
        return None
    style = template_path(reports[0].project, reports[0].form.templates, pdf_layout.STYLE)
    shutil.copy(ROOT / style, folder)
    pages = []
    for number, report in enumerate(reports):
        pages.append(folder / f"{number}.html")
        pages[-1].write_text(_last_layout(report, render), "utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", f"--user-data-dir={folder / 'chromium'}"]

    def print_all() -> None:
        for page in pages:
            run([program, *flags, f"--print-to-pdf={page.with_suffix('.chromium.pdf')}", page.as_uri()], folder)

    return print_all


def _last_layout(report: Report, render: Callable[[Report], object]) -> str:
    """The HTML that is laid out last when a report is rendered."""
    pages: list[str] = []
    lay_out = pdf_layout.Typesetter.lay_out

    def kept(self: pdf_layout.Typesetter, html: str) -> object:
        pages.append(html)
        return lay_out(self, html)

    pdf_layout.Typesetter.lay_out = kept  # type: ignore[method-assign, assignment]
    try:
        render(report)
    finally:
        pdf_layout.Typesetter.lay_out = lay_out  # type: ignore[method-assign]
    return pages[-1]


def typst(reports: Sequence[Report], folder: Path) -> Run | None:
    """Sets the same table as a tagged PDF/A-3a with PDF/UA-1, without our paging."""
    if importlib.util.find_spec("typst") is None or (place := fonts.place(_FACE)) is None:
        return None
    import typst as compiler

    paths = []
    for number, report in enumerate(reports):
        paths.append(folder / f"{number}.typ")
        paths[-1].write_text(_typst_source(report.form.title, report.table), "utf-8")
    homes = [str(Path(place[0]).parent)]
    return lambda: [compiler.compile(str(path), font_paths=homes, pdf_standards=["a-3a", "ua-1"]) for path in paths]


def _typst_source(title: str, table: Table) -> str:
    """The table in Typst's language."""

    def cell(one: Cell) -> str:
        place = f"x: {one.column}, y: {one.row}, colspan: {one.colspan}, rowspan: {one.rowspan}"
        return f"table.cell({place}, text({_quoted(one.text)})),"

    widths = ", ".join(f"{width / 20}pt" for width in table.widths)
    cells = "\n".join(cell(one) for one in table.cells())
    return (
        f"#set document(title: {_quoted(title)}, date: datetime(year: 2026, month: 1, day: 1))\n"
        f'#set page("a4", margin: 17mm)\n#set text(font: "{_FACE}", size: 10.5pt, lang: "zh")\n'
        f"#table(columns: ({widths}), stroke: 0.5pt, inset: 2pt, align: center + horizon,\n{cells}\n)\n"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
