"""Runs WeasyPrint: it may read template files only, each warning is an error, fonts must be those declared."""

from __future__ import annotations

import contextlib
import ctypes.util
import functools
import logging
import mimetypes
import posixpath
import sys
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from typing import Any, Protocol, TypeAlias
from urllib.parse import unquote, urlsplit

from perfgen.data import path_text
from perfgen.findings import Finding, FormError, Place, ToolError
from perfgen.project import invocation
from perfgen.render import SHARED_TEMPLATES, template_path
from perfgen.render.parts import pdf_memory, pdf_rows, pdf_styles, pdf_tree
from perfgen.render.parts.pdf_bytes import keep_bytes
from perfgen.render.parts.pdf_faces import remember_faces
from perfgen.report.report import Report
from perfgen.source import encoding
from perfgen.system import fonts
from perfgen.table.view import Record, Text, printed_values

TEMPLATE, STYLE = "form.html", "print.css"

WeasyPrint: TypeAlias = Any
"""The module `weasyprint`, or a class of it: they have no types."""


class LaidOutPage(Protocol):
    """A page of a document that WeasyPrint has laid out."""

    anchors: MutableMapping[str, Sequence[float]]
    """By name, where an anchor stands: left, top, right and bottom of what has it, from the page's upper left corner,
    in CSS pixels. Those that are left when the document is written become named places of the PDF."""
    _page_box: Any
    """WeasyPrint's boxes, which are not a part of its public interface."""


class LaidOut(Protocol):
    """A document that WeasyPrint has laid out."""

    pages: Sequence[LaidOutPage]

    def write_pdf(
        self, *, finisher: Callable[[object, object], None], pdf_variant: str, pdf_tags: bool, attachments: list[object]
    ) -> bytes:
        """The document as a PDF; the finisher gets the document and the PDF's objects before they are written."""


class _Warnings(logging.Handler):
    """Collects what WeasyPrint logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _weasyprint() -> WeasyPrint:
    """WeasyPrint, imported only where a PDF is made.

    Raises ToolError where Pango is missing, as on most Windows machines.
    """
    try:
        with _by_exact_names():
            import weasyprint
    except OSError as error:
        raise ToolError(f"做 PDF 要用 Pango，这台机器上没有；{_how_to_install()}") from error
    return weasyprint


def _found_nowhere(name: str) -> None:  # noqa: ARG001  # as it is called
    return None


@contextlib.contextmanager
def _by_exact_names() -> Iterator[None]:
    """Lets Linux find libraries by the names of their files only.

    WeasyPrint knows those, but asks for the names of other systems first: for each of them Python would start
    ldconfig and a compiler, which takes as long as all the rest of the import.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux" and "weasyprint" not in sys.modules:
        ctypes.util.find_library = _found_nowhere
    try:
        yield
    finally:
        ctypes.util.find_library = search


def load() -> None:
    """Imports WeasyPrint. Raises ToolError where Pango is missing."""
    _weasyprint()


@functools.cache
def _page_class() -> WeasyPrint:
    """WeasyPrint's class of HTML pages, with the short base style sheet where the page is plain."""

    import cssselect2

    class Page(_weasyprint().HTML):  # type: ignore[misc]  # WeasyPrint has no types
        is_plain = False

        def __init__(self, html: str, base_url: str, url_fetcher: object) -> None:
            tree = pdf_tree.tree_of(html)
            if tree is None:
                super().__init__(string=html, base_url=base_url, url_fetcher=url_fetcher)
                return
            # what WeasyPrint's own constructor sets, with a tree in place of a text
            self.base_url, self.url_fetcher, self.media_type = base_url, url_fetcher, "print"
            self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[object]:
            return [pdf_styles.short_sheet()] if self.is_plain else list(super()._ua_stylesheets(forms))

    return Page


@functools.cache
def _font_configuration() -> WeasyPrint:
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    if pdf_memory.remember(fonts):
        remember_faces()
    return fonts


def _how_to_install() -> str:
    return f"运行 {invocation.command('doctor')} 看怎么装。"


def _styles(report: Report) -> Iterator[tuple[str, str]]:
    """The paths and texts of the style sheets that a page can ask for; one that may not be read is refused then."""
    for folder in (report.form.templates, SHARED_TEMPLATES):
        for path in report.project.files(folder):
            if path.endswith(".css"):
                with contextlib.suppress(FormError):
                    yield path, report.project.read(path).decode("utf-8", "replace")


