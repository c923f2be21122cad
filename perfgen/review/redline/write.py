"""Writes a redline from two reports of a unit, and proves it by accepting and rejecting it."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from perfgen.render import docx
from perfgen.render.parts.word_package import clean
from perfgen.report.report import Report
from perfgen.review.redline.align import RowStep, align
from perfgen.review.redline.fragments import FragmentKind
from perfgen.review.redline.markup import Marker
from perfgen.review.redline.resolve import resolve
from perfgen.review.xml_elements import Element, remove, required
from perfgen.table.template import W, parse_xml

_PART = "word/document.xml"


def redline(old: Report | None, new: Report | None, author: str, date: str) -> bytes:
    """The official Word file of the newer report with every change tracked; one of the two may be absent.

    `date` is a time in ISO 8601, as Word writes it (2025-01-10T08:00:00Z). The bytes are the same
    each time. Raises FormError when the template does not render, ProofError when accepting does
    not give the new form or rejecting not the old one.
    """
    report = new or old
    assert report is not None, "a redline needs at least one version"
    marker = Marker(author, date)
    if old and new:
        before = _document(docx.render(old))
        package = docx.render(new)
        tree = _document(package)
        _mark_between(before, tree, old, new, marker)
    else:
        package = docx.render(report)
        tree = _document(package)
        _mark_all(tree, marker, "ins" if new else "del")
    content = _with_document(package, tree, report)
    if new:
        _prove(content, new, accept=True)
    if old:
        _prove(content, old, accept=False)
    return content


def _prove(content: bytes, report: Report, *, accept: bool) -> None:
    """Compares a redline with all changes accepted, or rejected, with a report; raises ProofError where they differ."""
    tree = _document(content)
    resolve(tree, accept=accept)
    docx.prove(_with_document(content, tree, report), report)


def _document(content: bytes) -> Element:
    """The main part of a Word file, parsed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        tree: Element = parse_xml(package.read(_PART))
        return tree


def _with_document(content: bytes, tree: Element, report: Report) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for info in source.infolist():
            part = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(info, part if info.filename == _PART else source.read(info))
    return clean(buffer.getvalue(), report.heading)


def _mark_between(old_tree: Element, new_tree: Element, old: Report, new: Report, marker: Marker) -> None:
    """Puts the old document into the new one as tracked changes, outside the table and in it."""
    old_body, new_body = (required(tree, f"{W}body") for tree in (old_tree, new_tree))
    for before, after in zip(old_body.findall(f"{W}p"), new_body.findall(f"{W}p"), strict=True):
        _replace([after], marker.paragraphs([before], [after]))
    table = required(new_body, f"{W}tbl")
    old_rows, new_rows = required(old_body, f"{W}tbl").findall(f"{W}tr"), table.findall(f"{W}tr")
    marked = [_row(step, old_rows, new_rows, marker) for step in align(old.table.rows, new.table.rows)]
    for row in new_rows:
        table.remove(row)
    table.extend(marked)


def _row(step: RowStep, old_rows: list[Element], new_rows: list[Element], marker: Marker) -> Element:
    """A row of the redline: one that went or came as a whole, or one of both versions with the changes in it."""
    if step.old is None:
        assert step.new is not None
        return marker.row(new_rows[step.new], "ins")
    if step.new is None:
        return marker.row(old_rows[step.old], "del")
    row = new_rows[step.new]
    for old_cell, new_cell in zip(old_rows[step.old].findall(f"{W}tc"), row.findall(f"{W}tc"), strict=True):
        before, after = old_cell.findall(f"{W}p"), new_cell.findall(f"{W}p")
        _replace(after, marker.paragraphs(before, after))
    return row


def _replace(paragraphs: list[Element], changed: list[Element]) -> None:
    """Puts paragraphs with changes in place of those without; where nothing changed, all stays as it is."""
    if not any(list(paragraph.iter(f"{W}ins", f"{W}del")) for paragraph in changed):
        return
    for paragraph in changed:
        paragraphs[0].addprevious(paragraph)
    for paragraph in paragraphs:
        remove(paragraph)


def _mark_all(tree: Element, marker: Marker, kind: FragmentKind) -> None:
    """Marks a form that came or went as a whole."""
    body = required(tree, f"{W}body")
    for paragraph in body.findall(f"{W}p"):
        marker.whole(paragraph, kind)
    table = required(body, f"{W}tbl")
    for row in table.findall(f"{W}tr"):
        table.replace(row, marker.row(row, kind))
