"""Writes the official Word file: docxtpl fills the office's template, but not with docxtpl's defaults.

With its defaults docxtpl loses data without a message: it does not escape, repairs broken XML by dropping what follows,
prints undefined names as nothing, and turns `{_{` into `{{`.
"""

from __future__ import annotations

import functools
import io
import operator
import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from types import CodeType
from typing import IO

import docxtpl
import jinja2
from lxml import etree
from markupsafe import Markup, escape

from perfgen.findings import Finding, Place
from perfgen.prove import docx_cells
from perfgen.render.parts.bounded import BoundedEnvironment, bounded
from perfgen.render.parts.word_package import clean
from perfgen.render.parts.word_xml import Element, detach
from perfgen.report.report import TABLE_TEMPLATE, Report
from perfgen.table.filters import FILTERS
from perfgen.table.view import Text, members
from perfgen.table.word_shape import straighten

TARGETS = {"official": "official/{stem}.docx", "public": "public/{stem}/{name}.docx"}
NEEDS = (TABLE_TEMPLATE,)
READS = (TABLE_TEMPLATE,)
PACKAGES = ("docxtpl", "python-docx", "Jinja2", "lxml")
STYLES: tuple[str, ...] = ()

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MERGE = f"{_W}tcPr/{_W}vMerge"
_BLOCK = re.compile(r"{%\s*for\s+(\w+)\s+in\b.*?%}|{%\s*endfor\s*%}|{%\s*merge\s+(\w+)\s*%}", re.DOTALL)
_CELL = re.compile(r"<w:tc[ >](?:(?!<w:tc[ >]).)*?</w:tc>", re.DOTALL)


class _Merges:
    """Says, row after row, whether a merged cell begins or continues."""

    def __init__(self) -> None:
        self.last: dict[int, tuple[object, ...]] = {}

    def __call__(self, tag: int, *turn: object) -> str:
        """`restart` when an enclosing loop has turned since this tag was last called, else `continue`."""
        last_turn = self.last.get(tag, ())
        self.last[tag] = turn
        # the items of a loop are compared as objects: two items with equal texts are still two turns
        same = len(last_turn) == len(turn) and all(map(operator.is_, last_turn, turn))
        return "continue" if same else "restart"


def _finalize(value: object) -> Markup:
    """A value as XML text; the underscore is written so that docxtpl leaves `{_{` alone."""
    text = value.on_form if isinstance(value, Text) else value
    return Markup(str(escape(text)).replace("_", "&#95;"))  # noqa: S704 - escaped just here


@functools.lru_cache(maxsize=100)
def _compiled(source: str) -> CodeType:
    """The code of a part of a template, for all environments of this module: they are alike."""
    return _WordEnvironment().compile(source)


@functools.lru_cache(maxsize=100)
def _patched(xml: str) -> str:
    """A part of a template as a Jinja template, once a process: docxtpl looks at the text alone."""
    return _patch_merges(str(docxtpl.DocxTemplate(io.BytesIO()).patch_xml(xml)))


class _WordEnvironment(BoundedEnvironment):
    """An environment that compiles a part of a template once a process, not once a form."""

    def __init__(self) -> None:
        super().__init__(undefined=jinja2.StrictUndefined, autoescape=True, finalize=_finalize)
        self.filters.update(FILTERS)
        self.globals = {"_merge": _Merges()}

    def from_string(
        self,
        source: str | jinja2.nodes.Template,
        globals: MutableMapping[str, object] | None = None,
        template_class: type[jinja2.Template] | None = None,
    ) -> jinja2.Template:
        """The template of a text; raises TemplateSyntaxError."""
        code = _compiled(source) if isinstance(source, str) else self.compile(source)
        return (template_class or self.template_class).from_code(self, code, self.make_globals(globals), None)