class Typesetter:
    """Sets the HTML of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.weasyprint = _weasyprint()
        self.unreadable: FormError | None = None
        """Why a style sheet that was asked for cannot be read."""
        find = functools.partial(template_path, report.project, report.form.templates)
        self.template, self.style = Place(find(TEMPLATE)), Place(find(STYLE))
        style = encoding.decode_template(report.project.read(self.style.file), self.style.file)
        self.families = fonts.families(style)
        self.sheets = dict(_styles(report))
        # WeasyPrint would set another face, perhaps a Japanese one, without a warning
        missing = [family for family in self.families if fonts.version(family) is None]
        if missing:
            raise ToolError(f"{STYLE} 要用的字体 {'、'.join(missing)} 这台机器上没有；{_how_to_install()}")

    def lay_out(self, html: str) -> LaidOut:
        """The laid-out document of some HTML.

        Raises FormError for each warning of WeasyPrint, and for files that it may not read.
        """
        with self._watched():
            source = _page_class()(html, f"file:///{self.report.form.templates}/", self._fetcher())
            styles = pdf_rows.asked_for(source.etree_element, self.sheets)
            source.is_plain = pdf_styles.is_plain(source.etree_element, styles)
            # what a font is, is found out once a process; a style sheet that brings fonts has its own
            own = any("@font-face" in style for style in (html, *styles))
            rows = pdf_rows.take_names(source.etree_element, self.sheets) if source.is_plain else {}
            document: LaidOut = source.render(
                font_config=None if own else _font_configuration(), pdf_variant="pdf/a-3a", pdf_tags=True
            )
            pdf_rows.put_names(document.pages, rows)
            return document

    def write(self, document: LaidOut, attachments: Sequence[object]) -> bytes:
        """A laid-out document as a tagged PDF/A-3a; the same bytes each time.

        Raises FormError for characters that no font has, with their places in the data.
        """
        with self._watched():
            content = document.write_pdf(
                finisher=keep_bytes, pdf_variant="pdf/a-3a", pdf_tags=True, attachments=list(attachments)
            )
            return bytes(content)

    def _fetcher(self) -> object:
        """A fetcher that reads files of the template folders and refuses everything else."""
        read = self._read
        base: WeasyPrint = self.weasyprint.urls.URLFetcher

        class TemplateFetcher(base):  # type: ignore[misc]  # WeasyPrint has no types
            def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002 - nothing goes over a network
                return read(url)

        return TemplateFetcher(allowed_protocols=("file",), fail_on_errors=True)

    def _read(self, url: str) -> object:
        """The file at an address, as WeasyPrint takes it. Raises its fatal error for what is no template file."""
        urls, project = self.weasyprint.urls, self.report.project
        parts = urlsplit(url)
        path = posixpath.normpath(unquote(parts.path)).lstrip("/")
        is_local = parts.scheme == "file" and not parts.netloc
        folder, name = posixpath.split(path)
        in_folder = folder in (self.report.form.templates, SHARED_TEMPLATES)
        path = project.provided(template_path(project, folder, name))
        if not (is_local and in_folder and project.holds(path)) or project.tree.leads_outside(path):
            raise urls.FatalURLFetchingError(f"{url} is not a template file")
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if kind == "text/css":
            self._require_utf8(path)
        # no `file:` address: WeasyPrint would open the file once more
        return urls.URLFetcherResponse(f"project:{path}", project.read(path), {"Content-Type": kind})

    def _require_utf8(self, path: str) -> None:
        """Raises WeasyPrint's fatal error, and keeps ours, for a style sheet that it would read as something else."""
        try:
            encoding.decode_template(self.report.project.read(path), path)
        except FormError as error:
            self.unreadable = error
            raise self.weasyprint.urls.FatalURLFetchingError(path) from error

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Makes an error of each warning, and of each request for a file that is no template."""
        logger = logging.getLogger("weasyprint")
        handler = _Warnings()
        logger.addHandler(handler)
        try:
            yield
        except self.weasyprint.urls.FatalURLFetchingError as error:
            if self.unreadable:
                raise self.unreadable from error
            message = f"模板要取的文件不在模板文件夹里：{error}"
            raise FormError([Finding(self.template, "pdf-fetch", message)]) from error
        finally:
            logger.removeHandler(handler)
        if handler.records:
            raise FormError(list(self._reworded(handler.records)))

    def _reworded(self, records: Sequence[logging.LogRecord]) -> Iterator[Finding]:
        """WeasyPrint's warnings as findings; for a missing glyph, its places in the data."""
        for record in records:
            if "notdef" not in str(record.msg):
                yield Finding(self.style, "pdf-warning", f"排版时有警告：{record.getMessage()}")
                continue
            character = str(record.args[0] if isinstance(record.args, tuple) else "")
            yield from self.missing_glyphs([character])

    def missing_glyphs(self, characters: Sequence[str]) -> Iterator[Finding]:
        """A finding for every place of characters that the declared fonts do not have."""
        for character in characters:
            code = f"U+{ord(character[:1] or ' '):04X}"
            texts = [text for text in self.texts() if character in text]
            if not texts:
                yield Finding(self.template, "pdf-glyph", f"模板里的“{character}”（{code}）字体里没有，印不出来。")
            for text in texts:
                yield self._missing_in(text, character, code)

    def texts(self) -> Iterator[Text]:
        """The values of the report, and of other files those that its table prints."""
        yield from printed_values(self.report.view)
        if self.report.others:
            printed = self.report.table.paths()
            others = Record((), dict(self.report.others))
            yield from (text for text in printed_values(others) if text.path in printed)

    def uncovered(self) -> list[str]:
        """The characters of the report that none of the declared fonts has."""
        from fontTools.ttLib import TTFont

        covered: set[int] = set()
        for family in self.families:
            if place := fonts.place(family):
                with TTFont(place[0], fontNumber=place[1], lazy=True) as font:
                    covered |= font.getBestCmap().keys()
        used = sorted({character for text in self.texts() for character in text})
        return [character for character in used if ord(character) not in covered and not character.isspace()]

    def _missing_in(self, text: Text, character: str, code: str) -> Finding:
        return Finding(
            self.report.place(text.path),
            "pdf-glyph",
            f"“{path_text(text.path)}”里的“{character}”（{code}）字体里没有，印不出来。",
            f"换一个字，或装上有这个字的字体，并写进 {STYLE} 的 font-family。",
            path=text.path,
        )
