"""An edit made in the text of a data file: the file changes by that and nothing else, byte for byte.

What is wanted is made on the data first (`wanted`), then in the text; the text is read back and must give what is
wanted, or nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfgen.data import Data, ValuePath, is_same, value_at
from perfgen.filling.edits import Add, Drop, Edit, EditError, Many, Move, Remove, Rename
from perfgen.filling.wanted import wanted
from perfgen.findings import DataError
from perfgen.form.forms import Form
from perfgen.source import reader, rewrite
from perfgen.source.editor import Editor
from perfgen.source.reader import Document

_TOO_ODD = "这一处的写法太特别，程序改不了，没有动文件；用文本编辑器改。"


def changed(document: Document, form: Form, edit: Edit) -> str:
    """The text of a document after an edit.

    Raises EditError for one that cannot be made: a name that is taken, a row that is not there.
    """
    text = document.text
    for one in _single(edit):
        text = _changed(text, document, form, one)
        document = reader.load_yaml(text.encode(), document.file)
    return text


def _single(edit: Edit) -> Iterable[Edit]:
    if isinstance(edit, Many):
        for one in edit.edits:
            yield from _single(one)
    else:
        yield edit


def _changed(text: str, document: Document, form: Form, edit: Edit) -> str:
    data = wanted(document.top, form.fields, edit)
    direct = _in_place(text, document, edit)
    parent = edit.path[:-1] if isinstance(edit, Move) else None
    if direct is not None and _reads_as(direct, document.file, data, parent):
        return direct
    try:
        result = rewrite.rewritten(text, document, data, form.fields, _partner(edit))
    except (RuntimeError, DataError) as error:
        raise EditError(_TOO_ODD) from error
    if not _reads_as(result, document.file, data, parent):
        raise EditError(_TOO_ODD)
    return result


def _in_place(text: str, document: Document, edit: Edit) -> str | None:
    """The text where one step of the editor makes an edit; None where it takes more."""
    editor = Editor(text, document)
    match edit:
        case Rename(path, name) if path in document.key_spans:
            editor.rename(path, name)
        case Move(path, to):
            siblings = _steps(document.value(path[:-1]))
            order: list[int] = [number for number, step in enumerate(siblings) if step != path[-1]]
            order.insert(_after_values(document, path, to), siblings.index(path[-1]))
            editor.arrange(path[:-1], order)
        case Drop(path) if path in document.key_spans:
            editor.remove(path)
        case _:
            return None
    return editor.text()


def _after_values(document: Document, path: ValuePath, to: int) -> int:
    """A place among the groups of an object, as one among all its members, of which some may be single values."""
    around = document.value(path[:-1])
    if not isinstance(around, dict):
        return to
    others = [value for name, value in around.items() if name != path[-1]]
    groups = [number for number, value in enumerate(others) if isinstance(value, dict | list)]
    return groups[to] if to < len(groups) else len(others)


def _reads_as(text: str, file: str, data: Data, parent: ValuePath | None = None) -> bool:
    """Whether a text gives this data; with `parent`, the members of that group in the same order too."""
    try:
        found = reader.load_yaml(text.encode(), file)
    except DataError:
        return False
    if parent is not None and _steps(found.value(parent)) != _steps(value_at(data, parent)):
        return False
    return is_same(found.data, data)


def _steps(value: Data) -> list[str | int]:
    """What leads to each entry of a group or a list."""
    return list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []


def _partner(edit: Edit) -> rewrite.Partner:
    """Which old item each wanted one comes from: nobody needs to guess, since the edit says it."""

    def partner(path: ValuePath, old: Sequence[Data], wanted: Sequence[Data]) -> list[int | None]:
        numbers: list[int | None] = list(range(len(old)))
        match edit:
            case Add(rows, at) if rows == path:
                numbers.insert(at, None)
            case Remove((*rows, number)) if tuple(rows) == path and isinstance(number, int):
                del numbers[number]
            case Move((*rows, number), to) if tuple(rows) == path and isinstance(number, int):
                numbers.insert(to, numbers.pop(number))
        return [*numbers, *[None] * (len(wanted) - len(numbers))]

    return partner
