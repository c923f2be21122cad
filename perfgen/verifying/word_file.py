"""Reads a Word file back: the cells of its table, and what these say that it is."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.findings import DataError, UsageError
from perfgen.form.path_pattern import text_of
from perfgen.importing import import_file
from perfgen.importing.folding import squeezed
from perfgen.importing.paper.word_table import WordForm
from perfgen.project.snapshot import Project
from perfgen.verifying.content import Content, Heads, Kind, Printed, UnreadableError

_NAME = "Word 文件"
_GET = "从公开的网站重新下载一份再试。"


def read_word(content: bytes, project: Project) -> Content:
    """What a Word file prints. Raises UnreadableError for what is no form of the project."""
    try:
        found = import_file.word_heads(content, _NAME, project)
    except DataError as error:
        finding = error.findings[0]
        raise UnreadableError(Kind.WORD, finding.message.removesuffix("。"), _GET) from error
    except UsageError as error:
        raise UnreadableError(Kind.WORD, str(error).removesuffix("。"), _GET) from error
    form = found.form
    unit = text_of(found.data.get(form.fields.with_role("unit")))
    if not unit:
        raise UnreadableError(Kind.WORD, "表里没有单位的名称，不知道和哪个文件比", _GET)
    subject = tuple(text_of(found.data.get(name)) for name in form.subject)
    year = str(found.year) if found.year else None
    remarks = tuple(_remarks(found.word))
    heads = (Heads(form.name, form.title, year, unit, subject if all(subject) else None),)
    return Content(Kind.WORD, heads, printed=_printed(found.word), remarks=remarks)


def _remarks(word: WordForm) -> Iterator[str]:
    """What a reader must know beside the cells."""
    if _is_revised(word):
        yield "文件里有修订标记，按全部接受以后的样子核对。"
    if word.edges:
        yield "页眉、页脚或批注里有字，没有核对。"


def _is_revised(word: WordForm) -> bool:
    """Whether rows are put in or taken out with changes tracked."""
    return bool(word.removed) or any(row.revised for row in word.rows)


def _printed(word: WordForm) -> Printed:
    """Its cells, each where it begins."""
    rows = tuple(tuple(cell.text for cell in row.cells if not cell.continues) for row in word.rows)
    return Printed("\n".join(word.outside), rows, squeezed)
