"""Proves what files a PDF carries: the public one its data and nothing else, the official one none.

A file may hang on the document, a page, an annotation or any other object (ISO 32000-2, 7.11.4 and 14.13), so every
object is looked at.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Dictionary, Object, Stream

from perfgen.prove.proof import compare_places
from perfgen.report import open_data
from perfgen.report.report import Edition, Report


def prove_attachments(content: bytes, report: Report) -> None:
    """Compares the files in a PDF with those that it should carry.

    Raises ProofError for a file too many, one too few, or one that does not say what the data says.
    """
    public = report.edition is Edition.PUBLIC and report.publication is not None
    wanted = {open_data.NAME: open_data.dump_open_data(report)} if public else {}
    found, loose = read_attachments(content)
    names = sorted(name for name, _ in found)
    compare_places(report, [("PDF 的附件", "、".join(wanted) or "没有", "、".join(names) or "没有", ())])
    compare_places(report, [("PDF 里没有名称的附件", "0", str(loose), ())])
    for name, file in found:
        compare_places(report, [(f"PDF 附件 {name} 的内容", "和公开数据一样", _said(file == wanted[name]), ())])


def read_attachments(content: bytes) -> tuple[list[tuple[str, bytes]], int]:
    """Every file that a PDF carries, with the names by which it is known, and how many have no name."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        files: dict[tuple[int, int], tuple[set[str], bytes]] = {}
        embedded: list[tuple[int, int]] = []
        for thing in pdf.objects:
            if _is_embedded(thing):
                embedded.append(thing.objgen)
            elif _is_file_specification(thing):
                names = {str(thing[key]) for key in ("/F", "/UF", "/DOS", "/Mac", "/Unix") if key in thing}
                for file in dict(thing.EF).values():
                    known = files.setdefault(file.objgen, (set(), file.read_bytes()))
                    known[0].update(names)
        loose = [place for place in embedded if place not in files]
        return [(name, file) for names, file in files.values() for name in sorted(names) or [""]], len(loose)


def _is_file_specification(thing: Object) -> bool:
    return isinstance(thing, Dictionary) and isinstance(thing.get("/EF"), Dictionary)


def _is_embedded(thing: Object) -> bool:
    return isinstance(thing, Stream) and str(thing.get("/Type", "")) == "/EmbeddedFile"


def _said(is_same: bool) -> str:
    return "和公开数据一样" if is_same else "和公开数据不同"
