"""Renderers that cost nothing, for tests of what is made when, and where it lies: the form's cells as bytes."""

from __future__ import annotations

import pytest

from perfgen.render import docx, pdf
from perfgen.report.report import Report


def _cells(report: Report) -> bytes:
    texts = [cell.text for cell in report.table.cells()]
    return "\n".join(["%PDF-1.7", str(report.edition), *texts, "%%EOF"]).encode()


def _prove(content: bytes, report: Report) -> int:
    assert content == _cells(report)
    return sum(1 for _ in report.table.cells())


def for_pdf(patch: pytest.MonkeyPatch) -> None:
    """Puts it in the place of the real one, in this process and in workers that start as copies of it."""
    patch.setattr(pdf, "prepare", lambda: None)
    patch.setattr(pdf, "learn", lambda _: None)
    patch.setattr(pdf, "render", _cells)
    patch.setattr(pdf, "prove", _prove)


def for_word(patch: pytest.MonkeyPatch) -> None:
    """The same for Word: tests of pages only need a file where their links lead."""
    patch.setattr(docx, "render", _cells)
    patch.setattr(docx, "prove", _prove)
