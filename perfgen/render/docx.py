"""The official Word file: the office's template filled by docxtpl, without docxtpl's defaults.

docxtpl loses data in silence unless it is told otherwise: it does not escape, repairs broken
XML by dropping what follows, prints undefined names as nothing, and turns `{_{` into `{{`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import docxtpl
import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from perfgen.findings import Finding, FormError, Place
from perfgen.prove import docx_cells
from perfgen.render.parts.word_package import clean
from perfgen.report.report import TABLE_TEMPLATE, Report
from perfgen.table.tags import FILTERS
from perfgen.table.view import members

TARGETS = {"official": "official/{stem}.docx", "public": "public/{stem}/{name}.docx"}
NEEDS = (TABLE_TEMPLATE,)
READS = (TABLE_TEMPLATE,)
PACKAGES = ("docxtpl", "python-docx", "Jinja2", "lxml")
STYLES: tuple[str, ...] = ()

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLOCK = re.compile(r"{%\s*for\s+(\w+)\s+in\b.*?%}|{%\s*endfor\s*%}|{%\s*merge\s+(\w+)\s*%}", re.DOTALL)
_CELL = re.compile(r"<w:tc[ >](?:(?!<w:tc[ >]).)*?</w:tc>", re.DOTALL)


class _Merges:
    """Says, row after row, whether a merged cell begins anew or goes on."""

    def __init__(self) -> None:
        self.last: dict[int, tuple[Any, ...]] = {}

    def __call__(self, tag: int, *turn: Any) -> str:
        """`restart` when any of the enclosing loops has turned since this tag was last met."""
        last = self.last.get(tag)
        self.last[tag] = turn
        same = last is not None and len(last) == len(turn) and all(a is b for a, b in zip(last, turn, strict=True))
        return "continue" if same else "restart"


def _finalize(value: Any) -> Any:
    """A value as XML text; the underscore is written so that docxtpl leaves `{_{` alone."""
    return Markup(str(escape(value)).replace("_", "&#95;"))  # noqa: S704 - escaped just here


def _environment() -> jinja2.Environment:
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True, finalize=_finalize)
    environment.filters.update(FILTERS)
    environment.globals = {"_merge": _Merges()}
    return environment


class _OfficialDocx(docxtpl.DocxTemplate):  # type: ignore[misc]
    """docxtpl with a merge tag that nests, with a strict parser, and without the rows to be left out."""

    def __init__(self, template: Any, left_out: Sequence[int] = ()) -> None:
        super().__init__(template)
        self.left_out = left_out

    def patch_xml(self, src_xml: str) -> str:
        """Makes the XML a Jinja template; our merge tag becomes a `w:vMerge` of its cell."""
        return _patch_merges(super().patch_xml(src_xml))

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Leaves the properties alone: where there are none, docxtpl would make some with a clock."""

    def fix_tables(self, xml: str) -> Any:
        """Parses strictly before docxtpl parses leniently; empties the cells that only go on."""
        etree.fromstring(xml)
        tree = super().fix_tables(xml)
        for cell in tree.iter(f"{_W}tc"):
            if cell.find(f"{_W}p") is None:
                # a cell must end in a paragraph (17.4.65); an empty paragraph loop leaves none
                etree.SubElement(cell, f"{_W}p")
        for merge in tree.iter(f"{_W}vMerge"):
            if merge.get(f"{_W}val", "continue") == "continue":
                cell = merge.getparent().getparent()
                for extra in cell.findall(f"{_W}p")[1:]:
                    cell.remove(extra)
                for run in cell.findall(f"{_W}p/*"):
                    if run.tag != f"{_W}pPr":
                        run.getparent().remove(run)
        rows = list(tree.iter(f"{_W}tr"))
        for number in self.left_out:
            _leave_out(rows[number], rows[number + 1 :])
        return tree


def _leave_out(row: Any, after: list[Any]) -> None:
    """Removes a row; where a merged cell begins in it, the cell begins in the next row that stays."""
    following = next((other for other in after if other.getparent() is not None), None)
    below = dict(_by_column(following)) if following is not None else {}
    for column, cell in _by_column(row):
        next_cell = below.get(column)
        if _merge_of(cell) != "restart" or next_cell is None or _merge_of(next_cell) != "continue":
            continue
        next_cell.find(f"{_W}tcPr/{_W}vMerge").set(f"{_W}val", "restart")
        for paragraph in next_cell.findall(f"{_W}p"):
            next_cell.remove(paragraph)
        next_cell.extend(cell.findall(f"{_W}p"))
    row.getparent().remove(row)


def _by_column(row: Any) -> Iterator[tuple[int, Any]]:
    """A row's cells by the grid column they begin in."""
    column = 0
    for cell in row.findall(f"{_W}tc"):
        yield column, cell
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        column += int(span.get(f"{_W}val")) if span is not None else 1


def _merge_of(cell: Any) -> str | None:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge.get(f"{_W}val", "continue") if merge is not None else None


def _patch_merges(xml: str) -> str:
    """Replaces each merge tag by a question, asked at render time, about the loops around it."""
    loops: list[str] = []
    tags = 0

    def mark(match: re.Match[str]) -> str:
        nonlocal tags
        if match[1]:
            loops.append(match[1])
        elif match[2]:
            tags += 1
            around = loops[: loops.index(match[2]) + 1] if match[2] in loops else [match[2]]
            return f"\x00{tags}, {', '.join(around)}\x00"
        elif loops:
            loops.pop()
        return match[0]

    def merge(match: re.Match[str]) -> str:
        found = re.search("\x00(.*?)\x00", match[0])
        if not found:
            return match[0]
        cell = match[0].replace(found[0], "")
        cell = re.sub(r"<w:vMerge\b[^>]*/>", "", cell)
        cell = re.sub(r"<w:tcPr\s*/>", "<w:tcPr></w:tcPr>", cell)
        if "<w:tcPr" not in cell:
            cell = re.sub(r"(<w:tc(?:\s[^>]*)?>)", r"\1<w:tcPr></w:tcPr>", cell, count=1)
        # w:vMerge follows w:tcW, w:gridSpan and w:hMerge (ECMA-376 Part 1, 17.4.69)
        element = f'<w:vMerge w:val="{{{{ _merge({found[1]}) }}}}"/>'
        properties = r"(<w:tcPr[^>/]*>(?:\s*<w:(?:cnfStyle|tcW|gridSpan|hMerge)\b[^>]*/>)*)"
        return re.sub(properties, lambda m: m[1] + element, cell, count=1)

    return _CELL.sub(merge, _BLOCK.sub(mark, xml))


def render(report: Report) -> bytes:
    """The Word file of a report, the same bytes for the same report and template.

    Raises FormError, with the lines around the place, when the template does not render.
    """
    template = report.form.template(TABLE_TEMPLATE)
    document = _OfficialDocx(io.BytesIO(report.project.read(template)), report.table.left_out)
    try:
        document.render(dict(members(report.view)), _environment(), autoescape=True)
    except (jinja2.TemplateError, etree.XMLSyntaxError) as error:
        around = " ".join("".join(getattr(error, "docx_context", [])).split())
        raise FormError(
            [Finding(Place(template), "template-render", f"模板不能用：{error}", f"在这附近：{around[-200:]}")]
        ) from error
    buffer = io.BytesIO()
    document.save(buffer)
    return clean(buffer.getvalue(), f"{report.unit}{report.year}年{report.form.title}")


prove = docx_cells.prove
