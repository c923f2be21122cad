"""Which texts of the data the Word template prints a number before: those of its loops that print `loop.index`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeGuard

from perfgen.data import Data, ValuePath, as_list
from perfgen.fields import Field
from perfgen.findings import FormError
from perfgen.form.forms import Form
from perfgen.form.grouping import grouping, list_name, members_of
from perfgen.form.numbered import NumberedText
from perfgen.project.snapshot import Project
from perfgen.table.tags import Literal_, Piece, Print
from perfgen.table.template import TABLE_TEMPLATE, Part, Repeat, TemplateParagraph, TemplateRow, read_template

_INDEX = ("loop", "index")
_WORD = re.compile(r"\w+$")


def is_loop_number(piece: Piece) -> TypeGuard[Print]:
    """Whether a piece prints the number of a loop's turn."""
    return isinstance(piece, Print) and piece.path == _INDEX


class _Seen(NamedTuple):
    """A part of the data as a name of the template means it."""

    path: ValuePath
    field: Field
    value: Data
    title: str
    """What the schema calls the list that it is an item of."""
    group: str | None = None
    """The name of the group that it is, where its object's groups are rows."""


_Scope = Mapping[str, _Seen]


def numbered_texts(project: Project, form: Form, data: Data) -> tuple[NumberedText, ...]:
    """The texts of some data that the form's Word template numbers; none where there is no such template.

    What is wrong with a template, a build says.
    """
    file = form.template(TABLE_TEMPLATE)
    if not project.holds(file):
        return ()
    try:
        rows = read_template(project, file).rows
    except FormError:
        return ()
    root = _Seen((), form.fields, data, "")
    return tuple(dict.fromkeys(_walk(rows, root, {})))


def _walk(parts: Iterable[Part], root: _Seen, scope: _Scope) -> Iterator[NumberedText]:
    for part in parts:
        if isinstance(part, TemplateRow):
            for cell in part.cells:
                yield from _walk(cell.paragraphs, root, scope)
        elif isinstance(part, TemplateParagraph):
            yield from _paragraph(part.pieces, root, scope)
        elif isinstance(part, Repeat) and part.open.variable is None:
            yield from _walk(part.body, root, scope)
        elif isinstance(part, Repeat):
            for turn in _turns(_find(part.open.source, root, scope)):
                yield from _walk(part.body, root, {**scope, str(part.open.variable): turn})


def _paragraph(pieces: tuple[Piece, ...], root: _Seen, scope: _Scope) -> Iterator[NumberedText]:
    """The value that a paragraph prints behind the number of a turn."""
    at = next((number for number, piece in enumerate(pieces) if is_loop_number(piece)), None)
    if at is None:
        return
    behind = itertools.dropwhile(lambda piece: isinstance(piece, Literal_), pieces[at + 1 :])
    value = next(behind, None)
    if not isinstance(value, Print) or value.filter or (seen := _find(value.path, root, scope)) is None:
        return
    own = "".join(piece.text for piece in pieces[:at] if isinstance(piece, Literal_))
    words = tuple(dict.fromkeys(word for word in (*_WORD.findall(own), seen.title, seen.field.title) if word))
    name = seen.group if seen.field.kind == "value" and seen.group else None
    text = name if name is not None else seen.value
    if isinstance(text, str):
        yield NumberedText(seen.path, text, words, name is not None)


def _find(names: tuple[str, ...], root: _Seen, scope: _Scope) -> _Seen | None:
    """What a dotted name means; None where the data does not reach."""
    here = scope.get(names[0])
    here, rest = (here, names[1:]) if here is not None else (root, names)
    for name in rest:
        here = _member(here, name) if here is not None else None
    return here


def _member(here: _Seen, name: str) -> _Seen | None:
    """A member of an object or of a group that is a row."""
    around = grouping(here.field)
    if around and name == around.rows:
        return here
    if here.group is not None and list_name(here.field) == name:
        return here._replace(group=None)
    field = here.field.members.get(name)
    if field is None:
        # the name of a group is no value of the data, and stands under no name of it
        return here._replace(field=Field("value", "")) if here.group is not None else None
    value = here.value.get(name) if isinstance(here.value, dict) else None
    return _Seen((*here.path, name), field, value, here.title)


def _turns(here: _Seen | None) -> Iterator[_Seen]:
    """What a loop goes over: the items of a list, or the groups of an object."""
    if here is None:
        return
    if here.field.kind == "array" and here.field.item:
        for number, item in enumerate(as_list(here.value)):
            yield _Seen((*here.path, number), here.field.item, item, here.field.title)
    elif grouping(here.field):
        for member in members_of(here.value, here.field, here.path):
            if member.is_row:
                yield _Seen(member.path, member.field, member.value, here.field.groups or "", member.name)
