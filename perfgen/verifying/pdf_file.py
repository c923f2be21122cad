"""Reads a PDF back: the data that it carries, and the cells that its pages print, which may say something else.

What comes of a PDF of a stranger is bounded: `pdf_attachment.opened` counts what its streams unpack to; here is refused
what would keep PDFium, which no clock can stop, from coming to an end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfgen.findings import DataError
from perfgen.importing.paper import pdf_attachment
from perfgen.project.snapshot import Project
from perfgen.report import open_data
from perfgen.system import limits
from perfgen.verifying import appended
from perfgen.verifying.content import Content, Kind, Printed, UnreadableError
from perfgen.verifying.data_files import heads_of, json_values

if TYPE_CHECKING:
    import pikepdf

_NAME = "PDF"
_SECONDS = 60.0
"""How much processor time the reading may take; the PDF of a table of 1,500 rows takes some seconds."""
_FORMS, _DRAWN = 4, 16
"""How many drawings a page may have that draw others, and how often each may: a page is read once for every way."""
_PACKED = {"/FlateDecode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}
"""How streams may be packed: as we do, and as pictures of seals are."""
_PAGE_NUMBER = re.compile(r"[—－-]?\d{1,4}[—－-]?")
_AGAIN = "（续）"
"""What stands behind a heading that is printed again on the next page."""
_GET = "从公开的网站重新下载一份再试。"


def read_pdf(content: bytes, project: Project) -> Content:
    """The data and the print of a public PDF. Raises UnreadableError, ToolError where a library is missing."""
    try:
        with limits.limited(_SECONDS, None):
            return _read(content, project)
    except limits.OutOfTimeError:
        raise UnreadableError(Kind.PDF, f"读了 {_SECONDS:.0f} 秒还没有读完", _GET) from None
    except DataError as error:
        raise UnreadableError(Kind.PDF, error.findings[0].message.removesuffix("。"), _GET) from error


def _read(content: bytes, project: Project) -> Content:
    with pdf_attachment.opened(content, _NAME) as pdf:
        data = pdf_attachment.attached_in(pdf, open_data.NAME)
        if not data:
            hint = "不公开的 PDF 不带数据；公开的从网站重新下载一份再试。"
            raise UnreadableError(Kind.PDF, f"里面没有附带的数据（{open_data.NAME}）", hint)
        values = json_values(data, Kind.PDF)
        heads = heads_of({path[0]: text for path, text in values if len(path) == 1}, project)
        remarks = [*appended.remarks(content, pdf), *_beside(pdf)]
        if refused := _why_not_printed(pdf):
            remarks.append(f"页面上印的没有核对：{refused}。只核对了附带的数据，页面请自己看。")
            return Content(Kind.PDF, heads, values, remarks=tuple(remarks))
        printed, strange = _printed(_as_read(pdf))
    return Content(Kind.PDF, heads, values, printed, tuple(remarks), strange)


def _as_read(pdf: pikepdf.Pdf) -> bytes:
    """The PDF as it was read, written anew: PDFium then finds in it what was looked at here, and nothing else."""
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def _printed(content: bytes) -> tuple[Printed, tuple[tuple[str, str], ...]]:
    """The cells by their tags, and the texts that no tag reaches and that repeat nothing."""
    from perfgen.prove import pdf_cells  # loads PDFium, which nothing else needs

    outside, rows = pdf_cells.read_tagged_cells(content)
    labels = [pdf_cells.fold(cell.text) for row in rows for cell in row if cell.header]
    strange = []
    for page, text in pdf_cells.read_untagged(content):
        seen = pdf_cells.fold(text)
        repeated = seen.removesuffix(_AGAIN)
        if seen and not _is_page_number(seen, page) and not any(repeated in label for label in labels):
            strange.append((f"第 {page + 1} 页", text.strip()))
    return Printed(outside, tuple(tuple(cell.text for cell in row) for row in rows), pdf_cells.fold), tuple(strange)


def _is_page_number(text: str, page: int) -> bool:
    """Whether a text is the number of the page (from 0) that it stands on."""
    return bool(_PAGE_NUMBER.fullmatch(text)) and re.sub(r"\D", "", text) == str(page + 1)


def _beside(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What our PDFs never have: other files beside the data; pictures and notes, which may cover what is printed."""
    if (others := len(pdf.attachments) - 1) > 0:
        yield f"还附带了别的 {others} 个文件，没有看。"
    covered = [number for number, page in enumerate(pdf.pages, 1) if _has_notes(page) or _drawings(page)]
    if covered:
        yield f"第 {appended.numbers(covered)} 页上另有图、印章或批注，可能盖住表里的字：核对的是字，请自己看页面。"


def _has_notes(page: pikepdf.Page) -> bool:
    """Whether a page has anything laid upon it that is to be seen: a seal of a signature, too."""
    import pikepdf

    notes = page.obj.get("/Annots")
    listed = list(notes) if isinstance(notes, pikepdf.Array) else []
    return any(isinstance(note, pikepdf.Dictionary) and _is_seen(note) for note in listed)


def _is_seen(note: pikepdf.Object) -> bool:
    """Whether an annotation takes any room on its page (ISO 32000-1, 12.5.2: Rect); a link shows nothing."""
    corners = [float(number) for number in note.get("/Rect", [0, 0, 0, 0])]
    is_flat = len(corners) != 4 or corners[0] == corners[2] or corners[1] == corners[3]
    return not is_flat and str(note.get("/Subtype", "")) != "/Link"


def _drawings(page: pikepdf.Page) -> dict[tuple[int, int], pikepdf.Object]:
    """The pictures and drawings that a page, or a drawing of it, can draw, by their numbers."""
    import pikepdf

    found: dict[tuple[int, int], pikepdf.Object] = {}
    waiting: list[pikepdf.Object | None] = [page.resources]
    while waiting:
        resources = waiting.pop()
        named = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        for drawing in dict(named).values() if isinstance(named, pikepdf.Dictionary) else ():
            if isinstance(drawing, pikepdf.Stream) and drawing.objgen not in found:
                found[drawing.objgen] = drawing
                waiting.append(drawing.get("/Resources"))
    return found


def _why_not_printed(pdf: pikepdf.Pdf) -> str:
    """Why the pages are not read; empty where they can be."""
    import pikepdf

    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            names = _filters(thing)
            if len(names) > 1 or not set(names) <= _PACKED:
                return "里面用了别的压缩方法"
        elif isinstance(thing, pikepdf.Dictionary) and thing.get("/Subtype") == "/Type3":
            return "里面有画出来的字体"
    if pdf.Root.get("/StructTreeRoot") is None:
        return "页面没有标记，看不出哪些字在哪一格"
    for page in pdf.pages:
        forms = [one for one in _drawings(page).values() if one.get("/Subtype") == "/Form"]
        contents = [page.obj.get("/Contents"), *forms] if forms else []
        if len(forms) > _FORMS or any(_draws(one) > _DRAWN for one in contents):
            return "页面上的图画得太多"
    return ""


def _filters(stream: pikepdf.Object) -> list[str]:
    """The names of the ways in which a stream is packed, one upon the other."""
    import pikepdf

    filters = stream.get("/Filter")
    if filters is None:
        return []
    return [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]


def _draws(content: pikepdf.Object | None) -> int:
    """How often a content draws something else (8.8, the operator Do), at the most."""
    import pikepdf

    streams = list(content) if isinstance(content, pikepdf.Array) else [content]
    return sum(one.read_bytes().count(b"Do") for one in streams if isinstance(one, pikepdf.Stream))
