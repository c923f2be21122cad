"""The form as a PDF: the expanded table, set by the form's HTML and print style, by WeasyPrint.

Nothing is fetched and nothing outside the template folders is read; whatever WeasyPrint would
only warn about stops the build.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from perfgen import fonts
from perfgen.findings import Finding, FormError, Place, ToolError, path_text
from perfgen.prove import pdf_cells
from perfgen.render import shared_templates
from perfgen.render._html import fill
from perfgen.report import Report
from perfgen.view import leaves, members

TEMPLATE, STYLE = "form.html", "print.css"
TARGETS = {"official": "official/{stem}.pdf", "public": "public/{stem}/{name}.pdf"}
NEEDS = ("form.docx", TEMPLATE, STYLE)
READS = ("form.docx", "*.html", "*.css")
STYLES = (STYLE,)
PACKAGES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "Jinja2")


class _Warnings(logging.Handler):
    """Collects what WeasyPrint logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _weasyprint() -> Any:
    """WeasyPrint, imported only where a PDF is made.

    Raises ToolError where Pango is missing, as on most Windows machines.
    """
    try:
        import weasyprint
    except OSError as error:
        raise ToolError("做 PDF 要用 Pango，这台机器上没有；运行 perfgen doctor 看怎么装。") from error
    return weasyprint


def _demand_fonts(style: Path) -> None:
    """A missing family would be set in some other face, a Japanese one maybe, without a word."""
    missing = [family for family in fonts.families(style.read_text("utf-8")) if fonts.version(family) is None]
    if missing:
        raise ToolError(f"{STYLE} 要用的字体 {'、'.join(missing)} 这台机器上没有；运行 perfgen doctor 看怎么装。")


def _fetcher(weasyprint: Any, folders: list[Path]) -> Any:
    """A fetcher that reads files of the template folders and refuses everything else."""

    class TemplateFetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or parts.netloc or path.parent not in folders or not path.is_file():
                raise weasyprint.urls.FatalURLFetchingError(f"{url} is not a template file")
            return super().fetch(url, headers)

    return TemplateFetcher(allowed_protocols=("file",), fail_on_errors=True)


def render(report: Report) -> bytes:
    """The PDF of a report's table.

    Raises FormError when a template is broken or asks for something outside its folder, and
    for every character that the fonts do not have, with its place in the data; ToolError where
    a library or a font is missing.
    """
    weasyprint = _weasyprint()
    templates = report.form.templates
    _demand_fonts(templates / STYLE)
    html = fill(templates, TEMPLATE, report.root, {**members(report.view), "report": report})
    folders = [templates.resolve(), shared_templates(report.root).resolve()]
    logger = logging.getLogger("weasyprint")
    handler = _Warnings()
    logger.addHandler(handler)
    try:
        document = weasyprint.HTML(
            string=html, base_url=templates.resolve().as_uri() + "/", url_fetcher=_fetcher(weasyprint, folders)
        )
        content = document.write_pdf(pdf_tags=True)
    except weasyprint.urls.FatalURLFetchingError as error:
        place = Place((templates / TEMPLATE).relative_to(report.root).as_posix())
        raise FormError([Finding(place, "pdf-fetch", f"模板要取的文件不在模板文件夹里：{error}")]) from error
    finally:
        logger.removeHandler(handler)
    if handler.records:
        raise FormError(_reworded(handler.records, report))
    return bytes(content)


def _reworded(records: list[logging.LogRecord], report: Report) -> list[Finding]:
    """WeasyPrint's warnings as findings; a missing glyph is looked up in the data."""
    findings = []
    template = Place((report.form.templates / STYLE).relative_to(report.root).as_posix())
    for record in records:
        if "notdef" not in str(record.msg):
            findings.append(Finding(template, "pdf-warning", f"排版时有警告：{record.getMessage()}"))
            continue
        for character in str(record.args[0] if isinstance(record.args, tuple) else ""):
            for text in leaves(report.view):
                if character in text and not character.isspace():
                    findings.append(_glyph(character, text.path, report))
    return findings or [Finding(template, "pdf-glyph", "有字体里没有的字，但在数据里找不到；请检查模板。")]


def _glyph(character: str, path: Any, report: Report) -> Finding:
    return Finding(
        report.place(path), "pdf-glyph",
        f"“{path_text(path)}”里的“{character}”（U+{ord(character):04X}）字体里没有，印不出来。",
        "换一个字，或在这台机器上装有这个字的字体，并写进 print.css 的 font-family。", path=path,
    )  # fmt: skip


prove = pdf_cells.prove
