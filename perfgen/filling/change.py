"""An edit made in the text of a data file: the file changes by that and nothing else, byte for byte.

What is wanted is made on the data first (`wanted`), then in the text (`written`); the text is read back and must give
what is wanted, or nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from perfgen.data import Data, is_same
from perfgen.fields import Field
from perfgen.filling import wanted, written
from perfgen.filling.draft import Node, drafted
from perfgen.filling.edits import Drop, Edit, EditError, Many
from perfgen.filling.free_groups import free_groups
from perfgen.form.forms import Form
from perfgen.project.layout import MAX_YAML
from perfgen.source import reader
from perfgen.source.reader import Document

_TOO_ODD = "这一处的写法太特别，程序改不了，没有动文件；用文本编辑器改。"
_TOO_LARGE = "文件会太大，没有动文件。"


def changed(document: Document, form: Form, edit: Edit) -> str:
    """The text of a document after an edit; many are made at once, so that a hundred cost little more than one.

    Raises EditError for one that cannot be made: a name that is taken, a row that is not there.
    """
    for drops, edits in groupby(_single(edit), lambda one: isinstance(one, Drop)):
        document = _changed(document, form, list(edits), drops=drops)
    return document.text


def _single(edit: Edit) -> Iterator[Edit]:
    if isinstance(edit, Many):
        for one in edit.edits:
            yield from _single(one)
    else:
        yield edit


def _changed(document: Document, form: Form, edits: Iterable[Edit], *, drops: bool) -> Document:
    """A document after some edits, which are all `Drop` or none of which is."""
    edits, draft = list(edits), drafted(document.data)
    for edit in edits:
        wanted.apply(draft, form, edit)
    paths = [edit.path for edit in edits if isinstance(edit, Drop)]
    text = written.without(document, paths) if drops else written.written(document, draft, form.fields)
    if len(text.encode(errors="surrogatepass")) > MAX_YAML:
        raise EditError(_TOO_LARGE)
    found = document if text == document.text else reader.read(text, document.file)
    if not isinstance(found, Document) or not _is_as_wanted(found.data, draft, form.fields):
        raise EditError(_TOO_ODD)
    return found


def _is_as_wanted(data: Data, draft: Node, fields: Field) -> bool:
    """Whether data is that of a draft, with its free groups in the same order."""
    return is_same(data, draft.data()) and _in_order(data, draft, fields)


def _in_order(data: Data, draft: Node, field: Field | None) -> bool:
    """Whether the groups under names that people choose stand in the same order, which is that of the form."""
    if field is None or field.kind == "value":
        return True
    if isinstance(data, dict) and isinstance(draft.value, dict):
        below = draft.value
        return free_groups(data, field) == free_groups(below, field) and all(
            _in_order(value, below[name], field.member(name)) for name, value in data.items()
        )
    if isinstance(data, list) and isinstance(draft.value, list):
        return all(_in_order(*pair, field.item) for pair in zip(data, draft.value, strict=True))
    return True