class _OfficialDocx(docxtpl.DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """docxtpl with a merge tag that nests and a strict parser; it leaves rows out."""

    def __init__(self, template: IO[bytes] | str, left_out: Sequence[int] = ()) -> None:
        super().__init__(template)
        self.left_out = left_out

    def get_xml(self) -> str:
        """The XML of the body in the shape that the table was read in, without content controls around its parts."""
        straighten(self.docx.element.body)
        return str(super().get_xml())

    def patch_xml(self, src_xml: str) -> str:
        """Makes a Jinja template of the XML; our merge tag becomes a `w:vMerge` of its cell."""
        return _patched(src_xml)

    def render_properties(self, context: Mapping[str, object], jinja_env: jinja2.Environment | None = None) -> None:
        """Does nothing: where there are no properties, docxtpl would make some that hold the time."""

    def fix_tables(self, xml: str) -> Element:
        """Parses strictly before docxtpl parses leniently; corrects cells and rows of the table."""
        etree.fromstring(xml)
        tree: Element = super().fix_tables(xml)
        for cell in list(tree.iter(f"{_W}tc")):
            if cell.find(f"{_W}p") is None:
                # a cell must end in a paragraph (17.4.65); an empty paragraph loop leaves none
                etree.SubElement(cell, f"{_W}p")
            if _merge_of(cell) == "continue":
                _empty(cell)
        rows = list(tree.iter(f"{_W}tr"))
        for number in self.left_out:
            _leave_out(rows[number], rows[number + 1 :])
        return tree


def _empty(cell: Element) -> None:
    """Leaves a cell one paragraph without content."""
    for paragraph in cell.findall(f"{_W}p")[1:]:
        cell.remove(paragraph)
    for content in cell.findall(f"{_W}p/*"):
        if content.tag != f"{_W}pPr":
            detach(content)


def _leave_out(row: Element, after: list[Element]) -> None:
    """Removes a row; where a merged cell begins in it, the cell begins in the next row that stays."""
    following = next((later for later in after if later.getparent() is not None), None)
    below = dict(_by_column(following)) if following is not None else {}
    for column, cell in _by_column(row):
        if column in below and _merge_of(cell) == "restart" and _merge_of(below[column]) == "continue":
            _begin_below(cell, below[column])
    detach(row)


def _begin_below(cell: Element, below: Element) -> None:
    """Moves the beginning of a merged cell, with its paragraphs, to the cell below."""
    for merge in below.iterfind(_MERGE):
        merge.set(f"{_W}val", "restart")
    for paragraph in below.findall(f"{_W}p"):
        below.remove(paragraph)
    below.extend(cell.findall(f"{_W}p"))


def _by_column(row: Element) -> Iterator[tuple[int, Element]]:
    """A row's cells by the grid column they begin in."""
    column = 0
    for cell in row.findall(f"{_W}tc"):
        yield column, cell
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        column += int(span.get(f"{_W}val", "1")) if span is not None else 1


def _merge_of(cell: Element) -> str | None:
    """`restart` or `continue` for a cell merged with others in its column, None for every other."""
    merge = cell.find(_MERGE)
    return merge.get(f"{_W}val", "continue") if merge is not None else None


def _patch_merges(xml: str) -> str:
    """Replaces each merge tag by a call of `_merge`, made at render time, with the items of the loops around it."""
    return _CELL.sub(_with_merge, _BLOCK.sub(_MergeMarks(), xml))


class _MergeMarks:
    """Marks each merge tag with a number of its own and the variables of the loops around it.

    Called for each tag of a template in turn, as `re.sub` does.
    """

    def __init__(self) -> None:
        self.loops: list[str] = []
        self.tags = 0

    def __call__(self, tag: re.Match[str]) -> str:
        loop_variable, merge_variable = tag[1], tag[2]
        if merge_variable:
            self.tags += 1
            return f"\x00{self.tags}, {', '.join(self.around(merge_variable))}\x00"
        if loop_variable:
            self.loops.append(loop_variable)
        elif self.loops:
            self.loops.pop()
        return tag[0]

    def around(self, variable: str) -> list[str]:
        """The variables of the open loops down to the one over `variable`."""
        return self.loops[: self.loops.index(variable) + 1] if variable in self.loops else [variable]


def _with_merge(cell: re.Match[str]) -> str:
    """A cell's XML with a `w:vMerge` in place of the mark in it; as it is where there is no mark."""
    mark = re.search("\x00(.*?)\x00", cell[0])
    if not mark:
        return cell[0]
    xml = cell[0].replace(mark[0], "")
    xml = re.sub(r"<w:vMerge\b[^>]*/>", "", xml)
    xml = re.sub(r"<w:tcPr\s*/>", "<w:tcPr></w:tcPr>", xml)
    if "<w:tcPr" not in xml:
        xml = re.sub(r"(<w:tc(?:\s[^>]*)?>)", r"\1<w:tcPr></w:tcPr>", xml, count=1)
    # w:vMerge follows w:tcW, w:gridSpan and w:hMerge (ECMA-376 Part 1, 17.4.69)
    element = f'<w:vMerge w:val="{{{{ _merge({mark[1]}) }}}}"/>'
    properties = r"(<w:tcPr[^>/]*>(?:\s*<w:(?:cnfStyle|tcW|gridSpan|hMerge)\b[^>]*/>)*)"
    return re.sub(properties, lambda begin: begin[1] + element, xml, count=1)


def render(report: Report) -> bytes:
    """The Word file of a report, the same bytes for the same report and template.

    Raises FormError, with the lines around the place, when the template does not render.
    """
    template = report.form.template(TABLE_TEMPLATE)
    document = _OfficialDocx(io.BytesIO(report.project.read(template)), report.table.left_out)

    def finding(error: Exception, wrong: str) -> Finding:
        context = " ".join("".join(getattr(error, "docx_context", [])).split())
        return Finding(Place(template), "template-render", f"模板不能用：{wrong}", f"在这附近：{context[-200:]}")

    with bounded(finding, computes=False):
        document.render(dict(members(report.seen)), _WordEnvironment(), autoescape=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return clean(buffer.getvalue(), report.heading, template)


prove = docx_cells.prove
