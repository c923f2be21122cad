"""What would be made of a data file, made for a look and not written: its public page, its PDF and Word files.

Plain functions, called in another process: they take a second, and what templates do in them must not hold others up.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pypdfium2

from perfgen.build import job
from perfgen.findings import Finding, Level, PerfgenError, ToolError
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.render.parts import asset_files
from perfgen.report import site
from perfgen.report.as_if_public import AsIfPublic, not_public_yet
from perfgen.report.report import Edition
from perfgen.system import day

_PUBLIC, _OFFICIAL = Edition.PUBLIC.value, Edition.OFFICIAL.value
_PAGES = frozenset({("html", _PUBLIC), ("table_page", _PUBLIC)})
_PIXELS = 1500
"""How wide the picture of a page is: sharp on a screen of twice the dots, still read in small print."""
_TOLD = 3
"""So many findings say why nothing can be made."""


@dataclass(frozen=True)
class Page:
    """The public page of a file, and what it needs."""

    version: str
    """The SHA-256 of the data file that it was made from."""
    path: str = ""
    """Where it lies below the public root; empty where there is none."""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """By path below the public root."""
    said: str = ""
    """What somebody who looks at it should know; where there is no page, why."""

    @property
    def made(self) -> str:
        """The same for the same files."""
        return _together(self.files)


@dataclass(frozen=True)
class Papers:
    """The official form as PDF and Word files."""

    version: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """By suffix, "pdf" and "docx"."""
    sizes: tuple[tuple[int, int], ...] = ()
    """Of each page of the PDF, its width and height in pixels of its picture."""
    said: str = ""
    """Why something is not there, in words."""

    @property
    def made(self) -> str:
        """The same for the same files."""
        return _together(self.files)


def _together(files: Mapping[str, bytes]) -> str:
    return digest("".join(f"{digest(content)} {path}\n" for path, content in sorted(files.items())).encode())


def page_of(project: Project, file: DataFile) -> Page:
    """The public page of a file as it would be; also of one that is not public yet, which is said."""
    version = project.digest(file.source)
    try:
        return _page(project, file, version)
    except PerfgenError as error:
        return Page(version, said=f"做不了：{error}")


def _page(project: Project, file: DataFile, version: str) -> Page:
    form = site.form_of(project, file)
    if form is None:
        return Page(version, said="做不了：文件读不出来，先照检查说的改好它。")
    if not form.has_page:
        return Page(version, said=f"“{form.title}”没有公开的网页。")
    settings = replace(site.load_site(project), day=day.find().iso)
    today = settings.day
    result = job.build_file(project, file, AsIfPublic.of(settings, file, today), _PAGES)
    if result.exit_code:
        return Page(version, said=_troubles(result.findings))
    made = {one.path.removeprefix("public/"): one.content for one in result.made}
    if file.page not in made:
        return Page(version, said=f"“{form.title}”没有网页的模板。")
    assets = {path: asset_files.content(project, name) for name, path in asset_files.named(project).items()}
    return Page(version, file.page, {**made, **assets}, _not_yet(settings, file, form, today))


def _not_yet(settings: site.Site, file: DataFile, form: Form, today: str) -> str:
    """What is said of a page that is not public yet; empty where it is."""
    why = not_public_yet(settings, file, form)
    is_dated = all(settings.dates(file, form).values())
    return why and f"还没有公开：{why}。下面是公开后的样子{'' if is_dated else f'，日期先用今天（{today}）'}。"


def papers_of(project: Project, file: DataFile) -> Papers:
    """The official form of a file as PDF and Word."""
    version, files, said = project.digest(file.source), dict[str, bytes](), list[str]()
    for name in ("docx", "pdf"):
        try:
            result = job.build_file(project, file, site.load_site(project), frozenset({(name, _OFFICIAL)}))
        except ToolError as error:
            said.append(f"做不了 {name.upper()}：{error}")
            continue
        except PerfgenError as error:
            return Papers(version, said=f"做不了：{error}")
        if result.exit_code:
            return Papers(version, said=_troubles(result.findings))
        files |= {one.renderer: one.content for one in result.made}
        said += [f"{one.message}{one.hint}" for one in result.findings if one.rule == "too-long"]
    if not files and not said:
        said.append("这种表没有 Word 和 PDF 的模板。")
    return Papers(version, files, _sizes(files.get("pdf")), "".join(said))


def _sizes(pdf: bytes | None) -> tuple[tuple[int, int], ...]:
    if pdf is None:
        return ()
    with pypdfium2.PdfDocument(pdf) as document:
        sizes = [document.get_page_size(number) for number in range(len(document))]
    return tuple((_PIXELS, round(_PIXELS * height / width)) for width, height in sizes)


def picture_of(pdf: bytes, number: int) -> bytes:
    """A page of a PDF as PNG; `number` counts from 0."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number]
        image = page.render(scale=_PIXELS / page.get_width()).to_pil()
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return stream.getvalue()


def _troubles(findings: list[Finding]) -> str:
    """Why nothing is made of a file, in words."""
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    told = "；".join(finding.message.rstrip("。") for finding in errors[:_TOLD])
    more = f"等 {len(errors)} 处" if len(errors) > _TOLD else ""
    return f"有 {len(errors)} 个错误，改正以后才能做：{told}{more}。"
