"""What a document's data is after an edit; the text is the business of `change`."""

from __future__ import annotations

from collections.abc import Mapping

from perfgen.data import Data, ValuePath, as_group, copied, value_at
from perfgen.fields import Field
from perfgen.filling.blanks import UNNAMED
from perfgen.filling.edits import Add, Drop, Edit, EditError, Many, Move, Put, Remove, Rename
from perfgen.form.grouping import group_named
from perfgen.values import plain_name

_GONE = "这一行已经不在文件里了，没有动文件。"
_UNNAMED = "先给这一组起一个名称。"
_OTHER_KIND = "文件里这一处的写法不对，先照检查说的改好它。"


def wanted(data: Mapping[str, Data], fields: Field, edit: Edit) -> dict[str, Data]:
    """The data after an edit; what was given stays as it was.

    Raises EditError for an edit that cannot be made.
    """
    made = as_group(copied(dict(data)))
    match edit:
        case Put(path, value):
            _put(made, path, value)
        case Drop(path):
            _members(made, path[:-1]).pop(str(path[-1]), None)
        case Rename(path, name):
            _rename(made, fields, path, name)
        case Add():
            _add(made, fields, edit)
        case Remove(path):
            _take_out(made, path)
        case Move(path, to):
            _move(made, path, to)
        case Many(edits):
            for one in edits:
                made = wanted(made, fields, one)
    return made


def _put(data: dict[str, Data], path: ValuePath, value: Data) -> None:
    """Puts a value at a path, and makes the groups and rows on the way."""
    here: Data = data
    for step, following in zip(path, (*path[1:], None), strict=True):
        below = value if following is None else [] if isinstance(following, int) else {}
        if step == UNNAMED:
            raise EditError(_UNNAMED)
        if isinstance(here, dict) and isinstance(step, str):
            if following is None or here.get(step) is None:
                here[step] = below
        elif isinstance(here, list) and isinstance(step, int):
            if step > len(here):
                raise EditError(_GONE)
            if step == len(here):
                here.append(below)
            elif following is None or here[step] is None:
                here[step] = below
        else:
            raise EditError(_OTHER_KIND)
        here = here[step]  # type: ignore[index]


def _members(data: dict[str, Data], path: ValuePath) -> dict[str, Data]:
    found = value_at(data, path)
    if not isinstance(found, dict):
        raise EditError(_GONE)
    return found


def _rename(data: dict[str, Data], fields: Field, path: ValuePath, name: str) -> None:
    around = _members(data, path[:-1])
    if path[-1] not in around:
        raise EditError(_GONE)
    _require_free(around, fields, path[:-1], name, path[-1])
    renamed = {name if one == path[-1] else one: value for one, value in around.items()}
    around.clear()
    around.update(renamed)


def _require_free(
    around: Mapping[str, Data], fields: Field, path: ValuePath, name: str, old: str | int | None = None
) -> None:
    """Raises EditError where a group cannot be called so, or one is called so already."""
    field = fields.at(path)
    if not name.strip():
        raise EditError("名称不能空着；不要这一组就删掉它。")
    if old is not None and field is not None and old in field.members:
        raise EditError(f"“{old}”是表里固定的名称，不能改。")
    taken = next((one for one in around if one != old and plain_name(one) == plain_name(name)), None)
    if taken is not None:
        raise EditError(f"已经有“{taken}”了，换一个名称；要放进那一组，就把行加在那里。")
    if field is None or group_named(field, name) is None:
        raise EditError(f"“{name}”不能做这里一组的名称。")


def _add(data: dict[str, Data], fields: Field, new: Add) -> None:
    rows, at, name = new.rows, new.at, new.name
    if value_at(data, rows) is None:
        _put(data, rows, [] if name is None else {})
    around = value_at(data, rows)
    if name is None and isinstance(around, list):
        if not 0 <= at <= len(around):
            raise EditError(_GONE)
        around.insert(at, new.value)
    elif name is not None and isinstance(around, dict):
        _require_free(around, fields, rows, name)
        _insert(around, at, name, new.value)
    else:
        raise EditError(_OTHER_KIND)


def _insert(around: dict[str, Data], at: int, name: str, value: Data) -> None:
    """Puts a group before the group that stands at a place among the groups, else at the end."""
    groups = [one for one, below in around.items() if isinstance(below, dict | list)]
    before = groups[at] if at < len(groups) else None
    members = list(around.items())
    number = next((number for number, (one, _) in enumerate(members) if one == before), len(members))
    members.insert(number, (name, value))
    around.clear()
    around.update(members)


def _take_out(data: dict[str, Data], path: ValuePath) -> None:
    match value_at(data, path[:-1]), path[-1]:
        case list() as items, int() as number if number < len(items):
            del items[number]
        case dict() as members, str() as name if name in members:
            del members[name]
        case _:
            raise EditError(_GONE)


def _move(data: dict[str, Data], path: ValuePath, to: int) -> None:
    around, moved = value_at(data, path[:-1]), value_at(data, path)
    _take_out(data, path)
    if isinstance(around, list):
        if not 0 <= to <= len(around):
            raise EditError("已经在头上或末尾了。")
        around.insert(to, moved)
    elif isinstance(around, dict):
        _insert(around, to, str(path[-1]), moved)
