"""What a document's data is after an edit; the text is the business of `written`."""

from __future__ import annotations

from collections.abc import Iterable

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.filling.blanks import UNNAMED
from perfgen.filling.draft import Content, Node, new
from perfgen.filling.edits import Add, Drop, Edit, EditError, Many, Move, Put, Remove, Rename
from perfgen.filling.free_groups import free_groups, is_free_value
from perfgen.filling.rows import blank_row, holes
from perfgen.filling.typed import LONGEST_NAME
from perfgen.form.forms import Form
from perfgen.form.grouping import group_named
from perfgen.values import plain_name

_GONE = "这一行已经不在文件里了，没有动文件。"
_UNNAMED = "先给这一组起一个名称，再填里面的内容。"
_OTHER_KIND = "文件里这一处的写法不对，先照检查说的改好它。"
_AT_THE_END = "已经在头上或末尾了。"


def apply(draft: Node, form: Form, edit: Edit) -> None:
    """Makes an edit in a draft of a whole document.

    Raises EditError for an edit that cannot be made; the draft is then of no use.
    """
    match edit:
        case Put():
            _put(draft, form, edit)
        case Drop(path):
            _members(draft, path[:-1], path[-1]).pop(str(path[-1]))
        case Rename(path, name):
            _rename(draft, form.fields, path, name)
        case Add():
            _add(draft, form, edit)
        case Remove(path):
            _take_out(draft, path)
        case Move():
            _move(draft, form.fields, edit)
        case Many(edits):
            for one in edits:
                apply(draft, form, one)


def _put(draft: Node, form: Form, edit: Put) -> None:
    """Puts a value at a path, and makes the groups and rows on the way."""
    place = _made(draft, form, edit.path)
    if isinstance(place.value, dict | list) and place.value and not isinstance(edit.value, dict | list):
        raise EditError(_OTHER_KIND)
    place.value = new(edit.value).value


def _made(draft: Node, form: Form, path: ValuePath) -> Node:
    """The place of a path, with the groups and rows on the way, which are made where they are not there."""
    here = draft
    for number, step in enumerate(path):
        if step == UNNAMED:
            raise EditError(_UNNAMED)
        if here.is_nothing:
            here.value = _empty(form, path[:number], step)
        here = _below(here, form, path[: number + 1])
    return here


def _below(here: Node, form: Form, path: ValuePath) -> Node:
    """The member or row at the end of a path, in its group or list; made where it is not there."""
    step = path[-1]
    if isinstance(here.value, dict) and isinstance(step, str):
        if step not in here.value:
            around = form.fields.at(path[:-1])
            if around is not None and around.members and step not in around.members and around.other is None:
                raise EditError(_OTHER_KIND)
            _insert(here.value, around, step, Node(None))
        return here.value[step]
    if isinstance(here.value, list) and isinstance(step, int):
        if step > len(here.value):
            raise EditError(_GONE)
        if step == len(here.value):
            here.value.append(Node(None))
        return here.value[step]
    raise EditError(_OTHER_KIND)


def _empty(form: Form, path: ValuePath, step: str | int) -> Content:
    """A new list or group at a path, which something is put into; a row has its holes."""
    if isinstance(step, int):
        return []
    is_row = bool(path) and isinstance(path[-1], int)
    return new(holes(form, path)).value if is_row else {}


def _insert(around: dict[str, Node], field: Field | None, name: str, node: Node, at: int | None = None) -> None:
    """Puts a member where the schema has its name; a group of another name before the one at a place, or last."""
    names = list(around)
    free = free_groups(names, field)
    if field is not None and name in field.members:
        known = list(field.members)
        before = [one for one in known[: known.index(name)] if one in around]
        position = names.index(before[-1]) + 1 if before else 0
    elif free and free_groups([name], field):
        is_last = at is None or at >= len(free)
        position = names.index(free[-1]) + 1 if is_last or at is None else names.index(free[at])
    else:
        position = len(names)
    members = list(around.items())
    members.insert(position, (name, node))
    around.clear()
    around.update(members)


