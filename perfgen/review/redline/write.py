"""Writes a redline from two reports of a unit, and proves it by accepting and rejecting it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

from perfgen.render import docx
from perfgen.render.parts.word_package import clean
from perfgen.report.report import Report
from perfgen.review.redline.align import align
from perfgen.review.redline.markup import Marker
from perfgen.review.redline.resolve import resolve
from perfgen.table.template import W, parse_xml

_PART = "word/document.xml"


def redline(old: Report | None, new: Report | None, author: str, date: str) -> bytes:
    """The official Word file of the newer report with every change tracked; one of the two may be absent.

    `date` is a time in ISO 8601, as Word writes it (2025-01-10T08:00:00Z). The bytes are the same
    each time. Raises FormError when the template does not render, ProofError when accepting does
    not give the new form or rejecting not the old one.
    """
    report = new or old
    assert report is not None, "a redline is of something"
    files = [docx.render(one) if one else None for one in (old, new)]
    package = files[1] or files[0]
    assert package is not None
    trees = [_document(content) if content else None for content in files]
    marker = Marker(author, date)
    tree = trees[1] if trees[1] is not None else trees[0]
    if old and new:
        _mark_between(trees[0], tree, old, new, marker)
    else:
        _mark_all(tree, marker, appeared=new is not None)
    content = _with_document(package, tree, report)
    for one, accept in ((new, True), (old, False)):
        if one:
            resolved = _document(content)
            resolve(resolved, accept=accept)
            docx.prove(_with_document(content, resolved, one), one)
    return content


def _document(content: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return parse_xml(package.read(_PART))


def _with_document(content: bytes, tree: Any, report: Report) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for info in source.infolist():
            part = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(info, part if info.filename == _PART else source.read(info))
    return clean(buffer.getvalue(), f"{report.unit}{report.year}年{report.form.title}")


def _mark_between(before: Any, after: Any, old: Report, new: Report, marker: Marker) -> None:
    """Makes the new document hold the old one as well, outside the table and in it."""
    bodies = [tree.find(f"{W}body") for tree in (before, after)]
    outside = [body.findall(f"{W}p") for body in bodies]
    for gone, come in zip(*outside, strict=True):
        _replace([come], marker.paragraphs([gone], [come]))
    tables = [body.find(f"{W}tbl") for body in bodies]
    physical = [table.findall(f"{W}tr") for table in tables]
    made = []
    for step in align(old.table.rows, new.table.rows):
        if step.new is None:
            assert step.old is not None
            made.append(marker.row(physical[0][step.old], "del"))
        elif step.old is None:
            made.append(marker.row(physical[1][step.new], "ins"))
        else:
            row = physical[1][step.new]
            for gone, come in zip(physical[0][step.old].findall(f"{W}tc"), row.findall(f"{W}tc"), strict=True):
                _replace(come.findall(f"{W}p"), marker.paragraphs(gone.findall(f"{W}p"), come.findall(f"{W}p")))
            made.append(row)
    for row in physical[1]:
        tables[1].remove(row)
    tables[1].extend(made)


def _replace(paragraphs: list[Any], changed: list[Any]) -> None:
    """Puts paragraphs with changes in place of those without; what says the same stays as it is."""
    if not any(list(paragraph.iter(f"{W}ins", f"{W}del")) for paragraph in changed):
        return
    for paragraph in changed:
        paragraphs[0].addprevious(paragraph)
    for paragraph in paragraphs:
        paragraph.getparent().remove(paragraph)


def _mark_all(tree: Any, marker: Marker, *, appeared: bool) -> None:
    """A form that appeared or went as a whole."""
    kind: Any = "ins" if appeared else "del"
    body = tree.find(f"{W}body")
    for paragraph in body.findall(f"{W}p"):
        marker.whole(paragraph, kind)
    table = body.find(f"{W}tbl")
    for row in table.findall(f"{W}tr"):
        marked = marker.row(row, kind)
        table.replace(row, marked)