def _members(draft: Node, path: ValuePath, name: str | int) -> dict[str, Node]:
    """The members of a group that has one of a name."""
    found = draft.at(path)
    if found is None or not isinstance(found.value, dict) or name not in found.value:
        raise EditError(_GONE)
    return found.value


def _rename(draft: Node, fields: Field, path: ValuePath, name: str) -> None:
    around, field, old = _members(draft, path[:-1], path[-1]), fields.at(path[:-1]), path[-1]
    if name == old:
        return
    if field is None or not (free_groups([str(old)], field) or is_free_value(str(old), field)):
        raise EditError(f"“{old}”是表里固定的名称，不能改。")
    _require_free((one for one in around if one != old), field, name)
    becomes, was = group_named(field, name), field.other
    if becomes is not was and becomes is not None and was is not None and becomes.kind != was.kind:
        raise EditError(_no_name(name))
    renamed = [(name if one == old else one, node) for one, node in around.items()]
    around.clear()
    around.update(renamed)


def _require_free(names: Iterable[str], field: Field | None, name: str) -> None:
    """Raises EditError where a group cannot be called so, or one of some names is called so already."""
    if not name.strip():
        raise EditError("名称不能空着；不要这一组就删掉它。")
    if len(name) > LONGEST_NAME:
        raise EditError(f"名称太长了，最多 {LONGEST_NAME} 个字。")
    taken = next((one for one in names if plain_name(one) == plain_name(name)), None)
    if taken is not None:
        raise EditError(f"已经有“{taken}”了，换一个名称；要放进那一组，就把行加在那里。")
    if not is_free_value(name, field) and (field is None or group_named(field, name) is None):
        raise EditError(_no_name(name))


def _no_name(name: str) -> str:
    return f"“{name}”不能做这里一组的名称。"


def _add(draft: Node, form: Form, edit: Add) -> None:
    place = _made(draft, form, edit.rows)
    field = form.fields.at(edit.rows)
    if place.is_nothing:
        place.value = _empty(form, edit.rows, 0 if edit.name is None else edit.name)
    step = edit.at if edit.name is None else edit.name
    value = blank_row(form, (*edit.rows, step)) if edit.value is None else edit.value
    if edit.name is None and isinstance(place.value, list):
        if not 0 <= edit.at <= len(place.value):
            raise EditError(_GONE)
        place.value.insert(edit.at, new(value))
    elif edit.name is not None and isinstance(place.value, dict):
        _require_free(place.value, field, edit.name)
        _insert(place.value, field, edit.name, new(value), edit.at)
    else:
        raise EditError(_OTHER_KIND)


def _take_out(draft: Node, path: ValuePath) -> Node:
    around, taken = draft.at(path[:-1]), draft.at(path)
    if not path or around is None or taken is None:
        raise EditError(_GONE)
    if isinstance(around.value, dict):
        return around.value.pop(str(path[-1]))
    assert isinstance(around.value, list)
    return around.value.pop(int(path[-1]))


def _move(draft: Node, fields: Field, edit: Move) -> None:
    field, around = fields.at(edit.path[:-1]), draft.at(edit.path[:-1])
    if isinstance(edit.path[-1], str) and not free_groups([edit.path[-1]], field):
        raise EditError(f"“{edit.path[-1]}”的位置是表里固定的，不能移。")
    moved = _take_out(draft, edit.path)
    assert around is not None
    count = len(around.value) if isinstance(around.value, list) else len(free_groups(_names(around), field))
    if not 0 <= edit.to <= count:
        raise EditError(_AT_THE_END)
    if isinstance(around.value, list):
        around.value.insert(edit.to, moved)
    elif isinstance(around.value, dict):
        _insert(around.value, field, str(edit.path[-1]), moved, edit.to)


def _names(group: Node) -> list[str]:
    return list(group.value) if isinstance(group.value, dict) else []
